"""`evclear init`: the folder of a book, with an evclear.toml that the given files already half fill."""

import os
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from clearing.errors import Refused
from clearing.parties import BOOK_FILE

if TYPE_CHECKING:
    from clearing.book_file.survey import Survey
    from clearing.parties import Terms


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--as",
    "role",
    required=True,
    type=click.Choice(["cpo", "emsp", "hub"]),
    help="Whose book: a charge point operator's, an e-mobility service provider's, or a hub's for others.",
)
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="[FILE]...")
def init(folder: Path, role: str, files: tuple[Path, ...]) -> None:
    """Set up a book in FOLDER: an evclear.toml to fill in.

    From the FILEs (OCPI CDRs or Sessions) it takes every party and every pair, and guesses countries, time zones,
    currencies and the first month; each guess says so in a comment. FILL IN stands where a person must write. The
    usual VAT rules of the EU-27 are there as a start. The files are only looked at: take them in with ingest.

    An evclear.toml that stands already is left untouched (exit code 4).
    """
    from clearing.book_file import parse_terms
    from clearing.book_file.stub import stub
    from clearing.book_file.survey import survey

    target = folder / BOOK_FILE
    if target.exists() or target.is_symlink():
        raise Refused(f"{target}: stands already and stays as it is; edit it, or choose another folder")
    seen = survey(_objects(files))
    text = stub(role, seen)
    terms = parse_terms(text, BOOK_FILE)
    _write(target, text)
    _say(target, seen, terms, files)


def _objects(files: tuple[Path, ...]) -> Iterator[object]:
    """Give out the decoded records of all files; refuse a file that cannot be read."""
    from clearing.intake.json_records import UnreadableFile, read_records

    for file in files:
        if str(file) != "-" and not file.exists():
            raise Refused(f"{file}: expected a file of CDRs or Sessions, found none; correct the path")
    for file in files:
        try:
            yield from (record.value for record in read_records(file) if record.problem is None)
        except UnreadableFile as problem:
            raise Refused(f"{problem}; expected OCPI CDRs or Sessions as JSON, nothing was written") from None


def _write(target: Path, text: str) -> None:
    """Write the file whole or not at all."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise Refused(f"{target.parent}: expected a folder, found a file; choose another name") from None
    part = target.with_name(f"{BOOK_FILE}.part")
    with open(part, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, target)


def _say(target: Path, seen: "Survey", terms: "Terms", files: tuple[Path, ...]) -> None:
    found = f"{_many(len(seen.roles), 'company', 'companies')}, {_many(len(seen.pairs), 'agreement', 'agreements')}"
    click.echo(f"{target}: {found}, {_many(len(terms.gaps), 'value', 'values')} to fill in")
    if files and not seen.records:
        click.echo("None of the files holds a CDR or a Session.", err=True)
    if seen.without_parties:
        click.echo(f"{_many(seen.without_parties, 'record', 'records')} without a CPO or an e-MSP.", err=True)
    if not files:
        return
    # Each agreement begins in the local month of its pair's first record: an end in UTC may lie in the month before.
    month = min((agreement.valid_from for agreement in terms.agreements), default=None)
    folder = str(target.parent)
    book = "evclear" if folder == "." else f"evclear --book {shlex.quote(folder)}"
    click.echo(
        "Next:\n"
        f"  1. open {target}: fill in FILL IN, look at every guess\n"
        f"  2. {book} check\n"
        f"  3. {book} ingest cdr FILE...   (also session, tariff, token)\n"
        f"  4. {book} run {month:%Y-%m}"
        if month
        else f"Next: open {target}, fill in FILL IN, then {book} check",
        err=True,
    )


def _many(count: int, one: str, several: str) -> str:
    return f"{count} {one if count == 1 else several}"
