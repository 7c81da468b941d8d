"""Where an element applies, as a region in the space of what restrictions look at; regions are cut exactly.

A region has one set of half-open intervals for each axis: second of the week, day, kWh, seconds since the start, and
the lowest and the highest power and current of a period. Dates and weekdays are axes of their own although one follows
from the other, so a region may be called uncovered that no charge can ever be in; never the other way round.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

from tariffs.restrictions import DAY
from tariffs.tariff import Restrictions

Span = tuple[Decimal, Decimal]
Spans = tuple[Span, ...]
Region = tuple[Spans, ...]

WEEK, DATE, KWH, DURATION, LOW_POWER, HIGH_POWER, LOW_CURRENT, HIGH_CURRENT = range(8)

_ZERO: Final = Decimal(0)
_HIGH: Final = Decimal("1E+40")
_MOST_PIECES: Final = 2000


def _all(low: Decimal = -_HIGH, high: Decimal = _HIGH) -> Spans:
    return ((low, high),)


_WEEK: Final = _all(_ZERO, Decimal(7 * DAY))
EVERYWHERE: Final[Region] = (_WEEK, _all(), _all(), _all(_ZERO), _all(), _all(), _all(), _all())
"""All that a charge can be in; energy below 0 is fed back to the grid."""
USUAL: Final[Region] = (_WEEK, _all(), _all(_ZERO), _all(_ZERO), _all(_ZERO), _all(_ZERO), _all(_ZERO), _all(_ZERO))
"""The same without energy fed back."""


def region_of(r: Restrictions, *, steady_load: bool = False) -> Region:
    """Return where restrictions are met; with a steady load the lowest power of a period is its highest as well."""
    day = [None if d is None else Decimal(d.toordinal()) for d in (r.start_date, r.end_date)]
    if steady_load:
        power, current = _between(r.min_power, r.max_power), _between(r.min_current, r.max_current)
        loads: tuple[Spans, ...] = (power, _all(), current, _all())
    else:
        loads = (
            *(_between(r.min_power, None), _between(None, r.max_power)),
            *(_between(r.min_current, None), _between(None, r.max_current)),
        )
    durations = intersect(_between(r.min_duration, r.max_duration), EVERYWHERE[DURATION])
    return (_week(r), _between(day[0], day[1]), _between(r.min_kwh, r.max_kwh), durations, *loads)


def _between(low: Decimal | None, high: Decimal | None) -> Spans:
    span = (-_HIGH if low is None else low, _HIGH if high is None else high)
    return (span,) if span[0] < span[1] else ()


def _week(r: Restrictions) -> Spans:
    """The seconds of the week of a window on its weekdays, as `restrictions` reads them."""
    start, end = r.start_time or 0, r.end_time or DAY
    if start == end or (start == 0 and end >= DAY):
        windows = [(0, DAY)]
    elif start < end:
        windows = [(start, end)]
    else:
        windows = [(0, end), (start, DAY)]
    days = range(7) if r.day_of_week is None else sorted(r.day_of_week)
    return joined((Decimal(d * DAY + a), Decimal(d * DAY + b)) for d in days for a, b in windows if a < b)


def joined(spans: Iterable[Span]) -> Spans:
    """Put spans in order that touch each other into one."""
    found: list[Span] = []
    for low, high in spans:
        if found and found[-1][1] >= low:
            found[-1] = (found[-1][0], max(high, found[-1][1]))
        else:
            found.append((low, high))
    return tuple(found)


def intersect(first: Spans, second: Spans) -> Spans:
    """Return what two sets of spans share; both are in order, and no two spans of a set touch."""
    if first is second or first == second:
        return first
    found: list[Span] = []
    one = other = 0
    while one < len(first) and other < len(second):
        low, high = max(first[one][0], second[other][0]), min(first[one][1], second[other][1])
        if low < high:
            found.append((low, high))
        if first[one][1] <= second[other][1]:
            one += 1
        else:
            other += 1
    return tuple(found)


def subtract(first: Spans, second: Spans) -> Spans:
    """Return what is left of a set of spans without another."""
    left = list(first)
    for c, d in second:
        left = [span for a, b in left for span in ((a, min(b, c)), (max(a, d), b)) if span[0] < span[1]]
    return tuple(left)


def shared(first: Region, second: Region) -> Region | None:
    """Return where both apply, or None where they never do."""
    found: list[Spans] = []
    for a, b in zip(first, second, strict=True):
        common = intersect(a, b)
        if not common:
            return None
        found.append(common)
    return tuple(found)


def minus(region: Region, other: Region) -> list[Region]:
    """Return disjoint regions that make up a region without another."""
    common = shared(region, other)
    if common is None:
        return [region]
    pieces: list[Region] = []
    for axis, spans in enumerate(region):
        rest = subtract(spans, other[axis])
        if rest:
            pieces.append((*common[:axis], rest, *region[axis + 1 :]))
    return pieces


def uncovered(region: Region, covers: Sequence[Region]) -> list[Region] | None:
    """Return the pieces of a region that no cover reaches; None where there are too many to tell."""
    if not all(region):
        return []
    pieces = [region]
    for cover in covers:
        pieces = [piece for whole in pieces for piece in minus(whole, cover)]
        if len(pieces) > _MOST_PIECES:
            return None
        if not pieces:
            break
    return pieces
