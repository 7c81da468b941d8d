"""Every sentence and word of an explanation in English and German, by its id: `MESSAGES[id]` is (English, German).

A place in braces is filled with a value written as the language writes it; both languages have the same places.
"""

from typing import Final

from tariffs.explanation.catalogue import amounts, choices, decided, findings, premises, words

LANGUAGES: Final = ("en", "de")

MESSAGES: Final[dict[str, tuple[str, str]]] = {
    **premises.MESSAGES,
    **choices.MESSAGES,
    **amounts.MESSAGES,
    **findings.MESSAGES,
    **decided.MESSAGES,
    **words.MESSAGES,
}
"""Every message by its id."""
