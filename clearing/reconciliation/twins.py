"""The same charge delivered under two ids: other id, same EVSE, token, start and energy."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

from clearing.reconciliation.pairing import contract_key, evse_keys, folded, seconds_between
from clearing.records import ChargeRecord

START_S = 2
ENERGY_KWH = Decimal("0.01")


def find_twins(
    records: Sequence[ChargeRecord], paired: Iterable[int], final: Iterable[int] = ()
) -> dict[int, ChargeRecord]:
    """Return probable duplicate (by number) → the record it duplicates; `final` ones are settled and never double.

    Of two, the one that does not pair with the other side is the duplicate; if neither or both pair, the one with the
    later `last_updated`, then id (contract, section 3.11).
    """
    pairs, settled = set(paired), set(final)
    blocks: defaultdict[tuple[str, str], list[ChargeRecord]] = defaultdict(list)
    for record in records:
        who = contract_key(record.contract_id) or folded(record.token_uid)
        if record.start is None or record.energy_kwh is None or who is None:
            continue
        for evse in evse_keys(record)[:1]:
            blocks[(evse, who)].append(record)
    twins: dict[int, ChargeRecord] = {}
    for block in blocks.values():
        if len(block) > 1:
            _find_in_block(block, pairs, settled, twins)
    return twins


def _find_in_block(
    block: list[ChargeRecord], pairs: set[int], settled: set[int], twins: dict[int, ChargeRecord]
) -> None:
    block.sort(key=lambda r: (r.start, r.id or "", r.content_hash))
    for place, one in enumerate(block):
        for other in block[place + 1 :]:
            if one.start is None or other.start is None or seconds_between(one.start, other.start) > START_S:
                break
            if one.number in twins or not _same_energy(one, other) or {one.number, other.number} <= settled:
                continue
            kept, double = sorted((one, other), key=lambda r: (r.number not in settled, *_rank(r, pairs)))
            twins[double.number] = kept


def _same_energy(one: ChargeRecord, other: ChargeRecord) -> bool:
    if one.energy_kwh is None or other.energy_kwh is None:
        return False
    return abs(one.energy_kwh - other.energy_kwh) <= ENERGY_KWH


def _rank(record: ChargeRecord, pairs: set[int]) -> tuple[bool, bool, str, str, str]:
    updated = record.last_updated.isoformat() if record.last_updated else ""
    return (record.number not in pairs, not updated, updated, record.id or "", record.content_hash)
