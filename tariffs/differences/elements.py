"""Readings of the choice of tariff and element: which tariff, one element for all, and restrictions read otherwise."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from tariffs.breakdown import BilledQuantities, Breakdown, Cost
from tariffs.differences.case import PLAIN, Case, Change, Walk, in_force, priced_under
from tariffs.differences.clock import never, remade, restricted
from tariffs.differences.reading import Answers, Reading, reading
from tariffs.plan import Option, Plan
from tariffs.quantity import ZERO
from tariffs.restrictions import NEAR_KWH, Moment, tests_of
from tariffs.tariff import Restrictions, Tariff, TariffElement
from tariffs.timeline import Stretch

_MOST_OTHERS: Final = 12
"""How many other tariffs are tried at most: each more makes a coincidence likelier."""
_INSTANT: Final = timedelta(microseconds=1)


def _others(case: Case) -> list[Tariff]:
    """The tariffs at hand that our price does not use, other versions of the same ids first."""
    used = in_force(case)
    ids = {tariff.id.lower() for tariff in used}
    currency = (case.cdr.currency or "").upper()
    found: list[Tariff] = []
    for tariff in (*case.cdr.tariffs, *case.tariffs, *case.others):
        if tariff not in used and tariff not in found and tariff.elements and tariff.currency.upper() == currency:
            found.append(tariff)
    return sorted(found, key=lambda t: t.id.lower() not in ids)[:_MOST_OTHERS]


def _by(case: Case, tariff: Tariff) -> Breakdown | None:
    return priced_under(replace(case, override=tariff), PLAIN)


def _other_version(case: Case, ours: Breakdown) -> Answers:
    ids = {tariff.id.lower() for tariff in in_force(case)}
    for tariff in _others(case):
        if tariff.id.lower() in ids:
            of = tariff.last_updated or tariff.start
            yield f"{tariff.id}{'' if of is None else f' of {of:%Y-%m-%d}'}", _by(case, tariff)


def _other_tariff(case: Case, ours: Breakdown) -> Answers:
    ids = {tariff.id.lower() for tariff in in_force(case)}
    for tariff in _others(case):
        if tariff.id.lower() not in ids:
            yield tariff.id, _by(case, tariff)


def _first_tariff(case: Case, ours: Breakdown) -> Answers:
    used = in_force(case)
    if len(used) > 1:
        yield used[0].id, _by(case, used[0])


def _last_tariff(case: Case, ours: Breakdown) -> Answers:
    used = in_force(case)
    if len(used) > 1:
        yield used[-1].id, _by(case, used[-1])


def _end_inclusive(case: Case, ours: Breakdown) -> Answers:
    def later(tariffs: tuple[Tariff, ...]) -> tuple[Tariff, ...]:
        at = case.cdr.start
        return tuple(t if t.end is None or t.end != at else replace(t, end=t.end + _INSTANT) for t in tariffs)

    meant = replace(case, cdr=replace(case.cdr, tariffs=later(case.cdr.tariffs)), tariffs=later(case.tariffs))
    if (meant.cdr.tariffs, meant.tariffs) != (case.cdr.tariffs, case.tariffs):
        # The tariff that ends just then comes first, as it was in force before.
        yield "", priced_under(meant, PLAIN)


def _without_id(case: Case, ours: Breakdown) -> Answers:
    """Without any tariff_id nothing is priced, by the letter."""
    if not any(period.tariff_id for period in case.cdr.periods) and ours.lines:
        yield "", replace(ours, total_cost=Cost(ZERO, ZERO), lines=(), billed=BilledQuantities(ZERO, ZERO, ZERO, ZERO))


def _neighbours(walk: Walk) -> Walk:
    """A period that names no tariff is priced by that of the period before, else after."""
    tariffs = list(walk.tariffs)
    for way in (range(len(tariffs)), range(len(tariffs) - 1, -1, -1)):
        last = None
        for at in way:
            last = tariffs[at] = tariffs[at] or last
    return replace(walk, tariffs=tuple(tariffs))


def _one_element(plan: Plan, walk: Walk) -> Plan:
    """The first element whose restrictions are met prices everything, or nothing."""
    tests = {
        index: [test for tests in tests_of(element.restrictions) for test in tests]
        for index, element in enumerate(plan.tariff.elements)
        if element.restrictions.reservation is None and "booking" not in element.restrictions.unknown
    }

    def alone(option: Option) -> Option:
        earlier = [both for index, both in tests.items() if index < option.element]

        def is_first(moment: Moment) -> bool:
            return not any(all(test(moment) for test in both) for both in earlier)

        return replace(option, tests=(*option.tests, is_first))

    return replace(plan, charging={d: tuple(alone(o) for o in options) for d, options in plan.charging.items()})


def _last_element(tariff: Tariff) -> Tariff:
    return replace(tariff, elements=tuple(reversed(tariff.elements)))


def _last_component(tariff: Tariff) -> Tariff:
    elements = tuple(TariffElement(tuple(reversed(e.components)), e.restrictions) for e in tariff.elements)
    return replace(tariff, elements=elements)


def _kwh_ignored(tariff: Tariff) -> Tariff:
    return restricted(tariff, lambda r: replace(r, min_kwh=None, max_kwh=None))


def _durations_ignored(tariff: Tariff) -> Tariff:
    return restricted(tariff, lambda r: replace(r, min_duration=None, max_duration=None))


def _near_kwh(tariff: Tariff) -> Tariff:
    def nearer(r: Restrictions) -> Restrictions:
        low, high = (None if kwh is None else kwh - NEAR_KWH for kwh in (r.min_kwh, r.max_kwh))
        return replace(r, min_kwh=low, max_kwh=high)

    return restricted(tariff, nearer)


def _load_ignored(tariff: Tariff) -> Tariff:
    return restricted(tariff, lambda r: replace(r, min_power=None, max_power=None, min_current=None, max_current=None))


def _unknown_load_not_met(plan: Plan, walk: Walk) -> Plan:
    def stated(option: Option) -> Option:
        r = option.restrictions
        names = {kind for kind in ("POWER", "CURRENT") for bound in ("min", "max")
                 if getattr(r, f"{bound}_{kind.lower()}") is not None}  # fmt: skip

        def is_stated(moment: Moment) -> bool:
            return all(any(load.endswith(name) for load in moment.loads) for name in names)

        return replace(option, tests=(is_stated, *option.tests)) if names else option

    return replace(plan, charging={d: tuple(stated(o) for o in options) for d, options in plan.charging.items()})


def _load_by(bound: str) -> Change:
    """Judge a period by the one load, where it states both ends of a range."""

    def one(stretch: Stretch) -> Stretch:
        loads = dict(stretch.loads)
        for kind in ("POWER", "CURRENT"):
            chosen = stretch.loads.get(f"{bound}_{kind}")
            if chosen is not None:
                loads[f"MIN_{kind}"] = loads[f"MAX_{kind}"] = chosen
        return replace(stretch, loads=loads)

    return Change(walk=lambda walk: remade(walk, one))


def _unknown_never(tariff: Tariff) -> Tariff:
    return never(tariff, lambda r: bool(set(r.unknown) - {"booking"}))


def _bookings_ordinary(tariff: Tariff) -> Tariff:
    def ordinary(r: Restrictions) -> Restrictions:
        known = r.reservation in (None, "RESERVATION", "RESERVATION_EXPIRES")
        rest = tuple(key for key in r.unknown if key != "booking")
        return replace(r, reservation=r.reservation if known else None, unknown=rest)

    return restricted(tariff, ordinary)


ELEMENTS: Final = (
    Reading("other-tariff-version", "prices by another version of the tariff", _other_version),
    Reading("other-tariff", "prices by another tariff", _other_tariff, "tariff-for-the-whole-charge"),
    Reading("first-tariff", "prices the whole charge by the first tariff in it", _first_tariff),
    Reading("last-tariff", "prices the whole charge by the last tariff in it", _last_tariff),
    Reading(
        "end-is-inclusive",
        "takes a tariff as valid at its end_date_time",
        _end_inclusive,
        "tariff-end-is-exclusive",
    ),
    Reading(
        "free-without-tariff-id",
        "charges nothing for periods without tariff_id",
        _without_id,
        "tariff-for-the-whole-charge",
    ),
    reading("neighbouring-tariff", "prices periods without tariff_id by the one before", Change(walk=_neighbours)),
    reading(
        "one-element-for-all",
        "prices all dimensions by the one element that is met first",
        Change(plan=_one_element),
        "element-for-each-dimension",
    ),
    reading("last-element-first", "lets later elements win over earlier ones", Change(_last_element)),
    reading("last-component-first", "takes the last of two prices in one element", Change(_last_component)),
    reading("kwh-limits-ignored", "ignores min_kwh and max_kwh", Change(_kwh_ignored)),
    reading("durations-ignored", "ignores min_duration and max_duration", Change(_durations_ignored)),
    reading(
        "near-kwh-reached",
        "takes a kWh threshold as reached when 0.001 kWh are missing",
        Change(_near_kwh),
        "kwh-thresholds-are-literal",
    ),
    reading("load-is-ignored", "ignores limits of power and current", Change(_load_ignored), "load-not-stated"),
    reading(
        "unknown-load-is-not-met",
        "never applies a limit of power or current to a period that states none",
        Change(plan=_unknown_load_not_met),
        "load-not-stated",
    ),
    reading("load-by-maximum", "judges power and current by the highest value", _load_by("MAX")),
    reading("load-by-minimum", "judges power and current by the lowest value", _load_by("MIN")),
    reading(
        "unknown-restriction-is-not-met",
        "never applies an element with a restriction that OCPI does not know",
        Change(_unknown_never),
        "unknown-restriction-is-absent",
    ),
    reading(
        "bookings-as-ordinary-elements",
        "prices elements of the Bookings module in ordinary charges",
        Change(_bookings_ordinary),
        "bookings-are-not-priced",
    ),
)
"""Readings of the choice of prices, in the order in which they are tried."""
