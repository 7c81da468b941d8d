"""Readings of what is due once: start fees, the fees and the outcome of a reservation."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Final

from tariffs.breakdown import Breakdown
from tariffs.charge import Charge
from tariffs.differences.case import PLAIN, Case, Change, Walk, priced_under
from tariffs.differences.clock import restricted
from tariffs.differences.reading import Answers, Reading, reading
from tariffs.plan import Plan
from tariffs.quantity import ZERO
from tariffs.step_size import Priced
from tariffs.tariff import Tariff


def _each_flat_once(charge: Charge) -> None:
    last = charge.timeline.stretches[-1].index
    charge.priced.extend(Priced(last, "FLAT", Decimal(1), option) for option in charge.later_flats)


def _flat_in_every_period(charge: Charge) -> None:
    flats = [p for p in charge.priced if p.dimension == "FLAT"]
    for flat in flats:
        others = [s for s in charge.timeline.stretches if s.is_charging and s.index != flat.period]
        charge.priced.extend(Priced(s.index, "FLAT", Decimal(1), flat.option) for s in others)


def _without(*dimensions: str, unless: Callable[[Charge], bool] = lambda charge: False) -> Callable[[Charge], None]:
    def without(charge: Charge) -> None:
        if not unless(charge):
            charge.priced[:] = [p for p in charge.priced if p.dimension not in dimensions]

    return without


def _lacks(dimension: str) -> Callable[[Charge], bool]:
    return lambda charge: not any(p.dimension == dimension for p in charge.priced)


def _flat_by_volume(charge: Charge) -> None:
    """OCPI 2.1.1 has a FLAT among the dimensions of a CDR; its volume is no number of fees."""
    stated = [d.volume for period in charge.cdr.periods for d in period.dimensions if d.type == "FLAT"]
    for p in charge.priced:
        if p.dimension == "FLAT" and stated:
            p.volume = sum(stated, ZERO)


def _outcome(outcome: str) -> Callable[[Case, Breakdown], Answers]:
    def answers(case: Case, ours: Breakdown) -> Answers:
        if any(d.type.startswith("RESERVATION") for period in case.cdr.periods for d in period.dimensions):
            yield "", priced_under(replace(case, reservation_outcome=outcome), PLAIN)

    return answers


def _expired_alone(plan: Plan, walk: Walk) -> Plan:
    return replace(
        plan,
        expired={
            dimension: tuple(o for o in options if o.restrictions.reservation == "RESERVATION_EXPIRES")
            for dimension, options in plan.expired.items()
        },
    )


def _reservation_elements_ordinary(tariff: Tariff) -> Tariff:
    return restricted(tariff, lambda r: replace(r, reservation=None))


def _flat(priced: Callable[[Charge], None]) -> Change:
    return Change(priced=priced, only_with=frozenset(("FLAT",)))


_OUTCOMES: Final = "reservation-outcome-by-signs"

FEES: Final = (
    reading("each-flat-once", "charges a second FLAT too", _flat(_each_flat_once), "first-flat-of-a-charge"),
    reading("flat-in-every-period", "charges FLAT in every period", _flat(_flat_in_every_period)),
    reading("flat-waived", "charges no FLAT", _flat(_without("FLAT"))),
    reading("flat-by-volume", "multiplies FLAT by its volume in the CDR", _flat(_flat_by_volume)),
    reading(
        "no-start-fee-beside-reservation",
        "charges no start fee beside the fee of a reservation",
        _flat(_without("FLAT", unless=_lacks("RESERVATION_FLAT"))),
    ),
    reading("no-reservation-fee", "charges no fee of a reservation", _flat(_without("RESERVATION_FLAT"))),
    Reading("reservation-used", "takes the reservation as used", _outcome("used"), _OUTCOMES),
    Reading("reservation-expired", "takes the reservation as expired", _outcome("expired"), _OUTCOMES),
    Reading("reservation-cancelled", "takes the reservation as cancelled", _outcome("cancelled"), _OUTCOMES),
    reading(
        "expired-alone",
        "prices an expired reservation by elements for expired ones alone",
        Change(plan=_expired_alone),
        "expired-falls-back-to-reservation",
    ),
    reading(
        "reservation-elements-as-ordinary",
        "prices elements for reservations in ordinary charges",
        Change(_reservation_elements_ordinary),
    ),
)
"""Readings of fees and reservations, in the order in which they are tried."""
