"""Agreed charges of one CPO, e-MSP, month and currency → one document, with its totals in their legal order.

Money is rounded once, where the agreement says: each charge, or the document as a whole (contract, section 3.3).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone, tzinfo
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
from clearing.invoicing.tax import treatment, vat_on
from clearing.months import BillingMonth
from clearing.parties import Agreement, Billing, Company, Rounding, Terms
from clearing.reconciliation.belonging import end_instant
from clearing.reconciliation.charge import Charge
from clearing.reconciliation.verdict import rounded
from tariffs.money import EXACT, Money, minor_digits

NO_TREATMENT = VatTreatment("", Decimal(0))
"""Stands where no row of the book's VAT table fits: the draft shows the gap, posting refuses."""


@dataclass(frozen=True, slots=True)
class _Item:
    """A billed charge with its VAT treatment and site."""

    charge: Charge
    agreement: Agreement
    billed: Decimal
    basis: Decimal
    vat: VatTreatment
    site: str
    place: str


def draft(charges: Iterable[Charge], terms: Terms, month: BillingMonth, issue_date: date) -> Invoice | None:
    """Draft the document of the billed charges of one pair and currency; None when they net to nothing.

    Whose terms hold when the agreement changed within the month: those of the charge that ended last.
    """
    items = [_item(charge, terms) for charge in sorted(charges, key=_order)]
    if not items:
        return None
    agreement = items[-1].agreement
    seller, buyer = terms.company(agreement.cpo), terms.company(agreement.emsp)
    assert seller is not None and buyer is not None, agreement  # noqa: PT018 - whoever is unknown was not billed
    lines, vat_totals = _totals(items, agreement)
    net, vat = _sum((t.net for t in vat_totals), agreement), _sum((t.vat for t in vat_totals), agreement)
    if not net:
        return None
    annex = tuple(_annex_charge(item, month) for item in items)
    kind = _kind(agreement.billing, credit=(net + vat).minor < 0)
    issuer = buyer if kind.is_self_billed else seller
    recipient = seller if kind.is_self_billed else buyer
    return Invoice(
        kind=kind,
        state=DocumentState.DRAFT if terms.issues_documents_of(issuer) else DocumentState.CONTROL_COPY,
        number=None,
        cpo=agreement.cpo,
        emsp=agreement.emsp,
        seller=seller,
        buyer=buyer,
        month=month,
        time_zone=agreement.time_zone,
        issue_date=issue_date,
        due_date=issue_date + timedelta(days=agreement.payment_days),
        currency=agreement.currency,
        lines=lines,
        vat_totals=vat_totals,
        annex=annex,
        rounding=agreement.rounding,
        remainder=net.decimal - sum((charge.net for charge in annex), Decimal(0)),
        net=net,
        vat=vat,
        gross=net + vat,
        references=agreement.references,
        settled_in=settlement_reference(seller, buyer, month, agreement.currency) if agreement.set_off else None,
        language=recipient.language,
        vat_missing=any(item.vat is NO_TREATMENT for item in items),
    )


def round_alike(charges: Iterable[Charge]) -> None:
    """Round all charges of one document where its terms say, in place: otherwise its annex would not add up."""
    ordered = sorted(charges, key=_order)
    for charge in ordered:
        charge.billed = rounded(charge, ordered[-1].agreement)


def settlement_reference(one: Company, other: Company, month: BillingMonth, currency: str) -> str:
    """Return how a document names the statement that pays it: month, first ids of both companies sorted, currency."""
    first, second = sorted((one.ids[0], other.ids[0]))
    return f"{month} {first.replace('*', '-')}_{second.replace('*', '-')}_{currency}"


def _item(charge: Charge, terms: Terms) -> _Item:
    record, agreement = charge.record, charge.agreement
    assert agreement is not None and charge.billed is not None and charge.basis is not None, record  # noqa: PT018
    seller, buyer = terms.company(agreement.cpo), terms.company(agreement.emsp)
    instant = end_instant(record)
    assert seller is not None and buyer is not None and instant is not None, record  # noqa: PT018
    vat = treatment(terms.vat_rules, seller, buyer, agreement.local_day(instant))
    site = record.location_name or record.location_id or record.evse_id or record.evse_uid or "?"
    return _Item(charge, agreement, charge.billed, charge.basis, vat or NO_TREATMENT, site, record.city or "")


