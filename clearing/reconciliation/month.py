"""All records of a book and one month: who counts, what pairs, how each charge ends. Pure and without order.

Identity and credit chains are judged over all records of a CPO, everything else pair by pair (`judging.judge_pair`).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import localcontext

from clearing.findings import MonthFinding
from clearing.months import BillingMonth
from clearing.parties import PartyId, Side
from clearing.reconciliation import plausibility
from clearing.reconciliation.chains import resolve_chains
from clearing.reconciliation.charge import Cause, Charge, End, Place, Settled, Stray
from clearing.reconciliation.identity import Identities, identity_key, resolve
from clearing.reconciliation.judging import judge_pair
from clearing.reconciliation.pair import Pair, PairInput, PairOutcome
from clearing.reconciliation.plausibility import Knowledge
from clearing.reconciliation.reading import conflict_cause
from clearing.reconciliation.telling import (
    cause_id,
    finding_of_pair,
    finding_of_repeat,
    finding_of_stray,
    findings_of,
)
from clearing.reconciliation.verdict import Decisions, settle
from clearing.records import ChargeRecord, Kind
from tariffs.money import EXACT


@dataclass(frozen=True, slots=True)
class MonthInput:
    """Everything that the judgement of a month depends on."""

    month: BillingMonth
    records: Sequence[ChargeRecord]
    """All open records of both sides, by path and position."""
    settled: Sequence[Settled]
    places: Mapping[int, Place]
    judged: frozenset[int]
    """Numbers of the records that belong to the month."""
    carried: frozenset[int]
    """Numbers of the CPO records that waited in the last posted month."""
    emsp_months: Mapping[Pair, frozenset[BillingMonth]]
    known: Knowledge
    decisions: Decisions


@dataclass(slots=True)
class MonthJudgement:
    """How the month stands: its charges with their ends, its findings, and what becomes of the e-MSP's records."""

    charges: list[Charge] = field(default_factory=list)
    findings: list[MonthFinding] = field(default_factory=list)
    used: dict[int, int] = field(default_factory=dict)
    """e-MSP record → the CPO record that used it up by ending."""
    closed: set[int] = field(default_factory=set)
    """Records that never come up again: the e-MSP's repeated, replaced, elsewhere or decided ones, a CPO's Sessions."""


def judge_month(given: MonthInput) -> MonthJudgement:
    """Judge a month; every CPO record of it gets exactly one end."""
    with localcontext(EXACT):
        return _judge(given)


def _judge(given: MonthInput) -> MonthJudgement:
    # What waited in the posted month was counted there, so it comes before a repeat (contract, section 3.5).
    oldest_first = sorted(given.records, key=lambda record: record.number not in given.carried)
    identities = resolve(oldest_first, given.settled, lambda r: _takes_part(r, given), lambda r: _usable(r, given))
    ours = [record for record in given.records if record.side is Side.CPO]
    charges = [_begin(record, given, identities) for record in ours if record.kind is Kind.CDR]
    emsp = [record for record in given.records if record.side is Side.EMSP]
    decided = _decide_conflicts(charges, emsp, identities, given)
    _resolve_chains(charges, given.settled, identities)
    outcomes = [judge_pair(pair) for pair in _pairs(charges, emsp, identities, given)]
    judgement = MonthJudgement()
    told = {number for outcome in outcomes for number in outcome.told}
    for outcome in outcomes:
        _conclude(outcome, given, judgement, told)
    judgement.findings += [finding_of_stray(stray) for stray in decided if stray.record.number in given.judged]
    judgement.findings += [
        finding_of_repeat(record, identities.repeats[record.number], identities.copies[record.number])
        for record in given.records
        if record.number in identities.copies and record.number in given.judged
    ]
    _close(emsp, outcomes, identities, given, judgement)
    # Only a CDR is a claim (OCPI 2.2.1, mod_cdrs): a CPO's own Sessions stay evidence and are billed by nobody.
    judgement.closed |= {r.number for r in ours if r.kind is Kind.SESSION and r.number in given.judged}
    judgement.findings.sort(key=lambda finding: finding.sort_key)
    return judgement


def _takes_part(record: ChargeRecord, given: MonthInput) -> bool:
    return given.places[record.number].elsewhere is None


