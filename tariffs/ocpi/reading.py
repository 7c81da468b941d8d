"""Reading one decoded OCPI object leniently: what is there is kept, what is not of its type becomes a finding.

A `Reader` gathers the findings of one record. Paths are JSON paths; an unknown field or a number written as a string
is reported once per pattern of path, a missing field by name in one finding for the whole record.
"""

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final, TypeGuard

from tariffs.cdr import Cdr
from tariffs.findings import Finding, Severity
from tariffs.tariff import Tariff

Json = Mapping[str, object]
NEEDED_BUT_MISSING: Final = "missing, and no price can be made without it"

_NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?", re.ASCII)
_INSTANT: Final = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:?[0-9]{2})?", re.ASCII
)
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_TIME_OF_DAY: Final = re.compile(r"([01][0-9]|2[0-4]):([0-5][0-9])(:[0-5][0-9])?", re.ASCII)
_PLACEHOLDER: Final = re.compile(r"1970-0?1-0?1T00:00:00(\.0+)?(Z|\+00:?00)?", re.ASCII)
_INDEX: Final = re.compile(r"\[[0-9]+\]")
_ALMOST: Final = 7, 8
_MOST_EXPONENT: Final = 30
_MOST_CHARACTERS: Final = 64
_QUICK_NUMBER: Final = 10**15
_LONGEST_TIME: Final = 8
_MARKS: Final = "--T::Z"
_TEXT_OR_NOTHING: Final = frozenset((str, type(None)))
_KINDS: Final = {dict: "an object", list: "an array", str: "a text", bool: "true or false", int: "a number"}


@dataclass(frozen=True, slots=True)
class ReadCdr:
    """What a wire object says about a charge; `cdr` is None only if it is no object at all."""

    cdr: Cdr | None
    version: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class ReadTariff:
    """What a wire object says about a tariff; `tariff` is None when it cannot be used for pricing."""

    tariff: Tariff | None
    findings: tuple[Finding, ...]


