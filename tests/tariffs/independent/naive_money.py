"""The money of the second pricer: step_size once per session (13), costs with their taxes (17, 18), limits (19)."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any, NamedTuple

Json = Any
Sides = tuple[Fraction | None, Fraction | None]  # before and after taxes; None is what nobody can know


class Owed(NamedTuple):
    """One thing to pay for; `measured` names the volume behind it and is empty for a FLAT."""

    bucket: str
    measured: str
    quantity: Fraction  # kWh, hours or pieces
    price: Fraction
    vat: Fraction | None
    taxes: str
    step: Fraction  # kWh or hours


def steps(charges: list[Owed]) -> list[Owed]:
    """Round up what was measured, in the last charge of each kind; charging not at all where anyone parked."""
    found = list(charges)
    parked = any(charge.measured == "PARKING_TIME" for charge in charges)
    for measured in ("ENERGY", "TIME", "PARKING_TIME", "RESERVATION_TIME"):
        places = [place for place, charge in enumerate(charges) if charge.measured == measured]
        if not places or (measured == "TIME" and parked):
            continue
        last, total = charges[places[-1]], sum((charges[place].quantity for place in places), Fraction())
        if last.step and total > 0:
            found[places[-1]] = last._replace(quantity=last.quantity + -total % last.step)
    return found


def cost(charges: list[Owed]) -> Sides:
    """Add up both sides; where one is unknown of one charge, it is of the sum."""
    sides = [_sides(charge) for charge in charges]
    net, gross = ([side[place] for side in sides] for place in (0, 1))
    return (None if None in net else sum(net, Fraction())), (None if None in gross else sum(gross, Fraction()))


def _sides(charge: Owed) -> Sides:
    amount = charge.quantity * charge.price
    rate = (charge.vat or 0) / Fraction(100)
    if charge.taxes == "none":
        return amount, amount
    if charge.taxes == "included":
        return amount / (1 + rate), amount
    if "unknown" in charge.taxes and amount:
        return (None, amount) if "included" in charge.taxes else (amount, None)
    return amount, amount * (1 + rate)


def limited(total: Sides, charges: list[Owed], tariff: Json | None, *, has_minimum: bool) -> Sides:
    """Apply the floor, then the cap: each side by itself where both are known (19), else the known one (18)."""
    if tariff is None:
        return total
    for name, bound in (("min_price", max), ("max_price", min)):
        limit = tariff.get(name)
        if limit and (has_minimum or name == "max_price"):
            total = _met(total, limit, bound, tariff["taxes"], _common_rate(charges, tariff))
    return total


def _met(total: Sides, limit: Json, bound: Callable[..., Fraction], taxes: str, rate: Fraction) -> Sides:
    net, gross = total
    before, after = limit["excl_vat"], limit.get("incl_vat")
    if net is None and gross is None:
        return total
    if gross is None:  # what the limit decides on one side it may say on the other
        return total if bound(net, before) == net else (Fraction(before), None if after is None else Fraction(after))
    if net is None:
        if after is None or bound(gross, after) == gross:
            return total
        return Fraction(before), Fraction(after)
    decided = Fraction(bound(net, before))
    if after is not None:
        return decided, Fraction(bound(gross, after))
    if decided == net:
        return total
    if "unknown" in taxes:
        return decided, None
    return decided, gross * decided / net if net else decided * (1 + rate)


def _common_rate(charges: list[Owed], tariff: Json) -> Fraction:
    """The rate of all that was priced, else of all the tariff prices; 0 where there are several."""
    rates = {0 if charge.taxes == "none" else charge.vat or 0 for charge in charges}
    if not rates and tariff["taxes"] != "none":
        rates = {c.get("vat") or 0 for e in tariff["elements"] for c in e["price_components"]}
    return Fraction(rates.pop(), 100) if len(rates) == 1 else Fraction()
