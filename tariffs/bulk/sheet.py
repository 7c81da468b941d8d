"""A tariff in the whole numbers of the bulk way, and which price component applies when.

What applies is read from the grid of the tariff (`tariffs.grid`), which asked the one matcher between all thresholds;
nothing here knows a rule of matching. The components that a set of applying elements leads to are remembered.
"""

from datetime import datetime
from decimal import Decimal
from typing import Final

from mypy_extensions import i64

from tariffs.bulk.instants import DAY, EPOCH_ORDINAL
from tariffs.bulk.line import cost
from tariffs.bulk.native import place_after, row
from tariffs.bulk.notes import as_json, notes_text
from tariffs.bulk.numbers import MOST_FACTOR, MOST_NET, MOST_PRICE, UNIT, Unusual
from tariffs.grid import NEAR, Grid, bit_of, grid_of
from tariffs.money import half_minor
from tariffs.plan import DIMENSIONS, Option, Plan
from tariffs.tariff import PriceLimit, Taxes

_MOST_ELEMENTS: Final = 60
_MOST_COMBINED: Final = 64
_MOST_SHARED: Final = 1000
_FARTHEST: Final = 10**12
_MOST_STEP: Final = 10_000_000
"""In Wh or seconds: `numbers.MOST_QUANTITY` in either of its units, or less."""
_MOST_DIGITS: Final = 20
_DAY: Final[i64] = DAY
_THURSDAY: Final[i64] = 3
"""The weekday of 1970-01-01, Monday being 0."""
_VOLUME_DIGITS: Final = 4
_PRICE_DIGITS: Final = 4
_FACTOR_DIGITS: Final = 4
_FLAT_EXCL: Final[i64] = 36 * 10**8
_FLAT_INCL: Final[i64] = 36 * 10**4
"""A price, and a price times its factor, in units of 1/`UNIT`."""
_ENDLESS: Final = 9 * 10**18
_LIMIT_UNIT: Final = UNIT // 10**_PRICE_DIGITS


class Rate:
    """A price component: its price and 1 + VAT in units of 1/10000, its step in Wh or seconds."""

    def __init__(self, price: int, factor: int, step: int) -> None:
        self.price: i64 = price
        self.factor: i64 = factor
        self.step: i64 = step
        self.flat_excl: i64 = self.price * _FLAT_EXCL
        self.flat_incl: i64 = self.price * self.factor * _FLAT_INCL
        """What it costs as a FLAT."""
        self.flat = b""
        """The same as JSON, where it is one."""


class Cell:
    """What applies together; `is_odd` where the matcher may have something to say about it."""

    def __init__(
        self, flat: Rate | None, energy: Rate | None, time: Rate | None, parking: Rate | None, is_odd: bool
    ) -> None:
        self.flat = flat
        self.energy = energy
        self.time = time
        self.parking = parking
        self.is_odd = is_odd


def whole(value: Decimal, digits: int, most: int) -> int:
    """Return value x 10^digits, or raise `Unusual` where that is no whole number, or beyond `most` either way."""
    if not value.is_finite() or value.adjusted() > _MOST_DIGITS:
        raise Unusual
    number = int(value.scaleb(digits))
    if Decimal(number).scaleb(-digits) != value or number > most or number < -most:
        raise Unusual
    return number


def epoch_second(instant: datetime) -> int:
    """Return an instant in UTC as whole seconds since 1970; `Unusual` where it has a fraction."""
    if instant.microsecond:
        raise Unusual
    days = instant.toordinal() - EPOCH_ORDINAL
    return days * DAY + instant.hour * 3600 + instant.minute * 60 + instant.second


