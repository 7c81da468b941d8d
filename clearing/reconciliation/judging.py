"""The judgement of one pair of parties and one month: pure, so that another machine could run it as well.

The order is the contract's (section 3.5): repeated and elsewhere first, then conflicts, chains, structure, pairing,
duplicates, the rules of each record and of each pair, and at last the end that each charge takes.
"""

from collections.abc import Sequence

from clearing.reconciliation import comparison, plausibility
from clearing.reconciliation.absence import missing_at_cpo, missing_at_emsp, note_silence
from clearing.reconciliation.charge import Cause, Charge, End, Stray
from clearing.reconciliation.identity import Identities
from clearing.reconciliation.matching import evidence, pair_up
from clearing.reconciliation.pair import PairInput, PairOutcome
from clearing.reconciliation.pairing import Pairing
from clearing.reconciliation.plausibility import Knowledge
from clearing.reconciliation.reading import conflict_cause, malformed_cause, notes_of, pricing_causes
from clearing.records import ChargeRecord


def judge_pair(given: PairInput) -> PairOutcome:
    """Judge all charges of one pair and month; charges get their causes, not yet their end."""
    outcome = PairOutcome()
    pairing = Pairing()
    emsp = evidence(given, pairing)
    mine = [charge for charge in given.charges if charge.end not in (End.REPEATED, End.ELSEWHERE)]
    pair_up(given, mine, emsp, pairing)
    for charge in mine:
        charge.partner = pairing.partner.get(charge.record.number)
        if charge.record.number in given.judged:
            _judge_charge(charge, given, pairing)
    outcome.charges = [charge for charge in given.charges if charge.record.number in given.judged]
    note_silence(given, outcome)
    _compare_late(given, pairing, outcome)
    outcome.strays = _strays(given, emsp, pairing)
    outcome.told, outcome.beside = pairing.told, pairing.beside
    outcome.partners = {number: partner.number for number, partner in pairing.partner.items()}
    return outcome


def _judge_charge(charge: Charge, given: PairInput, pairing: Pairing) -> None:
    """Add the causes of one charge of this month."""
    if charge.end in (End.REPEATED, End.ELSEWHERE):
        return
    charge.causes.extend(notes_of(charge.record))
    record = charge.record
    if not record.usable:
        charge.causes.extend(malformed_cause(record, given.identities.mended_by.get(record.number)))
        if charge.has("malformed-record"):
            return
    if charge.settled_by_rule or _waits_as_a_whole(charge, given.identities):
        if not charge.settled_by_rule and not _first_cause(charge, plausibility.STRUCTURE, given.known):
            _add(charge, plausibility.currency_not_agreed(charge, given.known))
        return
    if _first_cause(charge, plausibility.STRUCTURE, given.known):
        _add(charge, plausibility.token_rule(charge, given.known))
        return
    if not record.usable:
        _add(charge, plausibility.token_rule(charge, given.known))
        return
    for rule in plausibility.RULES:
        _add(charge, rule(charge, given.known))
    if not charge.has("currency-not-agreed"):
        charge.causes.extend(pricing_causes(charge))
    if not charge.has("probable-duplicate") and record.number not in given.identities.mended_by:
        _judge_partner(charge, given, pairing)


def _waits_as_a_whole(charge: Charge, verdict: Identities) -> bool:
    """Whether a charge gets no price and match findings: contents in conflict, credits, and wrongly credited ones."""
    return charge.record.number in verdict.conflicts or charge.record.credit or charge.original is charge


def _first_cause(charge: Charge, rules: Sequence[plausibility.Rule], known: Knowledge) -> bool:
    for rule in rules:
        cause = rule(charge, known)
        if cause is not None:
            charge.causes.append(cause)
            return True
    return False


def _add(charge: Charge, cause: Cause | None) -> None:
    if cause is not None:
        charge.causes.append(cause)


def _judge_partner(charge: Charge, given: PairInput, pairing: Pairing) -> None:
    agreement, partner = charge.agreement, charge.partner
    assert agreement is not None
    rivals = pairing.ambiguous.get(charge.record.number)
    if rivals:
        charge.causes.append(_ambiguous(charge, rivals))
    elif partner is None:
        _add(charge, missing_at_emsp(charge, agreement, given))
    elif partner.number in given.identities.conflicts:
        others = given.identities.conflicts[partner.number]
        charge.causes.append(conflict_cause(partner, others))
        pairing.told.add(partner.number)
    elif not partner.usable:
        pairing.told.add(partner.number)
        charge.causes.extend(c for c in malformed_cause(partner, None) if c.weight == "Q")
    elif not charge.has("currency-not-agreed"):
        comparison.compare(charge, partner, agreement.tolerance)


def _ambiguous(charge: Charge, rivals: Sequence[ChargeRecord]) -> Cause:
    names = ", ".join(sorted(f"{r.id} ({r.where.text})" for r in rivals))
    several = "Several records of the e-MSP fit this charge about equally well: "
    return Cause(
        "ambiguous-match",
        (several if len(rivals) > 1 else "Other charges fit this one record of the e-MSP about equally well: ") + names,
        "Ask the e-MSP which one it is; accept to bill the CPO's record, reject to refuse it.",
        expected="one record",
        found=names,
        at_stake=charge.claimed,
    )


def _compare_late(given: PairInput, pairing: Pairing, outcome: PairOutcome) -> None:
    """Compare a late record of the e-MSP with the charge that was billed long ago (contract, section 3.6)."""
    for past in given.settled:
        partner = pairing.partner.get(past.record.number)
        agreement = given.places[past.record.number].agreement
        if partner is None or past.partner is not None or past.end is not End.BILLED or agreement is None:
            continue
        if partner.number not in given.judged or not partner.usable or partner.number in given.identities.conflicts:
            continue
        charge = Charge(past.record, given.places[past.record.number], carried=False, partner=partner, end=past.end)
        valuation = given.known.valuations.get(past.record.number)
        charge.breakdown = valuation.breakdown if valuation else None
        _add(charge, plausibility.unit_suspect(charge, given.known))
        comparison.compare(charge, partner, agreement.tolerance)
        if charge.causes:
            outcome.late_comparisons.append(charge)


def _strays(given: PairInput, emsp: Sequence[ChargeRecord], pairing: Pairing) -> list[Stray]:
    """Name what only the e-MSP knows, and its records that cannot be used.

    What stands on a charge already (`PairOutcome.told`) is left out where the pairs come together.
    """
    near = {rival.number for rivals in pairing.ambiguous.values() for rival in rivals}
    strays = []
    for record in given.emsp:
        if record.number not in given.judged or given.places[record.number].elsewhere is not None:
            continue
        if record.number in given.identities.repeats or record.number in given.identities.replaced:
            continue
        strays += [Stray(record, note, given.pair) for note in notes_of(record)]
        if not record.usable:
            causes = malformed_cause(record, given.identities.mended_by.get(record.number))
            strays += [Stray(record, cause, given.pair) for cause in causes]
    for record in emsp:
        if record.number not in given.judged or record.number in pairing.beside:
            continue
        conflicts = given.identities.conflicts.get(record.number)
        if conflicts is not None:
            strays.append(Stray(record, conflict_cause(record, conflicts), given.pair))
        elif record.number in pairing.used or record.number in near:
            continue
        elif record.usable and not record.credit:
            cause = missing_at_cpo(record, given)
            strays += [Stray(record, cause, given.pair)] if cause is not None else []
    return strays
