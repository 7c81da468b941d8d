"""A tariff in the whole numbers of the bulk way, and what its matcher answered before.

The week, the calendar, the energy so far and the time so far are cut at every threshold of the tariff into cells, in
which no restriction can change its answer. What applies in a cell is asked of the one matcher (`tariffs.plan.choose`)
when a charge first comes there, and remembered. Nothing here knows a rule of matching.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from tariffs.bulk.instants import DAY, EPOCH_ORDINAL, THURSDAY, WEEK
from tariffs.bulk.line import sides
from tariffs.bulk.notes import notes_text
from tariffs.bulk.texts import POWERS, PRICE_DIGITS, UNIT, VOLUME_DIGITS, Unusual, amount_text
from tariffs.money import half_minor
from tariffs.plan import Option, Plan, choose
from tariffs.restrictions import NEAR_KWH, Moment
from tariffs.tariff import PriceLimit, Taxes
from tariffs.timeline import Clock

_cell_right: Final[Callable[[list[int], int], int]] = bisect_right
_cell_left: Final[Callable[[list[int], int], int]] = bisect_left
_MOST_CELLS: Final = 5_000
_GRID: Final = 900
"""Nearly all clocks in tariffs are at a quarter of an hour: then a table of bytes tells the cell."""
_MOST_IN_GRID: Final = 256
_MOST_MARKS: Final = 500
_FACTOR_DIGITS: Final = 4
FLAT_EXCL: Final = 36 * 10**8
FLAT_INCL: Final = 36 * 10**4
"""A price, and a price times its factor, in units of 1/`UNIT`."""
_NO_COST: Final = sides('"0"', '"0"')
_LARGEST: Final = 10**12
_ENDLESS: Final = 10**40
_LIMIT_UNIT: Final = UNIT // 10**PRICE_DIGITS


class Rate:
    """A price component: its price and 1 + VAT in units of 1/10000, its step in Wh or seconds."""

    def __init__(self, price: int, factor: int, step: int) -> None:
        self.price = price
        self.factor = factor
        self.step = step
        self.flat = _NO_COST
        """What it costs as a FLAT, as JSON."""
        if price:
            flat = amount_text(price * FLAT_EXCL), amount_text(price * factor * FLAT_INCL)
            self.flat = sides(f'"{flat[0]}"', f'"{flat[1]}"')


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


def whole(value: Decimal, digits: int) -> int:
    """Return value x 10^digits, or raise `Unusual` where that is no whole number of ordinary size."""
    sign, figures, exponent = value.as_tuple()
    if not isinstance(exponent, int) or len(figures) > 40 or not -40 <= exponent + digits <= 40:
        raise Unusual
    number, rest = int("".join(map(str, figures))), 0
    if exponent + digits >= 0:
        number *= POWERS[exponent + digits]
    else:
        number, rest = divmod(number, POWERS[-(exponent + digits)])
    if rest or number > _LARGEST:
        raise Unusual
    return -number if sign else number


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
        self.id = tariff.id
        self.id_lower = tariff.id.lower()
        self.currency = tariff.currency
        self.is_regular = tariff.type is None or tariff.type == "REGULAR"
        self.start = -_ENDLESS if tariff.start is None else epoch_second(tariff.start)
        self.end = _ENDLESS if tariff.end is None else epoch_second(tariff.end)
        self.is_limited = tariff.min_price is not None or tariff.max_price is not None
        self.floor_excl, self.floor_incl = _sides_of(tariff.min_price, -_ENDLESS)
        self.cap_excl, self.cap_incl = _sides_of(tariff.max_price, _ENDLESS)
        self.half_minor = int(half_minor(tariff.currency) * UNIT)
        self.terms: dict[str, str] = {}
        """How a line begins, by the JSON of the zone."""
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
        self._set_marks()
        self._cells: dict[int, Cell] = {}

    def _set_marks(self) -> None:
        """Every threshold of every restriction; a midnight is one wherever the clock or the calendar matters."""
        plan = self.plan
        self._cycle = DAY
        week: list[int] = []
        dates: set[int] = set()
        if plan.needs_clock:
            times = sorted({0, *plan.clock_marks})
            for element in plan.tariff.elements:
                r = element.restrictions
                dates.update(d.toordinal() - EPOCH_ORDINAL for d in (r.start_date, r.end_date) if d is not None)
                if r.day_of_week is not None:
                    self._cycle = WEEK
            week = [day * DAY + time for day in range(self._cycle // DAY) for time in times]
        kwh: set[int] = set()
        for mark in plan.kwh_marks:
            kwh.add(whole(mark, VOLUME_DIGITS))
            kwh.add(whole(mark - NEAR_KWH, VOLUME_DIGITS))  # a near miss is said, so it is a cell of its own
        self._clock_marks = week
        self._clock_ends = [*week[1:], self._cycle]
        self._grid = b""
        if week and len(week) < _MOST_IN_GRID and all(mark % _GRID == 0 for mark in week):
            parts = []
            for place in range(len(week)):  # the first mark is 0: a midnight
                parts.append(bytes([place]) * ((self._clock_ends[place] - week[place]) // _GRID))
            self._grid = b"".join(parts)
        self._date_marks = sorted(dates)
        self._kwh_marks = sorted(kwh)
        self._duration_marks = [whole(mark, 0) for mark in plan.duration_marks]
        if max(len(week), len(kwh), len(dates), len(self._duration_marks)) > _MOST_MARKS:
            raise Unusual

    def cell(self, local: int, kwh: int, duration: int) -> Cell:
        """Return what applies at a local wall clock (0 where none is needed), after `kwh` and `duration`."""
        key = 0
        if self._clock_marks:
            key = self._clock_place(self._clock(local))
            if self._date_marks:
                key = key * 512 + _cell_right(self._date_marks, local // DAY)
        if self._kwh_marks:
            key = key * 512 + _cell_right(self._kwh_marks, kwh)
        if self._duration_marks:
            key = key * 512 + _cell_right(self._duration_marks, duration)
        cell = self._cells.get(key)
        if cell is None:
            cell = self._ask(local, kwh, duration)
            if len(self._cells) >= self._most_cells:
                self._cells.clear()
            self._cells[key] = cell
        return cell

    def _clock(self, local: int) -> int:
        """Seconds since midnight, or since Monday where a weekday matters."""
        return (local + THURSDAY * DAY) % self._cycle

    def _clock_place(self, at: int) -> int:
        """Which stretch between two marks of the clock an instant of the cycle lies in."""
        if self._grid:
            return self._grid[at // _GRID]
        return _cell_right(self._clock_marks, at) - 1

    def _ask(self, local: int, kwh: int, duration: int) -> Cell:
        """Ask the matcher."""
        clock = None
        if self.needs_clock:
            day = date.fromordinal(local // DAY + EPOCH_ORDINAL)
            clock = Clock(day, day.weekday(), local % DAY)
        moment = Moment(clock, Decimal(kwh).scaleb(-VOLUME_DIGITS), Decimal(duration), {}, None)
        rates: list[Rate | None] = []
        for options in self._options:
            option = choose(options, moment)
            rates.append(None if option is None else self._rates[id(option)])
        return Cell(rates[0], rates[1], rates[2], rates[3], bool(moment.noted))

    def may_change(self, local: int, wall: int, kwh: int, energy: int, duration: int) -> bool:
        """Whether a threshold lies inside a period; mostly none does, as a CPO has to split there."""
        if self._clock_marks and wall > 1:
            at = self._clock(local)
            if self._clock_ends[self._clock_place(at)] < at + wall:
                return True
        if self._kwh_marks and energy > 0:
            place = _cell_right(self._kwh_marks, kwh)
            if place < len(self._kwh_marks) and self._kwh_marks[place] < kwh + energy:
                return True
        if self._duration_marks:
            place = _cell_right(self._duration_marks, duration)
            if place < len(self._duration_marks) and self._duration_marks[place] < duration + wall:
                return True
        return False

    def changes_inside(
        self, local: int, wall: int, kwh: int, energy: int, duration: int, used: tuple[bool, bool, bool, bool]
    ) -> bool:
        """Whether what is `used` (FLAT, ENERGY, TIME, PARKING_TIME) meets another price inside its period.

        Times and energies are combined freely, as nobody knows how they ran together (pricing rule 10).
        """
        if wall >= DAY or (self._date_marks and self._passes_midnight(local, wall)):
            raise Unusual
        watched = [place for place in range(4) if used[place] and self._changes[place]]
        if not watched:
            return False
        clocks = [local, *(local + after for after in self._clock_marks_after(local, wall))]
        kwhs = [kwh, *self._kwh_marks[_cell_right(self._kwh_marks, kwh) : _cell_left(self._kwh_marks, kwh + energy)]]
        marks = self._duration_marks
        durations = [duration, *marks[_cell_right(marks, duration) : _cell_left(marks, duration + wall)]]
        if len(clocks) * len(kwhs) * len(durations) > 64:
            raise Unusual
        first = _prices(self.cell(local, kwh, duration))
        for clock in clocks:
            for energy_so_far in kwhs:
                for time_so_far in durations:
                    other = _prices(self.cell(clock, energy_so_far, time_so_far))
                    for place in watched:
                        if other[place] != first[place]:
                            return True
        return False

    def _passes_midnight(self, local: int, wall: int) -> bool:
        return local // DAY != (local + wall - 1) // DAY

    def _clock_marks_after(self, local: int, wall: int) -> list[int]:
        at = self._clock(local)
        later = [mark - at for mark in self._clock_marks if at < mark < at + wall]
        return [*later, *(mark + self._cycle - at for mark in self._clock_marks if mark + self._cycle < at + wall)]


def _sides_of(limit: PriceLimit | None, none: int) -> tuple[int, int]:
    """Both sides of a limit in units of 1/`UNIT`, `none` for one that is not stated."""
    if limit is None:
        return none, none
    excl = none if limit.excl_vat is None else whole(limit.excl_vat, PRICE_DIGITS) * _LIMIT_UNIT
    return excl, none if limit.incl_vat is None else whole(limit.incl_vat, PRICE_DIGITS) * _LIMIT_UNIT


def _rate(option: Option) -> Rate:
    price = whole(option.component.price, PRICE_DIGITS)
    return Rate(price, whole(option.vat_factor, _FACTOR_DIGITS), option.component.step_size)


def _prices(cell: Cell) -> tuple[int, int, int, int]:
    """Prices of the four dimensions; no component is the price 0 (pricing rule 10)."""
    return (
        0 if cell.flat is None else cell.flat.price,
        0 if cell.energy is None else cell.energy.price,
        0 if cell.time is None else cell.time.price,
        0 if cell.parking is None else cell.parking.price,
    )
