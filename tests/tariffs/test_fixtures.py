"""Every case of fixtures/tariffs gives exactly its amounts, quantities and findings."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tariffs import price, verify
from tariffs.ocpi import decode, read_cdr, read_tariff

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "tariffs"
VERSIONS = {"v211": "2.1.1", "v230": "2.3.0"}
CASES = sorted(path.parent.name for path in FOLDER.glob("*/expected.json"))


def test_there_are_cases() -> None:
    assert len(CASES) >= 20


@pytest.mark.parametrize("name", CASES)
def test_case(name: str) -> None:
    expected: dict[str, Any] = json.loads((FOLDER / name / "expected.json").read_text("utf-8"))
    read = read_cdr(decode((FOLDER / name / "cdr.json").read_bytes()))
    tariff = read_tariff(decode((FOLDER / name / "tariff.json").read_bytes()), version=read.version)
    assert read.version == VERSIONS.get(name[:4], "2.2.1")
    assert [[f.code for f in of.findings] for of in (read, tariff)] == [expected.get("reading", [])] * 2
    assert read.cdr is not None
    assert tariff.tariff is not None
    found = price(read.cdr, tariffs=[tariff.tariff])
    for key, amounts in expected.items():
        if key.startswith("total_"):
            cost = getattr(found, key)
            assert (key, cost.excl_vat, cost.incl_vat) == (
                key,
                *(amounts[s] if amounts[s] is None else Decimal(amounts[s]) for s in ("excl_vat", "incl_vat")),
            )
    for quantity, amount in expected.get("billed", {}).items():
        assert (quantity, getattr(found.billed, quantity)) == (quantity, Decimal(amount))
    assert found.time_zone == expected.get("time_zone")
    assert list(found.tariff_ids) == expected.get("tariff_ids", list(found.tariff_ids))
    assert sorted(f.code for f in found.findings) == expected["findings"]
    assert read.cdr.total_cost is not None
    for side in ("excl_vat", "incl_vat"):
        claimed, computed = getattr(read.cdr.total_cost, side), getattr(found.total_cost, side)
        assert claimed == computed or computed is None or (claimed is None and side == "incl_vat"), side
    assert verify(read.cdr, found) == ()
