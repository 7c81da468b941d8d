"""Small charges, each of which makes an explanation say something that no other case says."""

from typing import Any

from tariffs.explanation import Explanation, explain
from tariffs.ocpi import decode, read_cdr, read_session, read_tariff

Json = dict[str, Any]
START, MIDDLE, END = "2026-10-07T08:00:00Z", "2026-10-07T09:00:00Z", "2026-10-07T10:00:00Z"  # a Wednesday
HALF = "2026-10-07T08:30:00Z"


def price_of(kind: str, amount: str, **more: Any) -> Json:
    return {"type": kind, "price": amount, "step_size": 1, **more}


def element(*prices: Json, **restrictions: Any) -> Json:
    return {"price_components": list(prices), **({"restrictions": restrictions} if restrictions else {})}


def tariff(*elements: Json, **more: Any) -> Json:
    return {"id": "T", "currency": "EUR", "elements": list(elements), **more}


def period(start: str, tariff_id: str | None = None, **volumes: Any) -> Json:
    made: Json = {
        "start_date_time": start,
        "dimensions": [{"type": kind, "volume": volume} for kind, volume in volumes.items()],
    }
    return made if tariff_id is None else {**made, "tariff_id": tariff_id}


def cdr(*periods: Json, tariffs: list[Json] | None = None, **more: Any) -> Json:
    made: Json = {
        "id": "C",
        "currency": "EUR",
        "session_id": "S",
        "start_date_time": START,
        "end_date_time": END,
        "charging_periods": list(periods),
        **more,
    }
    return made if tariffs is None else {**made, "tariffs": tariffs}


def explained(of: Json, *given: Json, **options: Any) -> Explanation:
    """Explain a CDR, or a Session, that is written as the wire has it."""
    import json

    options.setdefault("time_zone", None)
    value = decode(json.dumps(of))
    read = read_session(value) if "kwh" in of else read_cdr(value)
    assert read.cdr is not None
    tariffs = [read_tariff(decode(json.dumps(t)), version=read.version).tariff for t in given]
    return explain(read.cdr, tariffs=[t for t in tariffs if t is not None], findings=read.findings, **options)


ENERGY, TIME, FLAT = price_of("ENERGY", "0.50"), price_of("TIME", "6.00"), price_of("FLAT", "1.00")
FREE = element(ENERGY)


def restricted(**restrictions: Any) -> Json:
    """A tariff whose first element is restricted, with a second one for all else."""
    return tariff(element(price_of("ENERGY", "0.30"), **restrictions), FREE)


def charge(**volumes: Any) -> Json:
    """One charging period of two hours that begins on Wednesday at 10:00 in Berlin."""
    return cdr(period(START, **(volumes or {"ENERGY": 10})), cdr_location={"country": "DEU"})


def two(first: Json, second: Json, **more: Any) -> Json:
    """Two charging periods of an hour each."""
    return cdr(period(START, **first), period(MIDDLE, **second), cdr_location={"country": "DEU"}, **more)


WINDOW = {"start_time": "08:00", "end_time": "12:00"}

