"""The line of a record that went the whole way, as `line` lays it out."""

import json
from typing import Final

from tariffs.answers import Answer
from tariffs.breakdown import BilledQuantities, Breakdown, Cost
from tariffs.bulk.line import line, quantities, sides, terms
from tariffs.bulk.notes import as_object
from tariffs.cdr import Claim
from tariffs.plain import plain
from tariffs.quantity import ZERO

_UNKNOWN: Final = sides("null", "null")
_NO_COST: Final = sides('"0"', '"0"')
_JSON: Final = json.JSONEncoder(ensure_ascii=False)


def line_of(answer: Answer) -> str:
    """Return the line of one answer (contract, section 4)."""
    cdr, breakdown = answer.cdr, answer.breakdown
    findings = [as_object(f) for f in answer.findings]
    by = terms(
        _text(answer.version),
        "true" if cdr is not None and cdr.credit else "false",
        _text(cdr.currency if cdr is not None else None),
        _text(breakdown.time_zone if breakdown is not None else None),
        ", ".join(map(_JSON.encode, breakdown.tariff_ids if breakdown is not None else ())),
    )
    return line(
        answer.number,
        _text(answer.where),
        _text(answer.cdr_id),
        by,
        _costs(breakdown),
        _quantities(breakdown.billed if breakdown is not None else None),
        _sides(answer.claim),
        _sides(answer.difference),
        _JSON.encode(findings)[1:-1],
    )


def _costs(breakdown: Breakdown | None) -> tuple[str, str, str, str, str, str]:
    if breakdown is None:
        return _UNKNOWN, _UNKNOWN, _UNKNOWN, _UNKNOWN, _UNKNOWN, _UNKNOWN
    return (
        _sides(breakdown.total_cost),
        _sides(breakdown.total_energy_cost),
        _sides(breakdown.total_time_cost),
        _sides(breakdown.total_parking_cost),
        _sides(breakdown.total_fixed_cost),
        _sides(breakdown.total_reservation_cost),
    )


def _sides(cost: Cost | Claim | None) -> str:
    if cost is None:
        return _UNKNOWN
    if cost.excl_vat is ZERO and cost.incl_vat is ZERO:  # what no tariff priced, in most CDRs most of the parts
        return _NO_COST
    excl, incl = plain(cost.excl_vat), plain(cost.incl_vat)
    return sides("null" if excl is None else f'"{excl}"', "null" if incl is None else f'"{incl}"')


def _quantities(billed: BilledQuantities | None) -> str:
    if billed is None:
        return quantities("null", "null", "null", "null")
    return quantities(
        f'"{plain(billed.energy_kwh)}"',
        f'"{plain(billed.time_min)}"',
        f'"{plain(billed.parking_min)}"',
        f'"{plain(billed.reservation_min)}"',
    )


def _text(value: str | None) -> str:
    return "null" if value is None else _JSON.encode(value)
