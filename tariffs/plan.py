"""A tariff made ready for use: the price components of each dimension in their order, each with its tests.

A plan says nothing that its tariff does not; it is kept per tariff, because a month has few tariffs and many charges.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from tariffs.findings import Finding, Severity
from tariffs.quantity import ZERO
from tariffs.restrictions import DAY, Moment, Test, names_of, tests_of
from tariffs.tariff import UNRESTRICTED, PriceComponent, Restrictions, Tariff, TariffElement, Taxes

DIMENSIONS: Final = ("FLAT", "ENERGY", "TIME", "PARKING_TIME")
_KEPT: Final = 4096
_CHARGING: Final = "CHARGING"
_RESERVED: Final = "RESERVATION"
_EXPIRES: Final = "RESERVATION_EXPIRES"
_BOOKINGS: Final = "BOOKINGS"
_ONE: Final = Decimal("1.00")
_TWO: Final = Decimal(2)
_LAST_MINUTE: Final = 23 * 3600 + 59 * 60


@dataclass(slots=True, eq=False)  # nobody changes one; frozen ones take five times as long to make
class Option:
    """One price component with the tests of its element; `vat_factor` is 1 + vat/100, 1 where no taxes apply."""

    tariff_id: str
    element: int
    component: PriceComponent
    tests: tuple[Test, ...]
    steady: tuple[Test, ...]
    """Those of its tests that look at neither power nor current."""
    vat_factor: Decimal
    restrictions: Restrictions
    taxes: Taxes = Taxes.ADDED
    is_plus_vat: bool = True
    """Whether the price excludes VAT, and VAT is all that comes on top: the quick way, and nearly always."""

    def applies(self, moment: Moment) -> bool:
        """Whether the element of this component applies at a moment; what nobody knows is noted only if it does."""
        unsure = moment.unsure
        for test in self.tests:
            if not test(moment):
                unsure.clear()
                return False
        if unsure:
            moment.noted |= unsure
            unsure.clear()
        return True

    def applies_but_for_load(self, moment: Moment) -> bool:
        """Whether nothing but a restriction of power or current can stand against the element."""
        is_met = all(test(moment) for test in self.steady)
        moment.unsure.clear()
        return is_met

    @property
    def named_tests(self) -> Iterator[tuple[str, Test]]:
        """The tests of the element, each with the restriction that it judges: what `applies` asks, to explain it."""
        return zip(names_of(self.restrictions), self.tests, strict=True)


Options = dict[str, tuple[Option, ...]]
_Tested = tuple[int, TariffElement, tuple[Test, ...], tuple[Test, ...]]
"""An element with its place, the tests of clock, energy and duration, and those of power and current."""
_NO_OPTIONS: Final[Options] = {dimension: () for dimension in DIMENSIONS}


@dataclass(slots=True, eq=False)
class Plan:
    """The options of a tariff: for charging, for a used and an expired reservation, and those OCPI 2.2.1 lacks."""

    tariff: Tariff
    charging: Options
    used: Options
    expired: Options
    bookings: Options
    needs_clock: bool
    clock_marks: tuple[int, ...]
    duration_marks: tuple[Decimal, ...]
    kwh_marks: tuple[Decimal, ...]
    has_unknown: bool
    changing: frozenset[str]
    """Dimensions whose price can change with time or energy."""
    has_load: bool
    priced: tuple[str, ...]
    """Those of ENERGY and TIME that have a price other than 0 anywhere."""
    has_bookings: bool
    lints: tuple[Finding, ...]


def plan_of(tariff: Tariff) -> Plan:
    """Return the plan of a tariff, made once for each tariff object."""
    kept = _plans.get(id(tariff))
    if kept is not None and kept.tariff is tariff:
        return kept
    if len(_plans) >= _KEPT:
        _plans.clear()
    plan = _make(tariff)
    _plans[id(tariff)] = plan
    return plan


def new_plan(tariff: Tariff) -> Plan:
    """Return the plan of a tariff and do not keep it: for whoever makes something else of it, once."""
    return _make(tariff)


_plans: dict[int, Plan] = {}


def choose(options: tuple[Option, ...], moment: Moment) -> Option | None:
    """Return the first option whose element applies (OCPI mod_tariffs, Tariff object; pricing rule 9)."""
    for option in options:
        if not option.tests or option.applies(moment):
            return option
    return None


def _make(tariff: Tariff) -> Plan:
    groups: dict[str, list[_Tested]] = {}
    limiting: list[Restrictions] = []
    changing: set[str] = set()
    has_load = False
    for index, element in enumerate(tariff.elements):
        restrictions = element.restrictions
        if restrictions is UNRESTRICTED:  # as many are
            groups.setdefault(_CHARGING, []).append((index, element, (), ()))
            continue
        steady, load = tests_of(restrictions)
        limiting.append(restrictions)
        if steady:
            changing.update([component.type for component in element.components])
        has_load = has_load or bool(load)
        groups.setdefault(_group_of(restrictions), []).append((index, element, steady, load))
    charging = _options(tariff, groups.get(_CHARGING, ()))
    reserved = groups.get(_RESERVED, ())
    return Plan(
        tariff,
        charging,
        _options(tariff, reserved),
        _options(tariff, (*groups.get(_EXPIRES, ()), *reserved)),
        _options(tariff, groups.get(_BOOKINGS, ())),
        any([_needs_clock(r) for r in limiting]),
        _clock_marks(limiting),
        _sorted({mark for r in limiting for mark in (r.min_duration, r.max_duration)}),
        _sorted({mark for r in limiting for mark in (r.min_kwh, r.max_kwh)}),
        any([set(r.unknown) - {"booking"} for r in limiting if r.unknown]),
        frozenset(changing),
        has_load,
        tuple([d for d in ("ENERGY", "TIME") if any([option.component.price for option in charging[d]])]),
        _BOOKINGS in groups,
        tuple(_lints(tariff)),
    )


def _group_of(restrictions: Restrictions) -> str:
    """What an element is for: charging, a reservation, or what OCPI 2.2.1 does not have."""
    if "booking" in restrictions.unknown:
        return _BOOKINGS
    reservation = restrictions.reservation
    if reservation is None:
        return _CHARGING
    return reservation if reservation in (_RESERVED, _EXPIRES) else _BOOKINGS


def _options(tariff: Tariff, elements: Sequence[_Tested]) -> Options:
    if not elements:
        return _NO_OPTIONS
    identity, taxes, is_plus_vat = tariff.id, tariff.taxes, tariff.taxes is Taxes.ADDED
    found: dict[str, list[Option]] = {dimension: [] for dimension in DIMENSIONS}
    for index, element, steady, load in elements:
        restrictions, tests = element.restrictions, steady + load
        seen: list[str] = []
        for component in element.components:
            kind = component.type
            if kind in seen or kind not in found:
                continue
            seen.append(kind)
            vat = None if taxes is Taxes.NONE else component.vat
            factor = 1 + vat.scaleb(-2) if vat else _ONE
            found[kind].append(
                Option(identity, index, component, tests, steady, factor, restrictions, taxes, is_plus_vat)
            )
    return {dimension: tuple(options) for dimension, options in found.items()}


def _needs_clock(r: Restrictions) -> bool:
    return (
        (r.start_time is not None or r.end_time is not None)
        or (r.start_date is not None or r.end_date is not None)
        or (r.day_of_week is not None and len(r.day_of_week) < 7)
    )


def _clock_marks(all_restrictions: list[Restrictions]) -> tuple[int, ...]:
    """Local seconds of the day at which an answer may change; midnight is one of them for dates and weekdays."""
    marks: set[int] = set()
    for r in all_restrictions:
        if _needs_clock(r):
            marks.add(0)
        if r.start_time is not None:
            marks.add(r.start_time % DAY)
        if r.end_time is not None:
            marks.add(r.end_time % DAY)
    return tuple(sorted(marks))


def _sorted(marks: set[Decimal | None]) -> tuple[Decimal, ...]:
    return tuple(sorted([mark for mark in marks if mark is not None]))


def _lints(tariff: Tariff) -> list[Finding]:
    """What is legal in a tariff and probably not meant."""
    found = _lint_taxes(tariff)
    for index, element in enumerate(tariff.elements):
        path = f"$.tariffs[{tariff.id}].elements[{index}]"
        r = element.restrictions
        if r.start_time is not None or r.end_time is not None:
            found.extend(_lint_window(r, f"{path}.restrictions"))
        types: list[str] = []
        for component in element.components:
            vat = component.vat
            if component.type in types or component.price < ZERO or (vat is not None and vat < _TWO):
                found.extend(_lint_components(element.components, f"{path}.price_components"))
                break
            types.append(component.type)
    return found


def _lint_components(components: tuple[PriceComponent, ...], path: str) -> list[Finding]:
    """All there is to say, once a quick look has seen that there may be something."""
    found: list[Finding] = []
    types = [component.type for component in components]
    for twice in sorted({t for t in types if types.count(t) > 1}):
        words = f"the element prices {twice} more than once; the first price counts"
        found.append(_note("duplicate-component", path, words))
    for component in components:
        if component.vat is not None and ZERO < component.vat < _TWO:
            words = f"a VAT of {component.vat:f} % looks like a fraction; taken as a percentage"
            found.append(_note("vat-looks-like-fraction", path, words))
        if component.price < ZERO:
            words = f"{component.type} has a negative price; taken as stated"
            found.append(_note("negative-price", path, words))
    return found


def _lint_taxes(tariff: Tariff) -> list[Finding]:
    path = f"$.tariffs[{tariff.id}]"
    if tariff.taxes is Taxes.NONE and any(c.vat is not None for e in tariff.elements for c in e.components):
        words = "no taxes apply to the tariff (tax_included N/A), so the VAT of its components is ignored"
        return [_note("vat-without-taxes", path, words)]
    if tariff.taxes in (Taxes.ADDED_UNKNOWN, Taxes.INCLUDED_UNKNOWN):
        side = "before" if tariff.taxes.are_included else "after"
        words = f"the tariff leaves its taxes open, as in North America: amounts {side} taxes are unknown"
        return [_note("taxes-not-stated", path, words)]
    return []


def _lint_window(r: Restrictions, path: str) -> list[Finding]:
    found: list[Finding] = []
    start, end = r.start_time, r.end_time
    if start is not None and start == end:
        found.append(_note("window-is-whole-day", path, "start_time equals end_time; taken as the whole day"))
    if end == _LAST_MINUTE:
        found.append(_note("window-leaves-a-minute", path, "end_time 23:59 leaves out the last minute of the day"))
    if start is not None and end is not None and 0 < end < start and r.day_of_week is not None:
        words = "a window over midnight with weekdays: the weekday is that of the moment, not of the window's start"
        found.append(_note("weekday-and-window-over-midnight", path, words))
    if any([t is not None and (t % 60 or t >= DAY) for t in (start, end)]):
        found.append(_note("unusual-time-of-day", path, "a time of day with seconds, or 24:00; taken as written"))
    return found


def _note(code: str, path: str, words: str) -> Finding:
    return Finding(code, Severity.INFORMATION, path, words)
