"""evclear draw: a tariff as a picture, its prices over the week and what a charge costs. Needs no book."""

import re
from pathlib import Path
from typing import Final

import click

from clearing.commands.tariff_input import GivenTariff, TariffInput, use_packaged_zones, write_file
from clearing.documents.tariff_picture import tariff_pdf, tariff_svg
from tariffs import UnknownTimeZone
from tariffs.ocpi import VERSIONS
from tariffs.picture import TariffPicture, picture_of

_STRANGE: Final = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST_NAME: Final = 60


@click.command()
@click.argument("tariffs", nargs=-1, required=True, metavar="TARIFF…")
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    metavar="PLACE",
    help="FILE.pdf for all tariffs, FILE.svg for one, or a folder for a PDF and an SVG of each.",
)
@click.option(
    "--ocpi-version",
    type=click.Choice(VERSIONS),
    metavar="V",
    help="2.1.1, 2.2.1 or 2.3.0, of the tariffs; detected unless given.",
)
@click.option("--time-zone", metavar="ZONE", help="IANA zone of the charges, such as Europe/Berlin; else by country.")
@click.option("--lang", type=click.Choice(["en", "de"]), default="en", show_default=True, help="English or German.")
@click.pass_context
def draw(
    ctx: click.Context,
    tariffs: tuple[str, ...],
    out: Path,
    ocpi_version: str | None,
    time_zone: str | None,
    lang: str,
) -> None:
    """Draw tariffs: prices over the week, what a charge costs while it goes on, and the elements.

    TARIFF is a file with one tariff, an array, an OCPI envelope or JSON Lines, also gzipped; - is standard input. The
    same tariff gives the same bytes. Exit code 3: a tariff by which nobody can price; 4: a file cannot be used.
    """
    use_packaged_zones(time_zone)
    given = TariffInput(ocpi_version)
    pictures = [(one, _picture(one, time_zone)) for one in given.tariffs(tariffs)]
    kind = out.suffix.lower()
    if kind == ".svg" and len(pictures) > 1:
        raise click.UsageError(f"--out {out} holds one tariff, here are {len(pictures)}: name a folder, or a .pdf.")
    if not pictures:
        ctx.exit(given.exit_code)
    if kind == ".pdf":
        _write(out, tariff_pdf([picture for _, picture in pictures], lang))
    elif kind == ".svg":
        _write(out, tariff_svg(pictures[0][1], lang))
    else:
        taken: set[str] = set()
        for _, picture in pictures:
            name = _name(picture, taken)
            _write(out / f"{name}.pdf", tariff_pdf([picture], lang))
            _write(out / f"{name}.svg", tariff_svg(picture, lang))
    ctx.exit(given.exit_code)


def _picture(given: GivenTariff, time_zone: str | None) -> TariffPicture:
    try:
        return picture_of(given.tariff, version=given.version, time_zone=time_zone)
    except UnknownTimeZone as problem:
        raise click.BadParameter(f"{problem}.", param_hint="--time-zone") from None


def _write(path: Path, content: bytes) -> None:
    write_file(path, content)
    click.echo(str(path))


def _name(picture: TariffPicture, taken: set[str]) -> str:
    """A name for the files of a tariff: its owner and id in letters that every file system has."""
    tariff = picture.tariff
    parts = (tariff.country_code, tariff.party_id, tariff.id or "tariff")
    plain = _STRANGE.sub("-", "_".join(part for part in parts if part)).strip(".-")[:_LONGEST_NAME] or "tariff"
    name, number = plain, 1
    while name.lower() in taken:
        number += 1
        name = f"{plain}-{number}"
    taken.add(name.lower())
    return name
