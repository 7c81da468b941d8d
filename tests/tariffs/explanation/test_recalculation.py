"""The numbers in the text, multiplied and added, give the price: in both languages, as text and as Markdown."""

import json
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest
from recalculation import recalculate
from sessions import session

from tariffs import Breakdown, Cdr, Tariff, price
from tariffs.explanation import Explanation, as_markdown, as_text, explain
from tariffs.ocpi import decode, read_cdr, read_tariff

FIXTURES = Path(__file__).resolve().parents[3] / "fixtures" / "tariffs"
CONFORMANCE = Path(__file__).resolve().parents[4] / "shared" / "conformance" / "tariffs"
FORMS: dict[str, tuple[Callable[[Explanation, str], str], str]] = {
    "English text": (as_text, "en"),
    "German text": (as_text, "de"),
    "English Markdown": (as_markdown, "en"),
    "German Markdown": (as_markdown, "de"),
}
LAST_DIGIT = Fraction(1, 10**24)  # the engine writes a third with 200 digits, the text as a fraction
CHUNK = 200


def apart(explanation: Explanation, made: Breakdown) -> list[str]:
    """Where a text does not come to the price that the engine made."""
    found = []
    for form, (render, language) in FORMS.items():
        told = recalculate(render(explanation, language), language)
        for side, mine, ours in (
            ("excl", told.excl, made.total_cost.excl_vat),
            ("incl", told.incl, made.total_cost.incl_vat),
        ):
            if _differ(mine, ours):
                found.append(f"{form}: {side}. {mine} for {ours}")
        if made.billed is not None:
            if told.billed.get("kWh", Fraction(0)) != Fraction(made.billed.energy_kwh):
                found.append(f"{form}: {told.billed} for {made.billed}")
            if (explanation.answer[0].id == "answer.open") == made.priced:
                found.append(f"{form}: the answer is {explanation.answer[0].id}")
    return found


def _differ(told: Fraction | None, made: Decimal | None) -> bool:
    if told is None or made is None:
        return (told is None) != (made is None)
    return abs(told - Fraction(made)) > LAST_DIGIT


@pytest.mark.parametrize("first", range(0, 600, CHUNK))
def test_random_sessions(first: int) -> None:
    found = {}
    priced = 0
    for seed in range(first, first + CHUNK):
        drawn = session(seed)
        cdr = read_cdr(decode(drawn.cdr)).cdr
        if cdr is None:
            continue
        given = [t for text in drawn.tariffs if (t := read_tariff(decode(text)).tariff) is not None]
        made = price(cdr, tariffs=given, time_zone=drawn.zone)
        explanation = explain(cdr, tariffs=given, time_zone=drawn.zone)
        assert explanation.breakdown == made
        priced += made.priced
        if problems := apart(explanation, made):
            found[seed] = problems
    assert found == {}
    assert priced > CHUNK * 3 // 4


def _cases(folder: Path, missing: str) -> list[Any]:
    names = sorted(path.parent.name for path in folder.glob("*/cdr.json"))
    return names or [pytest.param(None, marks=pytest.mark.skip(reason=missing), id="missing")]


def _read(folder: Path) -> tuple[Cdr, Tariff | None]:
    read = read_cdr(decode((folder / "cdr.json").read_bytes()))
    assert read.cdr is not None
    return read.cdr, read_tariff(decode((folder / "tariff.json").read_bytes()), version=read.version).tariff


@pytest.mark.parametrize("name", _cases(FIXTURES, "no fixtures"))
def test_fixtures(name: str) -> None:
    cdr, tariff = _read(FIXTURES / name)
    assert tariff is not None
    assert apart(explain(cdr, tariffs=[tariff]), price(cdr, tariffs=[tariff])) == []


@pytest.mark.parametrize("name", _cases(CONFORMANCE, "the conformance cases are not beside this checkout"))
def test_worked_examples(name: str) -> None:
    cdr, tariff = _read(CONFORMANCE / name)
    zone = json.loads((CONFORMANCE / name / "expected.json").read_text("utf-8"))["time_zone"]
    given = [] if tariff is None else [tariff]
    explanation = explain(cdr, tariffs=given, time_zone=zone)
    assert apart(explanation, price(cdr, tariffs=given, time_zone=zone)) == []


BAD: tuple[Any, ...] = (
    None,
    True,
    [],
    {},
    "",
    -1,
    0,
    10**40,
    "1e5",
    "2026-13-01T00:00:00Z",
    "1970-1-1T00:00:00Z",
    [{}],
)


def _mutated(order: Random, value: Any) -> None:
    """Take out or spoil one thing somewhere in a CDR."""
    while True:
        keys = list(value) if isinstance(value, dict) else list(range(len(value)))
        if not keys:
            return
        key = order.choice(keys)
        if isinstance(value[key], dict | list) and order.random() < 0.8:
            value = value[key]
        elif order.random() < 0.3:
            del value[key]
            return
        else:
            value[key] = order.choice(BAD)
            return


@pytest.mark.parametrize("seed", range(3))
def test_spoilt_cdrs_are_explained_as_far_as_they_go(seed: int) -> None:
    order = Random(seed)
    texts = [path.read_text("utf-8") for path in sorted(FIXTURES.glob("*/cdr.json"))]
    priced = 0
    for _ in range(120):
        spoilt = json.loads(order.choice(texts))
        for _ in range(order.randint(1, 4)):
            _mutated(order, spoilt)
        read = read_cdr(decode(json.dumps(spoilt)))
        if read.cdr is None:
            continue
        explanation = explain(read.cdr, findings=read.findings)
        made = price(read.cdr)
        assert apart(explanation, made) == [], spoilt
        assert made.priced or any(step.message.id.startswith("todo.") for step in explanation.walk()), spoilt
        priced += made.priced
    assert 20 < priced < 100


def test_a_wrong_number_is_noticed() -> None:
    """The reader of the text can fail: with any number of the calculation changed it does."""
    cdr, tariff = _read(FIXTURES / "parking-in-steps")
    assert tariff is not None
    text = as_text(explain(cdr, tariffs=[tariff]), "en")
    for right, wrong in (
        ("9000 s x", "9001 s x"),
        ("x 4.80 EUR", "x 4.90 EUR"),
        ("Total before VAT: 11.10", "Total before VAT: 11.11"),
    ):
        assert right in text
        with pytest.raises(AssertionError):
            recalculate(text.replace(right, wrong), "en")
    assert recalculate(text, "en").formulas >= 12
