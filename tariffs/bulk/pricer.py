"""From the bytes of a CDR to its line of `evclear price`: the quick way for what is ordinary.

Where this way is not sure to give the digits and findings of the engine it gives no answer, and the engine prices the
record. Nothing is decided here that the engine decides: which component applies is what its matcher answered
(`sheet`), limits are its own function, and wherever a rule would report more than a note the engine looks.
"""

from decimal import Decimal, localcontext
from typing import Any, Final

from msgspec import UNSET

from tariffs.bulk import checks, fields
from tariffs.bulk.instants import seconds_of
from tariffs.bulk.known import Known, KnownTexts, Place, sheets_of
from tariffs.bulk.line import line, quantities, sides, terms
from tariffs.bulk.sheet import FLAT_EXCL, FLAT_INCL, Rate, Sheet
from tariffs.bulk.texts import (
    MONEY_DIGITS,
    UNIT,
    VOLUME_DIGITS,
    Unusual,
    amount_text,
    json_text,
    minutes_text,
    money,
    number_text,
    scaled,
    volume_text,
)
from tariffs.bulk.use import ENERGY_STEP, TIME_STEP, energy_use, snapped, time_use
from tariffs.bulk.wire import SEAL, Refused, decode, values
from tariffs.limits import limit
from tariffs.quantity import WIDE
from tariffs.tariff import Tariff
from tariffs.timeline import LOAD_DIMENSIONS
from tariffs.zones import named_zone

_decode: Final = decode
_values: Final = values
_refused: Final = Refused
_UNSET: Final[Any] = UNSET
_LOADS: Final = LOAD_DIMENSIONS
_TARIFFS: Final = b'"tariffs":'
_SEAL: Final = b'"' + SEAL.encode("ascii") + b'"'
_SECOND: Final = 100
_PER_STATED: Final = 36
"""Hundredths of a second in 0.0001 h."""
_NO_COST: Final = '{"excl_vat": "0", "incl_vat": "0"}'
_FINDING_MARK: Final = 2
"""Length of the comma and the space after each finding."""


