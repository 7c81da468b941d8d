"""What one side has no record of: missing, not yet there, or silent altogether (contract, section 3.4)."""

from dataclasses import replace

from clearing.parties import Agreement, OtherSide
from clearing.reconciliation import plausibility
from clearing.reconciliation.belonging import end_instant
from clearing.reconciliation.charge import Cause, Charge, End, plain
from clearing.reconciliation.pair import PairInput, PairOutcome
from clearing.records import ChargeRecord


def missing_at_emsp(charge: Charge, agreement: Agreement, given: PairInput) -> Cause | None:
    """The e-MSP has no record of the charge: missing, or not yet there (contract, section 3.4)."""
    silent = agreement.other_side is OtherSide.IF_DELIVERED and charge.place.month not in given.emsp_months
    end = charge.record.end
    if silent or end is None:
        return None
    age = (given.known.as_of - agreement.local_day(end)).days
    if age < agreement.waiting_days:
        return Cause(
            "not-yet-at-emsp",
            f"The e-MSP has no record yet, {max(age, 0)} days after the charge; it has {agreement.waiting_days}",
            "Nothing yet: the next run looks again.",
            expected=f"a record of the e-MSP within {agreement.waiting_days} days",
            found="none yet",
            at_stake=charge.claimed,
        )
    return Cause(
        "missing-at-emsp",
        f"The e-MSP has no record of this charge, {age} days after it ended",
        "Ask the e-MSP for its record; accept to bill without it, reject to refuse the charge.",
        expected="a record of the e-MSP",
        found="none",
        at_stake=charge.claimed,
    )


def note_silence(given: PairInput, outcome: PairOutcome) -> None:
    """Say once per pair that the e-MSP delivered nothing, where the agreement lets that pass."""
    for charge in outcome.charges:
        agreement = charge.agreement
        if agreement is None or agreement.other_side is not OtherSide.IF_DELIVERED or charge.partner is not None:
            continue
        if charge.place.month in given.emsp_months or charge.end in (End.REPEATED, End.ELSEWHERE):
            continue
        outcome.pair_causes.append(
            (
                Cause(
                    "other-side-silent",
                    f"{given.pair[1]} delivered no record at all: the charges of {given.pair[0]} are billed unmatched",
                    "Nothing, as the agreement says if-delivered; ask the e-MSP for its records to have them compared.",
                    expected=f"records of {given.pair[1]}",
                    found="none",
                ),
                agreement,
            )
        )
        return


def missing_at_cpo(record: ChargeRecord, given: PairInput) -> Cause | None:
    """The CPO has no record of what the e-MSP saw; younger than `waiting_days` it makes no finding."""
    lone = Charge(record, given.places[record.number], carried=False)
    stake = -record.claimed if record.claimed is not None else None
    for rule in plausibility.STRUCTURE:
        cause = rule(lone, given.known)
        if cause is not None:
            return replace(cause, at_stake=stake)
    agreement, end = lone.agreement, end_instant(record)
    if agreement is None or end is None:
        return None
    age = (given.known.as_of - agreement.local_day(end)).days
    if age < agreement.waiting_days:
        return None
    return Cause(
        "missing-at-cpo",
        f"The e-MSP saw a charge of {plain(record.energy_kwh) or 'unknown'} kWh, the CPO delivered no CDR of it",
        "Ask the CPO for its CDR. Nothing is billed without one; accept or reject closes the finding.",
        expected="a CDR of the CPO",
        found="none",
        at_stake=stake,
    )
