"""Readings of quantities: order of periods, minutes, decimals, parking as time, sums of the CDR, not of periods."""

from collections.abc import Callable
from dataclasses import replace
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Final

from tariffs.cdr import ChargingPeriod
from tariffs.charge import Charge
from tariffs.differences.case import Change, Walk
from tariffs.differences.clock import remade
from tariffs.differences.reading import Reading, reading
from tariffs.quantity import SECONDS_PER_HOUR, ZERO
from tariffs.step_size import apply_steps
from tariffs.timeline import Stretch

_MINUTE: Final = Decimal(60)
_TIMES: Final = ("TIME", "PARKING_TIME", "RESERVATION_TIME")
Volumes = dict[str, Decimal]


def _in_list_order(walk: Walk) -> Walk:
    """Energy, start fee and steps follow the list; a period still ends where the next later one starts."""
    both = sorted(zip(walk.timeline.stretches, walk.tariffs, strict=True), key=lambda pair: pair[0].index)
    running = ZERO
    stretches = []
    for stretch, _ in both:
        stretches.append(replace(stretch, kwh_before=running))
        running += stretch.volumes.get("ENERGY", ZERO)
    first = next((s.start for s in stretches if s.is_charging), None)
    timeline = replace(walk.timeline, stretches=tuple(stretches), session_start=first)
    return replace(walk, timeline=timeline, tariffs=tuple(tariff for _, tariff in both))


def _with_volumes(change: Callable[[Volumes], Volumes]) -> Callable[[Walk], Walk]:
    return lambda walk: remade(walk, lambda stretch: replace(stretch, volumes=change(dict(stretch.volumes))))


def _minutes(rounding: str) -> Callable[[Volumes], Volumes]:
    def whole(volumes: Volumes) -> Volumes:
        for kind in _TIMES:
            if kind in volumes:
                volumes[kind] = (volumes[kind] / _MINUTE).to_integral_value(rounding) * _MINUTE
        return volumes

    return whole


def _charge_minutes(rounding: str) -> Callable[[Charge], None]:
    """Whole minutes once for each dimension of the charge, after steps."""

    def whole(charge: Charge) -> None:
        apply_steps(charge.priced)
        for kind in _TIMES:
            group = [p for p in charge.priced if p.dimension == kind]
            total = sum((p.billed for p in group), ZERO)
            if group:
                group[-1].added += (total / _MINUTE).to_integral_value(rounding) * _MINUTE - total

    return whole


def _decimals(unit_s: Decimal | None, unit_kwh: Decimal | None) -> Callable[[Volumes], Volumes]:
    def rounded(volumes: Volumes) -> Volumes:
        for kind, volume in volumes.items():
            unit = unit_kwh if kind == "ENERGY" else unit_s
            if unit is not None:
                volumes[kind] = (volume / unit).to_integral_value(ROUND_HALF_UP) * unit
        return volumes

    return rounded


def _stated(period: ChargingPeriod) -> Volumes:
    """The volumes of a period as stated, in kWh and seconds."""
    found: Volumes = {}
    for dimension in period.dimensions:
        kind = "RESERVATION_TIME" if dimension.type == "RESERVATION_EXPIRES" else dimension.type
        volume = dimension.volume if kind == "ENERGY" else dimension.volume * SECONDS_PER_HOUR
        found[kind] = found.get(kind, ZERO) + volume
    return found


def _as_stated(walk: Walk) -> Walk:
    def literal(stretch: Stretch) -> Stretch:
        stated = _stated(walk.cdr.periods[stretch.index])
        return replace(stretch, volumes={kind: stated[kind] for kind in stretch.volumes})

    return remade(walk, literal)


def _money_as_stated(charge: Charge) -> None:
    """Steps on whole seconds, money for the stated hours where no step adds anything."""
    apply_steps(charge.priced)
    stepped = {p.dimension for p in charge.priced if p.added}
    for p in charge.priced:
        if p.dimension in _TIMES and p.dimension not in stepped:
            p.volume = _stated(charge.cdr.periods[p.period])[p.dimension]


