"""What the bulk way decodes a CDR of OCPI 2.2.1 into: fields as they stand, numbers as their own text.

A number with a point arrives as `bytes`, one without as int, a quoted one as str: so its digits are all there and its
spelling is known. Whatever a shape does not admit is not judged here: the record goes the whole way instead.
Places and known tariffs stay text; a month has few of them (`BulkPricer`).
"""

from collections.abc import Callable
from typing import Annotated, Any, Final, Literal, cast

import msgspec
from msgspec import UNSET, Struct, UnsetType

from tariffs.bulk import fields

Filled = Annotated[str, msgspec.Meta(min_length=1)]
Text = str | None | UnsetType
Flag = bool | None | UnsetType

SEAL: Final = "known tariffs"
"""Stands where a known text of `tariffs` was cut out. A sender who writes it gains nothing: it is looked for only in
the place of a text that was cut, and a second `tariffs` is a key too many (`checks.is_told_once`)."""

Refused: Final = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
"""What `decode` raises for anything but the ordinary CDR."""


class Dimension(Struct, forbid_unknown_fields=True, gc=False):
    """A measured volume."""

    type: str
    volume: Any


class Period(Struct, forbid_unknown_fields=True, gc=False):
    """A charging period."""

    start_date_time: str
    dimensions: list[Dimension]
    tariff_id: Text = UNSET


class Price(Struct, forbid_unknown_fields=True, gc=False):
    """A claim."""

    excl_vat: Any
    incl_vat: Any = UNSET


class Token(Struct, forbid_unknown_fields=True, gc=False):
    """Who charged."""

    country_code: Filled
    party_id: Filled
    uid: Filled
    type: Filled
    contract_id: Filled


Claimed = Price | None | UnsetType

_REQUIRED: Final[list[tuple[str, Any]]] = [
    ("id", Filled),
    ("country_code", Filled),
    ("party_id", Filled),
    ("start_date_time", str),
    ("end_date_time", str),
    ("cdr_token", Token),
    ("auth_method", Filled),
    ("cdr_location", msgspec.Raw),
    ("currency", str),
    ("charging_periods", list[Period]),
    ("total_cost", Price),
    ("total_energy", Any),
    ("total_time", Any),
    ("last_updated", str),
]
_OPTIONAL: Final[list[tuple[str, Any, Any]]] = [
    ("tariffs", cast(Any, Literal)[SEAL] | UnsetType, UNSET),
    ("session_id", Text, UNSET),
    ("authorization_reference", Text, UNSET),
    ("meter_id", Text, UNSET),
    ("total_fixed_cost", Claimed, UNSET),
    ("total_energy_cost", Claimed, UNSET),
    ("total_time_cost", Claimed, UNSET),
    ("total_parking_cost", Claimed, UNSET),
    ("total_reservation_cost", Claimed, UNSET),
    ("total_parking_time", Any, UNSET),
    ("remark", Text, UNSET),
    ("invoice_reference_id", Text, UNSET),
    ("credit", Flag, UNSET),
    ("credit_reference_id", Text, UNSET),
    ("home_charging_compensation", Flag, UNSET),
]

for _place, (_name, *_) in enumerate([*_REQUIRED, *_OPTIONAL]):
    assert getattr(fields, _name.upper()) == _place, f"{_name} is not the field number {_place}"

_WireCdr: Final = msgspec.defstruct("WireCdr", [*_REQUIRED, *_OPTIONAL], forbid_unknown_fields=True, gc=False)

decode: Final[Callable[[bytes], Any]] = msgspec.json.Decoder(_WireCdr, float_hook=str.encode).decode
values: Final[Callable[[Any], tuple[Any, ...]]] = msgspec.structs.astuple
"""The fields of a decoded CDR, each at the place that `fields` names."""
