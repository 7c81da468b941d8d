"""Files come into a book whole or not at all, and what became of each record is said."""

import gzip
import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from clearing.delivery import FileSummary, IngestSummary, ingest_files
from clearing.errors import BookLocked, Refused
from clearing.parties import PartyId, Side
from clearing.records import ChargeRecord, Kind, TokenEntry
from clearing.store import BookStore


def cdr(id_: str = "C1", **changes: object) -> dict[str, object]:
    whole: dict[str, object] = {
        "country_code": "DE", "party_id": "ABC", "id": id_, "start_date_time": "2026-10-01T10:00:00Z",
        "end_date_time": "2026-10-01T11:00:00Z", "session_id": f"S-{id_}", "auth_method": "WHITELIST",
        "cdr_token": {
            "country_code": "NL", "party_id": "XYZ", "uid": "0815", "type": "RFID", "contract_id": "NL-XYZ-C12345678-X",
        },
        "cdr_location": {
            "id": "LOC1", "name": "Marktplatz", "address": "Markt 1", "city": "Köln", "country": "DEU",
            "coordinates": {"latitude": "50.94", "longitude": "6.96"}, "evse_uid": "E1", "evse_id": "DE*ABC*E1",
            "connector_id": "1", "connector_standard": "IEC_62196_T2", "connector_format": "SOCKET",
            "connector_power_type": "AC_3_PHASE",
        },
        "currency": "EUR",
        "tariffs": [
            {
                "country_code": "DE", "party_id": "ABC", "id": "T1", "currency": "EUR",
                "elements": [{"price_components": [{"type": "ENERGY", "price": 0.5, "step_size": 1}]}],
                "last_updated": "2026-01-01T00:00:00Z",
            }
        ],
        "charging_periods": [
            {
                "start_date_time": "2026-10-01T10:00:00Z", "tariff_id": "T1",
                "dimensions": [{"type": "ENERGY", "volume": 10.5}],
            }
        ],
        "total_cost": {"excl_vat": 5.25, "incl_vat": 6.25}, "total_energy": 10.5, "total_time": 1,
        "last_updated": "2026-10-01T11:01:00Z",
    }  # fmt: skip
    return {key: value for key, value in {**whole, **changes}.items() if value is not ...}


def lines(*objects: object) -> bytes:
    return "".join(json.dumps(value) + "\n" for value in objects).encode()


@pytest.fixture
def book(tmp_path: Path) -> Path:
    folder = tmp_path / "book"
    folder.mkdir()
    (folder / "evclear.toml").write_text("[book]\n")
    return folder


def take(book: Path, *contents: bytes, kind: str = "cdr", side: str | None = None) -> IngestSummary:
    """Deliver files `0.json`, `1.json` … of the folder `in` of the book."""
    (book / "in").mkdir(exist_ok=True)
    files = [book / "in" / f"{number}.json" for number in range(len(contents))]
    for file, content in zip(files, contents, strict=True):
        file.write_bytes(content)
    return ingest_files(book, kind, files, side)


def stored(book: Path) -> list[ChargeRecord]:
    with BookStore.open(book) as store:
        return store.open_records()


def test_a_cdr_becomes_a_record_and_its_bytes_are_evidence(book: Path) -> None:
    summary = take(book, lines(cdr()))
    assert (FileSummary("in/0.json", "cdr", Side.CPO, taken=1),) == summary.files
    (record,) = stored(book)
    expected = ChargeRecord(
        number=1, side=Side.CPO, kind=Kind.CDR, where=record.where, content_hash=record.content_hash,
        cpo=PartyId("DE*ABC"), emsp=PartyId("NL*XYZ"), id="C1", start=datetime(2026, 10, 1, 10, tzinfo=UTC),
        end=datetime(2026, 10, 1, 11, tzinfo=UTC), energy_kwh=Decimal("10.5"), currency="EUR",
        claimed=Decimal("5.25"), claimed_incl_vat=Decimal("6.25"), session_id="S-C1", token_uid="0815",  # noqa: S106
        token_type="RFID", contract_id="NL-XYZ-C12345678-X", evse_uid="E1", evse_id="DE*ABC*E1",  # noqa: S106
        location_id="LOC1", location_name="Marktplatz", city="Köln", country="DEU", tariff_ids=("T1",),
        last_updated=datetime(2026, 10, 1, 11, 1, tzinfo=UTC), problems=record.problems,
    )  # fmt: skip
    assert expected == record
    assert record.usable
    assert record.where.text == "in/0.json:1"
    with BookStore.open(book) as store:
        assert lines(cdr()).rstrip() == store.evidence.cut(record.where)
        assert lines(cdr()) == store.evidence.read(record.where.file_hash)


