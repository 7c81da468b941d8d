"""The end of a charge, from its causes and what people decided, and the findings as they are reported."""

from collections.abc import Mapping
from decimal import Decimal

from clearing.findings import MonthFinding, finding_id
from clearing.parties import Agreement, PriceBasis, Rounding
from clearing.reconciliation.charge import Cause, Charge, End, Stray
from clearing.records import ChargeRecord
from tariffs.money import minor_digits, round_half_up

Decisions = Mapping[str, str]
"""Finding id → "accept" or "reject"."""

MEND_THE_BOOK = ("no-agreement", "unknown-party", "unknown-currency")


def cause_id(cause: Cause, record: ChargeRecord, partner: ChargeRecord | None) -> str:
    """Return the id of a finding on a CPO record and its partner, or on one record alone."""
    if cause.about is not None:
        record, partner = cause.about, None
    ids = (record.id, partner.id if partner else None, record.content_hash, partner.content_hash if partner else None)
    return finding_id(cause.code, record.cpo, record.emsp, record.side, *ids, cause.also)


def settle(charge: Charge, decisions: Decisions) -> None:
    """Give a charge its end, its code and, when it is billed, its amount, in place."""
    holding = sorted((cause for cause in charge.causes if cause.holds), key=lambda cause: cause.order)
    charge.code = holding[0].code if holding else ""
    if charge.end is None:
        charge.end = _end(charge, holding, decisions)
    if charge.end is End.BILLED:
        charge.basis = price_basis(charge)
        charge.billed = rounded(charge, charge.agreement)
        if charge.billed is None:
            charge.end = End.WAITING
            if not charge.code:
                charge.causes.append(_nothing_to_bill())
                charge.code = charge.causes[-1].code


def _end(charge: Charge, holding: list[Cause], decisions: Decisions) -> End:
    waiting = [cause for cause in holding if cause.weight in ("S", "Q")]
    verdicts = [_verdict(charge, cause, decisions) for cause in waiting]
    if any(cause.weight == "S" for cause in holding) or "reject" in verdicts:
        return End.REFUSED
    if any(cause.code == "not-yet-at-emsp" for cause in holding) or not all(verdicts):
        return End.WAITING
    return End.BILLED


def _nothing_to_bill() -> Cause:
    """Say why a charge waits that nothing else was found on: no charge waits without a finding."""
    return Cause(
        "no-tariff",
        "The charge has neither a price nor a claim: there is nothing to bill",
        "Have the tariff delivered (evclear ingest tariff), or ask the CPO for the CDR with its total_cost.",
        expected="a price or a claim",
        found="neither",
    )


def _verdict(charge: Charge, cause: Cause, decisions: Decisions) -> str | None:
    """Return what was decided; an accept does not outlive that the finding could be accepted."""
    verdict = decisions.get(cause_id(cause, charge.record, charge.partner))
    return None if verdict == "accept" and _why_not(charge, cause) is not None else verdict


def price_basis(charge: Charge) -> Decimal | None:
    """Return what is billed before rounding (contract, section 3.2): claim, own price, or the smaller of both.

    A credit of a billed charge gives back exactly what was billed, whatever the basis now.
    """
    if charge.corrects is not None and charge.corrects.billed is not None and not charge.has("credit-amount-wrong"):
        return _given_back(charge, charge.corrects.billed.copy_negate())
    claimed, computed = charge.claimed, charge.computed
    if claimed is None or computed is None or charge.record.credit:
        return computed if claimed is None else claimed
    basis = charge.agreement.price_basis if charge.agreement else PriceBasis.CLAIMED
    if basis is PriceBasis.CLAIMED:
        return claimed
    return computed if basis is PriceBasis.COMPUTED else min(claimed, computed)


def _given_back(charge: Charge, billed: Decimal) -> Decimal:
    """Return the basis of a credit: its own claim where that rounds to what it gives back; so rounding is so named.

    Where the document is rounded as a whole, what is given back is exact already.
    """
    agreement, claimed = charge.agreement, charge.claimed
    if agreement is None or claimed is None or agreement.rounding is not Rounding.CHARGE_HALF_UP:
        return billed
    return claimed if round_half_up(claimed, minor_digits(agreement.currency)) == billed else billed


def rounded(charge: Charge, agreement: Agreement | None) -> Decimal | None:
    """Return what stands in the annex: minor units, or four decimals where the document is rounded as a whole."""
    if charge.basis is None or agreement is None:
        return None
    digits = minor_digits(agreement.currency)
    if agreement.rounding is Rounding.DOCUMENT_HALF_UP:
        digits = max(digits, 4)
    return round_half_up(charge.basis, digits)


def findings_of(charge: Charge) -> list[MonthFinding]:
    """Return a settled charge's findings; `held` stands only on the one that decided."""
    found = []
    held_by = charge.code if charge.end in (End.WAITING, End.REFUSED) else ""
    for cause in charge.causes:
        record, partner = charge.record, charge.partner
        held = None
        if cause.code == held_by and cause.holds:
            held, held_by = record.claimed if record.claimed is not None else Decimal(0), ""
        found.append(
            MonthFinding(
                id=cause_id(cause, record, partner),
                code=cause.code,
                severity=cause.weight,
                cpo=record.cpo,
                emsp=record.emsp,
                side="both" if partner is not None else "cpo",
                cpo_cdr_id=record.id,
                emsp_cdr_id=partner.id if partner is not None else None,
                message=cause.message,
                what_to_do=cause.what_to_do,
                kwh=charge.kwh if record.energy_kwh is not None else None,
                at_stake=cause.at_stake,
                currency=record.currency,
                held=held,
                money_is=str(charge.end) if charge.end is not None else None,
                where=record.where.text,
                where_other=partner.where.text if partner is not None else None,
                expected=cause.expected,
                found=cause.found,
                not_acceptable=_why_not(charge, cause),
            )
        )
    return found


def _why_not(charge: Charge, cause: Cause) -> str | None:
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


def finding_of_stray(stray: Stray) -> MonthFinding:
    """Return the finding on a record of the e-MSP that stands alone; no CPO money is held by it."""
    record, cause = stray.record, stray.cause
    not_acceptable = _why_never(cause)
    if not_acceptable is None and cause.code == "malformed-record" and (record.claimed is None or record.end is None):
        not_acceptable = "the record has no readable month, pair or claim"
    return MonthFinding(
        id=cause_id(cause, record, None),
        code=cause.code,
        severity=cause.weight,
        cpo=record.cpo,
        emsp=record.emsp,
        side=str(record.side),
        cpo_cdr_id=None,
        emsp_cdr_id=record.id,
        message=cause.message,
        what_to_do=cause.what_to_do,
        kwh=record.energy_kwh,
        at_stake=cause.at_stake,
        currency=record.currency,
        where=record.where.text,
        expected=cause.expected,
        found=cause.found,
        not_acceptable=not_acceptable,
    )
