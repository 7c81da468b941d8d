"""evclear generate: CDRs made up from a tariff, by which everything it says is seen at work. Needs no book."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Final

import click

from clearing.commands.tariff_input import GivenTariff, TariffInput, use_packaged_zones, write_file
from tariffs import UnknownTimeZone
from tariffs.generate import Generated
from tariffs.generate import generate as make
from tariffs.ocpi import VERSIONS, encode

SCHEMA: Final = "evclear.generate/1"


@click.command()
@click.argument("tariffs", nargs=-1, required=True, metavar="TARIFF…")
@click.option(
    "--ocpi-version",
    type=click.Choice(VERSIONS),
    metavar="V",
    help="2.1.1, 2.2.1 or 2.3.0, of the tariffs and their CDRs; detected unless given.",
)
@click.option(
    "--from",
    "first_day",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="First day of a charge; else the start of the tariff's validity, or the day it was last updated.",
)
@click.option("--time-zone", metavar="ZONE", help="IANA zone of the charges, such as Europe/Berlin; else by country.")
@click.option(
    "--count", type=click.IntRange(1), metavar="N", help="At most N CDRs for each tariff, those for prices first."
)
@click.option(
    "--format",
    "output",
    type=click.Choice(["json", "jsonl"]),
    default="json",
    show_default=True,
    help="json: the CDRs with what each one shows; jsonl: one CDR in a line.",
)
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write there, not to stdout."
)
@click.pass_context
def generate(
    ctx: click.Context,
    tariffs: tuple[str, ...],
    ocpi_version: str | None,
    first_day: datetime | None,
    time_zone: str | None,
    count: int | None,
    output: str,
    out: Path | None,
) -> None:
    """Make up CDRs from tariffs, so that every price, threshold, step and limit is seen at work.

    TARIFF is a file with one tariff, an array, an OCPI envelope or JSON Lines, also gzipped; - is standard input.
    Each CDR claims what its tariff makes of it, its id and remark say what it shows, and the same tariff gives the
    same CDRs. What can never be shown, and why, stands on stderr and in json. Both formats go into evclear price.
    Exit code 3: a tariff by which nobody can price; 4: a file cannot be used.
    """
    use_packaged_zones(time_zone)
    given = TariffInput(ocpi_version)
    made: list[tuple[GivenTariff, Generated]] = []
    number = 1
    for one in given.tariffs(tariffs):
        try:
            found = make(
                one.obj,
                one.tariff,
                version=one.version,
                time_zone=time_zone,
                first_day=None if first_day is None else first_day.date(),
                most=count,
                first_number=number,
            )
        except UnknownTimeZone as problem:
            raise click.BadParameter(f"{problem}.", param_hint="--time-zone") from None
        number += len(found.made)
        made.append((one, found))
        _tell(one, found)
    text = (
        _as_json(made) if output == "json" else "".join(f"{encode(m.cdr)}\n" for _, found in made for m in found.made)
    )
    content = text.encode("utf-8", "backslashreplace")
    if out is None:
        sys.stdout.buffer.write(content)
    else:
        write_file(out, content)
    ctx.exit(given.exit_code)


def _tell(given: GivenTariff, found: Generated) -> None:
    """Say on stderr what the CDRs of a tariff show, and what none can."""
    used = found.components - len(found.never_used)
    name = "".join(c if c.isprintable() else "?" for c in found.tariff_id or "(no id)")
    counted = f"{len(found.made)} CDR{'' if len(found.made) == 1 else 's'}"
    click.echo(
        f"{given.where}: {name}: {counted}, {used} of {found.components} price components count, "
        f"local time of {found.time_zone}",
        err=True,
    )
    for gap in found.not_shown:
        kind = "never counts" if gap.is_component else "is not shown"
        click.echo(f"  {gap.path}: {gap.what} {kind}: {gap.why}", err=True)
    for one in found.made:
        if one.findings:
            click.echo(f"  {one.id}: {', '.join(one.findings)}, which the tariff itself brings about", err=True)


def _as_json(made: list[tuple[GivenTariff, Generated]]) -> str:
    """One object: the CDRs under `data`, as in an OCPI envelope, so that every reader of CDRs takes it."""
    shows = []
    for given, found in made:
        shows.append(
            {
                "where": given.where,
                "tariff_id": found.tariff_id,
                "ocpi_version": found.version,
                "time_zone": found.time_zone,
                "components": found.components,
                "cdrs": [{"id": m.id, "shows": m.shows, "findings": m.findings} for m in found.made],
                "not_shown": [
                    {
                        "path": gap.path,
                        "what": gap.what,
                        "why": gap.why,
                        "kind": "component" if gap.is_component else "detail",
                    }
                    for gap in found.not_shown
                ],
            }
        )
    cdrs = ",\n".join(encode(m.cdr) for _, found in made for m in found.made)
    return f'{{"schema": "{SCHEMA}",\n"data": [\n{cdrs}\n],\n"tariffs": {encode(shows)}}}\n'
