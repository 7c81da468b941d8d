"""method_of(accounts): the one thing that a partner does otherwise, where it makes nearly all of its claims.

Counted over the claims that differ. A method is a reading with a rounding profile. Where the reading does not come up
in a charge, the profile alone must make the claim; so a reading of parking is a method also where few charges park.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Final

from tariffs.differences.accounting import SHIFTS, Account
from tariffs.differences.catalogue import ORDER, READINGS
from tariffs.differences.reading import AS_DECIDED
from tariffs.quantity import WIDE, ZERO
from tariffs.rounding import PROFILES

FEWEST_CLAIMS: Final = 20
"""With fewer claims that differ no method is named."""
LEAST_PERCENT: Final = 95
"""A method makes at least this share of the claims that differ."""

_Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Method:
    """What a partner does in its claims: one reading, and the profiles that make equally many of them."""

    reading: str
    profiles: tuple[str, ...]
    claims: int
    """How many of the differing claims it makes."""
    of: int
    money: Decimal
    """Claimed less computed of those, in the currency of the claims."""

    @property
    def words(self) -> str:
        """What the partner does, as words that follow "the CPO"; of several ways to round the most usual."""
        rounding = PROFILES[self.profiles[0]].words
        return rounding if self.reading == AS_DECIDED else f"{READINGS[self.reading].words} and {rounding}"


@dataclass(frozen=True, slots=True)
class Share:
    """How many differing claims a reading makes with some rounding, and their money."""

    reading: str
    claims: int
    money: Decimal

    @property
    def words(self) -> str:
        """The reading, as words that follow "the CPO"."""
        return "rounds, and nothing else" if self.reading == AS_DECIDED else READINGS[self.reading].words


@dataclass(frozen=True, slots=True)
class Partner:
    """The claims of one partner in one currency, and the methods that make nearly all that differ (mostly none)."""

    claims: int
    without_claim_or_price: int
    differing: int
    explained: int
    money: Decimal
    """Claimed less computed of all claims that differ."""
    unexplained_money: Decimal
    methods: tuple[Method, ...]
    shares: tuple[Share, ...]
    """By reading, the most frequent first. A claim that rounding alone makes counts there only, another one in every
    reading that makes it."""
    coincidences: int
    """Of `tried` amounts up to 50 minor units beside our prices, how many some cause would make all the same."""
    tried: int

    @property
    def unexplained(self) -> int:
        """How many differing claims no cause makes."""
        return self.differing - self.explained


class Tally:
    """The accounts of one partner added up one by one, in memory that does not grow with them."""

    def __init__(self) -> None:
        self._claims = self._incomparable = self._differing = self._explained = self._coincidences = 0
        self._money = self._unexplained_money = ZERO
        self._fits: Counter[_Key] = Counter()
        self._fit_money: defaultdict[_Key, Decimal] = defaultdict(Decimal)
        self._replaced: Counter[_Key] = Counter()
        """Claims that a profile makes alone, in charges where the reading comes up and so must make them itself."""
        self._replaced_money: defaultdict[_Key, Decimal] = defaultdict(Decimal)
        self._readings: Counter[str] = Counter()
        self._reading_money: defaultdict[str, Decimal] = defaultdict(Decimal)

    def add(self, account: Account) -> None:
        """Count one account; all of a tally are of one currency."""
        with localcontext(WIDE):
            self._add(account)

    def _add(self, account: Account) -> None:
        if not account.is_comparable:
            self._incomparable += 1
            return
        self._claims += 1
        if account.difference is None:
            return
        money = account.money
        self._differing += 1
        self._money += money
        self._coincidences += account.coincidences
        if account.causes:
            self._explained += 1
        else:
            self._unexplained_money += money
        keys = {(cause.reading, profile) for cause in account.causes for profile in cause.profiles}
        for key in keys:
            self._fits[key] += 1
            self._fit_money[key] += money
            if key[0] == AS_DECIDED:
                for reading in account.changed:
                    self._replaced[reading, key[1]] += 1
                    self._replaced_money[reading, key[1]] += money
        readings = {cause.reading for cause in account.causes}
        for reading in {AS_DECIDED} if AS_DECIDED in readings else readings:
            self._readings[reading] += 1
            self._reading_money[reading] += money

    def partner(self) -> Partner:
        """Return what was counted, with its methods."""
        with localcontext(WIDE):
            return self._partner()

    def _partner(self) -> Partner:
        shares = [Share(reading, count, self._reading_money[reading]) for reading, count in self._readings.items()]
        return Partner(
            self._claims,
            self._incomparable,
            self._differing,
            self._explained,
            self._money,
            self._unexplained_money,
            self._methods(),
            tuple(sorted(shares, key=lambda share: (-share.claims, ORDER[share.reading]))),
            self._coincidences,
            2 * SHIFTS * self._differing,
        )

    def _methods(self) -> tuple[Method, ...]:
        if self._differing < FEWEST_CLAIMS:
            return ()
        counts = {key: self._count(key) for key in self._fits}
        best = max(counts.values(), default=0)
        if best * 100 < LEAST_PERCENT * self._differing:
            return ()
        profiles: defaultdict[str, list[str]] = defaultdict(list)
        for key in sorted(counts, key=_order):
            # A reading earns its place: it makes more claims than its rounding alone.
            if counts[key] == best and (key[0] == AS_DECIDED or best > self._fits[AS_DECIDED, key[1]]):
                profiles[key[0]].append(key[1])
        return tuple(
            Method(reading, tuple(names), best, self._differing, self._money_of((reading, names[0])))
            for reading, names in profiles.items()
        )

    def _count(self, key: _Key) -> int:
        if key[0] == AS_DECIDED:
            return self._fits[key]
        return self._fits[key] + self._fits[AS_DECIDED, key[1]] - self._replaced[key]

    def _money_of(self, key: _Key) -> Decimal:
        if key[0] == AS_DECIDED:
            return self._fit_money[key]
        return self._fit_money[key] + self._fit_money[AS_DECIDED, key[1]] - self._replaced_money[key]


_PLACE: Final = {name: place for place, name in enumerate(PROFILES)}


def _order(key: _Key) -> tuple[int, int]:
    return ORDER[key[0]], _PLACE[key[1]]


def method_of(accounts: Iterable[Account]) -> Partner:
    """Add up the accounts of one partner, all in one currency, and name its methods.

    A method is named from 20 differing claims on, where it makes at least 95 % of them; of several that make equally
    many all are named, the usual ones first. Money is claimed less computed, exact, in the currency of the claims.
    """
    tally = Tally()
    for account in accounts:
        tally.add(account)
    return tally.partner()
