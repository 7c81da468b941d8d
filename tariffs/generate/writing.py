"""A priced course as the JSON of its CDR, in the form of its OCPI version; all parties and ids in it are made up."""

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from tariffs.breakdown import Breakdown, Cost
from tariffs.cdr import Cdr, Claim
from tariffs.generate.course import Ground
from tariffs.generate.trial import NOT_THERE, Trial, short
from tariffs.quantity import WIDE
from tariffs.tariff import Taxes
from tariffs.verification import verify

Json = dict[str, Any]
USUAL_PARTY: Final = "EVC"
_TWELVE_DECIMALS: Final = Decimal("1E-12")
_PARTS: Final = (
    *(("total_fixed_cost", "FLAT"), ("total_energy_cost", "ENERGY"), ("total_time_cost", "TIME")),
    *(("total_parking_cost", "PARKING_TIME"), ("total_reservation_cost", "RESERVATION_TIME")),
)
_LONGEST_REMARK: Final = 255
_MADE_UP_TAX: Final = Decimal(10)
"""Percent; where prices include taxes that the tariff does not state, as a CDR must say what is before them."""


@dataclass(frozen=True, slots=True)
class Written:
    """A CDR as JSON, and the findings of severities Q, S and W that pricing makes on it."""

    cdr: Json
    findings: tuple[str, ...]


def written(trial: Trial, ground: Ground, obj: Mapping[str, object], name: str, shows: Sequence[str]) -> Written:
    """Write a CDR whose claims are what its tariff makes of it, to at most twelve decimals (half even)."""
    tariff = completed(obj, ground, trial.cdr.end)
    remark = f"Shows: {'; '.join(shows)}"
    remark = remark if len(remark) <= _LONGEST_REMARK else f"{remark[: _LONGEST_REMARK - 1]}…"
    claims = _claims(trial.breakdown, ground.tariff.taxes)
    head = _head_of_211 if ground.version == "2.1.1" else _head
    cdr: Json = {
        **head(trial, ground, name),
        "currency": ground.tariff.currency,
        "tariffs": [tariff],
        "charging_periods": [
            {
                "start_date_time": instant(period.start),
                "dimensions": [{"type": d.type, "volume": d.volume} for d in period.dimensions],
                **({} if period.tariff_id is None else {"tariff_id": period.tariff_id}),
            }
            for period in trial.cdr.periods
        ],
        **{key: _amount(claim, trial.breakdown, ground) for key, claim in claims.items() if _has(key, ground.version)},
        "total_energy": short(trial.cdr.total_energy or Decimal(0)),
        "total_time": trial.cdr.total_time,
        **({"total_parking_time": trial.cdr.total_parking_time} if trial.cdr.total_parking_time else {}),
        "remark": remark,
        "last_updated": instant(trial.cdr.end),
    }
    own = {f.code for f in verify(_claiming(trial, claims, ground.version), trial.breakdown) if f.severity != "I"}
    return Written(cdr, tuple(sorted({*trial.objections, *own})))


def _has(key: str, version: str) -> bool:
    return version != "2.1.1" or key == "total_cost"


def _claiming(trial: Trial, claims: Mapping[str, Claim], version: str) -> Cdr:
    """The CDR with its claims, as its reader will see it."""
    told = {key: claim for key, claim in claims.items() if _has(key, version)}
    return replace(
        trial.cdr,
        total_cost=told.get("total_cost"),
        total_fixed_cost=told.get("total_fixed_cost"),
        total_energy_cost=told.get("total_energy_cost"),
        total_time_cost=told.get("total_time_cost"),
        total_parking_cost=told.get("total_parking_cost"),
        total_reservation_cost=told.get("total_reservation_cost"),
    )


def completed(obj: Mapping[str, object], ground: Ground, updated: datetime | None) -> Json:
    """Return a copy of a tariff with what OCPI requires and it lacks: an owner, a day, a step_size of 1."""
    tariff: Json = copy.deepcopy(dict(obj))
    country, party = _owner(ground)
    wanted: Json = {"id": "EV-TARIFF", "last_updated": instant(ground.tariff.start or updated)}
    if ground.version != "2.1.1":
        wanted |= {"country_code": country, "party_id": party}
    if ground.version == "2.3.0":
        wanted["tax_included"] = "NO"
    for key, value in wanted.items():
        if tariff.get(key) in (None, ""):
            tariff[key] = value
    for element in tariff["elements"]:
        for component in element.get("price_components") or ():
            if component.get("step_size") is None:
                component["step_size"] = 1
    return tariff


def _owner(ground: Ground) -> tuple[str, str]:
    tariff = ground.tariff
    return (tariff.country_code or ground.place.country).upper(), (tariff.party_id or USUAL_PARTY).upper()