FORMS = {
    "lines": (lines(cdr("A"), cdr("B")), ["in/0.json:1", "in/0.json:2"]),
    "array": (json.dumps([cdr("A"), cdr("B")]).encode(), ["in/0.json#1", "in/0.json#2"]),
    "envelope": (json.dumps({"data": [cdr("A")], "status_code": 1000}).encode(), ["in/0.json#1"]),
    "object": (json.dumps(cdr("A"), indent=1).encode(), ["in/0.json:1"]),
    "gzip": (gzip.compress(lines(cdr("A"), cdr("B"))), ["in/0.json:1", "in/0.json:2"]),
    "byte order mark": (b"\xef\xbb\xbf" + lines(cdr("A")), ["in/0.json:1"]),
    "blank lines between": (b"\n" + lines(cdr("A")) + b"\r\n\n" + lines(cdr("B")), ["in/0.json:2", "in/0.json:5"]),
}


@pytest.mark.parametrize(("content", "places"), FORMS.values(), ids=FORMS)
def test_every_form_of_json_is_read_and_can_be_cut_again(book: Path, content: bytes, places: list[str]) -> None:
    assert take(book, content).exit_code == 0
    records = stored(book)
    assert places == [record.where.text for record in records]
    with BookStore.open(book) as store:
        cut = [json.loads(store.evidence.cut(record.where)) for record in records]
    assert [record.id for record in records] == [value["id"] for value in cut]


