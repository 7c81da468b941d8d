"""Which element prices what, and why: the restrictions with what was seen and what they ask for."""

from typing import Final

MESSAGES: Final[dict[str, tuple[str, str]]] = {
    "choice.taken": (
        "{dimension}: element {element} of tariff {tariff}, {price}",
        "{dimension}: Element {element} des Tarifs {tariff}, {price}",
    ),
    "choice.taken-with-vat": (
        "{dimension}: element {element} of tariff {tariff}, {price}, VAT {vat}",
        "{dimension}: Element {element} des Tarifs {tariff}, {price}, USt. {vat}",
    ),
    "choice.open": (
        "{dimension}: it cannot be said whether element {element} of tariff {tariff} applies: {reasons}",
        "{dimension}: es lässt sich nicht sagen, ob Element {element} des Tarifs {tariff} zutrifft: {reasons}",
    ),
    "choice.none": (
        "{dimension}: no element applies, so it costs nothing",
        "{dimension}: kein Element trifft zu, also kostenlos",
    ),
    "choice.passed": ("Element {elements} does not apply: {reasons}", "Element {elements} trifft nicht zu: {reasons}"),
    "choice.passed-several": (
        "Elements {elements} do not apply: {reasons}",
        "Elemente {elements} treffen nicht zu: {reasons}",
    ),
    "choice.because": ("Element {element} applies: {reasons}", "Element {element} trifft zu: {reasons}"),
    "choice.unrestricted": (
        "Element {element} applies: it has no restrictions",
        "Element {element} trifft zu: es hat keine Einschränkungen",
    ),
    "choice.for-reservations": (
        "Element {element} applies: it is for reservations and has no other restrictions",
        "Element {element} trifft zu: es gilt für Reservierungen und hat keine weiteren Einschränkungen",
    ),
    "choice.for-expired": (
        "Element {element} applies: it is for expired reservations and has no other restrictions",
        "Element {element} trifft zu: es gilt für verfallene Reservierungen und hat keine weiteren Einschränkungen",
    ),
    "choice.whole-day": (
        "Element {element} applies: its start and end are the same time of day, which is the whole day",
        "Element {element} trifft zu: Beginn und Ende sind dieselbe Uhrzeit, das ist der ganze Tag",
    ),
    "choice.unknown-restriction": (
        "Its restriction {restriction} is none of OCPI and was read as if it were not there",
        "Seine Einschränkung {restriction} gibt es in OCPI nicht; gelesen, als stünde sie nicht da",
    ),
    "choice.spans": (
        "The price changes inside the charging period; the one at its start counts for all of it, and the truth may "
        "differ by up to {money} before taxes and steps",
        "Der Preis wechselt innerhalb des Ladeabschnitts; der zu seinem Beginn gilt für den ganzen, und die Wahrheit "
        "kann um bis zu {money} abweichen, vor Steuern und Schritten",
    ),
    "passed.booking": ("part of the Bookings module", "Teil des Moduls Bookings"),
    "passed.no-price": ("no price for this", "hierfür kein Preis"),
    "passed.for-reservations": ("for reservations only", "nur für Reservierungen"),
    "passed.for-charging": (
        "for charging, not for reservations",
        "für das Laden, nicht für Reservierungen",
    ),
    "passed.for-expired": (
        "for expired reservations, and this one did not expire",
        "für verfallene Reservierungen, und diese verfiel nicht",
    ),
    "reason.window.met": (
        "it is {seen}, and the price is for {start} to {end}",
        "es ist {seen} Uhr, und der Preis gilt von {start} bis {end} Uhr",
    ),
    "reason.window.unmet": (
        "it is {seen}, and the price is for {start} to {end}",
        "es ist {seen} Uhr, und der Preis gilt von {start} bis {end} Uhr",
    ),
    "reason.start_date.met": (
        "it is {seen}, and the price begins on {limit}",
        "es ist der {seen}, und der Preis beginnt am {limit}",
    ),
    "reason.start_date.unmet": (
        "it is {seen}, and the price begins on {limit}",
        "es ist der {seen}, und der Preis beginnt am {limit}",
    ),
    "reason.end_date.met": (
        "it is {seen}, and the price is for days before {limit}",
        "es ist der {seen}, und der Preis gilt für Tage vor dem {limit}",
    ),
    "reason.end_date.unmet": (
        "it is {seen}, and the price is for days before {limit}",
        "es ist der {seen}, und der Preis gilt für Tage vor dem {limit}",
    ),
    "reason.day_of_week.met": (
        "it is {seen}, and the price is for {days}",
        "es ist {seen}, und der Preis gilt für {days}",
    ),
    "reason.day_of_week.unmet": (
        "it is {seen}, and the price is for {days}",
        "es ist {seen}, und der Preis gilt für {days}",
    ),
    "reason.min_kwh.met": (
        "{seen} had been charged before, and the price begins at {limit}",
        "zuvor waren {seen} geladen, und der Preis beginnt bei {limit}",
    ),
    "reason.min_kwh.unmet": (
        "{seen} had been charged before, and the price begins at {limit} only",
        "zuvor waren {seen} geladen, und der Preis beginnt erst bei {limit}",
    ),
    "reason.max_kwh.met": (
        "{seen} had been charged before, and the price is for less than {limit}",
        "zuvor waren {seen} geladen, und der Preis gilt unter {limit}",
    ),
    "reason.max_kwh.unmet": (
        "{seen} had been charged before, and the price is for less than {limit} only",
        "zuvor waren {seen} geladen, und der Preis gilt nur unter {limit}",
    ),
    "reason.min_duration.met": (
        "{seen} had passed since {since}, and the price begins after {limit}",
        "{seen} waren seit {since} vergangen, und der Preis beginnt nach {limit}",
    ),
    "reason.min_duration.unmet": (
        "{seen} had passed since {since}, and the price begins after {limit} only",
        "{seen} waren seit {since} vergangen, und der Preis beginnt erst nach {limit}",
    ),
    "reason.max_duration.met": (
        "{seen} had passed since {since}, and the price is for less than {limit}",
        "{seen} waren seit {since} vergangen, und der Preis gilt unter {limit}",
    ),
    "reason.max_duration.unmet": (
        "{seen} had passed since {since}, and the price is for less than {limit} only",
        "{seen} waren seit {since} vergangen, und der Preis gilt nur unter {limit}",
    ),
    "reason.min_load.met": (
        "{which} is {seen}, and the price begins at {limit}",
        "{which} ist {seen}, und der Preis beginnt bei {limit}",
    ),
    "reason.min_load.unmet": (
        "{which} is {seen}, and the price begins at {limit} only",
        "{which} ist {seen}, und der Preis beginnt erst bei {limit}",
    ),
    "reason.max_load.met": (
        "{which} is {seen}, and the price is for less than {limit}",
        "{which} ist {seen}, und der Preis gilt unter {limit}",
    ),
    "reason.max_load.unmet": (
        "{which} is {seen}, and the price is for less than {limit} only",
        "{which} ist {seen}, und der Preis gilt nur unter {limit}",
    ),
    "reason.unknown-clock": (
        "{restriction} asks for the local time, which is unknown",
        "{restriction} fragt nach der Ortszeit, die unbekannt ist",
    ),
    "reason.unknown-instant": (
        "{restriction} asks for a time that the CDR does not state",
        "{restriction} fragt nach einer Zeit, die der CDR nicht nennt",
    ),
    "reason.unknown-load": (
        "{restriction} asks for a load that the charging period does not state; taken as met",
        "{restriction} fragt nach einer Last, die der Ladeabschnitt nicht nennt; als erfüllt angesehen",
    ),
}
