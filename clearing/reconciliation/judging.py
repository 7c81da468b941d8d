"""The judgement of one pair of parties and one month: pure, so that another machine could run it as well.

The order is the contract's (section 3.5): repeated and elsewhere first, then conflicts, chains, structure, pairing,
duplicates, the rules of each record and of each pair, and at last the end that each charge takes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from clearing.months import BillingMonth
from clearing.parties import Agreement, OtherSide, PartyId
from clearing.reconciliation import comparison, plausibility, twins
from clearing.reconciliation.belonging import end_instant
from clearing.reconciliation.charge import Cause, Charge, End, Place, Settled, Stray, plain
from clearing.reconciliation.identity import Identities
from clearing.reconciliation.pairing import (
    EXACT_RUNGS,
    ID_RUNGS,
    Pairing,
    by_authorization,
    by_cdr_id,
    by_session,
    climb,
    pair_fuzzily,
)
from clearing.reconciliation.plausibility import Knowledge
from clearing.reconciliation.reading import conflict_cause, malformed_cause, notes_of, pricing_causes
from clearing.records import ChargeRecord, Kind

Pair = tuple[PartyId | None, PartyId | None]


@dataclass(frozen=True, slots=True)
class PairInput:
    """Everything that the judgement of one pair depends on."""

    pair: Pair
    month: BillingMonth
    charges: Sequence[Charge]
    """Every open CPO record of the pair, later months too: they only take part in the pairing."""
    judged: frozenset[int]
    """Numbers of the records that belong to `month`, of both sides."""
    emsp: Sequence[ChargeRecord]
    places: Mapping[int, Place]
    settled: Sequence[Settled]
    identities: Identities
    known: Knowledge
    emsp_months: frozenset[BillingMonth]
    """Months of which the e-MSP delivered any record for the pair."""
    shadows: Sequence[ChargeRecord] = ()
    """CPO records whose e-MSP cannot be read: by their ids they may still be somebody's partner."""


@dataclass(slots=True)
class PairOutcome:
    """What was found on one pair: its charges with their causes, the e-MSP's strays, and notes on the whole pair."""

    charges: list[Charge] = field(default_factory=list)
    strays: list[Stray] = field(default_factory=list)
    pair_causes: list[tuple[Cause, Agreement]] = field(default_factory=list)
    late_comparisons: list[Charge] = field(default_factory=list)
    """Charges billed in a posted month whose e-MSP record came now and differs."""
    told: set[int] = field(default_factory=set)
    """The e-MSP's records whose own fault stands on a charge of this pair."""
    beside: dict[int, int] = field(default_factory=dict)
    """Session → the e-MSP's CDR of the same charge, which is the evidence."""
    partners: dict[int, int] = field(default_factory=dict)
    """CPO record → e-MSP record, also of settled charges."""


def judge_pair(given: PairInput) -> PairOutcome:
    """Judge all charges of one pair and month; charges get their causes, not yet their end."""
    outcome = PairOutcome()
    pairing = Pairing()
    emsp = _evidence(given, pairing)
    mine = [charge for charge in given.charges if charge.end not in (End.REPEATED, End.ELSEWHERE)]
    _pair_up(given, mine, emsp, pairing)
    for charge in mine:
        charge.partner = pairing.partner.get(charge.record.number)
        if charge.record.number in given.judged:
            _judge_charge(charge, given, pairing)
    outcome.charges = [charge for charge in given.charges if charge.record.number in given.judged]
    _note_silence(given, outcome)
    _compare_late(given, pairing, outcome)
    outcome.strays = _strays(given, emsp, pairing)
    outcome.told, outcome.beside = pairing.told, pairing.beside
    outcome.partners = {number: partner.number for number, partner in pairing.partner.items()}
    return outcome


def _evidence(given: PairInput, pairing: Pairing) -> list[ChargeRecord]:
    """Return the e-MSP's records that take part; where it delivered CDR and Session, the CDR is the evidence."""
    verdict = given.identities
    left = [
        record
        for record in given.emsp
        if record.number not in verdict.repeats
        and record.number not in verdict.replaced
        and record.number not in verdict.mended_by
        and given.places[record.number].elsewhere is None
    ]
    cdrs = {r.session_id.lower(): r.number for r in left if r.kind is Kind.CDR and r.session_id}
    for record in left:
        if record.kind is Kind.SESSION and record.id and record.id.lower() in cdrs:
            pairing.beside[record.number] = cdrs[record.id.lower()]
    return [record for record in left if record.number not in pairing.beside]