class Reader:
    """The findings of one record while it is read."""

    __slots__ = ("_patterns", "findings", "forgiven", "malformed_count", "missing", "placeholders")

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.missing: list[str] = []
        self.placeholders: list[str] = []
        self.malformed_count = 0
        self.forgiven = 0
        """How many of the malformed ones were loads, which most prices do without."""
        self._patterns: set[tuple[str, str]] = set()

    def malformed(self, path: str, why: str) -> None:
        """A field that is there but not of its type, or a needed one that is missing."""
        self.malformed_count += 1
        self.findings.append(Finding("malformed-record", Severity.WAITS, path, why))

    def once(self, code: str, severity: Severity, path: str, words: str) -> None:
        """Report something once per pattern of path, whatever the indices in it; a habit with times once at all."""
        pattern = (code, "" if code == "time-with-offset" else _INDEX.sub("[*]", path))
        if pattern not in self._patterns:
            self._patterns.add(pattern)
            self.findings.append(Finding(code, severity, path, words))

    def unknown_fields(self, obj: Json, known: frozenset[str], path: str) -> None:
        """Report fields that OCPI does not have here; misspelt ones are the usual cause of a strange price."""
        if not obj.keys() <= known:
            for key in obj:
                if key not in known:
                    meant = meant_field(key, known)
                    hint = f"; {meant} may be meant" if meant is not None and meant not in obj else ""
                    words = f"OCPI has no field {printable(key)} here{hint}; ignored"
                    self.once("unknown-field", Severity.INFORMATION, f"{path}.{printable(key)}", words)

    def require(self, obj: Json, keys: Sequence[str], prefix: str) -> None:
        """Remember the required fields that are missing, for the one finding `incomplete-record`."""
        values = [*map(obj.get, keys)]
        if None in values or "" in values:  # rarely, and two looks through a list cost less than a loop
            self.missing.extend(prefix + key for key in keys if obj.get(key) in (None, ""))

    def text(self, obj: Json, key: str, path: str) -> str | None:
        """A text that is not empty, or None."""
        value = obj.get(key)
        if type(value) is str:
            return value or None
        if value is not None:
            self.malformed(f"{path}.{key}", f"{kind_of(value)} where OCPI has a text")
        return None

    def texts(self, obj: Json, keys: tuple[str, ...], path: str) -> list[str | None]:
        """Several texts in the order of their keys."""
        values: list[Any] = [*map(obj.get, keys)]
        if _TEXT_OR_NOTHING.issuperset(map(type, values)):
            return [value or None for value in values] if "" in values else values
        return [self.text(obj, key, path) for key in keys]

    def flag(self, obj: Json, key: str, path: str) -> bool | None:
        """True or false, or None."""
        value = obj.get(key)
        if type(value) is bool:
            return value
        if value is not None:
            self.malformed(f"{path}.{key}", f"{kind_of(value)} where OCPI has true or false")
        return None

    def number(self, obj: Json, key: str, path: str) -> Decimal | None:
        """An exact number, also one written as a JSON string (reported), within 10^-30 and 10^30; or None."""
        value = obj.get(key)
        if value is None or is_amount(value):
            return value
        number: Decimal
        if type(value) is Decimal:
            number = value
        elif type(value) is int:
            number = Decimal(value)
        elif type(value) is str and len(value) <= _MOST_CHARACTERS and _NUMBER.fullmatch(value):
            number = Decimal(value)
            words = "a number written as a text; read as a number"
            self.once("number-as-string", Severity.INFORMATION, f"{path}.{key}", words)
        else:
            self.malformed(f"{path}.{key}", f"{kind_of(value)} where OCPI has a number")
            return None
        if not is_amount(number):
            self.malformed(f"{path}.{key}", "a number beyond every amount or more exact than any meter")
            return None
        return number

    def coordinate(self, obj: Json, key: str, path: str) -> Decimal | None:
        """A latitude or longitude, which OCPI writes as a text; a number does as well."""
        value = obj.get(key)
        if type(value) is str and len(value) <= _MOST_CHARACTERS and _NUMBER.fullmatch(value):
            value = Decimal(value)
        return value if is_amount(value) else self.number({key: value}, key, path)

    def instant(self, obj: Json, key: str, path: str) -> datetime | None:
        """An instant in UTC; without designator it is UTC, an offset is converted and reported (pricing rule 2)."""
        value = obj.get(key)
        if value is None:
            return None
        if type(value) is not str:
            self.malformed(f"{path}.{key}", f"{kind_of(value)} where OCPI has a DateTime")
            return None
        if value.startswith("1970-") and _PLACEHOLDER.fullmatch(value):
            self.placeholders.append(f"{path}.{key}")
            return None
        try:
            if len(value) == 20 and value[4::3] == _MARKS:  # YYYY-MM-DDThh:mm:ssZ, as nearly all are
                return datetime.fromisoformat(value)
            match = _INSTANT.fullmatch(value)
            if match is None:
                raise ValueError(value)
            zone = match[3]
            if zone is None or zone == "Z":
                return datetime.fromisoformat(value if zone else value + "Z")
            words = "a time with an offset, which OCPI does not have; converted to UTC"
            self.once("time-with-offset", Severity.BILLED_AND_LISTED, f"{path}.{key}", words)
            return datetime.fromisoformat(value).astimezone(UTC)
        except (ValueError, OverflowError):
            self.malformed(f"{path}.{key}", f"{printable(value)} is no DateTime of OCPI")
            return None

    def local_date(self, obj: Json, key: str, path: str) -> date | None:
        """A date `YYYY-MM-DD`, or None."""
        value = obj.get(key)
        if value is None:
            return None
        try:
            if type(value) is not str or not _DATE.fullmatch(value):
                raise ValueError
            return date.fromisoformat(value)
        except ValueError:
            self.malformed(f"{path}.{key}", f"{printable(str(value))} is no date of the form YYYY-MM-DD")
            return None

    def time_of_day(self, obj: Json, key: str, path: str) -> int | None:
        """Seconds since local midnight of `HH:MM` (seconds and 24:00 are accepted), or None."""
        value = obj.get(key)
        if value is None:
            return None
        seconds = _seconds_since_midnight(value) if type(value) is str and len(value) <= _LONGEST_TIME else None
        if seconds is None:
            self.malformed(f"{path}.{key}", f"{printable(str(value))} is no time of day of the form HH:MM")
            return None
        return seconds

    def objects(self, obj: Json, key: str, path: str) -> list[tuple[int, dict[str, object]]]:
        """The objects of an array with their places; whatever else it holds is malformed."""
        value = obj.get(key)
        if value is None:
            return []
        if type(value) is not list:
            self.malformed(f"{path}.{key}", f"{kind_of(value)} where OCPI has an array")
            return []
        found: list[tuple[int, dict[str, object]]] = []
        for index, item in enumerate(value):
            if type(item) is dict:
                found.append((index, item))
            else:
                self.malformed(f"{path}.{key}[{index}]", f"{kind_of(item)} where OCPI has an object")
        return found

    def object(self, obj: Json, key: str, path: str) -> dict[str, object] | None:
        """One object, or None."""
        value = obj.get(key)
        if type(value) is dict:
            return value
        if value is not None:
            self.malformed(f"{path}.{key}", f"{kind_of(value)} where OCPI has an object")
        return None

    def incomplete(self) -> None:
        """One finding for all that OCPI requires and the record does not have."""
        if self.missing:
            words = f"OCPI requires what is missing here: {', '.join(self.missing)}"
            self.findings.append(Finding("incomplete-record", Severity.BILLED_AND_LISTED, "$", words))


