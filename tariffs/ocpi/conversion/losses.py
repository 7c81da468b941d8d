"""What is lost, assumed or only said otherwise while an object is converted: findings with their places."""

from collections.abc import Sequence
from decimal import Decimal

from tariffs.findings import Finding, Severity
from tariffs.ocpi.reading import Reader, printable


class Losses:
    """The findings of one conversion, in the order in which they were made."""

    __slots__ = ("findings", "to")

    def __init__(self, to: str) -> None:
        self.findings: list[Finding] = []
        self.to = to
        """The version that the object is converted to."""

    def lost(self, code: str, path: str, words: str) -> None:
        """Something has no place in the other version, or had to be assumed: whoever reads on must know."""
        self.findings.append(Finding(code, Severity.BILLED_AND_LISTED, path, words))

    def otherwise(self, code: str, path: str, words: str) -> None:
        """Something is only said otherwise, or is as unknown as it was."""
        if not any((f.code, f.path) == (code, path) for f in self.findings):
            self.findings.append(Finding(code, Severity.INFORMATION, path, words))

    def refused(self, code: str, path: str, words: str) -> None:
        """Something cannot be said in the other version at all: nothing stands there, and nothing is made up."""
        self.findings.append(Finding(code, Severity.WAITS, path, words))

    def no_place(self, path: str, names: Sequence[str]) -> None:
        """Fields of one object for which the other version has no place."""
        if names:
            listed = ", ".join(printable(name) for name in names)
            self.lost("field-lost", path, f"OCPI {self.to} has no place for {listed}")

    def required(self, path: str, names: Sequence[str]) -> None:
        """Fields that the other version requires, and that nobody stated."""
        if names:
            words = f"OCPI {self.to} requires {', '.join(names)}, which the original does not state"
            self.lost("required-but-unknown", path, words)

    def not_converted(self, path: str) -> None:
        """A value that is not of its type: it stays as it is, and reading it says what is wrong."""
        self.lost("not-converted", path, "not of the form that OCPI has for it; left as it is")


def number(value: object) -> Decimal | None:
    """Return a JSON number, or one written as a text, as far as it can be an amount; else None."""
    return Reader().number({"n": value}, "n", "$")
