"""Made-up CDRs show what they say: each threshold from both sides, to the second, 0.01 kWh, 0.1 kW or 0.1 A."""

import json
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tariffs import Breakdown, Cdr, UnknownTimeZone, price, verify
from tariffs.generate import Generated, generate
from tariffs.ocpi import decode, encode, read_cdr, read_tariff

BERLIN = ZoneInfo("Europe/Berlin")
REST = {"ENERGY": "0.40", "TIME": "1.20", "PARKING_TIME": "3.00"}


def element(restrictions: dict[str, Any] | None = None, step: int = 1, **prices: str) -> dict[str, Any]:
    components = [
        {"type": kind, "price": Decimal(amount), "vat": 19, "step_size": step} for kind, amount in prices.items()
    ]
    return {"price_components": components, **({"restrictions": restrictions} if restrictions else {})}


def tariff(*elements: dict[str, Any], **more: Any) -> dict[str, Any]:
    head = {"country_code": "DE", "party_id": "EVC", "id": "T", "currency": "EUR"}
    return {**head, "elements": list(elements), "last_updated": "2026-01-05T00:00:00Z", **more}


def made(obj: dict[str, Any], version: str = "2.2.1", **more: Any) -> Generated:
    decoded = decode(encode(obj))
    assert isinstance(decoded, dict)
    read = read_tariff(decoded, version=version).tariff
    assert read is not None
    return generate(decoded, read, version=version, **more)


def read_back(found: Generated, slug: str) -> tuple[Cdr, Breakdown]:
    """The CDR whose id ends in a slug, read and priced from its JSON."""
    one = next(m for m in found.made if re.fullmatch(rf"EV-\d+-{slug}", m.id))
    read = read_cdr(decode(encode(one.cdr)))
    assert read.cdr is not None
    return read.cdr, price(read.cdr)


def elements_by_start(cdr: Cdr, breakdown: Breakdown, dimension: str) -> list[tuple[datetime, int | None]]:
    used = {line.period: line.element for line in breakdown.lines if line.dimension == dimension}
    found = []
    for number, period in enumerate(cdr.periods):
        assert period.start is not None
        found.append((period.start, used.get(number)))
    return found


def local(at: datetime) -> str:
    return at.astimezone(BERLIN).strftime("%a %H:%M:%S")


WINDOWS = [
    ("start-time", {"start_time": "08:00", "end_time": "20:00"}, "07:59:59", "08:00:00", (1, 0)),
    ("end-time", {"start_time": "08:00", "end_time": "20:00"}, "19:59:59", "20:00:00", (0, 1)),
    ("start-time", {"start_time": "22:00", "end_time": "06:00"}, "21:59:59", "22:00:00", (1, 0)),
    ("end-time", {"start_time": "22:00", "end_time": "06:00"}, "05:59:59", "06:00:00", (0, 1)),
    ("end-time", {"start_time": "18:00", "end_time": "00:00"}, "23:59:59", "00:00:00", (0, 1)),
    ("end-time", {"end_time": "06:30"}, "06:29:59", "06:30:00", (0, 1)),
    ("start-time", {"start_time": "12:00:30"}, "12:00:29", "12:00:30", (1, 0)),
]


@pytest.mark.parametrize(("slug", "window", "before", "at", "priced"), WINDOWS)
@pytest.mark.parametrize("dimension", ["ENERGY", "TIME", "PARKING_TIME"])
def test_a_window_is_met_from_both_sides_to_the_second(
    slug: str, window: dict[str, Any], before: str, at: str, priced: tuple[int, int], dimension: str
) -> None:
    found = made(tariff(element(window, **{dimension: "0.30"}), element(**REST)))
    cdr, breakdown = read_back(found, f"e1-{slug}")
    seen = elements_by_start(cdr, breakdown, dimension)
    times = [local(start)[4:] for start, _ in seen]
    assert before in times
    assert at in times
    here = times.index(at)
    assert (seen[here - 1][1], seen[here][1]) == priced


