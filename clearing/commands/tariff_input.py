"""What the commands that start from tariffs have in common: files to usable tariffs, and what to say of the others."""

import zoneinfo
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from clearing.intake.json_records import RawRecord, UnreadableFile, read_records
from tariffs import Severity, Tariff, UnknownTimeZone
from tariffs.ocpi import detect_version, read_tariff
from tariffs.zones import named_zone


@dataclass(frozen=True, slots=True)
class GivenTariff:
    """One tariff of the input: where it stands, its JSON, its OCPI version, and what was read of it."""

    where: str
    obj: dict[str, object]
    version: str
    tariff: Tariff


@dataclass(slots=True)
class TariffInput:
    """The tariffs of some files; `refused` counts those by which nobody can price, `unreadable` the files."""

    version: str | None
    refused: int = 0
    unreadable: int = 0

    def tariffs(self, files: Iterable[str]) -> Iterator[GivenTariff]:
        """Give out the usable tariffs in input order, and say on stderr what is wrong with the others."""
        for path in files:
            try:
                for record in read_records(path):
                    given = self._read(record)
                    if given is not None:
                        yield given
            except UnreadableFile as problem:
                self.unreadable += 1
                click.echo(f"unreadable-file: {problem}", err=True)

    def _read(self, record: RawRecord) -> GivenTariff | None:
        problem, obj = record.problem, record.value
        if problem is None and isinstance(obj, dict):
            version = self.version or detect_version(obj)
            read = read_tariff(obj, version=version)
            if read.tariff is not None and read.tariff.elements:
                return GivenTariff(record.where, obj, version, read.tariff)
            told = [f"{f.path}: {f.message}" for f in read.findings if f.severity is Severity.WAITS]
            problem = "; ".join(told) or "$.elements: the tariff has no elements, so it prices nothing"
        self.refused += 1
        click.echo(
            f"{record.where}: no usable tariff: {problem}. Ask its CPO to mend it: evclear lint tariff", err=True
        )
        return None

    @property
    def exit_code(self) -> int:
        """4 where a file cannot be used, 3 where a tariff cannot, else 0."""
        return 4 if self.unreadable else 3 if self.refused else 0


def use_packaged_zones(time_zone: str | None) -> None:
    """Take the zone data that was installed with us, and refuse a zone that it does not have."""
    zoneinfo.reset_tzpath(to=[])
    if time_zone is not None:
        try:
            named_zone(time_zone)
        except UnknownTimeZone as problem:
            raise click.BadParameter(f"{problem}.", param_hint="--time-zone") from None


def write_file(path: Path, content: bytes) -> None:
    """Write a result into a file, and its folder where that is missing; an unwritable one ends the command with 4."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as problem:
        raise click.FileError(str(path), f"{problem.strerror or problem}; name another place by --out") from None
