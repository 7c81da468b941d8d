"""TOML text to checked tables, with every problem and every gap at its line."""

import difflib
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from clearing.book_file import values
from clearing.book_file.positions import Path, Positions
from clearing.book_file.shapes import TABLES, BookShape, Shape
from clearing.parties import Gap

EXAMPLES = {
    "name": '"Stadtwerke Musterstadt GmbH"',
    "ids": '["DE*ABC"]',
    "roles": '["cpo"]',
    "country": '"DE"',
    "address": '["Musterweg 1", "10115 Berlin"]',
    "cpo": '"DE*ABC"',
    "emsp": '"NL*XYZ"',
    "valid_from": "2026-01-01",
    "time_zone": '"Europe/Berlin"',
    "currency": '"EUR"',
    "id": '"LOC1"',
    "from": "2026-01-01",
    "until": "2029-01-01",
    "seller": '"DE"',
    "buyer": '"DE"',
    "category": '"S"',
    "tolerance": '{ money = "0.02" }',
    "dealer_certificate": "{ from = 2026-01-01, until = 2029-01-01 }",
}
TO_WRITE = {
    "issues_for": 'write the ids whose document numbers this book may draw, or "all"',
    "ids": "write its party ids as in the records, country*party",
    "roles": "write cpo, emsp or both",
    "name": "write the legal name",
    "address": "write the address, one line of it per text",
    "country": "write the two letters of the country",
    "vat_id": "write the VAT id, or delete the line if there is none",
    "iban": "write the IBAN that it is paid on",
    "valid_from": "write the first day that the agreement covers, such as 2026-01-01",
    "time_zone": 'write the zone of the month, such as "Europe/Berlin"',
    "currency": 'write the agreed currency, such as "EUR"',
}
NEVER_GAPS = ("bic", "email")
"""Keys that no document needs: FILL IN there is the same as no value."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """What makes an evclear.toml unusable, at a line."""

    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Table:
    """One table of evclear.toml whose keys have the right shape; the keys of `gaps` are FILL IN."""

    path: Path
    line: int
    shape: Any
    gaps: tuple[Gap, ...]

    def is_fill_in(self, *keys: str) -> bool:
        """Whether one of the keys is FILL IN."""
        return any(gap.key in keys for gap in self.gaps)


class Tables:
    """All tables of an evclear.toml; `problems` holds what is wrong with their shape."""

    def __init__(self, text: str) -> None:
        self.problems: list[Problem] = []
        self.gaps: list[Gap] = []
        self.unread_ids: set[str] = set()
        """What a company table that could not be used says its ids are, so that nobody calls them unknown."""
        self._data = self._decode(text)
        self._positions = Positions(text) if self._data else Positions("")
        if not self._data and not self.problems:
            self.problems.append(Problem(1, "expected [book] and [[company]], found nothing; see evclear init --help"))
        self._check_names()
        self.book = self._book()
        self.companies = list(self._read("company"))
        self.agreements = list(self._read("agreement"))
        self.locations = list(self._read("location"))
        self.vat_rules = list(self._read("vat_rule"))

    def line(self, table: Table, *keys: str | int) -> int:
        """Return the line of a key of a table, or of the table where it has no such key."""
        return self._positions.line((*table.path, *keys))

    def refuse(self, table: Table, key: str, message: str) -> None:
        """Note a problem at a key of a table."""
        self.problems.append(Problem(self.line(table, key), message))

    def _decode(self, text: str) -> dict[str, Any]:
        try:
            return tomllib.loads(text, parse_float=Decimal)
        except (ValueError, ArithmeticError, RecursionError) as problem:
            found = re.search(r"(.*?) \(at (?:line (\d+), column (\d+)|end of document)\)", str(problem))
            if found and found[2]:
                where, line = f"{found[1]} at column {found[3]}", int(found[2])
            else:
                where, line = found[1] if found else "a value too large to read", text.rstrip("\n").count("\n") + 1
            self.problems.append(Problem(line, f"expected TOML, found: {where}; correct this line"))
            return {}

    def _check_names(self) -> None:
        for name, value in self._data.items():
            line = self._positions.line((name,))
            if name != "book" and name not in TABLES:
                self.problems.append(Problem(line, _unknown(name, ["book", *TABLES], "table")))
            elif name == "book" and not isinstance(value, dict):
                self.problems.append(Problem(line, f"expected [book], found {values.shown(value)}; write [book]"))
            elif name != "book" and not (isinstance(value, list) and all(isinstance(item, dict) for item in value)):
                self.problems.append(Problem(line, f"expected [[{name}]], found [{name}]; write two brackets"))

    def _book(self) -> Table:
        raw = self._data.get("book")
        if isinstance(raw, dict):
            table = self._table(("book",), raw, BookShape)
            if table is not None:
                return table
        return Table(("book",), 1, BookShape.model_validate({}), ())

    def _read(self, name: str) -> Iterator[Table]:
        raw_tables = self._data.get(name)
        for number, raw in enumerate(raw_tables if isinstance(raw_tables, list) else ()):
            if isinstance(raw, dict):
                table = self._table((name, number), raw, TABLES[name])
                if table is not None:
                    yield table
                elif name == "company":
                    ids = raw.get("ids")
                    self._note_unread(ids if isinstance(ids, list) else [ids])

    def _note_unread(self, ids: list[object]) -> None:
        for one in ids:
            try:
                self.unread_ids.add(values.party(one))
            except values.Unfit:
                continue

    def _table(self, path: Path, raw: dict[str, Any], kind: type[Shape]) -> Table | None:
        gaps = tuple(self._find_gaps(path, raw))
        self.gaps.extend(gaps)
        try:
            return Table(path, self._positions.line(path), kind.model_validate(raw), gaps)
        except ValidationError as problem:
            for error in problem.errors(include_url=False):
                line = self._positions.line((*path, *error["loc"]))
                self.problems.append(Problem(line, _message(path, dict(error), kind)))
            return None

    def _find_gaps(self, path: Path, raw: dict[str, Any]) -> Iterator[Gap]:
        whose = _whose(raw)
        seen = set()
        for below, key in _fill_ins(raw):
            line = self._positions.line((*path, *below))
            if key not in NEVER_GAPS and (line, key) not in seen:
                seen.add((line, key))
                yield Gap(line, f"{key}{whose} is FILL IN; {TO_WRITE.get(key, 'write its value')}", key)


def _fill_ins(value: object, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Give out where FILL IN stands, with the key of the table that it belongs to."""
    if values.is_fill_in(value):
        yield path, str(path[0])
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _fill_ins(item, (*path, key))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _fill_ins(item, (*path, number))