def _last_of_a_kind(walk: Walk) -> Walk:
    """Of a dimension that stands twice in a period the last volume counts."""

    def last(stretch: Stretch) -> Stretch:
        period = walk.cdr.periods[stretch.index]
        kinds = [dimension.type for dimension in period.dimensions]
        if len(set(kinds)) == len(kinds):
            return stretch
        lasting = {dimension.type: dimension for dimension in period.dimensions}
        stated = _stated(replace(period, dimensions=tuple(lasting.values())))
        return replace(stretch, volumes={kind: stated[kind] for kind in stretch.volumes})

    return remade(walk, last)


def _moved(source: str, target: str | None, *, keep: bool = False) -> Callable[[Volumes], Volumes]:
    """Count one dimension as another one, or not at all."""

    def moved(volumes: Volumes) -> Volumes:
        volume = volumes.get(source) if keep else volumes.pop(source, None)
        if volume is not None and target is not None:
            volumes[target] = volumes.get(target, ZERO) + volume
        return volumes

    return moved


def _reservation_as_time(walk: Walk) -> Walk:
    as_time = _moved("RESERVATION_TIME", "TIME")
    return remade(
        walk,
        lambda s: replace(s, volumes=as_time(dict(s.volumes)), is_reservation=False, is_charging=True)
        if s.is_reservation
        else s,
    )


def _without_reservation(walk: Walk) -> Walk:
    return remade(walk, lambda s: replace(s, is_reservation=False) if s.is_reservation else s)


def _by_wall_clock(walk: Walk) -> Walk:
    """Charging time is how long its periods last, stated or not; a period that states parking is parking."""
    has_time = any("TIME" in s.volumes for s in walk.timeline.stretches)

    def lasting(stretch: Stretch) -> Stretch:
        is_meant = ("TIME" in stretch.volumes or not has_time) and stretch.is_charging
        if stretch.wall_clock is None or "PARKING_TIME" in stretch.volumes or not is_meant:
            return stretch
        return replace(stretch, volumes={**stretch.volumes, "TIME": stretch.wall_clock})

    return remade(walk, lasting)


def _to_the_sum(walk: Walk, kind: str, total: Decimal | None) -> Walk:
    """Bring the volumes of a dimension to a sum that the CDR states, in the last period that has it."""
    having = [s for s in walk.timeline.stretches if kind in s.volumes]
    if total is None or not having:
        return walk
    rest = total - sum((s.volumes[kind] for s in having), ZERO)

    def raised(stretch: Stretch) -> Stretch:
        if stretch is not having[-1]:
            return stretch
        return replace(stretch, volumes={**stretch.volumes, kind: max(ZERO, stretch.volumes[kind] + rest)})

    return remade(walk, raised)


def _energy_by_total(walk: Walk) -> Walk:
    return _to_the_sum(walk, "ENERGY", walk.cdr.total_energy)


def _seconds(hours: Decimal | None) -> Decimal | None:
    return None if hours is None else hours * SECONDS_PER_HOUR


def _time_by_total(walk: Walk) -> Walk:
    return _to_the_sum(walk, "TIME", _seconds(walk.cdr.total_time))


def _parking_by_total(walk: Walk) -> Walk:
    return _to_the_sum(walk, "PARKING_TIME", _seconds(walk.cdr.total_parking_time))


def _drawn_only(volumes: Volumes) -> Volumes:
    return {kind: max(volume, ZERO) for kind, volume in volumes.items()}


def _of_volumes(id: str, words: str, kinds: tuple[str, ...], change: Callable[[Volumes], Volumes]) -> Reading:
    return reading(id, words, Change(walk=_with_volumes(change), only_with=frozenset(kinds)))


def _of_charge(id: str, words: str, steps: Callable[[Charge], None], decision: str = "") -> Reading:
    return reading(id, words, Change(steps=steps, only_with=frozenset(_TIMES)), decision)


