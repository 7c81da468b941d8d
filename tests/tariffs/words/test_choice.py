"""The words about periods and about the choice of a tariff (pricing rules 2 to 8, 13, 14 and 32)."""

from typing import Any

import pytest
from charges import AT, HOUR, KWH, LONG_AGO, PLAIN, Case, cdr, component, line, said, tariff

from tariffs import Cdr, price
from tariffs.breakdown import UNKNOWN_COST

SEPTEMBER = {"start_date_time": "2026-09-01T00:00:00Z", "end_date_time": "2026-10-01T00:00:00Z"}
RESERVATION = {"reservation": "RESERVATION"}
NOT_PRICED = "no price component of the tariff is for this"


def named(*ids: str | None) -> list[tuple[str, dict[str, Any]]]:
    return [(f"{10 + n}:00", {**KWH, "tariff_id": name} if name else KWH) for n, name in enumerate(ids)]


TIMELINE: dict[str, Case] = {
    "nothing": (cdr(("10:00", KWH)), (PLAIN,), {}, []),
    "a dimension twice": (
        {
            **cdr(("10:00", KWH)),
            "charging_periods": [
                {"start_date_time": "2026-10-07T10:00:00Z", "dimensions": [{"type": "ENERGY", "volume": 1}] * 2}
            ],
        },
        (PLAIN,),
        {},
        [
            f"W duplicate-dimension {AT}.dimensions: "
            "ENERGY is stated more than once in one period; the volumes are added"
        ],
    ),
    "no dimensions": (
        cdr(("10:00", KWH), ("10:30", {})),
        (PLAIN,),
        {},
        [
            "W period-without-dimensions $.charging_periods[1].dimensions: "
            "the period states no volume at all; it costs nothing by itself"
        ],
    ),
    "dimensions of Sessions, of bookings and of nobody": (
        cdr(("10:00", {**KWH, "STATE_OF_CHARGE": 80, "RESERVATION_OVERTIME": 1, "MOON": 1})),
        (PLAIN,),
        {},
        [
            f"W session-only-dimension {AT}.dimensions: STATE_OF_CHARGE belongs to Sessions, not to a CDR; ignored",
            f"W reservation-overtime-not-priced {AT}.dimensions: the time after a booked slot (Bookings module) "
            "has no price of its own here; not priced",
            f"W unknown-dimension {AT}.dimensions: OCPI knows no dimension MOON; ignored",
        ],
    ),
    "periods out of order": (
        cdr(("10:30", KWH), ("10:00", KWH), start="10:00"),
        (PLAIN,),
        {},
        [
            "W periods-not-in-order $.charging_periods: "
            "the charging periods are not in order of time; priced in order of their starts"
        ],
    ),
    "an energy fed back": (
        cdr(("10:00", KWH), ("10:30", {"ENERGY": -1})),
        (PLAIN,),
        {},
        [
            "I energy-fed-back $.charging_periods: "
            "energy was fed back to the grid; the sum is netted and a negative sum is not rounded"
        ],
    ),
    "an energy of which nothing was fed back": (
        cdr(("10:00", {"ENERGY": 0, "TIME": 1})),
        (PLAIN,),
        {},
        [f"I volume-not-priced {AT}: {NOT_PRICED} TIME: it costs nothing"],
    ),
    "a time that runs backwards": (
        cdr(("10:00", {"ENERGY": -1, "TIME": "-0.5", "PARKING_TIME": -1})),
        (PLAIN,),
        {},
        [
            f"Q negative-volume {AT}: TIME is negative, which no price can mean",
            f"Q negative-volume {AT}: PARKING_TIME is negative, which no price can mean",
        ],
    ),
    "a time longer than its period": (
        cdr(("10:00", {"TIME": "0.6"}), ("10:30", {"TIME": "0.5", "PARKING_TIME": "0.1"})),
        (tariff(([component("TIME", 2), component("PARKING_TIME", 3)], {})),),
        {},
        [
            f"W time-exceeds-wall-clock {AT} [0.2]: the period states 360 s more than it lasts; priced as stated",
            "W time-exceeds-wall-clock $.charging_periods[1] [0.3]: "
            "the period states 360 s more than it lasts; priced as stated",
        ],
    ),
    "a second longer is nothing": (
        cdr(("10:00", {"TIME": "1.000277777777"})),
        (tariff(component("TIME", 2)),),
        {},
        [],
    ),
    "a reservation longer than its period": (
        cdr(("10:00", {"RESERVATION_TIME": 2})),
        (tariff(([component("TIME", 2)], RESERVATION)),),
        {"reservation_outcome": "used"},
        [f"W time-exceeds-wall-clock {AT} [2]: the period states 3600 s more than it lasts; priced as stated"],
    ),
}
SELECTION: dict[str, Case] = {
    "regardless of what the CDR names": (
        cdr(*named("A"), tariffs=[PLAIN]),
        (tariff(component(), id="X"),),
        {"override": True},
        ["I tariff-overridden $.tariffs: priced by the tariff X regardless of what the CDR names"],
    ),
    "unknown tariffs": (
        cdr(*named("A", "T", "B", "a"), tariffs=[PLAIN], end="14:00"),
        (),
        {},
        [
            "Q unknown-tariff $.charging_periods[0].tariff_id: "
            "the tariff A is neither in the CDR nor among those given",
            "Q unknown-tariff $.charging_periods[2].tariff_id: "
            "the tariff B is neither in the CDR nor among those given",
        ],
    ),
    "no tariff": (
        cdr(("10:00", KWH)),
        (),
        {},
        ["Q no-tariff $.tariffs: the CDR brings no tariff and names none, and none was given beside it"],
    ),
    "one id twice": (
        cdr(*named("T"), tariffs=[PLAIN, tariff(component(amount=3), last_updated="2026-02-01T00:00:00Z")]),
        (),
        {},
        [
            "W tariff-given-twice $.tariffs [20]: the tariff T stands there more than once with different content; "
            "the one valid, then latest"
        ],
    ),
    "one id twice in other letters": (
        cdr(
            *named("t"),
            tariffs=[tariff(component(), id="t"), tariff(component(), last_updated="2026-02-01T00:00:00Z")],
        ),
        (),
        {},
        [
            "W tariff-given-twice $.tariffs [0]: the tariff T stands there more than once with different content; "
            "the one valid, then latest"
        ],
    ),
    "one id twice, the one in force before the later": (
        cdr(
            *named("T"),
            tariffs=[
                tariff(component(amount=3), **SEPTEMBER, last_updated="2026-02-01T00:00:00Z"),
                tariff(component(), start_date_time="2026-10-01T00:00:00Z", last_updated="2026-01-01T00:00:00Z"),
            ],
        ),
        (),
        {},
        [
            "W tariff-given-twice $.tariffs [-20]: the tariff T stands there more than once with different content; "
            "the one valid, then latest"
        ],
    ),
    "one id twice with one content": (cdr(*named("t"), tariffs=[PLAIN, PLAIN]), (), {}, []),
    "one id twice, the valid before the later": (
        cdr(
            *named("T"),
            tariffs=[PLAIN, tariff(component(amount=3), **SEPTEMBER, last_updated="2026-02-01T00:00:00Z")],
        ),
        (),
        {},
        [
            "W tariff-given-twice $.tariffs [-20]: the tariff T stands there more than once with different content; "
            "the one valid, then latest"
        ],
    ),
    "a validity that needs the unknown start": (
        cdr(("10:00", KWH), start=LONG_AGO, tariffs=[tariff(component(), **SEPTEMBER)]),
        (),
        {},
        [
            "Q instant-unknown $.start_date_time: "
            "the start is unknown, so the validity of the tariffs cannot be judged"
        ],
    ),
    "none of several is valid": (
        cdr(("10:00", KWH), tariffs=[tariff(component(), id=name, **SEPTEMBER) for name in "AB"]),
        (),
        {},
        ["Q no-tariff $.tariffs: none of the tariffs is valid at the start of the charge"],
    ),
    "the only one is not valid": (
        cdr(("10:00", KWH), tariffs=[tariff(component(), **SEPTEMBER)]),
        (),
        {},
        ["W tariff-not-valid-at-start $.tariffs: the only tariff T is not valid at the start of the charge"],
    ),
    "a type for others": (
        cdr(("10:00", KWH), tariffs=[tariff(component(), type="PROFILE_GREEN")]),
        (),
        {},
        [
            "W tariff-type-mismatch $.tariffs: "
            "the tariff T is of type PROFILE_GREEN, which this driver has no claim to by the CDR"
        ],
    ),
    "several that fit": (
        cdr(("10:00", KWH), tariffs=[tariff(component(amount=n), id=f"T{n}") for n in (2, 3, 4)]),
        (),
        {},
        ["W several-tariffs $.tariffs [-10]: the tariff T2 is taken as the first of several that fit"],
    ),
    "several that fit, the other one priceless": (
        cdr(("10:00", KWH), tariffs=[PLAIN, tariff(component(), id="X", currency="SEK")]),
        (),
        {},
        ["W several-tariffs $.tariffs: the tariff T is taken as the first of several that fit"],
    ),
    "otherwise than given": (
        cdr(("10:00", KWH), tariffs=[PLAIN]),
        (tariff(component(amount=4)),),
        {},
        [
            "W tariff-not-as-given $.tariffs [-30]: "
            "the tariff T in the CDR charges otherwise than the one given; that of the CDR counts"
        ],
    ),
    "another currency": (
        cdr(("10:00", KWH), tariffs=[tariff(component(), currency="CHF")]),
        (),
        {},
        ["S tariff-currency-differs $.currency: the tariff T is in CHF, the CDR in EUR; no conversion"],
    ),
    "no elements": (
        cdr(("10:00", KWH), tariffs=[tariff()]),
        (),
        {},
        ["Q tariff-without-elements $.tariffs: the tariff T has no elements: not free"],
    ),
    "a period without a tariff": (
        cdr(("10:00", {"ENERGY": 5}), *named(None, "T")[1:], end="12:00", tariffs=[PLAIN]),
        (),
        {},
        [
            f"W period-without-tariff {AT}.tariff_id [-5]: "
            "the period names no tariff, so it is free; under the neighbouring tariff T it would cost 5"
        ],
    ),
    "a period without a tariff, of time": (
        cdr(
            ("10:00", {**HOUR, "tariff_id": "T"}),
            ("11:00", {"TIME": "0.25", "PARKING_TIME": "0.5", "ENERGY": 0}),
            ("12:00", {"tariff_id": "U", **HOUR}),
            end="13:00",
            tariffs=[
                tariff(([component("TIME", 8), component("PARKING_TIME", 2)], {})),
                tariff(component("TIME", 90), id="U"),
            ],
        ),
        (),
        {},
        [
            "W period-without-tariff $.charging_periods[1].tariff_id [-3]: "
            "the period names no tariff, so it is free; under the neighbouring tariff T it would cost 3"
        ],
    ),
    "a period without a tariff, of time alone": (
        cdr(
            ("10:00", {**HOUR, "tariff_id": "T"}), ("11:00", {"TIME": "0.25"}), end="11:15",
            tariffs=[tariff(component("TIME", 8))],
        ),
        (),
        {},
        [
            "W period-without-tariff $.charging_periods[1].tariff_id [-2]: "
            "the period names no tariff, so it is free; under the neighbouring tariff T it would cost 2"
        ],
    ),
    "a period without a tariff, of parking alone": (
        cdr(
            ("10:00", {"PARKING_TIME": 1, "tariff_id": "T"}), ("11:00", {"PARKING_TIME": "0.25"}), end="11:15",
            tariffs=[tariff(component("PARKING_TIME", 8))],
        ),
        (),
        {},
        [
            "W period-without-tariff $.charging_periods[1].tariff_id [-2]: "
            "the period names no tariff, so it is free; under the neighbouring tariff T it would cost 2"
        ],
    ),
    "a period without a tariff, an hour into the charge and two into the reservation": (
        cdr(
            ("09:00", {"RESERVATION_TIME": 1, "tariff_id": "T"}),
            ("10:00", {"ENERGY": 1, "tariff_id": "T"}),
            ("11:00", {"ENERGY": 1}),
            end="12:00",
            tariffs=[
                tariff(
                    ([component(amount=9)], {"min_duration": 5400}),
                    component(amount=2),
                    ([component("TIME", 0)], RESERVATION),
                )
            ],
        ),
        (),
        {},
        [
            "W period-without-tariff $.charging_periods[2].tariff_id [-2]: "
            "the period names no tariff, so it is free; under the neighbouring tariff T it would cost 2"
        ],
    ),
    "a period without a tariff and without a volume": (
        cdr(("10:00", {"MAX_POWER": 5}), *named(None, "T")[1:], end="12:00", tariffs=[PLAIN]), (), {}, [],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("obj", "given", "options", "expected"), TIMELINE.values(), ids=TIMELINE)
def test_the_periods(obj: Any, given: Any, options: Any, expected: list[str]) -> None:
    assert said(obj, given, **options) == expected


@pytest.mark.parametrize(("obj", "given", "options", "expected"), SELECTION.values(), ids=SELECTION)
def test_the_choice_of_the_tariff(obj: Any, given: Any, options: Any, expected: list[str]) -> None:
    assert said(obj, given, **options) == expected


# id: (the CDR, what is said); a field that was sent unreadable, or as the placeholder, is said where it is read
MISSING: dict[str, Any] = {
    "everything": (
        Cdr("2.2.1"),
        ["currency", "start_date_time", "end_date_time", "charging_periods"],
    ),
    "all but the currency": (Cdr("2.2.1", currency="EUR"), ["start_date_time", "end_date_time", "charging_periods"]),
    "the placeholder is not missing": (
        Cdr("2.2.1", placeholders=("start_date_time", "end_date_time")),
        ["currency", "charging_periods"],
    ),
    "the unreadable is not missing": (
        Cdr("2.2.1", unreadable=("charging_periods", "currency", "end_date_time")),
        ["start_date_time"],
    ),
}


@pytest.mark.parametrize(("record", "fields"), MISSING.values(), ids=MISSING)
def test_what_every_price_needs(record: Cdr, fields: list[str]) -> None:
    found = price(record, time_zone="Europe/Berlin")
    words = "missing, and no price can be made without it"
    assert [line(f) for f in found.findings] == [f"Q malformed-record $.{name}: {words}" for name in fields]
    assert (found.total_cost, found.total_energy_cost, found.billed, found.lines) == (
        UNKNOWN_COST,
        UNKNOWN_COST,
        None,
        (),
    )
    assert (found.currency, found.time_zone, found.time_zone_source) == (
        record.currency,
        "Europe/Berlin",
        "stated",
    )
