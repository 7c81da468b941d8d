"""evclear explain: input and exit codes of price, one explanation a record, in both languages and three forms."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from clearing.commands.explain import explain

ROOT = Path(__file__).resolve().parents[3]
CASES = ROOT / "fixtures" / "tariffs"
EXAMPLES = ROOT.parent / "shared" / "examples"


def _run(*arguments: str | Path, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(explain, [str(a) for a in arguments], input=stdin)


def _case(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((CASES / name / "cdr.json").read_text("utf-8"))
    return found


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """A good CDR, a broken line, a credit, and a CDR that lacks everything."""
    path = tmp_path / "cdrs.jsonl"
    good, credit = json.dumps(_case("start-fee-and-energy")), json.dumps(_case("credit"))
    path.write_text(f'{good}\n{{"id": broken\n{credit}\n{{"id": 7, "total_cost": {{"excl_vat": 3}}}}\n', "utf-8")
    return path


def test_text_in_english_and_german() -> None:
    cdr = CASES / "parking-in-steps" / "cdr.json"
    english, german = _run(cdr), _run(cdr, "--lang", "de")
    assert (english.exit_code, german.exit_code) == (0, 0)
    assert english.stdout.startswith(f"{cdr}:1\nCDR F03 (OCPI 2.2.1)\nThe charge costs 11.10 EUR excl. VAT")
    assert "9000 s x 3.00 EUR/h / 3600 = 7.50 EUR" in english.stdout
    assert "9000 s x 3,00 EUR/h / 3600 = 7,50 EUR" in german.stdout
    assert "07.10.2026 06:00 UTC" in german.stdout


def test_markdown() -> None:
    result = _run(CASES / "parking-in-steps" / "cdr.json", "--format", "markdown")
    assert result.stdout.startswith("# CDR F03 (OCPI 2.2.1)\n\n**The charge costs 11.10 EUR")
    assert "Before VAT: `2700 s x 4.80 EUR/h / 3600 = 3.60 EUR`" in result.stdout


def test_json_has_one_record_each_with_its_place(many: Path) -> None:
    result = _run(many, "--format", "json")
    whole = json.loads(result.stdout)
    assert whole["schema"] == "evclear.explain/1"
    assert [(r["record"], r["where"], r["cdr_id"], r["priced"]) for r in whole["records"]] == [
        (1, f"{many}:1", "F01", True),
        (2, f"{many}:2", None, False),
        (3, f"{many}:3", "F01-C", True),
        (4, f"{many}:4", None, False),
    ]
    assert {r["schema"] for r in whole["records"]} == {"evclear.explain/1"}
    assert whole["records"][1]["ocpi_version"] is None
    empty = many.parent / "empty.json"
    empty.write_text("[]")
    assert json.loads(_run(empty, "--format", "json").stdout)["records"] == []


def test_records_without_a_price_are_explained_and_3(many: Path) -> None:
    result = _run(many)
    assert result.exit_code == 3
    assert "2 of 4 CDRs have no price" in result.stderr
    assert "A record that is no CDR" in result.stdout
    assert "Ask the sender for the CDR with that field right, under the same id." in result.stdout
    assert "Credit CDR F01-C (OCPI 2.2.1)" in result.stdout


def test_one_cdr_by_its_id(many: Path) -> None:
    one = _run(many, "--cdr", "f01-c")
    assert (one.exit_code, one.stdout.count("OCPI 2.2.1)")) == (0, 1)
    none = _run(many, "--cdr", "F99")
    assert (none.exit_code, none.stdout) == (4, "")
    assert "No CDR has the id F99" in none.stderr


def test_the_options_of_price() -> None:
    cdr, tariff = (CASES / "tariff-given-beside" / f"{name}.json" for name in ("cdr", "tariff"))
    assert _run(cdr).exit_code == 3
    assert "given beside the CDR" in _run(cdr, "--tariff", tariff).stdout
    other = CASES / "start-fee-and-energy" / "cdr.json"
    assert "the caller asked for it" in _run(other, "--tariff", tariff, "--tariff-override").stdout
    window = CASES / "window-over-midnight" / "cdr.json"
    assert "Europe/Madrid: the caller stated it" in _run(window, "--time-zone", "Europe/Madrid").stdout


USAGE = {
    "no file": [],
    "override without tariff": ["x.json", "--tariff-override"],
    "no such zone": ["x.json", "--time-zone", "Mars/Olympus"],
    "no such version": ["x.json", "--ocpi-version", "3.0"],
    "no such language": ["x.json", "--lang", "fr"],
    "no such format": ["x.json", "--format", "jsonl"],
}


@pytest.mark.parametrize("arguments", USAGE.values(), ids=USAGE)
def test_usage_errors_are_2(arguments: list[str]) -> None:
    assert _run(*arguments).exit_code == 2


def test_a_file_that_cannot_be_used_is_4_and_the_others_are_taken(tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text("no JSON at all")
    result = _run(tmp_path / "bad.json", CASES / "credit" / "cdr.json")
    assert result.exit_code == 4
    assert "unreadable-file" in result.stderr
    assert "Credit CDR F01-C" in result.stdout


def test_standard_input() -> None:
    result = _run("-", stdin=(CASES / "credit" / "cdr.json").read_bytes())
    assert result.stdout.startswith("-:1\nCredit CDR F01-C")


def test_a_reader_that_has_enough_is_no_error(tmp_path: Path) -> None:
    many = tmp_path / "many.jsonl"
    many.write_text(f"{json.dumps(_case('credit'))}\n" * 200, "utf-8")
    command = [sys.executable, "-c", "from clearing.commands.explain import explain; explain()", str(many)]
    reader, writer = os.pipe()
    with os.fdopen(reader, "rb") as answers:
        process = subprocess.Popen(command, stdout=writer, stderr=subprocess.PIPE, cwd=ROOT)
        os.close(writer)
        assert answers.readline()
    _, errors = process.communicate()
    assert (process.returncode, b"Traceback" in errors) == (0, False)


def _examples() -> list[Any]:
    if not EXAMPLES.exists():
        return [
            pytest.param(None, marks=pytest.mark.skip(reason="the examples are not beside this checkout"), id="none")
        ]
    return [pytest.param(path, id=path.parent.name) for path in sorted(EXAMPLES.glob("ocpi-*/cdr_example.json"))]


@pytest.mark.parametrize("path", _examples())
def test_the_examples_of_the_specification(path: Path) -> None:
    for language in ("en", "de"):
        result = _run(path, "--lang", language)
        assert result.exit_code == 0
        assert "4.00 EUR" in result.stdout or "4,00 EUR" in result.stdout
