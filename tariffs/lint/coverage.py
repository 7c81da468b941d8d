"""Rules about the elements together: which are never reached, what no element prices, where two claim one moment.

Per dimension the first element that has it and whose restrictions are met sets the price (pricing rule 9).
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from tariffs.lint.region import (
    DATE,
    DURATION,
    EVERYWHERE,
    KWH,
    LOW_CURRENT,
    LOW_POWER,
    USUAL,
    WEEK,
    Region,
    Spans,
    intersect,
    joined,
    region_of,
    shared,
    subtract,
    uncovered,
)
from tariffs.lint.rule import Check, Spot, rule
from tariffs.lint.sheet import Part, TariffSheet
from tariffs.restrictions import DAY
from tariffs.tariff import PriceComponent

_DAYS: Final = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
_DIMENSIONS: Final = ("ENERGY", "TIME", "PARKING_TIME", "FLAT")
_TOLD: Final = 2
_NEVER: Final = "never"


def _context(part: Part) -> str | None:
    """What an element is tried for: charging (None), a used or an expired reservation, or nothing that is priced."""
    reservation = part.restrictions.reservation
    known = reservation in (None, "RESERVATION", "RESERVATION_EXPIRES") and "booking" not in part.restrictions.unknown
    return reservation if known else _NEVER


def _priced(part: Part) -> dict[str, PriceComponent]:
    """The first component of each dimension, in their order."""
    found: dict[str, PriceComponent] = {}
    for _, component in part.components():
        found.setdefault(component.type, component)
    return found


def _unreached(sheet: TariffSheet) -> tuple[tuple[Part, list[str], list[str]], ...]:
    """Elements with the dimensions for which earlier ones apply wherever they do, and all their dimensions."""
    global _last
    last, known = _last
    if last is sheet:  # two rules ask about the same tariff, one after the other
        return known
    found = tuple(_look_for_unreached(sheet))
    _last = (sheet, found)
    return found


_last: tuple[TariffSheet | None, tuple[tuple[Part, list[str], list[str]], ...]] = (None, ())
"""The sheet that was looked at last, with its answer, which nobody changes."""


def _look_for_unreached(sheet: TariffSheet) -> Iterator[tuple[Part, list[str], list[str]]]:
    before: dict[tuple[str | None, Region, tuple[str, ...]], None] = {}
    for part in sheet.parts():
        context, region, dimensions = _context(part), region_of(part.restrictions), list(_priced(part))
        never: list[str] = []
        covered: dict[tuple[int, ...], bool] = {}
        for dimension in dimensions if all(region) and context != _NEVER else ():
            covers = [cover for other, cover, has in before if other == context and dimension in has]
            places = tuple(map(id, covers))
            if places not in covered:
                covered[places] = uncovered(region, covers) == []
            if covered[places]:
                never.append(dimension)
        if never:
            yield part, never, dimensions
        if not part.has_strange_keys:  # what was meant by them may leave room for later elements
            before[context, region, tuple(dimensions)] = None


def unreachable_element(sheet: TariffSheet) -> Iterator[Spot]:
    """An element whose whole region earlier elements cover for each of its dimensions: it never sets a price."""
    for part, never, dimensions in _unreached(sheet):
        if len(never) == len(dimensions):
            words = f"element {part.index + 1} never applies: earlier ones price {', '.join(never)} wherever it would"
            yield Spot(part.path, words, "a restriction that an earlier element leaves open", "covered")


def unreachable_component(sheet: TariffSheet) -> Iterator[Spot]:
    """A price that never counts, because earlier elements cover its element for this dimension, though not for all."""
    for part, never, dimensions in _unreached(sheet):
        if len(never) < len(dimensions):
            told: set[str] = set()
            for path, component in part.components():
                if component.type in never and component.type not in told:
                    told.add(component.type)
                    yield Spot(path, f"this price never counts: earlier elements set that of {component.type}")


def energy_gap(sheet: TariffSheet) -> Iterator[Spot]:
    """A part of the week, of a charge or of the year in which no element prices energy, while others do."""
    covers = [region_of(p.restrictions, steady_load=True) for p in _charging(sheet, "ENERGY")]
    pieces = _open(covers) if covers else []
    if pieces:
        words = f"energy is free of charge {_in_words(pieces)}: no element prices it there"
        yield Spot("$.elements", words, "an element without restrictions at the end", "a gap")


def window_gap(sheet: TariffSheet) -> Iterator[Spot]:
    """A part of the week that windows leave open between them for time or parking; a single window is meant so."""
    for dimension in ("TIME", "PARKING_TIME"):
        covers = [region_of(p.restrictions, steady_load=True) for p in _charging(sheet, dimension)]
        if len({cover[WEEK] for cover in covers}) < 2:
            continue
        open_all_over = [p for p in _open(covers) if p[DATE + 1 :] == USUAL[DATE + 1 :]]
        if open_all_over:
            words = f"{dimension} is free of charge {_in_words(open_all_over)}: no element prices it there"
            yield Spot("$.elements", words, "windows that meet", "a gap")


def _open(covers: list[Region]) -> list[Region]:
    """What no cover reaches on the days that any has; days before and after are those of another tariff."""
    days = joined(sorted(span for cover in covers for span in cover[DATE]))
    return uncovered((*USUAL[:DATE], days, *USUAL[DATE + 1 :]), covers) or []


def window_overlap(sheet: TariffSheet) -> Iterator[Spot]:
    """Two windows that overlap in part at different prices: which one counts depends on the order alone."""
    for dimension in _DIMENSIONS:
        before: dict[tuple[PriceComponent, Region], Part] = {}
        for part in _charging(sheet, dimension):
            region, price = region_of(part.restrictions), _priced(part)[dimension]
            for (other_price, cover), other in before.items():
                if other_price == price or not _cross(cover, region):
                    continue
                common = shared(cover, region)
                if common is not None:
                    words = (
                        f"{dimension} has a price in element {other.index + 1} as well {_in_words([common])}; "
                        "the earlier element counts"
                    )
                    yield Spot(f"{part.path}.restrictions", words, "windows that do not overlap", "an overlap")
                    break  # one is enough to look at the element, and hundreds of elements have thousands of pairs
            before.setdefault((price, region), part)


def _cross(first: Region, second: Region) -> bool:
    """Whether the windows of both overlap and neither lies within the other."""
    one, other = first[WEEK], second[WEEK]
    return bool(intersect(one, other) and subtract(one, other) and subtract(other, one))


def later_flat(sheet: TariffSheet) -> Iterator[Spot]:
    """A FLAT that becomes active after another one: a charge pays the first only, so no fee for staying too long."""
    flats = [part for part in _charging(sheet, "FLAT") if all(region_of(part.restrictions))]
    late = [part for part in flats if (part.restrictions.min_duration or 0) > 0 or (part.restrictions.min_kwh or 0) > 0]
    for part in late:
        if len(late) < len(flats) and _priced(part)["FLAT"].price:
            words = "a FLAT is due once per charge, at the first that is active; this later one is hardly ever due"
            yield Spot(part.path, words, "one FLAT per charge", "a later FLAT")


def _charging(sheet: TariffSheet, dimension: str) -> Iterator[Part]:
    return (part for part in sheet.parts() if part.is_for_charging and dimension in _priced(part))


def _in_words(pieces: list[Region]) -> str:
    told = [_piece(piece) for piece in pieces[:_TOLD]]
    more = f" and in {len(pieces) - _TOLD} more cases" if len(pieces) > _TOLD else ""
    return " and ".join(told) + more


def _piece(piece: Region) -> str:
    words = []
    if piece[WEEK] != EVERYWHERE[WEEK]:
        words.append(_week(piece[WEEK]))
    for axis, name, unit in (
        *((KWH, "energy", "kWh"), (DURATION, "the time since the start", "s")),
        *((LOW_POWER, "power", "kW"), (LOW_CURRENT, "current", "A")),
    ):
        if piece[axis] not in (EVERYWHERE[axis], USUAL[axis]):
            words.append(f"with {name} {_range(piece[axis], axis, unit)}")
    if piece[DATE] != EVERYWHERE[DATE]:
        words.append("on some dates")
    return " ".join(words) or "at all times"


def _range(spans: Spans, axis: int, unit: str) -> str:
    low, high = spans[0][0], spans[-1][1]
    least = "" if low <= USUAL[axis][0][0] else f"from {low:f} "
    most = "" if high >= USUAL[axis][0][1] else f"below {high:f} "
    return f"{least}{most}{unit}"


def _week(spans: Spans) -> str:
    """Windows by the days that share them."""
    windows: dict[tuple[str, ...], list[str]] = {}
    for number, day in enumerate(_DAYS):
        start = Decimal(number * DAY)
        own = [(max(a, start) - start, min(b, start + DAY) - start) for a, b in spans]
        texts = tuple(f"{_time(a)} to {_time(b)}" for a, b in own if a < b)
        if texts:
            windows.setdefault(texts, []).append(day)
    told = [
        f"{' and '.join('all day' if t == '00:00 to 24:00' else t for t in texts)} "
        f"{'every day' if len(days) == 7 else 'on ' + ', '.join(days)}"
        for texts, days in windows.items()
    ]
    return "; ".join(told)


def _time(second: Decimal) -> str:
    hours, rest = divmod(int(second), 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours:02}:{minutes:02}" + (f":{seconds:02}" if seconds else "")


_ORDER: Final = "mod_tariffs, Tariff object, elements"
CHECKS: Final[tuple[Check[TariffSheet], ...]] = (
    Check(
        rule("unreachable-element", "W", _ORDER, "Put it before the elements that cover it, or drop it."),
        unreachable_element,
    ),
    Check(
        rule("unreachable-component", "W", _ORDER, "Put the element before those that cover it, or drop the price."),
        unreachable_component,
    ),
    Check(rule("energy-gap", "W", _ORDER, "Add a last element without restrictions, if it is not free."), energy_gap),
    Check(rule("window-gap", "I", _ORDER, "Let the windows meet, if it is not free in between."), window_gap),
    Check(rule("window-overlap", "I", _ORDER, "Let one window end where the other starts."), window_overlap),
    Check(
        rule("later-flat-not-charged", "W", "mod_tariffs, TariffDimensionType, FLAT", "Price it by PARKING_TIME."),
        later_flat,
    ),
)
