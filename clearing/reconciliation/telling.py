"""A cause becomes a finding: it gets its id, the records it speaks of, and what becomes of the money."""

from decimal import Decimal

from clearing.findings import MonthFinding, finding_id
from clearing.parties import Agreement, Side
from clearing.reconciliation.charge import Cause, Charge, End, Stray
from clearing.records import ChargeRecord

MEND_THE_BOOK = ("no-agreement", "unknown-party", "unknown-currency")


def cause_id(cause: Cause, record: ChargeRecord, partner: ChargeRecord | None) -> str:
    """Return the id of a finding on a CPO record and its partner, or on one record alone."""
    if cause.about is not None:
        record, partner = cause.about, None
    ids = (record.id, partner.id if partner else None, record.content_hash, partner.content_hash if partner else None)
    return finding_id(cause.code, record.cpo, record.emsp, record.side, *ids, cause.also)


def _finding(
    cause: Cause,
    record: ChargeRecord,
    partner: ChargeRecord | None = None,
    *,
    kwh: Decimal | None,
    held: Decimal | None = None,
    money_is: End | None = None,
    not_acceptable: str | None = None,
    where_other: str | None = None,
) -> MonthFinding:
    """Return a cause on a record, and on its partner where it has one, as a finding."""
    of_cpo = record.side is Side.CPO
    return MonthFinding(
        id=cause_id(cause, record, partner),
        code=cause.code,
        severity=cause.weight,
        cpo=record.cpo,
        emsp=record.emsp,
        side="both" if partner is not None else str(record.side),
        cpo_cdr_id=record.id if of_cpo else None,
        emsp_cdr_id=(partner.id if partner is not None else None) if of_cpo else record.id,
        message=cause.message,
        what_to_do=cause.what_to_do,
        kwh=kwh,
        at_stake=cause.at_stake,
        currency=record.currency,
        held=held,
        money_is=str(money_is) if money_is is not None else None,
        where=record.where.text,
        where_other=partner.where.text if partner is not None else where_other,
        expected=cause.expected,
        found=cause.found,
        not_acceptable=not_acceptable,
    )


def findings_of(charge: Charge) -> list[MonthFinding]:
    """Return a settled charge's findings; `held` stands only on the one that decided."""
    found = []
    record = charge.record
    held_by = charge.code if charge.end in (End.WAITING, End.REFUSED) else ""
    for cause in charge.causes:
        held = None
        if cause.code == held_by and cause.holds:
            held, held_by = record.claimed if record.claimed is not None else Decimal(0), ""
        found.append(
            _finding(
                cause,
                record,
                charge.partner,
                kwh=charge.kwh if record.energy_kwh is not None else None,
                held=held,
                money_is=charge.end,
                not_acceptable=why_not(charge, cause),
            )
        )
    return found


def finding_of_stray(stray: Stray) -> MonthFinding:
    """Return the finding on a record of the e-MSP that stands alone; no CPO money is held by it."""
    record, cause = stray.record, stray.cause
    not_acceptable = _why_never(cause)
    if not_acceptable is None and cause.code == "malformed-record" and (record.claimed is None or record.end is None):
        not_acceptable = "the record has no readable month, pair or claim"
    return _finding(cause, record, kwh=record.energy_kwh, not_acceptable=not_acceptable)


def finding_of_repeat(record: ChargeRecord, first: ChargeRecord, count: int) -> MonthFinding:
    """Return the `repeated-delivery` of an id: `record` is the first of `count` copies of `first`."""
    times = "once more" if count == 1 else f"{count} times more"
    cause = Cause(
        "repeated-delivery",
        f"{record.id or 'A record without id'} was delivered {times} with equal content; it is counted once",
        "Nothing.",
        expected="one delivery",
        found=f"{count + 1} deliveries",
        about=record,
    )
    money_is = End.REPEATED if record.side is Side.CPO else None
    return _finding(
        cause,
        record,
        kwh=record.energy_kwh,
        money_is=money_is,
        not_acceptable=_why_never(cause),
        where_other=first.where.text,
    )


def finding_of_pair(cause: Cause, agreement: Agreement) -> MonthFinding:
    """Return a note on a whole pair."""
    return MonthFinding(
        id=finding_id(cause.code, agreement.cpo, agreement.emsp),
        code=cause.code,
        severity=cause.weight,
        cpo=agreement.cpo,
        emsp=agreement.emsp,
        side=str(Side.EMSP),
        cpo_cdr_id=None,
        emsp_cdr_id=None,
        message=cause.message,
        what_to_do=cause.what_to_do,
        currency=agreement.currency,
        expected=cause.expected,
        found=cause.found,
        not_acceptable=_why_never(cause),
    )


def why_not(charge: Charge, cause: Cause) -> str | None:
    """Say why a finding cannot be accepted (contract, section 3.14), or None."""
    reason = _why_never(cause)
    if reason is not None:
        return reason
    if cause.code == "malformed-record":
        if charge.agreement is None or charge.claimed is None or charge.place.month is None:
            return "the record has no readable month, pair with an agreement, or claim"
        if charge.record.currency != charge.agreement.currency:
            return "the record's currency is not the agreement's"
    if charge.claimed is None and charge.computed is None:
        return "the charge has neither a price nor a claim"
    return None


def _why_never(cause: Cause) -> str | None:
    if cause.weight != "Q":
        return f"its severity is {cause.weight}; only what waits for a person (Q) can be accepted"
    if cause.code in MEND_THE_BOOK:
        return "mend evclear.toml and run again"
    return cause.not_acceptable
