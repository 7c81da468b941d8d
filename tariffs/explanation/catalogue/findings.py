"""Findings in words and, where they stop a price, what to do.

English has the message of the finding itself; German says what the code means and adds that message.
"""

from typing import Final

_GERMAN: Final[dict[str, str]] = {
    "malformed-record": "Ein Feld, das der Preis braucht, fehlt oder ist nicht lesbar.",
    "version-not-supported": "Der Datensatz hat eine OCPI-Version, die nicht gelesen wird.",
    "incomplete-record": "Etwas fehlt, das OCPI verlangt, der Preis aber nicht braucht.",
    "unknown-field": "Ein Feld, das OCPI nicht hat.",
    "number-as-string": "Eine Zahl steht als Text da; sie wurde als Zahl gelesen.",
    "time-with-offset": "Eine Zeit trägt einen Zeitversatz, OCPI verlangt UTC; sie wurde umgerechnet.",
    "no-tariff": "Der CDR bringt keinen Tarif mit und nennt keinen, und es wurde keiner daneben gegeben.",
    "unknown-tariff": "Der genannte Tarif steht weder im CDR noch unter den gegebenen.",
    "tariff-overridden": "Bepreist mit dem verlangten Tarif, gleich was der CDR nennt.",
    "tariff-given-twice": "Ein Tarif steht mehrfach mit verschiedenem Inhalt da; genommen wurde der gültige, dann "
    "der neueste.",
    "tariff-not-as-given": "Der Tarif im CDR rechnet anders als der daneben gegebene; der im CDR gilt.",
    "several-tariffs": "Mehrere Tarife passen; genommen wurde der erste.",
    "tariff-not-valid-at-start": "Der einzige Tarif gilt zu Beginn des Ladevorgangs nicht.",
    "tariff-type-mismatch": "Die Art des Tarifs passt nicht zum Fahrer.",
    "tariff-currency-differs": "Der Tarif hat eine andere Währung als der CDR; umgerechnet wird nicht.",
    "tariff-without-elements": "Der Tarif hat keine Elemente; das heißt nicht kostenlos.",
    "time-zone-unknown": "Der Tarif fragt nach der Ortszeit, und die Zeitzone des Ortes ist unbekannt.",
    "time-zone-not-iana": "Ein Name ist keine IANA-Zeitzone und wurde übergangen.",
    "coordinates-swapped": "Die Koordinaten liegen nur mit vertauschter Länge und Breite im Land.",
    "coordinates-not-in-country": "Die Koordinaten liegen nicht im Land; das Land zählt.",
    "instant-unknown": "Der Tarif fragt nach einer Zeit, die der CDR nicht nennt.",
    "restriction-unverifiable": "Der Tarif schränkt Leistung oder Strom ein, und der Ladeabschnitt nennt sie nicht; "
    "als erfüllt angesehen.",
    "threshold-near-miss": "Die geladene Energie verfehlt eine Schwelle nur um eine Rundung; wörtlich genommen.",
    "unknown-restriction": "Der Tarif hat eine Einschränkung, die OCPI nicht kennt; gelesen, als stünde sie nicht da.",
    "period-spans-price-change": "Der Preis wechselt innerhalb des Ladeabschnitts; der zu seinem Beginn gilt.",
    "period-straddles-limit": "Leistung oder Strom liegen beiderseits jeder Grenze, also wörtlich kostenlos.",
    "period-without-tariff": "Der Ladeabschnitt nennt keinen Tarif, obwohl andere es tun, und ist kostenlos.",
    "period-without-dimensions": "Der Ladeabschnitt nennt keine Menge und kostet für sich nichts.",
    "periods-not-in-order": "Die Ladeabschnitte stehen nicht in zeitlicher Reihenfolge; bepreist in der Reihenfolge "
    "ihrer Anfänge.",
    "volume-not-priced": "Kein Preis des Tarifs gilt für diese Menge: sie kostet nichts.",
    "dimension-without-volume": "Der Tarif bepreist eine Menge, die kein Ladeabschnitt nennt.",
    "energy-not-in-periods": "Der CDR nennt Energie im Ganzen, aber kein Ladeabschnitt nennt sie.",
    "negative-volume": "Eine Menge ist negativ, was kein Preis meinen kann.",
    "energy-fed-back": "Energie floss ins Netz zurück; die Summe ist verrechnet und, wenn negativ, nicht gerundet.",
    "duplicate-dimension": "Eine Menge steht in einem Ladeabschnitt mehrfach; die Werte wurden addiert.",
    "unknown-dimension": "Eine Dimension, die OCPI nicht kennt; übergangen.",
    "session-only-dimension": "Eine Dimension, die in Sessions gehört und nicht in einen CDR; übergangen.",
    "reservation-overtime-not-priced": "Die Zeit nach einem gebuchten Zeitraum hat hier keinen eigenen Preis.",
    "time-exceeds-wall-clock": "Der Ladeabschnitt nennt mehr Zeit, als er dauert; bepreist wie genannt.",
    "later-flat-not-charged": "Ein weiterer Festpreis trifft später zu; nur der erste fällt an.",
    "booking-element-not-priced": "Ein Element des Moduls Bookings wird nicht bepreist.",
    "reservation-outcome-assumed": "Nichts zeigt, ob die Reservierung genutzt wurde oder verfiel; als verfallen "
    "angesehen.",
    "limits-of-several-tariffs": "Es gelten die Preisgrenzen des ersten Tarifs; mit denen des anderen wäre es ein "
    "anderer Betrag.",
    "limit-vat-scaled": "Die Preisgrenze nennt keinen Betrag mit USt.; die USt. ändert sich im selben Verhältnis.",
    "limit-on-unknown-side": "Die Preisgrenze gilt nur für die unbekannte Seite der Steuern; nicht angewandt.",
    "window-is-whole-day": "start_time und end_time sind gleich; als ganzer Tag gelesen.",
    "window-leaves-a-minute": "end_time 23:59 lässt die letzte Minute des Tages aus.",
    "weekday-and-window-over-midnight": "Ein Zeitfenster über Mitternacht mit Wochentagen: es zählt der Wochentag des "
    "Augenblicks.",
    "unusual-time-of-day": "Eine Uhrzeit mit Sekunden oder 24:00; wie geschrieben gelesen.",
    "duplicate-component": "Ein Element bepreist eine Dimension mehrfach; der erste Preis zählt.",
    "vat-looks-like-fraction": "Eine USt. sieht nach einem Bruch aus; als Prozentsatz gelesen.",
    "vat-without-taxes": "Auf den Tarif fallen keine Steuern an, also wird seine USt. übergangen.",
    "taxes-not-stated": "Der Tarif lässt seine Steuern offen.",
    "taxes-open-on-both-sides": "Ein Tarif lässt den Betrag ohne Steuern offen, ein anderer den mit Steuern: "
    "es gibt keine Summe.",
    "negative-price": "Ein Preis ist negativ; wie genannt gelesen.",
    "part-claim-differs": "Ein Teilbetrag des CDR ist ein anderer als der errechnete.",
    "parts-differ-from-total": "Die Teilbeträge des CDR ergeben nicht seine Summe.",
    "energy-sum-differs": "total_energy ist eine andere Menge als die Summe der Ladeabschnitte; diese sind bepreist.",
    "parking-time-gap": "total_parking_time ist länger als die Ladeabschnitte nennen.",
    "parking-time-exceeds-total": "Die Ladeabschnitte nennen mehr Parkzeit als total_parking_time.",
    "time-sum-exceeds-total": "Laden und Parken sind zusammen länger als total_time.",
    "total-time-counts-reservation": "total_time zählt ab start_date_time, vor Beginn des Ladens.",
    "duration-differs": "total_time ist eine andere Dauer als die von Anfang bis Ende.",
    "credit-not-negative": "Die total_cost einer Gutschrift soll negativ sein.",
    "credit-parts-negated": "In einer Gutschrift ist nur total_cost negativ; hier sind es auch Teile, was "
    "angenommen wird.",
    "signed-data-differs": "Die signierten Zählerstände ergeben eine andere Energie als die abgerechnete.",
    "home-charging-compensation": "Der CDR erstattet das Laden zu Hause.",
}

