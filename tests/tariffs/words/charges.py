"""Small charges as the wire has them, and what a price of them says: each finding as one line."""

import json
from typing import Any

from tariffs import Breakdown, Finding, price
from tariffs.ocpi import decode, read_cdr, read_tariff

Case = tuple[dict[str, Any], tuple[dict[str, Any], ...], dict[str, Any], list[str]]
"""The CDR, the tariffs given beside it, options of `price`, and what is expected."""
KWH, HOUR = {"ENERGY": 10}, {"TIME": 1}
LONG_AGO = "1970-01-01T00:00:00Z"
AT = "$.charging_periods[0]"


def component(kind: str = "ENERGY", amount: Any = 1, **more: Any) -> dict[str, Any]:
    return {"type": kind, "price": amount, "step_size": 0, **more}


def tariff(*elements: Any, **more: Any) -> dict[str, Any]:
    """Elements are one component, or (components, restrictions)."""
    pairs = [element if isinstance(element, tuple) else ([element], {}) for element in elements]
    made = [{"price_components": parts, **({"restrictions": limits} if limits else {})} for parts, limits in pairs]
    return {"id": "T", "currency": "EUR", "elements": made, **more}


def cdr(*periods: tuple[str, dict[str, Any]], end: str = "11:00", **more: Any) -> dict[str, Any]:
    """Periods begin at an hour of 2026-10-07, a Wednesday, or at a whole instant."""

    def instant(text: str) -> str:
        return text if "T" in text else f"2026-10-07T{text}:00Z"

    made = [
        {
            "start_date_time": instant(at),
            "dimensions": [{"type": k, "volume": v} for k, v in volumes.items() if k != "tariff_id"],
            **({"tariff_id": volumes["tariff_id"]} if "tariff_id" in volumes else {}),
        }
        for at, volumes in periods
    ]
    start = more.pop("start", periods[0][0])
    return {
        **{"id": "C", "currency": "EUR", "start_date_time": instant(start), "end_date_time": instant(end)},
        **{"session_id": "S", "charging_periods": made, **more},
    }


def line(f: Finding) -> str:
    money = "" if f.money is None else f" [{f.money.normalize():f}]"
    return f"{f.severity} {f.code} {f.path}{money}: {f.message}"


def said(obj: dict[str, Any], given: tuple[dict[str, Any], ...] = (), **options: Any) -> list[str]:
    return [line(f) for f in priced(obj, given, **options).findings]


def priced(obj: dict[str, Any], given: tuple[dict[str, Any], ...] = (), **options: Any) -> Breakdown:
    read = read_cdr(decode(json.dumps(obj)))
    assert read.cdr is not None
    read_ones = [read_tariff(decode(json.dumps(one))).tariff for one in given]
    assert None not in read_ones
    if options.pop("override", False):
        options["override"] = read_ones.pop()
    options = {"time_zone": "UTC", **options}
    return price(read.cdr, tariffs=[one for one in read_ones if one], **options)


PLAIN = tariff(component())
