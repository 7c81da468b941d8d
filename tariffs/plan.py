"""A tariff made ready for use: the price components of each dimension in their order, each with its tests.

A plan says nothing that its tariff does not; it is kept per tariff, because a month has few tariffs and many charges.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from tariffs.findings import Finding, Severity
from tariffs.restrictions import DAY, Moment, Test, names_of, tests_of
from tariffs.tariff import PriceComponent, Restrictions, Tariff, TariffElement, Taxes

DIMENSIONS: Final = ("FLAT", "ENERGY", "TIME", "PARKING_TIME")
_KEPT: Final = 4096


@dataclass(frozen=True, slots=True, eq=False)
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


@dataclass(frozen=True, slots=True, eq=False)
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


_plans: dict[int, Plan] = {}


def choose(options: tuple[Option, ...], moment: Moment) -> Option | None:
    """Return the first option whose element applies (OCPI mod_tariffs, Tariff object; pricing rule 9)."""
    for option in options:
        if not option.tests or option.applies(moment):
            return option
    return None


def _make(tariff: Tariff) -> Plan:
    charging: list[tuple[int, TariffElement]] = []
    reserved: list[tuple[int, TariffElement]] = []
    expires: list[tuple[int, TariffElement]] = []
    bookings: list[tuple[int, TariffElement]] = []
    for index, element in enumerate(tariff.elements):
        reservation = element.restrictions.reservation
        if "booking" in element.restrictions.unknown:
            bookings.append((index, element))
        elif reservation is None:
            charging.append((index, element))
        elif reservation == "RESERVATION":
            reserved.append((index, element))
        elif reservation == "RESERVATION_EXPIRES":
            expires.append((index, element))
        else:
            bookings.append((index, element))
    all_restrictions = [element.restrictions for element in tariff.elements]
    options = _options(tariff, charging)
    return Plan(
        tariff,
        options,
        _options(tariff, reserved),
        _options(tariff, expires + reserved),
        _options(tariff, bookings),
        any(_needs_clock(r) for r in all_restrictions),
        _clock_marks(all_restrictions),
        _marks(all_restrictions, "min_duration", "max_duration"),
        _marks(all_restrictions, "min_kwh", "max_kwh"),
        any(set(r.unknown) - {"booking"} for r in all_restrictions),
        frozenset(c.type for e in tariff.elements if tests_of(e.restrictions)[0] for c in e.components),
        any(tests_of(r)[1] for r in all_restrictions),
        tuple(d for d in ("ENERGY", "TIME") if any(o.component.price for o in options[d])),
        bool(bookings),
        tuple(_lints(tariff)),
    )


def _options(tariff: Tariff, elements: list[tuple[int, TariffElement]]) -> Options:
    found: dict[str, list[Option]] = {dimension: [] for dimension in DIMENSIONS}
    for index, element in elements:
        steady, load = tests_of(element.restrictions)
        seen: set[str] = set()
        for component in element.components:
            if component.type in seen or component.type not in found:
                continue
            seen.add(component.type)
            vat = None if tariff.taxes is Taxes.NONE else component.vat
            factor = 1 + (vat or Decimal(0)).scaleb(-2)
            option = Option(
                *(tariff.id, index, component, steady + load, steady, factor, element.restrictions),
                tariff.taxes,
                tariff.taxes is Taxes.ADDED,
            )
            found[component.type].append(option)
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
        marks.update(t % DAY for t in (r.start_time, r.end_time) if t is not None)
    return tuple(sorted(marks))


def _marks(all_restrictions: list[Restrictions], *names: str) -> tuple[Decimal, ...]:
    found = {getattr(r, name) for r in all_restrictions for name in names}
    return tuple(sorted(mark for mark in found if mark is not None))


def _lints(tariff: Tariff) -> list[Finding]:
    """What is legal in a tariff and probably not meant."""
    found = _lint_taxes(tariff)
    for index, element in enumerate(tariff.elements):
        path = f"$.tariffs[{tariff.id}].elements[{index}]"
        found.extend(_lint_window(element.restrictions, f"{path}.restrictions"))
        types = [component.type for component in element.components]
        for twice in sorted({t for t in types if types.count(t) > 1}):
            words = f"the element prices {twice} more than once; the first price counts"
            found.append(_note("duplicate-component", f"{path}.price_components", words))
        for component in element.components:
            if component.vat is not None and Decimal(0) < component.vat < Decimal(2):
                words = f"a VAT of {component.vat:f} % looks like a fraction; taken as a percentage"
                found.append(_note("vat-looks-like-fraction", f"{path}.price_components", words))
            if component.price < 0:
                words = f"{component.type} has a negative price; taken as stated"
                found.append(_note("negative-price", f"{path}.price_components", words))
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
    if end == 23 * 3600 + 59 * 60:
        found.append(_note("window-leaves-a-minute", path, "end_time 23:59 leaves out the last minute of the day"))
    if start is not None and end is not None and 0 < end < start and r.day_of_week is not None:
        words = "a window over midnight with weekdays: the weekday is that of the moment, not of the window's start"
        found.append(_note("weekday-and-window-over-midnight", path, words))
    if any(t is not None and (t % 60 or t >= DAY) for t in (start, end)):
        found.append(_note("unusual-time-of-day", path, "a time of day with seconds, or 24:00; taken as written"))
    return found


def _note(code: str, path: str, words: str) -> Finding:
    return Finding(code, Severity.INFORMATION, path, words)
