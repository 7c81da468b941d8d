"""A reading: one way in which somebody else may read OCPI, a tariff or a CDR, and what a charge costs under it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from tariffs.breakdown import Breakdown
from tariffs.differences.case import Case, Change, priced_under

Answers = Iterator[tuple[str, Breakdown | None]]
"""What a reading makes of a charge: a price, with the word that tells it from others of the same reading."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One changed rule; `words` follow "the CPO". `answers` takes the case and our own price of it."""

    id: str
    words: str
    answers: Callable[[Case, Breakdown], Answers]
    decision: str = ""
    """The id of the decision (`tariffs.decisions`) that somebody with this reading takes otherwise."""
    alternative: str = ""
    """The id of that decision's alternative; left empty, the reading's own."""


AS_DECIDED: Final = "as-decided"
"""In the place of a reading's id where nothing is read otherwise and only rounding makes the difference."""


def reading(id: str, words: str, change: Change, decision: str = "", alternative: str = "") -> Reading:
    """Return the reading of one change that is the same for every charge."""

    def answers(case: Case, ours: Breakdown) -> Answers:
        yield "", priced_under(case, change)

    return Reading(id, words, answers, decision, alternative)
