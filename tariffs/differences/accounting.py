"""account(cdr, breakdown): why a claim differs from our price: the one changed rule that makes it to its last digit."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Final

from tariffs.breakdown import Breakdown, Cost
from tariffs.cdr import Cdr, Claim
from tariffs.differences.case import Case
from tariffs.differences.catalogue import ORDER, READINGS
from tariffs.differences.reading import AS_DECIDED
from tariffs.money import MINOR_DIGITS
from tariffs.quantity import WIDE, ZERO
from tariffs.rounding import PROFILES, roundings
from tariffs.tariff import Tariff

SHIFTS: Final = 50
"""How many minor units above and below our price the coincidences are counted."""

_TOTALS: Final = (
    "total_cost",
    "total_energy_cost",
    "total_time_cost",
    "total_parking_cost",
    "total_fixed_cost",
    "total_reservation_cost",
)
_LAST_DIGIT: Final = Decimal("5E-13")
"""Half of the last decimal that a price is written with; what lies below is the noise of a division or of a float."""
_USUAL: Final = frozenset(("exact/1", "charge-half-up/1"))
"""Profiles that need no word beside a reading: a claim in cents is rounded somehow."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One total of a CDR as claimed and as computed, in its currency; `by` is claimed less computed, None unknown."""

    total: str
    claimed: Claim
    computed: Cost
    by: Cost


@dataclass(frozen=True, slots=True)
class Cause:
    """One changed rule that makes the claim exactly, and the rounding profiles with which it does."""

    reading: str
    """The id of a reading, or `as-decided` where only rounding makes the difference."""
    detail: str
    profiles: tuple[str, ...]
    amount: Cost
    """What the cause comes to: claimed less computed, the sides that both know."""
    parts_agree: bool | None
    """Whether it makes the parts too that the CDR claims (energy, time and so on); None: it claims none."""

    @property
    def is_simple(self) -> bool:
        """Whether one thing alone makes the claim: rounding, or a reading with the usual rounding."""
        return self.reading == AS_DECIDED or bool(_USUAL & set(self.profiles))

    @property
    def words(self) -> str:
        """What the CPO does otherwise, as words that follow "the CPO"; of several ways to round the most usual."""
        rounding = PROFILES[self.profiles[0]].words
        if self.reading == AS_DECIDED:
            return rounding
        read = READINGS[self.reading].words + (f" ({self.detail})" if self.detail else "")
        return read if self.is_simple else f"{read} and {rounding}"


@dataclass(frozen=True, slots=True)
class Account:
    """The account of one claim. It differs when `difference` is there; without causes it is unexplained."""

    currency: str | None
    totals: tuple[Difference, ...] = ()
    """Every total that the CDR claims and we know, total_cost first."""
    difference: Cost | None = None
    """Claimed less computed of total_cost on the sides that both know; None: equal, or nothing to compare."""
    causes: tuple[Cause, ...] = ()
    changed: frozenset[str] = frozenset()
    """Readings that come up in this charge: another price of some line follows from each."""
    amounts: int = 0
    """How many amounts were compared with the claim: readings times rounding profiles."""
    coincidences: int = 0
    """How many of the 100 amounts up to 50 minor units beside our price some cause would make all the same."""
    is_comparable: bool = False
    """Whether there is a claim and a price to compare it with."""

    @property
    def words(self) -> str:
        """The simplest causes in one line, `unexplained` as the last answer; empty where nothing differs."""
        if self.difference is None:
            return ""
        if not self.causes:
            return "unexplained"
        simple = [cause for cause in self.causes if cause.is_simple]
        said = [cause.words for cause in (simple or self.causes)[:_MOST_NAMED]]
        more = len(self.causes) - len(said)
        return "; or ".join(said) + (f"; or {more} more" if more else "")

    @property
    def money(self) -> Decimal:
        """The difference before VAT, else including it; 0 where nothing differs."""
        if self.difference is None:
            return ZERO
        excl, incl = self.difference.excl_vat, self.difference.incl_vat
        return excl if excl is not None else incl if incl is not None else ZERO


_MOST_NAMED: Final = 3


