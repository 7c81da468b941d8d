"""A CDR priced again with one thing read otherwise: the recipe of `tariffs.pricing` with a place for each change.

`price` itself knows nothing of this, so that it costs nothing. A test holds both recipes together: without a change
they make the same lines.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import localcontext
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tariffs.breakdown import Breakdown
from tariffs.cdr import Cdr
from tariffs.charge import Charge, charge_of
from tariffs.plan import Plan, plan_of
from tariffs.quantity import WIDE
from tariffs.selection import Selection, tariffs_in_force
from tariffs.step_size import apply_steps
from tariffs.tariff import Tariff
from tariffs.taxes import leaving_vat_open
from tariffs.timeline import Timeline, walk
from tariffs.totals import total_up
from tariffs.zones import named_zone, zone_of


@dataclass(frozen=True, slots=True)
class Case:
    """A CDR with everything else that its price depends on, as `tariffs.price` takes it."""

    cdr: Cdr
    tariffs: tuple[Tariff, ...] = ()
    override: Tariff | None = None
    time_zone: str | None = None
    location_time_zone: str | None = None
    operator_time_zone: str | None = None
    profile: str | None = None
    reservation_outcome: str | None = None
    others: tuple[Tariff, ...] = ()
    """Tariffs that our price never looks at, and that somebody else may have used."""


@dataclass(frozen=True, slots=True)
class Walk:
    """A charge before its prices are looked for: its timeline, the tariff of each stretch, the zone of its clock."""

    cdr: Cdr
    timeline: Timeline
    tariffs: tuple[Tariff | None, ...]
    zone: ZoneInfo | None


@dataclass(frozen=True, slots=True)
class Change:
    """What is done otherwise, in the order in which a price is made; None is as decided."""

    tariff: Callable[[Tariff], Tariff] | None = None
    """Of each tariff in force; where it changes none of them, the reading does not come up."""
    walk: Callable[[Walk], Walk] | None = None
    plan: Callable[[Plan, Walk], Plan] | None = None
    priced: Callable[[Charge], None] | None = None
    """After every volume has found its price, before steps."""
    steps: Callable[[Charge], None] | None = None
    """Instead of step_size."""
    only_with: frozenset[str] = frozenset()
    """Dimensions, or `STEP` for a step_size, one of which a charge must have for the change to come up."""


PLAIN = Change()


def priced_under(case: Case, change: Change) -> Breakdown | None:
    """Price a case with a change; None where the change does not come up, or no price can be made."""
    with localcontext(WIDE):
        begun = _begun(case)
        if begun.chosen.refused or (change.only_with and not change.only_with & begun.has):
            return None
        return _priced(case, change, begun.timeline, begun.chosen)


class _Begun(NamedTuple):
    """A case as far as it is the same under every change."""

    case: Case
    timeline: Timeline
    chosen: Selection
    has: frozenset[str]


def _begun(case: Case) -> _Begun:
    global _last
    if _last is not None and _last.case is case:
        return _last
    cdr = case.cdr
    timeline = walk(cdr)
    chosen = tariffs_in_force(cdr, timeline.stretches, _meant(cdr, case.tariffs), _one(cdr, case), case.profile)
    has = {kind for stretch in timeline.stretches for kind in stretch.volumes}
    for tariff in {id(t): t for t in chosen.tariffs if t is not None}.values():
        components = [component for element in tariff.elements for component in element.components]
        has.update("STEP" for component in components if component.step_size > 0)
        has.update("FLAT" for component in components if component.type == "FLAT")
    _last = _Begun(case, timeline, chosen, frozenset(has))
    return _last


_last: _Begun | None = None
"""The case that was begun last: all readings of a charge begin alike."""


def _priced(case: Case, change: Change, timeline: Timeline, chosen: Selection) -> Breakdown | None:
    tariffs = chosen.tariffs
    if change.tariff is not None:
        tariffs = tuple(None if t is None else _changed(t, change.tariff) for t in tariffs)
        if all(one is other for one, other in zip(tariffs, chosen.tariffs, strict=True)):
            return None
    walked = Walk(case.cdr, timeline, tariffs, _zone(case, tariffs))
    if change.walk is not None:
        walked = change.walk(walked)
    plans: list[Plan | None] = [None if t is None else _plan(t) for t in walked.tariffs]
    if change.plan is not None:
        plans = [None if plan is None else change.plan(plan, walked) for plan in plans]
    charge = charge_of(
        case.cdr, walked.timeline, tuple(plans), walked.zone, case.reservation_outcome, [], refused=False
    )
    if charge.is_refused:
        return None
    if change.priced is not None:
        change.priced(charge)
    if change.steps is not None:
        change.steps(charge)
    else:
        apply_steps(charge.priced)
    return total_up(case.cdr, charge)


def in_force(case: Case) -> tuple[Tariff, ...]:
    """Return the tariffs that our own price uses, each once, in order of time."""
    return tuple({id(t): t for t in _begun(case).chosen.tariffs if t is not None}.values())


def _meant(cdr: Cdr, tariffs: Sequence[Tariff]) -> Sequence[Tariff]:
    return tariffs if cdr.knows_vat else [leaving_vat_open(tariff) for tariff in tariffs]


def _one(cdr: Cdr, case: Case) -> Tariff | None:
    return case.override if cdr.knows_vat or case.override is None else leaving_vat_open(case.override)


def _zone(case: Case, tariffs: Sequence[Tariff | None]) -> ZoneInfo | None:
    if case.time_zone is not None:
        return named_zone(case.time_zone)
    if any(t is not None and _plan(t).needs_clock for t in tariffs):
        location, published = case.cdr.location, case.location_time_zone
        return zone_of(location, published=published, configured=case.operator_time_zone).zone
    return None


def _plan(tariff: Tariff) -> Plan:
    """The plan of a tariff without what only findings need."""
    kept = _plans.get(id(tariff))
    if kept is not None and kept[0] is tariff:
        return kept[1]
    plan = replace(plan_of(tariff), changing=frozenset(), lints=())
    if len(_plans) >= _KEPT:
        _plans.clear()
    _plans[id(tariff)] = (tariff, plan)
    return plan


def _changed(tariff: Tariff, change: Callable[[Tariff], Tariff]) -> Tariff:
    """A tariff as changed, made once for each tariff object; the same object where nothing is changed."""
    key = (id(tariff), id(change))
    kept = _tariffs.get(key)
    if kept is not None and kept[0] is tariff and kept[1] is change:
        return kept[2]
    changed = change(tariff)
    if changed == tariff:
        changed = tariff
    if len(_tariffs) >= _KEPT:
        _tariffs.clear()
    _tariffs[key] = (tariff, change, changed)
    return changed


_KEPT = 2048
_plans: dict[int, tuple[Tariff, Plan]] = {}
_tariffs: dict[tuple[int, int], tuple[Tariff, Callable[[Tariff], Tariff], Tariff]] = {}
