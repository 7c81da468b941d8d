"""evclear price: what each CDR costs by its tariff, beside what it claims. Needs no book."""

import json
import os
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import Final

import click

from clearing.commands.price_text import Priced, as_text, difference, plain
from clearing.commands.priced_input import PricingOptions, pricing_options, read_record, with_pricing_options
from clearing.intake.json_records import RawRecord, UnreadableFile, read_records
from clearing.processes import pool
from tariffs import (
    BilledQuantities,
    Claim,
    Cost,
    Severity,
    verify,
)
from tariffs import price as price_cdr
from tariffs.quantity import ZERO

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
_GRAVITY: Final = {severity: place for place, severity in enumerate(Severity)}


@click.command()
@with_pricing_options
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
    options = pricing_options(ctx, tariff, tariff_override, time_zone, ocpi_version, as_of)
    run = _Run()
    try:
        _write(run.answers(files, options, output, jobs), output)
        if run.needing:
            click.echo(
                f"{run.needing} of {run.count} CDRs have no price or a finding that waits for a person.", err=True
            )
    except BrokenPipeError:
        # The reader of our output has enough (| head): nothing is wrong, and Python must not complain at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    ctx.exit(4 if run.unreadable else 3 if run.needing else 0)


class _Run:
    """One call of the command: what its exit code will say, and the answers in input order."""

    def __init__(self) -> None:
        self.count = 0
        self.needing = 0
        self.unreadable = False

    def answers(self, files: Iterable[str], options: PricingOptions, output: str, jobs: int) -> Iterator[list[str]]:
        """Give out the answers in chunks; a few chunks are under way at a time, so that memory stays flat."""
        chunks = _chunks(self._records(files))
        if jobs == 1:
            for chunk in chunks:
                yield self._taken(_price_chunk(chunk, options, output))
            return
        waiting: deque[Future[tuple[list[str], int]]] = deque()
        with pool(jobs) as workers:
            for chunk in chunks:
                bare = [(number, RawRecord(r.where, r.offset, r.length, r.raw, None, r.problem)) for number, r in chunk]
                waiting.append(workers.submit(_price_chunk, bare, options, output))
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


def _price_chunk(chunk: list[tuple[int, RawRecord]], options: PricingOptions, output: str) -> tuple[list[str], int]:
    """Price some records; also what another process runs. Returns the answers and how many need people."""
    lines: list[str] = []
    needing = 0
    for number, record in chunk:
        priced = _price_record(number, record, options)
        needing += priced.needs_people
        lines.append(as_text(priced) if output == "text" else _as_json(priced))
    return lines, needing


def _price_record(number: int, record: RawRecord, options: PricingOptions) -> Priced:
    read = read_record(record, options)
    if read.cdr is None:
        return Priced(number, record.where, None, read.version, None, None, read.findings)
    breakdown = price_cdr(read.cdr, tariffs=options.tariffs, override=options.override, time_zone=options.time_zone)
    found = [*read.findings, *breakdown.findings, *verify(read.cdr, breakdown)]
    if len(found) > 1:
        once = {(f.code, f.path, f.message): f for f in found}
        found = sorted(once.values(), key=lambda f: _GRAVITY[f.severity])
    return Priced(number, record.where, read.cdr_id, read.version, read.cdr, breakdown, tuple(found))


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
