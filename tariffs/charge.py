"""A charge with its price components found: what was used, in which period, at which price, and what was strange.

Per dimension and period the first element applies that has a component for it and whose restrictions are met, looked
at from the start of the period (pricing rules 9, 10, 15 and 16).
"""

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from tariffs.cdr import Cdr
from tariffs.findings import Finding, Severity
from tariffs.plan import Option, Options, Plan, choose
from tariffs.quantity import SECONDS_PER_HOUR, ZERO
from tariffs.restrictions import INSTANT_UNKNOWN, NEAR_MISS, UNVERIFIABLE, ZONE_UNKNOWN, Moment
from tariffs.spans import moments_inside, span_finding
from tariffs.step_size import Priced
from tariffs.timeline import Stretch, Timeline, clock_at, seconds_between

_NOTED = {
    ZONE_UNKNOWN: (Severity.WAITS, "the tariff looks at the clock, and the time zone of the place is unknown"),
    INSTANT_UNKNOWN: (Severity.WAITS, "the tariff looks at a time that the CDR does not state"),
    UNVERIFIABLE: (
        Severity.BILLED_AND_LISTED,
        "the tariff restricts power or current, which the period does not state; taken as met",
    ),
    NEAR_MISS: (
        Severity.BILLED_AND_LISTED,
        "the energy so far misses a kWh threshold of the tariff by no more than rounding; taken literally",
    ),
}


_POWERS: Final = frozenset(("MIN_POWER", "MAX_POWER"))


@dataclass(slots=True, eq=False)
class Charge:
    """What a charge used, with the tariff of each stretch; `priced` is in order of time."""

    cdr: Cdr
    timeline: Timeline
    plans: tuple[Plan | None, ...]
    zone: ZoneInfo | None
    outcome: str | None
    outcome_by: str | None
    findings: list[Finding]
    zone_source: str | None = None
    priced: list[Priced] = field(default_factory=list)
    is_refused: bool = False
    flat: Option | None = None
    reservation_flat: Option | None = None
    later_flats: list[Option] = field(default_factory=list)
    neighbours: dict[int, Plan] = field(default_factory=dict)
    """The tariff before each period, else the first one; filled where a period has none."""
    free: set[str] = field(default_factory=set)

    @property
    def outcome_is_assumed(self) -> bool:
        """Whether nothing shows what became of a reservation."""
        return self.outcome_by == "assumed"

    @property
    def zone_name(self) -> str | None:
        """The IANA name of the zone used, None where none was needed."""
        return None if self.zone is None else self.zone.key

    @property
    def tariff_ids(self) -> tuple[str, ...]:
        """The tariffs in use, each once, in order of time."""
        return tuple(dict.fromkeys(plan.tariff.id for plan in self.plans if plan is not None))

    def refuse(self, code: str, path: str, words: str, severity: Severity = Severity.WAITS) -> None:
        """No price can be made: say why."""
        self.is_refused = True
        self.findings.append(Finding(code, severity, path, words))

    def warn(self, code: str, path: str, words: str, money: Decimal | None = None) -> None:
        """Something a person should know about a price that stands."""
        self.findings.append(Finding(code, Severity.BILLED_AND_LISTED, path, words, money))


def charge_of(
    cdr: Cdr,
    timeline: Timeline,
    plans: tuple[Plan | None, ...],
    zone: ZoneInfo | None,
    outcome: str | None,
    findings: list[Finding],
    *,
    refused: bool,
    zone_source: str | None = None,
) -> Charge:
    """Find the price component of every volume; of a refused charge only the findings are kept."""
    known, by = _outcome(cdr, timeline, outcome)
    charge = Charge(cdr, timeline, plans, zone, known, by, findings, zone_source, is_refused=refused)
    _check_tariffs(charge)
    for stretch in timeline.stretches:
        for dimension, volume in stretch.volumes.items():
            if volume < ZERO and dimension != "ENERGY":
                path = f"$.charging_periods[{stretch.index}]"
                charge.refuse("negative-volume", path, f"{dimension} is negative, which no price can mean")
    if charge.is_refused:
        return charge
    for stretch, plan in zip(timeline.stretches, plans, strict=True):
        if plan is None:
            _without_tariff(charge, stretch)
            continue
        if stretch.is_charging:
            _charging(charge, stretch, plan)
        if stretch.is_reservation:
            _reservation(charge, stretch, plan)
    _after_all(charge)
    return charge


