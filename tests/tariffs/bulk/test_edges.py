"""Where the bulk way ends: each record here meets one bound, and both ways say the same."""

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import shapes
from librt.strings import BytesWriter
from test_same_lines import compare

from tariffs.answers import PricingOptions, read_value
from tariffs.bulk import builtin, loops
from tariffs.bulk.instants import LocalTime
from tariffs.bulk.known import Known, KnownTexts
from tariffs.bulk.layouts import Layouts
from tariffs.bulk.lines import LinePricer
from tariffs.bulk.numbers import Unusual
from tariffs.bulk.pricer import BulkPricer
from tariffs.bulk.sheet import Sheet
from tariffs.ocpi import decode, read_tariff
from tariffs.plan import plan_of

Json = dict[str, Any]
ENERGY = {"price_components": [{"type": "ENERGY", "price": 0.5, "vat": 19, "step_size": 1}]}
TIME = {"price_components": [{"type": "TIME", "price": 3, "step_size": 60}]}


def charge(*elements: Json, **more: object) -> Json:
    """One CDR of an hour, as a dict."""
    made: Json = json.loads(next(iter(shapes.lines(shapes.SHAPES[0], 1))))
    made |= {"start_date_time": "2026-10-07T10:00:00Z", "end_date_time": "2026-10-07T11:00:00Z", "total_time": 1}
    made["total_parking_time"] = 0
    made["last_updated"] = made["end_date_time"]
    made["charging_periods"] = [
        {
            "start_date_time": "2026-10-07T10:00:00Z",
            "dimensions": [{"type": "ENERGY", "volume": 10}, {"type": "TIME", "volume": 1}],
        }
    ]
    made["total_energy"] = 10
    if elements:
        made["tariffs"][0]["elements"] = list(elements)
    return made | more


def share(*records: Json) -> float:
    """Both ways alike; the share of the bulk way."""
    return compare([json.dumps(record).encode() for record in records], PricingOptions())


def test_an_ordinary_charge_is_for_the_bulk_way() -> None:
    assert share(charge(ENERGY), charge(TIME), charge(ENERGY, TIME)) == 1


@pytest.mark.parametrize("periods", [[], [{"start_date_time": "2026-10-07T10:00:00Z", "dimensions": []}]])
def test_no_periods_or_no_volumes(periods: list[Json]) -> None:
    assert share(charge(ENERGY, charging_periods=periods)) == 0


@pytest.mark.parametrize("value", [7, [], "text", None])
def test_what_is_no_object(value: object) -> None:
    read = read_value(value, PricingOptions())
    assert (read.cdr, read.cdr_id, [f.code for f in read.findings]) == (None, None, ["malformed-record"])


def test_time_alone() -> None:
    only = [{"start_date_time": "2026-10-07T10:00:00Z", "dimensions": [{"type": "TIME", "volume": 1}]}]
    assert share(charge(TIME, charging_periods=only, total_energy=0)) == 1
    assert share(charge(ENERGY, charging_periods=only, total_energy=0)) == 0


def test_less_time_than_its_parts() -> None:
    early = charge(ENERGY, start_date_time="2026-10-07T09:00:00Z")
    assert share(early, charge(ENERGY, total_time=0.95)) == 0.5


def test_a_limit_that_bites_leaves_the_parts_alone() -> None:
    limited = charge(ENERGY, total_energy_cost={"excl_vat": 5, "incl_vat": 5.95})
    limited["total_cost"] = {"excl_vat": 8, "incl_vat": 9.52}
    limited["tariffs"][0]["min_price"] = {"excl_vat": 8, "incl_vat": 9.52}
    without = charge(ENERGY)
    without["tariffs"][0]["min_price"] = {"excl_vat": 8}
    capped = charge(ENERGY)
    capped["tariffs"][0]["max_price"] = {"excl_vat": 2.5, "incl_vat": 2.75}
    assert share(limited, capped) == 1
    assert share(without) == 0


