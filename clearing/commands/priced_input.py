"""What the commands that price have in common: their options, the tariffs given beside, and records to CDRs."""

import zoneinfo
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

import click

from clearing.intake.json_records import RawRecord, UnreadableFile, read_records
from tariffs import Tariff, UnknownTimeZone
from tariffs.answers import PricingOptions, ReadRecord, read_text, read_value, unreadable
from tariffs.ocpi import VERSIONS, read_tariff
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


def with_output_options(work: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Add the form of the answers, and how many processes do the `work`."""

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        decorated: Any = click.option(
            "--jobs", type=click.IntRange(1, 256), default=1, show_default=True, help=f"Processes that {work}."
        )(command)
        result: Callable[..., None] = click.option(
            "--format",
            "output",
            type=click.Choice(["text", "json", "jsonl"]),
            default="text",
            show_default=True,
            help="text for people, json or jsonl for programs.",
        )(decorated)
        return result

    return decorate


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


def read_record(record: RawRecord, options: PricingOptions) -> ReadRecord:
    """Read a CDR, or a Session as the CDR it would be so far."""
    if record.problem is not None:
        return unreadable(record.problem)
    return read_text(record.raw, options) if record.value is None else read_value(record.value, options)
