"""Every rule of lint has a case in fixtures/lint: exactly its findings, with words, clause and remedy."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tariffs.lint import RULES, LintFinding, lint_cdr, lint_tariff
from tariffs.lint.catalogue import CDR_CHECKS, TARIFF_CHECKS
from tariffs.lint.reading import FOUND_IN_READING
from tariffs.ocpi import decode

FOLDER = Path(__file__).resolve().parents[3] / "fixtures" / "lint"
OTHERS = FOLDER.parent
CASES = sorted(path.parent.name for path in FOLDER.glob("*/expected.json"))


def _found(folder: Path, kind: str, expected: dict[str, Any]) -> tuple[LintFinding, ...]:
    obj = decode((folder / f"{kind}.json").read_bytes())
    version = expected.get("version")
    if kind == "cdr":
        return lint_cdr(obj, version=version)
    as_of = datetime.fromisoformat(expected["as_of"]) if "as_of" in expected else None
    return lint_tariff(obj, version=version, as_of=as_of)


def _told(found: tuple[LintFinding, ...]) -> list[tuple[str, str, str]]:
    return sorted((f.code, str(f.severity), f.path) for f in found)


@pytest.mark.parametrize("name", CASES)
def test_case(name: str) -> None:
    expected = json.loads((FOLDER / name / "expected.json").read_text("utf-8"))
    kinds = [kind for kind in ("tariff", "cdr") if kind in expected]
    assert kinds == [kind for kind in ("tariff", "cdr") if (FOLDER / name / f"{kind}.json").exists()]
    for kind in kinds:
        wanted = sorted((f["code"], f["severity"], f["path"]) for f in expected[kind])
        found = _found(FOLDER / name, kind, expected)
        assert (kind, _told(found)) == (kind, wanted)
        for finding in found:
            assert all((finding.message, finding.clause, finding.what_to_do.endswith((".", ". ")))), finding


def test_every_rule_has_a_case_that_finds_it() -> None:
    found = set()
    for name in CASES:
        expected = json.loads((FOLDER / name / "expected.json").read_text("utf-8"))
        found.update((name, f["code"]) for kind in ("tariff", "cdr") for f in expected.get(kind, []))
    assert [rule for rule in RULES if (rule, rule) not in found] == []
    assert set(CASES) == {*RULES, "clean"}


def test_every_rule_is_looked_for_in_one_way() -> None:
    checks = [*TARIFF_CHECKS, *CDR_CHECKS]
    assert len(checks) + len(FOUND_IN_READING) >= len(RULES) >= 60
    for check in checks:
        assert check.look.__doc__, check.rule.id
        assert RULES[check.rule.id] == check.rule


def test_what_is_clean_gives_nothing() -> None:
    expected = json.loads((FOLDER / "clean" / "expected.json").read_text("utf-8"))
    assert (expected["tariff"], expected["cdr"]) == ([], [])


@pytest.mark.parametrize("path", sorted(OTHERS.glob("tariffs/*/cdr.json")), ids=lambda path: path.parent.name)
def test_our_cases_of_pricing_are_without_anything_that_stops(path: Path) -> None:
    found = lint_cdr(decode(path.read_bytes()))
    assert [f for f in found if f.severity == "Q"] == []


@pytest.mark.parametrize("value", [None, [], {}, "x", 1, True, [[]], {"elements": [None, {"restrictions": 1}]}])
def test_whatever_is_given_nothing_raises(value: Any) -> None:
    for field in ("id", "tariffs", "charging_periods", "total_cost", "cdr_location", "elements", "min_price"):
        for obj in (value, {field: value}, {field: [value]}):
            assert lint_tariff(obj)
            assert lint_cdr(obj)