QUARANTINED = {
    "a broken line": (lines(cdr()) + b"{broken\n", 2, ["malformed-record"]),
    "a line that is a list": (lines(cdr()) + b"[]\n", 2, ["malformed-record"]),
    "energy as words": (lines(cdr(total_energy="lots")), 1, ["malformed-record"]),
    "no parties": (lines(cdr(country_code=..., cdr_token=...)), 1, ["malformed-record"]),
    "no id": (lines(cdr(id=...)), 1, ["malformed-record"]),
    "an end before the start": (lines(cdr(end_date_time="2026-10-01T09:00:00Z")), 1, ["ends-before-start"]),
    "a Session": (lines({"id": "S", "kwh": 5, "status": "COMPLETED"}), 1, ["malformed-record"]),
    "a gzip that ends early": (
        gzip.compress(lines(*(cdr(str(number)) for number in range(9))))[:-30], None, ["malformed-record"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("content", "taken", "codes"), QUARANTINED.values(), ids=QUARANTINED)
def test_what_cannot_be_used_is_quarantined_and_the_rest_is_taken(
    book: Path, content: bytes, taken: int | None, codes: list[str]
) -> None:
    summary = take(book, content)
    assert codes == [record.code for record in summary.files[0].quarantined]
    assert summary.exit_code == 3
    assert len(stored(book)) == summary.files[0].taken
    assert taken in (None, summary.files[0].taken)
    assert all(record.where.startswith("in/0.json") for record in summary.files[0].quarantined)


UNREADABLE = {
    "no JSON": (b"hello\nworld\n", "nothing in it is JSON"),
    "other characters": ("{\"a\": 1}\n".encode("utf-16"), "nothing in it is JSON"),
    "a gzip that is none": (b"\x1f\x8b" + b"x" * 50, ""),
}


@pytest.mark.parametrize(("content", "words"), UNREADABLE.values(), ids=UNREADABLE)
def test_nothing_is_taken_from_a_file_that_cannot_be_read_and_the_others_are(
    book: Path, content: bytes, words: str
) -> None:
    summary = take(book, content, lines(cdr()))
    assert words in str(summary.files[0].refused)
    assert [0, 1] == [file.taken for file in summary.files]
    assert summary.exit_code == 4
    with BookStore.open(book) as store:
        assert ["in/1.json"] == [file.path for file in store.files()]
    assert len([path for path in (book / "evidence").rglob("*") if path.is_file()]) == 1


@pytest.mark.parametrize(("name", "words"), [("nowhere.json", "no such file"), ("in", "is a folder")])
def test_a_path_that_is_no_file_is_named_and_the_others_are_taken(book: Path, name: str, words: str) -> None:
    take(book, lines(cdr("A")))
    (book / "b.json").write_bytes(lines(cdr("B")))
    summary = ingest_files(book, "cdr", [book / name, book / "b.json"])
    assert f"{book / name}: {words}" in str(summary.files[0].refused)
    assert summary.exit_code == 4
    assert ["B", "A"] == [record.id for record in stored(book)]


NO_RECORDS = {"empty": b"", "blank lines": b"\n \r\n", "an array": b"[]", "gzip": gzip.compress(b"")}


@pytest.mark.parametrize("content", NO_RECORDS.values(), ids=NO_RECORDS)
def test_a_file_without_records_is_no_fault(book: Path, content: bytes) -> None:
    summary = take(book, content)
    assert (0, 0, None) == (summary.exit_code, summary.files[0].taken, summary.files[0].refused)
    assert [] == stored(book)


def test_the_same_bytes_of_a_side_are_ignored(book: Path) -> None:
    summary = take(book, lines(cdr()), lines(cdr()))
    assert [None, "in/0.json"] == [file.ignored for file in summary.files]
    assert take(book, lines(cdr()), side="emsp").files[0].taken == 1
    assert [Side.CPO, Side.EMSP] == [record.side for record in stored(book)]


REPEATED: dict[str, tuple[Sequence[object], str]] = {
    "repeated": ([cdr("A"), dict(reversed(cdr("a").items()))], "conflicting"),
    "equal values": ([cdr("A"), dict(reversed(cdr("A", last_updated="2026-10-09T00:00:00Z").items()))], "repeated"),
    "other values": ([cdr("A"), cdr("A", total_energy=11)], "conflicting"),
}


@pytest.mark.parametrize(("objects", "told"), REPEATED.values(), ids=REPEATED)
@pytest.mark.parametrize("in_one_file", [True, False], ids=["one file", "two files"])
def test_what_repeats_or_conflicts_is_said(book: Path, objects: Sequence[object], told: str, in_one_file: bool) -> None:
    contents = [lines(*objects)] if in_one_file else [lines(value) for value in objects]
    summary = take(book, *contents)
    last = summary.files[-1]
    assert {"repeated": 0, "conflicting": 0, told: 1} == {"repeated": last.repeated, "conflicting": last.conflicting}
    assert summary.exit_code == 0
    assert len(stored(book)) == 2


def test_repetitions_are_found_across_thousands_of_records(book: Path) -> None:
    small = [{"country_code": "DE", "party_id": "ABC", "id": str(number), "x": 1} for number in range(6000)]
    summary = take(book, lines(*small, *small[:50], *small[5000:5050]))
    assert (6100, 100) == (summary.files[0].taken, summary.files[0].repeated)


def test_tokens_and_tariffs_are_taken_and_broken_ones_named(book: Path) -> None:
    token = {"country_code": "NL", "party_id": "XYZ", "uid": "0815", "contract_id": "NL-XYZ-1", "valid": True}
    summary = take(book, lines(token, {**token, "valid": "yes"}) + b"[]\n", kind="token")
    assert (3, 1, Side.EMSP) == (summary.exit_code, summary.files[0].taken, summary.files[0].side)
    assert ["in/0.json:2", "in/0.json:3"] == [found.where for found in summary.files[0].quarantined]
    (tariff,) = cdr()["tariffs"]  # type: ignore[misc]
    summary = take(book, lines(tariff, {**tariff, "party_id": None}, {"id": "T2"}), kind="tariff")
    assert (3, 1, Side.CPO) == (summary.exit_code, summary.files[0].taken, summary.files[0].side)
    assert ["in/0.json:2", "in/0.json:3"] == [found.where for found in summary.files[0].quarantined]
    with BookStore.open(book) as store:
        assert [TokenEntry(PartyId("NL*XYZ"), "0815", "NL-XYZ-1", True, None)] == store.tokens()
        (published,) = store.published_tariffs()
    assert ("DE*ABC", "T1", tariff) == (published.cpo, published.id, json.loads(published.content))


def test_a_session_sent_again_and_one_that_goes_on(book: Path) -> None:
    session = {
        "country_code": "DE", "party_id": "ABC", "id": "S1", "kwh": 1, "status": "ACTIVE",
        "start_date_time": "2026-10-01T10:00:00Z", "cdr_token": cdr()["cdr_token"],
    }  # fmt: skip
    completed = {**session, "kwh": 2, "status": "COMPLETED", "end_date_time": "2026-10-01T11:00:00Z"}
    (file,) = take(book, lines(session, completed), kind="session").files
    assert (2, 1, 1, 0) == (file.taken, file.renewed, file.unfinished, file.quarantined_count)


def test_the_day_of_receipt_is_kept(book: Path) -> None:
    (book / "a.json").write_bytes(lines(cdr()))
    ingest_files(book, "cdr", [book / "a.json"], received=date(2026, 10, 3))
    with BookStore.open(book) as store:
        assert ["2026-10-03", "2026-10-03"] == [store.files()[0].received, store.open_records()[0].received]


def test_a_path_outside_of_the_book_is_told_from_the_book(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (book.parent / "a.json").write_bytes(lines(cdr()))
    monkeypatch.chdir(book.parent)
    assert ingest_files(Path("book"), "cdr", [Path("a.json")]).files[0].path == "../a.json"
    assert stored(book)[0].where.text == "../a.json:1"


def test_a_folder_without_evclear_toml_is_no_book(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="evclear init"):
        ingest_files(tmp_path, "cdr", [])
    assert [] == list(tmp_path.iterdir())


def test_a_locked_book_is_left_alone(book: Path) -> None:
    with BookStore.open(book) as store, store.lock(), pytest.raises(BookLocked):
        take(book, lines(cdr()))


def test_a_text_hundreds_of_times_as_long_as_its_file_is_refused(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clearing.delivery._SUSPICIOUS_TEXT", 1 << 20)
    line = lines({"id": "A", "remark": "x" * 100_000})
    summary = take(book, gzip.compress(line * 30))
    assert "times as long as the file" in str(summary.files[0].refused)
    assert [] == stored(book)