def test_tariffs_of_other_versions_and_short_ones() -> None:
    taxed = charge(ENERGY)
    taxed["tariffs"][0]["tax_included"] = "NO"
    short = charge()
    short["tariffs"] = [{"id": "T"}]
    nothing = charge()
    nothing["tariffs"] = []
    assert share(taxed, short, nothing, charge(ENERGY, cdr_location={"id": "L"})) == 0


def test_many_thresholds() -> None:
    few = [{**ENERGY, "restrictions": {"min_kwh": n / 100, "max_kwh": n / 100 + 0.005}} for n in range(100)]
    many = [{**ENERGY, "restrictions": {"min_kwh": n, "max_kwh": n + 0.5}} for n in range(300)]
    assert share(charge(*few, ENERGY), charge(*many, ENERGY)) == 0


def test_a_claim_that_is_not_the_sum_of_its_parts() -> None:
    part = {"excl_vat": 5, "incl_vat": 5.95}
    right = charge(ENERGY, total_energy_cost=part, total_cost=part)
    wrong = charge(ENERGY, total_energy_cost=part, total_cost={"excl_vat": 5.02})
    assert share(right, wrong) == 0.5


def test_more_combinations_than_are_worth_looking_at() -> None:
    hours = [
        {**ENERGY, "restrictions": {"start_time": f"{h:02}:00", "end_time": f"{h + 1:02}:00"}} for h in range(9, 18)
    ]
    kwh = [{**ENERGY, "restrictions": {"max_kwh": n}} for n in range(1, 10)]
    made = charge(*hours, *kwh, ENERGY, end_date_time="2026-10-07T18:00:00Z", total_time=8)
    assert share(made) == 0


def test_a_long_charge_over_many_weekdays() -> None:
    weekend = {**ENERGY, "restrictions": {"day_of_week": ["SATURDAY", "SUNDAY"]}}
    long = charge(weekend, ENERGY, end_date_time="2026-10-09T11:00:00Z", total_time=49)
    over_midnight = charge(weekend, ENERGY, end_date_time="2026-10-08T01:00:00Z", total_time=15)
    dated = charge({**ENERGY, "restrictions": {"end_date": "2026-12-01"}}, end_date_time="2026-10-08T01:00:00Z")
    assert share(long) == 0
    assert share(over_midnight) == 1
    assert share(dated | {"total_time": 15}) == 0


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25"])
def test_clocks_that_change_within_a_period(day: str) -> None:
    """The bulk way looks at no clock change that a time of day of the tariff is near to."""

    def through(start: str, end: str, window: tuple[str, str]) -> Json:
        night = {**ENERGY, "restrictions": {"start_time": window[0], "end_time": window[1]}}
        made = charge(night, {"price_components": [{"type": "ENERGY", "price": 0.7, "step_size": 1}]})
        made |= {"start_date_time": f"{day}T{start}:00Z", "end_date_time": f"{day}T{end}:00Z"}
        made["last_updated"] = made["end_date_time"]
        made["charging_periods"][0]["start_date_time"] = made["start_date_time"]
        return made

    for start, end in (("00:30", "01:30"), ("00:00", "01:00"), ("00:10", "01:10")):
        assert share(through(start, end, ("22:00", "06:00"))) == 1
        assert share(through(start, end, ("22:00", "02:15"))) == 0
        assert share(through(start, end, ("22:00", "02:45"))) == 0


def test_clocks_that_are_not_at_a_quarter_of_an_hour() -> None:
    night = {**ENERGY, "restrictions": {"start_time": "22:07", "end_time": "06:01"}}
    assert share(charge(night, ENERGY), charge(night, TIME)) == 1