def _order(charge: Charge) -> tuple[object, ...]:
    record = charge.record
    return (end_instant(record), record.id or "", record.content_hash)


def _kind(billing: Billing, *, credit: bool) -> DocumentKind:
    if billing is Billing.SELF_BILLED:
        return DocumentKind.SELF_BILLED_CREDIT_NOTE if credit else DocumentKind.SELF_BILLED_INVOICE
    return DocumentKind.CREDIT_NOTE if credit else DocumentKind.INVOICE


def _totals(items: Sequence[_Item], agreement: Agreement) -> tuple[tuple[InvoiceLine, ...], tuple[VatTotal, ...]]:
    """Return the lines by site and the VAT totals by treatment; lines add up to the net of their treatment."""
    by_vat: defaultdict[VatTreatment, list[_Item]] = defaultdict(list)
    for item in items:
        by_vat[item.vat].append(item)
    lines: list[InvoiceLine] = []
    totals: list[VatTotal] = []
    for vat in sorted(by_vat, key=lambda v: (v.category, v.percent, v.sentence)):
        group = by_vat[vat]
        amounts = [i.billed if agreement.rounding is Rounding.CHARGE_HALF_UP else i.basis for i in group]
        net = Money.rounded(sum(amounts, Decimal(0)), agreement.currency)
        lines += _lines(group, amounts, net, vat)
        totals.append(VatTotal(vat, net, vat_on(net, vat.percent)))
    return tuple(lines), tuple(totals)


def _lines(
    group: Sequence[_Item], amounts: Sequence[Decimal], net: Money, vat: VatTreatment
) -> list[InvoiceLine]:
    sites: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for place, item in enumerate(group):
        sites[item.site, item.place].append(place)
    names = sorted(sites)
    shares = share_out(net, [sum((amounts[i] for i in sites[name]), Decimal(0)) for name in names])
    return [
        InvoiceLine(
            site=site,
            place=place,
            kwh=sum((group[i].charge.kwh for i in sites[site, place]), Decimal(0)),
            charges=len(sites[site, place]),
            net=share,
            vat=vat,
        )
        for (site, place), share in zip(names, shares, strict=True)
    ]


def share_out(total: Money, exact: Sequence[Decimal]) -> list[Money]:
    """Split a total along exact parts by the largest remainder, so that the shares add up; ties by position.

    >>> [str(m) for m in share_out(Money(100, "EUR"), [Decimal("0.333"), Decimal("0.333"), Decimal("0.334")])]
    ['0.33', '0.33', '0.34']
    """
    digits = minor_digits(total.currency)
    scaled = [EXACT.scaleb(part, Decimal(digits)) for part in exact]
    floors = [int(part.to_integral_value(rounding="ROUND_FLOOR")) for part in scaled]
    missing = total.minor - sum(floors)
    ranked = sorted(range(len(exact)), key=lambda i: (floors[i] - scaled[i], i))
    for i in range(missing):
        floors[ranked[i % len(ranked)]] += 1
    return [Money(minor, total.currency) for minor in floors]


def local_time(instant: datetime, zone: tzinfo) -> datetime:
    """Return an instant in local time with its bare offset, which is all that survives being stored."""
    local = instant.astimezone(zone)
    return local.replace(tzinfo=timezone(local.utcoffset() or timedelta(0)))


def _sum(parts: Iterable[Money], agreement: Agreement) -> Money:
    return sum(parts, Money.zero(agreement.currency))


def _annex_charge(item: _Item, month: BillingMonth) -> AnnexCharge:
    charge, record = item.charge, item.charge.record
    instant = end_instant(record)
    assert instant is not None, record
    corrects = charge.corrects
    return AnnexCharge(
        cdr_id=record.id or "",
        evse=record.evse_id or record.evse_uid or "",
        site=item.site,
        ended_local=local_time(instant, ZoneInfo(item.agreement.time_zone)),
        kwh=charge.kwh,
        net=item.billed,
        corrects=corrects.reference if corrects is not None else None,
        other_month=charge.place.month != month,
    )
