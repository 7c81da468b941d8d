"""Rules about the amounts and volumes of a CDR that contradict each other, without looking at any price."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Final

from tariffs.cdr import Claim
from tariffs.lint.rule import Check, Spot, rule
from tariffs.lint.sheet import CdrSheet
from tariffs.money import half_minor
from tariffs.quantity import ZERO

_PARTS: Final = (
    ("total_fixed_cost", None),
    ("total_energy_cost", "ENERGY"),
    ("total_time_cost", "TIME"),
    ("total_parking_cost", "PARKING_TIME"),
    ("total_reservation_cost", "RESERVATION_TIME"),
)
_CLAIMS: Final = ("total_cost", *(name for name, _ in _PARTS))
_STRONGEST_CHARGER: Final = 1000
"""Kilowatts that no charger gives."""
_HOUR: Final = 3600


def _slack(sheet: CdrSheet) -> Decimal:
    """Half a minor unit of the currency."""
    return half_minor(sheet.cdr.currency)


def _volumes(sheet: CdrSheet) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for stretch in sheet.cdr.periods:
        for dimension in stretch.dimensions:
            found[dimension.type] = found.get(dimension.type, ZERO) + dimension.volume
    return found


def _stated(sheet: CdrSheet) -> list[tuple[str, str | None, Claim]]:
    """The parts of the total that the CDR states."""
    found: list[tuple[str, str | None, Claim]] = []
    for name, dimension in _PARTS:
        claim: Claim | None = getattr(sheet.cdr, name)
        if claim is not None:
            found.append((name, dimension, claim))
    return found


def _sum_differs(sheet: CdrSheet, side: str) -> tuple[Decimal, Decimal] | None:
    """Sum of the parts and total on one side of taxes where they contradict each other, whatever the tariff."""
    cdr = sheet.cdr
    total: Decimal | None = getattr(cdr.total_cost, side, None)
    stated = _stated(sheet)
    amounts: list[Decimal | None] = [getattr(claim, side) for _, _, claim in stated]
    known = [amount for amount in amounts if amount is not None]
    if total is None or not known or len(known) != len(amounts) or not sheet.is_usable:
        return None
    if cdr.credit:
        total, known = abs(total), [abs(amount) for amount in known]
    together = sum(known, ZERO)
    if abs(together - total) <= _slack(sheet) * (len(known) + 1):
        return None
    return None if _is_explained(sheet, side, together, total) else (together, total)


def _is_explained(sheet: CdrSheet, side: str, together: Decimal, total: Decimal) -> bool:
    """Whether a part that is left out, or a price limit, may make the difference."""
    if together < total:
        names = {name for name, _, _ in stated} if (stated := _stated(sheet)) else set()
        volumes = _volumes(sheet)
        if "total_fixed_cost" not in names or any(volumes.get(d or "") for name, d in _PARTS if name not in names):
            return True
    limits = [limit for t in sheet.cdr.tariffs for limit in (t.min_price, t.max_price) if limit is not None]
    return any(abs((getattr(limit, side) or ZERO) - total) <= _slack(sheet) for limit in limits)


def parts_differ_from_total(sheet: CdrSheet) -> Iterator[Spot]:
    """Parts that do not add up to total_cost before taxes; neither a part left out nor a price limit explains it."""
    found = _sum_differs(sheet, "excl_vat")
    if found is not None:
        words = f"before taxes the parts add up to {found[0]:f}, total_cost is {found[1]:f}"
        yield Spot("$.total_cost", words, f"{found[0]:f}", f"{found[1]:f}")


def parts_incl_differ_from_total(sheet: CdrSheet) -> Iterator[Spot]:
    """Parts that add up before taxes and not after them."""
    found = _sum_differs(sheet, "incl_vat")
    if found is not None and _sum_differs(sheet, "excl_vat") is None:
        words = f"after taxes the parts add up to {found[0]:f}, total_cost is {found[1]:f}"
        yield Spot("$.total_cost", words, f"{found[0]:f}", f"{found[1]:f}")


def sides_contradict(sheet: CdrSheet) -> Iterator[Spot]:
    """An amount that is nearer to 0 with taxes than without, or of the other sign."""
    for name in _CLAIMS:
        claim: Claim | None = getattr(sheet.cdr, name)
        if claim is None or claim.excl_vat is None or claim.incl_vat is None:
            continue
        before, after = claim.excl_vat, claim.incl_vat
        if (before > 0 and after < before) or (before < 0 and after > before):
            words = f"after taxes it is {after:f}, before taxes {before:f}"
            yield Spot(f"$.{name}", words, f"at least {before:f}", f"{after:f}")


def tax_amount_differs(sheet: CdrSheet) -> Iterator[Spot]:
    """A tax whose amount is not its percentage of the amount before taxes; one on top of another is let pass."""
    for name in _CLAIMS:
        claim: Claim | None = getattr(sheet.cdr, name)
        if claim is None or claim.excl_vat is None:
            continue
        for index, tax in enumerate(claim.taxes):
            if tax.percentage is None:
                continue
            expected = [base * tax.percentage / 100 for base in (claim.excl_vat, claim.incl_vat or claim.excl_vat)]
            slack = _slack(sheet) * 2
            if not min(expected) - slack <= tax.amount <= max(expected) + slack:
                words = f"{tax.percentage:f} % of {claim.excl_vat:f} is {expected[0].normalize():f}"
                path = f"$.{name}.taxes[{index}].amount"
                yield Spot(path, words, f"{expected[0].normalize():f}", f"{tax.amount:f}")


def cost_without_volume(sheet: CdrSheet) -> Iterator[Spot]:
    """A cost of energy, time or reservation where no charging period has any of it."""
    volumes = _volumes(sheet)
    if not sheet.is_usable:
        return
    for name, dimension, claim in _stated(sheet):
        if dimension in (None, "PARKING_TIME") or not claim.excl_vat or volumes.get(str(dimension)):
            continue
        if dimension == "RESERVATION_TIME" and volumes.get("RESERVATION_EXPIRES"):
            continue
        words = f"{name} is {claim.excl_vat:f}, and no charging period has any {dimension}"
        yield Spot(f"$.{name}", words, f"a volume of {dimension}", "none")


def energy_looks_like_wh(sheet: CdrSheet) -> Iterator[Spot]:
    """A mean power above 1,000 kW: the energy is stated in Wh."""
    cdr = sheet.cdr
    if cdr.total_energy is None or cdr.start is None or cdr.end is None or cdr.end <= cdr.start:
        return
    seconds = Decimal((cdr.end - cdr.start).days * 86_400 + (cdr.end - cdr.start).seconds)
    if cdr.total_energy * _HOUR > _STRONGEST_CHARGER * seconds and cdr.total_energy >= _STRONGEST_CHARGER:
        words = f"{cdr.total_energy:f} kWh between start and end is more than any charger gives; it may be Wh"
        yield Spot("$.total_energy", words, "kWh", f"{cdr.total_energy:f}")


def time_looks_like_minutes(sheet: CdrSheet) -> Iterator[Spot]:
    """A total_time that is the time from start to end in minutes or seconds; OCPI has hours."""
    unit = _other_unit(sheet)
    if unit is not None and sheet.cdr.total_time is not None:
        words = f"total_time is the time from start to end in {unit}; OCPI has hours"
        yield Spot("$.total_time", words, "hours", f"{sheet.cdr.total_time:f}")


def _other_unit(sheet: CdrSheet) -> str | None:
    cdr = sheet.cdr
    if cdr.total_time is None or cdr.start is None or cdr.end is None or cdr.end <= cdr.start:
        return None
    seconds = Decimal((cdr.end - cdr.start).days * 86_400 + (cdr.end - cdr.start).seconds)
    for unit, length in (("minutes", 60), ("seconds", 1)):
        if abs(cdr.total_time * length - seconds) <= max(Decimal(60), seconds / 20):
            return unit
    return None


def _as_checked(code: str, but: Callable[[CdrSheet], bool] = lambda _: False) -> Callable[[CdrSheet], Iterator[Spot]]:
    """A rule that `tariffs.verify` or the walk through the charging periods holds already."""

    def look(sheet: CdrSheet) -> Iterator[Spot]:
        for found, path, words in sheet.checked:
            if found == code and not but(sheet):
                yield Spot(path, words)

    look.__doc__ = f"What the checks of pricing find as {code}."
    return look


def _has_other_unit(sheet: CdrSheet) -> bool:
    return _other_unit(sheet) is not None


def _known(code: str, severity: str, clause: str, remedy: str) -> Check[CdrSheet]:
    but = _has_other_unit if code in ("duration-differs", "time-sum-exceeds-total") else lambda _: False
    return Check(rule(code, severity, f"mod_cdrs, {clause}", remedy), _as_checked(code, but))


CHECKS: Final[tuple[Check[CdrSheet], ...]] = (
    Check(
        rule("parts-differ-from-total", "W", "mod_cdrs, total_cost", "Make the parts and the total one sum."),
        parts_differ_from_total,
    ),
    Check(
        rule("parts-incl-differ-from-total", "W", "mod_cdrs, total_cost", "Make the parts and the total one sum."),
        parts_incl_differ_from_total,
    ),
    Check(
        rule("sides-contradict", "W", "types, Price class", "State the amount with taxes as the larger one."),
        sides_contradict,
    ),
    Check(
        rule("tax-amount-differs", "W", "OCPI 2.3.0, types, TaxAmount", "Compute the amount from the percentage."),
        tax_amount_differs,
    ),
    Check(
        rule("cost-without-volume", "W", "mod_cdrs, ChargingPeriod", "State the volume that was charged for."),
        cost_without_volume,
    ),
    Check(rule("energy-looks-like-wh", "W", "mod_cdrs, total_energy", "State energy in kWh."), energy_looks_like_wh),
    Check(
        rule("time-looks-like-minutes", "W", "mod_cdrs, total_time", "State durations in hours."),
        time_looks_like_minutes,
    ),
    _known("energy-sum-differs", "W", "total_energy", "Make total_energy the sum of the periods."),
    _known("time-sum-exceeds-total", "W", "total_time", "State the time of the session from start to end."),
    _known("duration-differs", "W", "total_time", "State the time of the session from start to end."),
    _known("total-time-counts-reservation", "I", "total_time", "Count from the start of charging."),
    _known("parking-time-exceeds-total", "W", "total_parking_time", "Make it the sum of the periods."),
    _known("parking-time-gap", "I", "total_parking_time", "Nothing, if parking is free for the rest."),
    _known("credit-not-negative", "W", "credit CDRs", "Negate total_cost."),
    _known("credit-parts-negated", "W", "credit CDRs", "Negate total_cost only."),
    _known("periods-not-in-order", "W", "charging_periods", "Put the periods in order of time."),
    _known("period-without-dimensions", "W", "ChargingPeriod, dimensions", "State the volumes of the period."),
    _known("session-only-dimension", "W", "CdrDimensionType", "Leave it to the Session."),
    _known("unknown-dimension", "W", "CdrDimensionType", "Use a dimension of OCPI."),
    _known("duplicate-dimension", "W", "ChargingPeriod, dimensions", "State one volume per dimension and period."),
)
