"""The whole thing on 20 markets: every planted discrepancy found, nothing else, and owed what the truth says."""

import json

import pytest

import clearing
from clearing.demo import compare, generate

SEEDS = range(1, 21)
CDRS = 2000


def ingest(made, month):
    for delivery in made.of(month):
        clearing.ingest_files(made.folder, delivery.kind, delivery.paths, delivery.side)


def answer(made, month):
    """Decide in the month's findings what the truth says a person decides."""
    lines = (made.folder / "months" / month / "findings.jsonl").read_text("utf-8").splitlines()
    ids = {}
    for finding in map(json.loads, lines):
        ids[finding["code"], finding["cpo_cdr_id"] or finding["emsp_cdr_id"]] = finding["id"]
    for decision in json.loads((made.folder / "truth" / f"{month}.json").read_text("utf-8"))["decisions"]:
        number = ids[decision["code"], decision["cpo_cdr_id"] or decision["emsp_cdr_id"]]
        clearing.decide(made.folder, number, decision["verdict"], decision["reason"], "demo")


def settle(made, month):
    """Ingest, run and post a month; the run and the posting must both say what the truth says."""
    ingest(made, month)
    clearing.run_month(made.folder, month)
    assert compare(made.folder, month) == []
    clearing.post_month(made.folder, month)
    assert compare(made.folder, month) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_a_month_and_the_month_after(tmp_path, seed):
    made = generate(tmp_path, CDRS, seed, months=2)
    settle(made, "2026-10")
    answer(made, "2026-10")
    assert compare(tmp_path, "2026-10") == []
    settle(made, "2026-11")
