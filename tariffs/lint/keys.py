"""Rules about the JSON itself: fields that are null, empty restrictions, keys that are misspelt."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from tariffs.lint.rule import Check, Spot, rule
from tariffs.lint.sheet import ELEMENT_FIELDS, RESTRICTION_FIELDS, CdrSheet, Json, Sheet, TariffSheet
from tariffs.ocpi.reading import meant_field, printable


@dataclass(frozen=True, slots=True)
class _Shape:
    """The fields an object has in any version, and the shapes of the objects in them."""

    fields: frozenset[str]
    inner: dict[str, "_Shape"] = field(default_factory=dict)


def _shape(fields: str, **inner: _Shape) -> _Shape:
    return _Shape(frozenset((*fields.split(), *inner)), inner)


_LIMIT: Final = _shape("excl_vat incl_vat before_taxes after_taxes")
_ELEMENT: Final = _Shape(
    ELEMENT_FIELDS, {"price_components": _shape("type price vat step_size"), "restrictions": _Shape(RESTRICTION_FIELDS)}
)
_TARIFF: Final = _shape(
    "country_code party_id id currency type tariff_alt_text tariff_alt_url start_date_time end_date_time energy_mix "
    "last_updated tax_included preauthorize_amount",
    min_price=_LIMIT,
    max_price=_LIMIT,
    elements=_ELEMENT,
)
_PRICE: Final = _shape("excl_vat incl_vat before_taxes taxes")
_CDR: Final = _shape(
    "country_code party_id id start_date_time end_date_time stop_date_time session_id auth_id auth_method "
    "authorization_reference location meter_id currency tariffs signed_data total_energy total_time total_parking_time "
    "remark invoice_reference_id credit credit_reference_id home_charging_compensation booking_id last_updated",
    cdr_token=_shape("country_code party_id uid type contract_id"),
    cdr_location=_shape(
        "id name address city postal_code state country evse_uid evse_id connector_id connector_standard "
        "connector_format connector_power_type",
        coordinates=_shape("latitude longitude"),
    ),
    charging_periods=_shape("start_date_time tariff_id", dimensions=_shape("type volume")),
    total_cost=_PRICE,
    total_fixed_cost=_PRICE,
    total_energy_cost=_PRICE,
    total_time_cost=_PRICE,
    total_parking_cost=_PRICE,
    total_reservation_cost=_PRICE,
)


def null_field(sheet: Sheet) -> Iterator[Spot]:
    """A field that is null says nothing; of optional fields OCPI says to leave them out."""
    yield from _nulls(sheet.raw, "$", "tariffs" if isinstance(sheet, CdrSheet) else "")


def _nulls(value: object, path: str, without: str) -> Iterator[Spot]:
    if value is None:
        yield Spot(path, "the field is null", "no field", "null")
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key != without:
                yield from _nulls(inner, f"{path}.{printable(key)}", "")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _nulls(inner, f"{path}[{index}]", "")


def misspelt_field(sheet: Sheet) -> Iterator[Spot]:
    """A key that OCPI does not have and that is nearly one it has: whoever reads it does not heed it."""
    yield from _misspelt(sheet.raw, _CDR if isinstance(sheet, CdrSheet) else _TARIFF, "$")


def _misspelt(obj: Json, shape: _Shape, path: str) -> Iterator[Spot]:
    for key, value in obj.items():
        meant = key if key in shape.fields else meant_field(key, shape.fields)
        if meant is None or (meant != key and meant in obj):
            continue
        place = f"{path}.{printable(key)}"
        if meant != key:
            yield Spot(place, f"OCPI has no field {printable(key)} here; {meant} may be meant", meant, printable(key))
            continue
        inner = shape.inner.get(key)
        if inner is None:
            continue
        if isinstance(value, dict):
            yield from _misspelt(value, inner, place)
        elif isinstance(value, list):
            for index, item in enumerate(value):
                if isinstance(item, dict):
                    yield from _misspelt(item, inner, f"{place}[{index}]")


def empty_restrictions(sheet: TariffSheet) -> Iterator[Spot]:
    """Restrictions without any restriction; the element then always applies, which may not be meant."""
    for part in sheet.parts():
        stated = part.raw.get("restrictions", part)
        if stated in ({}, []):
            yield Spot(f"{part.path}.restrictions", "the restrictions are empty; the element always applies")
        elif isinstance(stated, dict) and stated.get("day_of_week") == []:
            yield Spot(f"{part.path}.restrictions.day_of_week", "the list of weekdays is empty; taken as every day")


_NULL: Final = rule("null-field", "I", "transport and format, optional fields", "Leave the field out.")
_MISSPELT: Final = rule(
    "misspelt-field", "W", "transport and format", "Write the key as OCPI has it; as it stands nobody heeds it."
)
TARIFF_CHECKS: Final[tuple[Check[TariffSheet], ...]] = (
    Check(_NULL, null_field),
    Check(_MISSPELT, misspelt_field),
    Check(
        rule("empty-restrictions", "I", "mod_tariffs, TariffElement class", "Leave them out, or state what is meant."),
        empty_restrictions,
    ),
)
CDR_CHECKS: Final[tuple[Check[CdrSheet], ...]] = (Check(_NULL, null_field), Check(_MISSPELT, misspelt_field))
