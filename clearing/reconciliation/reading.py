"""What reading a record found, and what pricing it found, as causes of the month."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from clearing.findings import CATALOGUE, in_words
from clearing.reconciliation.charge import Cause, Charge
from clearing.records import ChargeRecord
from tariffs.findings import Finding

REMEDY = {
    "malformed-record": "Ask the sender for the record with that field right, under the same id.",
    "version-not-supported": "Ask the sender for the record in OCPI 2.1.1, 2.2.1 or 2.3.0, then reject this one.",
    "ends-before-start": "Ask the sender for the record with its true times, under the same id.",
    "incomplete-record": "Nothing for this month; tell the sender what OCPI requires.",
    "no-tariff": "Have the tariff delivered (evclear ingest tariff), or accept to bill the claim.",
    "unknown-tariff": "Have the named tariff delivered (evclear ingest tariff), or accept to bill the claim.",
    "time-zone-unknown": "Add a [[location]] with its time_zone to evclear.toml.",
    "tariff-currency-differs": "Ask the CPO for a CDR whose tariff is in the CDR's currency.",
}
"""What to do about a finding of reading or pricing, where there is more to say than to look at it."""

_NOTED = "Look at the record (evclear findings show ID); nothing is held up."
_NOT_READ = "Ask the sender for the file again, then reject this one; what came already is counted once."
_OTHER_KIND = "Take the file in as what it is, and reject this one."
_NO_PRICE = "No price can be made of it: ask the CPO for the CDR with that right, or accept to bill the claim."


def notes_of(record: ChargeRecord) -> list[Cause]:
    """Return the W and I findings of reading a record, one per code."""
    return _merged([p for p in record.problems if p.severity in ("W", "I")])


def malformed_cause(record: ChargeRecord, mended_by: ChargeRecord | None) -> list[Cause]:
    """Return the Q and S findings of reading a record, one per code."""
    causes = _merged([p for p in record.problems if p.severity not in ("W", "I")])
    if mended_by is None:
        return causes
    said = f"; a usable record with this id came by {mended_by.where.text} and counts instead"
    todo = "Reject it: the usable record with the same id counts."
    why = "a usable record with the same id counts instead"
    return [replace(cause, message=cause.message + said, what_to_do=todo, not_acceptable=why) for cause in causes]


def pricing_causes(charge: Charge) -> list[Cause]:
    """Return what pricing found; what a suspected unit or a wrong claim explains is left out (contract, 3.11)."""
    if charge.breakdown is None:
        return []
    # Notes (I) stay with `evclear price`: most CDRs state volumes that their tariff leaves free.
    found = tuple(f for f in charge.breakdown.findings if f.severity != "I")
    if charge.has("unit-suspect"):
        found = tuple(f for f in found if f.severity in ("S", "Q"))
    if charge.has("price-claim-differs"):
        found = tuple(f for f in found if f.code != "part-claim-differs")
    read = {problem.code for problem in charge.record.problems}
    return _merged([f for f in found if f.code not in read])


def conflict_cause(record: ChargeRecord, others: Sequence[ChargeRecord], billed: bool = False) -> Cause:
    """Say that an id came with several contents; the finding's id follows from all of them.

    `billed`: one of the others is billed or credited already, and stays so.
    """
    places = ", ".join(sorted(other.where.text for other in others))
    return Cause(
        "conflicting-content",
        f"The id {record.id} came with other content too ({places}); none of them is billed",
        "Ask the sender which one holds; accept that one, and the others are refused.",
        expected="one content per id",
        found=f"{len(others) + 1} contents",
        at_stake=record.claimed if record.side == "cpo" else None,
        about=record,
        also="|".join(sorted(other.content_hash for other in others)),
        not_acceptable="a content of this id is billed already; ask for a credit CDR and a new CDR" if billed else None,
    )


def _merged(findings: Iterable[Finding]) -> list[Cause]:
    by_code: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        by_code[finding.code].append(finding)
    return [_cause(code, group) for code, group in by_code.items()]


def _cause(code: str, group: Sequence[Finding]) -> Cause:
    message = "; ".join(dict.fromkeys(in_words(f.path, f.message) for f in group))
    money = [f.money for f in group if f.money is not None]
    severity = min((f.severity for f in group), key="FSQWI".index)
    return Cause(
        code,
        message,
        _remedy(code, severity, group[0]),
        found=", ".join(dict.fromkeys(f.path for f in group)),
        at_stake=sum(money, Decimal(0)) if money else None,
        severity="" if CATALOGUE.get(code) == severity else str(severity),
    )


def _remedy(code: str, severity: str, finding: Finding) -> str:
    if severity in ("W", "I"):
        return REMEDY.get(code, _NOTED)
    if "evclear ingest" in finding.message:
        return _OTHER_KIND
    return _NOT_READ if (code, finding.path) == ("malformed-record", "$") else REMEDY.get(code, _NO_PRICE)
