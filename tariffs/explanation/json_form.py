"""An explanation as plain values for JSON (schema evclear.explain/1): the sentences, and their values as data."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any, Final

from tariffs.decisions import DECISIONS
from tariffs.explanation.language import Language, ending, spoken_in
from tariffs.explanation.values import (
    Amount,
    Duration,
    Explanation,
    Formula,
    Instant,
    Message,
    Name,
    Numbers,
    Percentage,
    Quantity,
    Reasons,
    Step,
    TimeOfDay,
    UnitPrice,
    Value,
    Weekdays,
    Word,
)

SCHEMA: Final = "evclear.explain/1"
Measure = Quantity | Amount | UnitPrice | Percentage | Duration
_DAYS: Final = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")


def as_values(explanation: Explanation, language: str = "en") -> dict[str, Any]:
    """Return an explanation as objects for JSON; each number is a text with all its digits, or a fraction "1/72"."""
    spoken = spoken_in(language)
    made = explanation.breakdown
    return {
        "cdr_id": explanation.cdr_id,
        "ocpi_version": explanation.ocpi_version or None,
        "currency": explanation.currency,
        "language": spoken.code,
        "priced": made.priced,
        "time_zone": made.time_zone,
        "time_zone_source": made.time_zone_source,
        "tariff_ids": list(made.tariff_ids),
        "heading": spoken.say(explanation.heading),
        "answer": [_message(message, spoken) for message in explanation.answer],
        "steps": _steps(explanation.steps, spoken),
        "decisions": [
            {"id": id, "rule": DECISIONS[id].rule, "text": spoken.word(f"decision.{id}")}
            for id in explanation.decisions
        ],
    }


def _steps(steps: Sequence[Step], spoken: Language) -> list[dict[str, Any]]:
    return [
        {
            "id": step.id,
            **_message(step.message, spoken),
            "formulas": [_formula(formula, spoken) for formula in step.formulas],
            "clauses": list(step.clauses),
            "decisions": list(step.decisions),
            "steps": _steps(step.steps, spoken),
        }
        for step in steps
    ]


def _message(message: Message, spoken: Language) -> dict[str, Any]:
    values = {name: _value(value, spoken) for name, value in message.values}
    return {"kind": message.id, "text": spoken.say(message), "values": values}


def _formula(formula: Formula, spoken: Language) -> dict[str, Any]:
    rest = [{"operator": operator, **_measure(operand)} for operator, operand in formula.rest]
    return {
        "text": spoken.formula(formula),
        "terms": [_measure(formula.first), *rest],
        "result": _measure(formula.result),
    }


def _measure(value: Measure) -> dict[str, str]:
    match value:
        case Quantity():
            return {"value": _number(Fraction(value.value)), "unit": value.unit}
        case Amount():
            return {"value": _number(value.value), "currency": value.currency}
        case UnitPrice():
            return {"value": _number(Fraction(value.value)), "currency": value.currency, "per": value.unit or "charge"}
        case Percentage():
            return {"value": _number(Fraction(value.value)), "unit": "%"}
    return {"value": _number(Fraction(value.seconds)), "unit": "s"}


def _value(value: Value, spoken: Language) -> Any:  # noqa: ANN401  what JSON can hold
    match value:
        case Quantity() | Amount() | UnitPrice() | Percentage() | Duration():
            return _measure(value)
        case Instant():
            return {"utc": value.utc.isoformat().replace("+00:00", "Z"), "time_zone": value.zone}
        case TimeOfDay():
            return {"second_of_day": value.second}
        case Weekdays():
            return [_DAYS[day] for day in sorted(value.days)]
        case Numbers():
            return list(value.places)
        case Word():
            return value.id
        case Name():
            return value.text
        case Reasons():
            return [_message(message, spoken) for message in value.messages]
        case date():
            return value.isoformat()
    return value


def _number(value: Fraction) -> str:
    """Every digit, or numerator and denominator."""
    exact = ending(value)
    if exact is None:
        return f"{value.numerator}/{value.denominator}"
    whole, _, decimals = f"{exact:f}".partition(".")
    decimals = decimals.rstrip("0")
    return f"{whole}.{decimals}" if decimals else whole
