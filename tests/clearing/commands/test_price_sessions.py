"""evclear price for Sessions: provisional, by the tariffs given, until asked; and taxes kept apart in a claim."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from clearing.commands import main

SESSION: dict[str, Any] = {
    "id": "S1",
    "start_date_time": "2026-10-07T10:00:00Z",
    "kwh": 10,
    "currency": "EUR",
    "charging_periods": [
        {"start_date_time": "2026-10-07T10:00:00Z", "dimensions": [{"type": "ENERGY", "volume": 10}], "tariff_id": "T"}
    ],
    "total_cost": {"excl_vat": 3.5},
    "status": "ACTIVE",
    "last_updated": "2026-10-07T11:20:00Z",
}
TARIFF = {
    "id": "T",
    "currency": "EUR",
    "elements": [{"price_components": [{"type": "ENERGY", "price": 0.4, "step_size": 1}]}],
}


def _price(tmp_path: Path, records: list[Any], *words: str) -> Result:
    (tmp_path / "records.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")
    (tmp_path / "tariff.json").write_text(json.dumps(TARIFF), "utf-8")
    files = ["price", str(tmp_path / "records.jsonl"), "--tariff", str(tmp_path / "tariff.json")]
    return CliRunner().invoke(main, [*files, *words])


def test_a_session_beside_cdrs_is_one_line_and_stops_nothing(tmp_path: Path) -> None:
    cdr = {k: v for k, v in SESSION.items() if k not in ("kwh", "status")}
    cdr |= {"total_energy": 10, "end_date_time": "2026-10-07T12:00:00Z"}
    told = _price(tmp_path, [SESSION, cdr, {**SESSION, "charging_periods": []}], "--format", "jsonl")
    lines = [json.loads(line) for line in told.stdout.splitlines()]
    assert [line["total_cost"]["excl_vat"] for line in lines] == ["4", "4", None]
    assert [line["difference"]["excl_vat"] for line in lines] == ["-0.5", "-0.5", None]
    provisional = [[f["code"] for f in line["findings"] if f["code"] == "provisional-price"] for line in lines]
    assert provisional == [["provisional-price"], [], ["provisional-price"]]
    assert told.exit_code == 3


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_until_when_is_asked_by_as_of(tmp_path: Path, jobs: str) -> None:
    told = _price(tmp_path, [SESSION], "--as-of", "2026-10-07T12:30:00Z", "--jobs", jobs)
    assert told.stdout.splitlines()[1] == "  so far   4 excl. VAT, 4 incl. VAT EUR"
    assert "priced until 2026-10-07 12:30:00 UTC (as asked); only its CDR is billed" in told.stdout
    assert told.exit_code == 0


def test_an_instant_that_is_none_is_wrong_use(tmp_path: Path) -> None:
    assert _price(tmp_path, [SESSION], "--as-of", "noon").exit_code == 2


def test_taxes_of_a_claim_are_told_one_by_one(tmp_path: Path) -> None:
    taxes = [{"name": "GST", "amount": 0.2, "percentage": 5}, {"name": "QST", "amount": 0.399}, {"amount": 0.01}]
    told = _price(tmp_path, [{**SESSION, "total_cost": {"before_taxes": 4, "taxes": taxes}}], "--ocpi-version", "2.3.0")
    assert told.stdout.splitlines()[2:6] == [
        "  claimed  4 excl. VAT, 4.609 incl. VAT   difference 0 excl. VAT, unknown incl. VAT",
        "    of it  GST 5 %: 0.2",
        "    of it  QST: 0.399",
        "    of it  a tax without a name: 0.01",
    ]
