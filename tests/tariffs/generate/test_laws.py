"""Laws of made-up CDRs, on random tariffs, our own cases and those from outside: all that can count counts, cleanly."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from agreement import disagreements
from breaking import BREAKS, break_rule
from sessions import Session, session

from tariffs import Tariff, price, verify
from tariffs.generate import Generated, generate
from tariffs.ocpi import decode, encode, read_cdr, read_tariff

ROOT = Path(__file__).resolve().parents[3]
OUTSIDE = ROOT.parent / "shared"
FORCED = {
    "later-flat-not-charged": "a charge that lasts meets two FLATs",
    "threshold-near-miss": "two kWh thresholds lie within a thousandth",
    "restriction-unverifiable": "OCPI cannot say the power: 2.1.1, and during reservations",
    "period-straddles-limit": "only a load on both sides of a limit is met by no element",
    "booking-element-not-priced": "the tariff has elements of the Bookings module",
    "unknown-restriction": "the tariff has a restriction that OCPI does not know",
}
"""What a tariff itself brings about, and by what."""
PARTS = {"FLAT", "ENERGY", "TIME", "PARKING_TIME", "RESERVATION_TIME", "RESERVATION_FLAT"}


@cache
def random_tariffs(seed: int) -> tuple[dict[str, Any], ...]:
    drawn = session(seed)
    cdr: Any = decode(drawn.cdr)
    found = [decode(text) for text in drawn.tariffs] or cdr.get("tariffs") or []
    return tuple(obj for obj in found if isinstance(obj, dict)) if isinstance(found, list) else ()


def read(obj: dict[str, Any], version: str) -> Tariff | None:
    found = read_tariff(obj, version=version).tariff
    return found if found is not None and found.elements else None


def check(obj: dict[str, Any], tariff: Tariff, version: str, zone: str | None) -> Generated:
    """All laws about the CDRs for one tariff; the components in use are those of the prices of what was written."""
    found = generate(obj, tariff, version=version, time_zone=zone)
    used: set[tuple[int, str]] = set()
    strange = {f.code for f in read_tariff(obj, version=version).findings if f.severity != "I"} - {"incomplete-record"}
    for one in found.made:
        back = read_cdr(decode(encode(one.cdr)), version=version)
        assert back.cdr is not None
        breakdown = price(back.cdr)
        told = {
            f.code for f in (*back.findings, *breakdown.findings, *verify(back.cdr, breakdown)) if f.severity != "I"
        }
        assert told - strange == set(one.findings), one.id
        assert set(one.findings) <= set(FORCED), one.id
        _claims_its_price(back.cdr.total_cost, breakdown.total_cost)
        used.update((line.element, line.dimension) for line in breakdown.lines if line.element >= 0)
    every = {
        (index, component.type): f"$.elements[{index}].price_components[{place}]"
        for index, element in enumerate(tariff.elements)
        for place, component in reversed([*enumerate(element.components)])
    }
    shown = {every[index, dimension.replace("RESERVATION_", "")] for index, dimension in used}
    never = {gap.path for gap in found.never_used}
    assert shown | never >= set(every.values())
    assert not shown & never
    assert all(len(gap.why) > 20 for gap in found.not_shown)
    return found


def _claims_its_price(claim: Any, cost: Any) -> None:
    assert claim is not None
    for claimed, computed in ((claim.excl_vat, cost.excl_vat), (claim.incl_vat, cost.incl_vat)):
        if computed is not None:
            assert abs(claimed - computed) <= Decimal("5E-13")


@pytest.mark.parametrize("first", [0, *(pytest.param(n, marks=pytest.mark.slow) for n in range(5, 200, 5))])
def test_random_tariffs(first: int) -> None:
    tariffs = 0
    for seed in range(first, first + 5):
        for obj in random_tariffs(seed):
            version = session(seed).version
            tariff = read(obj, version)
            if tariff is not None:
                check(obj, tariff, version, session(seed).zone)
                tariffs += 1
    assert tariffs >= 3


@pytest.mark.parametrize("first", [0, *(pytest.param(n, marks=pytest.mark.slow) for n in range(20, 200, 20))])
def test_what_is_said_never_to_count_is_met_by_no_random_charge(first: int) -> None:
    """Charges that know nothing of the generator use no component that it calls unused."""
    looked = 0
    for seed in range(first, first + 20):
        drawn, tariffs = session(seed), random_tariffs(seed)
        cdr = read_cdr(decode(drawn.cdr), version=drawn.version).cdr
        tariff = read(tariffs[0], drawn.version) if len(tariffs) == 1 else None
        if cdr is None or tariff is None or any(p.tariff_id is None for p in cdr.periods if tariff.id):
            continue
        breakdown = price(cdr, tariffs=[tariff], time_zone=drawn.zone)
        if {"restriction-unverifiable", "tariff-not-valid-at-start"} & {f.code for f in breakdown.findings}:
            continue
        found = generate(tariffs[0], tariff, version=drawn.version, time_zone=drawn.zone)
        never = {(gap.element, gap.what) for gap in found.never_used}
        met = {(line.element, line.dimension.replace("RESERVATION_", "")) for line in breakdown.lines}
        duplicates = {(i, c.type) for i, e in enumerate(tariff.elements) for c in e.components if _is_twice(e, c.type)}
        assert not (met & never) - duplicates, seed
        looked += bool(never)
    assert looked >= 1


def _is_twice(element: Any, kind: str) -> bool:
    return [c.type for c in element.components].count(kind) > 1


def test_a_second_pricer_agrees_on_every_cdr() -> None:
    compared = 0
    for seed in range(4):
        for obj in random_tariffs(seed):
            version, zone = session(seed).version, session(seed).zone
            tariff = read(obj, version)
            if tariff is not None and all(not e.restrictions.unknown for e in tariff.elements):
                for one in generate(obj, tariff, version=version, time_zone=zone, most=12).made:
                    assert disagreements(Session(seed, encode(one.cdr), (), zone, version)) == [], (seed, one.id)
                    compared += 1
    assert compared >= 30


def _from_folder(folder: Path) -> Iterator[Any]:
    if not folder.exists():
        yield pytest.param(None, id="missing", marks=pytest.mark.skip(reason=f"no {folder.name} beside this checkout"))
        return
    for path in sorted(folder.rglob("tariff*.json")):
        yield pytest.param(path, id=f"{path.parent.name}/{path.name}")


@pytest.mark.parametrize(
    "path",
    [
        *_from_folder(ROOT / "fixtures"),
        *_from_folder(OUTSIDE / "conformance" / "tariffs"),
        *_from_folder(OUTSIDE / "examples"),
    ],
)
def test_tariffs_of_files(path: Path) -> None:
    objects: Any = decode(path.read_bytes())
    objects = objects.get("data", objects) if isinstance(objects, dict) else objects
    for obj in objects if isinstance(objects, list) else [objects]:
        text = str(path)
        version = "2.1.1" if "211" in text or "2.1.1" in text else "2.3.0" if _is_230(obj, text) else "2.2.1"
        tariff = read(obj, version)
        if tariff is not None:
            check(obj, tariff, version, None)


def _is_230(obj: dict[str, Any], path: str) -> bool:
    return "230" in path or "2.3.0" in path or "tax_included" in obj


RICH = b"""[
{"country_code": "DE", "party_id": "EVC", "id": "CLOCK", "currency": "EUR", "last_updated": "2026-01-05T00:00:00Z",
 "min_price": {"excl_vat": 1.50, "incl_vat": 1.80}, "max_price": {"excl_vat": 20, "incl_vat": 23}, "elements": [
  {"price_components": [{"type": "ENERGY", "price": 0.20, "vat": 19, "step_size": 1}],
   "restrictions": {"start_date": "2026-02-03", "end_date": "2026-02-05"}},
  {"price_components": [{"type": "ENERGY", "price": 0.30, "vat": 19, "step_size": 500},
                        {"type": "PARKING_TIME", "price": 4, "vat": 19, "step_size": 300}],
   "restrictions": {"start_time": "22:00", "end_time": "06:00"}},
  {"price_components": [{"type": "TIME", "price": 3, "vat": 7, "step_size": 600}],
   "restrictions": {"start_time": "18:00", "end_time": "00:00", "day_of_week": ["MONDAY", "FRIDAY"]}},
  {"price_components": [{"type": "FLAT", "price": 0.5, "vat": 19, "step_size": 1},
                        {"type": "ENERGY", "price": 0.45, "vat": 19, "step_size": 1},
                        {"type": "TIME", "price": 2, "vat": 7, "step_size": 900}]}]},
{"country_code": "DE", "party_id": "EVC", "id": "USE", "currency": "EUR", "last_updated": "2026-01-05T00:00:00Z",
 "elements": [
  {"price_components": [{"type": "ENERGY", "price": 0.35, "vat": 19, "step_size": 1}],
   "restrictions": {"day_of_week": ["SATURDAY"]}},
  {"price_components": [{"type": "ENERGY", "price": 0.20, "vat": 19, "step_size": 1}], "restrictions": {"max_kwh": 10}},
  {"price_components": [{"type": "ENERGY", "price": 0.25, "vat": 19, "step_size": 1}], "restrictions": {"min_kwh": 30}},
  {"price_components": [{"type": "TIME", "price": 5, "step_size": 1}], "restrictions": {"max_duration": 1800}},
  {"price_components": [{"type": "TIME", "price": 6, "step_size": 1}], "restrictions": {"min_duration": 7200}},
  {"price_components": [{"type": "PARKING_TIME", "price": 6, "step_size": 60}], "restrictions": {"min_duration": 600}},
  {"price_components": [{"type": "ENERGY", "price": 0.40, "vat": 19, "step_size": 1},
                        {"type": "TIME", "price": 1, "step_size": 1}]}]},
{"country_code": "DE", "party_id": "EVC", "id": "LOAD", "currency": "EUR", "last_updated": "2026-01-05T00:00:00Z",
 "elements": [
  {"price_components": [{"type": "ENERGY", "price": 0.30, "vat": 19, "step_size": 1}],
   "restrictions": {"max_power": 22, "max_current": 20}},
  {"price_components": [{"type": "ENERGY", "price": 0.60, "vat": 19, "step_size": 1}],
   "restrictions": {"min_power": 50, "min_current": 100}},
  {"price_components": [{"type": "FLAT", "price": 4, "vat": 19, "step_size": 1}],
   "restrictions": {"reservation": "RESERVATION_EXPIRES"}},
  {"price_components": [{"type": "TIME", "price": 2, "vat": 19, "step_size": 600}],
   "restrictions": {"reservation": "RESERVATION"}},
  {"price_components": [{"type": "ENERGY", "price": 0.40, "vat": 19, "step_size": 1}]}]}]"""
UNSEEN = {
    "equal times never match": "no window of a whole day in these tariffs",
    "equal starts count for each other": "periods follow each other",
    "durations from the CDR's start": "the CDR starts with its first period",
    "a minimum looks at the highest load": "loads are steady",
    "a maximum looks at the lowest load": "loads are steady",
    "mean power ignored": "power is stated",
    "unsorted periods stay as they are": "periods are in order",
    "snapping without the wall clock": "volumes are those of the wall clock",
    "FLAT of the last period": "a second FLAT that becomes active would be objected to",
    "minimum for an unused reservation": "the tariff with reservations has no min_price",
}
"""Rules that charges made by the book do not touch."""
PRICING = [b for b in BREAKS[: next(n for n, b in enumerate(BREAKS) if b[0] == "minimum for an unused reservation")]]
marks = count()


@cache
def rich() -> tuple[str, ...]:
    objects: Any = decode(RICH)
    found = []
    for obj in objects:
        tariff = read(obj, "2.2.1")
        assert tariff is not None
        made = check(obj, tariff, "2.2.1", None)
        assert made.never_used == ()
        found.extend(encode(one.cdr) for one in made.made)
    return tuple(found)


@pytest.mark.parametrize(("rule", "name", "breaking"), [pytest.param(*b, id=b[0]) for b in PRICING])
def test_a_pricer_with_a_broken_rule_is_found_out(rule: str, name: str, breaking: Callable[[Any], Any]) -> None:
    """What the CDRs are for: someone else's pricer that gets one rule wrong disagrees with at least one of them."""
    alt_url = f'"tariff_alt_url": "https://example.com/made-up-{next(marks)}", "elements": '
    sessions = [Session(0, text.replace('"elements": ', alt_url), (), None, "2.2.1") for text in rich()]
    with pytest.MonkeyPatch.context() as monkeypatch:
        break_rule(monkeypatch, name, breaking)
        seen = any(map(disagreements, sessions))
    assert seen != (rule in UNSEEN)


def test_another_process_makes_the_same_bytes() -> None:
    program = (
        "import sys; from tariffs.generate import generate; from tariffs.ocpi import decode, encode, read_tariff\n"
        "for obj in decode(sys.stdin.buffer.read()):\n"
        "    for one in generate(obj, read_tariff(obj).tariff).made: print(encode(one.cdr))"
    )
    told = [
        subprocess.run(
            [sys.executable, "-c", program],
            input=RICH,
            capture_output=True,
            cwd=ROOT,
            env={"PYTHONHASHSEED": seed},
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert told[0] == told[1]
    assert told[0].decode().splitlines() == list(rich())
