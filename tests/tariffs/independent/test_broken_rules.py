"""The comparison proves something: each rule of the engine broken on purpose is seen within a few hundred sessions."""

from collections.abc import Callable
from functools import cache
from itertools import count
from typing import Any

import pytest
from agreement import disagreements
from breaking import BREAKS, NameIsGone, break_rule
from sessions import Session, session

from tariffs import restrictions

SESSIONS = 800
marks = count()
KEPT = restrictions.aspects_of


@cache
def agreed() -> list[Session]:
    """Sessions on which the whole engine agrees."""
    return [one for one in map(session, range(SESSIONS)) if not disagreements(one)]


def as_if_new(sessions: list[Session], mark: int) -> list[Session]:
    """Return the same sessions with tariffs of other words, so that nothing made for the former is used again."""
    KEPT.cache_clear()  # equal restrictions share their tests, whatever the words of their tariff
    alt_url = f'"tariff_alt_url": "https://example.com/{mark}", "elements": '
    return [
        one._replace(
            cdr=one.cdr.replace('"elements": ', alt_url),
            tariffs=tuple(text.replace('"elements": ', alt_url) for text in one.tariffs),
        )
        for one in sessions
    ]


@pytest.mark.parametrize(("name", "breaking"), [pytest.param(b[1], b[2], id=b[0]) for b in BREAKS])
def test_a_broken_rule_is_seen(name: str, breaking: Callable[[Any], Any]) -> None:
    assert len(agreed()) > SESSIONS * 19 // 20
    with pytest.MonkeyPatch.context() as monkeypatch:
        break_rule(monkeypatch, name, breaking)
        seen = next((one for one in as_if_new(agreed(), next(marks)) if disagreements(one)), None)
    assert seen, f"{SESSIONS} sessions do not notice it"
    assert not any(map(disagreements, as_if_new([seen], next(marks)))), "whole again, the engine agrees again"


def test_a_break_that_breaks_nothing_is_not_seen() -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        break_rule(monkeypatch, "tests_of", lambda original: lambda limits: original(limits))
        assert not any(map(disagreements, as_if_new(agreed()[:200], next(marks))))


def test_a_name_that_is_gone_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NameIsGone, match="no_such_rule"):
        break_rule(monkeypatch, "no_such_rule", lambda original: original)