def instant(at: datetime | None) -> str:
    """Write an instant of whole seconds in UTC as OCPI does."""
    assert at is not None, "a made-up charge has all its instants"
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _head(trial: Trial, ground: Ground, name: str) -> Json:
    country, party = _owner(ground)
    place, location = ground.place, trial.cdr.location
    return {
        "country_code": country,
        "party_id": party,
        "id": name,
        "start_date_time": instant(trial.cdr.start),
        "end_date_time": instant(trial.cdr.end),
        **({} if trial.cdr.session_id is None else {"session_id": f"S-{name}"}),
        "cdr_token": {
            **{"country_code": "NL", "party_id": "EVD", "uid": "04E7C1A2", "type": "RFID"},
            "contract_id": "NL-EVD-C00000001-8",
        },
        "auth_method": "WHITELIST",
        "cdr_location": {
            **{"id": "EV-PLACE", "address": "1 Example Street", "city": place.city, "country": place.country_3},
            "coordinates": {"latitude": place.latitude, "longitude": place.longitude},
            "evse_uid": location.evse_uid,
            "evse_id": f"{country}*{party}*E1" if location.evse_uid != NOT_THERE else NOT_THERE,
            "connector_id": location.connector_id,
            **{"connector_standard": "IEC_62196_T2_COMBO", "connector_format": "CABLE", "connector_power_type": "DC"},
        },
    }


def _head_of_211(trial: Trial, ground: Ground, name: str) -> Json:
    country, party = _owner(ground)
    place, updated = ground.place, instant(trial.cdr.end)
    connector: Json = {
        **{"id": "1", "standard": "IEC_62196_T2_COMBO", "format": "CABLE", "power_type": "DC"},
        **{"voltage": 400, "amperage": 375, "last_updated": updated},
    }
    evse: Json = {
        **{"uid": "1", "evse_id": f"{country}*{party}*E1", "status": "AVAILABLE"},
        **{"connectors": [connector], "last_updated": updated},
    }
    return {
        "id": name,
        "start_date_time": instant(trial.cdr.start),
        "stop_date_time": instant(trial.cdr.end),
        "auth_id": "NL-EVD-C00000001-8",
        "auth_method": "WHITELIST",
        "location": {
            **{"id": "EV-PLACE", "type": "OTHER", "address": "1 Example Street", "city": place.city},
            **{"postal_code": "00000", "country": place.country_3},
            "coordinates": {"latitude": place.latitude, "longitude": place.longitude},
            "evses": [evse],
            "time_zone": place.zone.key,
            "last_updated": updated,
        },
    }


def _claims(breakdown: Breakdown, taxes: Taxes) -> dict[str, Claim]:
    """What the CDR claims: its total, and each part of which anything was priced."""
    priced = {line.dimension.replace("RESERVATION_FLAT", "RESERVATION_TIME") for line in breakdown.lines}
    parts = {key: getattr(breakdown, key) for key, dimension in _PARTS if dimension in priced}
    return {key: _claim(cost, taxes) for key, cost in {"total_cost": breakdown.total_cost, **parts}.items()}


def _claim(cost: Cost, taxes: Taxes) -> Claim:
    excl, incl = _exact(cost.excl_vat), _exact(cost.incl_vat)
    if excl is None and incl is not None and taxes is Taxes.INCLUDED_UNKNOWN:
        excl = _exact(WIDE.divide(incl * 100, 100 + _MADE_UP_TAX))
    return Claim(excl, incl)


def _exact(value: Decimal | None) -> Decimal | None:
    if value is None:
        return None
    exponent = value.as_tuple().exponent
    is_long = isinstance(exponent, int) and exponent < -12
    return short(value.quantize(_TWELVE_DECIMALS, context=WIDE) if is_long else value)


def _amount(claim: Claim, breakdown: Breakdown, ground: Ground) -> object:
    """An amount as the version writes it: a number, a Price, or a Price with its taxes."""
    if ground.version == "2.1.1":
        return claim.excl_vat
    if ground.version == "2.2.1":
        sides = {"excl_vat": claim.excl_vat, "incl_vat": claim.incl_vat}
        return {side: amount for side, amount in sides.items() if amount is not None}
    price: Json = {"before_taxes": claim.excl_vat}
    if claim.excl_vat is None or claim.incl_vat is None:
        return price
    tax = WIDE.subtract(claim.incl_vat, claim.excl_vat)
    rates = {line.vat for line in breakdown.lines if line.element >= 0}
    rate = next(iter(rates)) if len(rates) == 1 else None
    if ground.tariff.taxes is Taxes.INCLUDED_UNKNOWN:
        rate = _MADE_UP_TAX
    named = {"name": "VAT", **({} if rate is None else {"percentage": rate}), "amount": short(tax)}
    return {**price, "taxes": [named] if tax else []}
