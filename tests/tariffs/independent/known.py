"""Where the two pricers differ and the engine is held to be wrong: the smallest case of each, and how to recognise it.

A random session that one of these explains is not counted as a disagreement. `test_agreement` expects each case to
differ, strictly: once the engine is mended the test fails until the entry is removed here.
"""

import json
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

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


def _no_zone(session: Session, cdr: Json, tariffs: list[Json]) -> bool:
    return session.zone is None


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
        "11: a clock that does not matter",
        "The element is ruled out by its min_kwh, so no zone is needed: 0.5, not unknown.",
        _case(
            [_tariff(_element("ENERGY", "0.20", start_time="22:00", min_kwh=10), _element("ENERGY", "0.50"))],
            [("10:00:00", {"ENERGY": 1})],
            zone=None,
        ),
        _no_zone,
    ),
)
