"""The demo's files as the tests read them: one market of two months, made once."""

import gzip
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from clearing.demo import Deliveries, generate

Json = dict[str, Any]


def read(path: Path) -> list[Json]:
    """Return the records of a file of any of the demo's forms."""
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode()
    if path.suffix == ".json":
        value = json.loads(text, parse_float=Decimal)
        return value["data"] if isinstance(value, dict) else value
    return [json.loads(line, parse_float=Decimal) for line in text.splitlines()]


class Market:
    """A generated market and its parsed files."""

    def __init__(self, made: Deliveries) -> None:
        self.made = made

    def records(self, month: str, kind: str, side: str) -> Iterator[Json]:
        for delivery in self.made.of(month):
            if (delivery.kind, delivery.side) == (kind, side):
                for path in delivery.paths:
                    yield from read(path)

    def truth(self, month: str) -> Json:
        return json.loads((self.made.folder / "truth" / f"{month}.json").read_text("utf-8"), parse_float=Decimal)

    def planted_ids(self, month: str) -> set[str]:
        """Return the ids of CDRs that stand in any finding, and those of credit chains."""
        found = {finding["cpo_cdr_id"] for finding in self.truth(month)["findings"] if finding["cpo_cdr_id"]}
        chains = {r["id"] for r in self.records(month, "cdr", "cpo") if r.get("credit") or r["id"].endswith("-OLD")}
        return found | chains


@pytest.fixture(scope="session")
def market(tmp_path_factory: pytest.TempPathFactory) -> Market:
    return Market(generate(tmp_path_factory.mktemp("market"), cdrs=2000, seed=7, months=2))
