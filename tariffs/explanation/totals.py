"""From the costs to the total: sums before and after taxes, limits, the sign of a credit, the claim beside it.

The limits are applied by the engine (`tariffs.totals.limited_by`); here its steps are told with exact amounts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Final

from tariffs.charge import Charge
from tariffs.explanation.costs import Sides
from tariffs.explanation.quantities import sum_of
from tariffs.explanation.scene import Scene
from tariffs.explanation.values import Amount, Formula, Message, Name, Quantity, Step, Word
from tariffs.limits import LimitStep
from tariffs.quantity import SECONDS_PER_HOUR, WIDE
from tariffs.tariff import PriceLimit, Tariff, Taxes
from tariffs.totals import first_tariff, limited_by

_PARTS: Final = {
    "energy": ("ENERGY",),
    "time": ("TIME",),
    "parking": ("PARKING_TIME",),
    "fixed": ("FLAT",),
    "reservation": ("RESERVATION_TIME", "RESERVATION_FLAT"),
}


@dataclass(frozen=True, slots=True)
class Running:
    """The total as far as it has come, exactly, on either side of taxes; None is unknown."""

    excl: Fraction | None
    incl: Fraction | None

    def side(self, name: str) -> Fraction | None:
        """Return the side of a name, "excl" or "incl"."""
        return self.excl if name == "excl" else self.incl


def total_section(scene: Scene, costs: Sequence[Sides]) -> tuple[Step | None, Running]:
    """The total with all that makes it, and its exact amounts; None where no price can be made."""
    charge = scene.charge
    if charge is None or not scene.is_worked_out:
        return None, Running(None, None)
    is_open = any(plan is not None and plan.tariff.taxes is Taxes.UNSTATED for plan in charge.plans)
    excl = _sum([cost.excl for cost in costs])
    incl = None if is_open else _sum([cost.incl for cost in costs])
    steps = [
        _sum_step(scene, "excl", [cost.excl for cost in costs], excl),
        _sum_step(scene, "incl", [cost.incl for cost in costs], incl),
    ]
    running, told = _limits(scene, charge, Running(excl, incl))
    steps.extend(told)
    if scene.cdr.credit:
        steps.append(_credit(scene, running))
        running = Running(*(None if v is None else -v for v in (running.excl, running.incl)))
    steps.extend(_totals(scene, running))
    steps.append(_parts(scene, charge, costs))
    return Step(Message.of("section.total"), clauses=scene.cite("total_cost"), steps=tuple(steps)), running


def _sum(amounts: Sequence[Amount | None]) -> Fraction | None:
    total = Fraction(0)
    for amount in amounts:
        if amount is None:
            return None
        total += amount.value
    return total


def _sum_step(scene: Scene, side: str, amounts: Sequence[Amount | None], total: Fraction | None) -> Step:
    if total is None:
        return Step(Message.of(f"total.unknown-{side}"), decisions=("no-vat-stated-is-no-vat",))
    if not amounts:
        return Step(Message.of(f"total.nothing-{side}", total=scene.amount(total)))
    terms = [amount for amount in amounts if amount is not None]
    return Step(Message.of(f"total.sum-{side}"), (sum_of(terms, scene.amount(total)),))


def _limits(scene: Scene, charge: Charge, start: Running) -> tuple[Running, list[Step]]:
    """What min_price and max_price make of the sums, as the engine decided it."""
    tariff = first_tariff(charge)
    if tariff is None or (tariff.min_price is None and tariff.max_price is None):
        return start, []
    with localcontext(WIDE):
        limited = limited_by(charge, tariff, _scaled(start.excl), _scaled(start.incl))
    met = {step.name: step for step in limited.steps}
    steps: list[Step] = []
    running = start
    decided = ("limits-of-the-first-tariff",) if len(charge.tariff_ids) > 1 else ()
    for name, bound in (("min_price", tariff.min_price), ("max_price", tariff.max_price)):
        if bound is None:
            continue
        step = met.get(name.upper())
        if step is None:
            steps.append(Step(_unmet(charge, name, tariff), clauses=scene.cite(name), decisions=decided))
            continue
        before, running = running, _after(running, step, bound)
        for side in ("excl", "incl"):
            steps.extend(_limit_step(scene, name, side, (before, running), step, decided))
    return running, steps


def _unmet(charge: Charge, name: str, tariff: Tariff) -> Message:
    never_charged = not any(s.is_charging for s in charge.timeline.stretches)
    kind = "limit.no-floor" if name == "min_price" and never_charged else f"limit.{name}-unmet"
    return Message.of(kind, tariff=Name(tariff.id))


def _after(before: Running, step: LimitStep, bound: PriceLimit) -> Running:
    """The total after a limit, exactly: the stated amount, or the other side scaled with it."""
    excl, incl = before.excl, before.incl
    if before.excl is None or before.incl is None:  # the limit decides the known side, and may state the other one
        return Running(_fraction(bound.excl_vat), _fraction(bound.incl_vat))
    if step.excl:
        excl = _fraction(bound.excl_vat)
    match step.other_side:
        case "unknown":
            incl = None
        case "scaled" if before.excl and excl is not None:
            incl = before.incl * excl / before.excl
        case _ if step.incl:
            incl = _fraction(bound.incl_vat) if bound.incl_vat is not None else before.incl + _moved(step.incl)
    return Running(excl, incl)


def _fraction(value: Decimal | None) -> Fraction | None:
    return None if value is None else Fraction(value)


def _scaled(value: Fraction | None) -> Decimal | None:
    """An amount in the scale of `pricing`, where prices per hour times seconds are whole."""
    if value is None:
        return None
    scaled = value * Fraction(SECONDS_PER_HOUR)
    return Decimal(scaled.numerator) / Decimal(scaled.denominator)


def _moved(scaled: Decimal) -> Fraction:
    """What a limit moved, from the scale of `pricing`."""
    return Fraction(scaled) / Fraction(SECONDS_PER_HOUR)


def _limit_step(
    scene: Scene, name: str, side: str, states: tuple[Running, Running], step: LimitStep, decided: tuple[str, ...]
) -> Iterator[Step]:
    """One side of a limit that was met: from what to what, and why."""
    before, after = (state.side(side) for state in states)
    if before == after:
        return
    places = scene.cite(name)
    if after is None:  # only an amount with taxes can get lost: that before taxes is what a limit states
        yield Step(Message.of(f"limit.{name}-leaves-incl-unknown"), (), places, decided)
        return
    if before is None:
        yield Step(Message.of(f"limit.{name}-states-{side}", limit=scene.amount(after)), (), places, decided)
        return
    amount = scene.amount(after)
    net_before, net_after = states[0].excl, states[1].excl
    if side == "incl" and step.other_side == "scaled" and net_before and net_after is not None:
        scaled = Formula(
            scene.amount(before), (("x", scene.amount(net_after)), ("/", scene.amount(net_before))), amount
        )
        decisions = (*decided, "limit-scales-the-vat")
        yield Step(Message.of(f"limit.{name}-scales"), (scaled,), places, decisions)
        return
    decisions = (*decided, "limit-scales-the-vat") if side == "incl" and step.other_side == "rate" else decided
    difference = sum_of([scene.amount(before), scene.amount(after - before)], amount)
    yield Step(Message.of(f"limit.{name}-{side}", limit=amount), (difference,), places, decisions)


def _credit(scene: Scene, total: Running) -> Step:
    minus = Quantity(Decimal(-1), "")
    formulas = tuple(
        Formula(scene.amount(value), (("x", minus),), scene.amount(-value))
        for value in (total.excl, total.incl)
        if value is not None
    )
    decisions = ("credit-negates-the-total-only",)
    return Step(Message.of("total.credit"), formulas, scene.cite("credit"), decisions)


def _totals(scene: Scene, total: Running) -> Iterator[Step]:
    for side in ("excl", "incl"):
        value = total.side(side)
        if value is not None:
            message = Message.of(f"total.{side}", total=scene.amount(value))
            yield Step(message, decisions=("no-rounding-here",))


def _parts(scene: Scene, charge: Charge, costs: Sequence[Sides]) -> Step:
    """The parts of the total as OCPI names them, which no limit and no sign touches."""
    steps: list[Step] = []
    for name, dimensions in _PARTS.items():
        own = [cost for p, cost in zip(charge.priced, costs, strict=True) if p.dimension in dimensions]
        made = getattr(scene.breakdown, f"total_{name}_cost")
        for side, is_known in (("excl", made.excl_vat is not None), ("incl", made.incl_vat is not None)):
            total = _sum([cost.excl if side == "excl" else cost.incl for cost in own])
            if own and is_known and total is not None:
                message = Message.of(f"part.{side}", part=Word(f"part.{name}"), amount=scene.amount(total))
                steps.append(Step(message, clauses=scene.cite(f"total_{name}_cost")))
    decisions = ("every-flat-is-a-fixed-cost",) if any(p.dimension == "FLAT" for p in charge.priced) else ()
    return Step(Message.of("total.parts"), decisions=decisions, steps=tuple(steps))


def claim_section(scene: Scene, total: Running) -> Step | None:
    """What the CDR claims beside what was made of it; None where it claims nothing or nothing was made."""
    claim = scene.cdr.total_cost
    if claim is None:
        return None
    steps = []
    for side, stated, ours in (("excl", claim.excl_vat, total.excl), ("incl", claim.incl_vat, total.incl)):
        if stated is None or ours is None:
            continue
        difference = scene.amount(Fraction(stated) - ours)
        formula = Formula(scene.amount(stated), (("-", scene.amount(ours)),), difference)
        kind = "claim.equal" if not difference.value else "claim.differs"
        steps.append(Step(Message.of(f"{kind}-{side}"), (formula,)))
    if any(step.message.id.startswith("claim.differs") for step in steps):
        steps.append(Step(Message.of("claim.reason")))
    return Step(Message.of("section.claim"), clauses=scene.cite("total_cost"), steps=tuple(steps)) if steps else None
