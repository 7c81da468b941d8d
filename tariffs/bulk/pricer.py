"""From the bytes of a CDR to its line of `evclear price`: the quick way for what is ordinary.

Where this way is not sure to give the digits and findings of the engine it gives no answer, and the engine prices the
record. Nothing is decided here that the engine decides: which component applies is what its matcher answered
(`sheet`), limits are its own function, and wherever a rule would report more than a note the engine looks.
"""

from decimal import Decimal, localcontext
from typing import Final

from librt.strings import BytesWriter
from mypy_extensions import i64

from tariffs.bulk import checks, fields, line
from tariffs.bulk.known import Known, KnownTexts, sheets_of
from tariffs.bulk.native import put_scaled, same
from tariffs.bulk.numbers import (
    MOST_COST,
    MOST_NET,
    MOST_QUANTITY,
    UNIT,
    Unusual,
    put_amount,
    put_minutes,
)
from tariffs.bulk.reader import CdrReader
from tariffs.bulk.sheet import Rate, Sheet
from tariffs.bulk.use import ENERGY_STEP, TIME_STEP, Use, energy_use, snapped, time_use
from tariffs.limits import limit
from tariffs.quantity import WIDE
from tariffs.tariff import Tariff
from tariffs.zones import named_zone

_SECOND: Final[i64] = 100
_PER_STATED: Final[i64] = 36
"""Hundredths of a second in 0.0001 h."""
_VOLUME_DIGITS: Final[i64] = 4
_CDR_ID: Final = line.QUOTE + line.CDR_ID + line.QUOTE
_BY: Final = line.QUOTE + line.BY
_KWH: Final = line.BILLED + line.KWH + line.QUOTE
_TIME_MIN: Final = line.QUOTE + line.TIME_MIN + line.QUOTE
_PARKING_MIN: Final = line.QUOTE + line.PARKING_MIN + line.QUOTE
_REST_MIN: Final = line.QUOTE + line.RESERVATION_MIN + b'"0"}'
_RESERVATION: Final = line.RESERVATION + line.NOTHING
_CLAIMED: Final = line.CLAIMED + line.EXCL
_DIFFERENCE: Final = line.CLOSE + line.DIFFERENCE + line.EXCL
_FINDINGS: Final = line.CLOSE + line.FINDINGS
"""Pieces of the line that always come together."""
_AD_HOC: Final = b"AD_HOC_USER"
_COMMA: Final = 2
"""Length of the comma and the space after each finding."""


