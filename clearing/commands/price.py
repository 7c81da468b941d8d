"""evclear price: what each CDR costs by its tariff, beside what it claims. Needs no book."""

import json
import os
import sys
import zoneinfo
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import Final

import click

from clearing.intake.json_records import RawRecord, UnreadableFile, read_records
from clearing.processes import pool
from tariffs import (
    BilledQuantities,
    Breakdown,
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
from tariffs.ocpi import VERSIONS, decode, detect_version, read_cdr, read_tariff
from tariffs.quantity import WIDE, ZERO
from tariffs.zones import ZoneSource, named_zone

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
_TWELVE_DECIMALS: Final = Decimal("1E-12")
_GRAVITY: Final = {severity: place for place, severity in enumerate(Severity)}
_STOPS: Final = frozenset({Severity.FILE_REFUSED, Severity.RECORD_REFUSED, Severity.WAITS})


@dataclass(frozen=True, slots=True)
class _Options:
    """What the command line says, for every record alike."""

    tariffs: tuple[Tariff, ...]
    override: Tariff | None
    time_zone: str | None
    version: str | None
    output: str


@dataclass(frozen=True, slots=True)
class _Priced:
    """One input record, priced or not."""

    number: int
    where: str
    cdr_id: str | None
    version: str | None
    cdr: Cdr | None
    breakdown: Breakdown | None
    findings: tuple[Finding, ...]

    @property
    def needs_people(self) -> bool:
        """Whether the record has no price or a finding that waits for a person."""
        return self.breakdown is None or not self.breakdown.priced or any(f.severity in _STOPS for f in self.findings)


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@click.option("--tariff", metavar="FILE", help="Tariffs where the CDR brings none: one, an array or an OCPI envelope.")
@click.option("--tariff-override", is_flag=True, help="Price by the one tariff of --tariff whatever the CDR names.")
@click.option("--time-zone", metavar="ZONE", help="IANA zone of all CDRs, such as Europe/Berlin; wins over all else.")
@click.option(
    "--ocpi-version", metavar="V", help="2.1.1, 2.2.1 or 2.3.0, of the CDRs and of --tariff; detected unless given."
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
    output: str,
    jobs: int,
) -> None:
    """Price CDRs of OCPI and show every step; FILE may be - for standard input.

    A file is one CDR, an array, an OCPI envelope or JSON Lines, also gzipped. Every record gives exactly one answer
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
    options = _Options(tariffs, tariffs[0] if tariff_override else None, time_zone, ocpi_version, output)
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
        lines.append(_as_text(priced) if options.output == "text" else _as_json(priced))
    return lines, needing


def _price_record(number: int, record: RawRecord, options: _Options) -> _Priced:
    value, problem = record.value, record.problem
    if value is None and problem is None:
        try:
            value = decode(record.raw)
        except NotJson as broken:
            problem = str(broken)
    if problem is not None:
        malformed = Finding("malformed-record", Severity.WAITS, "$", problem)
        return _Priced(number, record.where, None, None, None, None, (malformed,))
    version = options.version or detect_version(value)
    read = read_cdr(value, version=version)
    if read.cdr is None:
        return _Priced(number, record.where, None, version, None, None, read.findings)
    breakdown = price_cdr(read.cdr, tariffs=options.tariffs, override=options.override, time_zone=options.time_zone)
    found = [*read.findings, *breakdown.findings, *verify(read.cdr, breakdown)]
    if len(found) > 1:
        once = {(f.code, f.path, f.message): f for f in found}
        found = sorted(once.values(), key=lambda f: _GRAVITY[f.severity])
    findings = tuple(found)
    return _Priced(number, record.where, _id_of(value, read.cdr), version, read.cdr, breakdown, findings)


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


def plain(value: Decimal | None) -> str | None:
    """A number as the contract writes it: no exponent, no trailing zeros, at most 12 decimals, half even here only.

    >>> plain(Decimal("1E+2")), plain(Decimal("0.10")), plain(Decimal("-0.0")), plain(Decimal(2) / 3)
    ('100', '0.1', '0', '0.666666666667')
    """
    if value is None:
        return None
    text = str(value)  # a third of the time that format takes, and the same unless there is an exponent
    if "E" in text:
        text = f"{value:f}"
    whole, _, decimals = text.partition(".")
    if len(decimals) > 12:
        text = f"{value.quantize(_TWELVE_DECIMALS, context=WIDE):f}"
        whole, _, decimals = text.partition(".")
    decimals = decimals.rstrip("0")
    if decimals:
        return f"{whole}.{decimals}"
    return "0" if whole == "-0" else whole


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


def _difference(claim: Claim | None, cost: Cost | None) -> Claim | None:
    """Claimed less computed, each side of VAT by itself."""
    if claim is None or cost is None:
        return None
    sides = [
        None if a is None or b is None else WIDE.subtract(a, b)
        for a, b in ((claim.excl_vat, cost.excl_vat), (claim.incl_vat, cost.incl_vat))
    ]
    return Claim(sides[0], sides[1])


def _text(value: str | None) -> str:
    return "null" if value is None else _JSON.encode(value)


def _as_json(priced: _Priced) -> str:
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
        f'"difference": {_sides(_difference(claim, breakdown.total_cost if breakdown is not None else None))}, '
        f'"findings": {_JSON.encode(findings) if findings else "[]"}}}'
    )


def _quantities(billed: BilledQuantities | None) -> str:
    if billed is None:
        return _UNKNOWN_QUANTITIES
    return (
        f'{{"energy_kwh": {_quoted(billed.energy_kwh)}, "time_min": {_quoted(billed.time_min)}, '
        f'"parking_min": {_quoted(billed.parking_min)}, "reservation_min": {_quoted(billed.reservation_min)}}}'
    )


def _as_text(priced: _Priced) -> str:
    """One CDR for people: total, claim, each line to be recalculated by hand, findings."""
    breakdown, cdr = priced.breakdown, priced.cdr
    rows = [f"{priced.cdr_id or '(no id)'}  {priced.where}"]
    if breakdown is None or cdr is None or not breakdown.priced:
        rows.append("  no price")
    else:
        kind = "credit  " if cdr.credit else "costs   "
        rows.append(f"  {kind} {_amounts(breakdown.total_cost)} {breakdown.currency}")
    if cdr is not None and cdr.total_cost is not None:
        difference = _difference(cdr.total_cost, breakdown.total_cost if breakdown is not None else None)
        rows.append(f"  claimed  {_amounts(cdr.total_cost)}   difference {_amounts(difference)}")
    if breakdown is not None and breakdown.tariff_ids:
        zone = ""
        if breakdown.time_zone_source is not None:
            zone = f", local time of {breakdown.time_zone} {ZoneSource(breakdown.time_zone_source).words}"
        rows.append(f"  tariff   {', '.join(breakdown.tariff_ids)}{zone}")
    for line in breakdown.lines if breakdown is not None else ():
        quantity, unit, per = plain(line.quantity), line.unit, line.unit
        if unit == "s":
            quantity, unit, per = plain(line.quantity / 60), "min", "h"
        vat = f"  + {plain(line.vat)} % VAT" if line.vat is not None else ""
        cost = line.cost.excl_vat
        if line.includes_taxes:
            cost, vat = line.cost.incl_vat, "  with taxes" if line.vat is None else f"  with {plain(line.vat)} % VAT"
        why = f"  ({line.why})" if line.why else ""
        product = f"{quantity:>12} {unit:<6} x {plain(line.price):>8} /{per:<6} = {plain(cost) or 'unknown':>12}"
        rows.append(f"  period {line.period + 1:<3} {line.dimension:<17} {product}{vat}{why}")
    for f in priced.findings:
        money = f"  [{plain(f.money)}]" if f.money is not None else ""
        rows.append(f"  {f.severity} {f.code}  {f.path}: {f.message}{money}")
    return "\n".join("".join(c if c.isprintable() else "?" for c in row) for row in rows) + "\n"


def _amounts(cost: Cost | Claim | None) -> str:
    """Both sides of VAT for people."""
    if cost is None:
        return "unknown"
    return f"{plain(cost.excl_vat) or 'unknown'} excl. VAT, {plain(cost.incl_vat) or 'unknown'} incl. VAT"
