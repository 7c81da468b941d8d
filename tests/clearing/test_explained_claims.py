"""What a run says about a claim that differs: what makes it, and nothing where the agreed rounding makes it."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from small_market import OCTOBER, Market, cdr

from clearing import ingest_files

EXACT = 'tolerance = { money = "0", money_percent = "0", energy_kwh = "0.05", energy_percent = "0.5", time_s = "60" }'
FIRST = 'set_off = false\npurchase_order = "4500012345"'


def charge(number: int, claimed: str, kwh: str = "20.01", **changes: Any) -> Any:
    """20.01 kWh at 0.405 are 8.10405."""
    return cdr("DE*SWM", "DE*FAH", f"E{number}", f"2026-10-0{number + 1}T09:00", kwh=kwh, claimed=claimed, **changes)


def opened(book: Path, *more: str) -> Market:
    market = Market.open(book)
    market.edit(FIRST, "\n".join((FIRST, *more)))
    return market


def test_the_message_says_what_makes_the_claim(tmp_path: Path) -> None:
    market = opened(tmp_path / "book")
    market.both("c.jsonl", charge(1, "9.99"), charge(2, "7.29", kwh="20"), charge(3, "12.15", total_energy=30))
    market.run(OCTOBER)
    found = market.findings(OCTOBER)
    assert found["price-claim-differs E1"].message == (
        "The CPO claims 9.99 EUR, tariff T1 makes 8.10405 EUR; "
        "unexplained: no other way to round or to read the tariff makes it"
    )
    assert found["price-claim-differs E2"].message == (
        "The CPO claims 7.29 EUR, tariff T1 makes 8.10 EUR; explained by: the CPO gives a discount of 10 %"
    )
    assert found["price-claim-differs E3"].message.endswith(
        "explained by: the CPO prices total_energy, not the energy of the periods"
    )


def test_without_an_agreed_rounding_a_rounded_claim_differs(tmp_path: Path) -> None:
    market = opened(tmp_path / "book", EXACT)
    market.both("c.jsonl", charge(1, "8.11"), charge(2, "8.10"))
    market.run(OCTOBER)
    found = market.findings(OCTOBER)
    assert "makes 8.10405 EUR; explained by: the CPO rounds up per charge" in found["price-claim-differs E1"].message
    assert "rounds half up per charge" in found["price-claim-differs E2"].message


def test_a_claim_by_the_agreed_rounding_is_no_difference(tmp_path: Path) -> None:
    market = opened(tmp_path / "book", EXACT, 'claim_rounding = "charge-up/1"')
    market.both("c.jsonl", charge(1, "8.11"), charge(2, "8.10"))
    market.run(OCTOBER)
    assert [name for name in market.findings(OCTOBER) if "price" in name] == ["price-claim-differs E2"]
    assert market.report(OCTOBER)["DE*SWM>DE*FAH"]["billed"] == {"records": 1, "kwh": "20.01", "claimed": "8.11"}


def test_the_agreed_rounding_holds_for_prices_including_unknown_taxes(tmp_path: Path) -> None:
    """OCPI 2.3.0: 20.01 x 0.405 = 8.10405 including taxes that the tariff does not state."""
    sent = charge(1, "6.81")
    sent["total_cost"] = {"before_taxes": 6.81, "taxes": [{"name": "VAT", "amount": 1.3}]}
    sent["tariffs"] = [sent["tariffs"][0] | {"tax_included": "YES"}]
    market = opened(tmp_path / "book", EXACT, 'claim_rounding = "charge-up/1"')
    market.both("c.jsonl", sent)
    market.run(OCTOBER)
    assert [name for name in market.findings(OCTOBER) if "price" in name] == []


@pytest.mark.parametrize("rounding", ["", 'claim_rounding = "charge-up/1"'])
def test_beyond_a_bound_only_the_agreed_rounding_is_looked_for(
    rounding: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    market = opened(tmp_path / "book", EXACT, rounding)
    market.both("c.jsonl", charge(0, "8.11"), charge(1, "9.99"), charge(2, "9.98"), charge(3, "8.11"))
    market.run(OCTOBER)
    before = market.findings(OCTOBER)
    monkeypatch.setattr("clearing.facts._MOST_EXPLAINED", 1)
    market.run(OCTOBER)
    after = market.findings(OCTOBER)
    assert {name: f.id for name, f in after.items()} == {name: f.id for name, f in before.items()}
    assert ("price-claim-differs E3" in after) is not bool(rounding)
    # what the agreed rounding makes is no claim that differs, and takes no place among those that are looked into
    assert ("price-claim-differs E0" in after) is not bool(rounding)
    assert ("unexplained" in after["price-claim-differs E1"].message) is bool(rounding)
    assert after["price-claim-differs E2"].message.endswith(
        "so do many others of this pair: evclear differences FILE says why"
    )


def test_which_are_explained_does_not_depend_on_the_order_of_delivery(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clearing.facts._MOST_EXPLAINED", 1)
    told = []
    for name, order in (("one", (1, 2)), ("other", (2, 1))):
        market = opened(tmp_path / name)
        for number in order:
            market.both(f"c{number}.jsonl", charge(number, "9.99"))
        market.run(OCTOBER)
        told.append({name: f.message for name, f in market.findings(OCTOBER).items()})
    assert told[0] == told[1]
    assert Decimal("9.99") == market.findings(OCTOBER)["price-claim-differs E1"].held


def test_a_claim_by_another_version_of_the_published_tariff(tmp_path: Path) -> None:
    """T1 cost 0.405 when the charge was made, and 0.455 since a later version: 20 kWh are 9.10."""
    sent = charge(1, "9.10", kwh="20")
    [embedded] = sent.pop("tariffs")
    later = json.loads(json.dumps(embedded), parse_float=Decimal)
    later["elements"][0]["price_components"][0]["price"] = "0.455"
    later["last_updated"] = "2026-10-05T12:00:00Z"
    market = opened(tmp_path / "book")
    path = tmp_path / "tariffs.json"
    for tariff in (embedded, later):
        path.write_text(json.dumps(tariff), "utf-8")
        ingest_files(market.book, "tariff", [path])
    market.both("c.jsonl", sent)
    market.run(OCTOBER)
    assert market.findings(OCTOBER)["price-claim-differs E1"].message.endswith(
        "explained by: the CPO prices by another version of the tariff (T1 of 2026-10-05)"
    )
