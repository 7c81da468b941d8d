"""Where the two pricers differ and the engine is held to be wrong: the smallest case of each, and how to recognise it.

A random session that one of these explains is not counted as a disagreement. `test_agreement` expects each case to
differ, strictly: once the engine is mended the test fails until the entry is removed here.
"""

import json
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from naive import answer
from sessions import Session, as_json

Json = Any


class Known(NamedTuple):
    """A disagreement: the rule, what the rule asks for, a case, and whether a session may meet it."""

    rule: str
    says: str
    case: Session
    touches: Callable[[Session, Json, list[Json]], bool]


def excused(session: Session) -> str | None:
    """Return the rule of a known disagreement that the session meets."""
    cdr = json.loads(session.cdr, parse_float=Fraction, parse_int=Fraction)
    tariffs = [json.loads(text, parse_float=Fraction, parse_int=Fraction) for text in session.tariffs]
    tariffs += cdr.get("tariffs") or []
    return next((known.rule for known in KNOWN if known.touches(session, cdr, tariffs)), None)


def _volumes(period: Json) -> dict[str, Fraction]:
    return {dimension["type"]: Fraction(dimension["volume"]) for dimension in period["dimensions"]}


def _reserved_under_another_tariff(session: Session, cdr: Json, tariffs: list[Json]) -> bool:
    named = [(set(_volumes(p)) == {"RESERVATION_TIME"}, p["tariff_id"]) for p in _in_order(cdr) if p.get("tariff_id")]
    reserved = [name.lower() for is_reserved, name in named if is_reserved]
    charged = [name.lower() for is_reserved, name in named if not is_reserved]
    limited = any(tariff.get("min_price") or tariff.get("max_price") for tariff in tariffs)
    return bool(limited and reserved and charged[:1] != reserved[:1])


def _in_order(cdr: Json) -> list[Json]:
    return sorted(cdr["charging_periods"], key=lambda period: period["start_date_time"])


def _a_zero_beside_one_time(session: Session, cdr: Json, tariffs: list[Json]) -> bool:
    for period in cdr["charging_periods"]:
        times = [v * 3600 for k, v in _volumes(period).items() if k in ("TIME", "PARKING_TIME", "RESERVATION_TIME")]
        used = [seconds for seconds in times if seconds]
        if len(used) == 1 < len(times) and abs(used[0] - round(used[0])) > 0:
            return True
    return False


def _nothing_priced(session: Session, cdr: Json, tariffs: list[Json]) -> bool:
    limits = [t[name] for t in tariffs for name in ("min_price", "max_price") if t.get(name)]
    found = answer(session.cdr, list(session.tariffs), session.zone)
    nothing = found is not None and not any(amount for part in found.parts.values() for amount in part)
    return nothing and any(limit.get("incl_vat") is None for limit in limits)


def _current_without_power(session: Session, cdr: Json, tariffs: list[Json]) -> bool:
    limits = [e.get("restrictions") or {} for t in tariffs for e in t["elements"]]
    if not any("min_power" in limit or "max_power" in limit for limit in limits):
        return False
    volumes = [_volumes(period) for period in cdr["charging_periods"]]
    return any("CURRENT" in " ".join(v) and "POWER" not in " ".join(v) and "ENERGY" in v for v in volumes)


def _no_zone(session: Session, cdr: Json, tariffs: list[Json]) -> bool:
    return session.zone is None


def _noisy_energy(session: Session, cdr: Json, tariffs: list[Json]) -> bool:
    energies = [v.get("ENERGY", Fraction()) for v in map(_volumes, cdr["charging_periods"])]
    return any(energy != round(energy, 12) for energy in energies)


