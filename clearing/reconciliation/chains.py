"""Credit CDRs and what they cancel (OCPI 2.2.1, mod_cdrs, Credit CDRs; contract, section 3.5, *credited*).

A chain is an original and its credit. When neither was billed, both are *credited* and sum to zero; when the original
was billed, the credit is billed with exactly minus what its original was billed.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

from clearing.parties import PartyId
from clearing.reconciliation.charge import Cause, Charge, End, Settled, plain
from clearing.records import ChargeRecord

Key = tuple[PartyId | None, PartyId | None, str]


def _key(record: ChargeRecord, cdr_id: str | None) -> Key:
    """Return what a chain shares: nobody is paid back by a credit what another e-MSP was billed."""
    return (record.cpo, record.emsp, (cdr_id or "").lower())


def resolve_chains(
    charges: Sequence[Charge], settled: Iterable[Settled], undecided: Iterable[ChargeRecord] = ()
) -> None:
    """Give every credit and every credited original among `charges` its end or its causes, in place.

    `charges` are the CPO records of one CPO that count (neither repeated nor elsewhere nor in conflict); `undecided`
    are those whose contents conflict, so that nobody knows yet what their credit gives back.
    """
    originals: dict[Key, Charge] = {}
    credits: defaultdict[Key, list[Charge]] = defaultdict(list)
    credit_ids: set[Key] = set()
    for charge in charges:
        key = _key(charge.record, charge.record.id)
        if charge.record.credit:
            credits[_key(charge.record, charge.record.credit_reference_id)].append(charge)
            credit_ids.add(key)
        elif charge.record.usable or charge.claimed is not None:
            originals.setdefault(key, charge)
    past: dict[Key, Settled] = {}
    spent: dict[Key, Settled] = {}
    for one in settled:
        if one.end in (End.REPEATED, End.ELSEWHERE):
            continue
        if one.record.credit:
            credit_ids.add(_key(one.record, one.record.id))
            if one.end in (End.BILLED, End.CREDITED):
                spent.setdefault(_key(one.record, one.record.credit_reference_id), one)
        elif one.end in (End.BILLED, End.CREDITED):
            past.setdefault(_key(one.record, one.record.id), one)
    for key, charge in originals.items():
        if key in spent and key not in past and spent[key].end is End.CREDITED:
            charge.end = End.CREDITED  # its credit belonged to an earlier month
    in_conflict = {_key(record, record.id) for record in undecided}
    for key, group in credits.items():
        if key in in_conflict:
            for credit in group:
                credit.causes.append(_original_in_conflict(credit))
            continue
        _judge_credits(group, originals.get(key), past.get(key), spent.get(key), key in credit_ids)


def _judge_credits(
    group: list[Charge], original: Charge | None, billed: Settled | None, spent: Settled | None, of_credit: bool
) -> None:
    """Let the earliest usable credit of an original stand and refuse the others, whatever file each came in."""
    usable = sorted((credit for credit in group if credit.record.usable), key=_age)
    for place, credit in enumerate(usable):
        if of_credit:
            _refuse_second(credit, "it credits a credit CDR", None)
        elif spent is not None:
            _refuse_second(credit, "the original was credited before", spent.record.id)
        elif place == 0:
            _judge_first(credit, original, billed)
        else:
            _refuse_second(credit, "the original is credited already", usable[0].record.id)


def _original_in_conflict(credit: Charge) -> Cause:
    return Cause(
        "conflicting-content",
        f"Credit CDR {credit.record.id}: its original {credit.record.credit_reference_id} came with several contents",
        "Decide which content of the original holds, and run again.",
        expected="one content of the original",
        found="several",
        at_stake=credit.claimed,
        about=credit.record,
        also="original",
        not_acceptable="decide the contents of its original first",
    )


def _age(credit: Charge) -> tuple[bool, str, str, str]:
    updated = credit.record.last_updated.isoformat() if credit.record.last_updated else ""
    return (not updated, updated, credit.record.id or "", credit.record.content_hash)


def _refuse_second(credit: Charge, why: str, by: str | None) -> None:
    credit.causes.append(
        Cause(
            "credited-twice",
            f"Credit CDR of {credit.record.credit_reference_id}: {why}" + (f" by {by}" if by else ""),
            "Ask the CPO why it credits again; this credit is not counted.",
            expected="one credit per original",
            found="another credit",
            at_stake=credit.claimed,
        )
    )


def _judge_first(credit: Charge, original: Charge | None, billed: Settled | None) -> None:
    if billed is not None and not mirrors(credit, billed.record.claimed, billed.record.currency):
        credit.corrects = billed if billed.end is End.BILLED else None
        credit.causes.append(_amount_wrong(credit, billed.record.claimed))
    elif billed is not None and billed.end is End.CREDITED:
        credit.end = End.CREDITED  # the two belong to two months, and nobody else has credited the original
    elif billed is not None:
        credit.corrects = billed
    elif original is not None:
        credit.original = original
        if mirrors(credit, original.claimed, original.record.currency):
            credit.end = original.end = End.CREDITED
        else:
            credit.causes.append(_amount_wrong(credit, original.claimed))
            original.causes.append(_amount_wrong(credit, original.claimed))
            original.original = original
    else:
        credit.causes.append(
            Cause(
                "credit-without-original",
                f"Credit CDR of {credit.record.credit_reference_id or 'no stated CDR'}: no such charge was delivered "
                "that could be billed",
                "Ask the CPO for the original, then have the credit sent again with an id of its own.",
                expected="a delivered charge with that id",
                found="none",
                at_stake=credit.claimed,
            )
        )


def mirrors(credit: Charge, claimed: Decimal | None, currency: str | None) -> bool:
    """Whether a credit claims exactly minus what its original claimed, in the same currency."""
    if credit.record.currency != currency:
        return False
    if credit.claimed is None or claimed is None:
        return credit.claimed is None and claimed is None
    return credit.claimed.copy_negate() == claimed


def _amount_wrong(credit: Charge, claimed: Decimal | None) -> Cause:
    expected, found = plain(claimed.copy_negate(), 2) if claimed is not None else None, plain(credit.claimed, 2)
    gives = plain(credit.claimed.copy_negate(), 2) if credit.claimed is not None else None
    stake = credit.claimed + claimed if credit.claimed is not None and claimed is not None else credit.claimed
    return Cause(
        "credit-amount-wrong",
        f"Credit CDR {credit.record.id} gives back {gives or 'an unknown amount'} {credit.record.currency or ''}, its "
        f"original {credit.record.credit_reference_id} claimed {plain(claimed, 2) or 'an unknown amount'}",
        "Ask the CPO for a credit over the whole amount; or accept both to bill the difference, or reject one.",
        expected=expected,
        found=found,
        at_stake=stake,
    )
