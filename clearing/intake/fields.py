"""Fields of OCPI objects that only clearing reads: how a text, a number and an instant are read, and lenient shapes.

A field that is there but not of its type is named with its JSON path; the others of the object are read all the same.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from clearing.intake.faults import Fault
from tariffs.ocpi import Unusable

_NUMBER = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,20})?")
_INSTANT = re.compile(
    r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})[T ]([0-9]{1,2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,9}))?"
    r"(Z|[+-][0-9]{2}:?[0-9]{2})?",
    re.IGNORECASE,
)
_PERSONAL = ("uid", "contract_id")
_LARGEST = 15
_FINEST = 30


def _shown(value: object) -> str:
    if isinstance(value, Unusable):
        return value.why
    text = str(value)
    return repr(text if len(text) <= 60 else text[:60] + "…")


def _expected(what: str, value: object) -> PydanticCustomError:
    return PydanticCustomError("unreadable", "{detail}", {"detail": f"expected {what}, found {_shown(value)}"})


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise _expected("a text", value)
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise _expected("a text of Unicode characters", value.encode("utf-8", "replace").decode()) from None
    return value


def _number(value: object) -> Decimal:
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return Decimal(value)
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise _expected("a number", value)
    number = Decimal(value)
    if not number.is_finite() or (number and (number.adjusted() > _LARGEST or number.as_tuple().exponent < -_FINEST)):  # type: ignore[operator]
        raise _expected("a number of sensible size", value)
    return number


def _instant(value: object) -> datetime | None:
    """Read an OCPI DateTime: UTC where no zone is given; the placeholder of 1970 is a missing value."""
    match = _INSTANT.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise _expected("a date and time such as 2026-10-01T13:40:08Z", value)
    year, month, day, hour, minute, second, fraction, zone = match.groups()
    try:
        moment = datetime(
            int(year), int(month), int(day), int(hour), int(minute), min(int(second), 59),
            int((fraction or "0")[:6].ljust(6, "0")), _zone(zone),
        )  # fmt: skip
        # 23:59:60 is a leap second; Python has none, its next second is the same instant.
        moment = (moment + timedelta(seconds=1) if second == "60" else moment).astimezone(UTC)
        if int(second) > 60:
            raise ValueError
    except (ValueError, OverflowError):
        raise _expected("a date and time that exists", value) from None
    return None if moment.year == 1970 else moment


def _zone(text: str | None) -> timezone:
    if text is None or text in "Zz":
        return UTC
    offset = timedelta(hours=int(text[1:3]), minutes=int(text[-2:]))
    return timezone(-offset if text[0] == "-" else offset)


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise _expected("true or false", value)
    return value


Text = Annotated[str | None, BeforeValidator(lambda value: None if value is None else _text(value))]
Number = Annotated[Decimal | None, BeforeValidator(lambda value: None if value is None else _number(value))]
Instant = Annotated[datetime | None, BeforeValidator(lambda value: None if value is None else _instant(value))]
Flag = Annotated[bool | None, BeforeValidator(lambda value: None if value is None else _flag(value))]


class Shape(BaseModel):
    """An OCPI object as far as clearing reads it; what is missing is None."""

    model_config = ConfigDict(frozen=True, extra="ignore")


AnyShape = TypeVar("AnyShape", bound=Shape)


def read_shape(shape: type[AnyShape], value: Mapping[str, Any]) -> tuple[AnyShape, list[Fault]]:
    """Read an object leniently: all fields that can be read, and a fault for each that cannot."""
    try:
        return shape.model_validate(value), []
    except ValidationError as problem:
        faults = [(error["loc"], _message(error)) for error in problem.errors()]
    readable = dict(value)
    for loc, _ in faults:
        readable = _without(readable, loc)
    return shape.model_validate(readable), [Fault(_path(loc), message) for loc, message in faults]


def _message(error: ErrorDetails) -> str:
    if error["type"] != "unreadable":
        return f"expected an object, found {_shown(error['input'])}"
    # Who charged is nobody's business outside of the records themselves.
    return error["msg"].split(", found ")[0] if error["loc"][-1] in _PERSONAL else error["msg"]


def _without(value: dict[str, Any], loc: tuple[int | str, ...]) -> dict[str, Any]:
    """Return the object without the field at a place in it."""
    first, *rest = (str(part) for part in loc)
    inner = value.get(first)
    if rest and isinstance(inner, dict):
        return {**value, first: _without(inner, tuple(rest))}
    return {key: part for key, part in value.items() if key != first}


def _path(loc: tuple[int | str, ...]) -> str:
    return "$" + "".join(f".{part}" for part in loc)