def test_dates_and_weekdays_are_met_at_midnight() -> None:
    found = made(
        tariff(element({"start_date": "2026-03-29", "end_date": "2026-04-02"}, ENERGY="0.10"), element(**REST))
    )
    for slug, at, priced in (("start-date", "2026-03-29", (1, 0)), ("end-date", "2026-04-02", (0, 1))):
        cdr, breakdown = read_back(found, f"e1-{slug}")
        seen = elements_by_start(cdr, breakdown, "ENERGY")
        midnight = datetime.fromisoformat(at).replace(tzinfo=BERLIN).astimezone(UTC)
        here = [start for start, _ in seen].index(midnight)
        assert (seen[here - 1][1], seen[here][1]) == priced
        assert (seen[here][0] - seen[here - 1][0]).total_seconds() == 1
    found = made(tariff(element({"day_of_week": ["SATURDAY", "SUNDAY"]}, ENERGY="0.10"), element(**REST)))
    for slug, at, priced in (("before", "Sat 00:00:00", (1, 0)), ("after", "Mon 00:00:00", (0, 1))):
        cdr, breakdown = read_back(found, f"e1-day-of-week-{slug}")
        seen = elements_by_start(cdr, breakdown, "ENERGY")
        here = [local(start) for start, _ in seen].index(at)
        assert (seen[here - 1][1], seen[here][1]) == priced


def test_dates_with_a_window_take_two_charges() -> None:
    """No charge need pass midnight: one begins in the window of the last day, another in that of the day after."""
    window = {"start_time": "08:00", "end_time": "20:00"}
    dates = {"start_date": "2026-02-01", "end_date": "2026-03-01", "day_of_week": ["MONDAY", "FRIDAY"]}
    found = made(tariff(element({**window, **dates}, ENERGY="0.10"), element(**REST)))
    expected = {"start-date-out": 1, "end-date-out": 1, "day-of-week-before-out": 1, "energy": 0}
    for slug, wanted in expected.items():
        _, breakdown = read_back(found, f"e1-{slug}")
        assert {line.element for line in breakdown.lines if line.dimension == "ENERGY"} == {wanted}, slug
    cdr, _ = read_back(found, "e1-end-date-in")
    assert cdr.start is not None
    assert cdr.start.astimezone(BERLIN).date() == date(2026, 2, 27), "the last Friday before March"


def test_energy_is_met_a_hundredth_before_and_exactly() -> None:
    found = made(tariff(element({"min_kwh": 10, "max_kwh": 25}, ENERGY="0.30"), element(**REST)))
    for slug, limit, priced in (("min-kwh", "10", (1, 0)), ("max-kwh", "25", (0, 1))):
        cdr, breakdown = read_back(found, f"e1-{slug}")
        so_far, starts = Decimal(0), []
        for period in cdr.periods:
            starts.append(so_far)
            so_far += next(d.volume for d in period.dimensions if d.type == "ENERGY")
        here = starts.index(Decimal(limit))
        assert starts[here - 1] == Decimal(limit) - Decimal("0.01")
        seen = elements_by_start(cdr, breakdown, "ENERGY")
        assert (seen[here - 1][1], seen[here][1]) == priced


def test_durations_are_met_to_the_second() -> None:
    found = made(tariff(element({"min_duration": 3600, "max_duration": 7200}, TIME="6.00"), element(**REST)))
    for slug, limit, priced in (("min-duration", 3600, (1, 0)), ("max-duration", 7200, (0, 1))):
        cdr, breakdown = read_back(found, f"e1-{slug}")
        assert cdr.start is not None
        seen = elements_by_start(cdr, breakdown, "TIME")
        since = [int((start - cdr.start).total_seconds()) for start, _ in seen]
        here = since.index(limit)
        assert since[here - 1] == limit - 1
        assert (seen[here - 1][1], seen[here][1]) == priced


