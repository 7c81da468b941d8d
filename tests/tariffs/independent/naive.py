"""A second pricer of OCPI 2.2.1, written from the specification alone: slow, literal, nothing shared with `tariffs`.

It reads JSON text, counts in fractions, and keeps one flat list of charges (bucket, quantity, price, VAT, step). Each
charge is found by asking every element in turn, period by period and dimension by dimension; step_size is one more
charge at the end of the list; the totals are sums over the list. Numbers in brackets are pricing rules:
where OCPI is silent they decide, everywhere else the specification does.
"""

import json
import operator
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

Json = Any
HOUR = 3600
NOISE = Fraction(1, 10**12)
DAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
TIME_VOLUMES = ("TIME", "PARKING_TIME", "RESERVATION_TIME")
BUCKETS = ("energy", "time", "parking", "fixed", "reservation")


class Unpriceable(Exception):
    """The CDR has no price: its totals are unknown, not zero."""


class Owed(NamedTuple):
    """One thing to pay for; `measured` names the volume behind it and is empty for a FLAT."""

    bucket: str
    measured: str
    quantity: Fraction  # kWh, hours or pieces
    price: Fraction
    vat: Fraction
    step: Fraction  # kWh or hours


class Spell(NamedTuple):
    """A charging period with all that restrictions ask about it."""

    start: datetime
    end: datetime | None
    volumes: dict[str, Fraction]
    kwh_before: Fraction
    tariff: Json | None


class Answer(NamedTuple):
    """Totals as (excl, incl) and billed kWh, minutes of charging, of parking and of reservation."""

    total: tuple[Fraction, Fraction]
    parts: dict[str, tuple[Fraction, Fraction]]
    billed: dict[str, Fraction]


def answer(cdr_text: str, tariff_texts: list[str], zone: str | None) -> Answer | None:
    """Price a CDR, or return nothing when it has no price."""
    try:
        return _answer(_json(cdr_text), [_json(text) for text in tariff_texts], zone)
    except Unpriceable:
        return None


def _answer(cdr: Json, more_tariffs: list[Json], zone: str | None) -> Answer:
    periods = sorted(cdr["charging_periods"], key=lambda period: _instant(period["start_date_time"]))
    if not periods:
        raise Unpriceable
    spells = _spells(cdr, periods, _tariff_of_each(cdr, periods, more_tariffs))
    _refuse_what_has_no_price(cdr, spells)
    charges = _for_charging(spells, zone) + _for_reserving(cdr, spells, zone)
    charges += _steps(charges)
    parts = {bucket: _cost([c for c in charges if c.bucket == bucket]) for bucket in BUCKETS}
    total = _limited(_cost(charges), charges, spells)
    if cdr.get("credit") is True:  # 24: the total alone is negated, after the limits
        total = (-total[0], -total[1])
    measured = {name: sum((c.quantity for c in charges if c.measured == name), Fraction()) for name in ALL_MEASURED}
    billed = {name: amount if name == "ENERGY" else amount * 60 for name, amount in measured.items()}
    return Answer(total, parts, billed)


ALL_MEASURED = ("ENERGY", *TIME_VOLUMES)


def _json(text: str) -> Json:
    return json.loads(text, parse_float=Fraction, parse_int=Fraction)


def _instant(text: str) -> datetime:
    """Rule 2: without a designator it is UTC, an offset is accepted."""
    read = datetime.fromisoformat(text)
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)


def _head(text: str) -> datetime | None:
    """Read an instant of the CDR itself, which may be the placeholder for unknown (2)."""
    return None if text in ("1970-1-1T00:00:00Z", "1970-01-01T00:00:00Z") else _instant(text)