def _outcome(cdr: Cdr, timeline: Timeline, stated: str | None) -> tuple[str | None, str | None]:
    """Was a reservation used? Returns the outcome (None without a reservation) and the sign it is told by."""
    if timeline.reservation_start is None and not any(s.is_reservation for s in timeline.stretches):
        return None, None
    if stated is not None:
        return stated, "stated"
    if any(d.type == "RESERVATION_EXPIRES" for period in cdr.periods for d in period.dimensions):
        return "expired", "dimension"
    charged = any(s.volumes.get(d, ZERO) > 0 for s in timeline.stretches for d in ("ENERGY", "TIME", "PARKING_TIME"))
    if charged or any(not s.is_reservation for s in timeline.stretches):
        return "used", "charged"
    if "#NA" in (cdr.location.evse_uid, cdr.location.connector_id) or cdr.session_id is None:
        return "expired", "no-session"
    return "expired", "assumed"


def _check_tariffs(charge: Charge) -> None:
    """Currency and content of the tariffs in use (pricing rules 8 and 32)."""
    seen: set[int] = set()
    for plan in charge.plans:
        if plan is None or id(plan) in seen:
            continue
        seen.add(id(plan))
        tariff = plan.tariff
        if charge.cdr.currency is not None and tariff.currency.upper() != charge.cdr.currency.upper():
            words = f"the tariff {tariff.id} is in {tariff.currency}, the CDR in {charge.cdr.currency}; no conversion"
            charge.refuse("tariff-currency-differs", "$.currency", words, Severity.RECORD_REFUSED)
        if not tariff.elements:
            charge.refuse("tariff-without-elements", "$.tariffs", f"the tariff {tariff.id} has no elements: not free")
        charge.findings.extend(plan.lints)


def _charging(charge: Charge, stretch: Stretch, plan: Plan) -> None:
    """Start fee, energy, time and parking of one period."""
    moment = moment_of(charge, stretch, plan, stretch.kwh_before, reservation=False)
    taken: dict[str, Option | None] = {}
    volumes = stretch.volumes
    flats = plan.charging["FLAT"]
    if flats:
        # A later FLAT costs nothing, so nothing that is unknown about it may stop the price.
        seen = moment if charge.flat is None else replace(moment, noted=set(), unsure=set())
        taken["FLAT"] = option = choose(flats, seen)
        if option is not None:
            _take_flat(charge, stretch, option)
    for dimension in ("ENERGY", "TIME", "PARKING_TIME"):
        volume = volumes.get(dimension)
        if not volume:
            continue
        option = choose(plan.charging[dimension], moment)
        taken[dimension] = option
        if option is None:
            _not_priced(charge, stretch, dimension, plan.charging[dimension], moment)
        else:
            charge.priced.append(Priced(stretch.index, dimension, volume, option))
    _report(charge, stretch, moment)
    if plan.changing:
        _spans(charge, stretch, plan, plan.charging, taken, moment)


def _reservation(charge: Charge, stretch: Stretch, plan: Plan) -> None:
    """Fee and time of a reservation: TIME and FLAT of elements for reservations only (OCPI ReservationRestriction)."""
    options = plan.expired if charge.outcome == "expired" else plan.used
    moment = moment_of(charge, stretch, plan, ZERO, reservation=True)
    if charge.reservation_flat is None:
        flat = choose(options["FLAT"], moment)
        if flat is not None:
            charge.reservation_flat = flat
            charge.priced.append(Priced(stretch.index, "RESERVATION_FLAT", Decimal(1), flat))
    volume = stretch.volumes.get("RESERVATION_TIME")
    if volume:
        option = choose(options["TIME"], moment)
        if option is None:
            _not_priced(charge, stretch, "RESERVATION_TIME", options["TIME"], moment)
        else:
            charge.priced.append(Priced(stretch.index, "RESERVATION_TIME", volume, option))
        if plan.changing:
            _spans(charge, stretch, plan, {"RESERVATION_TIME": options["TIME"]}, {"RESERVATION_TIME": option}, moment)
    _report(charge, stretch, moment)


