"""Which records of a pair take part in the pairing, and in which order they climb the ladder.

Those that count come first; then those that only keep a partner from being missing; at last what was settled before.
"""

from collections.abc import Iterable, Sequence

from clearing.reconciliation import twins
from clearing.reconciliation.charge import Cause, Charge, End
from clearing.reconciliation.identity import Identities
from clearing.reconciliation.pair import PairInput
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
from clearing.records import ChargeRecord, Kind


def evidence(given: PairInput, pairing: Pairing) -> list[ChargeRecord]:
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


def pair_up(
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
