"""The line of a record that went the whole way, as `line` lays it out."""

from typing import Final

from tariffs.answers import Answer
from tariffs.breakdown import BilledQuantities, Breakdown, Cost
from tariffs.bulk import line
from tariffs.bulk.notes import as_json, as_object
from tariffs.cdr import Claim
from tariffs.plain import plain
from tariffs.quantity import ZERO

_UNKNOWN: Final = line.EXCL + line.NULL + line.INCL + line.NULL + line.CLOSE


def line_of(answer: Answer) -> bytes:
    """Return the line of one answer (contract, section 4), with its end."""
    cdr, breakdown = answer.cdr, answer.breakdown
    by = line.terms(
        as_json(answer.version),
        b"true" if cdr is not None and cdr.credit else b"false",
        as_json(cdr.currency if cdr is not None else None),
        as_json(breakdown.time_zone if breakdown is not None else None),
        b", ".join(map(as_json, breakdown.tariff_ids if breakdown is not None else ())),
    )
    pieces = [line.RECORD, as_json(answer.number), line.WHERE, as_json(answer.where)]
    pieces += [line.CDR_ID, as_json(answer.cdr_id), line.BY, by, *_costs(breakdown)]
    pieces += [line.BILLED, _quantities(breakdown.billed if breakdown is not None else None)]
    pieces += [line.CLAIMED, _sides(answer.claim), line.DIFFERENCE, _sides(answer.difference)]
    pieces += [line.FINDINGS, as_json([as_object(f) for f in answer.findings])[1:-1], line.END]
    return b"".join(pieces)


def _costs(breakdown: Breakdown | None) -> list[bytes]:
    """Each cost after its key."""
    if breakdown is None:
        keys = (line.TOTAL, line.ENERGY, line.TIME, line.PARKING, line.FIXED, line.RESERVATION)
        return [piece for key in keys for piece in (key, _UNKNOWN)]
    return [
        *(line.TOTAL, _sides(breakdown.total_cost)),
        *(line.ENERGY, _sides(breakdown.total_energy_cost)),
        *(line.TIME, _sides(breakdown.total_time_cost)),
        *(line.PARKING, _sides(breakdown.total_parking_cost)),
        *(line.FIXED, _sides(breakdown.total_fixed_cost)),
        *(line.RESERVATION, _sides(breakdown.total_reservation_cost)),
    ]


def _sides(cost: Cost | Claim | None) -> bytes:
    if cost is None:
        return _UNKNOWN
    if cost.excl_vat is ZERO and cost.incl_vat is ZERO:  # what no tariff priced, in most CDRs most of the parts
        return line.NOTHING
    return line.EXCL + as_json(plain(cost.excl_vat)) + line.INCL + as_json(plain(cost.incl_vat)) + line.CLOSE


def _quantities(billed: BilledQuantities | None) -> bytes:
    energy, time, parking, reservation = (None,) * 4
    if billed is not None:
        energy, time, parking = plain(billed.energy_kwh), plain(billed.time_min), plain(billed.parking_min)
        reservation = plain(billed.reservation_min)
    return (
        line.KWH + as_json(energy) + line.TIME_MIN + as_json(time) + line.PARKING_MIN + as_json(parking)
        + line.RESERVATION_MIN + as_json(reservation) + line.CLOSE
    )  # fmt: skip