def test_places_and_tariffs_are_forgotten_when_there_are_too_many() -> None:
    texts = KnownTexts(None, most_texts=2, most_places=2)
    places = [json.dumps(charge()["cdr_location"] | {"id": f"L{n}"}).encode() for n in range(5)]
    assert [texts.place(place, 0, len(place)).length for place in places] == [len(place) for place in places]
    assert len(texts.places) == 1
    long = json.dumps(charge()["cdr_location"] | {"address": "x" * 200_001}).encode()
    with pytest.raises(Unusual):
        texts.place(long, 0, len(long))
    owners = [b"[" + shapes.simple(n).text.encode() + b"]" for n in range(5)]
    for owner in owners:
        known = texts.tariffs(owner, 0, len(owner))
        assert known.text == owner
    assert sum(len(chain(known)) for known in texts.by_head.values()) == 1


def chain(known: Known | None) -> list[Known]:
    found: list[Known] = []
    while known is not None:
        found.append(known)
        known = known.next
    return found


def test_many_tariffs_that_begin_alike() -> None:
    texts = KnownTexts(None)
    alike = [
        json.dumps([{**json.loads(shapes.simple(1).text), "last_updated": f"2026-01-05T08:{n // 60:02}:{n % 60:02}Z"}])
        for n in range(70)
    ]
    for owner in (*alike, *alike):
        known = texts.tariffs(owner.encode(), 0, len(owner))
        assert known.text == owner.encode()
    assert [len(chain(known)) for known in texts.by_head.values()] == [64]
    recent = [known.text for known in chain(next(iter(texts.by_head.values())))]
    assert recent == [owner.encode() for owner in alike[:-65:-1]]


def test_more_currencies_than_there_are() -> None:
    tariff = read_tariff(decode(shapes.simple(1).text.encode())).tariff
    assert tariff is not None
    for number in range(1001):
        made = Sheet(plan_of(replace(tariff, currency=f"X{number}")))
        assert made.currency == f'X{number}"'.encode()


def test_elements_without_end() -> None:
    night = {**ENERGY, "restrictions": {"start_time": "22:07", "end_time": "06:01"}}
    assert share(charge(*[night] * 59, ENERGY)) == 1
    assert share(charge(*[night] * 60, ENERGY)) == 0


def test_more_days_than_anyone_sees() -> None:
    local = LocalTime(ZoneInfo("Europe/Berlin"))
    first = date(1970, 1, 3)
    for day in range(20_010):
        text = f'{first + timedelta(days=day)}T12:00:00Z"  '.encode()
        at = (day + 2) * 86_400 + 43_200
        assert tuple(loops.instant(text, 0)) == builtin.instant(text, 0) == (at, 20)
        if day % 400 == 0 or day > 20_000:
            assert local.at(at) - at in (3600, 7200)


def test_more_days_than_a_zone_keeps() -> None:
    local = LocalTime(ZoneInfo("UTC"))
    assert all(local.at(day * 86_400) == day * 86_400 for day in range(20_010))


def test_what_is_priced_is_said_in_the_words_of_the_sender() -> None:
    data = b"?" + json.dumps(charge(ENERGY, id="Ä{|}~ß"), ensure_ascii=False).encode() + b"?"
    out = BytesWriter()
    assert BulkPricer().put(out, data, 1, len(data) - 1, 7, b'"x', 9)
    told = json.loads(out.getvalue())
    assert (told["cdr_id"], told["record"], told["where"]) == ("Ä{|}~ß", 7, "x9")


def test_a_record_of_any_layout() -> None:
    wide, narrow = json.dumps(charge(ENERGY), indent=2).encode(), json.dumps(charge(ENERGY)).encode()
    pricer = LinePricer(PricingOptions())
    assert pricer.one(wide, 1, "x") == pricer.one(narrow, 1, "x")
    assert (pricer.count, pricer.whole_way) == (2, 0)
    other = LinePricer(PricingOptions(version="2.3.0"))
    assert json.loads(other.one(narrow, 1, "x"))["ocpi_version"] == "2.3.0"
    assert other.whole_way == 1


def test_more_periods_than_there_is_room_for() -> None:
    def many(count: int) -> Json:
        periods = [
            {"start_date_time": f"2026-10-07T10:{n // 60:02}:{n % 60:02}Z",
             "dimensions": [{"type": "ENERGY", "volume": 0.1}]}
            for n in range(count)
        ]  # fmt: skip
        return charge(ENERGY, charging_periods=periods, total_energy=count / 10)

    assert share(many(400), many(401)) == 0.5