def account(
    cdr: Cdr,
    breakdown: Breakdown,
    *,
    tariffs: Sequence[Tariff] = (),
    override: Tariff | None = None,
    time_zone: str | None = None,
    location_time_zone: str | None = None,
    operator_time_zone: str | None = None,
    profile: str | None = None,
    reservation_outcome: str | None = None,
    others: Sequence[Tariff] = (),
) -> Account:
    """Account for the difference between what a CDR claims and its price, made with the same arguments.

    `others` are tariffs that the price does not look at and somebody else may have used: older and newer versions,
    other tariffs of the CPO. The first twelve are tried.
    Amounts are in the currency of the CDR, as claimed and exact. A cause is named only when it makes every side of
    VAT that the claim states and our price knows, to the last digit; when several do, all are named. Nothing is
    raised for bad data: without a claim or a price the account is empty. OCPI 2.2.1, mod_cdrs, total_cost; the rules
    that others read otherwise stand in `tariffs.decisions`.
    """
    case = Case(
        cdr,
        tuple(tariffs),
        override,
        time_zone,
        location_time_zone,
        operator_time_zone,
        profile,
        reservation_outcome,
        tuple(others),
    )
    with localcontext(WIDE):
        return _account(case, breakdown)


def _account(case: Case, ours: Breakdown) -> Account:
    cdr, claim = case.cdr, case.cdr.total_cost
    totals = tuple(_totals(cdr, ours))
    sides = () if claim is None else _sides(claim, ours.total_cost)
    if claim is None or not sides:
        return Account(cdr.currency, totals)
    if all(_same(getattr(claim, side), getattr(ours.total_cost, side)) for side in sides):
        return Account(cdr.currency, totals, is_comparable=True)
    tried = _Trial(cdr, claim, ours, sides)
    for reading, detail, answer in _answers(case, ours, sides):
        tried.take(reading, detail, answer)
    return Account(
        cdr.currency,
        totals,
        tried.difference,
        tuple(sorted(tried.causes, key=_order)),
        frozenset(tried.changed),
        tried.amounts,
        _coincidences(ours, sides, tried.made),
        is_comparable=True,
    )


class _Trial:
    """A claim against one price after another, each under every rounding profile."""

    def __init__(self, cdr: Cdr, claim: Claim, ours: Breakdown, sides: tuple[str, ...]) -> None:
        self.cdr, self.sides = cdr, sides
        self.difference = _less(claim, ours.total_cost)
        self.claimed: list[Decimal] = [getattr(claim, side) for side in sides]
        self.ours: Decimal = getattr(ours.total_cost, sides[0])
        self.unit = _unit(ours.currency)
        self.causes: list[Cause] = []
        self.changed: set[str] = set()
        self.made: set[tuple[Decimal | None, ...]] = set()
        self.amounts = 0

    def take(self, reading: str, detail: str, answer: Breakdown) -> None:
        """Compare all that rounding can make of a price with the claim, and keep it to count coincidences."""
        if reading != AS_DECIDED:
            self.changed.add(reading)
        self.amounts += len(PROFILES)
        if self._is_far(answer):
            return
        fits: dict[int, bool] = {}
        fitting = []
        for name, cost in roundings(answer).items():
            if id(cost) not in fits:
                amounts = tuple(getattr(cost, side) for side in self.sides)
                self.made.add(amounts)
                fits[id(cost)] = all(map(_same, self.claimed, amounts))
            if fits[id(cost)]:
                fitting.append(name)
        if fitting:
            agree = _parts_agree(self.cdr, answer)
            self.causes.append(Cause(reading, detail, tuple(fitting), self.difference, agree))

    def _is_far(self, answer: Breakdown) -> bool:
        """Whether no rounding brings a price to the claim, nor near enough to ours to be a coincidence."""
        total: Decimal | None = getattr(answer.total_cost, self.sides[0])
        if total is None:
            return True
        most = self.unit * 3 * (len(answer.lines) + 1)  # each line moves by less than a unit, and so does its VAT
        return abs(total - self.claimed[0]) > most and abs(total - self.ours) > most + self.unit * SHIFTS


