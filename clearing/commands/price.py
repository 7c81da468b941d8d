"""evclear price: what each CDR costs by its tariff, beside what it claims. Needs no book."""

import json
import os
import sys
import zoneinfo
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from itertools import islice
from typing import Final

import click

from clearing.commands.price_text import Priced, as_text, difference, plain
from clearing.intake.json_records import RawRecord, UnreadableFile, read_records
from clearing.processes import pool
from tariffs import (
    BilledQuantities,
    Cdr,
    Claim,
    Cost,
    Finding,
    NotJson,
    Severity,
    Tariff,
    UnknownTimeZone,
    verify,
)
from tariffs import price as price_cdr
from tariffs.ocpi import VERSIONS, decode, detect_version, is_session, read_cdr, read_session, read_tariff
from tariffs.quantity import ZERO
from tariffs.zones import named_zone

SCHEMA: Final = "evclear.price/1"

_CHUNK: Final = 200
_PARTS: Final = (
    "total_cost",
    "total_energy_cost",
    "total_time_cost",
    "total_parking_cost",
    "total_fixed_cost",
    "total_reservation_cost",
)
_UNKNOWN_SIDES: Final = '{"excl_vat": null, "incl_vat": null}'
_NO_COST: Final = '{"excl_vat": "0", "incl_vat": "0"}'
_UNKNOWN_QUANTITIES: Final = '{"energy_kwh": null, "time_min": null, "parking_min": null, "reservation_min": null}'
_JSON: Final = json.JSONEncoder(ensure_ascii=False)
_INSTANT: Final = click.DateTime(["%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S"])
_GRAVITY: Final = {severity: place for place, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True)
class _Options:
    """What the command line says, for every record alike."""

    tariffs: tuple[Tariff, ...]
    override: Tariff | None
    time_zone: str | None
    version: str | None
    output: str
    until: datetime | None = None


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@click.option("--tariff", metavar="FILE", help="Tariffs where the CDR brings none: one, an array or an OCPI envelope.")
@click.option("--tariff-override", is_flag=True, help="Price by the one tariff of --tariff whatever the CDR names.")
@click.option("--time-zone", metavar="ZONE", help="IANA zone of all CDRs, such as Europe/Berlin; wins over all else.")
@click.option(
    "--ocpi-version", metavar="V", help="2.1.1, 2.2.1 or 2.3.0, of the CDRs and of --tariff; detected unless given."
)
@click.option(
    "--as-of", type=_INSTANT, metavar="INSTANT", help="Until when a Session without an end is priced, in UTC."
)
@click.option(
    "--format",
    "output",
    type=click.Choice(["text", "json", "jsonl"]),
    default="text",
    show_default=True,
    help="text for people, json or jsonl for programs.",
)
@click.option("--jobs", type=click.IntRange(1, 256), default=1, show_default=True, help="Processes that price.")
@click.pass_context
def price(
    ctx: click.Context,
    files: tuple[str, ...],
    tariff: str | None,
    tariff_override: bool,
    time_zone: str | None,
    ocpi_version: str | None,
    as_of: datetime | None,
    output: str,
    jobs: int,
) -> None:
    """Price CDRs and Sessions of OCPI and show every step; FILE may be - for standard input.

    A file is one CDR, an array, an OCPI envelope or JSON Lines, also gzipped. A Session is priced by --tariff until
    its end, or so far (provisional). Every record gives exactly one answer
    in input order. Exit code 3: a CDR without a price, or a finding that needs a person; 4: a file cannot be used.
    """
    _use_packaged_zones()
    if tariff_override and tariff is None:
        raise click.UsageError("--tariff-override needs --tariff FILE.")
    if ocpi_version is not None and ocpi_version not in VERSIONS:
        raise click.BadParameter(f"{ocpi_version!r} is none of {', '.join(VERSIONS)}.", param_hint="--ocpi-version")
    if time_zone is not None:
        try:
            named_zone(time_zone)
        except UnknownTimeZone as problem:
            raise click.BadParameter(f"{problem}.", param_hint="--time-zone") from None
    tariffs = _tariffs(ctx, tariff, ocpi_version) if tariff is not None else ()
    if tariff_override and len(tariffs) != 1:
        raise click.UsageError(f"--tariff-override needs exactly one tariff, {tariff} holds {len(tariffs)}.")
    until = None if as_of is None else as_of.replace(tzinfo=UTC)
    options = _Options(tariffs, tariffs[0] if tariff_override else None, time_zone, ocpi_version, output, until)
    run = _Run()
    try:
        _write(run.answers(files, options, jobs), output)
        if run.needing:
            click.echo(
                f"{run.needing} of {run.count} CDRs have no price or a finding that waits for a person.", err=True
            )
    except BrokenPipeError:
        # The reader of our output has enough (| head): nothing is wrong, and Python must not complain at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    ctx.exit(4 if run.unreadable else 3 if run.needing else 0)


