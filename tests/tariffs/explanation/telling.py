"""What an explanation says, for tests: its sentences in a language, and the ids of all that it says."""

from collections.abc import Iterator

from tariffs.explanation import Explanation, Message, Step
from tariffs.explanation.language import spoken_in
from tariffs.explanation.values import Reasons, Word


def sentences(explanation: Explanation, language: str = "en") -> list[str]:
    """Every sentence of every step, in order."""
    spoken = spoken_in(language)
    return [spoken.say(step.message) for step in explanation.walk()]


def step(explanation: Explanation, kind: str) -> Step:
    """The one step of a kind."""
    (found,) = [step for step in explanation.walk() if step.message.id == kind]
    return found


def ids(explanation: Explanation) -> Iterator[str]:
    """The ids of all messages and words, and of the decisions cited."""
    for message in (explanation.heading, *explanation.answer, *(step.message for step in explanation.walk())):
        yield from _ids(message)
    yield from (f"decision.{id}" for id in explanation.decisions)


def _ids(message: Message) -> Iterator[str]:
    yield message.id
    for _, value in message.values:
        if isinstance(value, Word):
            yield value.id
        if isinstance(value, Reasons):
            for inner in value.messages:
                yield from _ids(inner)
