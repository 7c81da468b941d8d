"""Documents to draw, built as the rooms before would: their figures add up, and each is one case a person can name."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from clearing.invoicing.invoice import (
    AnnexCharge,
    DocumentKind,
    DocumentState,
    Invoice,
    InvoiceLine,
    VatTotal,
    VatTreatment,
)
from clearing.months import BillingMonth
from clearing.parties import Company, PartyId, References, Role, Rounding
from clearing.settlement.statement import Statement, StatementLine
from tariffs.money import Money, round_half_up

OCTOBER = BillingMonth(2026, 10)
STANDARD = VatTreatment("S", Decimal(19))
REVERSE = VatTreatment("AE", Decimal(0), "reverse-charge")
LONG_NAME = " ".join(f"Energieversorgung Teil {n:02}" for n in range(1, 13))[:296] + " SE"

CPO = Company(
    name="Stadtwerke Musterstadt GmbH",
    ids=(PartyId("DE*ABC"), PartyId("DE*ABD")),
    roles=frozenset({Role.CPO}),
    country="DE",
    address=("Musterweg 1", "10115 Berlin"),
    vat_id="DE136695976",
    iban="DE89370400440532013000",
    bic="COBADEFFXXX",
    email="abrechnung@stadtwerke.example",
    language="de",
)
EMSP = Company(
    name="Polderstroom Mobility B.V.",
    ids=(PartyId("NL*XYZ"),),
    roles=frozenset({Role.EMSP}),
    country="NL",
    address=("Keizersgracht 12", "1015 CS Amsterdam"),
    vat_id="NL004495445B01",
    iban="NL91ABNA0417164300",
    email="billing@polderstroom.example",
)


def charges(count: int, places: int = 2, sign: int = 1) -> tuple[AnnexCharge, ...]:
    """Return charges on four sites, their nets with `places` decimals, ids as long as in practice."""
    step = Decimal(1).scaleb(-places)
    start = datetime(2026, 10, 1, 4, 7, tzinfo=UTC)
    return tuple(
        AnnexCharge(
            cdr_id=f"3f2b7c1e-59d4-4a1b-8c0e-{n:012}",
            evse=f"DE*ABC*E{1000 + n % 7}*{n % 3 + 1}",
            site=f"LOC-{n % 4 + 1:04}",
            ended_local=(start + timedelta(minutes=7 * n % 43000)).astimezone(ZoneInfo("Europe/Berlin")),
            kwh=sign * (Decimal(5000 + 37 * n % 61000) / 1000),
            net=sign * (2 * 10**places + 731 * n % (30 * 10**places)) * step,
        )
        for n in range(count)
    )


def invoice(
    annex: tuple[AnnexCharge, ...] | None = None,
    treatment: Callable[[str], VatTreatment] = lambda site: STANDARD,
    currency: str = "EUR",
    **changes: object,
) -> Invoice:
    """Return a posted direct invoice of its charges, one line per site, with `changes`."""
    annex = charges(9) if annex is None else annex
    lines, vat_totals = [], []
    for site in sorted({charge.site for charge in annex}):
        here = [charge for charge in annex if charge.site == site]
        lines.append(
            InvoiceLine(
                site=site,
                place="Berlin, Invalidenstraße 50",
                kwh=sum((charge.kwh for charge in here), Decimal(0)),
                charges=len(here),
                net=Money.rounded(sum((charge.net for charge in here), Decimal(0)), currency),
                vat=treatment(site),
            )
        )
    exact = sum((charge.net for charge in annex), Decimal(0))
    net = Money.rounded(exact, currency)
    lines[0] = replace(lines[0], net=lines[0].net + net - _sum(lines, currency))  # What rounding per site leaves over.
    for one in dict.fromkeys(line.vat for line in lines):
        part = _sum([line for line in lines if line.vat == one], currency)
        vat_totals.append(VatTotal(one, part, Money.rounded(part.decimal * one.percent / 100, currency)))
    vat = sum((part.vat for part in vat_totals), Money.zero(currency))
    values: dict[str, object] = {
        "kind": DocumentKind.INVOICE, "state": DocumentState.POSTED, "number": "DE-ABC-2026-00042",
        "cpo": PartyId("DE*ABC"), "emsp": PartyId("NL*XYZ"), "seller": CPO, "buyer": EMSP, "month": OCTOBER,
        "time_zone": "Europe/Berlin", "issue_date": date(2026, 11, 3), "due_date": date(2026, 11, 17),
        "currency": currency, "lines": tuple(lines), "vat_totals": tuple(vat_totals), "annex": annex,
        "rounding": Rounding.CHARGE_HALF_UP, "remainder": net.decimal - exact, "net": net, "vat": vat,
        "gross": net + vat, "references": References(), "language": "de",
    }  # fmt: skip
    return Invoice(**(values | changes))  # type: ignore[arg-type]


def _sum(lines: list[InvoiceLine], currency: str) -> Money:
    return sum((line.net for line in lines), Money.zero(currency))


def corrected(annex: tuple[AnnexCharge, ...]) -> tuple[AnnexCharge, ...]:
    """Return charges that give back what earlier documents billed."""
    return tuple(
        replace(charge, corrects=f"DE-ABC-2026-{n % 3 + 7:05} {charge.cdr_id[:-4]}9999", other_month=True)
        for n, charge in enumerate(annex)
    )


LONGEST_IDS = replace(
    charges(1)[0], cdr_id="CDR-" + "W" * 35, evse="DE*ABC*E" + "8" * 40, site="MMMMMMMMMM-MMMMMMMMMM-MMMMMMMMMM-9999"
)
BOLD_NAME = replace(CPO, name='<b>Volt</b> & "Söhne" <img src="file:///etc/passwd"/>', address=("<br/>1 < 2", "&amp;"))
SHORT_MONTH = charges(9)
SITE = "Parkhaus am Alten Markt, Ebene U2, Zufahrt über die Große Bäckerstraße, Säule"
CREDIT = corrected(charges(5, sign=-1))
CASES: dict[str, Invoice] = {
    "direct": invoice(references=References("4500012345", "04011000-1234512345-06", "RV 2026/7", "KST 4711")),
    "reverse-charge-en": invoice(treatment=lambda _: REVERSE, language="en"),
    "self-billed": invoice(
        kind=DocumentKind.SELF_BILLED_INVOICE, number="NL-XYZ-G2026-00007", treatment=lambda _: REVERSE
    ),
    "self-billed-en": invoice(kind=DocumentKind.SELF_BILLED_INVOICE, number="NL-XYZ-G2026-00007", language="en"),
    "credit-note": invoice(CREDIT, kind=DocumentKind.CREDIT_NOTE),
    "credit-note-en": invoice(CREDIT, kind=DocumentKind.CREDIT_NOTE, language="en"),
    "self-billed-credit-note": invoice(CREDIT, kind=DocumentKind.SELF_BILLED_CREDIT_NOTE, number="NL-XYZ-G2026-00008"),
    "control-copy": invoice(state=DocumentState.CONTROL_COPY, number=None),
    "control-copy-en": invoice(state=DocumentState.CONTROL_COPY, number=None, language="en"),
    "draft": invoice(state=DocumentState.DRAFT, number=None),
    "draft-en": invoice(state=DocumentState.DRAFT, number=None, language="en"),
    "document-half-up": invoice(charges(9, places=4), rounding=Rounding.DOCUMENT_HALF_UP),
    "document-half-up-credit": invoice(
        charges(7, places=4, sign=-1), rounding=Rounding.DOCUMENT_HALF_UP, kind=DocumentKind.CREDIT_NOTE, language="en"
    ),
    "yen": invoice(charges(9, places=0), currency="JPY", language="en"),
    "dinar": invoice(charges(9, places=3), currency="KWD", language="en"),
    "large": invoice((replace(SHORT_MONTH[0], net=Decimal("9876543210.12")), *SHORT_MONTH[1:]), language="en"),
    "long-name": invoice(seller=replace(CPO, name=LONG_NAME), buyer=replace(EMSP, name=LONG_NAME[::-1])),
    "one-long-word": invoice(seller=replace(CPO, name="Donau" * 60), buyer=replace(EMSP, name="Dampf" * 60)),
    "longest-ids": invoice((LONGEST_IDS, *SHORT_MONTH[1:])),
    "named-sites": invoice(tuple(replace(one, site=f"{SITE} {n % 2}") for n, one in enumerate(SHORT_MONTH))),
    "markup": invoice(seller=BOLD_NAME),
    "alphabets": invoice(
        seller=replace(CPO, name="Żółć Gęślą Jaźń Sp. z o.o.", country="PL", address=("ul. Świętokrzyska 3", "Łódź")),
        buyer=replace(EMSP, name="Ελληνική Φόρτιση Α.Ε. Зарядка ООД", country="GR", address=("Οδός Ερμού 5", "Αθήνα")),
    ),
    "two-categories": invoice(treatment=lambda site: STANDARD if site < "LOC-0003" else REVERSE),
    "settled": invoice(settled_in="2026-10 DE-ABC_NL-XYZ_EUR"),
    "settled-en": invoice(settled_in="2026-10 DE-ABC_NL-XYZ_EUR", language="en"),
    "gaps": invoice(
        state=DocumentState.DRAFT, number=None, seller=replace(CPO, vat_id=None, iban=None, bic=None),
        buyer=replace(EMSP, vat_id=None, address=("FILL IN",)), treatment=lambda _: REVERSE,
    ),
    "late": invoice((replace(SHORT_MONTH[0], other_month=True), *SHORT_MONTH[1:]), language="en"),
    "300-sites": invoice(tuple(replace(one, site=f"LOC-{n % 300:04}") for n, one in enumerate(charges(600)))),
}  # fmt: skip


def vat_missing() -> Invoice:
    """Return a draft for which no VAT rule fits."""
    without = invoice(state=DocumentState.DRAFT, number=None)
    unknown = VatTreatment("", Decimal(0))
    lines = tuple(replace(line, vat=unknown) for line in without.lines)
    totals = (VatTotal(unknown, without.net, Money(0, "EUR")),)
    return replace(
        without, vat_missing=True, lines=lines, vat_totals=totals, vat=Money(0, "EUR"), gross=without.net
    )


def vat_recomputed(net: Decimal, percent: Decimal, places: int) -> Decimal:
    """Return the VAT on a net as the law computes it, once, halves away from zero."""
    return round_half_up(net * percent / 100, places)


def statement(**changes: object) -> Statement:
    """Return a posted statement: the CPO is owed 1,190.00, the e-MSP 250.50, so 939.50 is to pay."""
    both = CPO.name, EMSP.name
    lines = (
        StatementLine(
            "DE-ABC-2026-00042", "DE-ABC_NL-XYZ_EUR.pdf", DocumentKind.INVOICE, *both, Money(125000, "EUR"),
            date(2026, 11, 17),
        ),
        StatementLine(
            "NL-XYZ-2026-00003", "NL-XYZ_DE-ABC_EUR.pdf", DocumentKind.INVOICE, *both[::-1], Money(19050, "EUR"),
            date(2026, 11, 10),
        ),
        StatementLine(
            "DE-ABD-2026-00002", "DE-ABD_NL-XYZ_EUR.pdf", DocumentKind.CREDIT_NOTE, *both[::-1], Money(6000, "EUR"),
            date(2026, 11, 17),
        ),
    )  # fmt: skip
    values: dict[str, object] = {
        "first": CPO, "second": EMSP, "month": OCTOBER, "currency": "EUR", "state": DocumentState.POSTED,
        "issue_date": date(2026, 11, 3), "lines": lines, "opening": Money(0, "EUR"),
        "owed_to_first": Money(125000, "EUR"), "owed_to_second": Money(25050, "EUR"),
        "carried_forward": Money(0, "EUR"), "payer": EMSP, "payee": CPO, "amount": Money(99950, "EUR"),
        "due_date": date(2026, 11, 17), "language": "de",
    }  # fmt: skip
    return Statement(**(values | changes))  # type: ignore[arg-type]


def even_statement() -> Statement:
    """Return a statement of which nothing is left to pay."""
    first = statement().lines[0]
    back = replace(statement().lines[1], owed=first.owed)
    owed = Money(125000, "EUR")
    return statement(
        lines=(first, back), owed_to_second=owed, amount=Money(0, "EUR"), payer=None, payee=None, language="en"
    )


STATEMENTS: dict[str, Statement] = {
    "set-off": statement(),
    "set-off-en": statement(language="en"),
    "even": even_statement(),
    "draft": statement(state=DocumentState.DRAFT),
    "control-copy": statement(state=DocumentState.CONTROL_COPY, language="en"),
    "no-iban": statement(payee=replace(CPO, iban=None), first=replace(CPO, iban=None)),
}