@pytest.mark.parametrize(("unit", "dimension"), [("power", "MIN_POWER"), ("current", "MAX_CURRENT")])
def test_power_and_current_are_met_a_tenth_below_and_exactly(unit: str, dimension: str) -> None:
    found = made(tariff(element({f"min_{unit}": 22, f"max_{unit}": 50}, ENERGY="0.30"), element(**REST)))
    for slug, limit, priced in ((f"min-{unit}", "22", (1, 0)), (f"max-{unit}", "50", (0, 1))):
        cdr, breakdown = read_back(found, f"e1-{slug}")
        loads = [next(d.volume for d in p.dimensions if d.type == dimension) for p in cdr.periods]
        here = loads.index(Decimal(limit))
        assert loads[here - 1] == Decimal(limit) - Decimal("0.1")
        seen = elements_by_start(cdr, breakdown, "ENERGY")
        assert (seen[here - 1][1], seen[here][1]) == priced


@pytest.mark.parametrize(
    ("dimension", "step", "unit"), [("ENERGY", 1000, 1), ("TIME", 600, 3600), ("PARKING_TIME", 7, 60)]
)
def test_steps_round_up_and_meet_a_multiple(dimension: str, step: int, unit: int) -> None:
    found = made(tariff(element(step=step, **{dimension: "0.30"})))
    name = "parking" if dimension == "PARKING_TIME" else dimension.lower()
    shown = {fact: m for m in found.made for fact in m.shows if "step_size" in fact}
    label = f"element 1: step_size {step} {'Wh' if dimension == 'ENERGY' else 's'}"
    assert set(shown) == {f"{label} rounds up", f"{label} meets an exact multiple"}, name
    for fact, one in shown.items():
        cdr = read_cdr(decode(encode(one.cdr))).cdr
        assert cdr is not None
        lines = [line for line in price(cdr).lines if line.dimension == dimension]
        assert bool([line for line in lines if line.why]) == ("rounds" in fact)


def test_limits_are_met_and_not_met() -> None:
    price_limits = {"min_price": {"excl_vat": 2}, "max_price": {"excl_vat": 30}}
    found = made(tariff(element(ENERGY="0.40"), **price_limits))
    shown = {fact: m for m in found.made for fact in m.shows if "_price" in fact}
    assert set(shown) == {
        *("min_price raises the total", "min_price changes nothing"),
        *("max_price caps the total", "max_price changes nothing"),
    }  # fmt: skip
    totals = {fact: one.cdr["total_cost"] for fact, one in shown.items()}
    assert totals["min_price raises the total"] == {"excl_vat": 2, "incl_vat": Decimal("2.38")}
    assert totals["max_price caps the total"] == {"excl_vat": 30, "incl_vat": Decimal("35.7")}


def test_reservations_are_used_and_expire() -> None:
    found = made(
        tariff(
            element({"reservation": "RESERVATION_EXPIRES"}, FLAT="4.00"),
            element({"reservation": "RESERVATION", "max_duration": 1800}, TIME="2.00"),
            element(ENERGY="0.40"),
        )
    )
    assert found.not_shown == ()
    _, expired = read_back(found, "e1-reserved-flat")
    assert {(line.dimension, line.element) for line in expired.lines} >= {("RESERVATION_FLAT", 0)}
    cdr, _ = read_back(found, "e1-reserved-flat")
    assert (cdr.session_id, cdr.location.evse_uid, cdr.total_time) == (None, "#NA", Decimal(0))
    cdr, used = read_back(found, "e2-max-duration")
    assert {(line.dimension, line.element) for line in used.lines} == {("RESERVATION_TIME", 1), ("ENERGY", 2)}
    assert cdr.session_id is not None
    assert [element for _, element in elements_by_start(cdr, used, "RESERVATION_TIME")] == [1, 1, None, None]


