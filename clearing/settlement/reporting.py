"""The report of a month: the six ends of the contract for each pair and currency, and what the documents make of it.

carried_in + delivered = billed + credited + waiting + refused + repeated + elsewhere, in records, kWh and claimed
money; and billed (claimed) + price difference + rounding difference = net of the document (contract, section 3.5).
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date
from decimal import Decimal, localcontext
from zoneinfo import ZoneInfo

from clearing.errors import IntegrityFailure
from clearing.findings import MonthFinding, rank
from clearing.invoicing.drafting import draft, local_time, round_alike
from clearing.invoicing.invoice import Invoice
from clearing.months import BillingMonth
from clearing.parties import PartyId, Side, Terms
from clearing.reconciliation.belonging import end_instant, row_party
from clearing.reconciliation.charge import Charge, End
from clearing.reconciliation.month import MonthJudgement
from clearing.settlement.netting import statements
from clearing.settlement.outcome import NOTHING, Amounts, ChargeRow, CodeCount, MonthOutcome, PairReport, Stub
from tariffs.money import EXACT, MINOR_DIGITS

Row = tuple[PartyId | None, PartyId | None, str | None]


def report(judged: MonthJudgement, terms: Terms, month: BillingMonth, as_of: date) -> MonthOutcome:
    """Draft the documents and statements of a judged month and report where everything went."""
    with localcontext(EXACT):
        return _report(judged, terms, month, as_of)


def _report(judged: MonthJudgement, terms: Terms, month: BillingMonth, as_of: date) -> MonthOutcome:
    charges: defaultdict[Row, list[Charge]] = defaultdict(list)
    for charge in judged.charges:
        charges[row_of_charge(charge, terms)].append(charge)
    findings: defaultdict[Row, list[MonthFinding]] = defaultdict(list)
    for finding in judged.findings:
        findings[row_of_finding(finding, terms)].append(finding)
    rows = sorted({*charges, *findings}, key=lambda row: tuple(part or "" for part in row))
    pairs = [_pair_report(row, charges[row], findings[row], terms, month, as_of) for row in rows]
    documents = [pair.document for pair in pairs if pair.document is not None]
    return MonthOutcome(
        month=month,
        as_of=as_of,
        posted=False,
        pairs=tuple(pairs),
        statements=tuple(statements(documents)),
        findings=tuple(judged.findings),
        stubs=tuple(_stubs(judged.charges, terms)),
        terms_hash=terms.content_hash,
        used=judged.used,
        closed=tuple(sorted(judged.closed)),
    )


def known_currency(currency: str | None) -> str | None:
    """Return a currency as it stands in the report: None when it is unreadable or not in ISO 4217."""
    return currency if currency in MINOR_DIGITS else None


def row_of_charge(charge: Charge, terms: Terms) -> Row:
    """Return in which row of the report a CPO record is counted."""
    record = charge.record
    return row_party(record.cpo, terms), row_party(record.emsp, terms), known_currency(record.currency)


def row_of_finding(finding: MonthFinding, terms: Terms) -> Row:
    """Return in which row a finding is counted; one on the e-MSP's side alone stands in the agreement's currency."""
    currency = known_currency(finding.currency)
    if finding.side == Side.EMSP:
        agreed = {agreement.currency for agreement in terms.agreements_of(finding.cpo, finding.emsp)}
        if agreed and currency not in agreed:
            currency = min(agreed)
    return row_party(finding.cpo, terms), row_party(finding.emsp, terms), currency


def _pair_report(
    row: Row,
    charges: Sequence[Charge],
    findings: Sequence[MonthFinding],
    terms: Terms,
    month: BillingMonth,
    as_of: date,
) -> PairReport:
    carried_in = delivered = Amounts()
    ends = dict.fromkeys(End, Amounts())
    for charge in charges:
        end = charge.end
        assert end is not None, charge.record
        ends[end] = ends[end].plus(charge.kwh, charge.claimed)
        if charge.carried:
            carried_in = carried_in.plus(charge.kwh, charge.claimed)
        else:
            delivered = delivered.plus(charge.kwh, charge.claimed)
    billed = [charge for charge in charges if charge.end is End.BILLED]
    round_alike(billed)
    document = draft(billed, terms, month, as_of)
    basis = sum((charge.basis or NOTHING for charge in billed), NOTHING)
    net = document.net.decimal if document is not None else NOTHING
    _check_sums(row, carried_in, delivered, ends)
    return PairReport(
        *row,
        carried_in=carried_in,
        delivered=delivered,
        ends=ends,
        without_claim=sum(charge.claimed is None for charge in charges),
        claimed_minus_computed=_claimed_minus_computed(billed),
        price_difference=basis - ends[End.BILLED].claimed,
        rounding_difference=net - basis,
        findings=tuple(_count(findings)),
        document=document,
        charges=tuple(_rows(charges)),
        remainder=_remainder(document, billed),
    )


def _remainder(document: Invoice | None, billed: Sequence[Charge]) -> Decimal:
    shown = sum((charge.billed or NOTHING for charge in billed), NOTHING)
    return (document.net.decimal if document is not None else NOTHING) - shown


def _claimed_minus_computed(billed: Sequence[Charge]) -> Decimal:
    return sum(
        (c.claimed - c.computed for c in billed if c.claimed is not None and c.computed is not None), NOTHING
    )


def _check_sums(row: Row, carried_in: Amounts, delivered: Amounts, ends: dict[End, Amounts]) -> None:
    """Prove that nothing was lost: what came in equals what went out."""
    came = (
        carried_in.records + delivered.records,
        carried_in.kwh + delivered.kwh,
        carried_in.claimed + delivered.claimed,
    )
    went = (
        sum(end.records for end in ends.values()),
        sum((end.kwh for end in ends.values()), NOTHING),
        sum((end.claimed for end in ends.values()), NOTHING),
    )
    if came != went:
        raise IntegrityFailure(f"{row}: the six ends make {went}, but {came} came in; nothing was written")


def _count(findings: Sequence[MonthFinding]) -> list[CodeCount]:
    by_code: defaultdict[str, list[MonthFinding]] = defaultdict(list)
    for finding in findings:
        by_code[finding.code].append(finding)
    return [
        CodeCount(code, len(by_code[code]), sum((f.held or NOTHING for f in by_code[code]), NOTHING))
        for code in sorted(by_code, key=rank)
    ]


def _rows(charges: Sequence[Charge]) -> list[ChargeRow]:
    def order(charge: Charge) -> tuple[object, ...]:
        record, instant = charge.record, end_instant(charge.record)
        return (instant is None, instant, record.id or "", record.where.text) if instant else (True, record.id or "")

    timed = sorted((c for c in charges if end_instant(c.record) is not None), key=order)
    timeless = sorted((c for c in charges if end_instant(c.record) is None), key=lambda c: (
        c.record.id or "", c.record.where.text))
    return [_row(charge) for charge in (*timed, *timeless)]


def _row(charge: Charge) -> ChargeRow:
    record, instant = charge.record, end_instant(charge.record)
    zone = ZoneInfo(charge.agreement.time_zone) if charge.agreement else UTC
    assert charge.end is not None, record
    return ChargeRow(
        number=record.number,
        cpo_cdr_id=record.id,
        emsp_cdr_id=charge.partner.id if charge.partner is not None else None,
        cpo_session_id=record.session_id,
        evse=record.evse_id or record.evse_uid,
        ended_local=local_time(instant, zone) if instant is not None else None,
        kwh=charge.kwh if record.energy_kwh is not None else None,
        claimed=record.claimed,
        computed=charge.computed,
        billed=charge.billed if charge.end is End.BILLED else None,
        end=charge.end,
        code=charge.code,
        partner=charge.partner.number if charge.partner is not None else None,
        corrects=charge.corrects.reference if charge.corrects is not None else None,
    )


def _stubs(charges: Sequence[Charge], terms: Terms) -> list[Stub]:
    """Return what a person may paste into evclear.toml so that what waits for it can be billed."""
    groups: defaultdict[tuple[str, Row], list[Charge]] = defaultdict(list)
    for charge in charges:
        record = charge.record
        for code in ("unknown-party", "no-agreement"):
            if charge.has(code):
                groups[code, (record.cpo, record.emsp, record.currency)].append(charge)
    stubs = []
    for (code, (cpo, emsp, currency)), group in sorted(groups.items(), key=lambda g: str(g[0])):
        days = sorted(i.date() for i in (end_instant(c.record) for c in group) if i is not None)
        since = days[0].replace(day=1).isoformat() if days else "FILL IN"
        lines = _company_lines(cpo, emsp, terms) if code == "unknown-party" else ""
        lines += (
            f'[[agreement]]\ncpo = "{cpo}"\nemsp = "{emsp}"\nvalid_from = {since}\n'
            f'time_zone = "FILL IN"\ncurrency = "{currency}"\n'
        )
        claimed = sum((charge.claimed or NOTHING for charge in group), NOTHING)
        stubs.append(Stub(f"{code}: {cpo} → {emsp}", len(group), claimed, currency, lines))
    return stubs


def _company_lines(cpo: PartyId | None, emsp: PartyId | None, terms: Terms) -> str:
    lines = ""
    for party, role in ((cpo, "cpo"), (emsp, "emsp")):
        if party is not None and terms.company(party) is None:
            lines += (
                f'[[company]]\nname = "FILL IN"\nids = ["{party}"]\nroles = ["{role}"]\ncountry = "{party[:2]}"\n'
                'address = ["FILL IN"]\n\n'
            )
    return lines
