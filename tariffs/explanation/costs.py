"""Quantity times price, line by line, before and after taxes (pricing rules 17 and 18)."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from tariffs.breakdown import CostLine
from tariffs.explanation.choice import unit_price
from tariffs.explanation.scene import Scene
from tariffs.explanation.values import Amount, Formula, Message, Name, Percentage, Quantity, Step, Word
from tariffs.quantity import SECONDS_PER_HOUR
from tariffs.step_size import Priced
from tariffs.tariff import Taxes

_HOUR: Final = Quantity(SECONDS_PER_HOUR, "")


@dataclass(frozen=True, slots=True)
class Sides:
    """An exact amount before and after taxes; None is a side that nobody can know."""

    excl: Amount | None
    incl: Amount | None


def lines_of(scene: Scene) -> tuple[tuple[Priced, CostLine], ...]:
    """The priced volumes, each with its line of the breakdown."""
    charge = scene.charge
    if charge is None or not scene.is_worked_out:
        return ()
    return tuple(zip(charge.priced, scene.breakdown.lines, strict=False))  # lines of limits come last


def costs_section(scene: Scene) -> tuple[Step | None, tuple[Sides, ...]]:
    """Every cost with its calculation, and the same as exact amounts for their sum."""
    steps: list[Step] = []
    amounts: list[Sides] = []
    for priced, line in lines_of(scene):
        step, sides = _cost(scene, priced, line)
        steps.append(step)
        amounts.append(sides)
    section = Step(Message.of("section.costs"), steps=tuple(steps)) if steps else None
    return section, tuple(amounts)


def _cost(scene: Scene, priced: Priced, line: CostLine) -> tuple[Step, Sides]:
    message = Message.of(
        "cost.line",
        dimension=Word(f"dimension.{priced.dimension}"),
        period=priced.period + 1,
        tariff=Name(priced.option.tariff_id),
        element=priced.option.element + 1,
    )
    product, amount = _product(scene, priced)
    is_gross = priced.option.taxes.are_included
    key = "cost.product-gross" if is_gross else "cost.product-net"
    first = Step(Message.of(key), (product,), scene.cite("price"))
    other, other_step = _taxes(scene, priced, line, amount, is_gross=is_gross)
    sides = Sides(other, amount) if is_gross else Sides(amount, other)
    return Step(message, steps=(first, other_step)), sides


def _product(scene: Scene, priced: Priced) -> tuple[Formula, Amount]:
    """Quantity times price; a price per hour times seconds is divided by 3600."""
    price = unit_price(scene, priced.option, priced.dimension)
    value = Fraction(priced.billed) * Fraction(price.value)
    if price.unit == "h":
        amount = scene.amount(value / 3600)
        return Formula(Quantity(priced.billed, "s"), (("x", price), ("/", _HOUR)), amount), amount
    amount = scene.amount(value)
    return Formula(Quantity(priced.billed, price.unit), (("x", price),), amount), amount


def _taxes(
    scene: Scene, priced: Priced, line: CostLine, amount: Amount, *, is_gross: bool
) -> tuple[Amount | None, Step]:
    """The other side of taxes, or why nobody knows it."""
    option = priced.option
    known = line.cost.excl_vat if is_gross else line.cost.incl_vat
    places = scene.cite("tax_included", "vat") if scene.version == "2.3.0" else scene.cite("vat")
    side = "net" if is_gross else "gross"
    if known is None:
        return None, Step(Message.of(f"cost.unknown-{side}"), (), places, ("no-vat-stated-is-no-vat",))
    vat = None if option.taxes is Taxes.NONE else option.component.vat
    if not amount.value and option.taxes.are_unknown:
        return amount, Step(Message.of("cost.zero", amount=amount), (), places)
    if vat is None:
        decisions = () if option.taxes is Taxes.NONE else ("no-vat-stated-is-no-vat",)
        kind = "cost.no-taxes" if option.taxes is Taxes.NONE else "cost.no-vat"
        return amount, Step(Message.of(kind, amount=amount), (), places, decisions)
    factor = Quantity(option.vat_factor, "")
    if is_gross:
        other = Amount(amount.value / Fraction(option.vat_factor), amount.currency)
        formula = Formula(amount, (("/", factor),), other)
    else:
        other = Amount(amount.value * Fraction(option.vat_factor), amount.currency)
        formula = Formula(amount, (("x", factor),), other)
    return other, Step(Message.of(f"cost.vat-{side}", vat=Percentage(vat)), (formula,), places)