def test_a_reservation_that_costs_nothing_is_shown_as_well() -> None:
    found = made(tariff(element({"reservation": "RESERVATION_EXPIRES"}, FLAT="4.00"), element(ENERGY="0.40")))
    _, used = read_back(found, "reservation-used")
    assert {line.dimension for line in used.lines} == {"ENERGY"}


def test_a_flat_is_due_only_where_charging_begins() -> None:
    found = made(tariff(element({"start_time": "08:00", "end_time": "20:00"}, FLAT="1.00"), element(ENERGY="0.40")))
    assert [gap.what for gap in found.not_shown] == []
    for slug, due in (("e1-end-time-in", True), ("e1-end-time-out", False)):
        _, breakdown = read_back(found, slug)
        assert ("FLAT" in {line.dimension for line in breakdown.lines}) == due
    found = made(tariff(element({"min_duration": 3600}, FLAT="1.00"), element(ENERGY="0.40")))
    _, breakdown = read_back(found, "e1-flat")
    assert [line.element for line in breakdown.lines if line.dimension == "FLAT"] == [0]
    found = made(tariff(element({"max_duration": 3600}, FLAT="1.00"), element(ENERGY="0.40")))
    assert [(gap.path, gap.is_component) for gap in found.not_shown] == [
        ("$.elements[0].restrictions.max_duration", False)
    ]


NEVER: list[tuple[str, list[dict[str, Any]], str]] = [
    ("covered", [element(ENERGY="0.40"), element({"max_kwh": 5}, ENERGY="0.30")], "earlier elements price ENERGY"),
    ("impossible", [element({"min_kwh": 9, "max_kwh": 8}, TIME="1.00")], "min_kwh 9 is not below max_kwh 8"),
    ("no-moment", [element({"min_power": 9, "max_power": 8}, TIME="1.00")], "min_power 9 is not below max_power 8"),
    ("dates", [element({"start_date": "2026-02-01", "end_date": "2026-01-01"}, TIME="1.00")], "is not before end_date"),
    ("nothing-at-0", [element({"max_duration": 0}, TIME="1.00")], "no moment of a charge meets them"),
    ("twice", [{"price_components": [*element(TIME="1.00")["price_components"] * 2]}], "the first TIME of the element"),
    ("booking", [element({"booking": "X"}, FLAT="9.00"), element(ENERGY="0.40")], "Bookings module"),
    ("reserved", [element({"reservation": "RESERVATION"}, ENERGY="0.40")], "no ENERGY"),
    ("energy", [element({"reservation": "RESERVATION", "min_kwh": 1}, TIME="0.40")], "no energy flows"),
    ("flat", [element(FLAT="1.00"), element({"min_duration": 60}, FLAT="9.00")], "earlier elements price FLAT"),
    ("late", [element({"max_duration": 60}, FLAT="1.00"), element(FLAT="9.00")], "due once"),
    ("no-time", [element({"min_kwh": 1, "max_duration": 1}, TIME="1.00")], "never met together"),
]  # fmt: skip


@pytest.mark.parametrize(("elements", "why"), [pytest.param(*case[1:], id=case[0]) for case in NEVER])
def test_what_never_counts_is_told_with_the_reason(elements: list[dict[str, Any]], why: str) -> None:
    found = made(tariff(*elements))
    assert [why in gap.why for gap in found.never_used] == [True]
    assert found.never_used[0].path.startswith("$.elements[")


def test_dates_outside_the_validity_never_count() -> None:
    dates = {"start_date": "2027-05-01", "end_date": "2027-06-01"}
    found = made(
        tariff(
            element(dates, ENERGY="0.10"),
            element(ENERGY="0.40"),
            start_date_time="2026-01-01T00:00:00Z",
            end_date_time="2027-01-01T00:00:00Z",
        )
    )
    assert [gap.why for gap in found.never_used] == [
        "no day on which its restrictions are met lies within the validity of the tariff"
    ]
    assert all("2026-01-01" <= str(m.cdr["start_date_time"]) < "2027" for m in found.made)


