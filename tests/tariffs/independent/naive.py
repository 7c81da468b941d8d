"""A second pricer of OCPI, written from the specifications alone: slow, literal, nothing shared with `tariffs`.

It reads JSON text (`naive_wire` tells the versions), counts in fractions, and keeps one flat list of charges (bucket,
quantity, price, VAT, step). Each charge is found by asking every element in turn, period by period and dimension by
dimension; step_size enlarges the last charge of its kind; the totals are sums over the list (`naive_money`). Numbers
in brackets are pricing rules: where OCPI is silent they decide, everywhere else the specification does.
"""

from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from naive_money import Owed, Sides, cost, limited, steps
from naive_wire import Unpriceable, as_221, head, instant, read_json, zone_of_place

Json = Any
HOUR = 3600
NOISE = Fraction(1, 10**12)
DAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
TIME_VOLUMES = ("TIME", "PARKING_TIME", "RESERVATION_TIME")
BUCKETS = ("energy", "time", "parking", "fixed", "reservation")


class Spell(NamedTuple):
    """A charging period with all that restrictions ask about it."""

    start: datetime | None
    end: datetime | None
    volumes: dict[str, Fraction]
    reserves: bool
    kwh_before: Fraction
    tariff: Json | None


class Answer(NamedTuple):
    """Totals as (excl, incl), None where nobody can know, and billed kWh, minutes of charging, parking, reservation."""

    total: Sides
    parts: dict[str, Sides]
    billed: dict[str, Fraction]


def answer(cdr_text: str, tariff_texts: list[str], zone: str | None, version: str) -> Answer | None:
    """Price a CDR, or return nothing when it has no price."""
    try:
        return _answer(read_json(cdr_text), [read_json(text) for text in tariff_texts], zone, version)
    except Unpriceable:
        return None


def _answer(wire: Json, more_wire: list[Json], told: str | None, version: str) -> Answer:
    cdr, more = as_221(wire, more_wire, version)
    zone = told or zone_of_place(cdr)
    periods = cdr["charging_periods"]
    if not periods:
        raise Unpriceable
    if all(head(period["start_date_time"]) for period in periods):  # 3; with an unknown start there is no order
        periods = sorted(periods, key=lambda period: instant(period["start_date_time"]))
    spells = _spells(cdr, periods, _tariff_of_each(cdr, periods, more))
    _refuse_what_has_no_price(cdr, spells)
    charges = steps(_for_charging(spells, zone) + _for_reserving(periods, spells, zone))
    parts = {bucket: cost([c for c in charges if c.bucket == bucket]) for bucket in BUCKETS}
    session = [spell for spell in spells if not _is_reservation_only(spell)]
    # 32: the limits are those of the tariff at session start; 19: no session, no minimum.
    tariff = next((spell.tariff for spell in session or spells if spell.tariff), None)
    total = limited(cost(charges), charges, tariff, has_minimum=bool(session))
    if version == "2.1.1":  # 18: it has no VAT, so what is including VAT nobody says, not even of nothing
        total, parts = (total[0], None), {bucket: (net, None) for bucket, (net, _) in parts.items()}
    if cdr.get("credit") is True:  # 24: the total alone is negated, after the limits
        total = tuple(None if side is None else -side for side in total)
    measured = {name: sum((c.quantity for c in charges if c.measured == name), Fraction()) for name in ALL_MEASURED}
    billed = {name: amount if name == "ENERGY" else amount * 60 for name, amount in measured.items()}
    return Answer(total, parts, billed)


ALL_MEASURED = ("ENERGY", *TIME_VOLUMES)