class Sheet:
    """A plan for the bulk way; raises `Unusual` for a tariff that it does not price."""

    def __init__(self, plan: Plan) -> None:
        tariff = plan.tariff
        if plan.has_load or plan.has_unknown or plan.has_bookings or tariff.taxes is not Taxes.ADDED:
            raise Unusual
        if not tariff.elements or len(tariff.elements) > _MOST_ELEMENTS:
            raise Unusual
        self.tariff = tariff
        self.id = tariff.id.encode("utf-8") + b'"'
        self.currency = _shared(tariff.currency.encode("utf-8") + b'"')
        """Both with the quote that ends them."""
        self.id_json = as_json(tariff.id)
        self.currency_json = as_json(tariff.currency)
        self.is_regular = tariff.type is None or tariff.type == "REGULAR"
        self.start: i64 = -_ENDLESS if tariff.start is None else epoch_second(tariff.start)
        self.end: i64 = _ENDLESS if tariff.end is None else epoch_second(tariff.end)
        self.is_limited = tariff.min_price is not None or tariff.max_price is not None
        self.floor_excl: i64 = _side(tariff.min_price, -_ENDLESS, has_taxes=False)
        self.floor_incl: i64 = _side(tariff.min_price, -_ENDLESS, has_taxes=True)
        self.cap_excl: i64 = _side(tariff.max_price, _ENDLESS, has_taxes=False)
        self.cap_incl: i64 = _side(tariff.max_price, _ENDLESS, has_taxes=True)
        self.half_minor: i64 = whole(half_minor(tariff.currency) * UNIT, 0, UNIT)
        self.zone = b""
        self.terms = b""
        """By what a record of this tariff was priced that had this zone, both as JSON: mostly there is but one."""
        self.notes = notes_text(plan.lints)
        self.energy_is_priced = "ENERGY" in plan.priced
        self.time_is_priced = "TIME" in plan.priced
        self.can_change = len(plan.changing) > 0
        self._changes = [dimension in plan.changing for dimension in DIMENSIONS]
        self._bits = [row([bit_of(option) for option in plan.charging[dimension]]) for dimension in DIMENSIONS]
        self._rates = [[_rate(option) for option in plan.charging[dimension]] for dimension in DIMENSIONS]
        for rate in self._rates[0]:
            rate.flat = cost(rate.flat_excl, rate.flat_incl)
        self._every: i64 = (2 << len(tariff.elements)) - 1
        self._cells: dict[int, Cell] = {}
        """By the elements that apply."""
        self._applying = self._every
        self._cell = self._cell_of(self._every)
        """The one asked for last."""
        self.needs_clock = plan.needs_clock
        self._set_grid(grid_of(plan))

    def _set_grid(self, grid: Grid) -> None:
        """Every threshold of every restriction, and which elements apply from there on."""
        seconds = list(grid.seconds)
        days = [day.toordinal() - EPOCH_ORDINAL for day in grid.days]
        kwhs = [whole(mark, _VOLUME_DIGITS, _FARTHEST) for mark in grid.kwhs]
        durations = [whole(mark, 0, _FARTHEST) for mark in grid.durations]
        marks = [*seconds, *days, *kwhs, *durations]
        self._days: i64 = len(seconds)
        self._kwhs: i64 = self._days + len(days)
        self._durations: i64 = self._kwhs + len(kwhs)
        self._end: i64 = len(marks)
        self._marks = row(marks)
        """Seconds of the day, days, kWh and durations one after the other, so that they lie side by side in memory."""
        masks = [*grid.by_second, *grid.by_day, *grid.by_kwh, *grid.by_duration]
        self._weekdays: i64 = len(masks) if grid.by_weekday else 0
        self._masks = row([*masks, *grid.by_weekday])
        """The elements that apply, in the same order, each but the seconds with one before its first; then weekdays."""

    def cell(self, local: i64, kwh: i64, duration: i64) -> Cell:
        """Return what applies at a local wall clock (0 where none is needed), after `kwh` and `duration`."""
        marks, masks = self._marks, self._masks
        applying = self._every - NEAR
        if self._durations > self._kwhs:
            applying = masks[place_after(marks, kwh, self._kwhs, self._durations) + 1]
        if self._end > self._durations:
            applying &= masks[place_after(marks, duration, self._durations, self._end) + 2]
        if self.needs_clock:
            day = local // _DAY
            applying &= masks[self._second_place(local - day * _DAY)]
            if self._weekdays > 0:
                applying &= masks[self._weekdays + (day + _THURSDAY) % 7]
            if self._kwhs > self._days:
                applying &= masks[place_after(marks, day, self._days, self._kwhs)]
        if applying != self._applying:
            cell = self._cells.get(applying)
            if cell is None:
                cell = self._cells[applying] = self._cell_of(applying)
            self._applying = applying
            self._cell = cell
        return self._cell

    def _second_place(self, second: i64) -> i64:
        """Which stretch between two times of day a second lies in."""
        return place_after(self._marks, second, 0, self._days) - 1

    def _stretch_end(self, second: i64) -> i64:
        """The next time of day after a second, or the end of the day."""
        place = self._second_place(second) + 1
        return self._marks[place] if place < self._days else _DAY

    def _cell_of(self, applying: i64) -> Cell:
        """The first price of each dimension whose element applies (pricing rule 9)."""
        rates: list[Rate | None] = []
        for dimension in range(len(self._rates)):
            found: Rate | None = None
            for place in range(len(self._rates[dimension])):
                if self._bits[dimension][place] & applying != 0:
                    found = self._rates[dimension][place]
                    break
            rates.append(found)
        return Cell(rates[0], rates[1], rates[2], rates[3], applying & NEAR != 0)

    def may_change(self, local: i64, wall: i64, kwh: i64, energy: i64, duration: i64) -> bool:
        """Whether a threshold lies inside a period; mostly none does, as a CPO has to split there."""
        if self.needs_clock and wall > 1:
            second = local % _DAY
            if self._stretch_end(second) < second + wall:
                return True
        if self._durations > self._kwhs and energy > 0:
            place = place_after(self._marks, kwh, self._kwhs, self._durations)
            if place < self._durations and self._marks[place] < kwh + energy:
                return True
        if self._end > self._durations:
            place = place_after(self._marks, duration, self._durations, self._end)
            if place < self._end and self._marks[place] < duration + wall:
                return True
        return False

    def has_clock_near(self, local: i64, wall: i64, after: i64) -> bool:
        """Whether a time of day matters in a period that the clocks change in, or in an hour that they skip or repeat.

        Where none does, what applies when the period starts applies all through it, whatever the clocks show.
        """
        shift = after - local - wall
        if shift < 0:
            shift = -shift
        second = (local - shift) % _DAY
        return self._stretch_end(second) < second + wall + 2 * shift

    def changes_inside(self, local: int, wall: int, kwh: int, energy: int, duration: int, used: list[bool]) -> bool:
        """Whether what is `used` (FLAT, ENERGY, TIME, PARKING_TIME) meets another price inside its period.

        Times and energies are combined freely, as nobody knows how they ran together (pricing rule 10).
        """
        if wall >= DAY or (self._kwhs > self._days and local // DAY != (local + wall - 1) // DAY):
            raise Unusual
        kwhs = [kwh, *self._between(kwh, kwh + energy, self._kwhs, self._durations)]
        durations = [duration, *self._between(duration, duration + wall, self._durations, self._end)]
        clocks = [local, *self._clocks_after(local, local + wall)] if self.needs_clock else [local]
        if len(clocks) * len(kwhs) * len(durations) > _MOST_COMBINED:
            raise Unusual
        first = self.cell(local, kwh, duration)
        for clock in clocks:
            for energy_so_far in kwhs:
                for time_so_far in durations:
                    other = self.cell(clock, energy_so_far, time_so_far)
                    if other is not first and self._differs(first, other, used):
                        return True
        return False

    def _differs(self, one: Cell, other: Cell, used: list[bool]) -> bool:
        """Whether a dimension that is used has another price; no component is the price 0 (pricing rule 10)."""
        changes = self._changes
        return (
            (used[0] and changes[0] and _price(one.flat) != _price(other.flat))
            or (used[1] and changes[1] and _price(one.energy) != _price(other.energy))
            or (used[2] and changes[2] and _price(one.time) != _price(other.time))
            or (used[3] and changes[3] and _price(one.parking) != _price(other.parking))
        )

    def _clocks_after(self, local: int, end: int) -> list[int]:
        """The wall clocks at thresholds after `local` and before `end`, which is less than a day later."""
        midnight = local - local % DAY
        today = [midnight + second for second in self._between(local - midnight, end - midnight, 0, self._days)]
        later = [midnight + DAY + second for second in self._between(-1, end - midnight - DAY, 0, self._days)]
        return today + later

    def _between(self, low: i64, high: i64, first: i64, last: i64) -> list[int]:
        """Of the marks in the places `first` to `last`, those above `low` and below `high`."""
        found: list[int] = []
        place = place_after(self._marks, low, first, last)
        while place < last and self._marks[place] < high:
            found.append(self._marks[place])
            place += 1
        return found


_texts: Final[dict[bytes, bytes]] = {}


def _shared(text: bytes) -> bytes:
    """The same text for all sheets: one that is near, because the sheet before had it as well."""
    if len(_texts) >= _MOST_SHARED:
        _texts.clear()
    return _texts.setdefault(text, text)


def _price(rate: Rate | None) -> i64:
    return 0 if rate is None else rate.price


def _side(limit: PriceLimit | None, none: int, *, has_taxes: bool) -> int:
    """One side of a limit in units of 1/`UNIT`, `none` for one that is not stated."""
    side = None if limit is None else limit.incl_vat if has_taxes else limit.excl_vat
    return none if side is None else whole(side, _PRICE_DIGITS, int(MOST_NET) // _LIMIT_UNIT) * _LIMIT_UNIT


def _rate(option: Option) -> Rate:
    price = whole(option.component.price, _PRICE_DIGITS, int(MOST_PRICE))
    factor = whole(option.vat_factor, _FACTOR_DIGITS, int(MOST_FACTOR))
    step = option.component.step_size
    if factor < 0 or not -_MOST_STEP <= step <= _MOST_STEP:
        raise Unusual
    return Rate(price, factor, step)