# id: (CDR, tariff, English, German). The second period of a CDR with two, else its only one.
REASONS: dict[str, tuple[Json, Json, str, str]] = {
    "in the window": (
        charge(),
        restricted(**WINDOW),
        "Element 1 applies: it is 10:00, and the price is for 08:00 to 12:00",
        "Element 1 trifft zu: es ist 10:00 Uhr, und der Preis gilt von 08:00 bis 12:00 Uhr",
    ),
    "outside of the window": (
        charge(),
        restricted(start_time="21:30", end_time="00:00"),
        "Element 1 does not apply: it is 10:00, and the price is for 21:30 to 24:00",
        "Element 1 trifft nicht zu: es ist 10:00 Uhr, und der Preis gilt von 21:30 bis 24:00 Uhr",
    ),
    "only an end": (
        charge(),
        restricted(end_time="06:00"),
        "Element 1 does not apply: it is 10:00, and the price is for 00:00 to 06:00",
        "Element 1 trifft nicht zu: es ist 10:00 Uhr, und der Preis gilt von 00:00 bis 06:00 Uhr",
    ),
    "from its first day": (
        charge(),
        restricted(start_date="2026-10-07"),
        "Element 1 applies: it is 2026-10-07, and the price begins on 2026-10-07",
        "Element 1 trifft zu: es ist der 07.10.2026, und der Preis beginnt am 07.10.2026",
    ),
    "before its first day": (
        charge(),
        restricted(start_date="2026-10-08"),
        "Element 1 does not apply: it is 2026-10-07, and the price begins on 2026-10-08",
        "Element 1 trifft nicht zu: es ist der 07.10.2026, und der Preis beginnt am 08.10.2026",
    ),
    "before its last day": (
        charge(),
        restricted(end_date="2026-10-08"),
        "Element 1 applies: it is 2026-10-07, and the price is for days before 2026-10-08",
        "Element 1 trifft zu: es ist der 07.10.2026, und der Preis gilt für Tage vor dem 08.10.2026",
    ),
    "on its last day": (
        charge(),
        restricted(end_date="2026-10-07"),
        "Element 1 does not apply: it is 2026-10-07, and the price is for days before 2026-10-07",
        "Element 1 trifft nicht zu: es ist der 07.10.2026, und der Preis gilt für Tage vor dem 07.10.2026",
    ),
    "on its weekday": (
        charge(),
        restricted(day_of_week=["WEDNESDAY"]),
        "Element 1 applies: it is Wednesday, and the price is for Wednesday",
        "Element 1 trifft zu: es ist Mittwoch, und der Preis gilt für Mittwoch",
    ),
    "on another weekday": (
        charge(),
        restricted(day_of_week=["SATURDAY", "SUNDAY", "FRIDAY"]),
        "Element 1 does not apply: it is Wednesday, and the price is for Friday, Saturday and Sunday",
        "Element 1 trifft nicht zu: es ist Mittwoch, und der Preis gilt für Freitag, Samstag und Sonntag",
    ),
    "enough energy": (
        two({"ENERGY": 10}, {"ENERGY": 5}),
        tariff(element(ENERGY, max_kwh=10), element(ENERGY, min_kwh=10)),
        "Element 2 applies: 10 kWh had been charged before, and the price begins at 10 kWh",
        "Element 2 trifft zu: zuvor waren 10 kWh geladen, und der Preis beginnt bei 10 kWh",
    ),
    "too much energy": (
        two({"ENERGY": "9.5"}, {"ENERGY": 5}),
        tariff(element(ENERGY, max_kwh=9), FREE),
        "Element 1 does not apply: 9.5 kWh had been charged before, and the price is for less than 9 kWh only",
        "Element 1 trifft nicht zu: zuvor waren 9,5 kWh geladen, und der Preis gilt nur unter 9 kWh",
    ),
    "not enough energy": (
        two({"ENERGY": 4}, {"ENERGY": 5}),
        restricted(min_kwh=10, max_kwh=20),
        "Element 1 does not apply: 4 kWh had been charged before, and the price begins at 10 kWh only",
        "Element 1 trifft nicht zu: zuvor waren 4 kWh geladen, und der Preis beginnt erst bei 10 kWh",
    ),
    "little enough energy": (
        charge(),
        restricted(max_kwh=20),
        "Element 1 applies: 0 kWh had been charged before, and the price is for less than 20 kWh",
        "Element 1 trifft zu: zuvor waren 0 kWh geladen, und der Preis gilt unter 20 kWh",
    ),
    "long enough": (
        two({"ENERGY": 4}, {"ENERGY": 5}),
        tariff(element(ENERGY, max_duration=3600), element(ENERGY, min_duration=3600)),
        "Element 2 applies: 1 h had passed since the charging session began, and the price begins after 1 h",
        "Element 2 trifft zu: 1 h waren seit Beginn des Ladens vergangen, und der Preis beginnt nach 1 h",
    ),
    "not long enough": (
        two({"ENERGY": 4}, {"ENERGY": 5}),
        restricted(min_duration=5445),
        "Element 1 does not apply: 1 h had passed since the charging session began, and the price begins after "
        "1 h 30 min 45 s only",
        "Element 1 trifft nicht zu: 1 h waren seit Beginn des Ladens vergangen, und der Preis beginnt erst nach "
        "1 h 30 min 45 s",
    ),
    "short enough": (
        charge(),
        restricted(max_duration=60),
        "Element 1 applies: 0 s had passed since the charging session began, and the price is for less than 1 min",
        "Element 1 trifft zu: 0 s waren seit Beginn des Ladens vergangen, und der Preis gilt unter 1 min",
    ),
    "too long": (
        two({"ENERGY": 4}, {"ENERGY": 5}),
        restricted(max_duration=1800),
        "Element 1 does not apply: 1 h had passed since the charging session began, and the price is for less than "
        "30 min only",
        "Element 1 trifft nicht zu: 1 h waren seit Beginn des Ladens vergangen, und der Preis gilt nur unter 30 min",
    ),
    "power high enough": (
        charge(ENERGY=10, MIN_POWER=22, MAX_POWER=40),
        restricted(min_power=22),
        "Element 1 applies: the lowest power is 22 kW, and the price begins at 22 kW",
        "Element 1 trifft zu: die niedrigste Leistung ist 22 kW, und der Preis beginnt bei 22 kW",
    ),
    "power too low, by the mean": (
        charge(ENERGY=10),
        restricted(min_power=22),
        "Element 1 does not apply: the mean power (energy by duration) is 5 kW, and the price begins at 22 kW only",
        "Element 1 trifft nicht zu: die mittlere Leistung (Energie durch Dauer) ist 5 kW, und der Preis beginnt erst "
        "bei 22 kW",
    ),
    "power low enough, by the only one stated": (
        charge(ENERGY=10, MIN_POWER=11),
        restricted(max_power=22),
        "Element 1 applies: the lowest power is 11 kW, and the price is for less than 22 kW",
        "Element 1 trifft zu: die niedrigste Leistung ist 11 kW, und der Preis gilt unter 22 kW",
    ),
    "current too high": (
        charge(ENERGY=10, MAX_CURRENT="32.5"),
        restricted(max_current=32),
        "Element 1 does not apply: the highest current is 32.5 A, and the price is for less than 32 A only",
        "Element 1 trifft nicht zu: der höchste Strom ist 32,5 A, und der Preis gilt nur unter 32 A",
    ),
    "current not stated": (
        charge(ENERGY=10),
        restricted(min_current=6),
        "Element 1 applies: min_current asks for a load that the charging period does not state; taken as met",
        "Element 1 trifft zu: min_current fragt nach einer Last, die der Ladeabschnitt nicht nennt; als erfüllt "
        "angesehen",
    ),
    "several at once": (
        charge(ENERGY=10),
        restricted(max_kwh=5, day_of_week=["MONDAY"], start_time="12:00"),
        "Element 1 does not apply: it is 10:00, and the price is for 12:00 to 24:00; it is Wednesday, and the price is "
        "for Monday",
        "Element 1 trifft nicht zu: es ist 10:00 Uhr, und der Preis gilt von 12:00 bis 24:00 Uhr; es ist Mittwoch, und "
        "der Preis gilt für Montag",
    ),
    "equal times": (
        charge(ENERGY=10),
        tariff(element(ENERGY, start_time="12:00", end_time="12:00")),
        "Element 1 applies: its start and end are the same time of day, which is the whole day",
        "Element 1 trifft zu: Beginn und Ende sind dieselbe Uhrzeit, das ist der ganze Tag",
    ),
    "no price for it": (
        charge(ENERGY=10),
        tariff(element(TIME), element(FLAT), element(ENERGY)),
        "Elements 1 and 2 do not apply: no price for this",
        "Elemente 1 und 2 treffen nicht zu: hierfür kein Preis",
    ),
    "bookings": (
        charge(ENERGY=10),
        tariff(element(ENERGY, booking={"min": 1}), FREE),
        "Element 1 does not apply: part of the Bookings module",
        "Element 1 trifft nicht zu: Teil des Moduls Bookings",
    ),
    "a misspelt restriction": (
        charge(ENERGY=10),
        restricted(max_energy=5),
        "Its restriction max_energy is none of OCPI and was read as if it were not there",
        "Seine Einschränkung max_energy gibt es in OCPI nicht; gelesen, als stünde sie nicht da",
    ),
    "for reservations": (
        charge(ENERGY=10),
        restricted(reservation="RESERVATION"),
        "Element 1 does not apply: for reservations only",
        "Element 1 trifft nicht zu: nur für Reservierungen",
    ),
    "a price that changes within": (
        charge(ENERGY=10),
        restricted(end_time="11:00"),
        "The price changes inside the charging period; the one at its start counts for all of it, and the truth may "
        "differ by up to 2.00 EUR before taxes and steps",
        "Der Preis wechselt innerhalb des Ladeabschnitts; der zu seinem Beginn gilt für den ganzen, und die Wahrheit "
        "kann um bis zu 2,00 EUR abweichen, vor Steuern und Schritten",
    ),
    "nothing applies": (
        charge(ENERGY=10),
        tariff(element(ENERGY, max_kwh=0)),
        "Energy (ENERGY): no element applies, so it costs nothing",
        "Energie (ENERGY): kein Element trifft zu, also kostenlos",
    ),
}
