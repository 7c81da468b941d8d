"""Which CPO record and which e-MSP record tell of one charge: a ladder of exact keys, then a fuzzy pass.

Each record is used once. A key counts only where it is unique on both sides among what is left; otherwise the next
rung decides. The result does not depend on the order of files.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import lru_cache

from clearing.records import ChargeRecord, Kind

Key = tuple[object, ...]
WINDOW_S = 15 * 60
ACCEPT, GAP = 850, 50
"""Per mille: a fuzzy pair needs this score, and this much more than the next best candidate."""
QUARTER_S = 15 * 60
SKEW_SLACK_S = 60
MAX_SKEW_S = 14 * 3600


@dataclass(slots=True)
class Pairing:
    """The outcome by record number: CPO record → e-MSP record, and the groups nobody could tell apart."""

    partner: dict[int, ChargeRecord] = field(default_factory=dict)
    used: set[int] = field(default_factory=set)
    """Numbers of the e-MSP's records that are taken."""
    ambiguous: dict[int, tuple[ChargeRecord, ...]] = field(default_factory=dict)
    """CPO record → the e-MSP's records that fit about equally well, or the one that other CPO records fit as well."""

    told: set[int] = field(default_factory=set)
    """Numbers of the e-MSP's records whose own fault stands on the charge that they pair with."""
    beside: dict[int, int] = field(default_factory=dict)
    """Session → the e-MSP's CDR of the same charge, which is the evidence."""

    def take(self, cpo: ChargeRecord, emsp: ChargeRecord) -> None:
        """Pair two records."""
        self.partner[cpo.number] = emsp
        self.used.add(emsp.number)


@lru_cache(maxsize=65_536)
def folded(text: str | None) -> str | None:
    """Return an id without case and separators (OCPI CiString; EVSE and contract ids come with `*`, `-` or none)."""
    if not text:
        return None
    return text.upper().replace("*", "").replace("-", "").replace(" ", "")


def contract_key(text: str | None) -> str | None:
    """Return a contract id without its check digit: 14 characters name the contract."""
    key = folded(text)
    return key[:14] if key and len(key) == 15 else key


def evse_keys(record: ChargeRecord) -> tuple[str, ...]:
    """Return every name of the EVSE, folded."""
    return tuple(key for key in (folded(record.evse_uid), folded(record.evse_id)) if key)


def by_cdr_id(record: ChargeRecord) -> Iterable[Key]:
    """Rung 1: the CDR's id."""
    if record.kind is Kind.CDR and record.id:
        yield (record.id.lower(),)


def by_session(record: ChargeRecord) -> Iterable[Key]:
    """Rung 2: the session; a Session pairs by its own id (contract, section 3.13)."""
    session = record.id if record.kind is Kind.SESSION else record.session_id
    if session:
        yield (session.lower(),)


def by_authorization(record: ChargeRecord) -> Iterable[Key]:
    """Rung 3: the authorization reference."""
    if record.authorization_reference:
        yield (record.authorization_reference.lower(),)


def by_contract_evse_start(record: ChargeRecord) -> Iterable[Key]:
    """Rung 4: contract, EVSE and start to the second."""
    yield from _evse_start(record, contract_key(record.contract_id))


def by_token_evse_start(record: ChargeRecord) -> Iterable[Key]:
    """Rung 5: token, EVSE and start to the second."""
    yield from _evse_start(record, folded(record.token_uid))


def _evse_start(record: ChargeRecord, who: str | None) -> Iterable[Key]:
    if record.usable and who and record.start:
        for evse in evse_keys(record):
            yield (who, evse, record.start)


Rung = Callable[[ChargeRecord], Iterable[Key]]
ID_RUNGS: tuple[Rung, ...] = (by_cdr_id, by_session, by_authorization)
"""Keys that also refused, quarantined and duplicate records take part in, so that their partner is not missing."""
EXACT_RUNGS: tuple[Rung, ...] = (by_contract_evse_start, by_token_evse_start)


def climb(rungs: Sequence[Rung], cpo: Sequence[ChargeRecord], emsp: Sequence[ChargeRecord], pairing: Pairing) -> None:
    """Pair what is left by each rung in turn, in place; a key that is not unique on both sides pairs nothing."""
    for rung in rungs:
        left = _unique(rung, (r for r in cpo if r.number not in pairing.partner))
        right = _unique(rung, (r for r in emsp if r.number not in pairing.used))
        for key, ours in left.items():
            theirs = right.get(key)
            if ours is None or theirs is None:
                continue
            if ours.number not in pairing.partner and theirs.number not in pairing.used:
                pairing.take(ours, theirs)


def _unique(rung: Rung, records: Iterable[ChargeRecord]) -> dict[Key, ChargeRecord | None]:
    """Return key → record, None where several records have it."""
    found: dict[Key, ChargeRecord | None] = {}
    for record in records:
        for key in rung(record):
            found[key] = None if key in found and found[key] is not record else record
    return found


