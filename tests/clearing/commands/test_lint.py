"""evclear lint: one line per finding in input order, the same in every format, the fixed exit codes."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from clearing.commands.lint import lint
from tariffs.lint import RULES

CASES = Path(__file__).resolve().parents[3] / "fixtures" / "lint"
KEYS = "schema record where id code severity path message expected found clause what_to_do".split()


def _run(*arguments: str | Path, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(lint, [str(a) for a in arguments], input=stdin)


def _lines(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def _case(name: str, kind: str = "tariff") -> bytes:
    return json.dumps(json.loads((CASES / name / f"{kind}.json").read_text("utf-8"))).encode()


@pytest.fixture
def many(tmp_path: Path) -> Path:
    path = tmp_path / "tariffs.jsonl"
    path.write_bytes(
        b"\n".join((_case("clean"), b'{"id": broken', b"[]", _case("step-of-zero"), _case("step-on-flat")))
    )
    return path


def test_every_finding_is_a_line_with_all_keys_in_input_order(many: Path) -> None:
    result = _run("tariff", "--format", "jsonl", many)
    lines = _lines(result)
    assert {tuple(line) for line in lines} == {tuple(KEYS)}
    assert [(line["record"], line["where"], line["id"], line["code"], line["severity"]) for line in lines] == [
        (2, f"{many}:2", None, "malformed-record", "Q"),
        (3, f"{many}:3", None, "malformed-record", "Q"),
        (4, f"{many}:4", "T1", "step-of-zero", "W"),
        (5, f"{many}:5", "T1", "step-on-flat", "I"),
    ]
    assert lines[2]["path"] == "$.elements[0].price_components[1].step_size"
    assert (lines[2]["expected"], lines[2]["found"]) == ("1 or more", "0")
    assert result.stderr == "5 records, 4 findings, 3 to mend\n"
    assert result.exit_code == 3


def test_json_is_one_object_of_the_same_lines(many: Path) -> None:
    whole = json.loads(_run("tariff", "--format", "json", many).stdout)
    lines = _lines(_run("tariff", "--format", "jsonl", many))
    assert whole == {"schema": "evclear.lint/1", "findings": lines, "records": 5}
    clean = json.loads(_run("tariff", "--format", "json", CASES / "clean" / "tariff.json").stdout)
    assert clean == {"schema": "evclear.lint/1", "findings": [], "records": 1}


def test_text_says_where_what_and_what_to_do() -> None:
    result = _run("tariff", CASES / "misspelt-field" / "tariff.json")
    assert result.exit_code == 3
    for words in ("W misspelt-field", "tariff.json:1", "T1", "$.elements[0].restriction:", "restrictions may be meant"):
        assert words in result.stdout
    assert "Write the key as OCPI has it" in result.stdout


def test_what_is_only_worth_a_look_ends_with_0() -> None:
    assert _run("tariff", CASES / "clean" / "tariff.json").stdout == ""
    for name in ("clean", "step-on-flat"):
        assert _run("tariff", CASES / name / "tariff.json").exit_code == 0
    assert _run("cdr", CASES / "clean" / "cdr.json").exit_code == 0


def test_a_file_that_cannot_be_used_stops_no_other(tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text("not JSON")
    result = _run("cdr", "--format", "jsonl", tmp_path / "none.json", broken, CASES / "duration-differs" / "cdr.json")
    assert result.exit_code == 4
    assert [line["code"] for line in _lines(result)] == ["duration-differs"]
    assert result.stderr.count("unreadable-file: ") == 2


def test_standard_input_envelopes_and_gzip_are_read() -> None:
    envelope = gzip.compress(b'{"status_code": 1000, "data": [' + _case("never-valid") + b"]}")
    result = _run("tariff", "--format", "jsonl", "-", stdin=envelope)
    assert [(line["code"], line["where"]) for line in _lines(result)] == [("never-valid", "-:1")]


def test_a_day_says_whose_validity_is_over() -> None:
    path = CASES / "validity-over" / "tariff.json"
    assert _run("tariff", path).exit_code == 0
    assert _run("tariff", path, "--as-of", "2026-10-31").exit_code == 0
    late = _run("tariff", path, "--as-of", "2026-12-01")
    assert (late.exit_code, late.stdout.count("W validity-over")) == (3, 1)


def test_the_tariffs_of_a_cdr_are_looked_through_under_their_path(tmp_path: Path) -> None:
    cdr = json.loads(_case("clean", "cdr"))
    cdr["tariffs"][0]["elements"][0]["price_components"][1]["step_size"] = 0
    path = tmp_path / "cdr.json"
    path.write_text(json.dumps(cdr))
    lines = _lines(_run("cdr", "--format", "jsonl", path))
    assert [line["path"] for line in lines] == ["$.tariffs[0].elements[0].price_components[1].step_size"]


def test_the_version_can_be_named() -> None:
    path = CASES / "clean" / "cdr.json"
    assert _run("cdr", "--ocpi-version", "2.2.1", path).exit_code == 0
    assert _run("cdr", "--ocpi-version", "2.1.1", path).exit_code == 3
    assert _run("cdr", "--ocpi-version", "2.0", path).exit_code == 2
    assert _run("tariff").exit_code == 2


def test_control_characters_do_not_reach_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "tariff.json"
    path.write_bytes(_case("clean").replace(b'"type": "REGULAR"', b'"type": "\\u001b[2J"'))
    result = _run("tariff", path)
    assert "tariff-type-unknown" in result.stdout
    assert "\x1b" not in result.stdout


def test_the_rules_are_listed_with_what_they_mean_and_what_to_do() -> None:
    told = json.loads(_run("rules", "--format", "json").stdout)
    assert told["schema"] == "evclear.lint-rules/1"
    assert [one["id"] for one in told["rules"]] == list(RULES)
    for one in told["rules"]:
        assert list(one) == ["id", "severity", "about", "means", "clause", "what_to_do"]
        assert one["about"] in ("tariff", "cdr", "tariff, cdr")
        assert one["means"].endswith(".")
        assert one["clause"].startswith("OCPI ")
    text = _run("rules")
    assert (text.exit_code, len(text.stdout.splitlines())) == (0, 3 * len(RULES))
    assert "W unreachable-element  (tariff)" in text.stdout
    assert (
        "Put it before the elements that cover it, or drop it. (OCPI 2.2.1, mod_tariffs, Tariff object" in text.stdout
    )
