"""picture_of(tariff): all numbers of a picture, so that whoever draws it computes nothing."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from tariffs.generate.course import Ground
from tariffs.generate.generation import USUAL_DAY
from tariffs.generate.place import place_in, zone_of_country
from tariffs.picture.curves import BATTERY_KWH, POWERS, CostCurve, curves_of
from tariffs.picture.week import WeekTable, first_day, tables_of
from tariffs.plan import plan_of
from tariffs.tariff import Tariff

STEPPED: Final = ("ENERGY", "TIME", "PARKING_TIME")


@dataclass(frozen=True, slots=True)
class TariffPicture:
    """A tariff in numbers: weeks and curves in its currency, limits on the side of taxes that the curves show.

    Charges begin on `day`, in the week of `monday`. `looks_at_clock` says whether the time of the week matters;
    `has_dates`, whether other weeks may look different; `has_reservations`, whether something of the tariff is for
    reservations, which is not drawn. `step_sizes` are dimension and step in Wh or seconds where a step is more than
    1, and `vat_rates` the rates in percent that it states.
    """

    tariff: Tariff
    time_zone: str
    monday: date
    day: date
    looks_at_clock: bool
    has_dates: bool
    has_reservations: bool
    includes_taxes: bool
    vat_rates: tuple[Decimal, ...]
    tables: tuple[WeekTable, ...]
    curves: tuple[CostCurve, ...]
    min_price: Decimal | None
    max_price: Decimal | None
    step_sizes: tuple[tuple[str, int], ...]
    powers: tuple[Decimal, ...] = POWERS
    battery_kwh: Decimal = BATTERY_KWH


def picture_of(tariff: Tariff, *, version: str = "2.2.1", time_zone: str | None = None) -> TariffPicture:
    """Return the numbers of a picture of a tariff.

    The week is one of wall clocks; where elements have dates it is the week of the first of them, else that of the
    start of the tariff. Charges begin on the day of the first of them, else on a Monday, at 10:00 of `time_zone`
    (an IANA zone, else that of the tariff's country, else Europe/Berlin; `UnknownTimeZone`). Amounts are excluding VAT
    unless the tariff's prices include taxes, unrounded. Prices are per charge, kWh or hour. OCPI mod_tariffs, Tariff
    object.
    """
    place = place_in(time_zone or zone_of_country(tariff.country_code))
    plan = plan_of(tariff)
    known = tariff.start or tariff.last_updated
    day = first_day(plan, USUAL_DAY if known is None else known.astimezone(place.zone).date())
    restrictions = [element.restrictions for element in tariff.elements]
    if not any(r.start_date or r.end_date for r in restrictions):
        day = _next_monday(day, tariff)
    monday = day - timedelta(days=day.weekday())
    includes_taxes = tariff.taxes.are_included
    limits = [
        None if limit is None else limit.incl_vat if includes_taxes else limit.excl_vat
        for limit in (tariff.min_price, tariff.max_price)
    ]
    components = [c for element in tariff.elements for c in element.components]
    steps = {(c.type, c.step_size) for c in components if c.type in STEPPED and c.step_size > 1}
    return TariffPicture(
        tariff,
        place.zone.key,
        monday,
        day,
        plan.needs_clock,
        any(r.start_date or r.end_date for r in restrictions),
        any(plan.expired.values()),
        includes_taxes,
        tuple(sorted({c.vat for c in components if c.vat is not None})),
        tuple(tables_of(plan, monday)),
        tuple(curves_of(Ground(tariff, plan, place, version, day), day, includes_taxes=includes_taxes)),
        limits[0],
        limits[1],
        tuple(sorted(steps, key=lambda step: (STEPPED.index(step[0]), step[1]))),
    )


def _next_monday(day: date, tariff: Tariff) -> date:
    """The first Monday from a day on, or the day where the tariff is over by then."""
    monday = day + timedelta(days=-day.weekday() % 7)
    return monday if tariff.end is None or monday < tariff.end.date() else day
