"""Quantities, costs, limits and totals; the numbers of a calculation stand in its formula beside the sentence."""

from typing import Final

_LIMITS: Final[dict[str, tuple[str, str]]] = {
    f"limit.{name}{kind}": (en.format(name=name), de.format(name=name))
    for name in ("min_price", "max_price")
    for kind, en, de in (
        (
            "-excl",
            "{name} sets the amount before VAT to {{limit}}",
            "{name} setzt den Betrag ohne USt. auf {{limit}}",
        ),
        (
            "-incl",
            "{name} sets the amount with VAT to {{limit}}",
            "{name} setzt den Betrag mit USt. auf {{limit}}",
        ),
        (
            "-scales",
            "{name} states no amount with VAT: the VAT moves with the amount",
            "{name} nennt keinen Betrag mit USt.: die USt. ändert sich im selben Verhältnis",
        ),
        (
            "-states-excl",
            "{name} states the amount before taxes, which was unknown: {{limit}}",
            "{name} nennt den Betrag vor Steuern, der unbekannt war: {{limit}}",
        ),
        (
            "-states-incl",
            "{name} states the amount with taxes, which was unknown: {{limit}}",
            "{name} nennt den Betrag mit Steuern, der unbekannt war: {{limit}}",
        ),
        (
            "-leaves-incl-unknown",
            "{name} does not state the amount with taxes: it is unknown",
            "{name} nennt den Betrag mit Steuern nicht: er ist unbekannt",
        ),
    )
}

