"""What `ingest` tells about records that say again, or say otherwise, what their side already said."""

import pytest

from clearing.intake.duplicates import Known, Standing
from clearing.parties import PartyId, Side
from clearing.records import ChargeRecord, Kind, Where
from tariffs.findings import Finding, Severity

CPO = PartyId("DE*ABC")
BROKEN = (Finding("malformed-record", Severity.WAITS, "$", "x"),)
NEW, REPEATED, CONFLICTING, RENEWED = Standing.NEW, Standing.REPEATED, Standing.CONFLICTING, Standing.RENEWED


def record(
    id_: str | None, content: str, *, cpo: PartyId | None = CPO, usable: bool = True, kind: Kind = Kind.CDR
) -> ChargeRecord:
    place = (Side.CPO, kind, Where("a:1", "h", 0, 1))
    problems = () if usable else BROKEN
    return ChargeRecord(0, *place, content, cpo, None, id_, None, None, None, None, None, problems=problems)


CASES: dict[str, tuple[dict[str, bool], list[tuple[ChargeRecord, Standing]]]] = {
    "new": ({}, [(record("a", "1"), NEW), (record("b", "1"), NEW)]),
    "stored before": ({"1": True}, [(record("a", "1"), REPEATED), (record("A", "2"), CONFLICTING)]),
    "in one file": ({}, [(record("a", "1"), NEW), (record("A", "1"), REPEATED), (record("a", "2"), CONFLICTING)]),
    "of another CPO": ({"1": True}, [(record("a", "2", cpo=PartyId("FR*ABC")), NEW)]),
    "without an id": ({}, [(record(None, "1"), NEW), (record(None, "1"), NEW)]),
    "mended": ({"1": False}, [(record("a", "2"), NEW), (record("a", "1", usable=False), REPEATED)]),
    "broken after a whole one": ({"1": True}, [(record("a", "2", usable=False), NEW)]),
    "a Session sent again": (
        {"1": True}, [(record("a", "2", kind=Kind.SESSION), RENEWED), (record("a", "2", kind=Kind.SESSION), REPEATED)],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("stored", "deliveries"), CASES.values(), ids=CASES)
def test_how_a_record_stands(stored: dict[str, bool], deliveries: list[tuple[ChargeRecord, Standing]]) -> None:
    known = Known()
    known.learn({(CPO, "a"): list(stored.items())})
    assert [standing for _, standing in deliveries] == [known.standing_of(found) for found, _ in deliveries]


def test_the_latest_ids_are_kept() -> None:
    known = Known()
    for id_ in ("a", "b", "c", "a"):
        known.standing_of(record(id_, "1"))
    known.keep(2)
    assert [(CPO, "c"), (CPO, "a")] == list(known.contents)
