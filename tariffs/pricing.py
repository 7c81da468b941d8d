"""price(cdr): the recipe that turns a CDR and its tariffs into a `Breakdown`, exact and unrounded.

Amounts inside are scaled by 3600, so that prices per hour times seconds stay exact; the one division, per total, has
a hundred digits. Findings are values: nothing here raises for bad data.
"""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal, localcontext
from typing import NamedTuple

from tariffs.breakdown import Breakdown
from tariffs.cdr import Cdr
from tariffs.charge import Charge, charge_of
from tariffs.errors import TariffsError
from tariffs.findings import Finding, Severity, renamed
from tariffs.plan import plan_of
from tariffs.quantity import WIDE
from tariffs.selection import Doubt, Selection, tariffs_in_force
from tariffs.step_size import apply_steps
from tariffs.tariff import Tariff, TariffElement
from tariffs.taxes import leaving_vat_open
from tariffs.timeline import Timeline, walk
from tariffs.totals import total_up, unpriced
from tariffs.zones import ZoneSource, named_zone, zone_of

_NEEDED = (("currency", "currency"), ("start", "start_date_time"), ("end", "end_date_time"))


def price(
    cdr: Cdr,
    *,
    tariffs: Sequence[Tariff] = (),
    override: Tariff | None = None,
    time_zone: str | None = None,
    location_time_zone: str | None = None,
    operator_time_zone: str | None = None,
    profile: str | None = None,
    reservation_outcome: str | None = None,
) -> Breakdown:
    """Price a CDR by the tariffs it carries, else by `tariffs`, or by `override` regardless.

    `time_zone` is the IANA zone the caller states (`UnknownTimeZone` if there is none of that name), and
    `location_time_zone` that of the Locations data, used where restrictions look at the clock; `operator_time_zone`
    is that of the CPO, used where the place tells none. `profile` is a known preference of the driver (a PROFILE_*
    tariff type). `reservation_outcome` is "used", "expired" or "cancelled".
    Amounts are in the currency of the CDR, excluding and including VAT, unrounded; a total that cannot be made is
    None on both sides and a finding of severity Q or S says why. OCPI 2.2.1, mod_tariffs and mod_cdrs.
    """
    zones = ZonesKnown(time_zone, location_time_zone, operator_time_zone)
    return work_out(cdr, tariffs, override, zones, profile, reservation_outcome).breakdown


class ZonesKnown(NamedTuple):
    """The time zones that the caller of `price` knows: stated, of the Locations data, configured for the CPO."""

    stated: str | None = None
    location: str | None = None
    operator: str | None = None


class Workings(NamedTuple):
    """A price with how it came about: the tariffs chosen and the charge; None where the CDR lacks what all need."""

    breakdown: Breakdown
    chosen: Selection | None = None
    charge: Charge | None = None


def work_out(
    cdr: Cdr,
    tariffs: Sequence[Tariff],
    override: Tariff | None,
    zones: ZonesKnown,
    profile: str | None,
    reservation_outcome: str | None,
) -> Workings:
    """Price a CDR and keep how it was done; `price` says what the arguments mean and what is raised."""
    if reservation_outcome not in (None, "used", "expired", "cancelled"):
        raise TariffsError(f"{reservation_outcome!r} is no outcome of a reservation: used, expired or cancelled")
    stated = None if zones.stated is None else named_zone(zones.stated).key
    missing = _missing(cdr)
    if missing or _unreadable(cdr, override):
        source = None if stated is None else ZoneSource.STATED
        return Workings(unpriced(cdr, stated, (), missing, source))
    if not cdr.knows_vat:
        tariffs = [leaving_vat_open(tariff) for tariff in tariffs]
        override = None if override is None else leaving_vat_open(override)
    worked = _answer(cdr, tariffs, override, zones, profile, reservation_outcome)
    if not cdr.wire_names:
        return worked
    findings = tuple(renamed(worked.breakdown.findings, cdr.wire_names))
    return worked._replace(breakdown=replace(worked.breakdown, findings=findings))


def _answer(
    cdr: Cdr,
    tariffs: Sequence[Tariff],
    override: Tariff | None,
    zones: ZonesKnown,
    profile: str | None,
    reservation_outcome: str | None,
) -> Workings:
    with localcontext(WIDE):
        timeline = walk(cdr)
        chosen = tariffs_in_force(cdr, timeline.stretches, tariffs, override, profile)
        charge = _charge(cdr, timeline, chosen, zones, reservation_outcome)
        if charge.is_refused:
            refused = unpriced(cdr, charge.zone_name, charge.tariff_ids, charge.findings, charge.zone_source)
            return Workings(refused, chosen, charge)
        breakdown = _priced(cdr, charge)
        if not chosen.doubts and not charge.outcome_is_assumed and not any(p and p.has_unknown for p in charge.plans):
            return Workings(breakdown, chosen, charge)
        compared: list[Finding] = [
            _compare(cdr, timeline, chosen, doubt, breakdown, zones, reservation_outcome) for doubt in chosen.doubts
        ]
        compared.extend(_other_readings(cdr, timeline, chosen, charge, breakdown))
        return Workings(replace(breakdown, findings=(*breakdown.findings, *compared)), chosen, charge)