def _use_packaged_zones() -> None:
    """The zone data that was installed with us decides, not that of the machine."""
    zoneinfo.reset_tzpath(to=[])


def _tariffs(ctx: click.Context, path: str, version: str | None) -> tuple[Tariff, ...]:
    """Read the file of --tariff; without one usable tariff in it there is nothing to do."""
    found: list[Tariff] = []
    try:
        for record in read_records(path):
            read = read_tariff(record.value, version=version)
            if read.tariff is not None and record.problem is None:
                found.append(read.tariff)
            for finding in read.findings:
                click.echo(f"{record.where}: {finding.code} {finding.path}: {finding.message}", err=True)
    except UnreadableFile as problem:
        click.echo(f"unreadable-file: {problem}", err=True)
        ctx.exit(4)
    if not found:
        click.echo(f"unreadable-file: {path}: no usable tariff in it", err=True)
        ctx.exit(4)
    return tuple(found)


class _Run:
    """One call of the command: what its exit code will say, and the answers in input order."""

    def __init__(self) -> None:
        self.count = 0
        self.needing = 0
        self.unreadable = False

    def answers(self, files: Iterable[str], options: _Options, jobs: int) -> Iterator[list[str]]:
        """Give out the answers in chunks; a few chunks are under way at a time, so that memory stays flat."""
        chunks = _chunks(self._records(files))
        if jobs == 1:
            for chunk in chunks:
                yield self._taken(_price_chunk(chunk, options))
            return
        waiting: deque[Future[tuple[list[str], int]]] = deque()
        with pool(jobs) as workers:
            for chunk in chunks:
                bare = [(number, RawRecord(r.where, r.offset, r.length, r.raw, None, r.problem)) for number, r in chunk]
                waiting.append(workers.submit(_price_chunk, bare, options))
                if len(waiting) > 3 * jobs:
                    yield self._taken(waiting.popleft().result())
            while waiting:
                yield self._taken(waiting.popleft().result())

    def _taken(self, answer: tuple[list[str], int]) -> list[str]:
        lines, needing = answer
        self.count += len(lines)
        self.needing += needing
        return lines

    def _records(self, files: Iterable[str]) -> Iterator[tuple[int, RawRecord]]:
        number = 0
        for path in files:
            try:
                for record in read_records(path):
                    number += 1
                    yield number, record
            except UnreadableFile as problem:
                self.unreadable = True
                click.echo(f"unreadable-file: {problem}", err=True)


def _chunks(records: Iterator[tuple[int, RawRecord]]) -> Iterator[list[tuple[int, RawRecord]]]:
    while chunk := list(islice(records, _CHUNK)):
        yield chunk


def _price_chunk(chunk: list[tuple[int, RawRecord]], options: _Options) -> tuple[list[str], int]:
    """Price some records; also what another process runs. Returns the answers and how many need people."""
    lines: list[str] = []
    needing = 0
    for number, record in chunk:
        priced = _price_record(number, record, options)
        needing += priced.needs_people
        lines.append(as_text(priced) if options.output == "text" else _as_json(priced))
    return lines, needing


