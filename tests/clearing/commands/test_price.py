"""evclear price: one answer per record in input order, the fixed JSON line, the fixed exit codes."""

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from clearing.commands.price import price

ROOT = Path(__file__).resolve().parents[3]
CASES = ROOT / "fixtures" / "tariffs"
KEYS = (
    "schema record where cdr_id ocpi_version credit currency time_zone tariff_ids total_cost total_energy_cost "
    "total_time_cost total_parking_cost total_fixed_cost total_reservation_cost billed claimed difference findings"
).split()


def _run(*arguments: str | Path, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(price, [str(a) for a in arguments], input=stdin)


def _lines(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def _case(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((CASES / name / "cdr.json").read_text("utf-8"))
    return found


@pytest.fixture
def many(tmp_path: Path) -> Path:
    path = tmp_path / "cdrs.jsonl"
    good, credit = json.dumps(_case("start-fee-and-energy")), json.dumps(_case("credit"))
    path.write_text(f'{good}\n{{"id": broken\n[]\n{credit}\n{{"id": 7, "total_cost": {{"excl_vat": 3}}}}\n', "utf-8")
    return path


def test_every_record_gives_one_line_with_all_keys_in_input_order(many: Path) -> None:
    result = _run(many, "--format", "jsonl")
    lines = _lines(result)
    assert [list(line) for line in lines] == [KEYS] * 5
    assert [(line["record"], line["where"]) for line in lines] == [(n, f"{many}:{n}") for n in range(1, 6)]
    assert [line["cdr_id"] for line in lines] == ["F01", None, None, "F01-C", "7"]
    assert [line["total_cost"]["excl_vat"] for line in lines] == ["5.1", None, None, "-5.1", None]
    assert [line["credit"] for line in lines] == [False, False, False, True, False]
    assert lines[0]["difference"] == {"excl_vat": "0", "incl_vat": "0"}
    assert lines[4]["claimed"] == {"excl_vat": "3", "incl_vat": None}
    assert set(lines[1]["billed"].values()) == {None}
    assert [f["code"] for f in lines[1]["findings"]] == ["malformed-record"]
    assert result.exit_code == 3
    assert "3 of 5 CDRs" in result.stderr


def test_json_is_one_object_of_the_same_lines(many: Path) -> None:
    whole = json.loads(_run(many, "--format", "json").stdout)
    assert whole == {"schema": "evclear.price/1", "records": _lines(_run(many, "--format", "jsonl"))}
    empty = many.parent / "empty.json"
    empty.write_text("[]")
    assert json.loads(_run(empty, "--format", "json").stdout)["records"] == []


def test_text_shows_what_a_person_can_recalculate() -> None:
    result = _run(CASES / "parking-in-steps" / "cdr.json")
    assert result.exit_code == 0
    for words in ("F03", "11.1 excl. VAT, 12.57 incl. VAT EUR", "45 min", "4.8 /h", "step_size 300 s", "difference 0"):
        assert words in result.stdout
    assert "no price" in _run(CASES / "tariff-given-beside" / "cdr.json").stdout


def test_several_processes_give_the_same_bytes(many: Path) -> None:
    many.write_bytes(many.read_bytes() * 100)
    one, two = (_run(many, "--format", "jsonl", "--jobs", jobs) for jobs in ("1", "2"))
    assert one.stdout == two.stdout
    assert (one.exit_code, two.exit_code, len(one.stdout.splitlines())) == (3, 3, 500)


def test_arrays_envelopes_gzip_and_standard_input(tmp_path: Path) -> None:
    cdr = _case("start-fee-and-energy")
    (tmp_path / "a.json").write_text(json.dumps([cdr, cdr]))
    (tmp_path / "e.json.gz").write_bytes(gzip.compress(json.dumps({"status_code": 1000, "data": [cdr]}).encode()))
    lines = _lines(_run(tmp_path / "a.json", tmp_path / "e.json.gz", "-", "--format", "jsonl", stdin=b'{"id":"x"}'))
    assert [Path(line["where"]).name for line in lines] == ["a.json#1", "a.json#2", "e.json.gz#1", "-:1"]
    assert [line["record"] for line in lines] == [1, 2, 3, 4]


def test_a_file_that_cannot_be_used_is_4_and_the_others_are_taken(many: Path) -> None:
    (many.parent / "bad.json").write_text("no JSON at all")
    for bad in ("none.json", "bad.json"):
        result = _run(many.parent / bad, CASES / "credit" / "cdr.json", "--format", "jsonl")
        assert (result.exit_code, len(_lines(result))) == (4, 1)
        assert "unreadable-file" in result.stderr


def test_a_given_tariff_stands_in_and_an_override_wins(tmp_path: Path) -> None:
    cdr, tariff = (CASES / "tariff-given-beside" / f"{name}.json" for name in ("cdr", "tariff"))
    assert _run(cdr).exit_code == 3
    assert _lines(_run(cdr, "--tariff", tariff, "--format", "jsonl"))[0]["total_cost"]["excl_vat"] == "5.4"
    other = CASES / "start-fee-and-energy" / "cdr.json"
    stands = _lines(_run(other, "--tariff", tariff, "--format", "jsonl"))[0]
    wins = _lines(_run(other, "--tariff", tariff, "--tariff-override", "--format", "jsonl"))[0]
    assert (stands["total_cost"]["excl_vat"], wins["total_cost"]["excl_vat"]) == ("5.1", "6.75")
    assert [f["code"] for f in wins["findings"]] == ["tariff-overridden"]
    envelope = tmp_path / "t.json"
    envelope.write_text(json.dumps({"data": [json.loads(tariff.read_text())], "status_code": 1000}))
    assert _run(cdr, "--tariff", envelope).exit_code == 0


USAGE = {
    "no file": [],
    "override without tariff": ["x.json", "--tariff-override"],
    "no such zone": ["x.json", "--time-zone", "Mars/Olympus"],
    "no such version": ["x.json", "--ocpi-version", "3.0"],
    "no such format": ["x.json", "--format", "xml"],
    "no jobs": ["x.json", "--jobs", "0"],
}


@pytest.mark.parametrize("arguments", USAGE.values(), ids=USAGE)
def test_usage_errors_are_2(arguments: list[str]) -> None:
    assert _run(*arguments).exit_code == 2


def test_a_tariff_file_that_cannot_be_used_is_4(tmp_path: Path) -> None:
    cdr = CASES / "credit" / "cdr.json"
    (tmp_path / "t.json").write_text('{"id": "T", "currency": "EUR", "elements": "none"}')
    for path in (tmp_path / "t.json", tmp_path / "none.json"):
        result = _run(cdr, "--tariff", path)
        assert (result.exit_code, result.stdout) == (4, "")
    two = tmp_path / "two.json"
    two.write_text(json.dumps([_case("credit")["tariffs"][0]] * 2))
    assert _run(cdr, "--tariff", two, "--tariff-override").exit_code == 2


def test_the_zone_that_is_stated_wins() -> None:
    cdr = CASES / "window-over-midnight" / "cdr.json"
    berlin, utc = (
        _lines(_run(cdr, "--format", "jsonl"))[0],
        _lines(_run(cdr, "--time-zone", "UTC", "--format", "jsonl"))[0],
    )
    assert (berlin["time_zone"], utc["time_zone"]) == ("Europe/Berlin", "UTC")
    assert berlin["total_cost"] != utc["total_cost"]


def test_the_version_is_detected_or_named_and_said(tmp_path: Path) -> None:
    old = {**_case("credit"), "total_cost": 4.5, "credit": False}
    (tmp_path / "old.json").write_text(json.dumps(old))
    line = _lines(_run(tmp_path / "old.json", "--format", "jsonl"))[0]
    assert (line["ocpi_version"], line["total_cost"]) == ("2.1.1", {"excl_vat": "5.1", "incl_vat": None})
    named = _lines(_run(CASES / "credit" / "cdr.json", "--ocpi-version", "2.3.0", "--format", "jsonl"))[0]
    assert (named["ocpi_version"], named["total_cost"]) == ("2.3.0", {"excl_vat": "-5.1", "incl_vat": "-5.67"})
    assert named["claimed"] == {"excl_vat": None, "incl_vat": None}


def test_a_tariff_given_beside_is_read_as_the_version_of_the_cdr(tmp_path: Path) -> None:
    plain = {"id": "T", "currency": "EUR", "elements": [{"price_components": [{"type": "ENERGY", "price": 0.5}]}]}
    with_vat = {**plain, "elements": [{"price_components": [{"type": "ENERGY", "price": 0.5, "vat": 20}]}]}
    cdr = _case("start-fee-and-energy")
    del cdr["tariffs"]
    del cdr["charging_periods"][0]["tariff_id"]
    (tmp_path / "new.json").write_text(json.dumps(cdr))
    (tmp_path / "old.json").write_text(json.dumps({**cdr, "total_cost": 4.5}))
    told = {}
    for name, tariff in (("plain", plain), ("vat", with_vat)):
        (tmp_path / "tariff.json").write_text(json.dumps(tariff))
        for version in ("old", "new"):
            run = _run(tmp_path / f"{version}.json", "--tariff", tmp_path / "tariff.json", "--format", "jsonl")
            told[name, version] = tuple(_lines(run)[0]["total_cost"].values())
    assert told == {
        ("plain", "old"): ("7.5", None), ("plain", "new"): ("7.5", "7.5"),
        ("vat", "old"): ("7.5", "9"), ("vat", "new"): ("7.5", "9"),
    }  # fmt: skip


def test_texts_that_cannot_be_printed_do_no_harm(tmp_path: Path) -> None:
    (tmp_path / "odd.json").write_text('{"id": "\\ud800\\u001b[31m", "x\\u0007": 1}')
    assert _run(tmp_path / "odd.json").exit_code == 3
    line = _lines(_run(tmp_path / "odd.json", "--format", "jsonl"))[0]
    assert line["cdr_id"].endswith("[31m")


def test_a_closed_pipe_prints_no_traceback(many: Path) -> None:
    many.write_bytes(many.read_bytes() * 2000)
    command = [sys.executable, "-c", "from clearing.commands.price import price; price()", str(many)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)}
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""


def test_the_text_says_which_side_of_taxes_a_line_makes() -> None:
    lines = {
        "v230-taxes-included": ["1.2  with 20 % VAT", "5.5  with 10 % VAT", "1.2"],
        "v230-cap-decides-the-taxes": ["6.3  with taxes", "-0.55  with taxes  (the max_price of the tariff)"],
        "v230-taxes-added-later": ["0", "6"],
        "v211-power-by-the-mean": ["10", "2.4"],
    }
    for case, ends in lines.items():
        text = _run(CASES / case / "cdr.json").stdout
        shown = [line.partition(" = ")[2].strip() for line in text.splitlines() if " = " in line]
        assert (case, shown) == (case, ends)


def test_an_array_is_priced_like_its_lines(tmp_path: Path) -> None:
    """The bulk way takes records of any layout and passes on what it does not know; a broken one keeps its place."""
    cases = sorted((Path(__file__).parents[3] / "fixtures" / "tariffs").glob("*/cdr.json"))
    cdrs = [json.loads(path.read_text("utf-8"), parse_float=str) for path in cases]
    assert len(cdrs) > 20
    texts = [path.read_text("utf-8") for path in cases]
    (tmp_path / "cdrs.json").write_text("[" + ",\n".join([*texts, "7"]) + "]", encoding="utf-8")
    (tmp_path / "cdrs.jsonl").write_text("\n".join([" ".join(text.split("\n")) for text in texts] + ["7"]), "utf-8")
    told = []
    for name in ("cdrs.json", "cdrs.jsonl"):
        ran = CliRunner().invoke(price, ["--format", "jsonl", str(tmp_path / name)])
        told.append([{**json.loads(line), "where": ""} for line in ran.stdout.splitlines()])
        assert ran.exit_code == 3
    assert len(told[0]) == len(cdrs) + 1
    assert told[0] == told[1]
