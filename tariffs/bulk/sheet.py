"""A tariff in the whole numbers of the bulk way, and what its matcher answered before.

The week, the calendar, the energy so far and the time so far are cut at every threshold of the tariff into cells, in
which no restriction can change its answer. What applies in a cell is asked of the one matcher (`tariffs.plan.choose`)
when a charge first comes there, and remembered. Nothing here knows a rule of matching.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Final

from mypy_extensions import i64

from tariffs.bulk.instants import DAY, EPOCH_ORDINAL, THURSDAY, WEEK
from tariffs.bulk.line import cost
from tariffs.bulk.native import Row, count_at_most, row
from tariffs.bulk.notes import as_json, notes_text
from tariffs.bulk.numbers import MOST_FACTOR, MOST_NET, MOST_PRICE, MOST_QUANTITY, UNIT, Unusual
from tariffs.money import half_minor
from tariffs.plan import Option, Plan, choose
from tariffs.restrictions import NEAR_KWH, Moment
from tariffs.tariff import PriceLimit, Taxes
from tariffs.timeline import Clock

_MOST_CELLS: Final = 5_000
_GRID: Final[i64] = 900
"""Nearly all clocks in tariffs are at a quarter of an hour: then a table of bytes tells the cell."""
_MOST_IN_GRID: Final = 256
_MOST_MARKS: Final = 500
_MOST_IN_TABLE: Final = 1024
_MOST_COMBINED: Final = 64
_QUARTER: Final = 900
_FARTHEST: Final = 10**12
_MOST_DIGITS: Final = 20
_DAY: Final[i64] = DAY
_THURSDAY: Final[i64] = THURSDAY * DAY
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
    """What applies while no restriction can change its answer; `is_odd` where the matcher had something to say."""

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

    def __init__(self, plan: Plan, most_cells: int = _MOST_CELLS) -> None:
        self._most_cells = most_cells
        tariff = plan.tariff
        if plan.has_load or plan.has_unknown or plan.has_bookings or tariff.taxes is not Taxes.ADDED:
            raise Unusual
        if not tariff.elements:
            raise Unusual
        self.plan = plan
        self.tariff = tariff
        self.id = tariff.id.encode("utf-8") + b'"'
        self.currency = tariff.currency.encode("utf-8") + b'"'
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
        self.needs_clock = plan.needs_clock
        self.has_flat = bool(plan.charging["FLAT"])
        self.energy_is_priced = "ENERGY" in plan.priced
        self.time_is_priced = "TIME" in plan.priced
        self._options = [plan.charging[dimension] for dimension in ("FLAT", "ENERGY", "TIME", "PARKING_TIME")]
        self._changes = [dimension in plan.changing for dimension in ("FLAT", "ENERGY", "TIME", "PARKING_TIME")]
        self.can_change = bool(plan.changing)
        self._rates: dict[int, Rate] = {}
        for options in self._options:
            for option in options:
                self._rates[id(option)] = _rate(option)
        for option in self._options[0]:
            rate = self._rates[id(option)]
            rate.flat = cost(rate.flat_excl, rate.flat_incl)
        self._set_marks()
        self._date_cells: i64 = len(self._date_marks) + 1
        self._kwh_cells: i64 = len(self._kwh_marks) + 1
        self._duration_cells: i64 = len(self._duration_marks) + 1
        size = max(1, len(self._clock_marks)) * self._date_cells * self._kwh_cells * self._duration_cells
        self._has_table = size <= _MOST_IN_TABLE and size <= most_cells
        self._table: list[Cell | None] = [None] * int(size) if self._has_table else []
        """The cells by their place among all marks, where there are few."""
        self._cells: dict[int, Cell] = {}
        """The same, where there are many."""

    def _set_marks(self) -> None:
        """Every threshold of every restriction; a midnight is one wherever the clock or the calendar matters."""
        plan = self.plan
        self._cycle: i64 = DAY
        week: list[int] = []
        dates: set[int] = set()
        if plan.needs_clock:
            times = sorted({0, *plan.clock_marks})
            for element in plan.tariff.elements:
                r = element.restrictions
                dates.update(d.toordinal() - EPOCH_ORDINAL for d in (r.start_date, r.end_date) if d is not None)
                if r.day_of_week is not None:
                    self._cycle = WEEK
            week = [day * DAY + time for day in range(int(self._cycle) // DAY) for time in times]
        kwh: set[int] = set()
        for mark in plan.kwh_marks:
            kwh.add(whole(mark, _VOLUME_DIGITS, _FARTHEST))
            kwh.add(whole(mark - NEAR_KWH, _VOLUME_DIGITS, _FARTHEST))  # a near miss is said: a cell of its own
        durations = sorted(whole(mark, 0, _FARTHEST) for mark in plan.duration_marks)
        if max(len(week), len(kwh), len(dates), len(durations)) > _MOST_MARKS:
            raise Unusual
        ends = [*week[1:], int(self._cycle)]
        self._grid = b""
        if week and len(week) < _MOST_IN_GRID and all(mark % _QUARTER == 0 for mark in week):
            parts = []
            for place in range(len(week)):  # the first mark is 0: a midnight
                parts.append(bytes([place]) * ((ends[place] - week[place]) // _QUARTER))
            self._grid = b"".join(parts)
        self._clock_marks = row(week)
        self._clock_ends = row(ends)
        self._date_marks = row(sorted(dates))
        self._kwh_marks = row(sorted(kwh))
        self._duration_marks = row(durations)
        self._has_clock_marks = bool(week)
        self._has_date_marks = bool(dates)
        self._has_kwh_marks = bool(kwh)
        self._has_duration_marks = bool(durations)

    def cell(self, local: i64, kwh: i64, duration: i64) -> Cell:
        """Return what applies at a local wall clock (0 where none is needed), after `kwh` and `duration`."""
        place: i64 = 0
        if self._has_clock_marks:
            place = self._clock_place(self._clock(local))
            if self._has_date_marks:
                place = place * self._date_cells + count_at_most(self._date_marks, local // _DAY)
        if self._has_kwh_marks:
            place = place * self._kwh_cells + count_at_most(self._kwh_marks, kwh)
        if self._has_duration_marks:
            place = place * self._duration_cells + count_at_most(self._duration_marks, duration)
        if self._has_table:
            cell = self._table[place]
            if cell is None:
                cell = self._table[place] = self._ask(local, kwh, duration)
            return cell
        cell = self._cells.get(place)
        if cell is None:
            cell = self._ask(local, kwh, duration)
            if len(self._cells) >= self._most_cells:
                self._cells.clear()
            self._cells[place] = cell
        return cell

    def _clock(self, local: i64) -> i64:
        """Seconds since midnight, or since Monday where a weekday matters."""
        return (local + _THURSDAY) % self._cycle

    def _clock_place(self, at: i64) -> i64:
        """Which stretch between two marks of the clock an instant of the cycle lies in."""
        if self._grid:
            return self._grid[at // _GRID]
        return count_at_most(self._clock_marks, at) - 1

    def _ask(self, local: int, kwh: int, duration: int) -> Cell:
        """Ask the matcher."""
        clock = None
        if self.needs_clock:
            day = date.fromordinal(local // DAY + EPOCH_ORDINAL)
            clock = Clock(day, day.weekday(), local % DAY)
        moment = Moment(clock, Decimal(kwh).scaleb(-_VOLUME_DIGITS), Decimal(duration), {}, None)
        rates: list[Rate | None] = []
        for options in self._options:
            option = choose(options, moment)
            rates.append(None if option is None else self._rates[id(option)])
        return Cell(rates[0], rates[1], rates[2], rates[3], bool(moment.noted))

    def may_change(self, local: i64, wall: i64, kwh: i64, energy: i64, duration: i64) -> bool:
        """Whether a threshold lies inside a period; mostly none does, as a CPO has to split there."""
        if self._has_clock_marks and wall > 1:
            at = self._clock(local)
            if self._clock_ends[self._clock_place(at)] < at + wall:
                return True
        if self._has_kwh_marks and energy > 0:
            place = count_at_most(self._kwh_marks, kwh)
            if place < len(self._kwh_marks) and self._kwh_marks[place] < kwh + energy:
                return True
        if self._has_duration_marks:
            place = count_at_most(self._duration_marks, duration)
            if place < len(self._duration_marks) and self._duration_marks[place] < duration + wall:
                return True
        return False

    def changes_inside(self, local: int, wall: int, kwh: int, energy: int, duration: int, used: list[bool]) -> bool:
        """Whether what is `used` (FLAT, ENERGY, TIME, PARKING_TIME) meets another price inside its period.

        Times and energies are combined freely, as nobody knows how they ran together (pricing rule 10).
        """
        if wall >= DAY or (self._has_date_marks and local // DAY != (local + wall - 1) // DAY):
            raise Unusual
        clocks = [local, *(local + after for after in self._clock_marks_after(local, wall))]
        kwhs = [kwh, *_between(self._kwh_marks, kwh, kwh + energy)]
        durations = [duration, *_between(self._duration_marks, duration, duration + wall)]
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

    def _clock_marks_after(self, local: int, wall: int) -> list[int]:
        at = int(self._clock(local))
        cycle = int(self._cycle)
        later = [mark - at for mark in _between(self._clock_marks, at, at + wall)]
        if at + wall <= cycle:
            return later
        return [*later, *(mark + cycle - at for mark in self._clock_marks if mark + cycle < at + wall)]


def _between(marks: Row, low: i64, high: i64) -> list[int]:
    """The marks above `low` and below `high`."""
    found: list[int] = []
    place = count_at_most(marks, low)
    while place < len(marks) and marks[place] < high:
        found.append(marks[place])
        place += 1
    return found


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
    if factor < 0 or step > MOST_QUANTITY // 100:
        raise Unusual
    return Rate(price, factor, step)