def test_numbers_beyond_the_bounds() -> None:
    """What 64 bits may not hold is for the engine, in each of its places."""
    dear = {"price_components": [{"type": "ENERGY", "price": 10_001, "step_size": 1}]}
    taxed = {"price_components": [{"type": "ENERGY", "price": 1, "vat": 101, "step_size": 1}]}
    coarse = {"price_components": [{"type": "ENERGY", "price": 1, "step_size": 10_000_001}]}
    much = {"price_components": [{"type": "ENERGY", "price": 2_501, "step_size": 1}]}
    two = {"price_components": [{"type": kind, "price": 1_300, "step_size": 1} for kind in ("ENERGY", "TIME")]}
    two["price_components"][1]["price"] = 13_000
    limited = charge(ENERGY)
    limited["tariffs"][0]["max_price"] = {"excl_vat": 25_001}
    claimed = charge(ENERGY, total_cost={"excl_vat": 25_000.01})
    full = charge(ENERGY, total_energy=100_001)
    full["charging_periods"][0]["dimensions"][0]["volume"] = 100_001
    endless = {"price_components": [{"type": "ENERGY", "price": 1, "step_size": 10**30}]}
    assert share(*map(charge, (dear, taxed, coarse, endless, much, two)), limited, claimed, full) == 0
    assert share(charge(ENERGY, total_cost={"excl_vat": 25_000})) == 1


def test_a_sum_beyond_the_bounds() -> None:
    """Each period within, all of them beyond."""
    half = [
        {"start_date_time": f"2026-10-07T10:{minute}:00Z", "dimensions": [{"type": "ENERGY", "volume": 60_000}]}
        for minute in ("00", "30")
    ]
    free = {"price_components": [{"type": "ENERGY", "price": 0, "step_size": 1}]}
    cheap = {"price_components": [{"type": "TIME", "price": 1, "step_size": 1}]}
    records = [charge(one, charging_periods=half, total_energy=120_000) for one in (free, cheap)]
    assert share(*records) == 0


def test_a_total_beyond_the_bounds() -> None:
    """Each part within, all of them beyond; or one dimension at two taxes."""
    prices = [{"type": "ENERGY", "price": 2_000, "step_size": 1}, {"type": "FLAT", "price": 9_000, "step_size": 1}]
    low = [{"type": "ENERGY", "price": 2_000, "vat": 19, "step_size": 1}]
    high = [{"type": "ENERGY", "price": 2_000, "vat": 7, "step_size": 1}]
    elements = [{"price_components": low, "restrictions": {"max_kwh": 10}}, {"price_components": high}]
    halves = [
        {"start_date_time": f"2026-10-07T10:{minute}:00Z", "dimensions": [{"type": "ENERGY", "volume": 10}]}
        for minute in ("00", "30")
    ]
    taxes = charge(*elements, charging_periods=halves, total_energy=20)
    assert share(charge({"price_components": prices}), taxes) == 0
    for one in (low, high):
        one[0]["price"] = 200
    prices[0]["price"] = 200
    taxes = charge(*elements, charging_periods=halves, total_energy=20)
    assert share(charge({"price_components": prices}), taxes) == 1


def test_what_ends_before_it_starts() -> None:
    assert share(charge(ENERGY, end_date_time="2026-10-07T09:00:00Z", last_updated="2026-10-07T11:00:00Z")) == 0


def test_tariffs_of_the_same_name() -> None:
    made = charge(ENERGY)
    other = {**made["tariffs"][0], "id": "OTHER"}
    twice = charge(ENERGY, tariffs=[*made["tariffs"], other, other])
    for record in (made, twice):
        record["charging_periods"][0]["tariff_id"] = record["tariffs"][0]["id"]
    named = json.loads(json.dumps(twice))
    named["charging_periods"][0]["tariff_id"] = "OTHER"
    assert share(made, twice) == 1
    assert share(named) == 0