def _whose(raw: dict[str, Any]) -> str:
    ids = raw.get("ids")
    if isinstance(ids, list) and ids:
        return f" of {ids[0]}"
    if "cpo" in raw and "emsp" in raw:
        return f" of {raw['cpo']} and {raw['emsp']}"
    return ""


def _message(path: Path, error: dict[str, Any], kind: type[Shape]) -> str:
    """Say in our words what pydantic found wrong."""
    loc: Path = tuple(error["loc"])
    key = str(next((part for part in reversed(loc) if isinstance(part, str)), ""))
    table = f"[{path[0]}]" if path == ("book",) else f"[[{path[0]}]]"
    example = f"{key} = {EXAMPLES.get(key, '…')}"
    match error["type"]:
        case "extra_forbidden":
            return _unknown(key, _keys(kind, loc), "key")
        case "missing":
            return f"expected {key} in this {table}, found none; add for example {example}"
        case "value_error":
            return f"{key}: {error['ctx']['error']}"
        case "too_short":
            return f"{key}: expected at least one value, found none; write for example {example}"
        case _:
            expected = "a list" if error["type"] == "list_type" else "a table in braces"
            return f"{key}: expected {expected}, found {values.shown(error['input'])}; write for example {example}"


def _keys(kind: type[Shape], loc: Path) -> list[str]:
    """Return the keys that the table knows in which the last key of `loc` stands."""
    inner = {"tolerance": ["money", "money_percent", "energy_kwh", "energy_percent", "time_s"]}
    if len(loc) > 1:
        return inner.get(str(loc[0]), ["from", "until"])
    return [field.alias or name for name, field in kind.model_fields.items()]


def _unknown(name: str, known: list[str], what: str) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    remedy = f'did you mean "{near[0]}"?' if near else "delete it or correct its spelling"
    return f"expected a {what} of {', '.join(known)}, found {values.shown(name)}; {remedy}"
