"""An explanation as text for a screen or as Markdown; nothing is computed here."""

from collections.abc import Iterator, Sequence
from typing import Final

from tariffs.explanation.language import Language, spoken_in
from tariffs.explanation.values import Explanation, Step

_SPECIAL: Final = frozenset("\\`*_{}[]<>#|~$&!")


def as_text(explanation: Explanation, language: str = "en") -> str:
    """Return an explanation as plain text in English ("en") or German ("de")."""
    spoken = spoken_in(language)
    rows = [spoken.say(explanation.heading), *(spoken.say(message) for message in explanation.answer)]
    for section in explanation.steps:
        rows += ["", f"{section.id}  {_told(section, spoken)}"]
        rows += _citations(section, spoken, "     ")
        for step in section.steps:
            rows.extend(_text_rows(step, spoken, 1))
    rows.extend(_decisions_as_text(explanation, spoken))
    return "\n".join(rows) + "\n"


def _text_rows(step: Step, spoken: Language, depth: int) -> Iterator[str]:
    margin = "  " * depth
    yield f"{margin}{step.id}  {_told(step, spoken)}"
    yield from _citations(step, spoken, margin + " " * (len(step.id) + 2))
    for inner in step.steps:
        yield from _text_rows(inner, spoken, depth + 1)


def _told(step: Step, spoken: Language) -> str:
    """The sentence of a step with its calculations."""
    formulas = "; ".join(spoken.formula(formula) for formula in step.formulas)
    return f"{spoken.say(step.message)}: {formulas}" if formulas else spoken.say(step.message)


def _citations(step: Step, spoken: Language, margin: str) -> list[str]:
    cited = [*_together(step.clauses), *(f"{spoken.word('render.decision')} {id}" for id in step.decisions)]
    return [f"{margin}[{'; '.join(cited)}]"] if cited else []


def _together(clauses: Sequence[str]) -> list[str]:
    """Clauses of one module in one citation: its name once, then the places."""
    modules: dict[str, list[str]] = {}
    for clause in clauses:
        module, _, place = clause.partition(", ")
        modules.setdefault(module, []).append(place)
    return [f"{module}, {', '.join(places)}" for module, places in modules.items()]


def _decisions_as_text(explanation: Explanation, spoken: Language) -> list[str]:
    if not explanation.decisions:
        return []
    rows = ["", spoken.word("section.decisions")]
    return rows + [f"  {id}: {spoken.word(f'decision.{id}')}" for id in explanation.decisions]


def as_markdown(explanation: Explanation, language: str = "en") -> str:
    """Return an explanation as Markdown (CommonMark) in English ("en") or German ("de")."""
    spoken = spoken_in(language)
    rows = [f"# {_escaped(spoken.say(explanation.heading))}", ""]
    rows += [f"**{_escaped(spoken.say(message))}**" for message in explanation.answer]
    for section in explanation.steps:
        rows += ["", f"## {section.id}. {_told_in_markdown(section, spoken)}", ""]
        rows += [f"{citation.lstrip()}\n" for citation in (_citation_in_markdown(section, spoken),) if citation]
        for step in section.steps:
            rows.extend(_markdown_rows(step, spoken, 0))
    if explanation.decisions:
        rows += ["", f"## {spoken.word('section.decisions')}", ""]
        rows += [f"- **{id}**: {_escaped(spoken.word(f'decision.{id}'))}" for id in explanation.decisions]
    return "\n".join(rows) + "\n"


def _markdown_rows(step: Step, spoken: Language, depth: int) -> Iterator[str]:
    citation = _citation_in_markdown(step, spoken)
    yield f"{'  ' * depth}- {step.id} {_told_in_markdown(step, spoken)}{citation}"
    for inner in step.steps:
        yield from _markdown_rows(inner, spoken, depth + 1)


def _citation_in_markdown(step: Step, spoken: Language) -> str:
    cited = [*_together(step.clauses), *(f"{spoken.word('render.decision')} **{id}**" for id in step.decisions)]
    return f" *({_escaped_but_bold('; '.join(cited))})*" if cited else ""


def _told_in_markdown(step: Step, spoken: Language) -> str:
    """The sentence with every mark of Markdown protected, and the calculations as code."""
    formulas = "; ".join(f"`{spoken.formula(formula).replace('`', chr(39))}`" for formula in step.formulas)
    sentence = _escaped(spoken.say(step.message))
    return f"{sentence}: {formulas}" if formulas else sentence


_ESCAPES: Final = {ord(c): f"\\{c}" for c in _SPECIAL}


def _escaped(text: str) -> str:
    """Protect what Markdown would read as its own marks."""
    return text.translate(_ESCAPES)


def _escaped_but_bold(text: str) -> str:
    return "**".join(_escaped(part) for part in text.split("**"))
