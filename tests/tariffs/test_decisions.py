"""The catalogue of decisions: what OCPI leaves open, each with a name that never changes."""

import re

from tariffs.decisions import DECISIONS

KEBAB = re.compile(r"[a-z]+(-[a-z0-9]+)*")
OPEN_RULES = {6, 9, 10, 13, 15, 16, 19, 22, 29}  # pricing rules with a question that OCPI does not answer


def test_every_open_rule_has_a_decision() -> None:
    assert OPEN_RULES <= {decision.rule for decision in DECISIONS.values()}


def test_names_are_kebab_case_and_each_stands_once() -> None:
    names = [*DECISIONS, *(other.id for decision in DECISIONS.values() for other in decision.alternatives)]
    assert [name for name in names if not KEBAB.fullmatch(name)] == []
    assert len(names) == len(set(names))


def test_every_decision_says_what_else_could_be_meant() -> None:
    for decision in DECISIONS.values():
        assert decision.question.endswith("?"), decision.id
        assert decision.decided.endswith("."), decision.id
        assert decision.why.endswith("."), decision.id
        assert decision.alternatives, decision.id
        assert all(other.words and not other.words.endswith(".") for other in decision.alternatives), decision.id
