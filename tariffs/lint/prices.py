"""Rules about price components: what is priced, in which steps, and prices that look like another unit."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from tariffs.lint.rule import Check, Spot, rule
from tariffs.lint.sheet import TariffSheet
from tariffs.money import MINOR_DIGITS

_STRONG: Final = frozenset({"AUD", "CAD", "CHF", "EUR", "GBP", "NZD", "SGD", "USD"})
"""Currencies in which a kWh costs well below 10: a price of 45 is one in the minor unit."""
_DEAREST_KWH: Final = 10
_CHEAPEST_HOUR: Final = 25
"""Minor units: an hour of a charging point below this is the price of a minute."""
_DIMENSIONS: Final = ("ENERGY", "TIME", "PARKING_TIME", "FLAT")
_DECIMALS: Final = 4


def _minor(sheet: TariffSheet) -> Decimal | None:
    digits = MINOR_DIGITS.get(sheet.tariff.currency.upper()) if sheet.tariff is not None else None
    return None if digits is None else Decimal(1).scaleb(-digits)


def duplicate_component(sheet: TariffSheet) -> Iterator[Spot]:
    """One dimension priced twice in one element: the first price counts, the second never."""
    for part in sheet.parts():
        seen: set[str] = set()
        for path, component in part.components():
            if component.type in seen:
                words = f"the element prices {component.type} already; this price never counts"
                yield Spot(path, words, f"one {component.type}", f"{component.price:f}")
            seen.add(component.type)


def step_of_zero(sheet: TariffSheet) -> Iterator[Spot]:
    """A step_size of 0: taken as no rounding here, and other systems divide by it. A FLAT has no step."""
    for path, _, component in sheet.components():
        if component.step_size == 0 and component.type != "FLAT":
            words = f"a step_size of 0 for {component.type}; taken as no rounding"
            yield Spot(f"{path}.step_size", words, "1 or more", "0")


def step_on_flat(sheet: TariffSheet) -> Iterator[Spot]:
    """A step_size above 1 on a FLAT, which is due once whatever the step."""
    for path, _, component in sheet.components():
        if component.type == "FLAT" and component.step_size > 1:
            words = "a FLAT has no step; the step_size does nothing"
            yield Spot(f"{path}.step_size", words, "1", str(component.step_size))


def step_unused(sheet: TariffSheet) -> Iterator[Spot]:
    """A step of TIME beside another one of PARKING_TIME: once parking is priced, only that of parking counts."""
    for part in sheet.parts():
        if not part.is_for_charging:
            continue
        parking = {c.step_size for _, c in part.components() if c.type == "PARKING_TIME"}
        for path, component in part.components():
            if component.type == "TIME" and component.step_size > 1 and parking - {component.step_size}:
                words = "as soon as parking is priced as well, only the step of PARKING_TIME counts"
                yield Spot(f"{path}.step_size", words, f"{min(parking)}", str(component.step_size))


def steps_differ(sheet: TariffSheet) -> Iterator[Spot]:
    """Different steps for one dimension: a charge is rounded once, by the step of the element it ended in."""
    for dimension in _DIMENSIONS[:3]:
        first: int | None = None
        for path, part, component in sheet.components():
            if component.type != dimension or not part.is_for_charging:
                continue
            if first is not None and component.step_size != first:
                words = f"{dimension} is rounded once per charge, by the step of the element in which the charge ends"
                yield Spot(f"{path}.step_size", words, str(first), str(component.step_size))
                break
            first = component.step_size


def reservation_dimension(sheet: TariffSheet) -> Iterator[Spot]:
    """ENERGY or PARKING_TIME in an element for reservations, which have TIME and FLAT only."""
    for path, part, component in sheet.components():
        if part.restrictions.reservation is not None and component.type in ("ENERGY", "PARKING_TIME"):
            words = f"a reservation has no {component.type}; this price never counts"
            yield Spot(path, words, "TIME or FLAT", component.type)


def reservation_unknown(sheet: TariffSheet) -> Iterator[Spot]:
    """A reservation restriction that OCPI does not have: the element prices neither charging nor reservations."""
    for part in sheet.parts():
        value = part.restrictions.reservation
        if value is not None and value not in ("RESERVATION", "RESERVATION_EXPIRES"):
            words = f"OCPI has no reservation {value[:40]!r}; the element is never priced"
            yield Spot(f"{part.path}.restrictions.reservation", words, "RESERVATION or RESERVATION_EXPIRES", value[:40])


def negative_price(sheet: TariffSheet) -> Iterator[Spot]:
    """A price below 0, as dynamic tariffs have; taken as stated."""
    for path, _, component in sheet.components():
        if component.price < 0:
            words = f"{component.type} has a negative price; taken as stated"
            yield Spot(f"{path}.price", words, "0 or more", f"{component.price:f}")


def energy_price_looks_like_wh(sheet: TariffSheet) -> Iterator[Spot]:
    """A price of energy below one minor unit: per Wh may be meant, OCPI has it per kWh."""
    minor = _minor(sheet)
    for path, _, component in sheet.components():
        if minor is not None and component.type == "ENERGY" and 0 < component.price < minor:
            words = f"{component.price:f} per kWh is next to nothing; it may be a price per Wh"
            yield Spot(f"{path}.price", words, "a price per kWh", f"{component.price:f}")


def time_price_looks_like_minutes(sheet: TariffSheet) -> Iterator[Spot]:
    """A price of time below 25 minor units: per minute may be meant, OCPI has it per hour."""
    minor = _minor(sheet)
    for path, _, component in sheet.components():
        if component.type in ("TIME", "PARKING_TIME") and minor is not None:
            if 0 < component.price < _CHEAPEST_HOUR * minor:
                words = f"{component.price:f} per hour is next to nothing; it may be a price per minute"
                yield Spot(f"{path}.price", words, "a price per hour", f"{component.price:f}")


def price_looks_like_minor_units(sheet: TariffSheet) -> Iterator[Spot]:
    """A price of energy of 10 or more in a strong currency: cents may be meant."""
    currency = sheet.tariff.currency.upper() if sheet.tariff is not None else ""
    for path, _, component in sheet.components():
        if component.type == "ENERGY" and component.price >= _DEAREST_KWH and currency in _STRONG:
            words = f"{component.price:f} {currency} per kWh; the price may be one in cents"
            yield Spot(f"{path}.price", words, f"a price in {currency}", f"{component.price:f}")


def more_than_four_decimals(sheet: TariffSheet) -> Iterator[Spot]:
    """A price with more than four decimals, which OCPI's numbers do not have: systems may cut it."""
    for path, _, component in sheet.components():
        exponent = component.price.normalize().as_tuple().exponent
        if isinstance(exponent, int) and -exponent > _DECIMALS:
            words = "the price has more than four decimals; systems may cut them"
            yield Spot(f"{path}.price", words, "at most four decimals", f"{component.price:f}")


