"""Every decision of `tariffs.decisions` in the two languages: what we decided where OCPI is silent."""

from typing import Final

from tariffs.decisions import DECISIONS

_GERMAN: Final[dict[str, str]] = {
    "tariff-for-the-whole-charge": "Nennt kein Ladeabschnitt einen Tarif, so gilt der erste, der zu Beginn gültig ist "
    "und zum Fahrer passt, für den ganzen Ladevorgang.",
    "tariff-end-is-exclusive": "Ein Tarif gilt von start_date_time bis unmittelbar vor end_date_time.",
    "time-zone-by-place": "Die Zeitzone ist die des Aufrufers, sonst die des Standorts selbst, sonst die der "
    "Locations-Daten, sonst die des Landes oder der Koordinaten, sonst die für den CPO hinterlegte; sonst wird kein "
    "Preis gebildet.",
    "element-for-each-dimension": "Für jede Dimension einzeln gilt das erste Element, das einen Preis für sie hat und "
    "dessen Einschränkungen alle erfüllt sind.",
    "price-at-the-start-of-the-period": "Wechselt der Preis innerhalb eines Ladeabschnitts, so gilt der zu seinem "
    "Beginn für den ganzen; ein Befund nennt, zwischen welchen Grenzen die Wahrheit liegt.",
    "equal-times-are-the-whole-day": "Gleiche start_time und end_time bedeuten den ganzen Tag.",
    "weekday-of-the-moment": "Bei einem Zeitfenster über Mitternacht zählt der Wochentag des Augenblicks: Montag von "
    "00:00 bis 06:00 und von 22:00 bis 24:00 Uhr, nicht der Dienstagmorgen.",
    "duration-from-the-session-start": "min_duration und max_duration zählen vom Beginn des Ladens bis zum Beginn des "
    "Ladeabschnitts, Parken eingeschlossen; für eine Reservierung von deren Beginn.",
    "load-not-stated": "Ist nur die niedrigste oder höchste Last genannt, so steht sie für die andere. Ist keine "
    "genannt, kann die mittlere Leistung die Einschränkung widerlegen; sonst gilt sie als erfüllt und wird vermerkt.",
    "kwh-thresholds-are-literal": "Schwellen in kWh gelten wörtlich; ein Verfehlen um nicht mehr als eine Rundung wird "
    "vermerkt.",
    "unknown-restriction-is-absent": "Eine Einschränkung, die OCPI nicht kennt, wird gelesen, als stünde sie nicht da, "
    "und mit dem anderen Betrag vermerkt.",
    "bookings-are-not-priced": "Elemente des Moduls Bookings gelten weder für das Laden noch für eine Reservierung; "
    "sie werden mit ihrem Betrag vermerkt.",
    "exact-multiples-stay": "Ein genaues Vielfaches der step_size bleibt, wie es ist.",
    "time-is-exact-beside-parking": "Hat ein Ladevorgang bepreiste Parkzeit, so wird nur diese gerundet, gleich in "
    "welcher Reihenfolge geladen und geparkt wurde.",
    "reservation-is-rounded-apart": "Die Zeit einer Reservierung ist eine eigene Menge mit eigener step_size.",
    "negative-energy-stays": "Ins Netz zurückgespeiste Energie wird verrechnet; eine negative Summe wird nicht "
    "gerundet.",
    "step-of-the-last-tariff": "Es zählt die step_size des zuletzt benutzten Preises, einmal für den ganzen "
    "Ladevorgang.",
    "hours-are-snapped-to-seconds": "Dauern reisen in Stunden mit vier Nachkommastellen: genommen wird die Länge des "
    "Ladeabschnitts, wenn sie um höchstens 0,36 s abweicht, sonst die volle Sekunde, wenn sie um höchstens 0,2 s "
    "abweicht.",
    "first-flat-of-a-charge": "Ein Festpreis (FLAT) fällt einmal je Ladevorgang an, im ersten Ladeabschnitt, in dem "
    "einer zutrifft; eine Reservierung hat einen eigenen.",
    "reservation-outcome-by-signs": "Ob eine Reservierung genutzt wurde, sagt der Aufrufer; sonst gilt sie als "
    "genutzt, "
    "wo etwas geladen wurde, als verfallen, wo der CDR keine Session oder keinen Ladepunkt nennt, sonst als "
    "verfallen "
    "mit einem Befund. Eine Stornierung wird nie "
    "angenommen.",
    "expired-falls-back-to-reservation": "Bei einer verfallenen Reservierung gelten zuerst Elemente mit "
    "RESERVATION_EXPIRES, dann mit RESERVATION, was jene nicht "
    "bepreisen.",
    "no-vat-stated-is-no-vat": "Nennt ein Preis keine USt., so fällt keine an, und beide Beträge sind gleich. In "
    "2.1.1, "
    "das keine USt. kennt, ist der Betrag mit USt. unbekannt. In 2.3.0 lässt ein Tarif ohne jede USt. sie offen.",
    "tax-included-missing-is-no": "Sagt ein Tarif der Version 2.3.0 nichts dazu, so enthalten seine Preise keine "
    "Steuern.",
    "limit-scales-the-vat": "Nennt eine Preisgrenze nur den Betrag ohne USt., so ändert sich die USt. im selben "
    "Verhältnis; bei einem Betrag von 0 ist es die der Preise.",
    "limits-of-the-first-tariff": "Wechselt der Tarif, so gelten min_price und max_price des Tarifs zu Beginn des "
    "Ladens.",
    "no-rounding-here": "Beim Bepreisen wird nicht gerundet; die Vereinbarung der beiden Parteien nennt die eine "
    "Stelle.",
    "every-flat-is-a-fixed-cost": "Jeder Festpreis (FLAT) zählt zu den festen Kosten, außer dem einer Reservierung.",
    "credit-negates-the-total-only": "In einem Gutschrift-CDR ist nur die Summe negativ, die Teile bleiben positiv; "
    "Preisgrenzen kommen vor dem Vorzeichen.",
    "patch-replaces-the-periods": "Ein PATCH einer Session von 2.1.1 ersetzt die bekannten Ladeabschnitte; werden es "
    "weniger, so wird es vermerkt. Ab 2.2 fügt er seine hinzu.",
}

MESSAGES: Final[dict[str, tuple[str, str]]] = {
    f"decision.{decision.id}": (english, _GERMAN.get(decision.id, english))
    for decision in DECISIONS.values()
    for english in (f"{decision.question} {decision.decided}",)
}
