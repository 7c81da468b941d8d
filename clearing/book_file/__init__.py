"""evclear.toml: what a person writes about companies, agreements and VAT, read into the values of `clearing.parties`.

`positions` knows the line of each key, `values` and `identifiers` read single values, `shapes` says which keys there
are, `reading` puts them together, `translation` makes our values and `checks` looks at them side by side. `survey`,
`stub` and `usual_vat` write the first evclear.toml.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from clearing.book_file import translation
from clearing.book_file.checks import Book, check
from clearing.book_file.reading import Table, Tables
from clearing.errors import Refused
from clearing.parties import BOOK_FILE, Terms

T = TypeVar("T")

__all__ = ["BOOK_FILE", "parse_terms", "read_terms"]


def read_terms(path: Path) -> Terms:
    """Read an evclear.toml; raise `Refused` with every problem at its line."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise Refused(
            f"{path}: expected the file of a book, found none; "
            f"make one with: evclear init {path.parent} --as cpo|emsp|hub, or name the book with --book"
        ) from None
    except IsADirectoryError:
        raise Refused(f"{path}: expected a file, found a folder; move it away and run evclear init") from None
    except OSError as problem:
        raise Refused(f"{path}: cannot be read ({problem.strerror}); check the path and its permissions") from None
    try:
        return parse_terms(content.decode("utf-8-sig"), path.name)
    except UnicodeDecodeError as problem:
        line = content.count(b"\n", 0, problem.start) + 1
        raise Refused(f"{path.name}:{line}: expected UTF-8, found another encoding; save the file as UTF-8") from None


def parse_terms(text: str, file: str) -> Terms:
    """Read the text of an evclear.toml; `file` is its name in messages. Raise `Refused` with every problem."""
    tables = Tables(text)
    companies = tuple(translation.company(table) for table in tables.companies)
    agreements = _made(tables.agreements, translation.agreement)
    locations = _made(tables.locations, translation.location)
    vat_rules = _made(tables.vat_rules, translation.vat_rule)
    check(Book(tables, companies, agreements, locations, vat_rules))
    if tables.problems:
        raise Refused("\n".join(f"{file}:{problem.line}: {problem.message}" for problem in sorted(tables.problems)))
    role = tables.book.shape.role or "hub"
    issues_for = translation.issuers(tables.book, role, companies)
    contents = (
        tuple(sorted(companies, key=lambda one: (one.ids, one.name))),
        tuple(sorted((made for _, made in agreements), key=lambda one: (one.cpo, one.emsp, one.valid_from))),
        tuple(sorted((made for _, made in locations), key=lambda one: (one.cpo, one.id))),
        tuple(made for _, made in vat_rules),
    )
    return Terms(
        role=role,
        issues_for=issues_for,
        companies=companies,
        agreements=tuple(made for _, made in agreements),
        locations=tuple(made for _, made in locations),
        vat_rules=contents[3],
        content_hash=translation.content_hash(role, issues_for, *contents),
        gaps=tuple(sorted(tables.gaps, key=lambda gap: (gap.line, gap.key))),
    )


def _made(tables: Iterable[Table], make: Callable[[Table], T | None]) -> list[tuple[Table, T]]:
    """Pair each table with the value made of it; one in which FILL IN leaves no value is left out."""
    return [(table, value) for table in tables if (value := make(table)) is not None]
