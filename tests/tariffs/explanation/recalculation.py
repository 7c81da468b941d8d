"""Recalculates a price from the written explanation alone, as a person with pen and paper would.

Only the words of the catalogue tell which line is which; every number is read from the text, in fractions.
"""

import re
from dataclasses import dataclass, field
from fractions import Fraction

from tariffs.explanation.catalogue import LANGUAGES, MESSAGES

NUMBER = r"-?\d+(?:[.,]\d+)?(?:/\d+)?"
OPERATORS = re.compile(r" ([x/+-]) ")
OPERAND = rf"{NUMBER}(?: [^\s:=`();]+)?"
FORMULA = re.compile(rf"{OPERAND}(?: [x/+-] (?:{OPERAND}|\({OPERAND}\)))* = {OPERAND}")


@dataclass
class Recalculated:
    """What the text comes to: totals (None: the text says unknown), and billed quantities by unit."""

    excl: Fraction | None = None
    incl: Fraction | None = None
    billed: dict[str, Fraction] = field(default_factory=dict)
    formulas: int = 0


def recalculate(text: str, language: str) -> Recalculated:
    """Multiply and add the numbers of an explanation; raise AssertionError where one does not follow."""
    reader = _Reader(LANGUAGES.index(language), "," if language == "de" else ".")
    lines = [
        (id, _plain(words)) for id, words in re.findall(r"^\s*(?:- )?(\d+(?:\.\d+)*)  ?(\S.*)$", text, re.MULTILINE)
    ]
    lines += [(id, _plain(words)) for id, words in re.findall(r"^## (\d+)\. (.*)$", text, re.MULTILINE)]
    result = Recalculated()
    for _, words in lines:
        for formula in reader.formulas(words):
            reader.check(formula)
            result.formulas += 1
    costs = reader.costs(lines, result)
    reader.total(lines, costs, result)
    return result


def _plain(words: str) -> str:
    """Without the marks of Markdown and the citation at the end."""
    words = re.sub(r" \*\(.*\)\*$", "", words)
    return re.sub(r"\\(.)", r"\1", words.replace("`", ""))