def moment_of(charge: Charge, stretch: Stretch, plan: Plan, kwh: Decimal, *, reservation: bool) -> Moment:
    """What restrictions look at when a period begins; those for a reservation count from its start (rule 16)."""
    start = stretch.start
    clock = None
    if plan.needs_clock and charge.zone is not None and start is not None:
        clock = clock_at(start, charge.zone)
    duration = None
    if plan.duration_marks:
        since = charge.timeline.reservation_start if reservation else charge.timeline.session_start
        if start is not None and since is not None:
            duration = seconds_between(since, start)
    mean = None
    if plan.has_load and not stretch.loads.keys() & _POWERS:  # A current alone tells no power (pricing rule 10).
        wall_clock = stretch.wall_clock
        energy = stretch.volumes.get("ENERGY")
        if wall_clock and energy is not None:
            mean = energy * SECONDS_PER_HOUR / wall_clock
    return Moment(clock, kwh, duration, stretch.loads, mean, start is not None)


def _take_flat(charge: Charge, stretch: Stretch, option: Option) -> None:
    """A FLAT is due once per charge, where the first one is active (pricing rule 15)."""
    if charge.flat is None:
        charge.flat = option
        charge.priced.append(Priced(stretch.index, "FLAT", Decimal(1), option))
    elif all(option.component is not known.component for known in (charge.flat, *charge.later_flats)):
        charge.later_flats.append(option)
        words = f"another FLAT becomes active later (element {option.element + 1}); only the first is due"
        path = f"$.charging_periods[{stretch.index}]"
        charge.warn("later-flat-not-charged", path, words, option.component.price)


def _report(charge: Charge, stretch: Stretch, moment: Moment) -> None:
    if not moment.noted:
        return
    for code in sorted(moment.noted):
        severity, words = _NOTED[code]
        path = f"$.charging_periods[{stretch.index}]"
        if severity is Severity.WAITS:
            path = "$.cdr_location" if code == ZONE_UNKNOWN else path
            if not any(f.code == code for f in charge.findings):
                charge.refuse(code, path, words)
        else:
            charge.warn(code, path, words)


def _spans(
    charge: Charge,
    stretch: Stretch,
    plan: Plan,
    options: Options,
    taken: dict[str, Option | None],
    moment: Moment,
) -> None:
    changing = plan.changing
    dimensions = [
        d
        for d, option in taken.items()
        if ("TIME" if d == "RESERVATION_TIME" else d) in changing
        and not (d == "FLAT" and (option is not None or charge.flat is not None))
    ]
    if not dimensions:
        return
    is_reservation = "RESERVATION_TIME" in options
    since = charge.timeline.reservation_start if is_reservation else charge.timeline.session_start
    inside = moments_inside(stretch, plan, charge.zone, since, moment)
    if not inside:
        return
    for dimension in dimensions:
        finding = span_finding(stretch, dimension, options[dimension], taken[dimension], inside)
        if finding is not None:
            charge.findings.append(finding)


def _not_priced(charge: Charge, stretch: Stretch, dimension: str, options: tuple[Option, ...], moment: Moment) -> None:
    """No component: the volume is free (OCPI mod_tariffs, Tariff object). Say so, and when only a load forbade it."""
    path = f"$.charging_periods[{stretch.index}]"
    volume = stretch.volumes[dimension]
    straddled = [o for o in options if len(o.tests) > len(o.steady) and o.applies_but_for_load(moment)]
    if straddled and _straddles(straddled, stretch):
        per = Decimal(1) if dimension == "ENERGY" else SECONDS_PER_HOUR
        highest = max(o.component.price for o in straddled) * volume / per
        words = (
            f"power or current of the period lies on both sides of every limit, so {dimension} costs nothing by the "
            f"letter; between 0 and {highest.normalize():f}"
        )
        charge.warn("period-straddles-limit", path, words, -highest)
        return
    charge.findings.append(volume_not_priced(dimension, path))


def volume_not_priced(dimension: str, path: str) -> Finding:
    """The note on a volume that the tariff leaves free."""
    words = f"no price component of the tariff is for this {dimension}: it costs nothing"
    return Finding("volume-not-priced", Severity.INFORMATION, path, words)


