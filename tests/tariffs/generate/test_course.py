"""Courses are cut where a restriction may answer anew, and lie where clocks and places allow."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tariffs import Tariff, UnknownTimeZone, price
from tariffs.cdr import CdrLocation
from tariffs.generate import generate
from tariffs.generate.course import CHARGE, PARK, Course, Ground, Leg, cut
from tariffs.generate.place import place_in, zone_of_country
from tariffs.generate.reach import components_of
from tariffs.generate.stretching import stepped, stretched
from tariffs.generate.trial import try_out
from tariffs.ocpi import decode, encode, read_cdr, read_tariff
from tariffs.plan import plan_of
from tariffs.zones import zone_of

START = datetime(2026, 1, 5, 16, 50, tzinfo=UTC)


def tariff(*elements: tuple[str, dict[str, Any]]) -> tuple[dict[str, Any], Tariff]:
    """Elements are (dimension, restrictions), dearer from one to the next."""
    made = [
        {"price_components": [{"type": kind, "price": n, "step_size": 1}], "restrictions": restrictions}
        for n, (kind, restrictions) in enumerate(elements, 1)
    ]
    obj = {"country_code": "DE", "party_id": "EVC", "id": "T", "currency": "EUR", "elements": made}
    obj["last_updated"] = "2026-01-05T00:00:00Z"
    read = read_tariff(decode(encode(obj))).tariff
    assert read is not None
    return obj, read


def ground(read: Tariff, zone: str = "Europe/Berlin") -> Ground:
    return Ground(read, plan_of(read), place_in(zone), "2.2.1", date(2026, 1, 5))


def test_a_leg_is_cut_at_clock_duration_and_energy() -> None:
    _, read = tariff(
        ("ENERGY", {"start_time": "18:00", "end_time": "19:00"}),
        ("ENERGY", {"max_kwh": 5}),
        ("TIME", {"min_duration": 900}),
        ("ENERGY", {}),
    )
    pieces = cut(Course(START, (Leg(CHARGE, 1800, Decimal(20)), Leg(PARK, 60))), ground(read))
    assert [(piece.start - START) // timedelta(seconds=1) for piece in pieces] == [0, 450, 600, 900, 1800]
    assert [str(piece.kwh) for piece in pieces[:4]] == ["5", "1.6667", "3.3333", "10.0000"]


def test_thresholds_closer_than_a_second_take_the_nearest_free_ones() -> None:
    _, read = tariff(("ENERGY", {"min_kwh": 1, "max_kwh": 2}), ("ENERGY", {"max_kwh": 3}), ("ENERGY", {}))
    pieces = cut(Course(START, (Leg(CHARGE, 4, Decimal(100)),)), ground(read))
    assert [piece.kwh for piece in pieces] == [1, 1, 1, 97]
    pieces = cut(Course(START, (Leg(CHARGE, 3, Decimal(100)),)), ground(read))
    assert [piece.kwh for piece in pieces] == [1, 1, 98], "three seconds hold two cuts"
    pieces = cut(Course(START, (Leg(CHARGE, 60, Decimal("3.0001")),)), ground(read))
    assert [piece.kwh for piece in pieces][-1] == Decimal("0.0001"), "the last threshold lies in the last second"


def test_thresholds_in_the_last_second_keep_their_order() -> None:
    _, read = tariff(("ENERGY", {"min_kwh": 1}), ("ENERGY", {"min_kwh": "1.0001"}), ("ENERGY", {}))
    pieces = cut(Course(START, (Leg(CHARGE, 100, Decimal("1.0002")),)), ground(read))
    assert [piece.kwh for piece in pieces] == [1, Decimal("0.0001"), Decimal("0.0001")]


def test_energy_fed_back_first_passes_a_threshold_of_nothing() -> None:
    _, read = tariff(("ENERGY", {"min_kwh": 0}), ("ENERGY", {"min_kwh": "0.0001"}), ("ENERGY", {}))
    legs = (Leg(CHARGE, 60, Decimal(-1)), Leg(CHARGE, 600, Decimal(2)))
    pieces = cut(Course(START, legs), ground(read))
    assert [piece.kwh for piece in pieces] == [-1, 1, Decimal("0.0001"), Decimal("0.9999")]


def test_energy_that_is_nearly_a_threshold_is_the_threshold() -> None:
    _, read = tariff(("ENERGY", {"max_kwh": "10.0005"}), ("TIME", {"min_duration": 600}), ("ENERGY", {}))
    pieces = cut(Course(START, (Leg(CHARGE, 1200, Decimal(20)),)), ground(read))
    assert pieces[0].kwh == Decimal("10.0005")


def test_periods_are_joined_unless_a_price_change_would_be_suspected() -> None:
    """Time and energy pass their marks apart, but a reader who sees only one period cannot know in which order."""
    _, read = tariff(("ENERGY", {"start_time": "18:00", "max_kwh": 5}), ("ENERGY", {}))
    course = Course(START, (Leg(CHARGE, 1800, Decimal(30)),))
    trial = try_out(course, ground(read))
    assert len(trial.pieces) == 3
    assert trial.shown == {(1, "ENERGY")}
    assert trial.objections == ()
    _, read = tariff(("ENERGY", {"start_time": "22:00", "max_kwh": 5}), ("ENERGY", {}))
    assert len(try_out(course, ground(read)).pieces) == 1


def test_a_course_is_stepped_and_stretched() -> None:
    course = Course(START, (Leg(PARK, 600),))
    assert list(stepped(course, "ENERGY", Decimal(0), 100, rounds=True)) == []
    assert [c.legs[0].seconds for c in stepped(course, "PARKING_TIME", Decimal(600), 900, rounds=False)] == [900, 1800]
    assert [c.legs[0].seconds for c in stretched(course)][:3] == [1, 1200, 2400]
    charged = Course(START, (Leg(CHARGE, 3600, Decimal(11)),))
    kwhs = [c.legs[0].kwh for c in stepped(charged, "ENERGY", Decimal(11000), 2000, rounds=False)]
    assert kwhs == [10, 12, 14]


def test_an_hour_that_the_clock_leaves_out_is_never_met() -> None:
    window = {"start_date": "2026-03-29", "end_date": "2026-03-30", "start_time": "02:10", "end_time": "02:50"}
    obj, read = tariff(("ENERGY", window), ("ENERGY", {}))
    found = generate(obj, read)
    assert [gap.why for gap in found.never_used] == [
        "its restrictions are never met together: no such day, or no energy without time"
    ]


def test_a_day_without_midnight_takes_two_charges() -> None:
    """In Cairo the clock goes from 23:59:59 to 01:00:00 when summer begins."""
    obj, read = tariff(("ENERGY", {"start_date": "2026-04-24", "end_date": "2026-05-02"}), ("ENERGY", {}))
    found = generate(obj, read, time_zone="Africa/Cairo")
    slugs = [made.id[7:] for made in found.made]
    assert "e1-start-date-out" in slugs
    for made in found.made:
        cdr = read_cdr(decode(encode(made.cdr))).cdr
        assert cdr is not None
        assert cdr.start is not None
        if made.id.endswith("-out"):
            assert cdr.start.astimezone(ZoneInfo("Africa/Cairo")).date() == date(2026, 4, 23)
            assert {line.element for line in price(cdr).lines} == {1}


def test_small_and_large_thresholds() -> None:
    obj, read = tariff(("ENERGY", {"min_kwh": "0.02", "max_kwh": "0.5"}), ("ENERGY", {}))
    assert generate(obj, read).not_shown == ()
    obj, read = tariff(("ENERGY", {"min_kwh": 10**10}), ("ENERGY", {}))
    assert [gap.path for gap in generate(obj, read).never_used] == ["$.elements[0].price_components[0]"]
    obj, read = tariff(("ENERGY", {"max_kwh": "0.005"}), ("ENERGY", {}))
    assert [gap.what for gap in generate(obj, read).not_shown] == ["max_kwh 0.005 kWh"]
    obj, read = tariff(("ENERGY", {"min_power": 0}), ("ENERGY", {}))
    assert generate(obj, read).components == 2


def test_regions_in_too_many_pieces_are_tried_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tariffs.lint.region._MOST_PIECES", 3)
    limits = {"min_kwh": 1, "max_kwh": 9, "min_duration": 60, "max_duration": 900, "min_power": 5, "max_power": 50}
    obj, read = tariff(("ENERGY", limits), ("ENERGY", {}))
    assert len(components_of(read, "2.2.1")[1].regions) == 2, "the whole, without and with energy fed back"
    assert generate(obj, read, most=1).never_used == ()


def test_a_search_that_is_worn_out_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tariffs.generate.generation._BUDGET", 0)
    monkeypatch.setattr("tariffs.generate.generation._BUDGET_PER_ELEMENT", 0)
    obj, read = tariff(("ENERGY", {"max_kwh": 5}), ("ENERGY", {}))
    found = generate(obj, read)
    assert found.never_used == ()
    assert [gap.why for gap in found.not_shown] == ["not looked for any more: too much of the tariff shows nowhere"]


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Atlantic/Canary", "America/New_York", "Australia/Lord_Howe", "UTC"])
def test_a_place_tells_its_zone(zone: str) -> None:
    place = place_in(zone)
    latitude, longitude = Decimal(place.latitude), Decimal(place.longitude)
    told = zone_of(CdrLocation(country=place.country_3, latitude=latitude, longitude=longitude))
    at = datetime(2026, 7, 1, tzinfo=UTC)
    assert told.zone is not None
    assert told.zone.utcoffset(at) == ZoneInfo(zone).utcoffset(at)
    assert told.findings == ()


def test_the_zone_of_a_country_is_that_of_its_largest_city_and_else_berlin() -> None:
    assert [zone_of_country(code) for code in ("NL", "CAN", "USA", "es", "XX", None)] == [
        "Europe/Amsterdam",
        "America/Toronto", "America/New_York", "Europe/Madrid", "Europe/Berlin", "Europe/Berlin",
    ]  # fmt: skip
    with pytest.raises(UnknownTimeZone, match="no IANA time zone"):
        place_in("Europe/Nowhere")
