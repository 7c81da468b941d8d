"""The end of a charge, from its causes and what people decided, and what it is billed with."""

from collections.abc import Mapping
from decimal import Decimal

from clearing.parties import Agreement, PriceBasis, Rounding
from clearing.reconciliation.charge import Cause, Charge, End
from clearing.reconciliation.telling import cause_id, why_not
from tariffs.money import minor_digits, round_half_up

Decisions = Mapping[str, str]
"""Finding id → "accept" or "reject"."""


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
    return None if verdict == "accept" and why_not(charge, cause) is not None else verdict


def price_basis(charge: Charge) -> Decimal | None:
    """Return what is billed before rounding (contract, section 3.2): claim, own price, or the smaller of both.

    A credit of a billed charge gives back exactly what was billed, whatever the basis now.
    """
    given_back = _given_back(charge)
    if given_back is not None:
        return _basis_of_credit(charge, given_back)
    claimed, computed = charge.claimed, charge.computed
    if claimed is None or computed is None or charge.record.credit:
        return computed if claimed is None else claimed
    basis = charge.agreement.price_basis if charge.agreement else PriceBasis.CLAIMED
    if basis is PriceBasis.CLAIMED:
        return claimed
    return computed if basis is PriceBasis.COMPUTED else min(claimed, computed)


def _given_back(charge: Charge) -> Decimal | None:
    """Return what the credit of a billed charge gives back: exactly minus what was billed; None for all else."""
    if charge.corrects is None or charge.corrects.billed is None or charge.has("credit-amount-wrong"):
        return None
    return charge.corrects.billed.copy_negate()


def _basis_of_credit(charge: Charge, billed: Decimal) -> Decimal:
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
    given_back = _given_back(charge)
    return round_half_up(charge.basis if given_back is None else given_back, digits)