def _straddles(options: list[Option], stretch: Stretch) -> bool:
    """Whether some limit of power or current lies between the lowest and the highest value of the period."""
    for option in options:
        r = option.restrictions
        for kind, limits in (("POWER", (r.min_power, r.max_power)), ("CURRENT", (r.min_current, r.max_current))):
            low, high = stretch.loads.get(f"MIN_{kind}"), stretch.loads.get(f"MAX_{kind}")
            if low is not None and high is not None and any(x is not None and low < x <= high for x in limits):
                return True
    return False


def _without_tariff(charge: Charge, stretch: Stretch) -> None:
    """A period without tariff_id beside periods with one is free (OCPI mod_cdrs, ChargingPeriod.tariff_id)."""
    neighbour = _neighbour(charge, stretch)
    if not any(stretch.volumes.get(d) for d in ("ENERGY", "TIME", "PARKING_TIME")):
        return
    moment = moment_of(charge, stretch, neighbour, stretch.kwh_before, reservation=False)
    cost = ZERO
    for dimension in ("ENERGY", "TIME", "PARKING_TIME"):
        volume = stretch.volumes.get(dimension)
        option = choose(neighbour.charging[dimension], moment) if volume else None
        if volume and option is not None:
            cost += volume * option.component.price / (Decimal(1) if dimension == "ENERGY" else SECONDS_PER_HOUR)
    words = (
        f"the period names no tariff, so it is free; under the neighbouring tariff {neighbour.tariff.id} "
        f"it would cost {cost.normalize():f}"
    )
    charge.warn("period-without-tariff", f"$.charging_periods[{stretch.index}].tariff_id", words, -cost)


def _neighbour(charge: Charge, stretch: Stretch) -> Plan:
    """The tariff before a period, else the next one; there is one, or the charge would have been refused."""
    if not charge.neighbours:
        before: Plan | None = next((plan for plan in charge.plans if plan is not None), None)
        for one, plan in zip(charge.timeline.stretches, charge.plans, strict=True):
            before = plan or before
            assert before is not None
            charge.neighbours[one.index] = before
    return charge.neighbours[stretch.index]


def _after_all(charge: Charge) -> None:
    """What only the whole charge shows: a priced dimension without volume, elements of the Bookings module."""
    plans = list({id(plan): plan for plan in charge.plans if plan is not None}.values())
    stretches = charge.timeline.stretches
    if charge.timeline.session_start is not None or any(s.is_charging for s in stretches):
        for dimension in ("ENERGY", "TIME"):
            for plan in plans:
                if dimension in plan.priced:
                    if not any(dimension in s.volumes for s in stretches):
                        _without_volume(charge, dimension)
                    break
    for plan in plans:
        if not plan.has_bookings:
            continue
        for dimension, options in plan.bookings.items():
            for option in options:
                words = f"an element of the Bookings module ({dimension}, element {option.element + 1}) is not priced"
                charge.warn("booking-element-not-priced", "$.tariffs", words, option.component.price)
    _time_beyond_wall_clock(charge)


def _without_volume(charge: Charge, dimension: str) -> None:
    total = charge.cdr.total_energy
    if dimension == "ENERGY" and total is not None and total > 0:
        words = f"total_energy is {total:f} kWh, but no charging period states ENERGY: it cannot be priced"
        charge.refuse("energy-not-in-periods", "$.total_energy", words)
    else:
        words = f"the tariff prices {dimension}, but no charging period states any"
        charge.warn("dimension-without-volume", "$.charging_periods", words)


def _time_beyond_wall_clock(charge: Charge) -> None:
    """A stated duration longer than its period is priced as stated (pricing rule 32)."""
    prices: dict[int, list[Priced]] = {}
    for p in charge.priced:
        if p.dimension in ("TIME", "PARKING_TIME", "RESERVATION_TIME"):
            prices.setdefault(p.period, []).append(p)
    if not prices:
        return
    for stretch in charge.timeline.stretches:
        wall_clock = stretch.wall_clock
        parts = prices.get(stretch.index)
        if wall_clock is None or not parts:
            continue
        beyond = sum((p.volume for p in parts), ZERO) - wall_clock
        if beyond > 1:
            money = beyond * max(p.option.component.price for p in parts) / SECONDS_PER_HOUR
            words = f"the period states {beyond.normalize():f} s more than it lasts; priced as stated"
            charge.warn("time-exceeds-wall-clock", f"$.charging_periods[{stretch.index}]", words, money)