def _case(tariffs: list[Json], periods: list[tuple[str, Json]], zone: str | None = "UTC") -> Session:
    """Write a charge on Wednesday 2026-10-07 that ends at 11:00; volumes may bring a tariff_id."""
    charging_periods = []
    for start, volumes in periods:
        tariff_id = {"tariff_id": volumes.pop("tariff_id")} if "tariff_id" in volumes else {}
        dimensions = [{"type": name, "volume": volume} for name, volume in volumes.items()]
        charging_periods.append({"start_date_time": f"2026-10-07T{start}Z", "dimensions": dimensions, **tariff_id})
    cdr = {
        "id": "C",
        "start_date_time": charging_periods[0]["start_date_time"],
        "end_date_time": "2026-10-07T11:00:00Z",
        "session_id": "S",
        "currency": "EUR",
        "tariffs": tariffs,
        "charging_periods": charging_periods,
    }
    return Session(-1, as_json(cdr), (), zone)


def _tariff(*elements: Json, **more: Json) -> Json:
    return {"id": "T", "currency": "EUR", "elements": list(elements), **more}


def _element(kind: str, price: str, *, step: int = 0, vat: int | None = None, **restrictions: Json) -> Json:
    component: Json = {"type": kind, "price": Decimal(price), "step_size": step}
    component |= {} if vat is None else {"vat": vat}
    return {"price_components": [component]} | ({"restrictions": restrictions} if restrictions else {})


KNOWN: tuple[Known, ...] = (
    Known(
        "19: limits of the reservation's tariff",
        "The limits are those of the tariff at session start, and a session starts after its reservation: 6, not 1.",
        _case(
            [
                _tariff(_element("TIME", "2", reservation="RESERVATION"), max_price={"excl_vat": 1, "incl_vat": 1}),
                _tariff(_element("ENERGY", "0.50"), id="U"),
            ],
            [
                ("10:00:00", {"RESERVATION_TIME": Decimal("0.5"), "tariff_id": "T"}),
                ("10:30:00", {"ENERGY": 10, "tariff_id": "U"}),
            ],
        ),
        _reserved_under_another_tariff,
    ),
    Known(
        "14: a zero beside a time",
        "PARKING_TIME 0 is no consumption, so 0.0834 h of charging is still the 5 minutes of its period: 0.5, not 1.",
        _case(
            [_tariff(_element("TIME", "6", step=300))], [("10:55:00", {"TIME": Decimal("0.0834"), "PARKING_TIME": 0})]
        ),
        _a_zero_beside_one_time,
    ),
    Known(
        "19: a minimum where nothing is priced",
        "All components have 20 percent, so a minimum of 10 that states no gross is 12 with VAT, not 10.",
        _case([_tariff(_element("ENERGY", "0.50", vat=20), min_price={"excl_vat": 10})], [("10:00:00", {"ENERGY": 0})]),
        _nothing_priced,
    ),
    Known(
        "10: mean power beside a current",
        "MIN_POWER and MAX_POWER are both missing, so the mean of 40 kW disproves max_power 16: 20, not 8.",
        _case(
            [_tariff(_element("ENERGY", "0.20", max_power=16), _element("ENERGY", "0.50"))],
            [("10:00:00", {"ENERGY": 40, "MAX_CURRENT": 60})],
        ),
        _current_without_power,
    ),
    Known(
        "11: a clock that does not matter",
        "The element is ruled out by its min_kwh, so no zone is needed: 0.5, not unknown.",
        _case(
            [_tariff(_element("ENERGY", "0.20", start_time="22:00", min_kwh=10), _element("ENERGY", "0.50"))],
            [("10:00:00", {"ENERGY": 1})],
            zone=None,
        ),
        _no_zone,
    ),
    Known(
        "14: float noise of an energy",
        "0.30000000000000004 kWh is 300 Wh and float noise, a multiple of the step of 100 Wh: 0.3, not 0.4.",
        _case([_tariff(_element("ENERGY", "1", step=100))], [("10:00:00", {"ENERGY": Decimal("0.30000000000000004")})]),
        _noisy_energy,
    ),
)
