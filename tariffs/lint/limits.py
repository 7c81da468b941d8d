"""Rules about the tariff as a whole: price limits, validity, elements at all."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from tariffs.lint.rule import Check, Spot, rule
from tariffs.lint.sheet import TariffSheet
from tariffs.tariff import PriceLimit

_DAY: Final = timedelta(days=1)


def _limits(sheet: TariffSheet) -> Iterator[tuple[str, PriceLimit]]:
    if sheet.tariff is not None:
        for key, limit in (("min_price", sheet.tariff.min_price), ("max_price", sheet.tariff.max_price)):
            if limit is not None:
                yield f"$.{key}", limit


def min_price_above_max_price(sheet: TariffSheet) -> Iterator[Spot]:
    """A floor above the cap, on either side of VAT: no charge can meet both."""
    found = dict(_limits(sheet))
    low, high = found.get("$.min_price"), found.get("$.max_price")
    if low is None or high is None:
        return
    for side, least, most in (
        ("before taxes", low.excl_vat, high.excl_vat),
        ("after taxes", low.incl_vat, high.incl_vat),
    ):
        if least is not None and most is not None and least > most:
            words = f"{side} min_price {least:f} is above max_price {most:f}"
            yield Spot("$.min_price", words, f"at most {most:f}", f"{least:f}")


def limit_of_zero(sheet: TariffSheet) -> Iterator[Spot]:
    """A cap of 0, with which every charge is free, or a limit below 0."""
    for path, limit in _limits(sheet):
        for amount in dict.fromkeys((limit.excl_vat, limit.incl_vat)):
            if amount is None:
                continue
            if amount < 0:
                yield Spot(path, f"the limit is negative: {amount:f}", "an amount of 0 or more", f"{amount:f}")
            elif amount == 0 and path == "$.max_price":
                yield Spot(path, "with a max_price of 0 every charge is free", "more than 0", "0")


def limit_sides_contradict(sheet: TariffSheet) -> Iterator[Spot]:
    """A limit that is smaller with taxes than without."""
    for path, limit in _limits(sheet):
        if limit.excl_vat is not None and limit.incl_vat is not None and limit.incl_vat < limit.excl_vat:
            words = f"after taxes it is {limit.incl_vat:f}, before taxes {limit.excl_vat:f}"
            yield Spot(path, words, f"at least {limit.excl_vat:f}", f"{limit.incl_vat:f}")


def never_valid(sheet: TariffSheet) -> Iterator[Spot]:
    """A tariff that ends before it starts: it is never in force."""
    tariff = sheet.tariff
    if tariff is not None and tariff.start is not None and tariff.end is not None and tariff.end <= tariff.start:
        words = "end_date_time is not after start_date_time, so the tariff is never in force"
        yield Spot("$.end_date_time", words, f"after {tariff.start.isoformat()}", tariff.end.isoformat())


def validity_over(sheet: TariffSheet) -> Iterator[Spot]:
    """A tariff that is no longer in force on the day for which it is judged, if such a day is given."""
    end = sheet.tariff.end if sheet.tariff is not None else None
    if sheet.as_of is not None and end is not None and end <= sheet.as_of:
        words = f"the tariff has not been in force since {end.isoformat()}"
        yield Spot("$.end_date_time", words, f"after {sheet.as_of.isoformat()}", end.isoformat())


def element_outside_validity(sheet: TariffSheet) -> Iterator[Spot]:
    """An element whose dates lie wholly outside the validity of its tariff; a day either way is left to time zones."""
    tariff = sheet.tariff
    if tariff is None:
        return
    earliest = None if tariff.start is None else _shifted(tariff.start.date(), -_DAY)
    latest = None if tariff.end is None else _shifted(tariff.end.date(), _DAY)
    for part in sheet.parts():
        first, after = part.restrictions.start_date, part.restrictions.end_date
        if latest is not None and first is not None and first > latest:
            words = f"the element begins on {first}, when the tariff is no longer in force"
            yield Spot(f"{part.path}.restrictions.start_date", words, f"before {latest}", f"{first}")
        elif earliest is not None and after is not None and after <= earliest:
            words = f"the element ends before {after}, when the tariff is not yet in force"
            yield Spot(f"{part.path}.restrictions.end_date", words, f"after {earliest}", f"{after}")


def _shifted(day: date, by: timedelta) -> date:
    try:
        return day + by
    except OverflowError:
        return day


def no_elements(sheet: TariffSheet) -> Iterator[Spot]:
    """A tariff without elements, or an element without price components: nothing says what a charge costs."""
    stated = sheet.raw.get("elements")
    if stated == []:
        yield Spot("$.elements", "the tariff has no elements; that does not make it free", "at least one", "none")
    for index, element in enumerate(stated if isinstance(stated, list) else []):
        if isinstance(element, dict) and element.get("price_components") in (None, []):
            path = f"$.elements[{index}].price_components"
            yield Spot(path, "the element has no price components; it does nothing", "at least one", "none")


def nothing_priced(sheet: TariffSheet) -> Iterator[Spot]:
    """A tariff whose prices are all 0, other than by the one FLAT of 0 with which OCPI says free of charge."""
    components = [component for _, _, component in sheet.components()]
    free = len(components) == 1 and components[0].type == "FLAT"
    if components and not free and all(c.price == 0 for c in components) and not _least(sheet):
        yield Spot("$.elements", "every price of the tariff is 0", "a price, or one FLAT of 0", "0")


def _least(sheet: TariffSheet) -> Decimal:
    low = dict(_limits(sheet)).get("$.min_price")
    return Decimal(0) if low is None else (low.excl_vat or low.incl_vat or Decimal(0))


def charging_not_priced(sheet: TariffSheet) -> Iterator[Spot]:
    """A tariff that prices reservations or bookings only: every charge under it is free."""
    parts = list(sheet.parts())
    if parts and not any(part.is_for_charging for part in parts):
        yield Spot("$.elements", "every element is for reservations or bookings; charging itself is free")


_TARIFF: Final = "mod_tariffs, Tariff object"
CHECKS: Final[tuple[Check[TariffSheet], ...]] = (
    Check(
        rule("no-elements", "Q", f"{_TARIFF}, elements", "State the prices; free of charge is one FLAT of 0.00."),
        no_elements,
    ),
    Check(
        rule("min-price-above-max-price", "W", f"{_TARIFF}, min_price", "Lower min_price or raise max_price."),
        min_price_above_max_price,
    ),
    Check(
        rule("limit-of-zero", "W", f"{_TARIFF}, max_price", "Leave the limit out, or state the amount."), limit_of_zero
    ),
    Check(
        rule("limit-sides-contradict", "W", "types, Price class", "State the amount with taxes in the second field."),
        limit_sides_contradict,
    ),
    Check(rule("never-valid", "W", f"{_TARIFF}, end_date_time", "Put the end after the start."), never_valid),
    Check(
        rule("validity-over", "W", f"{_TARIFF}, end_date_time", "Withdraw the tariff, or send the one in force."),
        validity_over,
    ),
    Check(
        rule("element-outside-validity", "W", f"{_TARIFF}, start_date_time", "Drop the element, or mend its dates."),
        element_outside_validity,
    ),
    Check(
        rule("nothing-priced", "I", f"{_TARIFF}, free of charge", "State the price, or say free by one FLAT of 0.00."),
        nothing_priced,
    ),
    Check(
        rule("charging-not-priced", "W", "mod_tariffs, ReservationRestrictionType", "Add an element for charging."),
        charging_not_priced,
    ),
)
