"""Which of several deliveries of one id counts: equal ones are repeated, different ones conflict.

Identity is the owner, the native id (case-insensitive) and the content (contract, section 3.12). OCPI Sessions are
meant to be sent again, so of them the newest simply replaces the others.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from clearing.parties import Side
from clearing.reconciliation.charge import End, Settled
from clearing.records import ChargeRecord, Kind

Key = tuple[str, ...]


@dataclass(slots=True)
class Identities:
    """The verdict on all deliveries, by record number."""

    repeats: dict[int, ChargeRecord] = field(default_factory=dict)
    """Repeated record → the record that it repeats."""
    copies: dict[int, int] = field(default_factory=dict)
    """First repeated record of an id in this run → how many of them there are."""
    conflicts: dict[int, tuple[ChargeRecord, ...]] = field(default_factory=dict)
    """Record → the other contents under its id, of which at most one may count."""
    billed: set[int] = field(default_factory=set)
    """Conflicting records of whose id one content is billed or credited already."""
    mended_by: dict[int, ChargeRecord] = field(default_factory=dict)
    """Unusable record → the usable one under the same id."""
    replaced: set[int] = field(default_factory=set)
    """Sessions that a newer one replaces, or that are not completed, or whose CDR is the evidence."""


def identity_key(record: ChargeRecord) -> Key:
    """Return whose record it is and under which id; one without an id is its content.

    Ids are unique per CPO; but what two e-MSPs deliver under one id are two records.
    """
    owner = (record.cpo or "") if record.side is Side.CPO else f"{record.cpo or ''} {record.emsp or ''}"
    if record.id is None:
        return (record.side, record.kind, owner, "", record.content_hash)
    return (record.side, record.kind, owner, record.id.lower())


def resolve(
    records: Sequence[ChargeRecord],
    settled: Sequence[Settled],
    takes_part: Callable[[ChargeRecord], bool],
    usable: Callable[[ChargeRecord], bool],
) -> Identities:
    """Judge all open records against each other and against what was settled before.

    `takes_part` is false for what is billed elsewhere; `usable` is false for what is malformed or refused by an S.
    Records come in the order of path and position: the first of equal ones is the one that counts.
    """
    verdict = Identities()
    earlier: defaultdict[Key, list[Settled]] = defaultdict(list)
    for past in settled:
        earlier[identity_key(past.record)].append(past)
    groups: defaultdict[Key, list[ChargeRecord]] = defaultdict(list)
    for record in records:
        groups[identity_key(record)].append(record)
    for key, group in groups.items():
        firsts = find_repeats(group, earlier.get(key, []), verdict)
        contenders = [record for record in firsts if takes_part(record)]
        if group[0].kind is Kind.SESSION:
            keep_newest(contenders, usable, verdict)
        else:
            find_conflicts(contenders, earlier.get(key, []), usable, verdict)
    return verdict


def find_repeats(group: list[ChargeRecord], earlier: list[Settled], verdict: Identities) -> list[ChargeRecord]:
    """Mark equal records delivered again; return the first of each content that is still open."""
    first_of: dict[str, ChargeRecord] = {}
    for past in earlier:
        if past.end is not End.REPEATED:
            first_of.setdefault(past.record.content_hash, past.record)
    firsts: list[ChargeRecord] = []
    copies: list[ChargeRecord] = []
    for record in group:
        first = first_of.setdefault(record.content_hash, record)
        if first is record:
            firsts.append(record)
        else:
            verdict.repeats[record.number] = first
            copies.append(record)
    if copies:
        verdict.copies[copies[0].number] = len(copies)
    return firsts


def find_conflicts(
    contenders: list[ChargeRecord],
    earlier: list[Settled],
    usable: Callable[[ChargeRecord], bool],
    verdict: Identities,
) -> None:
    """Mark different usable contents under one id; unusable ones do not conflict, the usable one counts."""
    good = [record for record in contenders if usable(record)]
    final = [past.record for past in earlier if past.end in (End.BILLED, End.CREDITED)]
    if len(good) + len(final) > 1:
        for record in good:
            verdict.conflicts[record.number] = tuple(other for other in (*final, *good) if other is not record)
            if final:
                verdict.billed.add(record.number)
    if good or final:
        for record in contenders:
            if not usable(record):
                verdict.mended_by[record.number] = (good or final)[0]


def keep_newest(sessions: list[ChargeRecord], usable: Callable[[ChargeRecord], bool], verdict: Identities) -> None:
    """Let the newest `last_updated` of a Session replace the others; only a completed one takes part."""
    good = [session for session in sessions if usable(session)]
    if not good:
        return
    newest = good[0]
    for session in good[1:]:
        if newest.last_updated is None or (
            session.last_updated is not None and session.last_updated >= newest.last_updated
        ):
            newest = session
    verdict.replaced.update(session.number for session in good if session is not newest)
    verdict.mended_by.update((session.number, newest) for session in sessions if not usable(session))
    if not newest.completed:
        verdict.replaced.add(newest.number)