@dataclass
class _Reader:
    column: int
    point: str

    def value(self, number: str) -> Fraction:
        numerator, _, denominator = number.replace(self.point, ".").partition("/")
        return Fraction(numerator) / int(denominator or 1)

    def formulas(self, words: str) -> list[str]:
        return FORMULA.findall(words)

    def check(self, formula: str) -> None:
        left, right = formula.split(" = ")
        assert self.left(left) == self.operand(right)[0], formula

    def left(self, text: str) -> Fraction:
        """From left to right; products and sums are never mixed."""
        first, *rest = OPERATORS.split(text)
        total = self.operand(first)[0]
        for operator, operand in zip(rest[::2], rest[1::2], strict=True):
            value = self.operand(operand)[0]
            match operator:
                case "x":
                    total *= value
                case "/":
                    total /= value
                case "+":
                    total += value
                case _:
                    total -= value
        return total

    def operand(self, text: str) -> tuple[Fraction, str]:
        number, _, unit = text.removeprefix("(").removesuffix(")").partition(" ")
        return self.value(number), unit

    def word(self, id: str) -> str:
        return MESSAGES[id][self.column]

    def section(self, lines: list[tuple[str, str]], id: str) -> list[tuple[str, str]]:
        """The lines of a section, without those of others."""
        number = next((at for at, words in lines if words == self.word(id) and "." not in at), None)
        return [] if number is None else [(at, words) for at, words in lines if at.startswith(f"{number}.")]

    def is_said(self, words: str, id: str) -> re.Match[str] | None:
        pattern = re.sub(r"\\\{\w+\\\}", "(.+?)", re.escape(self.word(id)))
        return re.match(rf"{pattern}(?:: |$)", words)

    def costs(self, lines: list[tuple[str, str]], result: Recalculated) -> dict[str, list[Fraction | None]]:
        """Quantity times price of every cost, and the other side of its VAT."""
        found: dict[str, list[Fraction | None]] = {"excl": [], "incl": []}
        section = self.section(lines, "section.costs")
        for at, _ in section:
            if at.count(".") != 1:
                continue
            (_, product), (_, taxes) = [line for line in section if line[0].startswith(f"{at}.")]
            (formula,) = self.formulas(product)
            amount = self.left(formula.split(" = ")[0])
            quantity, unit = self.operand(OPERATORS.split(formula)[0])
            result.billed[unit] = result.billed.get(unit, Fraction(0)) + quantity
            own, other = ("excl", "incl") if self.is_said(product, "cost.product-net") else ("incl", "excl")
            found[own].append(amount)
            found[other].append(self.other_side(taxes, amount))
        return found

    def other_side(self, taxes: str, amount: Fraction) -> Fraction | None:
        for id in ("cost.unknown-gross", "cost.unknown-net"):
            if self.is_said(taxes, id):
                return None
        formulas = self.formulas(taxes)
        if not formulas:
            assert any(self.is_said(taxes, id) for id in ("cost.no-vat", "cost.no-taxes", "cost.zero")), taxes
            return amount
        left = formulas[0].split(" = ")[0]
        assert self.operand(OPERATORS.split(left)[0])[0] == amount, taxes
        return self.left(left)

    def total(
        self, lines: list[tuple[str, str]], costs: dict[str, list[Fraction | None]], result: Recalculated
    ) -> None:
        running: dict[str, Fraction | None] = {}
        stated: dict[str, Fraction] = {}
        for at, words in self.section(lines, "section.total"):
            if at.count(".") != 1:
                continue
            for side in ("excl", "incl"):
                self.follow(words, side, costs[side], running, stated)
            if self.is_said(words, "total.credit"):
                for side, formula in zip(
                    [s for s in running if running[s] is not None], self.formulas(words), strict=True
                ):
                    first = self.operand(OPERATORS.split(formula)[0])[0]
                    assert first == running[side], words
                    running[side] = self.left(formula.split(" = ")[0])
        assert stated == {side: value for side, value in running.items() if value is not None}
        result.excl, result.incl = running.get("excl"), running.get("incl")

    def follow(
        self,
        words: str,
        side: str,
        costs: list[Fraction | None],
        running: dict[str, Fraction | None],
        stated: dict[str, Fraction],
    ) -> None:
        if self.is_said(words, f"total.sum-{side}"):
            running[side] = sum((cost for cost in costs if cost is not None), Fraction(0))
            assert None not in costs
            assert self.operand(self.formulas(words)[0].split(" = ")[1])[0] == running[side], words
        elif said := self.is_said(words, f"total.nothing-{side}"):
            running[side] = self.operand(said[1])[0]
            assert running[side] == 0
            assert not costs
        elif self.is_said(words, f"total.unknown-{side}"):
            running[side] = None
        elif said := self.is_said(words, f"total.{side}"):
            stated[side] = self.operand(said[1])[0]
        for name in ("min_price", "max_price"):
            self.limited(words, name, side, running)

    def limited(self, words: str, name: str, side: str, running: dict[str, Fraction | None]) -> None:
        if side == "incl" and self.is_said(words, f"limit.{name}-leaves-incl-unknown"):
            running[side] = None
        elif said := self.is_said(words, f"limit.{name}-states-{side}"):
            assert running[side] is None
            running[side] = self.operand(said[1])[0]
        elif self.is_said(words, f"limit.{name}-{side}") or (
            side == "incl" and self.is_said(words, f"limit.{name}-scales")
        ):
            (formula,) = self.formulas(words)
            left = formula.split(" = ")[0]
            assert self.operand(OPERATORS.split(left)[0])[0] == running[side], words
            running[side] = self.left(left)