def _price_record(number: int, record: RawRecord, options: _Options) -> Priced:
    value, problem = record.value, record.problem
    if value is None and problem is None:
        try:
            value = decode(record.raw)
        except NotJson as broken:
            problem = str(broken)
    if problem is not None:
        malformed = Finding("malformed-record", Severity.WAITS, "$", problem)
        return Priced(number, record.where, None, None, None, None, (malformed,))
    version = options.version or detect_version(value)
    if is_session(value):
        read = read_session(value, version=version, until=options.until)
    else:
        read = read_cdr(value, version=version)
    if read.cdr is None:
        return Priced(number, record.where, None, version, None, None, read.findings)
    breakdown = price_cdr(read.cdr, tariffs=options.tariffs, override=options.override, time_zone=options.time_zone)
    found = [*read.findings, *breakdown.findings, *verify(read.cdr, breakdown)]
    if len(found) > 1:
        once = {(f.code, f.path, f.message): f for f in found}
        found = sorted(once.values(), key=lambda f: _GRAVITY[f.severity])
    findings = tuple(found)
    return Priced(number, record.where, _id_of(value, read.cdr), version, read.cdr, breakdown, findings)


def _id_of(value: object, cdr: Cdr) -> str | None:
    """The id of a CDR, read leniently: a number is one as well."""
    if cdr.id is None and isinstance(value, dict) and type(value.get("id")) is int:
        return str(value["id"])[:64]
    return cdr.id


def _write(answers: Iterator[list[str]], output: str) -> None:
    stream = sys.stdout.buffer
    separator = ",\n" if output == "json" else "\n"
    if output == "json":
        stream.write(b'{"schema": "%s", "records": [\n' % SCHEMA.encode())
    is_first = True
    for lines in answers:
        text = ("" if is_first else separator) + separator.join(lines)
        is_first = False
        stream.write(text.encode("utf-8", "backslashreplace"))
        stream.flush()
    stream.write(b"\n]}\n" if output == "json" else b"" if is_first else b"\n")
    stream.flush()


def _quoted(value: Decimal | None) -> str:
    """A number as a JSON text, or null."""
    return "null" if value is None else f'"{plain(value)}"'


def _sides(cost: Cost | Claim | None) -> str:
    """Both sides of VAT as a JSON object."""
    if cost is None:
        return _UNKNOWN_SIDES
    if cost.excl_vat is ZERO and cost.incl_vat is ZERO:  # what no tariff priced, in most CDRs most of the parts
        return _NO_COST
    return f'{{"excl_vat": {_quoted(cost.excl_vat)}, "incl_vat": {_quoted(cost.incl_vat)}}}'


def _text(value: str | None) -> str:
    return "null" if value is None else _JSON.encode(value)


def _as_json(priced: Priced) -> str:
    """The line of the contract, section 4, put together as text: its form is fixed, and a third of the work saved."""
    cdr, breakdown = priced.cdr, priced.breakdown
    claim = cdr.total_cost if cdr is not None else None
    billed = breakdown.billed if breakdown is not None else None
    tariff_ids = ", ".join(map(_JSON.encode, breakdown.tariff_ids if breakdown is not None else ()))
    parts = ", ".join(
        [f'"{part}": {_sides(getattr(breakdown, part) if breakdown is not None else None)}' for part in _PARTS]
    )
    findings = [
        {"code": f.code, "severity": f.severity, "path": f.path, "message": f.message, "money": plain(f.money)}
        for f in priced.findings
    ]
    return (
        f'{{"schema": "{SCHEMA}", "record": {priced.number}, "where": {_text(priced.where)}, '
        f'"cdr_id": {_text(priced.cdr_id)}, "ocpi_version": {_text(priced.version)}, '
        f'"credit": {"true" if cdr is not None and cdr.credit else "false"}, '
        f'"currency": {_text(cdr.currency if cdr is not None else None)}, '
        f'"time_zone": {_text(breakdown.time_zone if breakdown is not None else None)}, '
        f'"tariff_ids": [{tariff_ids}], {parts}, '
        f'"billed": {_quantities(billed)}, "claimed": {_sides(claim)}, '
        f'"difference": {_sides(difference(claim, breakdown.total_cost if breakdown is not None else None))}, '
        f'"findings": {_JSON.encode(findings) if findings else "[]"}}}'
    )


def _quantities(billed: BilledQuantities | None) -> str:
    if billed is None:
        return _UNKNOWN_QUANTITIES
    return (
        f'{{"energy_kwh": {_quoted(billed.energy_kwh)}, "time_min": {_quoted(billed.time_min)}, '
        f'"parking_min": {_quoted(billed.parking_min)}, "reservation_min": {_quoted(billed.reservation_min)}}}'
    )
