"""Random OCPI sessions: a CDR and its tariffs as JSON text of one version, always the same for one seed.

The timeline is drawn first. Restrictions are then drawn from what happens on it: a window opens just when a period
starts, a threshold is just the energy used so far, a date is the local day, so that every edge is met from both sides.
"""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from random import Random
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from dialects import TOLD_AS, VERSIONS, location
from oddities import ODDITIES

Json = Any
ZONES = (*["Europe/Berlin"] * 4, "Europe/Lisbon", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "UTC")
DAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
# The days on which clocks change in these zones, ends of months and years, a leap day, and any week.
DATES = (
    *("2026-03-28", "2026-03-29", "2026-10-24", "2026-10-25", "2026-03-08", "2026-11-01", "2026-04-04", "2026-10-03"),
    *("2024-02-28", "2024-02-29", "2026-12-31", "2026-06-30", "2026-07-13", "2026-07-18", "2026-07-19", "2026-07-22"),
)
LOADS = ("POWER", "CURRENT")
ODD_ONES = 12  # percent of the sessions


class Session(NamedTuple):
    """What a pricer is given."""

    seed: int
    cdr: str
    tariffs: tuple[str, ...]  # the caller's; the CDR may bring its own
    zone: str | None  # as the caller states it
    version: str


class Facts(NamedTuple):
    """What restrictions are drawn from: local starts, seconds since the session started, kWh before, amperes, kW."""

    local: list[datetime]
    elapsed: list[Decimal]
    kwh: list[Decimal]
    loads: dict[str, list[Decimal]]
    begin: datetime


def session(seed: int) -> Session:
    """Return the session of a seed."""
    r = Random(seed)
    zone = r.choice(ZONES)
    periods, begin, end = _timeline(r)
    facts = _facts(periods, begin, zone)
    tariffs = [_tariff(r, facts, f"T{n}") for n in range(r.choice((1, 1, 1, 2, 3)))]
    _name_tariffs(r, periods, tariffs)
    place, told = location(r, zone)
    version = r.choice(VERSIONS)
    cdr = {
        "country_code": "DE",
        "party_id": "ABC",
        "id": f"C{seed}",
        "start_date_time": _text(begin if r.random() < 0.95 else begin - timedelta(minutes=20)),
        "end_date_time": _text(end),
        "cdr_token": {"uid": "U", "type": r.choice(("RFID", "RFID", "APP_USER", "AD_HOC_USER")), "contract_id": "X"},
        "cdr_location": place,
        "currency": "EUR",
        "charging_periods": periods,
        "total_cost": {"excl_vat": Decimal("1.00")},
        "total_energy": sum((_volume(p, "ENERGY") for p in periods), Decimal()),
        "last_updated": _text(end),
    }
    if r.random() < 0.8:
        cdr["session_id"] = "S"
    if r.random() < 0.12:
        cdr |= {"credit": True, "credit_reference_id": "O"}
    if r.random() < 0.08:
        r.shuffle(periods)
    brought = [] if r.random() < 0.3 else tariffs
    given = tariffs if not brought or r.random() < 0.2 else []
    if not brought and r.random() < 0.2:
        r.choice(tariffs)["party_id"] = "XYZ"
    if brought:
        cdr["tariffs"] = brought
    if r.randrange(100) < ODD_ONES:
        r.choice(ODDITIES)(r, cdr, tariffs)
    told = told if "cdr_location" in cdr else None
    TOLD_AS[version](r, cdr, tariffs, zone)
    return Session(seed, as_json(cdr), tuple(as_json(tariff) for tariff in given), told, version)