def _seconds(span: timedelta) -> Fraction:
    return Fraction(span // timedelta(microseconds=1), 1_000_000)


# Which tariff (5, 6, 8).


def _tariff_of_each(cdr: Json, periods: list[Json], more: list[Json]) -> list[Json | None]:
    own = cdr.get("tariffs") or []
    begin = _head(cdr["start_date_time"])
    if any(period.get("tariff_id") for period in periods):
        named = [period.get("tariff_id") for period in periods]
        return [_by_id(name, own, more, begin) if name else None for name in named]
    return [_by_validity(cdr, own or more, begin)] * len(periods)


def _by_id(name: str, own: list[Json], more: list[Json], begin: datetime | None) -> Json:
    for shelf in (own, more):
        same = [tariff for tariff in shelf if tariff["id"].lower() == name.lower()]
        if same:
            in_force = [tariff for tariff in same if _valid(tariff, begin)] or same
            return max(in_force, key=lambda tariff: tariff.get("last_updated", ""))  # the first of equals
    raise Unpriceable  # unknown-tariff


def _by_validity(cdr: Json, shelf: list[Json], begin: datetime | None) -> Json:
    if begin is None and any(t.get("start_date_time") or t.get("end_date_time") for t in shelf):
        raise Unpriceable  # 2: validity needs the start that is unknown
    valid = [tariff for tariff in shelf if _valid(tariff, begin)]
    if not valid:
        if len(shelf) == 1:
            return shelf[0]
        raise Unpriceable  # no-tariff, or several and none of them in force
    wanted = [t for t in valid if t.get("type") in (None, "REGULAR")]
    if (cdr.get("cdr_token") or {}).get("type") == "AD_HOC_USER":  # the tariff made for this driver goes first
        wanted = [t for t in valid if t.get("type") == "AD_HOC_PAYMENT"] + wanted
    return (wanted or valid)[0]


def _valid(tariff: Json, at: datetime | None) -> bool:
    begin, end = tariff.get("start_date_time"), tariff.get("end_date_time")
    if at is None:
        return not begin and not end
    return (not begin or _instant(begin) <= at) and (not end or at < _instant(end))


def _refuse_what_has_no_price(cdr: Json, spells: list[Spell]) -> None:
    for spell in spells:
        if any(spell.volumes.get(name, 0) < 0 for name in TIME_VOLUMES):
            raise Unpriceable  # 13: time does not run backwards
        if spell.tariff is None:
            continue
        if spell.tariff["currency"] != cdr["currency"] or not spell.tariff["elements"]:
            raise Unpriceable  # 8 and 32
        prices = [c["price"] for e in _elements(spell) if not _reservation(e) for c in _components(e, "ENERGY")]
        if any(Fraction(price) for price in prices) and not any("ENERGY" in s.volumes for s in spells):
            if cdr.get("total_energy", 0) > 0 and not all(_is_reservation_only(s) for s in spells):
                raise Unpriceable  # 28: energy that no period states


# The walk through the session (3, 4, 14).


def _spells(cdr: Json, periods: list[Json], tariffs: list[Json | None]) -> list[Spell]:
    last_end = _head(cdr["end_date_time"])
    starts = [_instant(period["start_date_time"]) for period in periods]
    raw = [_volumes(period) for period in periods]
    made = []
    for index, start in enumerate(starts):
        end = min((later for later in starts if later > start), default=last_end)
        before = sum((raw[i].get("ENERGY", Fraction()) for i, other in enumerate(starts) if other < start), Fraction())
        made.append(
            Spell(start, end, _snapped(raw[index], _seconds(end - start) if end else None), before, tariffs[index])
        )
    return made


def _volumes(period: Json) -> dict[str, Fraction]:
    found: dict[str, Fraction] = {}
    for dimension in period["dimensions"]:  # 32: what stands twice counts twice
        found[dimension["type"]] = found.get(dimension["type"], Fraction()) + Fraction(dimension["volume"])
    return found


def _snapped(volumes: dict[str, Fraction], wall: Fraction | None) -> dict[str, Fraction]:
    """Rule 14: hours at four decimals become the seconds that they stand for, kWh lose the noise of floats."""
    times = [name for name in TIME_VOLUMES if volumes.get(name)]
    mended = dict(volumes)
    for name in times:
        seconds = volumes[name] * HOUR
        whole = Fraction(round(seconds))
        if len(times) == 1 and wall is not None and abs(seconds - wall) <= Fraction("0.36"):
            mended[name] = wall / HOUR
        elif abs(seconds - whole) <= Fraction("0.2"):
            mended[name] = whole / HOUR
    if "ENERGY" in volumes and abs(volumes["ENERGY"] - round(volumes["ENERGY"], 4)) < NOISE:
        mended["ENERGY"] = round(volumes["ENERGY"], 4)
    return mended


def _is_reservation_only(spell: Spell) -> bool:
    return set(spell.volumes) == {"RESERVATION_TIME"}


# What is charged for (9, 15, 16).


def _for_charging(spells: list[Spell], zone: str | None) -> list[Owed]:
    session = [spell for spell in spells if not _is_reservation_only(spell)]
    charges: list[Owed] = []
    flat_due = True
    for spell in session:
        elements = [e for e in _elements(spell) if not _reservation(e)]
        elapsed = _seconds(spell.start - session[0].start)
        for kind, bucket in (("ENERGY", "energy"), ("TIME", "time"), ("PARKING_TIME", "parking")):
            volume = spell.volumes.get(kind)
            component = _first(elements, kind, spell, elapsed, spell.kwh_before, zone) if volume else None
            if volume and component:
                charges.append(_charge(bucket, kind, volume, component))
        flat = _first(elements, "FLAT", spell, elapsed, spell.kwh_before, zone) if flat_due else None
        if flat:
            charges.append(_charge("fixed", "", Fraction(1), flat))
            flat_due = False
    return charges


def _for_reserving(cdr: Json, spells: list[Spell], zone: str | None) -> list[Owed]:
    reserved = [spell for spell in spells if "RESERVATION_TIME" in spell.volumes]
    used = len(reserved) < len(spells) or any(
        spell.volumes.get(name, 0) > 0 for spell in spells for name in ("ENERGY", "TIME", "PARKING_TIME")
    )
    charges: list[Owed] = []
    flat_due = True
    for spell in reserved:
        plain = [e for e in _elements(spell) if _reservation(e) == "RESERVATION"]
        expiry = [] if used else [e for e in _elements(spell) if _reservation(e) == "RESERVATION_EXPIRES"]
        elapsed = _seconds(spell.start - reserved[0].start)
        volume = spell.volumes["RESERVATION_TIME"]
        component = _first(expiry + plain, "TIME", spell, elapsed, Fraction(), zone) if volume else None
        if component:
            charges.append(_charge("reservation", "RESERVATION_TIME", volume, component))
        flat = _first(expiry + plain, "FLAT", spell, elapsed, Fraction(), zone) if flat_due else None
        if flat:
            charges.append(_charge("reservation", "", Fraction(1), flat))
            flat_due = False
    return charges


def _elements(spell: Spell) -> list[Json]:
    """Return the elements of the period's tariff that are not for bookings (31)."""
    elements = spell.tariff["elements"] if spell.tariff else []
    return [e for e in elements if not (e.get("restrictions") or {}).get("booking")]


def _reservation(element: Json) -> str:
    return (element.get("restrictions") or {}).get("reservation") or ""


def _first(
    elements: list[Json], kind: str, spell: Spell, elapsed: Fraction, kwh: Fraction, zone: str | None
) -> Json | None:
    for element in elements:
        for component in _components(element, kind):
            if _matches(element.get("restrictions") or {}, spell, elapsed, kwh, zone):
                return component
    return None


def _components(element: Json, kind: str) -> list[Json]:
    return [component for component in element["price_components"] if component["type"] == kind]


def _charge(bucket: str, measured: str, quantity: Fraction, component: Json) -> Owed:
    unit = 1000 if measured == "ENERGY" else HOUR
    price, step = Fraction(component["price"]), Fraction(component.get("step_size") or 0)
    return Owed(bucket, measured, quantity, price, Fraction(component.get("vat") or 0), step / unit)


# Restrictions, all at the start of the period (10).


def _matches(limit: Json, spell: Spell, elapsed: Fraction, kwh: Fraction, zone: str | None) -> bool:
    return (
        _between(limit.get("min_kwh"), kwh, limit.get("max_kwh"))
        and _between(limit.get("min_duration"), elapsed, limit.get("max_duration"))
        and _electric(limit, spell)
        and _on_the_clock(limit, spell.start, zone)
    )


def _between(low: Json, value: Fraction, high: Json) -> bool:
    return (low is None or Fraction(low) <= value) and (high is None or value < Fraction(high))


def _electric(limit: Json, spell: Spell) -> bool:
    volumes = spell.volumes
    for unit in ("current", "power"):
        least, most = volumes.get(f"MIN_{unit.upper()}"), volumes.get(f"MAX_{unit.upper()}")
        wall = _seconds(spell.end - spell.start) if spell.end else 0
        if least is None and most is None and unit == "power" and wall and "ENERGY" in volumes:
            least = volumes["ENERGY"] * HOUR / wall  # the mean can only disprove
        least, most = (most if least is None else least), (least if most is None else most)
        low, high = limit.get(f"min_{unit}"), limit.get(f"max_{unit}")
        if low is not None and least is not None and least < Fraction(low):
            return False
        if high is not None and most is not None and most >= Fraction(high):
            return False
    return True


def _on_the_clock(limit: Json, at: datetime, zone: str | None) -> bool:
    windows = [limit.get("start_time") or "00:00", limit.get("end_time") or "00:00"]
    days = limit.get("start_date") or limit.get("end_date") or limit.get("day_of_week")
    if windows[0] == windows[1] and not days:
        return True
    if zone is None:
        raise Unpriceable  # 11: the clock matters and is unknown
    local = at.astimezone(ZoneInfo(zone))
    day, clock = local.strftime("%Y-%m-%d"), local.strftime("%H:%M:%S.%f")
    if limit.get("day_of_week") and DAYS[local.weekday()] not in limit["day_of_week"]:
        return False
    if limit.get("start_date") and day < limit["start_date"]:
        return False
    if limit.get("end_date") and day >= limit["end_date"]:
        return False
    return _in_window(limit.get("start_time"), clock, limit.get("end_time"))


def _in_window(begin: str | None, clock: str, end: str | None) -> bool:
    """Compare texts of 24 hours; an end at 00:00 is the end of the day, equal ends are the whole day."""
    begin, end = begin or "00:00", "24:00" if end in (None, "00:00") else end
    if begin == end:
        return True
    if begin < end:
        return begin <= clock < end
    return clock >= begin or clock < end


# step_size once per session (13), money (17, 18) and limits (19).


def _steps(charges: list[Owed]) -> list[Owed]:
    parked = any(charge.measured == "PARKING_TIME" for charge in charges)
    extra = []
    for measured in ALL_MEASURED:
        same = [charge for charge in charges if charge.measured == measured]
        if not same or not same[-1].step or (measured == "TIME" and parked):
            continue
        total, step = sum((charge.quantity for charge in same), Fraction()), same[-1].step
        missing = -total % step
        if total > 0 and missing:
            extra.append(same[-1]._replace(quantity=missing))
    return extra


def _cost(charges: list[Owed]) -> tuple[Fraction, Fraction]:
    net = sum((c.quantity * c.price for c in charges), Fraction())
    gross = sum((c.quantity * c.price * (100 + c.vat) / 100 for c in charges), Fraction())
    return net, gross


def _limited(total: tuple[Fraction, Fraction], charges: list[Owed], spells: list[Spell]) -> tuple[Fraction, Fraction]:
    session = [spell for spell in spells if not _is_reservation_only(spell)]
    # 32: the limits are those of the tariff at session start; 19: no session, no minimum.
    tariff = next((spell.tariff for spell in session or spells if spell.tariff), None)
    if tariff is None:
        return total
    rates = {charge.vat for charge in charges}
    if not rates:
        rates = {Fraction(c.get("vat") or 0) for e in tariff["elements"] for c in e["price_components"]}
    common = rates.pop() if len(rates) == 1 else Fraction()
    for name, beyond in (("min_price", operator.lt), ("max_price", operator.gt)):
        price = tariff.get(name)
        if not price or (name == "min_price" and not session):
            continue
        net, gross = total
        edge = Fraction(price["excl_vat"])
        if beyond(net, edge):
            if price.get("incl_vat") is None:
                gross = gross * edge / net if net else edge * (100 + common) / 100
            net = edge
        if price.get("incl_vat") is not None and beyond(gross, Fraction(price["incl_vat"])):
            gross = Fraction(price["incl_vat"])
        total = net, gross
    return total