def _seconds(span: timedelta) -> Fraction:
    return Fraction(span // timedelta(microseconds=1), 1_000_000)


# Which tariff (5, 6, 8).


def _tariff_of_each(cdr: Json, periods: list[Json], more: list[Json]) -> list[Json | None]:
    own = cdr.get("tariffs") or []
    begin = head(cdr["start_date_time"])
    if any(period.get("tariff_id") for period in periods):
        named = [period.get("tariff_id") for period in periods]
        return [_by_id(cdr, name, own, more, begin) if name else None for name in named]
    return [_by_validity(cdr, own or _of_party(cdr, more), begin)] * len(periods)


def _of_party(cdr: Json, tariffs: list[Json]) -> list[Json]:
    """Rule 5: a tariff is known by its CPO and its id; a list in which this CPO has none serves everyone."""
    party = [str(cdr.get(key)).upper() for key in ("country_code", "party_id")]
    return [t for t in tariffs if [str(t.get(key)).upper() for key in ("country_code", "party_id")] == party] or tariffs


def _by_id(cdr: Json, name: str, own: list[Json], more: list[Json], begin: datetime | None) -> Json:
    for shelf in (own, more):
        same = [tariff for tariff in shelf if tariff["id"].lower() == name.lower()]
        if same:
            same = same if shelf is own else _of_party(cdr, same)
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
    return (not begin or instant(begin) <= at) and (not end or at < instant(end))


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
    starts = [head(period["start_date_time"]) for period in periods]
    raw = [_volumes(period) for period in periods]
    made = []
    for index, start in enumerate(starts):
        end = _end(start, starts[index + 1 :], head(cdr["end_date_time"]))
        earlier = [i for i in range(index) if start is None or starts[i] != start]
        before = sum((raw[i].get("ENERGY", Fraction()) for i in earlier), Fraction())
        volumes = _snapped(raw[index], _seconds(end - start) if start and end else None)
        reserves = any(d["type"] in RESERVING for d in periods[index]["dimensions"])
        made.append(Spell(start, end, volumes, reserves, before, tariffs[index]))
    return made


def _end(start: datetime | None, later: list[datetime | None], last: datetime | None) -> datetime | None:
    """A period ends where the next later one starts; behind an unknown start nobody knows."""
    if start is None:
        return None
    for other in later:
        if other is None or other > start:
            return other
    return last


RESERVING = ("RESERVATION_TIME", "RESERVATION_EXPIRES")


def _volumes(period: Json) -> dict[str, Fraction]:
    found: dict[str, Fraction] = {}
    for dimension in period["dimensions"]:  # 32: what stands twice counts twice
        kind = "RESERVATION_TIME" if dimension["type"] in RESERVING else dimension["type"]  # 31
        found[kind] = found.get(kind, Fraction()) + Fraction(dimension["volume"])
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


def _elapsed(spell: Spell, since: list[Spell]) -> Fraction | None:
    """The seconds from the first known start of several to that of one, None where that is unknown (2)."""
    known = [other.start for other in since if other.start]
    return _seconds(spell.start - min(known)) if spell.start else None


def _for_charging(spells: list[Spell], zone: str | None) -> list[Owed]:
    session = [spell for spell in spells if not _is_reservation_only(spell)]
    charges: list[Owed] = []
    flat_due = True
    for spell in session:
        elements = [e for e in _elements(spell) if not _reservation(e)]
        elapsed = _elapsed(spell, session)
        for kind, bucket in (("ENERGY", "energy"), ("TIME", "time"), ("PARKING_TIME", "parking")):
            volume = spell.volumes.get(kind)
            component = _first(elements, kind, spell, elapsed, spell.kwh_before, zone) if volume else None
            if volume and component:
                charges.append(_charge(bucket, kind, volume, component, spell))
        flat = _first(elements, "FLAT", spell, elapsed, spell.kwh_before, zone) if flat_due else None
        if flat:
            charges.append(_charge("fixed", "", Fraction(1), flat, spell))
            flat_due = False
    return charges


def _for_reserving(periods: list[Json], spells: list[Spell], zone: str | None) -> list[Owed]:
    reserved = [spell for spell in spells if spell.reserves]
    used = len(reserved) < len(spells) or any(
        spell.volumes.get(name, 0) > 0 for spell in spells for name in ("ENERGY", "TIME", "PARKING_TIME")
    )
    if any(d["type"] == "RESERVATION_EXPIRES" for period in periods for d in period["dimensions"]):
        used = False  # 16: it says so itself
    charges: list[Owed] = []
    flat_due = True
    for spell in reserved:
        plain = [e for e in _elements(spell) if _reservation(e) == "RESERVATION"]
        expiry = [] if used else [e for e in _elements(spell) if _reservation(e) == "RESERVATION_EXPIRES"]
        elapsed = _elapsed(spell, reserved)
        volume = spell.volumes["RESERVATION_TIME"]
        component = _first(expiry + plain, "TIME", spell, elapsed, Fraction(), zone) if volume else None
        if component:
            charges.append(_charge("reservation", "RESERVATION_TIME", volume, component, spell))
        flat = _first(expiry + plain, "FLAT", spell, elapsed, Fraction(), zone) if flat_due else None
        if flat:
            charges.append(_charge("reservation", "", Fraction(1), flat, spell))
            flat_due = False
    return charges


def _elements(spell: Spell) -> list[Json]:
    """Return the elements of the period's tariff that are not for bookings (31)."""
    elements = spell.tariff["elements"] if spell.tariff else []
    return [e for e in elements if not (e.get("restrictions") or {}).get("booking")]


def _reservation(element: Json) -> str:
    return (element.get("restrictions") or {}).get("reservation") or ""


def _first(
    elements: list[Json], kind: str, spell: Spell, elapsed: Fraction | None, kwh: Fraction, zone: str | None
) -> Json | None:
    for element in elements:
        for component in _components(element, kind):
            if _matches(element.get("restrictions") or {}, spell, elapsed, kwh, zone):
                return component
    return None


def _components(element: Json, kind: str) -> list[Json]:
    return [component for component in element["price_components"] if component["type"] == kind]


def _charge(bucket: str, measured: str, quantity: Fraction, component: Json, spell: Spell) -> Owed:
    unit = 1000 if measured == "ENERGY" else HOUR
    price, step = Fraction(component["price"]), Fraction(component.get("step_size") or 0)
    vat = component.get("vat")
    taxes = spell.tariff["taxes"] if spell.tariff else ""
    return Owed(bucket, measured, quantity, price, None if vat is None else Fraction(vat), taxes, step / unit)


# Restrictions, all at the start of the period (10); a clock and an instant last, for they may be unknown (2, 11).


def _matches(limit: Json, spell: Spell, elapsed: Fraction | None, kwh: Fraction, zone: str | None) -> bool:
    return (
        _between(limit.get("min_kwh"), kwh, limit.get("max_kwh"))
        and _electric(limit, spell)
        and _after(limit.get("min_duration"), elapsed, limit.get("max_duration"))
        and _on_the_clock(limit, spell.start, zone)
    )


def _after(low: Json, elapsed: Fraction | None, high: Json) -> bool:
    if low is None and high is None:
        return True
    if elapsed is None:
        raise Unpriceable  # 2: a duration that nobody can tell
    return _between(low, elapsed, high)


def _between(low: Json, value: Fraction, high: Json) -> bool:
    return (low is None or Fraction(low) <= value) and (high is None or value < Fraction(high))


def _electric(limit: Json, spell: Spell) -> bool:
    volumes = spell.volumes
    for unit in ("current", "power"):
        least, most = volumes.get(f"MIN_{unit.upper()}"), volumes.get(f"MAX_{unit.upper()}")
        wall = _seconds(spell.end - spell.start) if spell.end and spell.start else 0
        if least is None and most is None and unit == "power" and wall and "ENERGY" in volumes:
            least = volumes["ENERGY"] * HOUR / wall  # the mean can only disprove
        least, most = (most if least is None else least), (least if most is None else most)
        low, high = limit.get(f"min_{unit}"), limit.get(f"max_{unit}")
        if low is not None and least is not None and least < Fraction(low):
            return False
        if high is not None and most is not None and most >= Fraction(high):
            return False
    return True


def _on_the_clock(limit: Json, at: datetime | None, zone: str | None) -> bool:
    begin, end = limit.get("start_time") or "00:00", limit.get("end_time") or "00:00"
    weekdays = set(limit.get("day_of_week") or DAYS)
    days = limit.get("start_date") or limit.get("end_date") or weekdays < set(DAYS)
    if (begin == end or (begin, end) == ("00:00", "24:00")) and not days:
        return True
    if zone is None or at is None:
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