def _of_walk(id: str, words: str, kind: str, change: Callable[[Walk], Walk]) -> Reading:
    return reading(id, words, Change(walk=change, only_with=frozenset((kind,) if kind else ())))


_HUNDREDTH: Final = Decimal("0.01")
_HOUR_UNIT: Final = Decimal("0.36")
"""The fourth decimal of an hour, in seconds."""

_ENERGY: Final = ("ENERGY",)
_PARKING: Final = ("PARKING_TIME",)

VOLUMES: Final = (
    _of_walk("periods-in-list-order", "prices the periods in the order of their list", "", _in_list_order),
    _of_volumes("minutes-up-per-period", "bills begun minutes of each period", _TIMES, _minutes(ROUND_CEILING)),
    _of_volumes("minutes-down-per-period", "bills full minutes of each period", _TIMES, _minutes(ROUND_FLOOR)),
    _of_volumes(
        "minutes-nearest-per-period", "bills each period to the nearest minute", _TIMES, _minutes(ROUND_HALF_UP)
    ),
    _of_charge("minutes-up", "bills begun minutes of the charge", _charge_minutes(ROUND_CEILING)),
    _of_charge("minutes-down", "bills full minutes of the charge", _charge_minutes(ROUND_FLOOR)),
    _of_charge("minutes-nearest", "bills the charge to the nearest minute", _charge_minutes(ROUND_HALF_UP)),
    reading(
        "hours-as-stated",
        "takes the stated hours literally, also for steps",
        Change(walk=_as_stated, only_with=frozenset(_TIMES)),
        "hours-are-snapped-to-seconds",
    ),
    _of_charge(
        "money-for-stated-hours",
        "takes the stated hours literally, but not for steps",
        _money_as_stated,
        "hours-are-snapped-to-seconds",
    ),
    reading(
        "four-decimals",
        "takes kWh and hours with four decimals",
        Change(walk=lambda walk: _with_volumes(_decimals(_HOUR_UNIT, Decimal("0.0001")))(_as_stated(walk))),
        "hours-are-snapped-to-seconds",
    ),
    _of_volumes(
        "hours-two-decimals", "rounds each period to hundredths of an hour", _TIMES, _decimals(Decimal(36), None)
    ),
    _of_volumes(
        "kwh-two-decimals", "rounds the energy of each period to 0.01 kWh", _ENERGY, _decimals(None, _HUNDREDTH)
    ),
    _of_volumes("parking-as-time", "counts parking as charging time", _PARKING, _moved("PARKING_TIME", "TIME")),
    _of_volumes(
        "parking-counted-twice",
        "counts parking as charging time and as parking",
        _PARKING,
        _moved("PARKING_TIME", "TIME", keep=True),
    ),
    _of_volumes("parking-not-charged", "charges no parking", _PARKING, _moved("PARKING_TIME", None)),
    _of_walk(
        "reservation-as-time", "counts a reservation as charging time", "RESERVATION_TIME", _reservation_as_time
    ),
    _of_walk("reservation-not-charged", "charges no reservation", "RESERVATION_TIME", _without_reservation),
    _of_walk("time-by-wall-clock", "takes charging time from the length of the periods", "", _by_wall_clock),
    _of_walk("energy-by-total", "prices total_energy, not the energy of the periods", "ENERGY", _energy_by_total),
    _of_walk("time-by-total", "prices total_time as charging time", "TIME", _time_by_total),
    _of_walk(
        "parking-by-total", "prices total_parking_time, not that of the periods", "PARKING_TIME", _parking_by_total
    ),
    _of_walk("last-of-a-kind", "takes the last volume of a dimension stated twice", "", _last_of_a_kind),
    _of_volumes("fed-back-energy-ignored", "does not net energy fed back to the grid", _ENERGY, _drawn_only),
)
"""Readings of quantities, in the order in which they are tried."""
