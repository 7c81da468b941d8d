"""From what was measured to what is billed: once per charge, by step_size (pricing rule 13)."""

from collections.abc import Iterator, Sequence
from decimal import Decimal, localcontext
from typing import Final

from tariffs.explanation.scene import Scene
from tariffs.explanation.values import Formula, Message, Name, Operand, Quantity, Step, Value, Word
from tariffs.quantity import WH_PER_KWH, WIDE, ZERO
from tariffs.step_size import Priced

_ROUNDED: Final = ("ENERGY", "TIME", "PARKING_TIME", "RESERVATION_TIME")


def quantities_section(scene: Scene) -> Step | None:
    """The billed quantity of every dimension that has one; None where nothing was used that has a price."""
    charge = scene.charge
    if charge is None or not scene.is_worked_out:
        return None
    groups = {d: [p for p in charge.priced if p.dimension == d and p.volume] for d in _ROUNDED}
    with localcontext(WIDE):
        steps = tuple(
            _dimension(scene, dimension, group, beside_parking=bool(groups["PARKING_TIME"]))
            for dimension, group in groups.items()
            if group
        )
    return Step(Message.of("section.quantities"), steps=steps) if steps else None


def _dimension(scene: Scene, dimension: str, group: Sequence[Priced], *, beside_parking: bool) -> Step:
    unit = "kWh" if dimension == "ENERGY" else "s"
    total = sum((p.volume for p in group), ZERO)
    formulas = (sum_of([Quantity(p.volume, unit) for p in group], Quantity(total, unit)),) if len(group) > 1 else ()
    message = Message.of("quantity.measured", dimension=Word(f"dimension.{dimension}"), total=Quantity(total, unit))
    if dimension == "TIME" and beside_parking:
        decisions = ("time-is-exact-beside-parking",)
        rounding = Step(Message.of("quantity.time-beside-parking"), (), scene.cite("step_once"), decisions)
    elif total <= ZERO:
        rounding = Step(Message.of("quantity.not-positive"), decisions=("negative-energy-stays",))
    else:
        rounding = _rounding(scene, dimension, group, total)
    return Step(message, formulas, scene.cite("volume"), steps=(rounding,))


def _rounding(scene: Scene, dimension: str, group: Sequence[Priced], total: Decimal) -> Step:
    """What the step_size of the last price in use makes of the sum."""
    last = group[-1]
    step = last.option.component.step_size
    places = scene.cite("step_size", "step_once")
    decisions = list(_decisions(scene, dimension, group))
    values: dict[str, Value] = {
        "element": last.option.element + 1,
        "tariff": Name(last.option.tariff_id),
        "period": last.period + 1,
    }
    if step <= 0:
        return Step(Message.of("quantity.no-step", **values), (), places, tuple(decisions))
    unit, factor = ("Wh", WH_PER_KWH) if dimension == "ENERGY" else ("s", Decimal(1))
    used, billed = total * factor, (total + last.added) * factor
    values["step"], values["used"] = Quantity(Decimal(step), unit), Quantity(used, unit)
    if not last.added:
        if step > 1:
            decisions.append("exact-multiples-stay")
        return Step(Message.of("quantity.multiple", **values), (), places, tuple(decisions))
    values["billed"] = Quantity(billed, unit)
    count = Quantity(billed / step, "")
    steps_of = Formula(count, (("x", Quantity(Decimal(step), unit)),), Quantity(billed, unit))
    return Step(
        Message.of("quantity.rounded", **values),
        (steps_of,),
        places,
        tuple(decisions),
        tuple(_addition(scene, dimension, last, unit, factor)),
    )


def _addition(scene: Scene, dimension: str, last: Priced, unit: str, factor: Decimal) -> Iterator[Step]:
    """Where the rest that was not used is billed: with the last period, at its price."""
    own = "kWh" if dimension == "ENERGY" else "s"
    message = Message.of("quantity.added", added=Quantity(last.added * factor, unit), period=last.period + 1)
    sums = sum_of([Quantity(last.volume, own), Quantity(last.added, own)], Quantity(last.billed, own))
    yield Step(message, (sums,), scene.cite("step_once"))


def _decisions(scene: Scene, dimension: str, group: Sequence[Priced]) -> Iterator[str]:
    if dimension == "RESERVATION_TIME":
        yield "reservation-is-rounded-apart"
    if scene.version == "2.1.1" or len({p.option.tariff_id for p in group}) > 1:
        yield "step-of-the-last-tariff"


def sum_of(terms: Sequence[Operand], result: Operand) -> Formula:
    """The formula of a sum; a negative term is subtracted."""
    return Formula(terms[0], tuple(("+", term) for term in terms[1:]), result)