_COMPONENT: Final = "mod_tariffs, PriceComponent class"
_STEP: Final = "mod_cdrs, step_size"
_RESERVATION: Final = "mod_tariffs, ReservationRestrictionType"
CHECKS: Final[tuple[Check[TariffSheet], ...]] = (
    Check(
        rule("duplicate-component", "W", "mod_tariffs, TariffElement class", "Keep the price that is meant."),
        duplicate_component,
    ),
    Check(rule("step-of-zero", "W", f"{_COMPONENT}, step_size", "Write 1 for no rounding to speak of."), step_of_zero),
    Check(rule("step-on-flat", "I", f"{_COMPONENT}, step_size", "Write 1."), step_on_flat),
    Check(rule("step-unused", "I", _STEP, "Write 1, or give PARKING_TIME the step that is meant."), step_unused),
    Check(rule("steps-differ", "I", _STEP, "Give the dimension one step in all elements."), steps_differ),
    Check(rule("reservation-dimension", "W", _RESERVATION, "Price it in another element."), reservation_dimension),
    Check(rule("reservation-unknown", "W", _RESERVATION, "Use a value of OCPI."), reservation_unknown),
    Check(rule("negative-price", "I", f"{_COMPONENT}, price", "Nothing, if it is meant."), negative_price),
    Check(
        rule("energy-price-looks-like-wh", "W", f"{_COMPONENT}, price", "State the price per kWh."),
        energy_price_looks_like_wh,
    ),
    Check(
        rule("time-price-looks-like-minutes", "W", f"{_COMPONENT}, price", "State the price per hour."),
        time_price_looks_like_minutes,
    ),
    Check(
        rule("price-looks-like-minor-units", "W", f"{_COMPONENT}, price", "State the price in whole currency units."),
        price_looks_like_minor_units,
    ),
    Check(rule("more-than-four-decimals", "I", "types, number", "Round the price."), more_than_four_decimals),
)
