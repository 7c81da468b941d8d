"""What is remembered between records is bounded, and forgetting it changes no answer."""

import json
from collections.abc import Sized
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tariffs import Cdr, PriceComponent, Tariff, TariffElement, plan, taxes
from tariffs.ocpi import decode, decoding, read_cdr, v221, v221_tariff
from tariffs.tariff import Taxes

ENERGY = TariffElement((PriceComponent("ENERGY", Decimal(1)),))


def _tariffs(count: int) -> list[Tariff]:
    return [Tariff(f"T{number}", "EUR", (ENERGY,)) for number in range(count)]


def test_plans_are_kept_by_tariff_and_forgotten_when_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "_KEPT", 3)
    plan._plans.clear()
    tariffs = _tariffs(7)
    first = plan.plan_of(tariffs[0])
    assert plan.plan_of(tariffs[0]) is first
    for tariff in tariffs:
        assert plan.plan_of(tariff).tariff is tariff
        assert len(plan._plans) <= 3
    assert plan.plan_of(tariffs[0]) is not first
    plan._plans[id(tariffs[1])] = first  # as if the id of a tariff that is gone were given again
    assert plan.plan_of(tariffs[1]).tariff is tariffs[1]


def test_a_plan_forgotten_within_a_charge_changes_nothing(making: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """One FLAT is no later FLAT, whether or not its plan is still the one it was first found in."""
    first = making.tariff(making.component("FLAT", "0.50"), making.component("ENERGY", "1"), id="A")
    other = making.tariff(making.component("ENERGY", "2"), id="B")
    periods = [(f"1{hour}:00", {"ENERGY": 1, "tariff_id": name}) for hour, name in enumerate("ABA")]
    cdr = making.cdr(*periods, end="13:00")
    before = making.priced(cdr, first, other)
    monkeypatch.setattr(plan, "_KEPT", 1)
    plan._plans.clear()
    after = making.priced(cdr, first, other)
    assert making.total(before) == "4.5"
    assert before.findings == after.findings


def test_a_new_plan_is_not_kept() -> None:
    plan._plans.clear()
    tariff = _tariffs(1)[0]
    made = plan.new_plan(tariff)
    assert made.tariff is tariff
    assert plan._plans == {}
    assert plan.plan_of(tariff) is not made


def test_tariffs_beside_2_1_1_are_kept_and_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taxes, "_KEPT", 3)
    taxes._open.clear()
    tariffs = _tariffs(7)
    first = taxes.leaving_vat_open(tariffs[0])
    assert taxes.leaving_vat_open(tariffs[0]) is first
    for tariff in tariffs:
        assert taxes.leaving_vat_open(tariff) == replace(tariff, taxes=Taxes.UNSTATED)
        assert len(taxes._open) <= 3
    assert taxes.leaving_vat_open(tariffs[0]) is not first
    taxes._open[id(tariffs[1])] = (tariffs[0], first)
    assert taxes.leaving_vat_open(tariffs[1]).id == "T1"


def _record(number: int, *, elements: int = 3, **more: Any) -> bytes:
    tariff = {"id": f"TARIFF-{number}", "currency": "EUR", "remark": "x" * 160, "elements": [
        {"price_components": [{"type": "ENERGY", "price": 0.5, "vat": 19.0, "step_size": 1}]}] * elements}  # fmt: skip
    return json.dumps({"id": f"C{number}", "tariffs": [tariff], **more}).encode()


@pytest.fixture(autouse=True)
def _forgotten() -> None:
    for kept in (decoding._seen, decoding._known, decoding._shared):
        kept.clear()


def _sizes() -> tuple[int, int]:
    return len(decoding._seen), sum(map(len, decoding._known.values()))


def test_texts_of_tariffs_are_forgotten_when_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "_MOST_TEXTS", 3)
    for number in range(8):
        for _ in range(3):
            record = _record(number)
            assert decode(record) == decode(record.decode())
            assert max(_sizes()) <= 3
    assert _sizes()[1] > 0
    assert len(decoding._shared) == _sizes()[1]


def test_a_text_too_long_to_be_kept_is_decoded_each_time() -> None:
    record = _record(1, elements=2000)
    assert len(record) > decoding._LONGEST_TEXT
    for _ in range(3):
        assert decode(record) == decode(record.decode())
    assert _sizes() == (1, 0)


def _read(number: int) -> Cdr | None:
    location = {
        **{"id": f"L{number}", "address": "A", "city": "B", "country": "DEU", "evse_uid": "E", "evse_id": "DE*ABC*E1"},
        **{"coordinates": {"latitude": "52.5", "longitude": "13.4"}, "connector_id": "1"},
        **{"connector_standard": "IEC_62196_T2", "connector_format": "SOCKET", "connector_power_type": "AC_3_PHASE"},
    }
    return read_cdr(decode(_record(number, cdr_location=location)), version="2.2.1").cdr


def test_places_are_forgotten_when_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(v221, "_PLACES_KEPT", 3)
    v221._places.clear()
    _bounded(v221._places)


def test_tariffs_read_once_are_forgotten_when_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(v221_tariff, "_KEPT", 3)
    for kept in (v221_tariff.DIALECT.known, v221_tariff.DIALECT.of_shared):
        kept.clear()
    _bounded(v221_tariff.DIALECT.known, v221_tariff.DIALECT.of_shared)


def _bounded(*kept: Sized) -> None:
    """Each of eight records is read five times: always as the first time, and never more than three are kept."""
    first = [_read(number) for number in range(8)]
    for number in range(8):
        for _ in range(5):
            assert _read(number) == first[number]
            assert all(len(one) <= 3 for one in kept)
    assert all(kept)
