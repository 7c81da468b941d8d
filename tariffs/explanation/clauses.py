"""Where it stands in OCPI: the module and the field a step follows, in the version of the CDR."""

from typing import Final

_TARIFFS: Final = "mod_tariffs"
_CDRS: Final = "mod_cdrs"
_LOCATIONS: Final = "mod_locations"

_PLACES: Final[dict[str, tuple[str, str]]] = {
    "tariffs": (_CDRS, "CDR.tariffs"),
    "tariff_id": (_CDRS, "ChargingPeriod.tariff_id"),
    "tariff_type": (_TARIFFS, "Tariff.type"),
    "start_date_time": (_TARIFFS, "Tariff.start_date_time"),
    "end_date_time": (_TARIFFS, "Tariff.end_date_time"),
    "tax_included": (_TARIFFS, "Tariff.tax_included"),
    "elements": (_TARIFFS, "Tariff.elements"),
    "price": (_TARIFFS, "PriceComponent.price"),
    "vat": (_TARIFFS, "PriceComponent.vat"),
    "step_size": (_TARIFFS, "PriceComponent.step_size"),
    "step_once": (_CDRS, "step_size"),
    "flat": (_TARIFFS, "TariffDimensionType.FLAT"),
    "reservation": (_TARIFFS, "ReservationRestrictionType"),
    "min_price": (_TARIFFS, "Tariff.min_price"),
    "max_price": (_TARIFFS, "Tariff.max_price"),
    "period": (_CDRS, "ChargingPeriod.start_date_time"),
    "volume": (_CDRS, "CdrDimension.volume"),
    "dimension": (_CDRS, "CdrDimensionType"),
    "total_cost": (_CDRS, "CDR.total_cost"),
    "total_energy_cost": (_CDRS, "CDR.total_energy_cost"),
    "total_time_cost": (_CDRS, "CDR.total_time_cost"),
    "total_parking_cost": (_CDRS, "CDR.total_parking_cost"),
    "total_fixed_cost": (_CDRS, "CDR.total_fixed_cost"),
    "total_reservation_cost": (_CDRS, "CDR.total_reservation_cost"),
    "credit": (_CDRS, "CDR.credit"),
    "location_zone": (_LOCATIONS, "Location.time_zone"),
    "country": (_CDRS, "CdrLocation.country"),
    "coordinates": (_CDRS, "CdrLocation.coordinates"),
}
_SEVERAL: Final = {
    "validity": ("start_date_time", "end_date_time"),
    "window": ("start_time", "end_time"),
}
"""Places that stand for two fields."""
_IN_211: Final[dict[str, tuple[str, str] | None]] = {
    "tariff_id": None,
    "tariff_type": None,
    "start_date_time": None,
    "end_date_time": None,
    "tax_included": None,
    "vat": None,
    "step_once": None,
    "reservation": None,
    "min_price": None,
    "max_price": None,
    "total_energy_cost": None,
    "total_time_cost": None,
    "total_parking_cost": None,
    "total_fixed_cost": None,
    "total_reservation_cost": None,
    "credit": None,
    "min_current": None,
    "max_current": None,
    "country": (_LOCATIONS, "Location.country"),
    "coordinates": (_LOCATIONS, "Location.coordinates"),
}
"""What OCPI 2.1.1 has elsewhere, or not at all."""


def clauses(version: str, *places: str) -> tuple[str, ...]:
    """Return the citations of some places; a place that the version does not have is left out.

    >>> clauses("2.2.1", "step_size", "min_kwh")
    ('OCPI 2.2.1 mod_tariffs, PriceComponent.step_size', 'OCPI 2.2.1 mod_tariffs, TariffRestrictions.min_kwh')
    >>> clauses("2.1.1", "max_price")
    ()
    """
    found = [_place(version, one) for place in places for one in _SEVERAL.get(place, (place,))]
    return tuple(f"OCPI {version} {place[0]}, {place[1]}" for place in found if place is not None)


def _place(version: str, place: str) -> tuple[str, str] | None:
    if version == "2.1.1" and place in _IN_211:
        return _IN_211[place]
    return _PLACES.get(place, (_TARIFFS, f"TariffRestrictions.{place}"))