class BulkPricer:
    """Prices ordinary CDRs of OCPI 2.2.1 by the tariffs they carry, or by `tariffs` where they carry none.

    `time_zone` is the IANA zone the caller states, as in `tariffs.price`. Amounts are exact; only what is printed is
    cut to 12 decimals, half even, as everywhere in `evclear price`.
    """

    def __init__(self, *, tariffs: tuple[Tariff, ...] = (), time_zone: str | None = None) -> None:
        self._is_zone_stated = time_zone is not None
        given = Known(b"", sheets_of(tariffs), None, b"")
        if len(tariffs) == 1:
            given.only = given.sheets.get(tariffs[0].id.lower())
        self._given = given
        self._has_given = len(tariffs) > 0
        self._cdr = CdrReader(KnownTexts(None if time_zone is None else named_zone(time_zone).key), given)
        self._claims = checks.Claims()
        self._parts = checks.Parts()
        self._energy = energy_use()
        self._time = time_use("TIME")
        self._parking = time_use("PARKING_TIME")
        self._flat: Rate | None = None
        self._kwh: i64 = 0
        self._energies: i64 = 0
        self._charging: i64 = 0
        self._parked: i64 = 0
        self._excl: i64 = 0
        self._incl: i64 = 0
        self._is_limited = False
        self._notes = b""

    def put(self, out: BytesWriter, data: bytes, start: i64, end: i64, number: i64, where: bytes, place: i64) -> bool:
        """Write the line of the CDR at data[start:end]; False where it is for the engine.

        It is record `number`, and `where` is JSON but for its last quote, before which comes `place`, if not negative.
        """
        try:
            self._cdr.read(data, start, end)
            sheet = self._sheet()
            self._price(sheet)
            self._total(sheet)
            self._check(sheet)
            self._write(out, number, where, place, sheet)
            return True
        except Unusual:
            return False
        except (IndexError, UnicodeDecodeError):  # the record ends within a value, or is no UTF-8
            return False

    def _sheet(self) -> Sheet:
        """The one tariff of all periods (pricing rules 5 and 6)."""
        cdr = self._cdr
        known = cdr.known
        sheet = known.only
        if known is not self._given and self._has_given:
            raise Unusual
        if cdr.has_tariff_id:
            if sheet is None or not same(cdr.data, sheet.id, cdr.begins[fields.TARIFF_ID]):
                sheet = known.sheets.get(cdr.text(fields.TARIFF_ID).decode("utf-8").lower())
        else:
            start = cdr.values[fields.START]
            if sheet is None or not sheet.is_regular or start < sheet.start or start >= sheet.end:
                raise Unusual
            if cdr.text(fields.TOKEN_TYPE) == _AD_HOC:
                raise Unusual
        if sheet is None or not same(cdr.data, sheet.currency, cdr.begins[fields.CURRENCY]):
            raise Unusual
        if sheet.needs_clock and cdr.place.local is None:
            raise Unusual
        if cdr.values[fields.FINISH] < cdr.values[fields.START]:
            raise Unusual
        return sheet

    def _price(self, sheet: Sheet) -> None:
        """Sum what the periods use at what applies when they start, and gather the notes."""
        self._clear(sheet)
        cdr = self._cdr
        local_time = cdr.place.local
        has_clock = sheet.needs_clock and local_time is not None
        session = start = cdr.starts[0]
        local: i64 = 0
        if has_clock and local_time is not None:
            local = local_time.at(start)
        index: i64 = 0
        count = cdr.count
        while index < count:
            following = cdr.values[fields.FINISH] if index + 1 == count else cdr.starts[index + 1]
            wall = following - start
            if wall < 0 or (wall == 0 and index + 1 < count):
                raise Unusual
            after: i64 = 0
            if has_clock and local_time is not None:
                after = local_time.at(following)
                if after - local != wall and sheet.has_clock_near(local, wall, after):  # the clocks change
                    raise Unusual
            self._period(sheet, index, local, wall, start - session)
            start = following
            local = after
            index += 1

    def _period(self, sheet: Sheet, index: i64, local: i64, wall: i64, duration: i64) -> None:
        """One period, `duration` seconds after the first one began."""
        cdr = self._cdr
        energy, time, parking = cdr.energy[index], cdr.time[index], cdr.parking[index]
        if energy >= 0:
            self._energies += 1
        else:
            energy = 0
        proven: i64 = -1 if time > 0 and parking > 0 else wall * _SECOND
        time = snapped(time * _PER_STATED, proven) if time > 0 else 0
        parking = snapped(parking * _PER_STATED, proven) if parking > 0 else 0
        if time + parking > (wall + 1) * _SECOND:
            raise Unusual
        self._charging += time
        self._parked += parking
        cell = sheet.cell(local, self._kwh, duration)
        if cell.is_odd:
            raise Unusual
        flat = cell.flat
        if flat is not None and self._flat is not flat:
            if self._flat is not None:  # due once; another one later is reported
                raise Unusual
            self._flat = flat
        if energy > 0:
            self._take(self._energy, energy, cell.energy, index)
        if time > 0:
            self._take(self._time, time, cell.time, index)
        if parking > 0:
            self._take(self._parking, parking, cell.parking, index)
        if sheet.can_change and sheet.may_change(local, wall, self._kwh, energy, duration):
            used = [self._flat is None, energy > 0, time > 0, parking > 0]
            if sheet.changes_inside(local, wall, self._kwh, energy, duration, used):
                raise Unusual
        self._kwh += energy
        if self._kwh > MOST_QUANTITY:
            raise Unusual

    def _take(self, use: Use, quantity: i64, rate: Rate | None, index: i64) -> None:
        """A volume at its price; without one it is free, which is said."""
        if rate is None:
            self._notes += use.note(index)
        else:
            use.add(quantity, rate)

    def _clear(self, sheet: Sheet) -> None:
        """Begin the next charge, with the notes that its tariff and its place bring."""
        self._energy.clear()
        self._time.clear()
        self._parking.clear()
        self._flat = None
        self._kwh = 0
        self._energies = 0
        self._charging = 0
        self._parked = 0
        notes = self._cdr.known.notes
        if sheet.needs_clock and self._cdr.place.notes:
            notes = notes + self._cdr.place.notes
        if sheet.notes:
            notes = notes + sheet.notes
        self._notes = notes

    def _total(self, sheet: Sheet) -> None:
        """Steps, the sum of all, and the limits of the tariff."""
        energy, time, parking = self._energy, self._time, self._parking
        if (sheet.energy_is_priced and self._energies == 0) or (sheet.time_is_priced and not self._states_time()):
            raise Unusual
        energy.finish(ENERGY_STEP, True)
        time.finish(TIME_STEP, parking.last is None)
        parking.finish(TIME_STEP, True)
        self._excl = energy.excl + time.excl + parking.excl
        self._incl = energy.incl + time.incl + parking.incl
        flat = self._flat
        if flat is not None:
            self._excl += flat.flat_excl
            self._incl += flat.flat_incl
        self._is_limited = False
        if sheet.is_limited:
            self._limit(sheet)
        if self._excl > MOST_NET or self._excl < -MOST_NET or self._incl > MOST_COST or self._incl < -MOST_COST:
            raise Unusual

    def _states_time(self) -> bool:
        """Whether some period states how long it charged, be it 0."""
        cdr = self._cdr
        index: i64 = 0
        while index < cdr.count:
            if cdr.time[index] >= 0:
                return True
            index += 1
        return False

    def _limit(self, sheet: Sheet) -> None:
        """min_price and max_price, by the engine's own function wherever one may be met."""
        if sheet.floor_excl <= self._excl <= sheet.cap_excl and sheet.floor_incl <= self._incl <= sheet.cap_incl:
            return
        with localcontext(WIDE):
            excl, incl = Decimal(int(self._excl)), Decimal(int(self._incl))
            limited = limit(excl, incl, sheet.tariff, Decimal(UNIT), has_floor=True, common_factor=None)
            if limited.findings or limited.excl is None or limited.incl is None:
                raise Unusual
            self._is_limited = bool(limited.steps)
            self._excl, self._incl = int(limited.excl), int(limited.incl)
            assert limited.excl == self._excl, "limits are whole in these units"
            assert limited.incl == self._incl, "limits are whole in these units"

    def _check(self, sheet: Sheet) -> None:
        """The engine looks wherever `verify` would find something."""
        cdr, parts = self._cdr, self._parts
        flat = self._flat
        parts.total = self._excl
        parts.energy = self._energy.excl
        parts.time = self._time.excl
        parts.parking = self._parking.excl
        parts.fixed = 0 if flat is None else flat.flat_excl
        parts.is_limited = self._is_limited
        begin = cdr.values[fields.START]
        if cdr.starts[0] > begin:
            begin = cdr.starts[0]
        session = (cdr.values[fields.FINISH] - begin) * _SECOND
        if not self._claims.are_plain(cdr, parts, checks.claim(cdr, fields.TOTAL_COST), sheet.half_minor):
            raise Unusual
        if not checks.is_energy_plain(cdr, self._kwh, self._energies):
            raise Unusual
        if not checks.are_times_plain(cdr, self._charging, self._parked, session):
            raise Unusual

    def _write(self, out: BytesWriter, number: i64, where: bytes, place: i64, sheet: Sheet) -> None:
        """The line, as `line` lays it out."""
        cdr = self._cdr
        incl: i64 = fields.TOTAL_COST + fields.INCL
        has_incl = cdr.has(incl)
        claimed_excl = checks.claim(cdr, fields.TOTAL_COST)
        claimed_incl = checks.claim(cdr, incl) if has_incl else 0  # before the first byte: both may be for the engine
        by = self._by(sheet)
        out.write(line.RECORD)
        put_scaled(out, number, 0)
        out.write(line.WHERE)
        out.write(where)
        if place >= 0:
            put_scaled(out, place, 0)
        out.write(_CDR_ID)
        out.write(cdr.text(fields.ID))
        out.write(_BY)
        out.write(by)
        self._write_costs(out)
        out.write(_CLAIMED)
        _put_stated(out, cdr, fields.TOTAL_COST)
        out.write(line.INCL)
        if has_incl:
            _put_stated(out, cdr, incl)
        else:
            out.write(line.NULL)
        out.write(_DIFFERENCE)
        _put_quoted(out, claimed_excl - self._excl)
        out.write(line.INCL)
        if has_incl:
            _put_quoted(out, claimed_incl - self._incl)
        else:
            out.write(line.NULL)
        out.write(_FINDINGS)
        notes = self._notes
        if notes:
            out.write(notes[:-_COMMA])
        out.write(line.END)

    def _write_costs(self, out: BytesWriter) -> None:
        """The total, its parts, and what is billed."""
        energy, time, parking, flat = self._energy, self._time, self._parking, self._flat
        out.write(line.TOTAL)
        line.put_cost(out, self._excl, self._incl)
        out.write(line.ENERGY)
        line.put_cost(out, energy.excl, energy.incl)
        out.write(line.TIME)
        line.put_cost(out, time.excl, time.incl)
        out.write(line.PARKING)
        line.put_cost(out, parking.excl, parking.incl)
        out.write(line.FIXED)
        out.write(line.NOTHING if flat is None else flat.flat)
        out.write(_RESERVATION)
        out.write(_KWH)
        put_scaled(out, energy.quantity, _VOLUME_DIGITS)
        out.write(_TIME_MIN)
        put_minutes(out, time.quantity)
        out.write(_PARKING_MIN)
        put_minutes(out, parking.quantity)
        out.write(_REST_MIN)

    def _by(self, sheet: Sheet) -> bytes:
        """By what the record was priced."""
        zone = self._cdr.place.zone if sheet.needs_clock or self._is_zone_stated else line.NULL
        if sheet.zone != zone:
            sheet.terms = line.terms(b'"2.2.1"', b"false", sheet.currency_json, zone, sheet.id_json)
            sheet.zone = zone
        return sheet.terms


def _put_quoted(out: BytesWriter, amount: i64) -> None:
    out.write(line.QUOTE)
    put_amount(out, amount)
    out.write(line.QUOTE)


def _put_stated(out: BytesWriter, cdr: CdrReader, field: i64) -> None:
    """A number as it was claimed."""
    out.write(line.QUOTE)
    put_scaled(out, cdr.values[field], cdr.decimals[field])
    out.write(line.QUOTE)