def as_json(value: Json) -> str:
    """Write JSON in which a Decimal keeps its digits."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)}: {as_json(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(as_json(inner) for inner in value) + "]"
    return f"{value:f}" if isinstance(value, Decimal) else json.dumps(value)


def _text(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S") + (f".{at.microsecond // 1000:03}" if at.microsecond else "") + "Z"


# The timeline.


def _timeline(r: Random) -> tuple[list[Json], datetime, datetime]:
    begin = datetime.fromisoformat(r.choice(DATES)).replace(tzinfo=UTC) + timedelta(minutes=15 * r.randrange(96))
    if r.random() < 0.3:
        begin += timedelta(seconds=r.randrange(60), milliseconds=r.choice((0, 0, 0, 500)))
    kinds = ["reserved"] * r.choice((1, 1, 2)) if r.random() < 0.25 else []
    if not kinds or r.random() < 0.75:
        kinds += r.choices(
            ("charge", "park", "both", "energy", "idle", "limits"), (9, 4, 2, 2, 1, 1), k=r.randint(1, 6)
        )
    if r.random() < 0.05:
        r.shuffle(kinds)
    with_limits, side_by_side = r.random() < 0.35, r.random() < 0.06
    periods: list[Json] = []
    at = begin
    for kind in kinds:
        gap = _gap(r)
        dimensions = _dimensions(r, kind, gap)
        if kind == "limits" or (with_limits and kind != "reserved" and r.random() < 0.8):
            dimensions += _electric(r)
        for part in [[d] for d in dimensions] if side_by_side and dimensions else [dimensions]:
            periods.append({"start_date_time": _text(at), "dimensions": part})
        at += timedelta(seconds=gap)
    return periods, begin, at


def _gap(r: Random) -> int:
    return r.choice((r.randint(1, 16) * 900, r.randint(1, 48) * 300, r.randint(1, 180) * 60, r.randint(1, 9000), 0))


def _hours(r: Random, seconds: int) -> Decimal:
    """Return seconds as hours: at 4 decimals as most CDRs have them, or with many, or only some of them."""
    used = seconds if r.random() < 0.85 else r.randint(0, seconds)
    places = r.choice((4, 4, 4, 4, 3, 6, 12))
    return round(Decimal(used) / 3600, places) + r.choice((0, 0, 0, 0, 0, 1, -1)) * Decimal("0.0001") * (used > 0)


def _energy(r: Random) -> Decimal:
    if r.random() < 0.03:
        return -Decimal(r.randint(1, 50000)).scaleb(-4)
    places = r.choice((4, 4, 3, 1, 0))
    return Decimal(r.randint(0, 30 * 10**places)).scaleb(-places)


def _dimensions(r: Random, kind: str, seconds: int) -> list[Json]:
    half = r.randint(0, seconds)
    by_kind: dict[str, list[tuple[str, Decimal]]] = {
        "reserved": [("RESERVATION_EXPIRES" if r.random() < 0.15 else "RESERVATION_TIME", _hours(r, seconds))],
        "charge": [("ENERGY", _energy(r)), ("TIME", _hours(r, seconds))],
        "park": [("PARKING_TIME", _hours(r, seconds))],
        "both": [("ENERGY", _energy(r)), ("TIME", _hours(r, half)), ("PARKING_TIME", _hours(r, seconds - half))],
        "energy": [("ENERGY", _energy(r))],
        "idle": [("ENERGY", Decimal(0)), ("TIME", Decimal(0)), ("PARKING_TIME", Decimal(0))][: r.randint(1, 3)],
        "limits": [],
    }
    volumes = by_kind[kind]
    if kind == "charge" and r.random() < 0.1:
        volumes.append(("PARKING_TIME", Decimal(0)))
    if kind in ("charge", "both") and r.random() < 0.03:
        volumes.append(("RESERVATION_TIME", _hours(r, r.randint(0, 1800))))
    return [{"type": name, "volume": volume} for name, volume in volumes]


def _electric(r: Random) -> list[Json]:
    made = []
    for unit in ("CURRENT", "POWER"):
        low, high = sorted((_amperes(r), _amperes(r)))
        for name, value in (("MIN", low), ("MAX", high)):
            if r.random() < 0.6:
                made.append({"type": f"{name}_{unit}", "volume": value})
    return made or [{"type": "MAX_POWER", "volume": _amperes(r)}]


def _amperes(r: Random) -> Decimal:
    return r.choice((Decimal(r.choice((0, 6, 11, 16, 22, 32, 50))), Decimal(r.randint(-20, 600)).scaleb(-1)))


def _volume(period: Json, name: str) -> Decimal:
    return sum((d["volume"] for d in period["dimensions"] if d["type"] == name), Decimal())


def _facts(periods: list[Json], begin: datetime, zone: str) -> Facts:
    starts = [datetime.fromisoformat(p["start_date_time"]) for p in periods]
    charging = [at for at, p in zip(starts, periods, strict=True) if _is_charging(p)]
    origin = (charging or starts)[0]
    kwh, running = [Decimal(0)], Decimal(0)
    for period in periods:
        running += _volume(period, "ENERGY")
        kwh.append(running)
    elapsed = [Decimal(abs(at - origin) // timedelta(milliseconds=1)) / 1000 for at in starts]
    elapsed += [Decimal(abs(at - begin) // timedelta(milliseconds=1)) / 1000 for at in starts]
    loads = {unit: [d["volume"] for p in periods for d in p["dimensions"] if unit in d["type"]] for unit in LOADS}
    lengths = [Decimal((after - at) // timedelta(seconds=1)) for at, after in pairwise(starts)]
    means = [_volume(p, "ENERGY") * 3600 / s for p, s in zip(periods, lengths, strict=False) if s > 0]
    loads["POWER"] += [mean for mean in means if mean == round(mean, 4)]
    return Facts([at.astimezone(ZoneInfo(zone)) for at in starts], elapsed, kwh, loads, begin)


def _is_charging(period: Json) -> bool:
    kinds = {d["type"] for d in period["dimensions"]}
    return not kinds or not kinds <= {"RESERVATION_TIME", "RESERVATION_EXPIRES"}


# The tariff.


def _tariff(r: Random, facts: Facts, name: str) -> Json:
    vats = r.choice(
        ((None,), (Decimal(19),), (Decimal(19), Decimal(10), None), (Decimal("5.2"), Decimal(21), Decimal(0)))
    )
    elements = [_element(r, facts, vats) for _ in range(r.choice((1, 2, 2, 3, 4, 6)))]
    elements += [_reservation_element(r, facts, vats) for _ in range(r.choice((0, 0, 0, 1, 1, 2, 3)))]
    if r.random() < 0.1:
        r.shuffle(elements)
    if r.random() < 0.7:
        elements.append({"price_components": [_component(r, kind, vats) for kind in ("FLAT", "ENERGY", "TIME")]})
    tariff: Json = {"country_code": "DE", "party_id": "ABC", "id": name, "currency": "EUR", "elements": elements}
    for limit, low, high in (("min_price", 1, 4000), ("max_price", 100, 6000)):
        if r.random() < 0.2:
            net = Decimal(r.choice((r.randint(low, high), r.randint(low, high), 0))).scaleb(-2)
            tariff[limit] = {"excl_vat": net}
            if r.random() < 0.6:
                tariff[limit]["incl_vat"] = net + Decimal(r.randint(0, 900)).scaleb(-2)
    if r.random() < 0.15:
        tariff["type"] = r.choice(("REGULAR", "AD_HOC_PAYMENT", "PROFILE_GREEN", "PROFILE_CHEAP"))
    if r.random() < 0.15:
        edge = facts.begin + timedelta(days=r.choice((-30, -1, 0, 0, 1, 30)))
        tariff[r.choice(("start_date_time", "end_date_time"))] = _text(edge)
    return {**tariff, "last_updated": f"2023-01-{r.randint(1, 28):02}T00:00:00Z"}


def _element(r: Random, facts: Facts, vats: tuple[Decimal | None, ...]) -> Json:
    kinds = r.sample(("FLAT", "ENERGY", "TIME", "PARKING_TIME"), k=r.choice((1, 1, 2, 2, 3, 4)))
    element: Json = {"price_components": [_component(r, kind, vats) for kind in kinds]}
    restrictions: Json = {}
    for _ in range(r.choice((0, 1, 1, 1, 2, 3))):
        restrictions |= r.choice(RESTRICTIONS + (_by_power,) * (4 * any(facts.loads.values())))(r, facts)
    return element | ({"restrictions": restrictions} if restrictions else {})


def _reservation_element(r: Random, facts: Facts, vats: tuple[Decimal | None, ...]) -> Json:
    kinds = r.choice((["TIME"], ["TIME", "FLAT"], ["FLAT"]))
    restrictions: Json = {"reservation": r.choice(("RESERVATION", "RESERVATION_EXPIRES"))}
    if r.random() < 0.3:
        restrictions |= r.choice((_by_duration, _by_clock, _by_weekday))(r, facts)
    return {"price_components": [_component(r, kind, vats) for kind in kinds], "restrictions": restrictions}


def _component(r: Random, kind: str, vats: tuple[Decimal | None, ...]) -> Json:
    high = {"FLAT": 800, "ENERGY": 90}.get(kind, 1000)
    price = Decimal(r.randint(1, high)).scaleb(-2) if r.random() < 0.9 else Decimal(r.choice(("0", "0.1234", "0.005")))
    steps = (0, 1, 1, 10, 25, 100, 500, 1000) if kind == "ENERGY" else (0, 1, 1, 60, 300, 600, 900, 1800)
    step = r.choice((0, 1)) if kind == "FLAT" else r.choice(steps)
    made: Json = {"type": kind, "price": price, "step_size": step}
    vat = r.choice(vats)
    return made if vat is None else {**made, "vat": vat}


# Restrictions, each from what happens on the timeline.


def _by_clock(r: Random, facts: Facts) -> Json:
    def moment() -> str:
        grid = (
            timedelta(),
            timedelta(),
            timedelta(minutes=r.randint(-200, 200)),
            timedelta(minutes=1),
            timedelta(hours=-1),
        )
        return f"{r.choice(facts.local) + r.choice(grid):%H:%M}" if r.random() < 0.85 else "00:00"

    made = {"start_time": moment(), "end_time": moment()}
    if r.random() < 0.25:
        del made[r.choice(("start_time", "end_time"))]
    return made


def _by_date(r: Random, facts: Facts) -> Json:
    def day() -> str:
        return f"{r.choice(facts.local) + timedelta(days=r.choice((-1, 0, 0, 1))):%Y-%m-%d}"

    return r.choice(({"start_date": day()}, {"end_date": day()}, {"start_date": day(), "end_date": day()}))


def _by_weekday(r: Random, facts: Facts) -> Json:
    near = DAYS[r.choice(facts.local).weekday()]
    return {"day_of_week": r.choice(([near], [d for d in DAYS if d != near], r.sample(DAYS, k=3), list(DAYS[:5]), []))}


def _by_kwh(r: Random, facts: Facts) -> Json:
    return _bounds(r, "kwh", facts.kwh, Decimal("0.0001"))


def _by_duration(r: Random, facts: Facts) -> Json:
    bounds = _bounds(r, "duration", facts.elapsed, Decimal(1))
    return {key: int(value) for key, value in bounds.items()}


def _by_power(r: Random, facts: Facts) -> Json:
    unit = r.choice([unit for unit in LOADS if facts.loads[unit]] or LOADS)
    return _bounds(r, unit.lower(), [*facts.loads[unit], *facts.loads[unit], _amperes(r)], Decimal("0.1"))


def _bounds(r: Random, name: str, values: list[Decimal], atom: Decimal) -> Json:
    low, high = sorted(max(Decimal(0), r.choice(values) + r.choice((0, 0, 0, 1, -1)) * atom) for _ in range(2))
    at_least, below = {f"min_{name}": low}, {f"max_{name}": high}
    return r.choice((at_least, at_least, below, below, at_least | below))


RESTRICTIONS = (_by_clock, _by_clock, _by_date, _by_weekday, _by_kwh, _by_kwh, _by_duration, _by_duration, _by_power)


# Which tariff for which period.


def _name_tariffs(r: Random, periods: list[Json], tariffs: list[Json]) -> None:
    how = r.choice(("none", "none", "first", "switch", "some"))
    switch_at = r.randint(0, len(periods))
    for index, period in enumerate(periods):
        tariff = tariffs[-1] if how == "switch" and index >= switch_at else tariffs[0]
        if how == "some":
            tariff = r.choice(tariffs)
        if how == "none" or (how == "some" and r.random() < 0.3):
            continue
        period["tariff_id"] = r.choice((str.upper, str.lower))(tariff["id"])