def test_dates_before_the_first_day_are_found() -> None:
    found = made(tariff(element({"end_date": "2020-03-01"}, ENERGY="0.10"), element(ENERGY="0.40")))
    assert found.never_used == ()
    cdr, _ = read_back(found, "e1-energy")
    assert cdr.start is not None
    assert cdr.start.date() < date(2020, 3, 1)


def test_energy_fed_back_is_a_case_as_well() -> None:
    found = made(tariff(element({"min_kwh": 0}, ENERGY="0.10"), element(ENERGY="0.40")))
    cdr, breakdown = read_back(found, "e2-energy")
    assert [line.element for line in breakdown.lines][-1] == 1
    assert any(d.volume < 0 for p in cdr.periods for d in p.dimensions)


def test_what_the_tariff_itself_brings_about_is_told() -> None:
    """A FLAT before an hour and another after it: a charge of more than an hour meets both and pays the first."""
    found = made(
        tariff(
            element({"max_duration": 3600}, FLAT="1.00"), element({"min_duration": 3600}, FLAT="2.00", ENERGY="0.40")
        )
    )
    told = {m.id: m.findings for m in found.made if m.findings}
    assert set(told.values()) == {("later-flat-not-charged",)}
    assert any("e2-energy" in name for name in told)


def test_the_same_tariff_gives_the_same_bytes_and_count_limits() -> None:
    obj = tariff(element({"start_time": "08:00", "end_time": "20:00"}, ENERGY="0.30"), element(**REST))
    whole = [encode(m.cdr) for m in made(obj).made]
    assert whole == [encode(m.cdr) for m in made(obj).made]
    assert [encode(m.cdr) for m in made(obj, most=2).made] == whole[:2]
    assert [m.id[:6] for m in made(obj, first_number=41, most=2).made] == ["EV-041", "EV-042"]


@pytest.mark.parametrize("version", ["2.1.1", "2.2.1", "2.3.0"])
def test_each_version_in_its_own_form(version: str) -> None:
    obj = tariff(element({"start_time": "08:00", "end_time": "20:00"}, ENERGY="0.30", FLAT="1.00"), element(**REST))
    if version == "2.3.0":
        obj["tax_included"] = "YES"
    if version == "2.1.1":
        for one in obj["elements"]:
            for component in one["price_components"]:
                del component["vat"]
    found = made(obj, version)
    for one in found.made:
        read = read_cdr(decode(encode(one.cdr)))
        assert (read.version, read.findings) == (version, ())
        assert read.cdr is not None
        breakdown = price(read.cdr)
        assert [f for f in (*breakdown.findings, *verify(read.cdr, breakdown)) if f.severity != "I"] == []
        assert breakdown.time_zone == "Europe/Berlin"
        assert read.cdr.total_cost is not None
        assert (read.cdr.total_cost.excl_vat, read.cdr.total_cost.incl_vat) == tuple(
            None if side is None else side.quantize(Decimal("1E-12"))
            for side in (breakdown.total_cost.excl_vat, breakdown.total_cost.incl_vat)
        )


def test_power_in_2_1_1_is_told_by_the_mean_and_reservations_cannot_be() -> None:
    obj = {
        "id": "T",
        "currency": "EUR",
        "elements": [
            {"price_components": [{"type": "ENERGY", "price": Decimal("0.3")}], "restrictions": {"max_power": 22}},
            {"price_components": [{"type": "TIME", "price": 2}], "restrictions": {"reservation": "RESERVATION"}},
            {"price_components": [{"type": "ENERGY", "price": Decimal("0.5")}]},
        ],
    }
    found = made(obj, "2.1.1")
    assert {code for m in found.made for code in m.findings} == {"restriction-unverifiable"}
    assert [gap.why for gap in found.never_used] == ["a CDR of OCPI 2.1.1 cannot tell of a reservation"]
    assert all("POWER" not in encode(m.cdr["charging_periods"]) for m in found.made)
    assert {line.element for m in found.made for line in price(_cdr(m.cdr)).lines} == {0, 2}


