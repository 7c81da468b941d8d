"""What the commands that price have in common: their options, the tariffs given beside, and records to CDRs."""

import zoneinfo
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import click

from clearing.intake.json_records import RawRecord, UnreadableFile, read_records
from tariffs import Cdr, Finding, NotJson, Severity, Tariff, UnknownTimeZone
from tariffs.ocpi import VERSIONS, decode, detect_version, is_session, read_cdr, read_session, read_tariff
from tariffs.zones import named_zone

_INSTANT: Final = click.DateTime(["%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S"])


def with_pricing_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the files and the options that say how to price them."""
    decorated: Any = command
    for option in (
        click.option(
            "--as-of", type=_INSTANT, metavar="INSTANT", help="Until when a Session without an end is priced, in UTC."
        ),
        click.option(
            "--ocpi-version",
            metavar="V",
            help="2.1.1, 2.2.1 or 2.3.0, of the CDRs and of --tariff; detected unless given.",
        ),
        click.option(
            "--time-zone", metavar="ZONE", help="IANA zone of all CDRs, such as Europe/Berlin; wins over all else."
        ),
        click.option(
            "--tariff-override", is_flag=True, help="Price by the one tariff of --tariff whatever the CDR names."
        ),
        click.option(
            "--tariff",
            metavar="FILE",
            help="Tariffs where the CDR brings none: one, an array or an OCPI envelope.",
        ),
        click.argument("files", nargs=-1, required=True, metavar="FILE…"),
    ):
        decorated = option(decorated)
    result: Callable[..., None] = decorated
    return result


@dataclass(frozen=True, slots=True)
class PricingOptions:
    """What the command line says about pricing, for every record alike."""

    tariffs: tuple[Tariff, ...]
    override: Tariff | None
    time_zone: str | None
    version: str | None
    until: datetime | None = None


def pricing_options(
    ctx: click.Context,
    tariff: str | None,
    tariff_override: bool,
    time_zone: str | None,
    ocpi_version: str | None,
    as_of: datetime | None,
) -> PricingOptions:
    """Check the options, read the tariffs; wrong use ends with 2, a tariff file that cannot be used with 4."""
    zoneinfo.reset_tzpath(to=[])  # The zone data that was installed with us decides, not that of the machine.
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
    return PricingOptions(tariffs, tariffs[0] if tariff_override else None, time_zone, ocpi_version, until)


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


@dataclass(frozen=True, slots=True)
class ReadRecord:
    """One record of a file as a CDR, where it can be read as one."""

    cdr_id: str | None
    version: str | None
    cdr: Cdr | None
    findings: tuple[Finding, ...]


def read_record(record: RawRecord, options: PricingOptions) -> ReadRecord:
    """Read a CDR, or a Session as the CDR it would be so far."""
    value, problem = record.value, record.problem
    if value is None and problem is None:
        try:
            value = decode(record.raw)
        except NotJson as broken:
            problem = str(broken)
    if problem is not None:
        return ReadRecord(None, None, None, (Finding("malformed-record", Severity.WAITS, "$", problem),))
    version = options.version or detect_version(value)
    if is_session(value):
        read = read_session(value, version=version, until=options.until)
    else:
        read = read_cdr(value, version=version)
    if read.cdr is None:
        return ReadRecord(None, version, None, read.findings)
    return ReadRecord(_id_of(value, read.cdr), version, read.cdr, read.findings)


def _id_of(value: object, cdr: Cdr) -> str | None:
    """The id of a CDR, read leniently: a number is one as well."""
    if cdr.id is None and isinstance(value, dict) and type(value.get("id")) is int:
        return str(value["id"])[:64]
    return cdr.id