def pair_fuzzily(cpo: Sequence[ChargeRecord], emsp: Sequence[ChargeRecord], pairing: Pairing) -> None:
    """Pair what no key could, by place, person, time and energy; near ties are named ambiguous, in place."""
    left = [r for r in cpo if r.usable and r.number not in pairing.partner and r.start and r.end]
    right = [r for r in emsp if r.usable and r.number not in pairing.used and r.start and r.end]
    if not left or not right:
        return
    scored = _candidates(left, right)
    of_left: defaultdict[int, list[tuple[int, ChargeRecord]]] = defaultdict(list)
    of_right: defaultdict[int, list[tuple[int, ChargeRecord]]] = defaultdict(list)
    for score, ours, theirs in scored:
        of_left[ours.number].append((score, theirs))
        of_right[theirs.number].append((score, ours))
    for score, ours, theirs in scored:
        if ours.number in pairing.partner or theirs.number in pairing.used or ours.number in pairing.ambiguous:
            continue
        rivals = tuple(
            other for s, other in of_left[ours.number]
            if other is not theirs and s > score - GAP and other.number not in pairing.used
        )
        contested = any(
            s > score - GAP and other is not ours and other.number not in pairing.partner
            for s, other in of_right[theirs.number]
        )
        if rivals or contested:
            pairing.ambiguous[ours.number] = (theirs, *rivals)
        else:
            pairing.take(ours, theirs)


def _candidates(
    left: Sequence[ChargeRecord], right: Sequence[ChargeRecord]
) -> list[tuple[int, ChargeRecord, ChargeRecord]]:
    """Return every pair that scores high enough, the best first, in an order that no file decides."""
    blocks: defaultdict[Key, list[ChargeRecord]] = defaultdict(list)
    for record in right:
        for key in _block_keys(record):
            blocks[key].append(record)
    seen: set[tuple[int, int]] = set()
    scored = []
    for ours in left:
        for key in _block_keys(ours):
            for theirs in blocks.get(key, ()):
                if (ours.number, theirs.number) in seen:
                    continue
                seen.add((ours.number, theirs.number))
                score = likeness(ours, theirs)
                if score >= ACCEPT:
                    scored.append((score, ours, theirs))
    scored.sort(key=lambda s: (-s[0], s[1].id or "", s[2].id or "", s[1].content_hash, s[2].content_hash))
    return scored


def _block_keys(record: ChargeRecord) -> Iterable[Key]:
    for evse in evse_keys(record):
        yield ("evse", evse)
    who = contract_key(record.contract_id) or folded(record.token_uid)
    if who:
        yield ("who", who)


def skew_of(ours: ChargeRecord, theirs: ChargeRecord) -> int | None:
    """Return by how many seconds the e-MSP's clock is off, a whole number of quarter hours; None if it is not.

    Start and end are shifted alike and the duration is equal, within a minute (contract, section 3.13).
    """
    if not (ours.start and ours.end and theirs.start and theirs.end):
        return None
    at_start, at_end = seconds_between(ours.start, theirs.start), seconds_between(ours.end, theirs.end)
    quarters = (abs(at_start) + QUARTER_S // 2) // QUARTER_S
    skew = quarters * QUARTER_S if at_start >= 0 else -quarters * QUARTER_S
    if quarters == 0 or abs(skew) > MAX_SKEW_S:
        return None
    alike = abs(at_start - at_end) <= SKEW_SLACK_S
    return skew if alike and abs(at_start - skew) <= SKEW_SLACK_S and abs(at_end - skew) <= SKEW_SLACK_S else None


def seconds_between(earlier: datetime, later: datetime) -> int:
    """Return the whole seconds from one instant to another."""
    delta = later - earlier
    return delta.days * 86_400 + delta.seconds


def likeness(ours: ChargeRecord, theirs: ChargeRecord) -> int:
    """Return how alike two records are, per mille: start 350, duration 200, energy 250, amount 100, identity 100."""
    if not (ours.start and ours.end and theirs.start and theirs.end):
        return 0
    off = abs(seconds_between(ours.start, theirs.start))
    skew = skew_of(ours, theirs)
    if skew is not None:
        off = abs(seconds_between(ours.start, theirs.start) - skew) + WINDOW_S // 10
    longer = abs(seconds_between(ours.start, ours.end) - seconds_between(theirs.start, theirs.end))
    score = 350 * max(0, WINDOW_S - off) // WINDOW_S + 200 * max(0, WINDOW_S - longer) // WINDOW_S
    score += _near(ours.energy_kwh, theirs.energy_kwh, 250, "0.2", 5)
    score += _near(ours.claimed, theirs.claimed, 100, "0.05", 10)
    return score + _identity(ours, theirs)


def _near(ours: object, theirs: object, weight: int, absolute: str, percent: int) -> int:
    """Return the share of `weight` that two values earn; a value that one side lacks speaks for neither."""
    if not isinstance(ours, Decimal) or not isinstance(theirs, Decimal):
        return weight
    limit = max(Decimal(absolute), abs(ours) * percent / 100)
    return int(weight * max(Decimal(0), limit - abs(ours - theirs)) / limit)


def _identity(ours: ChargeRecord, theirs: ChargeRecord) -> int:
    same_place = bool(set(evse_keys(ours)) & set(evse_keys(theirs)))
    ours_who, theirs_who = contract_key(ours.contract_id), contract_key(theirs.contract_id)
    if ours_who is None or theirs_who is None:
        ours_who, theirs_who = folded(ours.token_uid), folded(theirs.token_uid)
    same_person = ours_who is not None and ours_who == theirs_who
    return 50 * same_place + 50 * same_person
