"""The same deliveries give the same month, byte for byte, wherever, whenever and in whatever order they are settled.

A demo of two months is settled once here, and again in processes of their own that differ in everything which must
not matter: the order of the files, the seed of Python's hashes, time zone and language of the machine, the places of
the book and of whoever calls, and how often a month is run. What a person decides between the months is the same.
"""

import gzip
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pytest
from small_market import NOVEMBER, OCTOBER, state_hashes, surroundings

from clearing import ingest_files, post_month, run_month
from clearing.deciding import decide
from clearing.demo import Deliveries, Delivery, compare, generate

STEPS = """
import json, sys
from clearing.commands import main
for step in json.load(sys.stdin):
    code = main.main(step, standalone_mode=False)
    assert code in (None, 0, 3), (step, code)
"""
"""Every command in its own right, and one process for all of them: to start it takes longer than the work."""

Json = dict[str, Any]


@dataclass(frozen=True)
class Settled:
    """A market settled over two months: what was delivered, what was decided, and the bytes of its months."""

    made: Deliveries
    decisions: tuple[tuple[str, str, str], ...]
    months: dict[str, str]


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Settled:
    made = generate(tmp_path_factory.mktemp("first") / "book", cdrs=160, seed=9, months=2)
    take(made, made.of(OCTOBER))
    run_month(made.folder, OCTOBER)
    post_month(made.folder, OCTOBER)
    ids = {
        (finding["code"], finding["cpo_cdr_id"], finding["emsp_cdr_id"]): finding["id"]
        for finding in findings(made.folder, OCTOBER)
    }
    decisions = tuple(
        (ids[d.finding.code, d.finding.cpo_cdr_id, d.finding.emsp_cdr_id], d.verdict, d.reason) for d in made.decisions
    )
    for finding, verdict, reason in decisions:
        decide(made.folder, finding, verdict, reason, "Ada")
    take(made, made.of(NOVEMBER))
    run_month(made.folder, NOVEMBER)
    post_month(made.folder, NOVEMBER)
    return Settled(made, decisions, state_hashes(made.folder / "months"))


def take(made: Deliveries, deliveries: Iterable[Delivery]) -> None:
    for delivery in deliveries:
        ingest_files(made.folder, delivery.kind, list(delivery.paths), delivery.side)


