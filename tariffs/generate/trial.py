"""A course made into a CDR and priced: what it shows is read from the breakdown, never assumed.

A trial first begins a charging period wherever any restriction may answer anew; then periods of one leg that came out
alike are joined again, unless that would hide a change of price.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cached_property
from typing import Final

from tariffs.breakdown import Breakdown
from tariffs.cdr import Cdr, CdrDimension, CdrLocation, ChargingPeriod
from tariffs.findings import Severity
from tariffs.generate.course import CHARGE, PARK, RESERVE, Course, Ground, Leg, Piece, cut
from tariffs.pricing import price
from tariffs.quantity import SECONDS_PER_HOUR, WIDE, ZERO

NOT_THERE: Final = "#NA"
"""What OCPI 2.2.1 writes for EVSE and connector of a reservation that never became a charge (mod_cdrs, CdrLocation)."""
_FOUR_DECIMALS: Final = Decimal("0.0001")
_FREE: Final = frozenset({"FLAT", "RESERVATION_FLAT"})
_LEGACY: Final = "2.1.1"


@dataclass(frozen=True)
class Trial:
    """A priced course: its CDR without claims, and the breakdown of that."""

    course: Course
    pieces: tuple[Piece, ...]
    cdr: Cdr
    breakdown: Breakdown

    @cached_property
    def objections(self) -> tuple[str, ...]:
        """Codes of findings that a CPO would be asked about: all but those for information."""
        codes = {f.code for f in self.breakdown.findings if f.severity is not Severity.INFORMATION}
        return tuple(sorted(codes))

    @cached_property
    def by_period(self) -> tuple[dict[str, int], ...]:
        """For each period the dimensions that were priced, each with the element that did."""
        found: tuple[dict[str, int], ...] = tuple({} for _ in self.pieces)
        for line in self.breakdown.lines:
            if line.element >= 0:
                found[line.period][line.dimension] = line.element
        return found

    @cached_property
    def shown(self) -> frozenset[tuple[int, str]]:
        """The price components in use, each as its element and the dimension it priced."""
        return frozenset((element, dimension) for period in self.by_period for dimension, element in period.items())

    @property
    def limits(self) -> frozenset[str]:
        """Which of MIN_PRICE and MAX_PRICE moved the total."""
        return frozenset(line.dimension for line in self.breakdown.lines if line.element < 0)

    def seconds(self, dimension: str) -> int:
        """Return how long a priced time dimension was in use, before step_size."""
        pieces = [self.pieces[p] for p, priced in enumerate(self.by_period) if dimension in priced]
        return sum(_seconds(piece) for piece in pieces)

    def kwh(self) -> Decimal:
        """Return the energy that found a price, before step_size."""
        return sum((self.pieces[p].kwh for p, priced in enumerate(self.by_period) if "ENERGY" in priced), ZERO)


def try_out(course: Course, ground: Ground) -> Trial:
    """Price a course by the tariff of its ground, with as few charging periods as show every change of price."""
    fine = _priced(course, cut(course, ground), ground)
    pieces = _joined(fine)
    if len(pieces) == len(fine.pieces):
        return fine
    coarse = _priced(course, pieces, ground)
    if set(coarse.objections) - set(fine.objections) or coarse.breakdown.total_cost != fine.breakdown.total_cost:
        return fine
    return coarse


def _priced(course: Course, pieces: tuple[Piece, ...], ground: Ground) -> Trial:
    cdr = _record(course, pieces, ground)
    return Trial(course, pieces, cdr, price(cdr, time_zone=ground.place.zone.key))


def _joined(trial: Trial) -> tuple[Piece, ...]:
    """Join neighbours of one leg that the same elements price; a period in which a FLAT becomes due begins anew."""
    found: list[Piece] = []
    last: dict[str, int] = {}
    for piece, priced in zip(trial.pieces, trial.by_period, strict=True):
        lasting = {dimension: element for dimension, element in priced.items() if dimension not in _FREE}
        if found and found[-1].leg == piece.leg and lasting == last and lasting == priced:
            found[-1] = Piece(piece.leg, found[-1].start, piece.end, found[-1].kwh + piece.kwh)
        else:
            found.append(piece)
        last = lasting
    return tuple(found)


def _record(course: Course, pieces: Sequence[Piece], ground: Ground) -> Cdr:
    """The CDR of a course, with what pricing looks at; who charged where is written later."""
    is_legacy = ground.version == _LEGACY
    has_charged = course.charging_start is not None
    place = ground.place
    location = CdrLocation(
        country=place.country_3,
        latitude=Decimal(place.latitude),
        longitude=Decimal(place.longitude),
        evse_uid="1" if has_charged else NOT_THERE,
        connector_id="1" if has_charged else NOT_THERE,
        time_zone=place.zone.key if is_legacy else None,
    )
    states_none = not any(leg.kind == CHARGE for leg in course.legs)
    return Cdr(
        ocpi_version=ground.version,
        start=course.start,
        end=course.end,
        session_id="S" if has_charged else None,
        location=location,
        currency=ground.tariff.currency,
        tariffs=(ground.tariff,),
        periods=tuple(
            ChargingPeriod(
                piece.start,
                _dimensions(piece, course.legs[piece.leg], states_none=states_none),
                None if is_legacy else ground.tariff.id or None,
            )
            for piece in pieces
        ),
        total_energy=sum((piece.kwh for piece in pieces), ZERO),
        total_time=hours(0 if course.charging_start is None else _between(course)),
        total_parking_time=hours(sum(leg.seconds for leg in course.legs if leg.kind == PARK)),
        unpriced_dimensions=frozenset({"FLAT"}) if is_legacy else frozenset(),
        knows_vat=not is_legacy,
    )


def _between(course: Course) -> int:
    assert course.charging_start is not None, "only of a charge"
    return (course.end - course.charging_start) // timedelta(seconds=1)


def hours(seconds: int) -> Decimal:
    """Return seconds as OCPI states durations: in hours of four decimals, half even.

    >>> hours(600), hours(1800)
    (Decimal('0.1667'), Decimal('0.5'))
    """
    exact = WIDE.divide(Decimal(seconds), SECONDS_PER_HOUR)
    return short(exact.quantize(_FOUR_DECIMALS, ROUND_HALF_EVEN, WIDE))


def short(value: Decimal) -> Decimal:
    """Return a number without idle zeros and without an exponent."""
    whole = value.to_integral_value()
    return whole.quantize(Decimal(1), context=WIDE) if whole == value else value.normalize(WIDE)


def _seconds(piece: Piece) -> int:
    return (piece.end - piece.start) // timedelta(seconds=1)


def _dimensions(piece: Piece, leg: Leg, *, states_none: bool) -> tuple[CdrDimension, ...]:
    """The volumes of a period; a charge that only parks says of energy and charging time that there was none."""
    duration = hours(_seconds(piece))
    if leg.kind == RESERVE:
        volumes = [("RESERVATION_TIME", duration)]
    elif leg.kind == CHARGE:
        volumes = [("ENERGY", piece.kwh), ("TIME", duration)]
    else:
        volumes = [("ENERGY", piece.kwh)] if piece.kwh or states_none else []
        volumes += [("TIME", ZERO)] if states_none else []
        volumes.append(("PARKING_TIME", duration))
    return tuple(CdrDimension(kind, short(volume)) for kind, volume in (*volumes, *leg.loads))