def _missing(cdr: Cdr) -> list[Finding]:
    if cdr.currency is not None and cdr.start is not None and cdr.end is not None and cdr.periods:
        return []
    names = [
        wire
        for name, wire in _NEEDED
        if getattr(cdr, name) is None and wire not in cdr.placeholders and wire not in cdr.unreadable
    ]
    if not cdr.periods and "charging_periods" not in cdr.unreadable:
        names.append("charging_periods")
    words = "missing, and no price can be made without it"
    return [Finding("malformed-record", Severity.WAITS, f"$.{name}", words) for name in names]


def _unreadable(cdr: Cdr, override: Tariff | None) -> bool:
    """Whether a field that every price needs is there but unreadable; its reader has reported it.

    A tariff of the CDR that cannot be read stops only a charge that could mean it: not one whose periods all name
    another tariff that can be read.
    """
    if not cdr.unreadable:
        return False
    names = set(cdr.unreadable) - {"loads"}
    if "tariffs" in names:
        ids = {period.tariff_id.lower() for period in cdr.periods if period.tariff_id is not None}
        if override is not None or (ids and ids <= {t.id.lower() for t in cdr.tariffs}):
            names.discard("tariffs")
    return bool(names)


def _charge(
    cdr: Cdr,
    timeline: Timeline,
    chosen: Selection,
    zones: ZonesKnown,
    outcome: str | None,
) -> Charge:
    plans = tuple(plan_of(t) if t is not None else None for t in chosen.tariffs)
    findings = [*timeline.findings, *chosen.findings]
    refused = chosen.refused or (
        "loads" in cdr.unreadable and any(plan is not None and plan.has_load for plan in plans)
    )
    zone, source = (None, None) if zones.stated is None else (named_zone(zones.stated), ZoneSource.STATED)
    if zone is None and any(plan is not None and plan.needs_clock for plan in plans):
        choice = zone_of(cdr.location, published=zones.location, configured=zones.operator)
        zone, source = choice.zone, choice.source
        # Without a zone the charge is refused only where the clock turns out to matter.
        findings.extend(f for f in choice.findings if f.code != "time-zone-unknown")
    return charge_of(cdr, timeline, plans, zone, outcome, findings, refused=refused, zone_source=source)


def _priced(cdr: Cdr, charge: Charge) -> Breakdown:
    if apply_steps(charge.priced):
        words = "energy was fed back to the grid; the sum is netted and a negative sum is not rounded"
        charge.findings.append(Finding("energy-fed-back", Severity.INFORMATION, "$.charging_periods", words))
    return total_up(cdr, charge)


def _compare(
    cdr: Cdr,
    timeline: Timeline,
    chosen: Selection,
    doubt: Doubt,
    breakdown: Breakdown,
    zones: ZonesKnown,
    outcome: str | None,
) -> Finding:
    """Say what a doubtful choice is worth: our total less that under the other tariff."""
    other = Selection(tuple(doubt.other if tariff is doubt.taken else tariff for tariff in chosen.tariffs))
    charge = _charge(cdr, timeline, other, zones, outcome)
    at_stake = None if charge.is_refused else _difference(breakdown, _priced(cdr, charge))
    return Finding(doubt.code, Severity.BILLED_AND_LISTED, "$.tariffs", doubt.words, at_stake)


def _other_readings(
    cdr: Cdr, timeline: Timeline, chosen: Selection, charge: Charge, breakdown: Breakdown
) -> list[Finding]:
    """Totals under other readings: a restriction we do not know never met, a reservation that was used."""
    found: list[Finding] = []
    zone = charge.zone
    if any(plan is not None and plan.has_unknown for plan in charge.plans):
        plans = tuple(plan_of(_without_unknown(t)) if t is not None else None for t in chosen.tariffs)
        other = charge_of(cdr, timeline, plans, zone, charge.outcome, [], refused=False)
        keys = sorted(
            {k for t in chosen.tariffs if t is not None for e in t.elements for k in e.restrictions.unknown}
            - {"booking"}
        )
        words = f"OCPI {cdr.ocpi_version} has no restriction {', '.join(keys)}; priced as if it were not there"
        at_stake = None if other.is_refused else _difference(breakdown, _priced(cdr, other))
        found.append(Finding("unknown-restriction", Severity.BILLED_AND_LISTED, "$.tariffs", words, at_stake))
    if charge.outcome_is_assumed:
        other = charge_of(cdr, timeline, charge.plans, zone, "used", [], refused=False)
        at_stake = None if other.is_refused else _difference(breakdown, _priced(cdr, other))
        words = "nothing shows whether the reservation was used or expired; taken as expired"
        found.append(
            Finding("reservation-outcome-assumed", Severity.BILLED_AND_LISTED, "$.charging_periods", words, at_stake)
        )
    return found


def _without_unknown(tariff: Tariff) -> Tariff:
    kept: tuple[TariffElement, ...] = tuple(e for e in tariff.elements if not set(e.restrictions.unknown) - {"booking"})
    return replace(tariff, elements=kept)


def _difference(ours: Breakdown, other: Breakdown) -> Decimal | None:
    if ours.total_cost.excl_vat is None or other.total_cost.excl_vat is None:
        return None
    return ours.total_cost.excl_vat - other.total_cost.excl_vat
