"""The words about elements, restrictions, prices and limits (pricing rules 9 to 12, 15 to 19, 28, 31 and 32)."""

from typing import Any

import pytest
from charges import AT, HOUR, KWH, LONG_AGO, PLAIN, Case, cdr, component, priced, said, tariff

NIGHT = {"start_time": "22:00", "end_time": "06:00"}
RESERVATION, EXPIRES = {"reservation": "RESERVATION"}, {"reservation": "RESERVATION_EXPIRES"}
NOT_PRICED = "no price component of the tariff is for this"
ELEMENTS = "$.tariffs[T].elements"

RESTRICTIONS: dict[str, Case] = {
    "the zone is unknown": (
        cdr(("10:00", KWH), ("10:30", KWH)),
        (tariff(([component()], NIGHT)),),
        {"time_zone": None},
        [
            "Q time-zone-unknown $.cdr_location: "
            "the tariff looks at the clock, and the time zone of the place is unknown"
        ],
    ),
    "the instant is unknown": (
        cdr((LONG_AGO, KWH), (LONG_AGO, KWH), start="10:00"),
        (tariff(([component()], {"min_duration": 60})),),
        {},
        [f"Q instant-unknown {AT}: the tariff looks at a time that the CDR does not state"],
    ),
    "a load that nobody measured": (
        cdr(("10:00", KWH), ("10:30", KWH)),
        (tariff(([component()], {"max_current": 32, "min_kwh": 5}), component()),),
        {},
        [
            "W restriction-unverifiable $.charging_periods[1]: "
            "the tariff restricts power or current, which the period does not state; taken as met"
        ],
    ),
    "a threshold missed by a watt-hour": (
        cdr(("10:00", {"ENERGY": "9.999"}), ("10:30", {"ENERGY": "0.0005"})),
        (tariff(([component()], {"max_kwh": 10}), component(amount=2)),),
        {},
        [
            "W threshold-near-miss $.charging_periods[1]: "
            "the energy so far misses a kWh threshold of the tariff by no more than rounding; taken literally"
        ],
    ),
    "a threshold missed by more, or met": (
        cdr(("10:00", {"ENERGY": "9.9989"}), ("10:30", {"ENERGY": "0.0011"}), ("10:40", {"TIME": 0, "ENERGY": 1})),
        (tariff(([component()], {"max_kwh": 10}), ([component()], {"min_kwh": 10})),),
        {},
        [],
    ),
    "a load on both sides of a limit of power": (
        cdr(("10:00", {**KWH, "MIN_POWER": 4, "MAX_POWER": 48})),
        (tariff(([component()], {"max_power": 22}), ([component(amount="2.5")], {"min_power": 22})),),
        {},
        [
            f"W period-straddles-limit {AT} [-25]: power or current of the period lies on both sides of every limit, "
            "so ENERGY costs nothing by the letter; between 0 and 25"
        ],
    ),
    "a load on both sides of a limit of current, for time": (
        cdr(("10:00", {"TIME": "0.5", "MIN_CURRENT": 15, "MAX_CURRENT": 16})),
        (tariff(([component("TIME", 3)], {"min_current": 16}), ([component("TIME", 2)], {"max_current": 16})),),
        {},
        [
            f"W period-straddles-limit {AT} [-1.5]: power or current of the period lies on both sides of every limit, "
            "so TIME costs nothing by the letter; between 0 and 1.5"
        ],
    ),
    "a load below every limit": (
        cdr(("10:00", {**KWH, "MIN_POWER": 4, "MAX_POWER": 11})),
        (tariff(([component()], {"min_power": 22}), ([component()], {"min_power": "11.1"})),),
        {},
        [f"I volume-not-priced {AT}: {NOT_PRICED} ENERGY: it costs nothing"],
    ),
    "a load just at a limit": (
        cdr(("10:00", {**KWH, "MIN_POWER": 22, "MAX_POWER": 48})),
        (tariff(([component()], {"max_power": 22})),),
        {},
        [f"I volume-not-priced {AT}: {NOT_PRICED} ENERGY: it costs nothing"],
    ),
    "a load on both sides of a limit at another time": (
        cdr(("10:00", {**KWH, "MIN_POWER": 4, "MAX_POWER": 48})),
        (tariff(([component()], {"max_power": 22, **NIGHT})),),
        {},
        [f"I volume-not-priced {AT}: {NOT_PRICED} ENERGY: it costs nothing"],
    ),
    "volumes without a price": (
        cdr(("10:00", {"TIME": "0.5", "PARKING_TIME": "0.5", "RESERVATION_TIME": 1, "ENERGY": 1})),
        (PLAIN,),
        {},
        [
            f"I volume-not-priced {AT}: {NOT_PRICED} TIME: it costs nothing",
            f"I volume-not-priced {AT}: {NOT_PRICED} PARKING_TIME: it costs nothing",
            f"I volume-not-priced {AT}: {NOT_PRICED} RESERVATION_TIME: it costs nothing",
        ],
    ),
    "restrictions nobody knows": (
        cdr(("10:00", KWH)),
        (
            tariff(
                ([component(amount=3)], {"moon": "FULL", "sun": 1}),
                ([component(amount=4)], {"moon": "NEW"}),
                component(amount=2),
            ),
        ),
        {},
        [
            "W unknown-restriction $.tariffs [10]: "
            "OCPI 2.2.1 has no restriction moon, sun; priced as if it were not there"
        ],
    ),
    "a restriction nobody knows, of the only element": (
        cdr(("10:00", KWH)),
        (tariff(([component(amount=3)], {"moon": "FULL"})),),
        {},
        ["W unknown-restriction $.tariffs: OCPI 2.2.1 has no restriction moon; priced as if it were not there"],
    ),
    "an element for bookings": (
        cdr(("10:00", KWH)),
        (
            tariff(
                component(),
                ([component("FLAT", 9), component(amount=8)], {"booking": "BOOKING"}),
                ([component("FLAT", 7)], {"reservation": "BOOKING_OVERTIME"}),
            ),
        ),
        {},
        [
            "W booking-element-not-priced $.tariffs [9]: "
            "an element of the Bookings module (FLAT, element 2) is not priced",
            "W booking-element-not-priced $.tariffs [7]: "
            "an element of the Bookings module (FLAT, element 3) is not priced",
            "W booking-element-not-priced $.tariffs [8]: "
            "an element of the Bookings module (ENERGY, element 2) is not priced",
        ],
    ),
}
PRICES: dict[str, Case] = {
    "energy that no period states": (
        cdr(("10:00", HOUR), total_energy=7),
        (tariff(component(), component("TIME")),),
        {},
        [
            "Q energy-not-in-periods $.total_energy: total_energy is 7 kWh, but no charging period states ENERGY: "
            "it cannot be priced"
        ],
    ),
    "half a kWh that no period states": (
        cdr(("10:00", HOUR), total_energy="0.5"),
        (tariff(component(), component("TIME")),),
        {},
        [
            "Q energy-not-in-periods $.total_energy: total_energy is 0.5 kWh, but no charging period states ENERGY: "
            "it cannot be priced"
        ],
    ),
    "no energy and none stated": (
        cdr(("10:00", HOUR), total_energy=0),
        (tariff(component(), component("TIME")),),
        {},
        ["W dimension-without-volume $.charging_periods: the tariff prices ENERGY, but no charging period states any"],
    ),
    "time that no period states": (
        cdr(("10:00", KWH), total_energy=10),
        (tariff(component(), component("TIME")),),
        {},
        ["W dimension-without-volume $.charging_periods: the tariff prices TIME, but no charging period states any"],
    ),
    "time at 0 that no period states": (cdr(("10:00", KWH)), (tariff(component(), component("TIME", 0)),), {}, []),
    "energy of a tariff that only a reservation saw": (
        cdr(("10:00", {"RESERVATION_TIME": 1}), total_energy=7),
        (tariff(component(), ([component("TIME")], RESERVATION)),),
        {"reservation_outcome": "used"},
        [],
    ),
    "a later start fee": (
        cdr(("10:00", KWH), ("10:30", KWH), ("10:45", KWH)),
        (
            tariff(
                ([component("FLAT", 9)], {"min_duration": 2700}),
                ([component("FLAT", 5)], {"min_duration": 1800}),
                component("FLAT", 2),
                component(),
            ),
        ),
        {},
        [
            "W later-flat-not-charged $.charging_periods[1] [5]: "
            "another FLAT becomes active later (element 2); only the first is due",
            "W later-flat-not-charged $.charging_periods[2] [9]: "
            "another FLAT becomes active later (element 1); only the first is due",
        ],
    ),
    "a later start fee is said once": (
        cdr(("10:00", KWH), ("10:30", KWH), ("10:45", KWH)),
        (tariff(([component("FLAT", 9)], {"min_duration": 1800}), component("FLAT", 2), component()),),
        {},
        [
            "W later-flat-not-charged $.charging_periods[1] [9]: "
            "another FLAT becomes active later (element 1); only the first is due"
        ],
    ),
    "a reservation that nobody tells used or expired": (
        cdr(("10:00", {"RESERVATION_TIME": 1})),
        (tariff(([component("TIME", 2)], RESERVATION), ([component("TIME", 5)], EXPIRES)),),
        {},
        [
            "W reservation-outcome-assumed $.charging_periods [3]: "
            "nothing shows whether the reservation was used or expired; taken as expired"
        ],
    ),
    "twice a component, a negative price, VAT as a fraction": (
        cdr(("10:00", KWH)),
        (tariff(([component(), component(vat=1), component(amount=-1, vat="1.99"), component("FLAT", 0, vat=2)], {})),),
        {},
        [
            f"I duplicate-component {ELEMENTS}[0].price_components: "
            "the element prices ENERGY more than once; the first price counts",
            f"I vat-looks-like-fraction {ELEMENTS}[0].price_components: "
            "a VAT of 1 % looks like a fraction; taken as a percentage",
            f"I vat-looks-like-fraction {ELEMENTS}[0].price_components: "
            "a VAT of 1.99 % looks like a fraction; taken as a percentage",
            f"I negative-price {ELEMENTS}[0].price_components: ENERGY has a negative price; taken as stated",
        ],
    ),
    "VAT of 0 and of 2 are none of these": (
        cdr(("10:00", KWH)),
        (tariff(([component(vat=0), component("FLAT", 0, vat=2)], {})),),
        {},
        [],
    ),
    "windows that are unusual": (
        cdr(("10:00", KWH)),
        (
            tariff(
                ([component()], {"start_time": "08:00", "end_time": "08:00"}),
                ([component()], {"start_time": "08:00", "end_time": "23:59"}),
                ([component()], {**NIGHT, "day_of_week": ["MONDAY"]}),
                ([component()], {"start_time": "08:00:30"}),
                ([component()], {"end_time": "24:00"}),
            ),
        ),
        {},
        [
            f"I window-is-whole-day {ELEMENTS}[0].restrictions: start_time equals end_time; taken as the whole day",
            f"I window-leaves-a-minute {ELEMENTS}[1].restrictions: "
            "end_time 23:59 leaves out the last minute of the day",
            f"I weekday-and-window-over-midnight {ELEMENTS}[2].restrictions: a window over midnight with weekdays: "
            "the weekday is that of the moment, not of the window's start",
            f"I unusual-time-of-day {ELEMENTS}[3].restrictions: a time of day with seconds, or 24:00; taken as written",
            f"I unusual-time-of-day {ELEMENTS}[4].restrictions: a time of day with seconds, or 24:00; taken as written",
        ],
    ),
    "windows that are usual": (
        cdr(("10:00", KWH)),
        (
            tariff(
                ([component()], {"start_time": "08:00", "end_time": "00:00", "day_of_week": ["MONDAY"]}),
                ([component()], {"start_time": "08:00", "end_time": "20:00", "day_of_week": ["MONDAY"]}),
                ([component()], NIGHT),
                component(),
            ),
        ),
        {},
        [],
    ),
}
LIMITS: dict[str, Case] = {
    "a floor and a cap that state one side": (
        cdr(("10:00", KWH)),
        (tariff(component(vat=10), min_price={"excl_vat": 20}, max_price={"excl_vat": 15}),),
        {},
        [
            "I limit-vat-scaled $.min_price: "
            "min_price states no amount including VAT; the VAT is scaled with the amount",
            "I limit-vat-scaled $.max_price: "
            "max_price states no amount including VAT; the VAT is scaled with the amount",
        ],
    ),
    "other limits of a later tariff": (
        cdr(
            ("10:00", {**KWH, "tariff_id": "T"}),
            ("10:30", {**KWH, "tariff_id": "U"}),
            ("10:40", {**KWH, "tariff_id": "V"}),
            tariffs=[PLAIN, tariff(component(), id="U"), tariff(component(), id="V", max_price={"excl_vat": 25})],
        ),
        (),
        {},
        [
            "W limits-of-several-tariffs $.tariffs [5]: "
            "the limits are those of the first tariff; with those of V the total would differ"
        ],
    ),
    "the same limits of a later tariff": (
        cdr(
            ("10:00", {**KWH, "tariff_id": "T"}),
            ("10:30", {**KWH, "tariff_id": "U"}),
            tariffs=[
                tariff(component(), max_price={"excl_vat": 15, "incl_vat": 15}),
                tariff(component(), id="U", max_price={"excl_vat": 15, "incl_vat": 15}),
            ],
        ),
        (),
        {},
        [],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("obj", "given", "options", "expected"), RESTRICTIONS.values(), ids=RESTRICTIONS)
def test_restrictions(obj: Any, given: Any, options: Any, expected: list[str]) -> None:
    assert said(obj, given, **options) == expected


@pytest.mark.parametrize(("obj", "given", "options", "expected"), PRICES.values(), ids=PRICES)
def test_prices(obj: Any, given: Any, options: Any, expected: list[str]) -> None:
    assert said(obj, given, **options) == expected


@pytest.mark.parametrize(("obj", "given", "options", "expected"), LIMITS.values(), ids=LIMITS)
def test_limits(obj: Any, given: Any, options: Any, expected: list[str]) -> None:
    assert said(obj, given, **options) == expected


# OCPI 2.3.0, where one side of taxes may be unknown. id: (the tariff, total before and after taxes, what is said)
def taxed(included: str, *elements: Any, **limits: Any) -> dict[str, Any]:
    return tariff(*elements, tax_included=included, **limits)


OPEN = "the tariff leaves its taxes open, as in North America: amounts"
TAXES: dict[str, Any] = {
    "added, and not stated": (
        taxed("NO", component()), ("10", None), [f"I taxes-not-stated $.tariffs[T]: {OPEN} after taxes are unknown"],
    ),
    "included, and not stated": (
        taxed("YES", component()), (None, "10"), [f"I taxes-not-stated $.tariffs[T]: {OPEN} before taxes are unknown"],
    ),
    "a floor after taxes, which are unknown": (
        taxed("NO", component(), min_price={"before_taxes": 12, "after_taxes": 15}, max_price={"before_taxes": 20}),
        ("12", "15"),
        [f"I taxes-not-stated $.tariffs[T]: {OPEN} after taxes are unknown"],
    ),
    "a cap before taxes, which are unknown": (
        taxed("YES", component(), max_price={"before_taxes": 5}),
        (None, "10"),
        [
            f"I taxes-not-stated $.tariffs[T]: {OPEN} before taxes are unknown",
            "I limit-on-unknown-side $.max_price: "
            "max_price limits the amount before taxes only, which is unknown: not applied",
        ],
    ),
    "VAT of a tariff that has none": (
        taxed("N/A", component(vat=19)),
        ("10", "10"),
        [
            "I vat-without-taxes $.tariffs[T]: "
            "no taxes apply to the tariff (tax_included N/A), so the VAT of its components is ignored"
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("of", "total", "expected"), TAXES.values(), ids=TAXES)
def test_taxes(of: Any, total: tuple[str | None, str | None], expected: list[str]) -> None:
    found = priced(cdr(("10:00", KWH), tariffs=[of], total_cost={"before_taxes": 1}))
    sides = (found.total_cost.excl_vat, found.total_cost.incl_vat)
    assert tuple(None if side is None else f"{side.normalize():f}" for side in sides) == total
    assert said(cdr(("10:00", KWH), tariffs=[of], total_cost={"before_taxes": 1})) == expected


def test_taxes_open_on_both_sides() -> None:
    """One side is known of each part, and no side of the sum."""
    tariffs = [taxed("YES", component()), taxed("NO", component(), id="U")]
    obj = cdr(
        ("10:00", {**KWH, "tariff_id": "T"}),
        ("10:30", {**KWH, "tariff_id": "U"}),
        tariffs=tariffs,
        total_cost={"before_taxes": 1},
    )
    assert not priced(obj).priced
    assert (
        "Q taxes-open-on-both-sides $.tariffs: "
        "one tariff leaves the amount before taxes open and another the one after them: there is no total"
    ) in said(obj)