def _cdr(obj: Any) -> Cdr:
    cdr = read_cdr(decode(encode(obj))).cdr
    assert cdr is not None
    return cdr


@pytest.mark.parametrize(("included", "sides"), [("NO", ("before_taxes",)), ("YES", ("before_taxes", "taxes"))])
def test_unknown_taxes_are_left_out_or_made_up_where_ocpi_asks_for_them(included: str, sides: tuple[str, ...]) -> None:
    components = [{"type": "TIME", "price": Decimal("2.1"), "step_size": 1}]
    found = made(tariff({"price_components": components}, tax_included=included, currency="CAD"), "2.3.0")
    total = found.made[0].cdr["total_cost"]
    assert isinstance(total, dict)
    assert tuple(total) == sides
    breakdown = price(_cdr(found.made[0].cdr))
    claim = _cdr(found.made[0].cdr).total_cost
    assert claim is not None
    known = (breakdown.total_cost.excl_vat, claim.excl_vat)
    if included == "YES":
        known = (breakdown.total_cost.incl_vat, claim.incl_vat)
    assert known[0] == known[1]


def test_what_ocpi_requires_and_the_tariff_lacks_is_filled_in() -> None:
    obj = {"currency": "EUR", "elements": [{"price_components": [{"type": "ENERGY", "price": 1}]}]}
    for version in ("2.2.1", "2.3.0"):
        one = made(obj, version).made[0]
        assert read_cdr(decode(encode(one.cdr)), version=version).findings == ()
    assert "id" not in obj


def test_zone_and_day_are_those_asked_for() -> None:
    obj = tariff(element({"start_time": "08:00", "end_time": "20:00"}, ENERGY="0.30"), element(**REST))
    found = made(obj, time_zone="America/New_York", first_day=date(2026, 11, 2))
    assert found.time_zone == "America/New_York"
    for one in found.made:
        cdr = _cdr(one.cdr)
        assert price(cdr).time_zone == "America/New_York"
        assert cdr.start is not None
        assert cdr.start.astimezone(ZoneInfo("America/New_York")).date() >= date(2026, 11, 2)
    with pytest.raises(UnknownTimeZone, match="no town"):
        made(obj, time_zone="Etc/GMT+12")


def test_ids_and_remarks_say_what_is_shown() -> None:
    obj = tariff(
        *(element({"max_kwh": n}, ENERGY=f"0.{n:02}", TIME="1.00", step=7) for n in range(1, 30)), element(**REST)
    )
    found = made(obj)
    assert len({m.id for m in found.made}) == len(found.made) > 60
    for one in found.made:
        assert len(one.id) <= 36
        remark = str(one.cdr["remark"])
        assert remark.startswith("Shows: ")
        assert len(remark) <= 255
        assert one.shows[0] in remark
        assert json.loads(encode(one.cdr), parse_float=Decimal)["id"] == one.id


def test_a_reservation_may_have_to_last() -> None:
    late = {"reservation": "RESERVATION", "min_duration": 900}
    found = made(tariff(element(late, TIME="2.00"), element(ENERGY="0.40")))
    assert found.not_shown == ()
    cdr, breakdown = read_back(found, "e1-reserved")
    assert [element for _, element in elements_by_start(cdr, breakdown, "RESERVATION_TIME")] == [None, 0, None]


def test_what_energy_of_four_decimals_cannot_show_is_told() -> None:
    """In 2.1.1 only the mean tells the power, and no mean lies between these limits."""
    narrow = element({"min_power": Decimal("11.00001"), "max_power": Decimal("11.00002")}, TIME="1.00")
    for one in narrow["price_components"]:
        del one["vat"]
    found = made(tariff(narrow), "2.1.1")
    assert [gap.why for gap in found.never_used] == [
        "no charge meets its restrictions together where earlier elements leave room"
    ]
