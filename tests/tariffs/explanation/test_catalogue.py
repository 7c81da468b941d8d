"""One catalogue, two languages: no sentence lacks one, their places agree, and every sentence is said somewhere."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from sessions import session
from telling import ids
from told_charges import REASONS, explained
from told_sentences import OUTCOMES, RESERVATION, SAID

from tariffs.decisions import DECISIONS
from tariffs.errors import TariffsError
from tariffs.explanation import Explanation, as_text, explain, explain_unreadable
from tariffs.explanation.catalogue import LANGUAGES, MESSAGES
from tariffs.findings import Finding, Severity
from tariffs.ocpi import decode, read_cdr, read_tariff
from tariffs.restrictions import names_of
from tariffs.tariff import Restrictions

ROOT = Path(__file__).resolve().parents[3]
FIXTURES = ROOT / "fixtures" / "tariffs"

# Said by renderers, or of findings and files that no CDR by itself has; and decisions about other records than CDRs.
ELSEWHERE = re.compile(
    r"render\.|section\.decisions|finding\.|day\.|severity\.F|todo\.version-not-supported|heading\.unreadable|"
    r"tariff\.overridden|decision\.patch-replaces-the-periods$"
)


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("id", MESSAGES)
def test_both_languages_say_it_with_the_same_places(id: str) -> None:
    english, german = MESSAGES[id]
    assert english.strip() == english != ""
    assert german.strip() == german != ""
    assert places(english) == places(german)


def test_every_decision_is_there_in_german_too() -> None:
    assert {id.removeprefix("decision.") for id in MESSAGES if id.startswith("decision.")} == set(DECISIONS)
    assert [id for id in DECISIONS if MESSAGES[f"decision.{id}"][0] == MESSAGES[f"decision.{id}"][1]] == []


def test_every_restriction_has_its_sentences() -> None:
    """Met, not met, and its name where nobody can tell."""
    every: dict[str, Any] = {name: Decimal(1) for name in ("min_kwh", "max_kwh", "min_duration", "max_duration")}
    every |= {f"{side}_{load}": Decimal(1) for side in ("min", "max") for load in ("power", "current")}
    days = {"start_date": date(2026, 1, 1), "end_date": date(2026, 2, 1), "day_of_week": frozenset({0})}
    names = names_of(Restrictions(start_time=1, end_time=2, **days, **every))
    assert len(names) == 12
    for name in names:
        family = name.replace("power", "load").replace("current", "load")
        assert {f"reason.{family}.met", f"reason.{family}.unmet"} <= set(MESSAGES)
        assert name.endswith("kwh") or f"restriction.{name}" in MESSAGES


def test_german_is_german() -> None:
    """Sentences that are equal in both languages are only those without a word, or a name of OCPI."""
    equal = {id for id, (english, german) in MESSAGES.items() if english == german}
    assert {id for id in equal if not id.startswith(("restriction.", "finding."))} == {"heading.cdr"}


def test_every_finding_of_pricing_has_german_words() -> None:
    """Codes are looked for where findings are made; a new one needs its German sentence."""
    made: set[str] = set()
    for path in (ROOT / "tariffs").glob("*.py"):
        text = path.read_text("utf-8")
        made |= set(re.findall(r"(?:Finding|_finding|warn|refuse|note|_note|Doubt)\(\s*\"([a-z]+(?:-[a-z]+)+)\"", text))
        made |= set(re.findall(r"(?:UNVERIFIABLE|_UNKNOWN|NEAR_MISS): Final = \"([a-z-]+)\"", text))
    assert len(made) > 50
    assert sorted(code for code in made if f"finding.{code}" not in MESSAGES) == []


def _told() -> list[Explanation]:
    told = [explained(of, *([given] if given is not None else []), **more) for of, given, more, _ in SAID.values()]
    told += [explained(of, given) for of, given, *_ in REASONS.values()]
    told += [
        explained({k: v for k, v in of.items() if v is not None}, RESERVATION, reservation_outcome=outcome)
        for of, outcome, _ in OUTCOMES.values()
    ]
    for name in sorted(path.parent.name for path in FIXTURES.glob("*/cdr.json")):
        read = read_cdr(decode((FIXTURES / name / "cdr.json").read_bytes()))
        given = read_tariff(decode((FIXTURES / name / "tariff.json").read_bytes()), version=read.version).tariff
        assert read.cdr is not None
        told.append(explain(read.cdr, tariffs=[given] if given is not None else []))
    for seed in range(300):
        cdr = read_cdr(decode(session(seed).cdr)).cdr
        if cdr is not None:
            told.append(explain(cdr, time_zone=session(seed).zone))
    return told


def test_every_sentence_is_said_somewhere() -> None:
    said = {id for explanation in _told() for id in ids(explanation)}
    assert sorted(id for id in MESSAGES if id not in said and not ELSEWHERE.match(id)) == []


def test_a_finding_without_words_of_ours_is_told_in_its_own() -> None:
    strange = explain_unreadable([Finding("brand-new", Severity.BILLED_AND_LISTED, "$.x", "words of its own")])
    assert "vermerkt: brand-new, $.x: words of its own" in as_text(strange, "de")


def test_there_is_no_third_language() -> None:
    assert LANGUAGES == ("en", "de")
    with pytest.raises(TariffsError, match="'fr' is none of the languages en, de"):
        as_text(explain_unreadable([]), "fr")
