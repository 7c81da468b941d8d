"""Broken inputs by the thousand raise nothing, and every one is answered; a million by `make mutants`."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from grounds import grounds
from judging import judge
from mutations import mutant
from prove import given_tariffs

from clearing.commands import main

COUNT = 3000
SOUND = "start-fee-and-energy"
FIXTURES = Path(__file__).resolve().parents[3] / "fixtures" / "tariffs"


@pytest.mark.parametrize("first", range(0, COUNT, 500))
def test_no_rule_is_broken(first: int) -> None:
    """Of the time that each takes nothing is asserted here: that is for the command, on a machine of its own."""
    given = given_tariffs()
    judged = [(seed, judge(mutant(seed), given)) for seed in range(first, first + 500)]
    assert [(seed, j.violations) for seed, j in judged if j.violations and "CPU time" not in j.violations[0]] == []


def test_mutants_are_of_every_kind_and_the_same_for_one_seed() -> None:
    made = [mutant(seed) for seed in range(400)]
    assert {one.how for one in made} == {"bytes", "structure", "values", "all"}
    assert {one.kind for one in made} == {"cdr", "session", "tariff"}
    assert [mutant(one.seed) for one in made] == made
    sound = {ground.text.encode() for ground in grounds(with_conformance=False)}
    assert sum(one.text in sound for one in made) < 60


def test_they_end_in_every_way() -> None:
    given = given_tariffs()
    ends = Counter(judge(mutant(seed), given).outcome for seed in range(600))
    assert ends.keys() >= {"not JSON", "priced", "refused", "tariff read", "tariff refused"}


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_the_other_records_go_on(tmp_path: Path, jobs: str) -> None:
    """Every broken line is one answer, and the sound record between them costs what it always costs."""
    sound = json.dumps(json.loads((FIXTURES / SOUND / "cdr.json").read_text("utf-8"))).encode()
    lines = []
    for seed in range(300):
        broken = mutant(seed).text.replace(b"\n", b" ").replace(b"\r", b" ")
        lines += [broken if broken.strip() else b"{", sound]
    (tmp_path / "cdrs.jsonl").write_bytes(b"\n".join([sound, *lines]) + b"\n")
    told = CliRunner().invoke(main, ["price", str(tmp_path / "cdrs.jsonl"), "--format", "jsonl", "--jobs", jobs])
    assert told.exit_code == 3, told.stderr
    answers: list[dict[str, Any]] = [json.loads(line) for line in told.stdout_bytes.splitlines()]
    assert [answer["record"] for answer in answers] == list(range(1, 602))
    assert {answer["total_cost"]["excl_vat"] for answer in answers[::2]} == {"5.1"}
    for answer in answers[1::2]:
        total = answer["total_cost"]
        if total["excl_vat"] is None and total["incl_vat"] is None:
            assert {f["severity"] for f in answer["findings"]} & {"Q", "S"}, answer
            assert set(answer["billed"].values()) == {None}
