"""A CDR from one version of OCPI to the next, or from 2.3.0 back to 2.2.1 (mod_cdrs of each; pricing rule 30)."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from tariffs.ocpi.conversion import tariff as tariffs
from tariffs.ocpi.conversion.claims import CLAIMS, with_taxes, without_taxes
from tariffs.ocpi.conversion.losses import Losses
from tariffs.ocpi.conversion.place import location_from_211, owner_from_211, token_from_211

Object = dict[str, Any]
Owner = tuple[str, str] | None
_NAMES: Final = {"stop_date_time": "end_date_time", "auth_id": "cdr_token", "location": "cdr_location"}
_FIRST: Final = ("country_code", "party_id")


def from_211(cdr: Mapping[str, Any], owner: Owner, losses: Losses) -> Object:
    """Return a CDR of 2.1.1 as one of 2.2.1; what it has under the later name already stays."""
    owner = owner_from_211(cdr) or owner
    stated = {name: cdr[name] for name in _FIRST if cdr.get(name) is not None}
    made: Object = {**(dict(zip(_FIRST, owner, strict=True)) if owner is not None else {}), **stated}
    losses.required("$", [name for name in _FIRST if name not in made])
    party = (made["country_code"], made["party_id"]) if len(made) == len(_FIRST) else None
    for key, value in cdr.items():
        name = _NAMES.get(key, "")
        if key in made:
            continue
        if not name or value is None:
            made[key] = value
        elif cdr.get(name) is not None:
            made[key] = value
            losses.lost("stated-twice", f"$.{key}", f"{name} is there as well and counts; {key} is kept and not heeded")
        elif key == "auth_id":
            made[name] = token_from_211(value, losses)
        elif key == "location" and isinstance(value, dict):
            made[name] = location_from_211(value, losses)
        else:
            made[name] = value
    price = cdr.get("total_cost")
    if price is not None and not isinstance(price, dict):
        made["total_cost"] = {"excl_vat": price}
        losses.otherwise("taxes-unknown", "$.total_cost", "2.1.1 states no VAT; the amount including it stays unknown")
    _each(made, "tariffs", lambda item, path: tariffs.from_211(item, path, party, losses))
    _each(made, "charging_periods", lambda item, path: _without_flat(item, path, losses))
    return made


def to_230(cdr: Mapping[str, Any], losses: Losses, *, is_vat_open: bool) -> Object:
    """Return a CDR of 2.2.1 as one of 2.3.0."""
    made = dict(cdr)
    _prices(made, lambda price, path: with_taxes(price, path, losses))
    _each(made, "tariffs", lambda item, path: tariffs.to_230(item, path, losses, is_vat_open=is_vat_open))
    return made


def from_230(cdr: Mapping[str, Any], losses: Losses) -> Object:
    """Return a CDR of 2.3.0 as one of 2.2.1."""
    made = dict(cdr)
    _prices(made, lambda price, path: without_taxes(price, path, losses))
    _each(made, "tariffs", lambda item, path: tariffs.from_230(item, path, losses))
    if cdr.get("booking_id") is not None:
        losses.otherwise("kept-as-unknown-field", "$.booking_id", "2.2.1 has no booking_id; kept, and not heeded")
    return made


def _prices(made: Object, change: Callable[[Object, str], Object]) -> None:
    for name in CLAIMS:
        if isinstance(made.get(name), dict):
            made[name] = change(made[name], f"$.{name}")


def _each(made: Object, name: str, change: Callable[[Object, str], Object]) -> None:
    """Change every object of a list; whatever else is in it stays as it is, for the reader to report."""
    items = made.get(name)
    if isinstance(items, list):
        made[name] = [
            change(item, f"$.{name}[{index}]") if isinstance(item, dict) else item for index, item in enumerate(items)
        ]


def _without_flat(period: Object, path: str, losses: Losses) -> Object:
    """2.2.1 has no dimension FLAT: a start fee follows from the tariff."""
    dimensions = period.get("dimensions")
    if not isinstance(dimensions, list):
        return period
    kept: list[Any] = []
    for index, dimension in enumerate(dimensions):
        if isinstance(dimension, dict) and dimension.get("type") == "FLAT":
            words = f"{losses.to} has no dimension FLAT; left out, as it never makes a price"
            losses.lost("flat-dimension-dropped", f"{path}.dimensions[{index}]", words)
        else:
            kept.append(dimension)
    return {**period, "dimensions": kept}
