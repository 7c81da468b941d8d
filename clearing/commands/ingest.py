"""`evclear ingest`: files of one kind into the book."""

import sys
from datetime import datetime
from pathlib import Path

import click

from clearing.delivery import FileSummary, IngestSummary, ingest_files

_LISTED = 50


@click.command()
@click.argument("kind", type=click.Choice(["cdr", "session", "tariff", "token"]))
@click.argument("files", nargs=-1, required=True, metavar="FILE…", type=click.Path(path_type=Path))
@click.option(
    "--side",
    type=click.Choice(["cpo", "emsp"]),
    help="Who delivered the files; cdr and tariff: cpo, session and token: emsp, unless given.",
)
@click.option(
    "--received",
    metavar="DATE",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Day of receipt, such as 2026-10-03; from it, not from last_updated, lateness is then measured.",
)
@click.pass_context
def ingest(
    context: click.Context, kind: str, files: tuple[Path, ...], side: str | None, received: datetime | None
) -> None:
    """Take files of CDRs, Sessions, Tariffs or Tokens into the book.

    JSON, an OCPI envelope or JSON Lines, each also gzipped. A file is taken as a whole or not at all; a record that
    cannot be used is quarantined and listed, and the others are taken. The same file again changes nothing.
    """

    def tell(line: str) -> None:
        click.echo(line, err=True)

    day = received.date() if received else None
    summary = ingest_files(context.obj, kind, files, side, day, tell if sys.stderr.isatty() else None)
    click.echo("\n".join(_lines(summary)))
    hint = _hint(summary)
    if hint:
        click.echo(hint, err=True)
    context.exit(summary.exit_code)


def _lines(summary: IngestSummary) -> list[str]:
    """Return one line per file, each followed by its quarantine list."""
    return [line for file in summary.files for line in (_line(file), *_quarantine(file))]


def _line(file: FileSummary) -> str:
    if file.refused is not None:
        return file.refused
    if file.ignored is not None:
        return f"{file.path}: the same bytes were taken from {file.side} before, as {file.ignored}; nothing to do"
    if not file.taken and not file.quarantined_count:
        return f"{file.path}: no records in it"
    counts = (
        (file.repeated, "repeated"),
        (file.conflicting, "with another content than before under the same id"),
        (file.renewed, "sent again with another content"),
        (file.unfinished, "not completed yet"),
        (file.quarantined_count, "quarantined"),
    )
    told = "".join(f", {count} {what}" for count, what in counts if count)
    noun = file.kind if file.taken == 1 else f"{file.kind}s"
    return f"{file.path}: {file.taken} {noun} of {file.side} taken{told}"


def _quarantine(file: FileSummary) -> list[str]:
    listed = [
        f"  {record.code}  {record.where}{f'  {record.id}' if record.id else ''}: {record.message}. {record.what_to_do}"
        for record in file.quarantined[:_LISTED]
    ]
    left = file.quarantined_count - len({record.where for record in file.quarantined[:_LISTED]})
    return [*listed, f"  … and {left} more; `evclear findings list MONTH` shows all after a run"] if left else listed


def _hint(summary: IngestSummary) -> str | None:
    if any(file.taken for file in summary.files):
        return "Next: evclear run MONTH"
    return None
