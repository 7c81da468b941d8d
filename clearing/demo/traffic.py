"""Who charges when, where and how much: one charge at a time per connector and per token, by day, night and weekend."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from random import Random

from clearing.demo.charge import Connector, Stretch, Token, local_day, seconds_since_1970, stretches
from clearing.demo.cost import Claim, Cost, claim, cost
from clearing.demo.fleet import Fleet
from clearing.demo.price_lists import PriceList
from clearing.demo.world import OPERATORS, Pair

_HOURS = tuple(accumulate((3, 2, 2, 2, 3, 6, 14, 26, 34, 30, 26, 26, 30, 28, 26, 26, 30, 42, 46, 40, 32, 24, 16, 8)))
_TIER_WATTS = {7_400: (4_000, 5_000), 11_000: (5_000, 8_000, 10_000), 22_000: (10_000, 20_000)}
_PAUSE_S = 25 * 60
"""A connector and a token rest this long, so that nobody can take two charges for one by their time."""


@dataclass(frozen=True, slots=True)
class Charge:
    """A charge with everything both sides know of it, before anybody writes a record."""

    pair: Pair
    connector: Connector
    token: Token
    price_list: PriceList
    stretches: tuple[Stretch, ...]
    cost: Cost
    claim: Claim
    number: str
    embeds: bool
    jitter: tuple[int, int, int]

    @property
    def start(self) -> int:
        """Return the instant at which it began."""
        return self.stretches[0].start

    @property
    def end(self) -> int:
        """Return the instant at which it ended."""
        return self.stretches[-1].end

    @property
    def energy_e4(self) -> int:
        """Return the energy of all stretches."""
        return sum(stretch.energy_e4 for stretch in self.stretches)


@dataclass(slots=True)
class Traffic:
    """The occupation of connectors and tokens while charges are drawn in order of time."""

    fleet: Fleet
    rng: Random
    drawn: int = 0
    busy_until: dict[str, int] = field(default_factory=dict)

    def charge(self, pair: Pair, start: int) -> Charge:
        """Draw a charge of a pair that begins at `start`, or a little later where everything is occupied."""
        rng, operator = self.rng, OPERATORS[pair.cpo]
        start += -start % operator.grid_s
        connectors, tokens = self.fleet.connectors[pair.cpo], self.fleet.tokens[pair.emsp]
        connector = connectors[self._free(connectors, start)]
        token = tokens[self._free(tokens, start)]
        latest = max(self.busy_until.get(connector.uid, 0), self.busy_until.get(token.uid, 0))
        start = max(start, latest + -latest % operator.grid_s)
        phases, parked_s = self._phases(connector, operator.grid_s)
        parts = stretches(connector.price_list, connector.zone, start, phases, parked_s)
        exact = cost(connector.price_list, parts)
        self.busy_until[connector.uid] = self.busy_until[token.uid] = parts[-1].end + _PAUSE_S
        self.drawn += 1
        wide = 1 if pair.shares_ids else 4
        return Charge(
            pair,
            connector,
            token,
            connector.price_list,
            parts,
            exact,
            claim(connector.price_list, exact, operator.decimals),
            f"{self.drawn:07}",
            rng.randrange(10) < operator.embeds_of_ten,
            (rng.randrange(-5, 6) * wide, rng.randrange(-5, 6) * wide, rng.randrange(-70, 71) * wide),
        )

    def _free(self, things: tuple[Connector, ...] | tuple[Token, ...], start: int) -> int:
        """Return the position of one that is free at `start`, else of the one that is free first."""
        for _ in range(40):
            position = self.rng.randrange(len(things))
            if self.busy_until.get(things[position].uid, 0) <= start:
                return position
        return min(range(len(things)), key=lambda position: (self.busy_until.get(things[position].uid, 0), position))

    def _phases(self, connector: Connector, grid_s: int) -> tuple[tuple[tuple[int, int], ...], int]:
        """Draw the phases (seconds, watts) of a charge and how long the car stands there afterwards."""
        rng, price_list = self.rng, connector.price_list
        parks = price_list.prices("PARKING_TIME") and rng.randrange(2) == 0
        parked_s = rng.randrange(20, 500) * 36 if parks else 0
        if price_list.power == "DC":
            powers = [power for power in (_dc_power(rng, tier) for tier in (3, 2, 1)) if power < connector.watts]
            powers = powers[rng.randrange(len(powers)) :]
            return tuple((rng.randrange(8, 34) * 36, power) for power in powers), parked_s
        if price_list.has_limit("min_kwh_e4"):
            choices = _TIER_WATTS[connector.watts]
            watts = choices[rng.randrange(len(choices))]
        else:
            watts = rng.randrange(connector.watts * 5 // 100, connector.watts * 95 // 1000) * 10
        wanted_wh = rng.randrange(2_500, 9_000) if rng.randrange(5) == 0 else rng.randrange(9_000, 48_000)
        seconds = min(wanted_wh * 3600 // watts, 11 * 3600)
        return ((max(seconds - seconds % grid_s, 612), watts),), parked_s


def _dc_power(rng: Random, tier: int) -> int:
    low, high = {1: (2_500, 4_600), 2: (6_000, 13_500), 3: (16_000, 27_500)}[tier]
    return rng.randrange(low, high) * 10


def starts(first: date, cdrs: int, rng: Random) -> Iterator[int]:
    """Yield the instants at which `cdrs` charges of a month begin, in order, more of them by day than at night."""
    following = (first + timedelta(days=32)).replace(day=1)
    days = (following - first).days
    midnight = seconds_since_1970(datetime(first.year, first.month, first.day, tzinfo=UTC))
    for day in range(days):
        count = cdrs // days + (day < cdrs % days)
        hours = sorted(
            bisect_right(_HOURS, rng.randrange(_HOURS[-1])) * 3600 + rng.randrange(3600) for _ in range(count)
        )
        yield from (midnight + day * 86_400 + seconds for seconds in hours)


def month_of(charge: Charge) -> str:
    """Return the month of a charge: the local month of its end in the zone of the agreement."""
    return local_day(charge.end, charge.pair.zone).isoformat()[:7]


def runs_on(pair: Pair, day: date) -> bool:
    """Whether a pair may charge around a day without coming near the ends of its agreement."""
    starts_in_time = day >= pair.valid_from + timedelta(days=1)
    return starts_in_time and (pair.valid_until is None or day < pair.valid_until - timedelta(days=3))
