"""Readings of money: limits, VAT, prices per minute, discounts, and prices that only `tariff_alt_url` knows."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from decimal import Decimal, localcontext
from typing import Final

from tariffs.breakdown import Breakdown, Cost, CostLine
from tariffs.differences.case import Case, Change, Walk, in_force
from tariffs.differences.reading import Answers, Reading, reading
from tariffs.quantity import WIDE, ZERO
from tariffs.tariff import PriceComponent, PriceLimit, Tariff, TariffElement, Taxes
from tariffs.timeline import walk

_LIMITS: Final = ("MIN_PRICE", "MAX_PRICE")


def _min_ignored(tariff: Tariff) -> Tariff:
    return replace(tariff, min_price=None)


def _max_ignored(tariff: Tariff) -> Tariff:
    return replace(tariff, max_price=None)


_BOUNDLESS: Final = Decimal("1E+15")


def _vat_stays(tariff: Tariff) -> Tariff:
    """A limit that states no amount with VAT limits none."""

    def open_side(limit: PriceLimit | None, bound: Decimal) -> PriceLimit | None:
        return limit if limit is None or limit.incl_vat is not None else PriceLimit(limit.excl_vat, bound)

    low, high = open_side(tariff.min_price, -_BOUNDLESS), open_side(tariff.max_price, _BOUNDLESS)
    return replace(tariff, min_price=low, max_price=high)


def _limits_with_vat(tariff: Tariff) -> Tariff:
    """The amount that a limit states before VAT is one with VAT."""
    if tariff.taxes.are_included:
        return tariff
    rates = {component.vat or ZERO for element in tariff.elements for component in element.components}
    if len(rates) != 1 or rates == {ZERO}:
        return tariff
    factor = 1 + rates.pop().scaleb(-2)

    def read(limit: PriceLimit | None) -> PriceLimit | None:
        if limit is None or limit.excl_vat is None:
            return limit
        return PriceLimit(WIDE.divide(limit.excl_vat, factor), limit.excl_vat)

    return replace(tariff, min_price=read(tariff.min_price), max_price=read(tariff.max_price))


def _last_limits(walked: Walk) -> Walk:
    used = [tariff for tariff in walked.tariffs if tariff is not None]
    if len({id(tariff) for tariff in used}) < 2:
        return walked
    low, high = used[-1].min_price, used[-1].max_price
    limited = {id(t): replace(t, min_price=low, max_price=high) for t in used}
    return replace(walked, tariffs=tuple(None if t is None else limited[id(t)] for t in walked.tariffs))


def _each_limit(case: Case, ours: Breakdown) -> Answers:
    """Each tariff limits what was used under it."""
    used = in_force(case)
    if len(used) < 2 or not any(t.min_price or t.max_price for t in used):
        return
    lines = [line for line in ours.lines if line.dimension not in _LIMITS]
    with localcontext(WIDE):
        found: list[CostLine] = list(lines)
        for tariff in used:
            mine = [line.cost for line in lines if line.tariff_id == tariff.id]
            total = _added(mine)
            for name, limit in zip(_LIMITS, (tariff.min_price, tariff.max_price), strict=True):
                step = _step(total, limit, is_floor=name == "MIN_PRICE")
                if mine and step is not None:
                    found.append(replace(lines[0], dimension=name, cost=step, tariff_id=tariff.id))
        yield "", remade(ours, found)


def _step(total: Cost, limit: PriceLimit | None, *, is_floor: bool) -> Cost | None:
    if limit is None:
        return None
    steps = []
    for amount, bound in ((total.excl_vat, limit.excl_vat), (total.incl_vat, limit.incl_vat)):
        if amount is None or bound is None:
            steps.append(None if amount is None else ZERO)
        else:
            steps.append((max(amount, bound) if is_floor else min(amount, bound)) - amount)
    return Cost(*steps) if any(steps) else None


def _floor_for_all(case: Case, ours: Breakdown) -> Answers:
    """The min_price is due for a reservation that never became a charge."""
    used = in_force(case)
    limit = used[0].min_price if used else None
    if any(s.is_charging for s in walk(case.cdr).stretches) or limit is None or not ours.lines:
        return
    step = _step(_added([line.cost for line in ours.lines]), limit, is_floor=True)
    if step is not None:
        yield "", remade(ours, [*ours.lines, replace(ours.lines[0], dimension="MIN_PRICE", cost=step)])


def _added(costs: Iterable[Cost]) -> Cost:
    listed = list(costs)
    sides = []
    for side in ([cost.excl_vat for cost in listed], [cost.incl_vat for cost in listed]):
        known = [amount for amount in side if amount is not None]
        sides.append(sum(known, ZERO) if len(known) == len(side) else None)
    return Cost(sides[0], sides[1])


def remade(ours: Breakdown, lines: Iterable[CostLine]) -> Breakdown:
    """Return a price with other lines, its total with the sign that it had."""
    made = tuple(lines)
    with localcontext(WIDE):
        before, after = _added([line.cost for line in ours.lines]), _added([line.cost for line in made])
        is_negated = any(
            total is not None and was is not None and total * was < 0
            for total, was in zip(_sides(ours.total_cost), _sides(before), strict=True)
        )
        total = _times(after, Decimal(-1)) if is_negated else after
    return replace(ours, lines=made, total_cost=total)


def _sides(cost: Cost) -> tuple[Decimal | None, Decimal | None]:
    return cost.excl_vat, cost.incl_vat


def _times(cost: Cost, factor: Decimal) -> Cost:
    excl, incl = (None if side is None else WIDE.multiply(side, factor) for side in _sides(cost))
    return Cost(excl, incl)


def _for_each_line(change: Callable[[CostLine], CostLine]) -> Callable[[Case, Breakdown], Answers]:
    def answers(case: Case, ours: Breakdown) -> Answers:
        yield "", remade(ours, [change(line) for line in ours.lines])

    return answers


def _no_vat(line: CostLine) -> CostLine:
    return replace(line, vat=None, cost=Cost(line.cost.excl_vat, line.cost.excl_vat))


def _gross_as_net(line: CostLine) -> CostLine:
    return replace(line, vat=None, cost=Cost(line.cost.incl_vat, line.cost.incl_vat))


def _vat_on_gross(line: CostLine) -> CostLine:
    factor = 1 + (line.vat or ZERO).scaleb(-2)
    gross = line.cost.incl_vat
    return replace(line, cost=Cost(gross, None if gross is None else WIDE.multiply(gross, factor)))


def _discounted(percent: int) -> Reading:
    factor = Decimal(100 - percent).scaleb(-2)
    answers = _for_each_line(lambda line: replace(line, cost=_times(line.cost, factor)))
    return Reading(f"discount-{percent}", f"gives a discount of {percent} %", answers)


def _with_components(tariff: Tariff, change: Callable[[PriceComponent], PriceComponent]) -> Tariff:
    elements = tuple(TariffElement(tuple(map(change, e.components)), e.restrictions) for e in tariff.elements)
    return replace(tariff, elements=elements)


def _per_minute(tariff: Tariff) -> Tariff:
    times = ("TIME", "PARKING_TIME")
    return _with_components(tariff, lambda c: replace(c, price=WIDE.multiply(c.price, 60)) if c.type in times else c)


def _vat_included(tariff: Tariff) -> Tariff:
    has_vat = any(c.vat for element in tariff.elements for c in element.components)
    return replace(tariff, taxes=Taxes.INCLUDED) if has_vat and tariff.taxes is Taxes.ADDED else tariff


def _vat_added(tariff: Tariff) -> Tariff:
    return replace(tariff, taxes=Taxes.ADDED) if tariff.taxes is Taxes.INCLUDED else tariff


def _vat_everywhere(tariff: Tariff) -> Tariff:
    """A price that states no VAT has that of the others."""
    rates = {c.vat for element in tariff.elements for c in element.components if c.vat is not None}
    if len(rates) != 1:
        return tariff
    rate = rates.pop()
    return _with_components(tariff, lambda c: replace(c, vat=rate))


def _positive_credit(case: Case, ours: Breakdown) -> Answers:
    if case.cdr.credit:
        yield "", replace(ours, total_cost=_times(ours.total_cost, Decimal(-1)), lines=tuple(
            replace(line, cost=line.cost) for line in ours.lines
        ))


_CENTS_AROUND: Final = 12
_CENT: Final = Decimal("0.01")


def _alternative_price(case: Case, ours: Breakdown) -> Answers:
    """Energy at another price in whole cents, where the tariff says that the true one stands at `tariff_alt_url`."""
    if not any(tariff.alt_url for tariff in in_force(case)):
        return
    prices = {line.price for line in ours.lines if line.dimension == "ENERGY"}
    if len(prices) != 1 or any(line.dimension in _LIMITS for line in ours.lines):
        return
    price = prices.pop()
    for cents in range(-_CENTS_AROUND, _CENTS_AROUND + 1):
        other = price.quantize(_CENT) + cents * _CENT
        if other > 0 and other != price and price > 0:
            factor = WIDE.divide(other, price)
            lines = [
                replace(line, price=other, cost=_times(line.cost, factor)) if line.dimension == "ENERGY" else line
                for line in ours.lines
            ]
            yield f"{other:f} per kWh", remade(ours, lines)


MONEY: Final = (
    reading("min-price-ignored", "ignores min_price", Change(_min_ignored)),
    reading("max-price-ignored", "ignores max_price", Change(_max_ignored)),
    reading("vat-stays", "leaves the VAT as it was before a limit", Change(_vat_stays), "limit-scales-the-vat"),
    reading("limits-with-vat", "takes limits as amounts with VAT", Change(_limits_with_vat)),
    reading(
        "limits-of-the-last-tariff",
        "applies the limits of the last tariff",
        Change(walk=_last_limits),
        "limits-of-the-first-tariff",
    ),
    Reading(
        "limits-of-each-tariff", "lets each tariff limit its own part", _each_limit, "limits-of-the-first-tariff"
    ),
    Reading("min-price-for-reservations", "charges min_price for a reservation alone", _floor_for_all),
    reading("price-per-minute", "reads prices of time per minute, not per hour", Change(_per_minute)),
    reading(
        "prices-include-vat",
        "reads prices as including VAT",
        Change(_vat_included),
        "tax-included-missing-is-no",
        "tax-included-missing-is-yes",
    ),
    reading("prices-exclude-vat", "reads prices as excluding VAT", Change(_vat_added)),
    Reading("no-vat", "adds no VAT", _for_each_line(_no_vat)),
    reading(
        "vat-everywhere",
        "adds the VAT of other prices where a price states none",
        Change(_vat_everywhere),
        "no-vat-stated-is-no-vat",
    ),
    Reading("gross-as-net", "states the amount with VAT on both sides", _for_each_line(_gross_as_net)),
    Reading("vat-on-gross", "adds VAT to an amount that has it already", _for_each_line(_vat_on_gross)),
    Reading("positive-credit", "states a credit without its minus", _positive_credit),
    *(_discounted(percent) for percent in range(5, 55, 5)),
    Reading("price-of-alt-url", "prices energy by what tariff_alt_url may say", _alternative_price),
)
"""Readings of money, in the order in which they are tried."""
