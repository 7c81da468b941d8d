"""Every word that stands on paper, in German and English side by side.

German law has taken two words: "Gutschrift" is the self-billed invoice (§ 14 (2) UStG), so what gives money back is a
"Rechnungskorrektur". VAT sentences are found by the key that the book's VAT rule names.
"""

LABELS: dict[str, tuple[str, str]] = {
    # titles
    "invoice": ("Rechnung", "Invoice"),
    "self-billed-invoice": ("Gutschrift", "Self-billed invoice"),
    "credit-note": ("Rechnungskorrektur", "Credit note"),
    "self-billed-credit-note": ("Korrektur einer Gutschrift", "Self-billed credit note"),
    "statement": ("Verrechnungsaufstellung", "Settlement statement"),
    "subject": ("Ladevorgänge {month} · CPO {cpo} · e-MSP {emsp}", "Charges {month} · CPO {cpo} · e-MSP {emsp}"),
    "statement-subject": ("{month} · {first} und {second} · {currency}", "{month} · {first} and {second} · {currency}"),
    "annex": ("Anlage: alle Ladevorgänge", "Annex: every charge"),
    # marks of what is no tax document
    "draft": ("ENTWURF", "DRAFT"),
    "control-copy": ("KONTROLLEXEMPLAR", "CONTROL COPY"),
    "draft-banner": (
        "ENTWURF: kein Steuerdokument, die Nummer wird beim Buchen vergeben",
        "DRAFT: not a tax document, the number is drawn at posting",
    ),
    "control-copy-banner": (
        "Kontrollexemplar: erwartete Rechnung, kein Steuerdokument",
        "Control copy: expected invoice, not a tax document",
    ),
    "draft-statement-banner": (
        "ENTWURF: noch nichts gebucht, noch nichts zu zahlen",
        "DRAFT: nothing is posted yet, nothing to pay yet",
    ),
    "control-copy-statement-banner": (
        "Kontrollexemplar: enthält erwartete Rechnungen, die noch keine Steuerdokumente sind",
        "Control copy: it contains expected invoices, which are not tax documents",
    ),
    # heading block
    "number": ("Nummer", "Number"),
    "number-draft": ("wird beim Buchen vergeben", "drawn at posting"),
    "number-control-copy": ("keine, sie vergibt der Aussteller", "none, its issuer draws it"),
    "reference": ("Referenz", "Reference"),
    "issue-date": ("Ausstellungsdatum", "Issue date"),
    "billing-month": ("Abrechnungsmonat", "Billing month"),
    "delivery-period": ("Leistungszeitraum", "Delivery period"),
    "period": ("{first} – {last}", "{first} – {last}"),
    "time-zone": ("Zeitzone", "Time zone"),
    "due-date": ("Fällig am", "Due date"),
    "purchase_order": ("Bestellnummer", "Purchase order"),
    "buyer_reference": ("Käuferreferenz", "Buyer reference"),
    "contract_number": ("Vertragsnummer", "Contract number"),
    "cost_centre": ("Kostenstelle", "Cost centre"),
    # who owes whom
    "amount-due": ("Zahlbetrag", "Amount due"),
    "amount-credited": ("Gutgeschriebener Betrag", "Amount credited"),
    "payer": ("Zahlungspflichtig", "Payable by"),
    "payee": ("Zahlbar an", "Payable to"),
    "seller": ("Leistender Unternehmer (CPO)", "Supplier (CPO)"),
    "buyer": ("Leistungsempfänger (e-MSP)", "Customer (e-MSP)"),
    "issues": ("stellt diesen Beleg aus", "issues this document"),
    "vat-id": ("USt-IdNr.", "VAT id"),
    "vat-id-missing": ("USt-IdNr. fehlt: in evclear.toml ergänzen", "VAT id missing: fill in evclear.toml"),
    "vat-id-none": ("USt-IdNr.: keine angegeben", "VAT id: none given"),
    "party-id": ("Kennung", "Party id"),
    "fill-in": ("fehlt: in evclear.toml ergänzen", "missing: fill in evclear.toml"),
    # what for
    "site": ("Standort", "Site"),
    "place": ("Ort", "Place"),
    "charges": ("Ladevorgänge", "Charges"),
    "kwh": ("kWh", "kWh"),
    "vat-percent": ("USt.", "VAT"),
    "net-in": ("Netto {currency}", "Net {currency}"),
    "sum": ("Summe", "Total"),
    "vat-category": ("Umsatzsteuer nach Satz", "VAT by rate"),
    "vat-in": ("USt. {currency}", "VAT {currency}"),
    "net-total": ("Summe netto", "Total net"),
    "vat-total": ("Umsatzsteuer", "VAT"),
    "gross-total": ("Gesamtbetrag brutto", "Total gross"),
    "vat-missing": (
        "Keine Umsatzsteuerregel passt: in evclear.toml ergänzen",
        "No VAT rule fits: fill in evclear.toml",
    ),
    "missing": ("fehlt", "missing"),
    "late-charges": (
        "Enthält {count} Ladevorgänge aus früheren Monaten; ihr Lieferdatum steht in der Anlage.",
        "Includes {count} charges of earlier months; their delivery dates stand in the annex.",
    ),
    "corrects": ("Berichtigt werden", "Corrects"),
    "corrects-more": ("… und {count} weitere, siehe Anlage", "… and {count} more, see the annex"),
    "self-billing": (
        "Abrechnung im Gutschriftverfahren: {buyer} stellt diesen Beleg als Leistungsempfänger für {seller} aus.",
        "Self-billing: {buyer} issues this document as the customer on behalf of the supplier {seller}.",
    ),
    "credit-sense": (
        "Alle Beträge dieses Belegs mindern, was zuvor berechnet wurde.",
        "All amounts of this document reduce what was invoiced before.",
    ),
    # payment
    "payment": ("Zahlung", "Payment"),
    "beneficiary": ("Empfänger", "Payee"),
    "iban": ("IBAN", "IBAN"),
    "bic": ("BIC", "BIC"),
    "iban-missing": ("IBAN fehlt: in evclear.toml ergänzen", "IBAN missing: fill in evclear.toml"),
    "amount": ("Betrag", "Amount"),
    "purpose": ("Verwendungszweck", "Payment reference"),
    "payment-control-copy": (
        "Bitte erst auf die Rechnung des Ausstellers zahlen.",
        "Please pay on the issuer's own document only.",
    ),
    "settled": (
        "Ausgeglichen in Verrechnungsaufstellung {statement}: nicht gesondert zahlen",
        "Settled in statement {statement}: do not pay separately",
    ),
    "settled-short": ("Wird verrechnet: nicht gesondert zahlen", "Is set off: do not pay separately"),
    "qr": ("SEPA-Überweisung (GiroCode)", "SEPA transfer (EPC QR)"),
    "nothing-to-pay": ("Nichts zu zahlen", "Nothing to pay"),
    # annex
    "no": ("Nr.", "No."),
    "cdr": ("CDR", "CDR"),
    "evse": ("EVSE", "EVSE"),
    "ended": ("Beendet", "Ended"),
    "carried-forward": ("Übertrag", "Carried forward"),
    "carried-over": ("Übertrag von Seite {page}", "Carried over from page {page}"),
    "annex-sum": ("Summe der Ladevorgänge", "Sum of the charges"),
    "rounding": ("Rundung auf den Belegbetrag", "Rounding to the document amount"),
    "annex-net": ("Netto des Belegs", "Net of the document"),
    "delivered": ("Früherer Monat: geliefert am {day}", "Earlier month: delivered on {day}"),
    "gives-back": ("Berichtigt {document}", "Corrects {document}"),
    "annex-note": (
        "Ende in Ortszeit {zone}; Beträge netto in {currency}.",
        "Ended in local time {zone}; net amounts in {currency}.",
    ),
    # statement
    "document": ("Beleg", "Document"),
    "kind": ("Art", "Kind"),
    "owes": ("Schuldner → Gläubiger", "Debtor → creditor"),
    "gross-in": ("Brutto {currency}", "Gross {currency}"),
    "due": ("Fällig", "Due"),
    "owed-to": ("Forderungen von {company}", "Owed to {company}"),
    "position": ("Verrechnung", "Set-off"),
    "opening": ("Vortrag", "Opening balance"),
    "set-off": ("Davon gegenseitig verrechnet", "Thereof set off against each other"),
    "carry": ("Vortrag auf den nächsten Monat", "Carried forward to the next month"),
    "to-pay": ("Zu zahlen", "To pay"),
    "pays": (
        "{payer} zahlt {amount} an {payee}, fällig am {due}.",
        "{payer} pays {amount} to {payee}, due on {due}.",
    ),
    "statement-note": (
        "Verrechnet werden Zahlungen, nicht Rechnungen: Jeder Beleg behält seinen eigenen Betrag und seine eigene "
        "Umsatzsteuer. Die einzelnen Belege sind nicht gesondert zu zahlen.",
        "Payments are set off, invoices are not: each document keeps its own amount and its own VAT. "
        "The single documents are not to be paid separately.",
    ),
    # furniture
    "page": ("Seite {page} von {pages}", "Page {page} of {pages}"),
}