MESSAGES: Final[dict[str, tuple[str, str]]] = {
    "period.heading": (
        "Charging period {period}: {start} to {end}, {length}",
        "Ladeabschnitt {period}: {start} bis {end}, {length}",
    ),
    "period.open": ("Charging period {period}: from {start}", "Ladeabschnitt {period}: ab {start}"),
    "period.without-start": (
        "Charging period {period}: its start is not stated",
        "Ladeabschnitt {period}: sein Beginn ist nicht genannt",
    ),
    "period.energy": ("{dimension}, measured: {energy}", "{dimension}, gemessen: {energy}"),
    "period.energy-noise": (
        "{dimension}, measured: {stated}, which is {energy} and the noise of binary fractions",
        "{dimension}, gemessen: {stated}, das sind {energy} und das Rauschen binärer Brüche",
    ),
    "period.duration": ("{dimension}, measured: {duration}", "{dimension}, gemessen: {duration}"),
    "period.duration-snapped": (
        "{dimension}, measured: {seconds} ({duration}), as hours travel with four decimals",
        "{dimension}, gemessen: {seconds} ({duration}), da Stunden mit vier Nachkommastellen reisen",
    ),
    "period.nothing": ("It states nothing that has a price", "Er nennt nichts, das einen Preis hat"),
    "period.free": (
        "It names no tariff although other charging periods do: it is free",
        "Er nennt keinen Tarif, obwohl andere Ladeabschnitte es tun: er ist kostenlos",
    ),
    "quantity.measured": ("{dimension}: {total} in all", "{dimension}: zusammen {total}"),
    "quantity.no-step": (
        "Element {element} of tariff {tariff}, the last price in use, has no step_size: billed as measured",
        "Element {element} des Tarifs {tariff}, der zuletzt benutzte Preis, hat keine step_size: abgerechnet wie "
        "gemessen",
    ),
    "quantity.multiple": (
        "{used} are a multiple of the step_size of {step} (element {element} of tariff {tariff}, the last price in "
        "use): nothing is added",
        "{used} sind ein Vielfaches der step_size von {step} (Element {element} des Tarifs {tariff}, der zuletzt "
        "benutzte Preis): nichts kommt hinzu",
    ),
    "quantity.rounded": (
        "{used} are raised to {billed}, the next multiple of the step_size of {step} (element {element} of tariff "
        "{tariff}, the last price in use)",
        "{used} werden auf {billed} angehoben, das nächste Vielfache der step_size von {step} (Element {element} des "
        "Tarifs {tariff}, der zuletzt benutzte Preis)",
    ),
    "quantity.added": (
        "The {added} that this adds are billed with charging period {period}",
        "Die hinzukommenden {added} werden mit Ladeabschnitt {period} abgerechnet",
    ),
    "quantity.time-beside-parking": (
        "It is billed as measured: the charge has priced parking time, and only that is rounded",
        "Abgerechnet wie gemessen: der Ladevorgang hat bepreiste Parkzeit, und nur diese wird gerundet",
    ),
    "quantity.not-positive": (
        "Energy was fed back to the grid: the sum is not above 0 and is not rounded",
        "Energie floss ins Netz zurück: die Summe liegt nicht über 0 und wird nicht gerundet",
    ),
    "cost.line": (
        "{dimension}, charging period {period} (tariff {tariff}, element {element})",
        "{dimension}, Ladeabschnitt {period} (Tarif {tariff}, Element {element})",
    ),
    "cost.product-net": ("Before VAT", "Ohne USt."),
    "cost.product-gross": ("With VAT", "Mit USt."),
    "cost.vat-gross": ("With {vat} VAT", "Mit {vat} USt."),
    "cost.vat-net": ("Before {vat} VAT", "Ohne {vat} USt."),
    "cost.no-vat": (
        "The price states no VAT, so none applies: {amount}",
        "Der Preis nennt keine USt., also keine: {amount}",
    ),
    "cost.no-taxes": ("No taxes apply: {amount}", "Steuern fallen nicht an: {amount}"),
    "cost.zero": ("An amount of 0 has no taxes: {amount}", "Auf einen Betrag von 0 fallen keine Steuern an: {amount}"),
    "cost.unknown-gross": ("With taxes: unknown", "Mit Steuern: unbekannt"),
    "cost.unknown-net": ("Before taxes: unknown", "Vor Steuern: unbekannt"),
    "total.sum-excl": ("Sum before VAT", "Summe ohne USt."),
    "total.sum-incl": ("Sum with VAT", "Summe mit USt."),
    "total.nothing-excl": (
        "Nothing in the charge has a price, before VAT: {total}",
        "Nichts an dem Ladevorgang hat einen Preis, ohne USt.: {total}",
    ),
    "total.nothing-incl": (
        "Nothing in the charge has a price, with VAT: {total}",
        "Nichts an dem Ladevorgang hat einen Preis, mit USt.: {total}",
    ),
    "total.unknown-excl": ("Sum before taxes: unknown", "Summe vor Steuern: unbekannt"),
    "total.unknown-incl": ("Sum with taxes: unknown", "Summe mit Steuern: unbekannt"),
    "total.credit": (
        "This is a credit: the total changes its sign, the parts do not",
        "Dies ist eine Gutschrift: die Summe wechselt das Vorzeichen, die Teile nicht",
    ),
    "total.excl": (
        "Total before VAT: {total}; rounded by the agreement, not here",
        "Gesamtbetrag ohne USt.: {total}; gerundet wird nach der Vereinbarung, nicht hier",
    ),
    "total.incl": (
        "Total with VAT: {total}; rounded by the agreement, not here",
        "Gesamtbetrag mit USt.: {total}; gerundet wird nach der Vereinbarung, nicht hier",
    ),
    "total.parts": ("Its parts, as OCPI names them", "Seine Teile, wie OCPI sie nennt"),
    "part.excl": ("{part} before VAT: {amount}", "{part} ohne USt.: {amount}"),
    "part.incl": ("{part} with VAT: {amount}", "{part} mit USt.: {amount}"),
    "claim.equal-excl": ("Before VAT: no difference", "Ohne USt.: kein Unterschied"),
    "claim.equal-incl": ("With VAT: no difference", "Mit USt.: kein Unterschied"),
    "claim.differs-excl": ("Before VAT", "Ohne USt."),
    "claim.differs-incl": ("With VAT", "Mit USt."),
    "claim.reason": (
        "What the CPO may do otherwise: evclear differences looks for it",
        "Was der CPO anders machen mag: evclear differences sucht danach",
    ),
    "limit.no-floor": (
        "The min_price of tariff {tariff} is not for a reservation that never became a charge",
        "Der min_price des Tarifs {tariff} gilt nicht für eine Reservierung, aus der kein Ladevorgang wurde",
    ),
    "limit.min_price-unmet": (
        "The min_price of tariff {tariff} changes nothing",
        "Der min_price des Tarifs {tariff} ändert nichts",
    ),
    "limit.max_price-unmet": (
        "The max_price of tariff {tariff} changes nothing",
        "Der max_price des Tarifs {tariff} ändert nichts",
    ),
    **_LIMITS,
}