def findings(book: Path, month: str) -> list[Json]:
    lines = (book / "months" / month / "findings.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


@dataclass(frozen=True)
class Otherwise:
    """What is different: the book's folder, whence it is called, the order of the files, the steps of each month."""

    folder: str
    caller: str
    book: str
    order: Callable[[list[list[str]]], None]
    verbs: tuple[str, ...]
    environment: dict[str, str]


def backwards(steps: list[list[str]]) -> None:
    steps.reverse()


def by_chance(steps: list[list[str]]) -> None:
    Random(3).shuffle(steps)


OTHERWISE = {
    "backwards, in New Zealand": Otherwise(
        "a/deeper/place/with spaces", ".", "{book}", backwards, ("run", "post"),
        {"PYTHONHASHSEED": "1", "TZ": "Pacific/Auckland", "LC_ALL": "de_DE.UTF-8", "LANGUAGE": "de"},
    ),
    "by chance, in the book, run twice, without UTF-8": Otherwise(
        "Bücher", "Bücher", ".", by_chance, ("run", "run", "post", "run", "post"),
        {
            "PYTHONHASHSEED": "77", "TZ": "America/St_Johns", "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0",
            "PYTHONUTF8": "0",
        },
    ),
}  # fmt: skip


def settle(market: Settled, way: Otherwise, tmp_path: Path) -> Path:
    """Settle the market in another way; return the book."""
    book, caller = tmp_path / way.folder, tmp_path / way.caller
    shutil.copytree(market.made.folder / "deliveries", book / "deliveries")
    shutil.copy(market.made.folder / "evclear.toml", book)
    steps: list[list[str]] = []
    for month in market.made.months:
        arrivals = [
            ["ingest", delivery.kind, str(path.relative_to(market.made.folder)), "--side", delivery.side]
            for delivery in market.made.of(month)
            for path in delivery.paths
        ]
        way.order(arrivals)
        steps += arrivals
        steps += ([verb, month] for verb in way.verbs)
        if month == OCTOBER:
            decided = list(market.decisions)
            way.order(decided)  # type: ignore[arg-type]
            steps += (["findings", "decide", i, verdict, "--reason", why, "--by", "Bo"] for i, verdict, why in decided)
    for step in steps:
        if step[0] == "ingest":
            path = book / step[2]
            step[2] = str(path.relative_to(caller) if path.is_relative_to(caller) else path)
    given = json.dumps([["--book", way.book.format(book=book), *step] for step in steps])
    done = subprocess.run(
        [sys.executable, "-c", STEPS], cwd=caller, env=surroundings(way.environment), input=given, capture_output=True,
        encoding="utf-8", errors="replace", check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return book


def test_the_first_market_is_right(market: Settled) -> None:
    assert market.decisions
    assert [compare(market.made.folder, month) for month in market.made.months] == [[], []]


@pytest.mark.parametrize("name", OTHERWISE)
def test_what_must_not_matter_does_not_matter(market: Settled, tmp_path: Path, name: str) -> None:
    book = settle(market, OTHERWISE[name], tmp_path)
    assert state_hashes(book / "months") == market.months


def test_no_output_knows_where_the_book_stands(market: Settled) -> None:
    place = str(market.made.folder.parent).encode()
    for path in (market.made.folder / "months").rglob("*"):
        assert path.is_dir() or place not in path.read_bytes(), path
    found = [f for month in market.made.months for f in findings(market.made.folder, month)]
    wheres = [f[key] for f in found for key in ("where", "where_other") if f[key] is not None]
    assert {where.split("/")[0] for where in wheres} == {"deliveries"}


def shuffled(content: bytes, name: str) -> bytes:
    """Return a delivery with its records in another order, in the form in which it came."""
    text = (gzip.decompress(content) if name.endswith(".gz") else content).decode()
    lines = text.splitlines(keepends=True)
    body = slice(1, -1) if name.endswith(".json") else slice(None)
    records = [line.rstrip(",\n") for line in lines[body]]
    Random(name).shuffle(records)
    comma = ",\n" if name.endswith(".json") else "\n"
    told = comma.join(records) + "\n"
    made = (lines[0] + told + lines[-1] if name.endswith(".json") else told).encode()
    return gzip.compress(made, mtime=0) if name.endswith(".gz") else made


def test_lines_in_another_order_change_only_where_they_stand(market: Settled, tmp_path: Path) -> None:
    """Of October, as a second month has its first one's order in it."""
    book = tmp_path / "book"
    made = Deliveries(book, (OCTOBER,), ())
    book.mkdir()
    shutil.copy(market.made.folder / "evclear.toml", book)
    for delivery in market.made.of(OCTOBER):
        paths = []
        for path in delivery.paths:
            other = book / path.relative_to(market.made.folder)
            other.parent.mkdir(parents=True, exist_ok=True)
            other.write_bytes(shuffled(path.read_bytes(), path.name))
            paths.append(other)
        take(made, [delivery._replace(paths=tuple(paths))])
    run_month(book, OCTOBER)
    post_month(book, OCTOBER)
    first, other = (state_hashes(folder / "months" / OCTOBER) for folder in (market.made.folder, book))
    changed = {name for name in first.keys() | other.keys() if first.get(name) != other.get(name)}
    assert changed <= {"manifest.json", "findings.jsonl", "findings.csv"}
    found = [[placeless(f) for f in findings(folder, OCTOBER)] for folder in (book, market.made.folder)]
    assert found[0] == found[1]


def placeless(finding: Json) -> Json:
    """Return a finding without the places where its records stood."""
    return {key: value for key, value in finding.items() if not key.startswith("where")}
