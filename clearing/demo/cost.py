"""What a charge costs, by whole numbers: the demo's own arithmetic, made apart from the rooms it is to prove."""

from dataclasses import dataclass

from clearing.demo.amounts import CENT_E8, half_up
from clearing.demo.charge import Stretch
from clearing.demo.price_lists import Component, Limits, PriceList


@dataclass(frozen=True, slots=True)
class Part:
    """The cost of one kind, excluding VAT in e8 and including it in e11."""

    excl_e8: int
    incl_e11: int


@dataclass(frozen=True, slots=True)
class Cost:
    """The exact cost of a charge: its parts in OCPI's order, and the total after the lowest and highest price."""

    parts: tuple[tuple[str, Part], ...]
    total: Part


@dataclass(frozen=True, slots=True)
class Claim:
    """What the CPO writes into the CDR: every part rounded to its decimals, and a total that adds them up (all e8)."""

    parts: tuple[tuple[str, int, int], ...]
    excl_e8: int
    incl_e8: int


def _applies(limits: Limits | None, stretch: Stretch, start: int) -> bool:
    """Whether an element applies, judged at the start of a stretch (OCPI 2.2.1, mod_tariffs, TariffRestrictions)."""
    if limits is None:
        return True
    if limits.window is not None:
        since, until = limits.window
        inside = since <= stretch.minute < until if since < until else not until <= stretch.minute < since
        if not inside:
            return False
    if limits.days is not None and stretch.weekday not in limits.days:
        return False
    if limits.min_kwh_e4 is not None and stretch.before_e4 < limits.min_kwh_e4:
        return False
    if limits.max_kwh_e4 is not None and stretch.before_e4 >= limits.max_kwh_e4:
        return False
    if limits.max_duration_s is not None and stretch.start - start >= limits.max_duration_s:
        return False
    if limits.min_kw is not None and stretch.watts - 500 < limits.min_kw * 1000:
        return False
    return limits.max_kw is None or stretch.watts + 500 < limits.max_kw * 1000


def _component(price_list: PriceList, dimension: str, stretch: Stretch, start: int) -> Component | None:
    for element in price_list.elements:
        for component in element.components:
            if component.dimension == dimension and _applies(element.limits, stretch, start):
                return component
    return None


def _money(component: Component, quantity: int) -> int:
    """Return e8 of the unit for tenths of a watt-hour, seconds, or one piece."""
    if component.dimension == "ENERGY":
        return quantity * component.price_e4
    if component.dimension == "FLAT":
        return component.price_e4 * 10_000
    value, rest = divmod(quantity * component.price_e4 * 25, 9)  # / 3600 h, x 10_000
    if rest:
        raise ArithmeticError("the demo only makes durations whose price is exact")
    return value


def _part(priced: list[tuple[Component, int]], step: int) -> Part:
    """Add up quantities; the block that `step` completes costs what the last quantity costs (mod_cdrs, step_size)."""
    measured = sum(quantity for _, quantity in priced)
    missing = -measured % step
    excl = incl = 0
    for position, (component, quantity) in enumerate(priced):
        money = _money(component, quantity + (missing if position == len(priced) - 1 else 0))
        excl += money
        incl += money * (1000 + (component.vat_permille or 0))
    return Part(excl, incl)


def cost(price_list: PriceList, stretches: tuple[Stretch, ...]) -> Cost:
    """Return the exact cost of a charge under a price list."""
    start = stretches[0].start
    found: dict[str, list[tuple[Component, int]]] = {"FLAT": [], "ENERGY": [], "TIME": [], "PARKING_TIME": []}
    flat = _component(price_list, "FLAT", stretches[0], start)
    if flat is not None:
        found["FLAT"].append((flat, 1))
    for stretch in stretches:
        seconds = stretch.end - stretch.start
        for dimension, quantity in (
            ("ENERGY", stretch.energy_e4),
            ("PARKING_TIME" if stretch.parking else "TIME", seconds),
        ):
            component = _component(price_list, dimension, stretch, start) if quantity else None
            if component is not None:
                found[dimension].append((component, quantity))
    parts = []
    for dimension, priced in found.items():
        if priced:
            step = priced[-1][0].step * (10 if dimension == "ENERGY" else 1)
            rounded = dimension == "ENERGY" or dimension == "PARKING_TIME" or not found["PARKING_TIME"]
            parts.append((dimension, _part(priced, step if rounded and dimension != "FLAT" else 1)))
    excl, incl = (sum(part.excl_e8 for _, part in parts), sum(part.incl_e11 for _, part in parts))
    return Cost(
        tuple(parts),
        Part(_limited(price_list, 0, excl, CENT_E8), _limited(price_list, 1, incl, CENT_E8 * 1000)),
    )


def _limited(price_list: PriceList, side: int, value: int, cent: int) -> int:
    if price_list.lowest is not None:
        value = max(value, price_list.lowest[side] * cent)
    if price_list.highest is not None:
        value = min(value, price_list.highest[side] * cent)
    return value


def claim(price_list: PriceList, exact: Cost, decimals: int) -> Claim:
    """Return what a CPO claims who rounds every part to its decimals and then adds up."""
    unit = 10 ** (8 - decimals)
    parts = tuple(
        (name, half_up(part.excl_e8, unit) * unit, half_up(part.incl_e11, unit * 1000) * unit)
        for name, part in exact.parts
    )
    excl, incl = sum(part[1] for part in parts), sum(part[2] for part in parts)
    return Claim(parts, _limited(price_list, 0, excl, CENT_E8), _limited(price_list, 1, incl, CENT_E8))