VAT_CATEGORIES: dict[str, tuple[str, str]] = {
    "S": ("Steuerpflichtig", "Standard rated"),
    "AE": ("Reverse Charge", "Reverse charge"),
    "G": ("Ausfuhr", "Export"),
    "O": ("Nicht steuerbar", "Outside the scope of VAT"),
    "E": ("Steuerfrei", "Exempt"),
    "Z": ("Nullsatz", "Zero rated"),
}

VAT_SENTENCES: dict[str, tuple[str, str]] = {
    "reverse-charge": (
        "Steuerschuldnerschaft des Leistungsempfängers (Reverse Charge, Art. 194 bis 196 der Richtlinie 2006/112/EG; "
        "Lieferung von Elektrizität an Wiederverkäufer: Art. 195).",
        "Reverse charge: the customer is liable for the VAT (Articles 194 to 196 of Directive 2006/112/EC; "
        "supply of electricity to a taxable dealer: Article 195).",
    ),
    "reverse-charge-13b-5b": (
        "Steuerschuldnerschaft des Leistungsempfängers (§ 13b Abs. 2 Nr. 5 Buchst. b UStG: Lieferung von Elektrizität "
        "zwischen Wiederverkäufern).",
        "Reverse charge: the customer is liable for the VAT (Section 13b (2) no. 5 b of the German VAT Act: "
        "electricity between resellers).",
    ),
    "small-business": (
        "Steuerbefreiung für Kleinunternehmer (§ 19 UStG): keine Umsatzsteuer ausgewiesen.",
        "VAT exemption for small businesses (Section 19 of the German VAT Act): no VAT is charged.",
    ),
    "outside-scope": (
        "Nicht steuerbar: Der Ort der Leistung liegt außerhalb des Anwendungsbereichs der Umsatzsteuer.",
        "Outside the scope of VAT: the place of supply lies outside its territory.",
    ),
    "export": (
        "Steuerfreie Ausfuhrlieferung (Art. 146 der Richtlinie 2006/112/EG).",
        "Export exempt from VAT (Article 146 of Directive 2006/112/EC).",
    ),
    "exempt": ("Steuerfreie Leistung.", "Supply exempt from VAT."),
    "zero-rated": ("Leistung zum Nullsatz (0 % Umsatzsteuer).", "Zero-rated supply (0% VAT)."),
}