def _answers(case: Case, ours: Breakdown, sides: tuple[str, ...]) -> Iterator[tuple[str, str, Breakdown]]:
    """Our own price, then every other one that some reading makes of the charge on the sides that are compared."""
    yield AS_DECIDED, "", ours
    before = _costs(ours, sides)
    for reading in READINGS.values():
        for detail, answer in reading.answers(case, ours):
            if answer is not None and _costs(answer, sides) != before:
                yield reading.id, detail, answer


def _costs(answer: Breakdown, sides: tuple[str, ...]) -> list[Decimal | None]:
    costs = [answer.total_cost, *(line.cost for line in answer.lines)]
    return [getattr(cost, side) for cost in costs for side in sides]


def _order(cause: Cause) -> tuple[bool, bool, int, str]:
    """What makes the parts as well comes first, then what needs no unusual rounding beside it."""
    return cause.parts_agree is False, not cause.is_simple, ORDER[cause.reading], cause.detail


def _sides(claim: Claim, cost: Cost) -> tuple[str, ...]:
    """The sides of VAT that the claim states and our price knows."""
    return tuple(s for s in ("excl_vat", "incl_vat") if getattr(claim, s) is not None and getattr(cost, s) is not None)


def _same(claimed: Decimal, made: Decimal | None) -> bool:
    return made is not None and (claimed == made or abs(claimed - made) <= _LAST_DIGIT)


def _less(claim: Claim, cost: Cost) -> Cost:
    excl, incl = (
        None if claimed is None or computed is None else claimed - computed
        for claimed, computed in ((claim.excl_vat, cost.excl_vat), (claim.incl_vat, cost.incl_vat))
    )
    return Cost(excl, incl)


def _totals(cdr: Cdr, breakdown: Breakdown) -> Iterator[Difference]:
    for name in _TOTALS:
        claim: Claim | None = getattr(cdr, name)
        computed: Cost = getattr(breakdown, name)
        if claim is not None and _sides(claim, computed):
            yield Difference(name, claim, computed, _less(claim, computed))


_PARTS: Final = {
    "total_energy_cost": ("ENERGY",),
    "total_time_cost": ("TIME",),
    "total_parking_cost": ("PARKING_TIME", "FLAT"),
    "total_fixed_cost": ("PARKING_TIME", "FLAT"),
    "total_reservation_cost": ("RESERVATION_TIME", "RESERVATION_FLAT"),
}


def _parts_agree(cdr: Cdr, answer: Breakdown) -> bool | None:
    """Whether the claimed parts are those of a price, up to what rounding each line can move."""
    claims: dict[tuple[str, ...], Decimal] = {}
    for name, dimensions in _PARTS.items():
        claim: Claim | None = getattr(cdr, name)
        if claim is not None and claim.excl_vat is not None:
            amount = abs(claim.excl_vat) if cdr.credit else claim.excl_vat
            claims[dimensions] = claims.get(dimensions, ZERO) + amount
    if not claims:
        return None
    unit = _unit(answer.currency)
    for dimensions, amount in claims.items():
        lines = [line for line in answer.lines if line.dimension in dimensions]
        known = [line.cost.excl_vat for line in lines if line.cost.excl_vat is not None]
        if abs(amount - sum(known, ZERO)) >= unit * max(len(lines), 1):
            return False
    return True


def _unit(currency: str | None) -> Decimal:
    return Decimal(1).scaleb(-MINOR_DIGITS.get((currency or "").upper(), 2))


def _coincidences(ours: Breakdown, sides: tuple[str, ...], made: set[tuple[Decimal | None, ...]]) -> int:
    """Count the wrong amounts, each shifted by whole minor units with the VAT that goes with it, that a cause makes."""
    unit = _unit(ours.currency)
    total = ours.total_cost
    rate = total.incl_vat / total.excl_vat if total.excl_vat and total.incl_vat is not None else Decimal(1)
    base = getattr(total, sides[0]).quantize(unit, rounding=ROUND_HALF_UP)
    shifted = [base + shift * unit for shift in range(-SHIFTS, SHIFTS + 1) if shift]
    if len(sides) == 1:
        return sum((amount,) in made for amount in shifted)
    return sum((net, (net * rate).quantize(unit, rounding=ROUND_HALF_UP)) in made for net in shifted)