def _usable(record: ChargeRecord, given: MonthInput) -> bool:
    """Whether a content can count: neither malformed nor refused by an S."""
    if not record.usable:
        return False
    if record.side is not Side.CPO:
        return True
    valuation = given.known.valuations.get(record.number)
    if valuation is not None and any(f.severity == "S" for f in valuation.breakdown.findings):
        return False
    charge = Charge(record, given.places[record.number], carried=False)
    causes = (plausibility.currency_not_agreed(charge, given.known), plausibility.lateness(charge, given.known))
    return not any(cause is not None and cause.weight == "S" for cause in causes)


def _begin(record: ChargeRecord, given: MonthInput, identities: Identities) -> Charge:
    """Start a charge with the ends that come before every other judgement."""
    place = given.places[record.number]
    charge = Charge(record, place, carried=record.number in given.carried)
    valuation = given.known.valuations.get(record.number)
    charge.breakdown = valuation.breakdown if valuation is not None else None
    if record.number in identities.repeats:
        charge.end = End.REPEATED
    elif place.elsewhere is not None:
        charge.end = End.ELSEWHERE
        charge.causes.append(place.elsewhere)
    elif record.number in identities.conflicts:
        others = identities.conflicts[record.number]
        charge.causes.append(conflict_cause(record, others, record.number in identities.billed))
    return charge


def _decide_conflicts(
    charges: Iterable[Charge], emsp: Iterable[ChargeRecord], identities: Identities, given: MonthInput
) -> list[Stray]:
    """Let an accepted content count and refuse the others; return the e-MSP's findings that were so decided."""
    by_number = {charge.record.number: charge for charge in charges}
    groups: defaultdict[tuple[str, ...], list[ChargeRecord]] = defaultdict(list)
    for record in [charge.record for charge in by_number.values()] + list(emsp):
        if record.number in identities.conflicts:
            groups[identity_key(record)].append(record)
    strays: list[Stray] = []
    for group in groups.values():
        causes = {
            r.number: conflict_cause(r, identities.conflicts[r.number], r.number in identities.billed) for r in group
        }
        counts, refused = _chosen(group, causes, given.decisions)
        for record in (*counts, *refused):
            del identities.conflicts[record.number]
            if record.side is Side.EMSP:
                strays.append(Stray(record, causes[record.number], (record.cpo, record.emsp)))
        for record in refused:
            identities.replaced.add(record.number)
            if record.number in by_number:
                by_number[record.number].end = End.REFUSED
    return strays


def _chosen(
    group: Sequence[ChargeRecord], causes: Mapping[int, Cause], decisions: Decisions
) -> tuple[list[ChargeRecord], list[ChargeRecord]]:
    """Return which content of an id counts and which are refused, as far as people decided."""
    verdicts = {record.number: decisions.get(cause_id(causes[record.number], record, None)) for record in group}
    accepted = [
        record
        for record in group
        if verdicts[record.number] == "accept" and causes[record.number].not_acceptable is None
    ]
    if len(accepted) == 1:
        return accepted, [record for record in group if record is not accepted[0]]
    return [], [record for record in group if verdicts[record.number] == "reject"]


def _resolve_chains(charges: Sequence[Charge], settled: Sequence[Settled], identities: Identities) -> None:
    """Resolve the credit chains of each CPO among what counts."""
    by_cpo: defaultdict[PartyId | None, list[Charge]] = defaultdict(list)
    for charge in charges:
        number = charge.record.number
        if charge.end is None and number not in identities.conflicts and number not in identities.mended_by:
            by_cpo[charge.record.cpo].append(charge)
    past: defaultdict[PartyId | None, list[Settled]] = defaultdict(list)
    for one in settled:
        if one.record.side is Side.CPO:
            past[one.record.cpo].append(one)
    undecided = [charge.record for charge in charges if charge.record.number in identities.conflicts]
    for cpo, group in by_cpo.items():
        resolve_chains(group, past[cpo], [record for record in undecided if record.cpo == cpo])


