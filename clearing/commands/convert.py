"""evclear convert: CDRs and tariffs to another version of OCPI, with everything named that gets lost. Needs no book."""

import sys
from collections.abc import Callable
from typing import Any, Final

import click

from clearing.intake.json_records import RawRecord, UnreadableFile, read_records
from tariffs.findings import Finding, Severity
from tariffs.ocpi import VERSIONS, Converted, convert_cdr, convert_tariff, encode
from tariffs.ocpi.conversion import TARGETS

_Convert = Callable[[object], Converted]
_PARTY_LENGTH: Final = 3


def _options(command: Callable[..., None]) -> Callable[..., None]:
    """What converting a CDR and a tariff have in common."""
    decorated: Any = command
    for option in (
        click.option(
            "--format",
            "output",
            type=click.Choice(["json", "jsonl"]),
            default="json",
            show_default=True,
            help="json: one object, or an array of several; jsonl: one object in a line.",
        ),
        click.option("--party", metavar="ID", help="The CPO, such as DE*ABC, where a record of 2.1.1 names none."),
        click.option(
            "--ocpi-version",
            type=click.Choice(VERSIONS),
            metavar="V",
            help="2.1.1, 2.2.1 or 2.3.0, which the files are in; detected unless given.",
        ),
        click.option(
            "--to", required=True, type=click.Choice(TARGETS), metavar="V", help="2.2.1 or 2.3.0, to convert to."
        ),
        click.argument("files", nargs=-1, required=True, metavar="FILE…"),
    ):
        decorated = option(decorated)
    result: Callable[..., None] = decorated
    return result


@click.group()
def convert() -> None:
    """Convert CDRs and tariffs to another version of OCPI and name everything that gets lost on the way.

    FILE is one object, an array, an OCPI envelope or JSON Lines, also gzipped; - is standard input. The converted
    objects go to standard output, what is lost (W), cannot be said (Q) or is said otherwise (I) to standard error.
    Exit code 3: something was lost, or a record could not be converted; 4: a file cannot be used.
    """


@convert.command()
@_options
@click.pass_context
def cdr(
    ctx: click.Context, files: tuple[str, ...], to: str, ocpi_version: str | None, party: str | None, output: str
) -> None:
    """Convert CDRs, with the tariffs inside them."""
    owner = _owner(party)
    _answer(ctx, files, output, lambda obj: convert_cdr(obj, to=to, version=ocpi_version, owner=owner))


@convert.command()
@_options
@click.pass_context
def tariff(
    ctx: click.Context, files: tuple[str, ...], to: str, ocpi_version: str | None, party: str | None, output: str
) -> None:
    """Convert tariffs; one of 2.1.1 looks like one of 2.2.1, so name its version."""
    owner = _owner(party)
    _answer(ctx, files, output, lambda obj: convert_tariff(obj, to=to, version=ocpi_version, owner=owner))


def _owner(party: str | None) -> tuple[str, str] | None:
    if party is None:
        return None
    bare = "".join(c for c in party.upper() if c.isalnum())
    if len(bare) != 2 + _PARTY_LENGTH:
        raise click.BadParameter(f"{party!r} is no party such as DE*ABC.", param_hint="--party")
    return bare[:2], bare[2:]


def _answer(ctx: click.Context, files: tuple[str, ...], output: str, to_convert: _Convert) -> None:
    written = _Output(output)
    count = lossy = 0
    unreadable = False
    for path in files:
        try:
            for record in read_records(path):
                count += 1
                converted = _converted(record, to_convert)
                lossy += converted.is_lossy
                for finding in converted.findings:
                    click.echo(_told(record.where, finding), err=True)
                if converted.value is not None:
                    written.add(encode(converted.value))
        except UnreadableFile as problem:
            unreadable = True
            click.echo(f"unreadable-file: {problem}", err=True)
    written.end(count)
    click.echo(f"{count} record{'' if count == 1 else 's'}, {lossy} with losses", err=True)
    ctx.exit(4 if unreadable else 3 if lossy else 0)


class _Output:
    """The converted objects as they come: the first is held until it is known whether it stays the only one."""

    def __init__(self, output: str) -> None:
        self._lines = output == "jsonl"
        self._held: str | None = None
        self._count = 0

    def add(self, text: str) -> None:
        """Write one object, or hold the first one."""
        self._count += 1
        if self._lines:
            _write(text + "\n")
        elif self._count == 1:
            self._held = text
        else:
            _write(("[\n" + (self._held or "") if self._count == 2 else "") + ",\n" + text)

    def end(self, records: int) -> None:
        """Close the array; of one record only its object stands there."""
        if self._lines or not records:
            return
        if records == 1:
            _write(f"{self._held}\n" if self._held is not None else "")
        elif self._count > 1:
            _write("\n]\n")
        else:
            _write("[\n" + (f"{self._held}\n" if self._held is not None else "") + "]\n")


def _converted(record: RawRecord, to_convert: _Convert) -> Converted:
    if record.problem is not None:
        return Converted(None, "", (Finding("malformed-record", Severity.WAITS, "$", record.problem),))
    return to_convert(record.value)


def _told(where: str, finding: Finding) -> str:
    text = f"{where}: {finding.severity} {finding.code}  {finding.path}: {finding.message}"
    return "".join(c if c.isprintable() else "?" for c in text)


def _write(text: str) -> None:
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
