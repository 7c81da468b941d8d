"""Asks both pricers about one session and says where their answers part."""

from decimal import Decimal
from fractions import Fraction

from naive import Answer, answer
from sessions import Session

from tariffs import Breakdown, price
from tariffs.ocpi import decode, read_cdr, read_tariff

# The engine computes in decimals, the naive pricer in fractions: a third may differ after the last digit of the former.
LAST_DIGIT = Fraction(1, 10**24)


def disagreements(session: Session) -> list[str]:
    """Return what the two pricers see differently, one line for each amount or quantity."""
    naive = answer(session.cdr, list(session.tariffs), session.zone, session.version)
    ours, theirs = _flat_engine(_engine(session)), _flat_naive(naive)
    return [
        f"{name}: engine {ours[name]}, naive {_shown(theirs[name])}" for name in ours if _differ(ours, theirs, name)
    ]


def _differ(ours: dict[str, Decimal | None], theirs: dict[str, Fraction | None], name: str) -> bool:
    one, other = ours[name], theirs[name]
    if one is None or other is None:
        return (one is None) != (other is None)
    return abs(Fraction(one) - other) > LAST_DIGIT


def _shown(value: Fraction | None) -> str:
    return "None" if value is None else str(Decimal(value.numerator) / Decimal(value.denominator))


def _engine(session: Session) -> Breakdown | None:
    cdr = read_cdr(decode(session.cdr), version=session.version).cdr
    tariffs = [read_tariff(decode(text), version=session.version).tariff for text in session.tariffs]
    if cdr is None:
        return None
    return price(cdr, tariffs=[tariff for tariff in tariffs if tariff is not None], time_zone=session.zone)


PARTS = ("energy", "time", "parking", "fixed", "reservation")
BILLED = {
    "energy_kwh": "ENERGY",
    "time_min": "TIME",
    "parking_min": "PARKING_TIME",
    "reservation_min": "RESERVATION_TIME",
}


def _flat_engine(breakdown: Breakdown | None) -> dict[str, Decimal | None]:
    flat: dict[str, Decimal | None] = {}
    for name in ("total_cost", *(f"total_{part}_cost" for part in PARTS)):
        cost = getattr(breakdown, name, None)
        flat[f"{name}.excl_vat"] = getattr(cost, "excl_vat", None)
        flat[f"{name}.incl_vat"] = getattr(cost, "incl_vat", None)
    return flat | {name: getattr(breakdown and breakdown.billed, name, None) for name in BILLED}


def _flat_naive(found: Answer | None) -> dict[str, Fraction | None]:
    flat: dict[str, Fraction | None] = {}
    for name in ("total_cost", *(f"total_{part}_cost" for part in PARTS)):
        cost = None if not found else found.total if name == "total_cost" else found.parts[name.split("_")[1]]
        flat[f"{name}.excl_vat"], flat[f"{name}.incl_vat"] = cost or (None, None)
    return flat | {name: found and found.billed[measured] for name, measured in BILLED.items()}
