"""Headings, the answer, and the premises of a price: tariff, taxes, time zone, reservation."""

from typing import Final

MESSAGES: Final[dict[str, tuple[str, str]]] = {
    "heading.cdr": ("CDR {cdr} (OCPI {version})", "CDR {cdr} (OCPI {version})"),
    "heading.credit": ("Credit CDR {cdr} (OCPI {version})", "Gutschrift-CDR {cdr} (OCPI {version})"),
    "heading.unreadable": ("A record that is no CDR", "Ein Datensatz, der kein CDR ist"),
    "heading.session": ("Session {cdr}, so far (OCPI {version})", "Session {cdr}, bis jetzt (OCPI {version})"),
    "answer.both": (
        "The charge costs {excl} excl. VAT, {incl} incl. VAT, exact and unrounded.",
        "Der Ladevorgang kostet {excl} ohne USt., {incl} mit USt., genau und ungerundet.",
    ),
    "answer.excl": (
        "The charge costs {excl} before taxes, exact and unrounded; the amount with taxes is unknown.",
        "Der Ladevorgang kostet {excl} vor Steuern, genau und ungerundet; der Betrag mit Steuern ist unbekannt.",
    ),
    "answer.incl": (
        "The charge costs {incl} with taxes, exact and unrounded; the amount before taxes is unknown.",
        "Der Ladevorgang kostet {incl} mit Steuern, genau und ungerundet; der Betrag vor Steuern ist unbekannt.",
    ),
    "answer.credit.both": (
        "The credit comes to {excl} excl. VAT, {incl} incl. VAT, exact and unrounded.",
        "Die Gutschrift beträgt {excl} ohne USt., {incl} mit USt., genau und ungerundet.",
    ),
    "answer.credit.excl": (
        "The credit comes to {excl} before taxes, exact and unrounded; the amount with taxes is unknown.",
        "Die Gutschrift beträgt {excl} vor Steuern, genau und ungerundet; der Betrag mit Steuern ist unbekannt.",
    ),
    "answer.credit.incl": (
        "The credit comes to {incl} with taxes, exact and unrounded; the amount before taxes is unknown.",
        "Die Gutschrift beträgt {incl} mit Steuern, genau und ungerundet; der Betrag vor Steuern ist unbekannt.",
    ),
    "answer.open": (
        "No total can be known: some prices exclude taxes and others include them, and no rates are stated. Ask "
        "the CPO "
        "for tariffs that state theirs.",
        "Eine Summe ist nicht bekannt: manche Preise sind ohne Steuern, andere mit, und Sätze sind nicht genannt. Den "
        "CPO um Tarife bitten, die sie nennen.",
    ),
    "answer.none": (
        "No price can be made. What is missing, and what to do, stands under the findings below.",
        "Ein Preis lässt sich nicht bilden. Was fehlt und was zu tun ist, steht unten bei den Befunden.",
    ),
    "section.tariff": ("Tariff", "Tarif"),
    "section.zone": ("Time zone", "Zeitzone"),
    "section.reservation": ("Reservation", "Reservierung"),
    "section.periods": ("Charging periods and their prices", "Ladeabschnitte und ihre Preise"),
    "section.quantities": ("From measured to billed quantity", "Von der gemessenen zur abgerechneten Menge"),
    "section.costs": ("Cost: quantity times price", "Kosten: Menge mal Preis"),
    "section.total": ("Total", "Summe"),
    "section.claim": (
        "What the CDR claims, less what was calculated",
        "Was der CDR fordert, abzüglich des Errechneten",
    ),
    "section.findings": ("Findings", "Befunde"),
    "section.decisions": ("Where OCPI is silent, we decided", "Wo OCPI schweigt, haben wir entschieden"),
    "tariff.overridden": (
        "Tariff {tariff}: the caller asked for it, whatever the CDR names.",
        "Tarif {tariff}: vom Aufrufer verlangt, gleich was der CDR nennt.",
    ),
    "tariff.named": (
        "Tariff {tariff} ({source}): named by charging period {periods}.",
        "Tarif {tariff} ({source}): genannt von Ladeabschnitt {periods}.",
    ),
    "tariff.named-several": (
        "Tariff {tariff} ({source}): named by charging periods {periods}.",
        "Tarif {tariff} ({source}): genannt von den Ladeabschnitten {periods}.",
    ),
    "tariff.only": (
        "Tariff {tariff} ({source}): the only one there is; no charging period names another.",
        "Tarif {tariff} ({source}): der einzige, den es gibt; kein Ladeabschnitt nennt einen anderen.",
    ),
    "tariff.valid": (
        "Tariff {tariff} ({source}): the only one that is valid when the charge starts.",
        "Tarif {tariff} ({source}): der einzige, der zu Beginn des Ladevorgangs gilt.",
    ),
    "tariff.fitting": (
        "Tariff {tariff} ({source}): the only valid one whose type fits this driver.",
        "Tarif {tariff} ({source}): der einzige gültige, dessen Art zu diesem Fahrer passt.",
    ),
    "tariff.first": (
        "Tariff {tariff} ({source}): the first of several that fit.",
        "Tarif {tariff} ({source}): der erste von mehreren, die passen.",
    ),
    "tariff.none": ("No tariff could be chosen.", "Es ließ sich kein Tarif wählen."),
    "tariff.without": (
        "Charging period {periods} names no tariff although others do: it is free.",
        "Ladeabschnitt {periods} nennt keinen Tarif, obwohl andere es tun: er ist kostenlos.",
    ),
    "tariff.without-several": (
        "Charging periods {periods} name no tariff although others do: they are free.",
        "Die Ladeabschnitte {periods} nennen keinen Tarif, obwohl andere es tun: sie sind kostenlos.",
    ),
    "tariff.has-min_price": ("It has a lowest price (min_price).", "Er hat einen Mindestpreis (min_price)."),
    "tariff.has-max_price": ("It has a highest price (max_price).", "Er hat einen Höchstpreis (max_price)."),
    "tariff.valid-from": ("It is valid from {start}.", "Er gilt ab {start}."),
    "tariff.valid-until": ("It is valid until just before {end}.", "Er gilt bis unmittelbar vor {end}."),
    "taxes.ADDED": (
        "Its prices exclude VAT, which each price states; one that states none carries none.",
        "Seine Preise sind ohne USt., die jeder Preis nennt; wer keine nennt, trägt keine.",
    ),
    "taxes.ADDED_UNKNOWN": (
        "Its prices exclude taxes and it states no rates: amounts with taxes are unknown.",
        "Seine Preise sind ohne Steuern, und er nennt keine Sätze: Beträge mit Steuern sind unbekannt.",
    ),
    "taxes.INCLUDED": (
        "Its prices include VAT, which each price states; one that states none carries none.",
        "Seine Preise enthalten die USt., die jeder Preis nennt; wer keine nennt, trägt keine.",
    ),
    "taxes.INCLUDED_UNKNOWN": (
        "Its prices include taxes and it states no rates: amounts before taxes are unknown.",
        "Seine Preise enthalten Steuern, und er nennt keine Sätze: Beträge vor Steuern sind unbekannt.",
    ),
    "taxes.NONE": (
        "No taxes apply to it: amounts before and after taxes are equal.",
        "Auf ihn fallen keine Steuern an: Beträge vor und nach Steuern sind gleich.",
    ),
    "taxes.UNSTATED": (
        "OCPI 2.1.1 has no VAT: its prices exclude it, and amounts with VAT are unknown.",
        "OCPI 2.1.1 kennt keine USt.: seine Preise sind ohne sie, und Beträge mit USt. sind unbekannt.",
    ),
    "zone.stated": (
        "Times are local in {zone}: the caller stated it, which wins over all else.",
        "Zeiten sind Ortszeit in {zone}: vom Aufrufer angegeben, was allem anderen vorgeht.",
    ),
    "zone.cdr-location": (
        "Times are local in {zone}: the time_zone of the location in the CDR.",
        "Zeiten sind Ortszeit in {zone}: die time_zone des Standorts im CDR.",
    ),
    "zone.locations": (
        "Times are local in {zone}: the time_zone of this location in the Locations data.",
        "Zeiten sind Ortszeit in {zone}: die time_zone dieses Standorts in den Locations-Daten.",
    ),
    "zone.country": (
        "Times are local in {zone}: the country of the location has one time.",
        "Zeiten sind Ortszeit in {zone}: im Land des Standorts gilt eine einzige Zeit.",
    ),
    "zone.coordinates": (
        "Times are local in {zone}: the coordinates of the location lie there.",
        "Zeiten sind Ortszeit in {zone}: dort liegen die Koordinaten des Standorts.",
    ),
    "zone.configured": (
        "Times are local in {zone}: configured for the CPO, as the place itself tells none.",
        "Zeiten sind Ortszeit in {zone}: für den CPO hinterlegt, da der Ort selbst keine nennt.",
    ),
    "zone.not-needed": (
        "None is needed: no price of the tariff asks for a time of day, a weekday or a date. Times below are in UTC.",
        "Keine nötig: kein Preis des Tarifs fragt nach Uhrzeit, Wochentag oder Datum. Zeiten stehen unten in UTC.",
    ),
    "zone.not-needed-but-shown": (
        "No price of the tariff asks for a time of day, a weekday or a date.",
        "Kein Preis des Tarifs fragt nach Uhrzeit, Wochentag oder Datum.",
    ),
    "zone.unknown": (
        "Unknown, and the tariff asks for the time of day, a weekday or a date. UTC is never assumed; "
        "times below are in UTC only to be read.",
        "Unbekannt, und der Tarif fragt nach Uhrzeit, Wochentag oder Datum. UTC wird nie angenommen; "
        "Zeiten stehen unten nur zum Lesen in UTC.",
    ),
    "outcome.by-stated": (
        "The reservation {outcome}: the caller says so.",
        "Die Reservierung {outcome}: so der Aufrufer.",
    ),
    "outcome.by-dimension": (
        "The reservation {outcome}: the CDR has the dimension RESERVATION_EXPIRES.",
        "Die Reservierung {outcome}: der CDR hat die Dimension RESERVATION_EXPIRES.",
    ),
    "outcome.by-charged": (
        "The reservation {outcome}: the charge has more than the time of the reservation.",
        "Die Reservierung {outcome}: der Ladevorgang hat mehr als die Zeit der Reservierung.",
    ),
    "outcome.by-no-session": (
        "The reservation {outcome}: the CDR names no session, or no EVSE or connector.",
        "Die Reservierung {outcome}: der CDR nennt keine Session oder keinen Ladepunkt.",
    ),
    "outcome.by-assumed": (
        "The reservation {outcome}, as we assume: nothing in the CDR shows what became of it.",
        "Die Reservierung {outcome}, wie wir annehmen: nichts im CDR zeigt, was aus ihr wurde.",
    ),
}
