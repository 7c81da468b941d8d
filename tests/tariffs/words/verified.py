"""A charge of three prices against its own CDR: what `verify` says, each finding as one line."""

import json
from typing import Any

from charges import cdr, component, line, tariff

from tariffs import price, verify
from tariffs.ocpi import decode, read_cdr

RESERVED = ("09:00", {"RESERVATION_TIME": 1})
RESERVATION = ([component("TIME", 4)], {"reservation": "RESERVATION"})
TIMED = ([component("TIME", 3), component("FLAT", 2)], {})


def verified(**more: Any) -> list[str]:
    """10 kWh cost 10, half an hour of parking 3, the start 2; time is free."""
    periods = more.pop("periods", [("10:00", {"ENERGY": 10}), ("11:00", {"PARKING_TIME": "0.5"})])
    elements = more.pop("elements", [([component(), component("FLAT", 2), component("PARKING_TIME", 6)], {})])
    of = tariff(*elements, **more.pop("limits", {}))
    return verified_record(cdr(*periods, **{"end": "11:30", "tariffs": [of], **more}))


def verified_record(obj: dict[str, Any], version: str | None = None) -> list[str]:
    """What is said of a CDR as it stands."""
    record = read_cdr(decode(json.dumps(obj)), version=version).cdr
    assert record is not None
    return [line(f) for f in verify(record, price(record))]


def cost(amount: Any) -> dict[str, Any]:
    """An amount before VAT."""
    return {"excl_vat": amount}


def part(name: str, claimed: str, made: str, money: str) -> str:
    """The finding on a part that differs."""
    words = f"the CDR claims {claimed} excluding VAT, the tariff makes {made}"
    return f"W part-claim-differs $.total_{name}_cost [{money}]: {words}"
