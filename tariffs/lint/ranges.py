"""Rules about restrictions with a minimum and a maximum, and about dates: never met, or always."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from tariffs.lint.rule import Check, Spot, rule
from tariffs.lint.sheet import Part, TariffSheet

_RANGES: Final = ("kwh", "current", "power", "duration")


def _bounds(part: Part) -> Iterator[tuple[str, Decimal | None, Decimal | None]]:
    for name in _RANGES:
        least: Decimal | None = getattr(part.restrictions, f"min_{name}")
        most: Decimal | None = getattr(part.restrictions, f"max_{name}")
        yield name, least, most


def restriction_impossible(sheet: TariffSheet) -> Iterator[Spot]:
    """A minimum that is not below its maximum, or an end that is not after its start: the element never applies."""
    for part in sheet.parts():
        path = f"{part.path}.restrictions"
        for name, least, most in _bounds(part):
            if least is not None and most is not None and least >= most > 0:
                words = f"min_{name} {least:f} is not below max_{name} {most:f}; the element never applies"
                yield Spot(f"{path}.min_{name}", words, f"below {most:f}", f"{least:f}")
        first, after = part.restrictions.start_date, part.restrictions.end_date
        if first is not None and after is not None and first >= after:
            words = f"end_date is exclusive and not after start_date {first}; the element never applies"
            yield Spot(f"{path}.end_date", words, f"after {first}", f"{after}")


def maximum_of_zero(sheet: TariffSheet) -> Iterator[Spot]:
    """A maximum of 0, which is exclusive: the element never applies."""
    for part in sheet.parts():
        for name, _, most in _bounds(part):
            if most == 0:
                words = f"max_{name} is exclusive, so with 0 the element never applies"
                yield Spot(f"{part.path}.restrictions.max_{name}", words, "more than 0, or no field", "0")


def minimum_of_zero(sheet: TariffSheet) -> Iterator[Spot]:
    """A minimum of 0, which restricts nothing."""
    for part in sheet.parts():
        for name, least, _ in _bounds(part):
            if least == 0:
                words = f"min_{name} of 0 restricts nothing"
                yield Spot(f"{part.path}.restrictions.min_{name}", words, "more than 0, or no field", "0")


def negative_restriction(sheet: TariffSheet) -> Iterator[Spot]:
    """A limit below 0."""
    for part in sheet.parts():
        for name, least, most in _bounds(part):
            for key, value in ((f"min_{name}", least), (f"max_{name}", most)):
                if value is not None and value < 0:
                    words = f"{key} is negative: {value:f}"
                    yield Spot(f"{part.path}.restrictions.{key}", words, "0 or more", f"{value:f}")


def duration_looks_like_minutes(sheet: TariffSheet) -> Iterator[Spot]:
    """A duration under one minute, which OCPI has in seconds: minutes or hours may be meant."""
    for part in sheet.parts():
        for key in ("min_duration", "max_duration"):
            value: Decimal | None = getattr(part.restrictions, key)
            if value is not None and 0 < value < 60:
                words = f"{key} is {value:f} s; minutes or hours may be meant"
                yield Spot(f"{part.path}.restrictions.{key}", words, "seconds", f"{value:f}")


def power_looks_like_watts(sheet: TariffSheet) -> Iterator[Spot]:
    """A power of 1,000 kW or more, which no charger has: watts may be meant."""
    for part in sheet.parts():
        for key in ("min_power", "max_power"):
            value: Decimal | None = getattr(part.restrictions, key)
            if value is not None and value >= 1000:
                words = f"{key} is {value:f} kW; watts may be meant"
                yield Spot(f"{part.path}.restrictions.{key}", words, "kW", f"{value:f}")


_CLASS: Final = "mod_tariffs, TariffRestrictions class"
CHECKS: Final[tuple[Check[TariffSheet], ...]] = (
    Check(
        rule("restriction-impossible", "W", _CLASS, "Put the minimum below the maximum, the end after the start."),
        restriction_impossible,
    ),
    Check(rule("maximum-of-zero", "W", _CLASS, "Leave it out, or state the limit that is meant."), maximum_of_zero),
    Check(rule("minimum-of-zero", "I", _CLASS, "Leave it out."), minimum_of_zero),
    Check(rule("negative-restriction", "W", _CLASS, "State the limit that is meant."), negative_restriction),
    Check(
        rule("duration-looks-like-minutes", "W", f"{_CLASS}, min_duration", "State the duration in seconds."),
        duration_looks_like_minutes,
    ),
    Check(
        rule("power-looks-like-watts", "W", f"{_CLASS}, min_power", "State the power in kW."), power_looks_like_watts
    ),
)