def _pairs(
    charges: Sequence[Charge], emsp: Sequence[ChargeRecord], identities: Identities, given: MonthInput
) -> Iterable[PairInput]:
    """Split everything by pair of parties, in the order of their ids."""
    charges_of: defaultdict[Pair, list[Charge]] = defaultdict(list)
    emsp_of: defaultdict[Pair, list[ChargeRecord]] = defaultdict(list)
    settled_of: defaultdict[Pair, list[Settled]] = defaultdict(list)
    for charge in charges:
        charges_of[charge.record.cpo, charge.record.emsp].append(charge)
    for record in emsp:
        emsp_of[record.cpo, record.emsp].append(record)
    for past in given.settled:
        if past.record.side is Side.CPO:
            settled_of[past.record.cpo, past.record.emsp].append(past)
    for charge in charges:
        freed = _freed_evidence(charge, given.settled)
        if freed is not None:
            emsp_of[charge.record.cpo, charge.record.emsp].append(freed)
    headless = [c.record for c in charges if None in (c.record.cpo, c.record.emsp) and c.end is None]
    nameless = [record for record in emsp if None in (record.cpo, record.emsp)]
    for pair in sorted({*charges_of, *emsp_of}, key=lambda p: (p[0] or "", p[1] or "")):
        whole = None not in pair
        yield PairInput(
            pair=pair,
            month=given.month,
            charges=charges_of[pair],
            judged=given.judged,
            emsp=[*emsp_of[pair], *([r for r in nameless if _fits(r, pair)] if whole else [])],
            places=given.places,
            settled=settled_of[pair],
            identities=identities,
            known=given.known,
            emsp_months=given.emsp_months.get(pair, frozenset()),
            shadows=[r for r in headless if _fits(r, pair)] if whole else [],
        )


def _freed_evidence(charge: Charge, settled: Sequence[Settled]) -> ChargeRecord | None:
    """Return the e-MSP's record of a posted charge that this credit gives back: the CDR that replaces it needs it."""
    if charge.corrects is None or charge.corrects.partner is None:
        return None
    return next((one.record for one in settled if one.record.number == charge.corrects.partner), None)


def _fits(record: ChargeRecord, pair: Pair) -> bool:
    """Whether a record whose parties are not all readable may belong to a pair."""
    return all(mine is None or mine == theirs for mine, theirs in zip((record.cpo, record.emsp), pair, strict=True))


def _conclude(outcome: PairOutcome, given: MonthInput, judgement: MonthJudgement, told: set[int]) -> None:
    """Settle the charges of a pair and collect its findings."""
    for charge in outcome.charges:
        settle(charge, given.decisions)
        judgement.findings += findings_of(charge)
    for late in outcome.late_comparisons:
        judgement.findings += findings_of(late)
    judgement.charges += outcome.charges
    judgement.findings += [finding_of_stray(stray) for stray in outcome.strays if _own(stray, told)]
    judgement.findings += [finding_of_pair(cause, agreement) for cause, agreement in outcome.pair_causes]


def _own(stray: Stray, told: set[int]) -> bool:
    """Whether a stray is reported with this pair: a record without parties takes part in several.

    A fault of the e-MSP's record that stands on the charge it pairs with is not reported again.
    """
    if stray.record.number in told and stray.cause.code in ("malformed-record", "conflicting-content"):
        return False
    return (stray.record.cpo, stray.record.emsp) == stray.pair


def _close(
    emsp: Sequence[ChargeRecord],
    outcomes: Sequence[PairOutcome],
    identities: Identities,
    given: MonthInput,
    judgement: MonthJudgement,
) -> None:
    """Say which of the e-MSP's records are used up by an ended charge, and which are closed for good."""
    partner_of = {theirs: ours for outcome in outcomes for ours, theirs in outcome.partners.items()}
    waiting = {c.record.number for c in judgement.charges if c.end is End.WAITING}
    ended = {c.record.number for c in judgement.charges} - waiting
    past = {one.record.number for one in given.settled}
    decided = {f.id for f in judgement.findings if f.side == Side.EMSP and f.id in given.decisions}
    for record in emsp:
        ours = partner_of.get(record.number)
        if ours in ended or (ours in past and record.number in given.judged):
            judgement.used[record.number] = ours
        elif ours is None and record.number in given.judged and _is_closed(record, identities, given, decided):
            judgement.closed.add(record.number)
    for outcome in outcomes:
        for session, cdr in outcome.beside.items():
            if cdr in judgement.used:
                judgement.used[session] = judgement.used[cdr]
            elif cdr in judgement.closed:
                judgement.closed.add(session)


def _is_closed(record: ChargeRecord, identities: Identities, given: MonthInput, decided: set[str]) -> bool:
    if record.number in identities.repeats or record.number in identities.replaced:
        return record.completed
    if given.places[record.number].elsewhere is not None or record.number in identities.mended_by:
        return True
    lone = [cause_id(Cause(code, "", ""), record, None) for code in ("missing-at-cpo", "malformed-record")]
    return any(finding in decided for finding in lone)