_TO_DO: Final[dict[str, tuple[str, str]]] = {
    "malformed-record": (
        "Ask the sender for the CDR with that field right, under the same id.",
        "Den Absender um den CDR mit diesem Feld in Ordnung bitten, unter derselben id.",
    ),
    "version-not-supported": (
        "Ask the sender for the CDR in OCPI 2.1.1, 2.2.1 or 2.3.0.",
        "Den Absender um den CDR in OCPI 2.1.1, 2.2.1 oder 2.3.0 bitten.",
    ),
    "no-tariff": (
        "Give the tariff beside it (--tariff FILE), or ask the CPO which one holds.",
        "Den Tarif daneben geben (--tariff FILE) oder den CPO fragen, welcher gilt.",
    ),
    "unknown-tariff": (
        "Give the named tariff beside it (--tariff FILE), or ask the CPO for it.",
        "Den genannten Tarif daneben geben (--tariff FILE) oder den CPO darum bitten.",
    ),
    "time-zone-unknown": (
        "State the time zone of the place (--time-zone ZONE, such as Europe/Berlin).",
        "Die Zeitzone des Ortes angeben (--time-zone ZONE, etwa Europe/Berlin).",
    ),
    "tariff-currency-differs": (
        "Ask the CPO for a CDR whose tariff is in its own currency.",
        "Den CPO um einen CDR bitten, dessen Tarif in der Währung des CDR steht.",
    ),
    "other": (
        "Ask the CPO for the CDR with that right.",
        "Den CPO um den CDR bitten, in dem das stimmt.",
    ),
}

MESSAGES: Final[dict[str, tuple[str, str]]] = {
    "finding.line": ("{severity}: {code}, {path}: {words}", "{severity}: {code}, {path}: {words}"),
    "finding.line-with-money": (
        "{severity}: {code}, {path}: {words} [{money}]",
        "{severity}: {code}, {path}: {words} [{money}]",
    ),
    "finding.other": ("{message}", "{message}"),
    **{f"finding.{code}": ("{message}", f"{words} (Meldung: {{message}})") for code, words in _GERMAN.items()},
    **{f"todo.{code}": words for code, words in _TO_DO.items()},
}