def _set_beside(
    records: Iterable[ChargeRecord], right: Sequence[ChargeRecord], pairing: Pairing
) -> list[ChargeRecord]:
    """Take out Sessions of charges whose evidence is a CDR already, where only the CPO's record names the session."""
    for rung in (by_session, by_authorization):
        cdrs = {
            key: pairing.partner[record.number].number
            for record in records
            if record.number in pairing.partner and pairing.partner[record.number].kind is Kind.CDR
            for key in rung(record)
        }
        for record in right:
            if record.kind is Kind.SESSION and record.number not in pairing.used:
                pairing.beside.update((record.number, cdrs[key]) for key in rung(record) if key in cdrs)
    return [record for record in right if record.number not in pairing.beside]


def _pair_up(
    given: PairInput, mine: Sequence[Charge], emsp: Sequence[ChargeRecord], pairing: Pairing
) -> None:
    """Run the ladder, in place: those that count first, then those that only silence a partner."""
    verdict = given.identities
    counted = [c for c in mine if _counts(c, verdict)]
    effective = [c.record for c in counted]
    silent = [*_representatives(mine, verdict), *given.shadows]
    settled = [s.record for s in given.settled if not s.record.credit]
    leading = [r for r in emsp if r.number not in verdict.conflicts or _leads(r, verdict)]
    right = [r for r in leading if not r.credit]
    climb(ID_RUNGS, effective, right, pairing)
    climb(ID_RUNGS, silent, right, pairing)
    climb(ID_RUNGS, settled, right, pairing)
    right = _set_beside([*effective, *silent, *settled], right, pairing)
    climb(EXACT_RUNGS, effective, right, pairing)  # Whether a record pairs decides which of two is the duplicate.
    _find_duplicates(counted, given, pairing)
    single = [c.record for c in counted if not c.has("probable-duplicate")]
    climb(EXACT_RUNGS, single, right, pairing)
    pair_fuzzily(single, right, pairing)
    alone = [s.record for s in given.settled if s.partner is None and not s.record.credit]
    doubles = [c.record for c in counted if c.has("probable-duplicate")]
    for group in (doubles, alone):
        climb(EXACT_RUNGS, group, right, pairing)
        pair_fuzzily(group, right, pairing)
    chained = [c.record for c in mine if c.end is End.CREDITED and not c.record.credit]
    climb((*ID_RUNGS, *EXACT_RUNGS), chained, right, pairing)
    credits = [c.record for c in mine if c.record.credit] + [s.record for s in given.settled if s.record.credit]
    climb((by_cdr_id,), credits, [r for r in leading if r.credit], pairing)


def _counts(charge: Charge, verdict: Identities) -> bool:
    """Whether a charge may be billed as it stands, as far as its delivery tells."""
    record = charge.record
    if charge.end is not None or record.credit or not record.usable:
        return False
    return record.number not in verdict.conflicts and record.number not in verdict.mended_by


def _leads(record: ChargeRecord, verdict: Identities) -> bool:
    """Whether a record stands for the contents of its id that are still in conflict."""
    others = (other for other in verdict.conflicts[record.number] if other.number in verdict.conflicts)
    return all(record.number < other.number for other in others)


def _representatives(mine: Sequence[Charge], verdict: Identities) -> list[ChargeRecord]:
    """Return the records that cannot count but keep their partner from being missing, one per id."""
    found: dict[str, ChargeRecord] = {}
    for charge in mine:
        record = charge.record
        if record.credit or charge.end is End.CREDITED or record.number in verdict.mended_by:
            continue
        if not _counts(charge, verdict):
            found.setdefault((record.id or record.content_hash).lower(), record)
    return list(found.values())


def _find_duplicates(counted: Sequence[Charge], given: PairInput, pairing: Pairing) -> None:
    given_back = _given_back(given)
    past = [
        s for s in given.settled
        if s.end is End.BILLED and not s.record.credit and (s.record.id or "").lower() not in given_back
    ]
    records = [c.record for c in counted] + [s.record for s in past]
    paired = {*pairing.partner, *(s.record.number for s in past if s.partner is not None)}
    found = twins.find_twins(records, paired, [s.record.number for s in past])
    for charge in counted:
        kept = found.get(charge.record.number)
        if kept is not None:
            charge.causes.append(
                Cause(
                    "probable-duplicate",
                    f"Same EVSE, token, start and energy as {kept.id} ({kept.where.text}): probably one charge",
                    "Ask the CPO whether it charged once or twice; accept to bill both, reject to refuse this one.",
                    expected="one record of one charge",
                    found=f"{charge.record.id} beside {kept.id}",
                    at_stake=charge.claimed,
                )
            )


def _given_back(given: PairInput) -> set[str]:
    """Return the ids of billed charges that a credit takes back: the CDR that corrects one is no duplicate of it."""
    now = {c.corrects.record.id for c in given.charges if c.corrects and not c.has("credit-amount-wrong")}
    before = {s.record.credit_reference_id for s in given.settled if s.record.credit and s.end is End.BILLED}
    return {(one or "").lower() for one in now | before}


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


def _note_silence(given: PairInput, outcome: PairOutcome) -> None:
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

