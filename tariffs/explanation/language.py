"""One language: how it writes numbers, money, dates and sentences. It formats and never rounds.

The only rounded figure is the one after "about", beside an amount whose decimals do not end and that stands there
exactly as a fraction.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Final
from zoneinfo import ZoneInfo

from tariffs.errors import TariffsError
from tariffs.explanation.catalogue import LANGUAGES, MESSAGES
from tariffs.explanation.values import (
    Amount,
    Duration,
    Formula,
    Instant,
    Message,
    Name,
    Numbers,
    Operand,
    Percentage,
    Quantity,
    Reasons,
    TimeOfDay,
    UnitPrice,
    Value,
    Weekdays,
    Word,
)
from tariffs.money import MINOR_DIGITS

_ABOUT_DECIMALS: Final = 6
_HOUR: Final = 3600


@dataclass(frozen=True, slots=True)
class Language:
    """English ("en") or German ("de")."""

    code: str

    def say(self, message: Message) -> str:
        """Return a sentence with its values."""
        return self.word(message.id).format(**{name: self.value(value) for name, value in message.values})

    def word(self, id: str) -> str:
        """Return a message of the catalogue without values."""
        return MESSAGES[id][LANGUAGES.index(self.code)]

    def value(self, value: Value) -> str:
        """Write a value as the language does."""
        match value:
            case Quantity() | Amount() | UnitPrice():
                return self.operand(value)
            case Duration():
                return self._duration(value.seconds)
            case Percentage():
                return f"{self._decimal(value.value)} %"
            case Instant():
                return self._instant(value)
            case TimeOfDay():
                return self._time(value.second)
            case Weekdays():
                return self._days(value)
            case Numbers():
                return self._listed(self._runs(value.places))
            case Word():
                return self.word(value.id)
            case Name():
                return printable(value.text)
            case Reasons():
                return "; ".join(self.say(message) for message in value.messages)
            case date():
                return self._day(value)
        return str(value)

    def formula(self, formula: Formula) -> str:
        """Write a calculation: 12.5 kWh x 0.45 EUR/kWh = 5.625 EUR."""
        parts = [self.operand(formula.first)]
        for operator, operand in formula.rest:
            sign, shown = operator, operand
            if operator == "+" and isinstance(operand, Amount) and operand.value < 0:
                sign, shown = "-", Amount(-operand.value, operand.currency)
            elif operator == "+" and isinstance(operand, Quantity) and operand.value < 0:
                sign, shown = "-", Quantity(-operand.value, operand.unit)
            text = self.operand(shown)
            parts += [sign, f"({text})" if text.startswith("-") else text]
        return f"{' '.join(parts)} = {self.operand(formula.result)}{self._about(formula.result)}"

    def operand(self, operand: Operand) -> str:
        """Write a quantity, an amount or a price with its unit."""
        match operand:
            case Quantity():
                text = self._decimal(operand.value)
                return f"{text} {operand.unit}" if operand.unit else text
            case Amount():
                return f"{self._money(operand.value, operand.currency)} {printable(operand.currency)}"
        text = f"{self._money(Fraction(operand.value), operand.currency)} {printable(operand.currency)}"
        return f"{text}/{operand.unit}" if operand.unit else text

    def _money(self, value: Fraction, currency: str) -> str:
        """At least the decimals of the currency; a fraction where the decimals do not end, in 3600ths if they can."""
        exact = ending(value)
        if exact is not None:
            return self._decimal(exact, MINOR_DIGITS.get(currency.upper(), 2))
        scaled = ending(value * _HOUR)
        if scaled is not None:
            return f"{self._decimal(scaled)}/{_HOUR}"
        return f"{value.numerator}/{value.denominator}"

    def _about(self, operand: Operand) -> str:
        if not isinstance(operand, Amount) or ending(operand.value) is not None:
            return ""
        rounded = Decimal(round(operand.value * 10**_ABOUT_DECIMALS)).scaleb(-_ABOUT_DECIMALS)
        return f" ({self.word('render.about')} {self._decimal(rounded)} {printable(operand.currency)})"

    def _decimal(self, value: Decimal, least: int = 0) -> str:
        """Every digit, without exponent and idle zeros, with at least `least` decimals."""
        whole, _, decimals = f"{value:f}".partition(".")
        decimals = decimals.rstrip("0").ljust(least, "0")
        whole = "0" if whole == "-0" and not decimals.strip("0") else whole
        point = "," if self.code == "de" else "."
        return f"{whole}{point}{decimals}" if decimals else whole

    def _duration(self, seconds: Decimal) -> str:
        if seconds < 60:
            return f"{self._decimal(seconds)} s"
        hours, rest = divmod(seconds, _HOUR)
        minutes, left = divmod(rest, 60)
        parts = [f"{hours:f} h"] if hours else []
        parts += [f"{minutes:f} min"] if minutes else []
        parts += [f"{self._decimal(left)} s"] if left else []
        return " ".join(parts)

    def _instant(self, instant: Instant) -> str:
        """Local date and time with its distance from UTC, which tells the two halves of a doubled hour apart."""
        local, name = instant.utc, "UTC"
        if instant.zone is not None:
            try:
                local = instant.utc.astimezone(ZoneInfo(instant.zone))
                name = f"UTC{_offset(local.utcoffset() or timedelta())}"
            except OverflowError:  # the first or last day of the calendar
                pass
        clock = f"{local.hour:02}:{local.minute:02}"
        second = Decimal(local.second) + Decimal(local.microsecond).scaleb(-6)
        if second:
            clock += f":{'0' if second < 10 else ''}{self._decimal(second)}"
        return f"{self._day(local.date())} {clock} {name}"

    def _day(self, day: date) -> str:
        return f"{day.day:02}.{day.month:02}.{day.year:04}" if self.code == "de" else day.isoformat()

    def _time(self, second: int) -> str:
        hours, rest = divmod(second, _HOUR)
        minutes, left = divmod(rest, 60)
        return f"{hours:02}:{minutes:02}" + (f":{left:02}" if left else "")

    def _days(self, days: Weekdays) -> str:
        return self._listed(self.word(f"day.{day}") for day in sorted(days.days)) or self.word("render.no-day")

    def _runs(self, places: tuple[int, ...]) -> list[str]:
        """Places in a row, three or more of them, are told by the first and the last."""
        runs: list[list[int]] = []
        for place in places:
            if runs and place == runs[-1][-1] + 1:
                runs[-1].append(place)
            else:
                runs.append([place])
        told: list[str] = []
        for run in runs:
            is_long = len(run) > 2
            told += [f"{run[0]} {self.word('render.to')} {run[-1]}"] if is_long else [str(place) for place in run]
        return told

    def _listed(self, words: Iterable[str]) -> str:
        *most, last = list(words) or [""]
        return f"{', '.join(most)} {self.word('render.and')} {last}" if most else last


def spoken_in(code: str) -> Language:
    """Return the language of a code; raise `TariffsError` for one that nobody speaks here."""
    if code not in LANGUAGES:
        raise TariffsError(f"{code!r} is none of the languages {', '.join(LANGUAGES)}")
    return Language(code)


def ending(value: Fraction) -> Decimal | None:
    """Return a fraction as a decimal with every digit, None where the decimals do not end.

    >>> ending(Fraction(9, 8)), ending(Fraction(1, 72))
    (Decimal('1.125'), None)
    """
    rest, twos, fives = value.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return None
    places = max(twos, fives)
    digits = value.numerator * 10**places // value.denominator
    return Decimal((int(digits < 0), tuple(map(int, str(abs(digits)))), -places))


def printable(text: str) -> str:
    """Return a text with a question mark for whatever cannot be printed."""
    return "".join(c if c.isprintable() else "?" for c in text)


def _offset(offset: timedelta) -> str:
    minutes = int(offset.total_seconds()) // 60
    sign = "-" if minutes < 0 else "+"
    return f"{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
