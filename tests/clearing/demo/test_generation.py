"""The made-up market: the same bytes, plausible charges, every discrepancy planted."""

import ast
import json
import os
import subprocess
import sys
from collections import defaultdict
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

import clearing.demo
from clearing.demo import generate
from clearing.demo.plants import PLANTS, UNTIL_LATER
from clearing.demo.price_lists import PRICE_LISTS
from clearing.demo.traffic import starts
from clearing.demo.world import OPERATORS, PAIRS, PROVIDERS, SEVERITY

SEEDS = range(1, 21)


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_the_same_arguments_make_the_same_bytes_under_any_hash_seed(tmp_path):
    code = "import sys, pathlib, clearing.demo; clearing.demo.generate(pathlib.Path(sys.argv[1]), 400, 3, 2)"
    for name, hash_seed in (("one", "1"), ("two", "2")):
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "TZ": "Asia/Tokyo" if name == "two" else "UTC"}
        subprocess.run([sys.executable, "-c", code, str(tmp_path / name)], check=True, env=environment)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_another_seed_makes_another_market(tmp_path):
    generate(tmp_path / "one", 200, 1)
    generate(tmp_path / "two", 200, 2)
    assert contents(tmp_path / "one") != contents(tmp_path / "two")


def test_october_does_not_depend_on_a_november(tmp_path, market):
    generate(tmp_path, 2000, 7, months=1)
    october = contents(tmp_path)
    both = contents(market.made.folder)
    truth = both.pop("truth/2026-10.json")
    assert json.loads(october.pop("truth/2026-10.json")) == {**json.loads(truth), "decisions": []}
    assert october == {name: both[name] for name in october}


@pytest.mark.parametrize(("cdrs", "months"), [(0, 1), (10, 0), (10, 3)])
def test_impossible_markets_are_refused(tmp_path, cdrs, months):
    with pytest.raises(ValueError, match="one or two months"):
        generate(tmp_path, cdrs, 1, months)


@pytest.mark.parametrize("cdrs", [1, 30, 300])
def test_small_markets_work(tmp_path, cdrs):
    assert list(generate(tmp_path, cdrs, 1, months=2))


def test_deliveries_come_in_the_order_in_which_they_are_needed(market):
    kinds = [(delivery.kind, delivery.side) for delivery in market.made.of("2026-10")]
    assert kinds == [("tariff", "cpo"), ("token", "emsp"), ("cdr", "cpo"), ("cdr", "emsp"), ("session", "emsp")]
    assert all(path.is_file() for delivery in market.made for path in delivery.paths)


def test_every_form_of_file_is_there(market):
    names = [path.name for delivery in market.made.of("2026-10") for path in delivery.paths if delivery.side == "cpo"]
    assert {"".join(Path(name).suffixes) for name in names} == {".json", ".jsonl", ".jsonl.gz"}
    assert {operator.file_format for operator in OPERATORS.values()} == {"jsonl", "jsonl.gz", "array", "envelope"}


def test_the_market_is_wide_enough():
    assert len({pair.cpo for pair in PAIRS}) >= 5
    assert len({pair.emsp for pair in PAIRS}) >= 6
    assert {pair.currency for pair in PAIRS} == {"EUR", "CHF"}
    assert len({price_list.id.split("-", 2)[2] for lists in PRICE_LISTS.values() for price_list in lists}) >= 12
    told = [pair for pair in PAIRS if not pair.silent]
    assert 5 * sum(not pair.shares_ids for pair in told) >= len(told) - 4
    assert {provider.delivers for provider in PROVIDERS.values()} == {"cdr", "session"}


def spans(market, month, key):
    """Return the charges of the CPOs' true records, by connector or token."""
    found = defaultdict(set)
    planted = market.planted_ids(month)
    for record in market.records(month, "cdr", "cpo"):
        if record["id"] not in planted:
            start, end = (datetime.fromisoformat(record[f"{name}_date_time"]) for name in ("start", "end"))
            found[key(record)].add((start, end, record["id"]))
    return found


@pytest.mark.parametrize(
    "key",
    [lambda r: r["cdr_location"]["evse_id"], lambda r: r["cdr_token"]["contract_id"]],
    ids=["connector", "token"],
)
def test_one_charge_at_a_time(market, key):
    for taken in spans(market, "2026-10", key).values():
        ordered = sorted(taken)
        assert all(one[1] < other[0] for one, other in pairwise(ordered)), ordered


def test_power_stays_below_the_rating(market):
    ratings = {"AC_1_PHASE": Decimal("7.4"), "AC_3_PHASE": 22, "DC": 300}
    planted = market.planted_ids("2026-10")
    for record in market.records("2026-10", "cdr", "cpo"):
        if record["id"] not in planted:
            parked = Decimal(record.get("total_parking_time", 0))
            mean = Decimal(record["total_energy"]) / (Decimal(record["total_time"]) - parked)
            assert 2 < mean < ratings[record["cdr_location"]["connector_power_type"]], record["id"]


def test_nights_and_weekends_are_charged_too():
    begins = [datetime.fromtimestamp(s, UTC) for s in starts(date(2026, 10, 1), 2000, Random(1))]
    assert len(begins) == 2000
    assert begins == sorted(begins)
    assert {start.month for start in begins} == {10}
    assert sum(start.hour < 5 for start in begins) > 20
    assert sum(start.weekday() >= 5 for start in begins) > 300


def test_one_token_list_in_three_is_given(market):
    listed = {f"{t['country_code']}*{t['party_id']}" for t in market.records("2026-10", "token", "emsp")}
    assert listed == {party for party, provider in PROVIDERS.items() if provider.gives_tokens}


@pytest.mark.parametrize("seed", SEEDS)
def test_every_discrepancy_is_planted_in_2000_charges(tmp_path, seed):
    generate(tmp_path, 2000, seed, months=2)
    for month in ("2026-10", "2026-11"):
        truth = json.loads((tmp_path / "truth" / f"{month}.json").read_text("utf-8"))
        missing = {"credited-after-the-end"} if month == "2026-11" else set()
        assert set(truth["charges"]["planted"]) == {plant.name for plant in PLANTS} - missing
        assert {finding["code"] for finding in truth["findings"]} == set(SEVERITY)
        discrepancies = [n for name, n in truth["charges"]["planted"].items() if name not in UNTIL_LATER]
        assert 40 <= sum(discrepancies) <= 60  # two to three in a hundred


def test_some_charges_bear_two_discrepancies(market):
    codes = defaultdict(set)
    for finding in market.truth("2026-10")["findings"]:
        codes[finding["cpo"], finding["cpo_cdr_id"]].add(finding["code"])
    assert sum(len(found) == 2 for found in codes.values()) >= 4


def test_the_generator_shares_nothing_with_the_rooms_that_judge():
    for path in sorted(Path(clearing.demo.__file__).parent.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                modules = [node.module or ""]
            else:
                continue
            for module in modules:
                ours = module.split(".")[0] in ("clearing", "tariffs")
                assert not ours or module.startswith("clearing.demo"), f"{path.name} imports {module}"
                assert ours or module.split(".")[0] in sys.stdlib_module_names, f"{path.name} imports {module}"
