"""evclear differences: each claim that differs with its causes, each CPO with its method, the fixed exit codes."""

import json
from decimal import ROUND_UP, Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from clearing.commands.differences import differences

THREE = Path(__file__).resolve().parents[3] / "fixtures" / "differences" / "three-claims" / "cdrs.jsonl"


def _run(*arguments: str | Path, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(differences, [str(a) for a in arguments], input=stdin)


def _records() -> list[dict[str, Any]]:
    return [json.loads(line, parse_float=Decimal) for line in THREE.read_text("utf-8").splitlines()]


def _lines(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def _written(path: Path, records: list[Any]) -> Path:
    path.write_text("".join(json.dumps(record, default=str) + "\n" for record in records), "utf-8")
    return path


def _rounding_up(count: int) -> list[dict[str, Any]]:
    """Charges at 0.39, rounded up; every fourth is of whole cents and differs in nothing."""
    base, found = _records()[2], []
    for number in range(count):
        kwh = Decimal(10) if number % 4 == 0 else Decimal(10) + Decimal(number) / 1000
        net = kwh * Decimal("0.39")
        claim = net.quantize(Decimal("0.01"), ROUND_UP)
        period = base["charging_periods"][0] | {"dimensions": [{"type": "ENERGY", "volume": kwh}]}
        total = {"excl_vat": claim}
        told = {"id": f"U{number}", "charging_periods": [period], "total_energy": kwh, "total_cost": total}
        found.append(base | told)
    return found


def test_each_claim_that_differs_has_a_line_with_all_its_causes() -> None:
    result = _run("--format", "jsonl", THREE)
    first, second, third, partner = _lines(result)
    assert [(line["cdr_id"], line["record"], line["where"]) for line in (first, second, third)] == [
        ("D1", 1, f"{THREE}:1"),
        ("D2", 2, f"{THREE}:2"),
        ("D3", 3, f"{THREE}:3"),
    ]
    assert first["causes"][0]["reading"] == "as-decided"
    assert "period-half-up/1" in first["causes"][0]["rounding"]
    assert first["totals"] == [
        {
            "total": "total_cost",
            "claimed": {"excl_vat": "3.23", "incl_vat": "3.84"},
            "computed": {"excl_vat": "3.22296", "incl_vat": "3.8353224"},
            "difference": {"excl_vat": "0.00704", "incl_vat": "0.0046776"},
        }
    ]
    assert [(c["reading"], c["words"], c["detail"], c["decision"], c["money"]) for c in second["causes"]] == [
        (
            "parking-as-time",
            "counts parking as charging time",
            None,
            None,
            {"excl_vat": "-1", "incl_vat": "-1.185"},
        )
    ]
    assert (third["explained"], third["causes"]) == (False, [])
    assert (partner["schema"], partner["cpo"], partner["currency"]) == ("evclear.method/1", "DE*EVC", "EUR")
    assert (partner["differing"], partner["explained"], partner["unexplained"]) == (3, 2, 1)
    assert (partner["money"], partner["unexplained_money"], partner["methods"]) == ("-0.45296", "0.54", [])
    assert result.exit_code == 3
    assert result.stderr == "3 CDRs: 3 with another claim, 1 of these unexplained, 0 without a price\n"


def test_json_is_one_object_of_the_same_lines() -> None:
    whole, lines = json.loads(_run("--format", "json", THREE).stdout), _lines(_run("--format", "jsonl", THREE))
    assert whole == {"schema": "evclear.differences/1", "records": lines[:3], "partners": lines[3:]}


def test_nothing_that_differs_is_an_empty_list_and_0(tmp_path: Path) -> None:
    record = _records()[2] | {"total_cost": {"excl_vat": 3.9, "incl_vat": 4.641}}
    path = _written(tmp_path / "c.jsonl", [record])
    whole = json.loads(_run("--format", "json", path).stdout)
    assert (whole["records"], whole["partners"][0]["differing"]) == ([], 0)
    result = _run(path)
    assert result.stdout == (
        "DE*EVC in EUR: 0 of 1 claims are not the computed price, 0.00 EUR in all (claimed less computed)\n\n"
    )
    assert result.exit_code == 0
    assert result.stderr == "1 CDR: 0 with another claim, 0 of these unexplained, 0 without a price\n"


def test_a_method_is_named_with_its_counts_and_money(tmp_path: Path) -> None:
    records = _rounding_up(40)
    claimed = sum((r["total_cost"]["excl_vat"] for r in records), Decimal(0))
    more = claimed - sum((r["total_energy"] * Decimal("0.39") for r in records), Decimal(0))
    path = _written(tmp_path / "c.jsonl", records)
    text = _run(path)
    [method] = [line for line in text.stdout.splitlines() if line.startswith("  method")]
    money = f"{more.quantize(Decimal('0.0001')).normalize():f}"
    assert method.startswith(f"  method      rounds up per charge: 30 of 30 differences, {money} EUR  [charge-up/1, ")
    assert text.exit_code == 0
    partner = _lines(_run("--format", "jsonl", path))[-1]
    [told] = partner["methods"]
    assert (told["reading"], told["rounding"][0], told["claims"], told["of"]) == ("as-decided", "charge-up/1", 30, 30)
    assert told["money"] == partner["money"] == f"{more.normalize():f}"


def test_several_processes_say_the_same(tmp_path: Path) -> None:
    path = _written(tmp_path / "c.jsonl", _rounding_up(420))
    one, two = _run("--format", "jsonl", path), _run("--format", "jsonl", "--jobs", "2", path)
    assert one.stdout == two.stdout
    assert one.exit_code == two.exit_code == 0


def test_each_cpo_and_currency_is_added_up_by_itself(tmp_path: Path) -> None:
    base = _records()[2]
    franc = base | {"currency": "CHF", "tariffs": [base["tariffs"][0] | {"currency": "CHF"}]}
    nameless = {key: value for key, value in base.items() if key != "party_id"}
    path = _written(tmp_path / "c.jsonl", [nameless, franc, base | {"party_id": "AAA"}])
    partners = [line for line in _lines(_run("--format", "jsonl", path)) if line["schema"] == "evclear.method/1"]
    assert [(p["cpo"], p["currency"]) for p in partners] == [("DE*AAA", "EUR"), ("DE*EVC", "CHF"), ("unknown", "EUR")]


def test_without_a_price_or_a_claim_there_is_nothing_to_explain(tmp_path: Path) -> None:
    base = _records()[2]
    records = [{**base, "tariffs": []}, {key: value for key, value in base.items() if key != "total_cost"}]
    path = _written(tmp_path / "c.jsonl", records)
    path.write_text(path.read_text("utf-8") + "{broken\n", "utf-8")
    result = _run(path)
    assert result.exit_code == 3
    assert result.stderr == "3 CDRs: 0 with another claim, 0 of these unexplained, 2 without a price\n"
    assert "  2 more CDRs have no claim or no price to compare\n" in result.stdout


def test_parts_that_differ_and_causes_that_are_not_said(tmp_path: Path) -> None:
    record = _records()[0] | {"total_energy_cost": {"excl_vat": 3.5}, "total_time_cost": {"excl_vat": 0}}
    out = _run(_written(tmp_path / "c.jsonl", [record])).stdout
    assert "  total_energy_cost: claims 3.50 excl. VAT, unknown incl. VAT, computed 3.22296 excl. VAT" in out
    assert "total_time_cost" not in out
    assert ", but not the parts  [" in out
    assert "(--format json names them)" in out


def test_a_cause_that_needs_an_unusual_rounding_names_it(tmp_path: Path) -> None:
    """Parking as time makes 4.5005, which is 4.51 only when rounded up."""
    record = _records()[1]
    tariff = record["tariffs"][0]
    components = tariff["elements"][0]["price_components"]
    dearer = [components[0] | {"price": Decimal("3.0003")}, components[1]]
    tariff = tariff | {"elements": [{"price_components": dearer}]}
    changed = record | {"tariffs": [tariff], "total_cost": {"excl_vat": 4.51}}
    out = _run(_written(tmp_path / "c.jsonl", [changed])).stdout
    assert "  cause     the CPO counts parking as charging time and rounds up per charge  [charge-up/1, " in out


@pytest.mark.parametrize(("currency", "amount"), [("JPY", "by        5.1 "), ("KWD", "by        5.100 ")])
def test_amounts_have_the_decimals_of_their_currency(currency: str, amount: str, tmp_path: Path) -> None:
    base = _records()[2]
    tariffs = [base["tariffs"][0] | {"currency": currency}]
    record = base | {"currency": currency, "tariffs": tariffs, "total_cost": {"excl_vat": 9}}
    assert amount in _run(_written(tmp_path / "c.jsonl", [record])).stdout


def test_whole_amounts_of_a_currency_without_cents_have_none(tmp_path: Path) -> None:
    base = _records()[2]
    tariffs = [base["tariffs"][0] | {"currency": "JPY"}]
    record = base | {"currency": "JPY", "tariffs": tariffs, "total_cost": {"excl_vat": 9}}
    assert "  claims    9 excl. VAT, unknown incl. VAT JPY\n" in _run(_written(tmp_path / "c.jsonl", [record])).stdout


def test_a_missing_file_is_4_and_the_others_are_taken(tmp_path: Path) -> None:
    result = _run(tmp_path / "none.jsonl", THREE)
    assert result.exit_code == 4
    assert "unreadable-file: " in result.stderr
    assert "D3  " in result.stdout


def test_stdin_and_the_options_of_price(tmp_path: Path) -> None:
    tariff = tmp_path / "tariff.json"
    record = _records()[2]
    tariff.write_text(json.dumps(record["tariffs"][0] | {"id": "OTHER"}, default=str), "utf-8")
    result = _run("-", "--tariff", tariff, "--tariff-override", stdin=json.dumps(record, default=str).encode())
    assert result.stdout.startswith("D3  -:1  DE*EVC\n")
    assert _run(THREE, "--time-zone", "Mars/Olympus").exit_code == 2


def test_letters_that_steer_a_terminal_are_not_printed(tmp_path: Path) -> None:
    out = _run(_written(tmp_path / "c.jsonl", [_records()[2] | {"id": "\u001b[31mred"}])).stdout
    assert "\u001b" not in out
    assert out.startswith("?[31mred  ")