@lru_cache(maxsize=4096)
def meant_field(key: str, fields: frozenset[str]) -> str | None:
    """Return the field that a misspelt key stands for: the same letters, else seven of eight alike; None for none.

    >>> meant_field("dayOfWeek", frozenset({"day_of_week", "start_date"}))
    'day_of_week'
    """
    bare = _letters(key)
    same = [known for known in sorted(fields) if _letters(known) == bare]
    if same:
        return same[0]
    near = difflib.get_close_matches(key[:60], sorted(fields), n=1, cutoff=_ALMOST[0] / _ALMOST[1])
    return near[0] if near else None


@lru_cache(maxsize=4096)
def _seconds_since_midnight(text: str) -> int | None:
    match = _TIME_OF_DAY.fullmatch(text)
    if match is None:
        return None
    seconds = int(match[1]) * 3600 + int(match[2]) * 60 + int((match[3] or ":0")[1:])
    return seconds if seconds <= 86_400 else None


def _letters(key: str) -> str:
    return "".join(c for c in key.lower() if c.isalnum())


def is_amount(value: object) -> TypeGuard[Decimal]:
    """Whether a value is a number within 10^-30 and 10^30 that is not written longer than any meter is exact."""
    return (
        type(value) is Decimal
        and -_MOST_EXPONENT <= value.adjusted() <= _MOST_EXPONENT
        and len(str(value)) <= _MOST_CHARACTERS
    )


def plain_amount(value: object) -> Decimal | None:
    """The number that a JSON number is, where there is nothing to say about it; else None."""
    if is_amount(value):
        return value
    return Decimal(value) if type(value) is int and -_QUICK_NUMBER < value < _QUICK_NUMBER else None


def kind_of(value: object) -> str:
    """What a JSON value is, in words; an unusable one says itself why."""
    if value is None:
        return "null"
    return _KINDS.get(type(value), "a number" if isinstance(value, Decimal) else str(value))


def printable(text: str) -> str:
    """A foreign text for a message: short, without control characters."""
    return "".join(c if c.isprintable() else "?" for c in text[:60])
