"""The store gives back exactly what was put in, in the order that it promises."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from clearing.errors import BookLocked, IntegrityFailure, Refused
from clearing.findings import MonthFinding
from clearing.months import BillingMonth
from clearing.parties import PartyId, Side
from clearing.records import ChargeRecord, Kind, PublishedTariff, TokenEntry, Where
from clearing.settlement.ledger import Entry, Posting
from clearing.store import BookStore, ChargeEnd, Decision, DeliveredFile, PostedDocument, SettledCharge, StoredRun
from tariffs.findings import Finding, Severity

OCTOBER = BillingMonth(2026, 10)
START = datetime(2026, 10, 1, 11, 30, tzinfo=UTC)
CPO = PartyId("DE*ABC")
EMSP = PartyId("NL*XYZ")
HASH = {Side.CPO: "c" * 64, Side.EMSP: "e" * 64}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[BookStore]:
    with BookStore.open(tmp_path) as opened:
        yield opened


def bare(number: int, **changes: object) -> ChargeRecord:
    """A record with nothing but what every record has, in a file of its side."""
    record = ChargeRecord(
        number=number, side=Side.CPO, kind=Kind.CDR, where=Where(f"a.jsonl:{number}", "", number * 100, 90),
        content_hash=f"{number:064}", cpo=CPO, emsp=EMSP, id=f"CDR-{number}", start=None, end=None, energy_kwh=None,
        currency=None, claimed=None,
    )  # fmt: skip
    record = replace(record, **changes)
    return replace(record, where=replace(record.where, file_hash=HASH[record.side]))


FULL = bare(
    1, start=START, end=START + timedelta(hours=2, microseconds=1), energy_kwh=Decimal("12.340"), currency="EUR",
    claimed=Decimal("-5.10"), claimed_incl_vat=Decimal("6.0690"), session_id="S1", authorization_reference="A1",
    token_uid="0815", token_type="RFID",  # noqa: S106
    contract_id="NL-XYZ-C12345678-X", evse_uid="E1", evse_id="DE*ABC*E1",
    location_id="LOC1", location_name="Brücke ⚡", city="Köln", country="DEU", tariff_ids=("T1", "T2"), credit=True,
    credit_reference_id="CDR-0", last_updated=START, received="2026-10-03",
    problems=(
        Finding("incomplete-record", Severity.BILLED_AND_LISTED, "$.x", "is missing"),
        Finding("malformed-record", Severity.WAITS, "$.y", "expected a number, found 'ß'", Decimal("1.50")),
    ),
    completed=False, home_charging=True,
)  # fmt: skip


def file_of(side: Side, kind: str = "cdr", records: int = 1, path: str = "a.jsonl") -> DeliveredFile:
    return DeliveredFile(side, kind, path, HASH[side], 10, records)


def add(store: BookStore, *records: ChargeRecord) -> None:
    for side in Side:
        of_side = [record for record in records if record.side is side]
        if of_side:
            store.add_charges(file_of(side, records=len(of_side), path=f"{side}.jsonl"), of_side)


@pytest.mark.parametrize(
    "record",
    [
        FULL,
        bare(1),
        bare(1, cpo=None, emsp=None, id=None),
        bare(1, start=datetime(1, 1, 1, tzinfo=UTC), end=datetime.max.replace(tzinfo=UTC)),
        bare(1, energy_kwh=Decimal("1E-20"), claimed=Decimal("0.00")),
        bare(1, side=Side.EMSP, kind=Kind.SESSION, id="with \0 and '\"; DROP TABLE charge"),
    ],
    ids=["full", "bare", "unknown", "extreme-times", "extreme-amounts", "session"],
)
def test_a_record_comes_back(store: BookStore, record: ChargeRecord) -> None:
    add(store, record)
    (loaded,) = store.open_records()
    assert record == loaded
    assert str(record.claimed) == str(loaded.claimed)


def test_open_records_are_numbered_by_arrival_and_ordered_by_side_path_and_position(store: BookStore) -> None:
    for path, digest, offsets in (("b.jsonl", "b" * 64, (0, 9)), ("a.jsonl", "a" * 64, (10, 5)), ("z", "d" * 64, (0,))):
        side = Side.EMSP if path == "a.jsonl" else Side.CPO
        records = [replace(bare(0, side=side), where=Where(f"{path}:{at}", digest, at, 1)) for at in offsets]
        store.add_charges(DeliveredFile(side, "cdr", path, digest, 10, len(records)), iter(records))
    assert [("b.jsonl:0", 1), ("b.jsonl:9", 2), ("z:0", 5), ("a.jsonl:5", 4), ("a.jsonl:10", 3)] == [
        (record.where.text, record.number) for record in store.open_records()
    ]
    assert [("a.jsonl", 2), ("b.jsonl", 2), ("z", 1)] == [(file.path, file.records) for file in store.files()]


def test_a_file_is_known_by_side_kind_and_content(store: BookStore) -> None:
    add(store, bare(1))
    asked = [(Side.CPO, "cdr", "c" * 64), (Side.EMSP, "cdr", "c" * 64), (Side.CPO, "session", "c" * 64)]
    assert [True, False, False] == [store.has_file(*question) for question in asked]


def test_a_file_that_breaks_while_it_is_read_leaves_nothing(store: BookStore) -> None:
    def breaking() -> Iterator[ChargeRecord]:
        yield from (bare(number) for number in range(5000))
        raise RuntimeError

    with pytest.raises(RuntimeError):
        store.add_charges(file_of(Side.CPO), breaking())
    assert [] == store.open_records()
    assert [] == store.files()


def test_the_newest_line_of_a_token_counts(store: BookStore) -> None:
    old = TokenEntry(EMSP, "AB", None, True, START)
    new, undated = replace(old, valid=False, last_updated=START + timedelta(1)), replace(old, last_updated=None)
    other = TokenEntry(EMSP, "CD", "NL-XYZ-1", True, None)
    store.add_tokens(file_of(Side.EMSP, "token"), [replace(new, uid="ab"), old, undated, other])
    assert [other, replace(new, uid="ab")] == store.tokens()


def test_every_version_of_a_tariff_stands_once_the_oldest_first(store: BookStore) -> None:
    first = PublishedTariff(CPO, "T1", b"{1}", START)
    second = replace(first, content=b"{2}", last_updated=START + timedelta(1))
    undated = PublishedTariff(CPO, "T2", b"{}", None)
    store.add_tariffs(file_of(Side.CPO, "tariff"), [second, first, first, undated])
    assert [undated, first, second] == store.published_tariffs()


def test_the_latest_decision_counts(store: BookStore) -> None:
    accept = Decision("F1", "accept", "agreed by phone", "Ann", "2026-11-04T10:00:00+00:00")
    reject = replace(accept, verdict="reject", at="2026-11-04T11:00:00+00:00")
    for decision in (accept, replace(accept, finding_id="F2"), reject):
        store.decide(decision)
    assert {"F1": reject, "F2": replace(accept, finding_id="F2")} == store.decisions()


RUN = StoredRun(OCTOBER, date(2026, 11, 3), "d" * 64, "t" * 64, b"outcome" * 1000)
FINDING = MonthFinding(
    "F1", "energy-differs", "Q", CPO, None, "both", "C1", "E1", "differs", "ask", Decimal("1.50"), Decimal("-2.10"),
    "EUR", Decimal("0"), "waiting", "a:1", "b#2", "1.5 kWh", "1.6 kWh",
)  # fmt: skip
BARE_FINDING = MonthFinding("F2", "other-side-silent", "W", None, EMSP, "cpo", None, None, "m", "w")


def test_a_run_replaces_the_draft_before_it(store: BookStore) -> None:
    assert store.load_run(OCTOBER) is None
    store.save_run(replace(RUN, input_digest="0"), [BARE_FINDING] * 3)
    store.save_run(RUN, [FINDING, BARE_FINDING])
    store.save_run(replace(RUN, month=OCTOBER.next), [FINDING])
    assert RUN == store.load_run(OCTOBER)
    assert [FINDING, BARE_FINDING] == store.findings(OCTOBER)
    assert [(OCTOBER, FINDING), (OCTOBER.next, FINDING)] == store.find_finding("F1")
    assert [] == store.posted_months()


def test_terms_are_kept_by_their_hash_once(store: BookStore) -> None:
    store.save_terms("1", "[book]\n")
    store.save_terms("1", "[book]\n")
    assert ("[book]\n", None) == (store.load_terms("1"), store.load_terms("2"))


DOCUMENT = PostedDocument(
    "DE-ABC-2026-00001", "Stadtwerke", "invoice", OCTOBER, CPO, EMSP, "EUR", 1000, 190, 1190, date(2026, 11, 3),
    date(2026, 11, 17), "DE-ABC_NL-XYZ_EUR.pdf", b"value" * 100,
)  # fmt: skip
POSTING = Posting(DOCUMENT.number, "EUR", (Entry("A", "B", "receivable", 1190), Entry("B", "A", "payable", -1190)))
END = ChargeEnd(1, "billed", Decimal("10.00"), DOCUMENT.number, date(2026, 11, 3), 2)


def post(store: BookStore, *ends: ChargeEnd, month: BillingMonth = OCTOBER) -> None:
    with store.posting() as posting:
        posting.post(replace(RUN, month=month, posted=True), [FINDING], [], [], ends)


def test_posting_closes_a_month_with_all_that_belongs_to_it(store: BookStore) -> None:
    add(store, bare(1), bare(2), bare(3))
    store.save_run(RUN, [])
    with store.posting() as posting:
        posting.post(replace(RUN, posted=True), [FINDING], [DOCUMENT], [POSTING], [END, ChargeEnd(2, "refused")])
    assert replace(RUN, posted=True) == store.load_run(OCTOBER)
    assert [OCTOBER] == store.posted_months()
    assert [FINDING] == store.findings(OCTOBER)
    assert [DOCUMENT] == store.documents(OCTOBER)
    assert [POSTING] == store.ledger(OCTOBER)
    assert [END, ChargeEnd(2, "refused")] == store.ends(OCTOBER)
    assert ["CDR-3"] == [record.id for record in store.open_records()]
    with pytest.raises(Refused, match="2026-10 is posted"):
        store.save_run(RUN, [])
    with pytest.raises(Refused, match="2026-10 is posted"):
        post(store)


def refuse_after(_number: int) -> None:
    raise ValueError("a gap in evclear.toml")


def test_numbers_have_no_gaps_even_when_a_posting_fails(store: BookStore) -> None:
    with store.posting() as posting:
        drawn = [posting.draw_number(*series) for series in (("A", "", 2026), ("A", "", 2026), ("A", "G", 2026))]
    with pytest.raises(ValueError, match="gap"), store.posting() as posting:
        refuse_after(posting.draw_number("A", "", 2026))
    with store.posting() as posting:
        drawn += [posting.draw_number("A", "", 2026), posting.draw_number("A", "", 2027)]
    assert [1, 2, 1, 3, 1] == drawn


RELATED: dict[str, tuple[dict[str, object], dict[str, object], bool]] = {
    "the same id in other case": ({"id": "x"}, {"id": "X"}, True),
    "the same id of another CPO": ({"id": "x"}, {"id": "x", "cpo": PartyId("FR*ABC")}, False),
    "the same id, both CPOs unknown": ({"id": "x", "cpo": None}, {"id": "x", "cpo": None}, True),
    "an open credit's original": ({"credit": True, "credit_reference_id": "O"}, {"id": "o"}, True),
    "an open original's credit": ({"id": "o"}, {"credit": True, "credit_reference_id": "O"}, True),
    "another credit of the same": ({"credit_reference_id": "O"}, {"credit_reference_id": "o"}, True),
    "the other side's CDR of the id": ({"id": "x"}, {"id": "X", "side": Side.EMSP}, True),
    "the same session, other side": ({"session_id": "S"}, {"session_id": "s", "side": Side.EMSP}, True),
    "the same session, same side": ({"session_id": "S"}, {"session_id": "S"}, False),
    "the CDR of an open Session": ({"side": Side.EMSP, "session_id": "S", "id": "S"}, {"session_id": "S"}, True),
    "a Session that is a CDR's id": ({"id": "S"}, {"side": Side.EMSP, "session_id": "S"}, True),
    "the same authorization": (
        {"authorization_reference": "A"}, {"authorization_reference": "a", "side": Side.EMSP}, True,
    ),
    "no ids in common": ({}, {}, False),
    "the same EVSE within a day": (
        {"evse_id": "DE*ABC*E1", "start": START}, {"evse_id": "deabce1", "start": START - timedelta(1)}, True,
    ),
    "the same EVSE, later": (
        {"evse_id": "DE*ABC*E1", "start": START}, {"evse_id": "DE*ABC*E1", "start": START - timedelta(1, 1)}, False,
    ),
    "the same EVSE uid": ({"evse_uid": "u-1", "start": START}, {"evse_uid": "U1", "start": START}, True),
    "another EVSE": ({"evse_uid": "u-1", "start": START}, {"evse_uid": "u-2", "start": START}, False),
}  # fmt: skip


@pytest.mark.parametrize(("own", "kin", "related"), RELATED.values(), ids=RELATED)
def test_a_settled_record_is_found_from_an_open_one(
    store: BookStore, own: dict[str, object], kin: dict[str, object], related: bool
) -> None:
    settled = bare(1, **kin)
    store.add_charges(replace(file_of(settled.side), path="old"), [settled])
    post(store, replace(END, partner=None))
    own_record = replace(bare(2, **own), where=Where("new:1", "f" * 64, 0, 1))
    store.add_charges(DeliveredFile(own_record.side, "cdr", "new", "f" * 64, 1, 1), [own_record])
    expected = [SettledCharge(settled, OCTOBER, "billed", END.billed, END.document, END.document_date, None)]
    assert (expected if related else []) == store.settled_related()


def test_the_partner_of_a_related_record_comes_along_and_open_ones_do_not(store: BookStore) -> None:
    add(store, bare(1, id="O"), bare(2, id="C", credit_reference_id="O"), bare(3, id="P", side=Side.EMSP))
    post(store, replace(END, partner=3), ChargeEnd(3, "used", partner=1))
    assert [(1, "billed"), (3, "used")] == [(found.record.number, found.end) for found in store.settled_related()]


def test_the_state_changes_with_files_verdicts_and_posted_months_only(store: BookStore) -> None:
    states = [store.state_digest()]
    decision = Decision("F1", "accept", "r", "Ann", "2026-11-04T10:00:00+00:00")
    steps = [
        lambda: add(store, bare(1)),
        lambda: store.decide(decision),
        lambda: store.decide(replace(decision, by="Bob", at="2026-11-05T10:00:00+00:00")),
        lambda: store.save_run(RUN, []),
        lambda: store.decide(replace(decision, verdict="reject")),
        lambda: post(store, replace(END, partner=None)),
    ]
    for step in steps:
        step()
        states.append(store.state_digest())
    changes = [before != after for before, after in pairwise(states)]
    assert [True, True, False, False, True, True] == changes


def test_what_is_known_under_ids(store: BookStore) -> None:
    add(store, bare(1, id="Ab"), bare(2, id="ab", problems=FULL.problems))
    assert {(CPO, "ab"): [(f"{1:064}", True), (f"{2:064}", False)]} == store.known_contents(Side.CPO, Kind.CDR, ["AB"])


def test_a_book_has_one_run_at_a_time(tmp_path: Path) -> None:
    with BookStore.open(tmp_path) as one, BookStore.open(tmp_path) as other, one.lock():
        with pytest.raises(BookLocked, match=r"\.evclear\.lock"), other.lock():
            pass
    with BookStore.open(tmp_path) as store, store.lock():
        pass


def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no such folder"):
        BookStore.open(tmp_path / "nowhere")


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_bytes(b"not a database" * 500),
        lambda path: path.write_bytes(path.read_bytes()[:40_960]),
        lambda path: path.write_bytes(path.read_bytes()[:8192] + bytes(range(256)) * 160),
        lambda path: path.unlink(),
        lambda path: path.write_bytes(b""),
    ],
    ids=["other-bytes", "cut-short", "overwritten", "missing", "empty"],
)
def test_a_damaged_database_is_said_to_be_one(tmp_path: Path, damage: object) -> None:
    with BookStore.open(tmp_path) as store:
        store.evidence.put(b"x")
        add(store, *(bare(number) for number in range(1, 200)))
    damage(tmp_path / "evclear.db")  # type: ignore[operator]
    with pytest.raises(IntegrityFailure, match=r"evclear\.db"):
        BookStore.open(tmp_path)