class BulkPricer:
    """Prices ordinary CDRs of OCPI 2.2.1 by the tariffs they carry, or by `tariffs` where they carry none.

    `time_zone` is the IANA zone the caller states, as in `tariffs.price`. Amounts are exact; only what is printed is
    cut to 12 decimals, half even, as everywhere in `evclear price`.
    """

    def __init__(self, *, tariffs: tuple[Tariff, ...] = (), time_zone: str | None = None) -> None:
        self._is_zone_stated = time_zone is not None
        self._texts = KnownTexts(None if time_zone is None else named_zone(time_zone).key)
        self._given = Known(b"", sheets_of(tariffs), None, "")
        if len(tariffs) == 1:
            self._given.only = self._given.sheets.get(tariffs[0].id.lower())
        self._has_given = bool(tariffs)
        self._energy = energy_use()
        self._time = time_use("TIME")
        self._parking = time_use("PARKING_TIME")
        self._flat: Rate | None = None
        self._kwh = 0
        self._energies = 0
        self._charging = 0
        self._parked = 0
        self._session = 0
        self._excl = 0
        self._incl = 0
        self._is_limited = False

    def line(self, data: bytes, start: int, end: int, number: int, where: str) -> str | None:
        """Return the line of the CDR at data[start:end]; None where it is for the engine. `where` is JSON already."""
        try:
            return self._line(data, start, end, number, where)
        except _refused:
            return None
        except Unusual:
            return None

    def _line(self, data: bytes, begin: int, finish: int, number: int, where: str) -> str | None:
        at = data.find(_TARIFFS, begin, finish)
        known = self._given
        if at >= 0:
            at += len(_TARIFFS)
            if data[at : at + 1] == b" ":
                at += 1
            found = self._texts.tariffs(data, at, finish)
            if found is None or self._has_given:
                return None
            known = found
            text = data[begin:at] + _SEAL + data[at + known.length : finish]
        else:
            text = data[begin:finish]
        cdr = _values(_decode(text))
        place = self._texts.place(bytes(cdr[fields.CDR_LOCATION]))
        if not checks.is_told_once(cdr, text, place):
            return None
        start, end = seconds_of(cdr[fields.START_DATE_TIME]), seconds_of(cdr[fields.END_DATE_TIME])
        if cdr[fields.LAST_UPDATED] != cdr[fields.END_DATE_TIME]:
            seconds_of(cdr[fields.LAST_UPDATED])
        sheet = self._sheet(cdr, known, start)
        if sheet is None or (sheet.needs_clock and place.local is None):
            return None
        if cdr[fields.CREDIT] is True or cdr[fields.HOME_CHARGING_COMPENSATION] is True or end < start:
            return None
        notes = self._price(cdr, start, end, sheet, place)
        self._total(sheet)
        claim = checks.claimed(cdr[fields.TOTAL_COST])
        if not self._is_plain(cdr, sheet, claim, end - max(start, self._session)):
            return None
        before = known.notes + place.notes + sheet.notes if sheet.needs_clock else known.notes + sheet.notes
        return self._write(cdr, number, where, sheet, place, claim, (before + notes)[:-_FINDING_MARK])

    def _sheet(self, cdr: tuple[Any, ...], known: Known, start: int) -> Sheet | None:
        """The one tariff of all periods (pricing rules 5 and 6), or None."""
        periods = cdr[fields.CHARGING_PERIODS]
        currency: str = cdr[fields.CURRENCY]
        if not periods:
            return None
        named = periods[0].tariff_id
        sheet = known.only
        if named is _UNSET or not named:
            for period in periods:
                if period.tariff_id is not _UNSET and period.tariff_id:
                    return None
            if sheet is None or not sheet.is_regular or not sheet.start <= start < sheet.end:
                return None
            if cdr[fields.CDR_TOKEN].type == "AD_HOC_USER":
                return None
        else:
            for period in periods:
                if period.tariff_id != named:
                    return None
            if sheet is None or sheet.id != named:
                sheet = known.sheets.get(named.lower())
        return sheet if sheet is not None and sheet.currency == currency else None

    def _price(self, cdr: tuple[Any, ...], start: int, end: int, sheet: Sheet, place: Place) -> str:
        """Sum what the periods use at what applies when they start; return the notes, each with its comma."""
        self._clear()
        local_time = place.local
        notes = ""
        periods: list[Any] = cdr[fields.CHARGING_PERIODS]
        count = len(periods)
        if periods[0].start_date_time != cdr[fields.START_DATE_TIME]:
            start = seconds_of(periods[0].start_date_time)
        self._session = session = start
        local = local_time.at(start) if sheet.needs_clock and local_time is not None else 0
        for index in range(count):
            period = periods[index]
            following = end if index + 1 == count else seconds_of(periods[index + 1].start_date_time)
            wall = following - start
            if wall < 0 or (wall == 0 and index + 1 < count):
                raise Unusual
            after = 0
            if sheet.needs_clock and local_time is not None:
                after = local_time.at(following)
                if after - local != wall:  # the clocks change
                    raise Unusual
            energy, time, parking = self._volumes(period, wall)
            cell = sheet.cell(local, self._kwh, start - session)
            if cell.is_odd:
                raise Unusual
            self._take_flat(cell.flat)
            if energy > 0:
                notes += self._energy.take(energy, cell.energy, index)
            if time > 0:
                notes += self._time.take(time, cell.time, index)
            if parking > 0:
                notes += self._parking.take(parking, cell.parking, index)
            if sheet.can_change and sheet.may_change(local, wall, self._kwh, energy, start - session):
                used = (self._flat is None, energy > 0, time > 0, parking > 0)
                if sheet.changes_inside(local, wall, self._kwh, energy, start - session, used):
                    raise Unusual
            self._kwh += energy
            start, local = following, after
        return notes

    def _clear(self) -> None:
        self._energy.clear()
        self._time.clear()
        self._parking.clear()
        self._flat = None
        self._kwh = 0
        self._energies = 0
        self._charging = 0
        self._parked = 0

    def _volumes(self, period: Any, wall: int) -> tuple[int, int, int]:
        """Energy in 0.1 Wh, charging and parking in hundredths of a second; 0 where not stated."""
        energy = time = parking = -1
        for dimension in period.dimensions:
            kind = dimension.type
            if kind == "ENERGY" and energy < 0:
                energy = scaled(dimension.volume, VOLUME_DIGITS)
                self._energies += 1
                if energy < 0:
                    raise Unusual
            elif kind == "TIME" and time < 0:
                time = scaled(dimension.volume, VOLUME_DIGITS) * _PER_STATED
                if time < 0:
                    raise Unusual
            elif kind == "PARKING_TIME" and parking < 0:
                parking = scaled(dimension.volume, VOLUME_DIGITS) * _PER_STATED
                if parking < 0:
                    raise Unusual
            elif kind in _LOADS:
                scaled(dimension.volume, MONEY_DIGITS)
            else:
                raise Unusual
        if not period.dimensions:
            raise Unusual
        if energy >= 0:
            self._energy.is_stated = True
        if time >= 0:
            self._time.is_stated = True
        lasting = -1 if time > 0 and parking > 0 else wall * _SECOND
        time = snapped(time, lasting) if time > 0 else 0
        parking = snapped(parking, lasting) if parking > 0 else 0
        if time + parking > (wall + 1) * _SECOND:
            raise Unusual
        self._charging += time
        self._parked += parking
        return (energy if energy > 0 else 0), time, parking

    def _take_flat(self, rate: Rate | None) -> None:
        """A FLAT is due once, where the first one is active; another one later is reported, so not here."""
        if rate is not None:
            if self._flat is None:
                self._flat = rate
            elif self._flat is not rate:
                raise Unusual

    def _total(self, sheet: Sheet) -> None:
        """Steps, the sum of all, and the limits of the tariff."""
        energy, time, parking = self._energy, self._time, self._parking
        if (sheet.energy_is_priced and not energy.is_stated) or (sheet.time_is_priced and not time.is_stated):
            raise Unusual
        energy.finish(ENERGY_STEP, has_step=True)
        time.finish(TIME_STEP, has_step=parking.last is None)
        parking.finish(TIME_STEP, has_step=True)
        self._excl = energy.excl + time.excl + parking.excl
        self._incl = energy.incl + time.incl + parking.incl
        if self._flat is not None:
            self._excl += self._flat.price * FLAT_EXCL
            self._incl += self._flat.price * self._flat.factor * FLAT_INCL
        self._is_limited = False
        if sheet.is_limited:
            self._limit(sheet)

    def _limit(self, sheet: Sheet) -> None:
        """min_price and max_price, by the engine's own function wherever one may be met."""
        if sheet.floor_excl <= self._excl <= sheet.cap_excl and sheet.floor_incl <= self._incl <= sheet.cap_incl:
            return
        with localcontext(WIDE):
            excl, incl = Decimal(self._excl), Decimal(self._incl)
            limited = limit(excl, incl, sheet.tariff, Decimal(UNIT), has_floor=True, common_factor=None)
            if limited.findings or limited.excl is None or limited.incl is None:
                raise Unusual
            self._is_limited = bool(limited.steps)
            self._excl, self._incl = int(limited.excl), int(limited.incl)
            assert limited.excl == self._excl, "limits are whole in these units"
            assert limited.incl == self._incl, "limits are whole in these units"

    def _is_plain(self, cdr: tuple[Any, ...], sheet: Sheet, claim: int, session: int) -> bool:
        """Whether `verify` would find nothing."""
        fixed = 0 if self._flat is None else self._flat.price * FLAT_EXCL
        ours = checks.Parts(self._excl, self._energy.excl, self._time.excl, self._parking.excl, fixed, self._is_limited)
        return (
            checks.are_parts_plain(cdr, ours, claim, sheet.half_minor)
            and checks.is_energy_plain(cdr[fields.TOTAL_ENERGY], self._kwh, self._energies)
            and checks.are_times_plain(cdr, self._charging, self._parked, session * _SECOND)
        )

    def _write(
        self, cdr: tuple[Any, ...], number: int, where: str, sheet: Sheet, place: Place, claim: int, findings: str
    ) -> str:
        """The line, as `line` lays it out."""
        energy, time, parking = self._energy, self._time, self._parking
        of_energy, of_time, of_parking = _NO_COST, _NO_COST, _NO_COST
        if energy.excl or energy.incl:
            of_energy = _cost(energy.excl, energy.incl)
        if time.excl or time.incl:
            of_time = _cost(time.excl, time.incl)
        if parking.excl or parking.incl:
            of_parking = _cost(parking.excl, parking.incl)
        of_flat = _NO_COST if self._flat is None else self._flat.flat
        total = of_energy
        if self._excl != energy.excl or self._incl != energy.incl:
            total = _cost(self._excl, self._incl)
        stated = cdr[fields.TOTAL_COST]
        claimed_incl = difference_incl = "null"
        if stated.incl_vat is not _UNSET and stated.incl_vat is not None:
            claimed_incl = f'"{number_text(stated.incl_vat)}"'
            difference_incl = f'"{amount_text(money(stated.incl_vat) - self._incl)}"'
        return line(
            number,
            where,
            json_text(cdr[fields.ID]),
            self._by(sheet, place),
            (total, of_energy, of_time, of_parking, of_flat, _NO_COST),
            quantities(
                f'"{volume_text(energy.quantity)}"',
                f'"{minutes_text(time.quantity)}"',
                f'"{minutes_text(parking.quantity)}"',
                '"0"',
            ),
            sides(f'"{number_text(stated.excl_vat)}"', claimed_incl),
            sides(f'"{amount_text(claim - self._excl)}"', difference_incl),
            findings,
        )

    def _by(self, sheet: Sheet, place: Place) -> str:
        zone = place.zone if sheet.needs_clock or self._is_zone_stated else "null"
        text = sheet.terms.get(zone)
        if text is None:
            text = terms('"2.2.1"', "false", json_text(sheet.currency), zone, json_text(sheet.id))
            sheet.terms[zone] = text
        return text


def _cost(excl: int, incl: int) -> str:
    return f'{{"excl_vat": "{amount_text(excl)}", "incl_vat": "{amount_text(incl)}"}}'
