"""Why an element applies at a moment or does not: each restriction with what was seen and what it asks for.

The tests are those of the engine (`Option.named_tests`); here each answer only gets its words.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from tariffs.explanation.values import Duration, Message, Quantity, TimeOfDay, Value, Weekdays, Word
from tariffs.plan import Option
from tariffs.restrictions import DAY, NEAR_MISS, UNVERIFIABLE, Moment
from tariffs.tariff import Restrictions
from tariffs.timeline import Clock

_CLOCKED: Final = frozenset({"window", "start_date", "end_date", "day_of_week"})
_UNITS: Final = {"power": "kW", "current": "A"}


@dataclass(frozen=True, slots=True)
class Reason:
    """One restriction of an element: its name, whether it is met, in words, and the decisions behind the answer."""

    restriction: str
    is_met: bool
    message: Message
    decisions: tuple[str, ...] = ()
    is_open: bool = False
    """Whether nobody can say, and no price follows: the clock or an instant is unknown."""


def reasons_of(option: Option, moment: Moment, since: str) -> tuple[Reason, ...]:
    """Return what each restriction of an element says at a moment; `since` is "session" or "reservation"."""
    asked = replace(moment, noted=set(), unsure=set())
    return tuple(_reasons(option, asked, since))


def _reasons(option: Option, moment: Moment, since: str) -> Iterator[Reason]:
    for name, test in option.named_tests:
        moment.unsure.clear()
        moment.noted.clear()
        is_met = test(moment)
        decisions = _decisions(name, option.restrictions, moment, since)
        if moment.unsure:
            kind = "load" if UNVERIFIABLE in moment.unsure else "clock" if name in _CLOCKED else "instant"
            message = Message.of(f"reason.unknown-{kind}", restriction=Word(f"restriction.{name}"))
            yield Reason(name, is_met, message, decisions, is_open=kind != "load")
            continue
        answer = "met" if is_met else "unmet"
        values = dict(_values(name, option.restrictions, moment, since))
        yield Reason(name, is_met, Message.of(f"reason.{_family(name)}.{answer}", **values), decisions)


def _family(name: str) -> str:
    """Power and current have the same sentences, told apart by a word."""
    return name.replace("power", "load").replace("current", "load")


def _values(name: str, r: Restrictions, moment: Moment, since: str) -> Iterator[tuple[str, Value]]:
    if name in _CLOCKED:
        assert moment.clock is not None  # else the test is unsure
        yield from _of_clock(name, r, moment.clock)
        return
    side, _, kind = name.partition("_")
    limit: Decimal = getattr(r, name)
    match kind:
        case "kwh":
            yield "seen", Quantity(moment.kwh, "kWh")
            yield "limit", Quantity(limit, "kWh")
        case "duration":
            assert moment.duration is not None  # else the test is unsure
            yield "seen", Duration(moment.duration)
            yield "since", Word(f"since.{since}")
            yield "limit", Duration(limit)
        case _:
            which, seen = _load(side, kind.upper(), moment)
            yield "which", Word(f"load.{which}-{kind}")
            yield "seen", Quantity(seen, _UNITS[kind])
            yield "limit", Quantity(limit, _UNITS[kind])


def _of_clock(name: str, r: Restrictions, clock: Clock) -> Iterator[tuple[str, Value]]:
    match name:
        case "window":
            yield "seen", TimeOfDay(clock.second)
            yield "start", TimeOfDay(r.start_time or 0)
            yield "end", TimeOfDay(r.end_time or DAY)
        case "day_of_week":
            yield "seen", Weekdays(frozenset({clock.weekday}))
            yield "days", Weekdays(r.day_of_week or frozenset())
        case _:
            yield "seen", clock.day
            yield "limit", getattr(r, name)


def _load(side: str, kind: str, moment: Moment) -> tuple[str, Decimal]:
    """The value that a restriction of power or current looked at: its own side, the other one, or the mean."""
    own, other = (f"MIN_{kind}", f"MAX_{kind}") if side == "min" else (f"MAX_{kind}", f"MIN_{kind}")
    for name in (own, other):
        if name in moment.loads:
            return ("lowest" if name.startswith("MIN") else "highest"), moment.loads[name]
    assert moment.mean_power is not None  # else the test is unsure
    return "mean", moment.mean_power


def _decisions(name: str, r: Restrictions, moment: Moment, since: str) -> tuple[str, ...]:
    side, _, kind = name.partition("_")
    if kind in _UNITS and f"{side.upper()}_{kind.upper()}" not in moment.loads:
        return ("load-not-stated",)
    if name == "day_of_week" and r.start_time is not None and r.end_time is not None and 0 < r.end_time < r.start_time:
        return ("weekday-of-the-moment",)
    if kind == "duration" and since == "reservation":
        return ("duration-from-the-session-start",)
    return ("kwh-thresholds-are-literal",) if NEAR_MISS in moment.noted else ()
