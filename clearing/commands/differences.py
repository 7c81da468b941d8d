"""evclear differences: why claims differ from their tariffs, charge by charge and for each CPO. Needs no book."""

import json
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, Final

import click

from clearing.commands import let_go_of_stdout
from clearing.commands.differences_text import charge_text, partner_text
from clearing.commands.priced_input import (
    pricing_options,
    read_record,
    with_output_options,
    with_pricing_options,
)
from clearing.intake.json_records import RawRecord, UnreadableFile, read_records
from clearing.parties import party_id
from clearing.processes import pool
from tariffs import Cdr, Claim, Cost, price
from tariffs.answers import PricingOptions
from tariffs.differences import Account, Partner, Tally, account
from tariffs.differences.catalogue import READINGS
from tariffs.plain import plain

SCHEMA: Final = "evclear.differences/1"
CHARGE_SCHEMA: Final = "evclear.difference/1"
PARTNER_SCHEMA: Final = "evclear.method/1"

_CHUNK: Final = 50
Key = tuple[str, str]
"""CPO and currency, each `unknown` where the CDR does not say."""


@click.command()
@with_pricing_options
@with_output_options("search")
@click.pass_context
def differences(
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
    """Say why claims differ from what their tariffs make; FILE may be - for standard input.

    Each CDR whose total_cost is not exactly the computed price gets the causes that make the claim to its last digit:
    a way to round, or one rule read otherwise. Then each CPO with its method, where one makes 95 % of 20 or more
    differing claims, and with how many wrong amounts some cause would explain by chance. Files and options are those
    of price. Exit code 3: a claim that nothing explains, or a CDR without a price; 4: a file cannot be used.
    """
    options = pricing_options(ctx, tariff, tariff_override, time_zone, ocpi_version, as_of)
    run = _Run()
    try:
        _write(run, files, options, output, jobs)
    except BrokenPipeError:
        let_go_of_stdout()
    told = [tally.partner() for tally in run.tallies.values()]
    differing, unexplained = (sum(getattr(partner, name) for partner in told) for name in ("differing", "unexplained"))
    counts = f"{differing} with another claim, {unexplained} of these unexplained, {run.without_price} without a price"
    click.echo(f"{run.records} CDR{'' if run.records == 1 else 's'}: {counts}", err=True)
    ctx.exit(4 if run.unreadable else 3 if unexplained or run.without_price else 0)


@dataclass(frozen=True, slots=True)
class Accounted:
    """One record of a file with the account of its claim; without a CDR or a price there is no account."""

    number: int
    where: str
    cdr_id: str | None
    key: Key
    account: Account
    has_price: bool


@dataclass(slots=True)
class _Run:
    """One call of the command: what its exit code will say, and the claims of each CPO added up."""

    records: int = 0
    without_price: int = 0
    unreadable: bool = False
    tallies: dict[Key, Tally] = field(default_factory=dict)

    def accounts(self, files: Iterable[str], options: PricingOptions, jobs: int) -> Iterator[Accounted]:
        """Give out one account after the other in input order, and add each up."""
        for found in self._searched(self._records(files), options, jobs):
            for one in found:
                self.records += 1
                self.without_price += not one.has_price
                self.tallies.setdefault(one.key, Tally()).add(one.account)
                yield one

    def _searched(
        self, records: Iterator[tuple[int, RawRecord]], options: PricingOptions, jobs: int
    ) -> Iterator[list[Accounted]]:
        """A few chunks are under way at a time, so that memory stays flat."""
        if jobs == 1:
            while chunk := list(islice(records, _CHUNK)):
                yield _search(chunk, options)
            return
        waiting: deque[Future[list[Accounted]]] = deque()
        with pool(jobs) as workers:
            while chunk := list(islice(records, _CHUNK)):
                waiting.append(workers.submit(_search, chunk, options))
                if len(waiting) > 3 * jobs:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()

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


def _search(chunk: list[tuple[int, RawRecord]], options: PricingOptions) -> list[Accounted]:
    """Account for some records; also what another process runs."""
    return [_accounted(number, record, options) for number, record in chunk]


def _accounted(number: int, record: RawRecord, options: PricingOptions) -> Accounted:
    read = read_record(record, options)
    cdr = read.cdr
    if cdr is None:
        return Accounted(number, record.where, read.cdr_id, ("unknown", "unknown"), Account(None), False)
    ours = price(cdr, tariffs=options.tariffs, override=options.override, time_zone=options.time_zone)
    found = account(cdr, ours, tariffs=options.tariffs, override=options.override, time_zone=options.time_zone)
    return Accounted(number, record.where, read.cdr_id, _key(cdr), found, ours.priced)


def _key(cdr: Cdr) -> Key:
    known = cdr.country_code is not None and cdr.party_id is not None
    cpo = party_id(cdr.country_code or "", cdr.party_id or "") if known else "unknown"
    return cpo, (cdr.currency or "unknown").upper()


def _write(run: _Run, files: Iterable[str], options: PricingOptions, output: str, jobs: int) -> None:
    """Write each charge that differs as it is found, and at the end what each CPO does."""
    charges = (one for one in run.accounts(files, options, jobs) if one.account.difference is not None)
    if output == "json":
        _line(f'{{"schema": "{SCHEMA}", "records": [')
        _list(_charge_json(one) for one in charges)
        _line('], "partners": [')
        _list(_partner_json(key, tally.partner()) for key, tally in sorted(run.tallies.items()))
        _line("]}")
        return
    for one in charges:
        text = charge_text(one.number, one.where, one.cdr_id, one.key[0], one.account)
        _line(text if output == "text" else json.dumps(_charge_json(one), ensure_ascii=False))
    for key, tally in sorted(run.tallies.items()):
        told = tally.partner()
        is_text = output == "text"
        _line(partner_text(*key, told) if is_text else json.dumps(_partner_json(key, told), ensure_ascii=False))


def _list(values: Iterable[dict[str, Any]]) -> None:
    before = ""
    for value in values:
        _line(before + json.dumps(value, ensure_ascii=False), end="")
        before = ",\n"
    _line("" if not before else "\n", end="")


def _line(text: str, end: str = "\n") -> None:
    sys.stdout.buffer.write((text + end).encode("utf-8", "backslashreplace"))
    sys.stdout.buffer.flush()


def _sides(cost: Cost | Claim) -> dict[str, str | None]:
    return {"excl_vat": plain(cost.excl_vat), "incl_vat": plain(cost.incl_vat)}


def _charge_json(one: Accounted) -> dict[str, Any]:
    """What programs read of a charge: every total it claims, and all causes with all their rounding profiles."""
    found = one.account
    return {
        "schema": CHARGE_SCHEMA,
        "record": one.number,
        "where": one.where,
        "cdr_id": one.cdr_id,
        "cpo": one.key[0],
        "currency": found.currency,
        "totals": [
            {
                "total": total.total,
                "claimed": _sides(total.claimed),
                "computed": _sides(total.computed),
                "difference": _sides(total.by),
            }
            for total in found.totals
        ],
        "explained": bool(found.causes),
        "causes": [
            {
                "reading": cause.reading,
                "detail": cause.detail or None,
                "rounding": list(cause.profiles),
                "words": cause.words,
                "decision": READINGS[cause.reading].decision or None if cause.reading in READINGS else None,
                "money": _sides(cause.amount),
                "parts_agree": cause.parts_agree,
            }
            for cause in found.causes
        ],
        "amounts_tried": found.amounts,
        "coincidences_of_100": found.coincidences,
    }


def _partner_json(key: Key, told: Partner) -> dict[str, Any]:
    """What programs read of a CPO in one currency."""
    return {
        "schema": PARTNER_SCHEMA,
        "cpo": key[0],
        "currency": key[1],
        "claims": told.claims,
        "without_claim_or_price": told.without_claim_or_price,
        "differing": told.differing,
        "explained": told.explained,
        "unexplained": told.unexplained,
        "money": plain(told.money),
        "unexplained_money": plain(told.unexplained_money),
        "methods": [
            {
                "reading": method.reading,
                "rounding": list(method.profiles),
                "words": method.words,
                "claims": method.claims,
                "of": method.of,
                "money": plain(method.money),
            }
            for method in told.methods
        ],
        "causes": [
            {"reading": share.reading, "words": share.words, "claims": share.claims, "money": plain(share.money)}
            for share in told.shares
        ],
        "by_chance": {"explained": told.coincidences, "of": told.tried},
    }
