"""Rounding profiles: the ways in which a CPO may round its claims, by name and version.

OCPI prescribes no rounding (2.2.1, mod_tariffs, Tariff object, NOTE), so a price here is exact, and a profile says how
somebody else makes money of it: at which place, in which mode, to how many decimals, and from what the VAT is
computed. A name such as `period-truncated-vat-on-rounded-net/1` never changes its meaning; a change is a new version.
An agreement may name the profile of its CPO's claims.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal, localcontext
from enum import StrEnum
from typing import Final

from tariffs.breakdown import Breakdown, Cost, CostLine
from tariffs.money import MINOR_DIGITS
from tariffs.quantity import WIDE, ZERO


class Place(StrEnum):
    """What is rounded, and then added up."""

    CHARGE = "charge"
    """The total of the whole charge."""
    DIMENSION = "dimension"
    """Each part of the total: energy, time, parking, fixed, reservation."""
    COMPONENT = "component"
    """Each price component of the tariff, over the whole charge."""
    PERIOD = "period"
    """Each charging period."""
    LINE = "line"
    """Each price component in each charging period: a line of the breakdown."""


class Mode(StrEnum):
    """Where a rest goes; all of them mirror an amount and its credit."""

    HALF_UP = "half-up"
    HALF_EVEN = "half-even"
    UP = "up"
    TRUNCATED = "truncated"


class VatBase(StrEnum):
    """What the amount including VAT is made of."""

    EXACT = ""
    """Each side of VAT is rounded by itself, from the exact amount."""
    ROUNDED_NET = "vat-on-rounded-net"
    """VAT once for each rate, on the sum of the rounded net amounts; then rounded alike."""
    ROUNDED_PARTS = "vat-on-rounded-parts"
    """VAT on each rounded net amount; each rounded alike, then added up."""


@dataclass(frozen=True, slots=True)
class RoundingProfile:
    """One way to round a claim; `decimals` None means the minor unit of the currency (ISO 4217)."""

    name: str
    place: Place | None
    """None: nothing is rounded."""
    mode: Mode
    vat: VatBase
    decimals: int | None = None

    @property
    def words(self) -> str:
        """How it rounds, as words that follow "the CPO".

        >>> PROFILES["period-truncated-vat-on-rounded-net/1"].words
        'cuts off per period, VAT on the rounded net'
        """
        if self.place is None:
            return "does not round"
        fine = f" to {self.decimals} decimals" if self.decimals is not None else ""
        return f"{_VERBS[self.mode]}{fine} per {self.place}{_BASES[self.vat]}"


_VERBS: Final = {
    Mode.HALF_UP: "rounds half up",
    Mode.HALF_EVEN: "rounds half to even",
    Mode.UP: "rounds up",
    Mode.TRUNCATED: "cuts off",
}
_BASES: Final = {
    VatBase.EXACT: "",
    VatBase.ROUNDED_NET: ", VAT on the rounded net",
    VatBase.ROUNDED_PARTS: ", VAT on each rounded amount",
}
_MODES: Final = {
    Mode.HALF_UP: ROUND_HALF_UP,
    Mode.HALF_EVEN: ROUND_HALF_EVEN,
    Mode.UP: ROUND_UP,
    Mode.TRUNCATED: ROUND_DOWN,
}

def _profiles() -> list[RoundingProfile]:
    """All profiles, what is usual first."""
    found = [RoundingProfile("exact/1", None, Mode.HALF_UP, VatBase.EXACT)]
    for mode in Mode:
        for base in VatBase:
            for place in Place:
                if (place, base) != (Place.CHARGE, VatBase.ROUNDED_PARTS):  # the charge is one part
                    name = "-".join(filter(None, (place, mode, base)))
                    found.append(RoundingProfile(f"{name}/1", place, mode, base))
    fine = [*((mode, place, 4) for mode in Mode for place in Place), *((mode, Place.CHARGE, 3) for mode in Mode)]
    for mode, place, decimals in fine:  # OCPI's numbers have up to four decimals (types, number)
        name = f"{place}-{mode}-{decimals}-decimals/1"
        found.append(RoundingProfile(name, place, mode, VatBase.EXACT, decimals))
    return found


PROFILES: Final[dict[str, RoundingProfile]] = {profile.name: profile for profile in _profiles()}
"""Every profile by its name, what is usual first."""

EXACT: Final = PROFILES["exact/1"]


def round_by(breakdown: Breakdown, profile: RoundingProfile) -> Cost:
    """Return the total of a price as a CPO claims it that rounds by a profile; a side that is unknown stays None."""
    with localcontext(WIDE):
        return _Shares(breakdown).total(profile)


def roundings(breakdown: Breakdown) -> dict[str, Cost]:
    """Return the total of a price under every profile, by name and in their order."""
    with localcontext(WIDE):
        shares = _Shares(breakdown)
        return {name: shares.total(profile) for name, profile in PROFILES.items()}


@dataclass(frozen=True, slots=True)
class _Share:
    """An amount that is rounded as a whole: both sides of VAT, and what one side is times the other."""

    excl: Decimal | None
    incl: Decimal | None
    factor: Decimal


_PARTS: Final = {"RESERVATION_TIME": "reservation", "RESERVATION_FLAT": "reservation"}
_KEYS: Final[dict[Place, Callable[[CostLine], Hashable]]] = {
    Place.CHARGE: lambda line: None,
    Place.DIMENSION: lambda line: _PARTS.get(line.dimension, line.dimension),
    Place.COMPONENT: lambda line: (line.tariff_id, line.element, line.dimension),
    Place.PERIOD: lambda line: line.period,
    Place.LINE: lambda line: id(line),
}
_NOISE_DIGITS: Final = 40
_NOISE: Final = Decimal(1).scaleb(-_NOISE_DIGITS)
"""What a division by 3600 leaves beyond it is no amount, and must not decide where a half or a rest goes."""


class _Shares:
    """The lines of a price in groups, those of places that group alike only once."""

    def __init__(self, breakdown: Breakdown) -> None:
        self.exact = breakdown.total_cost
        self.digits = MINOR_DIGITS.get((breakdown.currency or "").upper(), 2)
        lines = breakdown.lines
        self.sign = -1 if _is_negated(breakdown) else 1
        if any(line.dimension in ("MIN_PRICE", "MAX_PRICE") for line in lines):
            # A limit is an amount for the whole charge: however the parts are rounded, it is what is owed.
            whole: tuple[_Share, ...] = (_whole(breakdown, self.sign),)
            self.of = dict.fromkeys(Place, whole)
        else:
            same: dict[tuple[int, ...], tuple[_Share, ...]] = {}
            self.of = {place: _grouped(lines, place, same) for place in Place}
        self.made: dict[tuple[int, Mode, int], _Rounded] = {}

    def total(self, profile: RoundingProfile) -> Cost:
        """The total under a profile, the same object for places that group alike."""
        if profile.place is None or (self.exact.excl_vat is None and self.exact.incl_vat is None):
            return self.exact
        shares = self.of[profile.place]
        digits = self.digits if profile.decimals is None else profile.decimals
        key = (id(shares), profile.mode, digits)
        if key not in self.made:
            self.made[key] = _Rounded(shares, _MODES[profile.mode], digits, self.sign)
        return self.made[key].total(profile.vat)


def _is_negated(breakdown: Breakdown) -> bool:
    """Whether the total is that of a credit CDR: the lines with the other sign."""
    for side in ("excl_vat", "incl_vat"):
        total = getattr(breakdown.total_cost, side)
        if total is not None:
            return bool(total * sum((getattr(line.cost, side) or ZERO for line in breakdown.lines), ZERO) < 0)
    return False


def _whole(breakdown: Breakdown, sign: int) -> _Share:
    priced = [line for line in breakdown.lines if line.dimension not in ("MIN_PRICE", "MAX_PRICE")]
    excl, incl = breakdown.total_cost.excl_vat, breakdown.total_cost.incl_vat
    excl, incl = (None if side is None else sign * side for side in (excl, incl))
    return _Share(_without_noise(excl), _without_noise(incl), _factor(priced, excl, incl))


def _grouped(
    lines: Sequence[CostLine], place: Place, same: dict[tuple[int, ...], tuple[_Share, ...]]
) -> tuple[_Share, ...]:
    groups: dict[Hashable, list[CostLine]] = {}
    for line in lines:
        groups.setdefault(_KEYS[place](line), []).append(line)
    # Lines in their order with the number of their group: equal for places that group alike.
    number = {key: at for at, key in enumerate(groups)}
    shape = tuple(number[_KEYS[place](line)] for line in lines)
    if shape not in same:
        same[shape] = tuple(_share(group) for group in groups.values())
    return same[shape]


def _share(lines: Sequence[CostLine]) -> _Share:
    if len(lines) == 1:
        excl, incl = lines[0].cost.excl_vat, lines[0].cost.incl_vat
    else:
        excl = _sum([line.cost.excl_vat for line in lines])
        incl = _sum([line.cost.incl_vat for line in lines])
    return _Share(_without_noise(excl), _without_noise(incl), _factor(lines, excl, incl))


def _without_noise(amount: Decimal | None) -> Decimal | None:
    if amount is None:
        return None
    exponent = amount.as_tuple().exponent
    return amount.quantize(_NOISE) if isinstance(exponent, int) and exponent < -_NOISE_DIGITS else amount


def _factor(lines: Sequence[CostLine], excl: Decimal | None, incl: Decimal | None) -> Decimal:
    """1 + VAT/100; of prices with several rates the mean one, weighed by their amounts."""
    rates = {line.vat or ZERO for line in lines}
    if len(rates) == 1:
        return 1 + rates.pop().scaleb(-2)
    return incl / excl if excl and incl is not None else Decimal(1)


def _sum(amounts: Sequence[Decimal | None]) -> Decimal | None:
    total = ZERO
    for amount in amounts:
        if amount is None:
            return None
        total += amount
    return total


class _Rounded:
    """Shares rounded in one mode to some decimals, with each base of the VAT made when it is asked for."""

    def __init__(self, shares: Sequence[_Share], mode: str, digits: int, sign: int) -> None:
        self.shares, self.mode, self.sign = shares, mode, sign
        self.unit = Decimal(1).scaleb(-digits)
        self.nets = [self._round(share.excl) for share in shares]
        self.excl = _sum(self.nets)
        self.is_known = self.excl is not None and all(share.incl is not None for share in shares)
        self.made: dict[VatBase, Cost] = {}

    def total(self, base: VatBase) -> Cost:
        """Both sides with the VAT of a base, made once; a side that is unknown stays None."""
        if base not in self.made:
            incl = self._incl(base)
            excl, incl = (None if side is None else self.sign * side for side in (self.excl, incl))
            self.made[base] = Cost(excl, incl)
        return self.made[base]

    def _incl(self, base: VatBase) -> Decimal | None:
        if base is VatBase.EXACT or not self.is_known:
            return _sum([self._round(share.incl) for share in self.shares])
        parts = [((net or ZERO), share.factor) for net, share in zip(self.nets, self.shares, strict=True)]
        if base is VatBase.ROUNDED_NET:
            by_rate: dict[Decimal, Decimal] = {}
            for net, factor in parts:
                by_rate[factor] = by_rate.get(factor, ZERO) + net
            parts = [(net, factor) for factor, net in by_rate.items()]
        return _sum([self._round(net * factor) for net, factor in parts])

    def _round(self, amount: Decimal | None) -> Decimal | None:
        return None if amount is None else amount.quantize(self.unit, rounding=self.mode)