def test_what_comes_after_a_record() -> None:
    good = json.dumps(charge(ENERGY, remark="ß"), ensure_ascii=False).encode()
    assert compare([good + b" x", good + b" x"], PricingOptions()) == 0
    assert compare([good + b" \r", b"\t" + good], PricingOptions()) == 1
    cut = good[: good.index("ß".encode()) + 2]
    assert compare([good, cut], PricingOptions()) == 0.5


def test_texts_that_need_a_second_look() -> None:
    good = charge(ENERGY, remark="Straße")
    odd = [charge(ENERGY, remark=text) for text in ("a\\b", 'a"b', "zero\u200bwidth", "\x7f")]
    raw = [json.dumps(one, ensure_ascii=False).encode() for one in (good, *odd)]
    assert compare(raw, PricingOptions()) == pytest.approx(0.2)
    assert compare([raw[0].replace("ß".encode(), b"\xff")], PricingOptions()) == 0


def test_layouts_are_not_learned_without_end() -> None:
    layouts = Layouts(most_steps=3)
    assert layouts.learn(b'{"id": "a", "party_id": "b", "country_code": "c"}')
    assert not layouts.learn(b'{"party_id": "b"}')


@pytest.mark.parametrize(
    "text",
    [
        *(b"", b"[]", b"{", b'{"id"', b'{"id" 1}', b'{"id": "a" "b"}', b'{"id": n}', b'{"id": fals}', b'{"id": "a\t"}'),
        *(b'{"total_energy": -x}', b'{"cdr_location": {"a": 1', b'{"charging_periods": [{}]}', b'{"tariffs": {}}'),
        *(b'{"charging_periods": [{"dimensions": [{"type": "EN', b'{"charging_periods": [{"dimensions": [{"type": 1'),
        *(b'{"charging_periods": [{"tariff_id": "a"}]}', b'{"charging_periods": [{"dimensions": [{"volume": 1}]}]}'),
        *(b'{"charging_periods": [1]}', b'{"charging_periods": {}}', b'{"total_cost": {"incl_vat": 1}}'),
        b'{"charging_periods": [{"start_date_time": "a", "dimensions": [{"type": "ENERGY", "volume": 1}]}, 1]}',
        *(b'{"charging_periods": [{"dimensions": [{"type": "ENERGY", "volume": 1}, 1]}]}', b'{"\\u0069d": "a"}'),
    ],
)
def test_layouts_of_what_is_no_ordinary_cdr(text: bytes) -> None:
    """Nothing is raised, and the record itself goes the whole way."""
    Layouts().learn(text)
    assert compare([text or b"x"], PricingOptions()) == 0


def test_a_layout_for_the_engine_hides_no_other() -> None:
    """A number where a text is meant, or a flag that is set: the next record may be ordinary all the same."""
    good = json.dumps(charge(ENERGY, meter_id="M", credit=False)).encode()
    spoilt = [
        good.replace(*change)
        for change in (
            (b'"M"', b"7"), (b'"M"', b'"\\u00df"'), (b'"M"', b"nul"), (b": false", b": true"), (b": 10,", b": 1e1,"),
            (b'"id"', b'"ID"'), (b'"meter_id"', b'"meter"'), (b'"ENERGY"', b'"ENERGI"'),
            (b'"volume": 10', b'"volume": "10"'),
        )
    ]  # fmt: skip
    for one in spoilt:
        assert one != good
        assert compare([one, good], PricingOptions()) == 0.5


def test_a_place_that_its_reader_reports_is_read_once() -> None:
    odd = json.dumps(charge()["cdr_location"] | {"city": None, "unheard_of": 1}).encode()
    texts = KnownTexts(None)
    for _ in range(3):
        with pytest.raises(Unusual):
            texts.place(odd, 0, len(odd))
    assert texts.places[odd].is_for_engine
