"""What an explanation is made of: steps with messages, typed values and formulas; a renderer only writes them down.

Amounts are exact fractions: a price per hour times seconds ends in no decimals where 3600 does not divide it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from tariffs.breakdown import Breakdown
from tariffs.findings import Finding


@dataclass(frozen=True, slots=True)
class Quantity:
    """A measured or billed quantity with its unit: kWh, Wh, s, h, kW, A, or "" for a bare number."""

    value: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time in seconds, told in hours and minutes."""

    seconds: Decimal


@dataclass(frozen=True, slots=True)
class Amount:
    """An exact amount of money, unrounded."""

    value: Fraction
    currency: str


@dataclass(frozen=True, slots=True)
class UnitPrice:
    """A price for one kWh or one hour ("h"), or for the charge as a whole ("")."""

    value: Decimal
    currency: str
    unit: str


@dataclass(frozen=True, slots=True)
class Percentage:
    """A percentage such as that of VAT."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Instant:
    """An instant in UTC, told in local time where the zone is known."""

    utc: datetime
    zone: str | None


@dataclass(frozen=True, slots=True)
class TimeOfDay:
    """Seconds since local midnight; 86,400 is the end of the day."""

    second: int


@dataclass(frozen=True, slots=True)
class Weekdays:
    """Days of the week, Monday being 0."""

    days: frozenset[int]


@dataclass(frozen=True, slots=True)
class Numbers:
    """Places in a list counted from 1, such as those of elements or of charging periods."""

    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Word:
    """A term of the catalogue that each language has its own word for."""

    id: str


@dataclass(frozen=True, slots=True)
class Name:
    """Text from the data, such as an id: written as it stands, freed of what cannot be printed."""

    text: str


@dataclass(frozen=True, slots=True)
class Reasons:
    """Sentences in one: why an element applies, or does not."""

    messages: tuple["Message", ...]


Value = (
    Quantity
    | Duration
    | Amount
    | UnitPrice
    | Percentage
    | Instant
    | TimeOfDay
    | Weekdays
    | Numbers
    | Word
    | Name
    | Reasons
    | date
    | int
)


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence of the catalogue with its values by the name of their place in it."""

    id: str
    values: tuple[tuple[str, Value], ...] = ()

    @classmethod
    def of(cls, id: str, /, **values: Value) -> "Message":
        """Return the message of an id; its values in the order given."""
        return cls(id, tuple(values.items()))


Operand = Quantity | Amount | UnitPrice


@dataclass(frozen=True, slots=True)
class Formula:
    """A calculation from left to right: `first`, then each (operator, operand), equals `result`.

    Operators are "x", "/", "+" and "-"; one formula has either the first two or the last two.
    """

    first: Operand
    rest: tuple[tuple[str, Operand], ...]
    result: Operand


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an explanation: what is said, what is calculated, where it stands, and the steps within.

    `clauses` cite OCPI; `decisions` are ids of `tariffs.decisions` where its text is silent. `id` is the place of the
    step, as "3.1".
    """

    message: Message
    formulas: tuple[Formula, ...] = ()
    clauses: tuple[str, ...] = ()
    decisions: tuple[str, ...] = ()
    steps: tuple["Step", ...] = ()
    id: str = ""

    def walk(self) -> Iterator["Step"]:
        """Yield the step and all within it, in order."""
        yield self
        for step in self.steps:
            yield from step.walk()


@dataclass(frozen=True, slots=True)
class Explanation:
    """How the price of one CDR came about, step by step; `breakdown` is that price as the engine made it.

    `findings` are all there are, of reading, pricing and verifying, each once, the gravest first.
    """

    cdr_id: str | None
    ocpi_version: str
    currency: str | None
    heading: Message
    answer: tuple[Message, ...]
    steps: tuple[Step, ...]
    findings: tuple[Finding, ...]
    breakdown: Breakdown

    def walk(self) -> Iterator[Step]:
        """Yield every step, in order."""
        for step in self.steps:
            yield from step.walk()

    @property
    def decisions(self) -> tuple[str, ...]:
        """The ids of the decisions that the steps cite, each once, in order."""
        return tuple(dict.fromkeys(id for step in self.walk() for id in step.decisions))
