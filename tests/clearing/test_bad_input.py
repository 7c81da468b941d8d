"""Bad input through the real command line: the message names the place and the remedy, and nothing is lost.

Each case stands beside one record that is in order, and that one is billed whatever happens to the other.
"""

import csv
import gzip
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from clearing.commands import main

BASE = Path(__file__).resolve().parents[2] / "fixtures" / "faults" / "base"
TERMS = (BASE / "evclear.toml").read_text("utf-8").replace('"required"', '"if-delivered"')
CDR = json.loads((BASE / "cdr.json").read_text("utf-8"))
SECOND_AGREEMENT = (
    '[[agreement]]\ncpo = "DE*ABC"\nemsp = "NL*XYZ"\nvalid_from = 2026-06-01\ntime_zone = "Europe/Berlin"\n'
    'currency = "EUR"\n\n[[vat_rule]]'
)


@dataclass(frozen=True)
class Told:
    """What the command line said: exit code, stdout and stderr."""

    code: int
    out: str
    err: str

    @property
    def all(self) -> str:
        return self.out + self.err


def evclear(book: Path, *words: str) -> Told:
    result = CliRunner().invoke(main, ["--book", str(book), *words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return Told(result.exit_code, result.stdout, result.stderr)


def cdr(day: int, **changes: Any) -> str:
    """A CDR of a day in October as a line; no two are alike."""
    record = {**CDR, "id": f"ABC-{day}", "session_id": f"ABC-S-{day}", "authorization_reference": f"XYZ-A-{day}"}
    return json.dumps({**record, **changes}).replace("2026-10-12", f"2026-10-{day:02}")


def book_of(tmp_path: Path, *changes: tuple[str, str]) -> Path:
    book = tmp_path / "book"
    book.mkdir()
    terms = TERMS
    for old, new in changes:
        assert old in terms, old
        terms = terms.replace(old, new)
    (book / "evclear.toml").write_text(terms, "utf-8")
    return book


def charges(book: Path, month: str = "2026-10") -> dict[str, tuple[str, str, str]]:
    """Return CDR id → end, code and what is billed, over all pairs; a repeated record is not a charge."""
    return {
        row["cpo_cdr_id"]: (row["end"], row["code"], row["billed_excl_vat"])
        for path in sorted((book / "months" / month / "charges").glob("*.csv"))
        for row in csv.DictReader(path.open(encoding="utf-8"))
        if row["end"] != "repeated"
    }


GOOD = ("billed", "", "8.00")


# ---------------------------------------------------------------- files

def truncated_gzip() -> bytes:
    """A gzip file that breaks off in its second record."""
    whole = gzip.compress("\n".join((cdr(1), *(cdr(day) for day in range(2, 29)))).encode(), mtime=0)
    return whole[: len(whole) // 2]


FILES: dict[str, tuple[str, bytes | None, int, tuple[str, ...]]] = {
    "missing file": ("gone.jsonl", None, 4, ("nothing taken from", "gone.jsonl", "no such file", "check the path")),
    "no JSON": ("cdrs.json", b"Dear colleague, ", 4, ("unreadable-file", "cdrs.json", "from line 1", "ask the sender")),
    "an array that breaks off": (
        "cdrs.json", b'[{"id": "AB', 4, ("unreadable-file", "cdrs.json", "from record 1 on", "ask the sender"),
    ),
    "another encoding": (
        "cdrs.json", '{"id": "ABC"}'.encode("utf-16"), 4, ("unreadable-file", "cdrs.json", "UTF-8", "ask the sender"),
    ),
    "gzip in name and nature, broken": (
        "cdrs.jsonl.gz", gzip.compress(b"x" * 100)[:15], 4, ("unreadable-file", "cdrs.jsonl.gz", "ask the sender"),
    ),
    "a folder": ("folder", b"", 4, ("nothing taken from", "folder", "expected a file", "check the path")),
}  # fmt: skip


@pytest.mark.parametrize("case", FILES)
def test_file_that_cannot_be_used(case: str, tmp_path: Path) -> None:
    name, content, code, words = FILES[case]
    book = book_of(tmp_path)
    (book / "good.jsonl").write_text(cdr(1) + "\n", "utf-8")
    if name == "folder":
        (book / name).mkdir()
    elif content is not None:
        (book / name).write_bytes(content)
    told = evclear(book, "ingest", "cdr", str(book / name), str(book / "good.jsonl"))
    assert told.code == code
    assert [word for word in words if word not in told.all] == []
    assert "evidence" not in told.all, "people know their file, not our copy of it"
    assert evclear(book, "run", "2026-10").code == 0
    assert charges(book) == {"ABC-1": GOOD}


def test_truncated_gzip_keeps_what_can_be_read(tmp_path: Path) -> None:
    book = book_of(tmp_path)
    (book / "cdrs.jsonl.gz").write_bytes(truncated_gzip())
    told = evclear(book, "ingest", "cdr", str(book / "cdrs.jsonl.gz"))
    assert told.code == 3
    assert "malformed-record  cdrs.jsonl.gz:" in told.out
    assert "the gzip stream ends early" in told.out
    assert "Ask the sender for the file again; what came already is counted once." in told.out
    assert evclear(book, "run", "2026-10").code == 3
    assert charges(book)["ABC-1"] == GOOD
    (book / "whole.jsonl").write_text("\n".join(cdr(day) for day in range(1, 29)), "utf-8")
    assert evclear(book, "ingest", "cdr", str(book / "whole.jsonl")).code == 0
    evclear(book, "run", "2026-10")
    assert sum(end == GOOD for end in charges(book).values()) == 28


# ---------------------------------------------------------------- records

@dataclass(frozen=True)
class Bad:
    """A bad record: its line, the exit code of ingest, what is said of it, and the end it takes."""

    line: str
    ingest: int
    code: str
    words: tuple[str, ...]
    end: str = "waiting"
    severity: str = "Q"
    said_by: tuple[str, ...] = field(default=("ingest", "findings"))


SESSION = json.dumps({
    "country_code": "DE", "party_id": "ABC", "id": "ABC-2", "start_date_time": "2026-10-02T07:00:00Z",
    "end_date_time": "2026-10-02T08:00:00Z", "kwh": 20, "cdr_token": CDR["cdr_token"], "auth_method": "AUTH_REQUEST",
    "location_id": "ABC-MARKT", "evse_uid": "ABC-00001", "connector_id": "1", "currency": "EUR",
    "status": "COMPLETED", "last_updated": "2026-10-02T08:01:00Z",
})  # fmt: skip
UNSORTED = [
    {"start_date_time": f"2026-10-12T{at}:00Z", "tariff_id": "ABC-AC", "dimensions": [{"type": "ENERGY", "volume": 10}]}
    for at in ("07:30", "07:00")
]
LATER = ("findings",)
ABCS_TOKEN = {**CDR["cdr_token"], "country_code": "DE", "party_id": "ABC"}
RECORDS = {
    "a Session given as a CDR": Bad(
        SESSION, 3, "malformed-record", ("Session", "evclear ingest session", "reject this one")
    ),
    "no JSON in a line": Bad('{"id": "ABC-2", ', 3, "malformed-record", ("not JSON", "the sender for the file again")),
    "an array in a line": Bad("[]", 3, "malformed-record", ("not a JSON object", "the sender for the file again")),
    "NaN": Bad(
        cdr(2).replace('"total_energy": 20', '"total_energy": NaN'), 3, "malformed-record",
        ("total_energy", "NaN", "the sender"),
    ),
    "a number beyond every amount": Bad(
        cdr(2).replace('"excl_vat": 8.0', '"excl_vat": 1e1000000', 1), 3, "malformed-record",
        ("total_cost.excl_vat", "beyond every amount", "the sender"),
    ),
    "a key given twice": Bad(
        cdr(2).replace('"total_energy": 20', '"total_energy": 20, "total_energy": 30'), 3, "malformed-record",
        ('the key "total_energy" is given twice', "the sender"),
    ),
    "times out of order": Bad(
        cdr(2, end_date_time="2026-10-12T06:00:00Z"), 3, "ends-before-start",
        ("end_date_time", "2026-10-02T07:00:00Z", "2026-10-02T06:00:00Z", "true times"), "refused", "S",
    ),
    "periods out of order": Bad(
        cdr(2, charging_periods=UNSORTED), 0, "periods-not-in-order", ("charging_periods", "order"), "billed", "W",
        LATER,
    ),
    "a currency that is none": Bad(
        cdr(2, currency="EUX"), 0, "unknown-currency", ("EUX", "ISO 4217", "Ask the CPO"), said_by=LATER
    ),
    "an unknown party": Bad(
        cdr(2, cdr_token={**CDR["cdr_token"], "party_id": "QQQ"}), 0, "unknown-party",
        ("NL*QQQ", "evclear.toml", "Add a [[company]]"), said_by=LATER,
    ),
    "a party without that role": Bad(
        cdr(2, country_code="NL", party_id="XYZ", cdr_token=ABCS_TOKEN), 0, "unknown-party",
        ("NL*XYZ", "no role", "or the role to the company"), said_by=LATER,
    ),
    "no agreement": Bad(
        cdr(2, cdr_token={**CDR["cdr_token"], "party_id": "XYW"}), 0, "no-agreement",
        ("DE*ABC", "NL*XYW", "Add an [[agreement]]", "evclear.toml"), said_by=LATER,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", RECORDS)
def test_record_that_cannot_be_billed_as_it_is(case: str, tmp_path: Path) -> None:
    bad = RECORDS[case]
    book = book_of(tmp_path, ('ids = ["NL*XYZ"]', 'ids = ["NL*XYZ", "NL*XYW"]'))
    (book / "cdrs.jsonl").write_text(f"{cdr(1)}\n{bad.line}\n", "utf-8")
    taken = evclear(book, "ingest", "cdr", str(book / "cdrs.jsonl"))
    assert (taken.code, "2 cdrs of cpo taken" in taken.out) == (bad.ingest, True)
    ran = evclear(book, "run", "2026-10")
    assert ran.code == (0 if bad.severity == "W" else 3), "people must act"
    listed = evclear(book, "findings", "list", "2026-10", "--code", bad.code).out
    said = {"ingest": taken.out, "findings": listed}
    for verb in bad.said_by:
        assert f"{bad.code}  " in said[verb], verb
        assert "cdrs.jsonl:2" in said[verb], verb
        if verb == "findings":
            assert [word for word in bad.words if word not in said[verb]] == []
    ends = charges(book)
    assert ends.pop("ABC-1") == GOOD
    report = json.loads(evclear(book, "report", "2026-10", "--format", "json").out)
    counted = {end: sum(pair[end]["records"] for pair in report["pairs"]) for end in ("delivered", "billed", bad.end)}
    assert counted["delivered"] == 2, "nothing is lost"
    assert (counted["billed"], counted[bad.end]) == ((2, 2) if bad.end == "billed" else (1, 1))
    assert [(end, code) for end, code, _ in ends.values()] in ([(bad.end, bad.code if bad.severity != "W" else "")], [])


# ---------------------------------------------------------------- evclear.toml

BOOKS: dict[str, tuple[tuple[str, str], str, tuple[str, ...]]] = {
    "unknown key": (
        ('currency = "EUR"', 'curency = "EUR"'), "evclear.toml:30", ('found "curency"; did you mean "currency"?',),
    ),
    "unknown currency": (('currency = "EUR"', 'currency = "EURO"'), "evclear.toml:30", ("EURO", "ISO 4217", "capital")),
    "wrong check digit in an IBAN": (
        ("DE14100500000190000007", "DE14100500000190000008"), "evclear.toml:13", ("iban", "digit", "bank's letter"),
    ),
    "two agreements for one day": (
        ("[[vat_rule]]", SECOND_AGREEMENT), "evclear.toml:33", ("line 25", "2026-06-01", "valid_until"),
    ),
    "agreement with a party without that role": (
        ('roles = ["emsp"]', 'roles = ["cpo"]'), "evclear.toml:27", ("role emsp", "NL*XYZ", 'add "emsp" to its roles'),
    ),
    "agreement with an unknown party": (
        ('emsp = "NL*XYZ"', 'emsp = "NL*QQQ"'), "evclear.toml:27", ("NL*QQQ", "ids of a [[company]]"),
    ),
    "no TOML": (("[book]", "[book"), "evclear.toml:2", ("expected",)),
}  # fmt: skip


@pytest.mark.parametrize("case", BOOKS)
def test_book_that_cannot_be_used(case: str, tmp_path: Path) -> None:
    change, place, words = BOOKS[case]
    book = book_of(tmp_path, change)
    (book / "cdrs.jsonl").write_text(cdr(1) + "\n", "utf-8")
    assert evclear(book, "ingest", "cdr", str(book / "cdrs.jsonl")).code == 0, "the book is judged in the run"
    for verb in (("check",), ("run", "2026-10")):
        told = evclear(book, *verb)
        assert told.code == 4
        assert place in told.err
        assert [word for word in words if word not in told.err] == []
    (book / "evclear.toml").write_text(TERMS, "utf-8")
    assert evclear(book, "run", "2026-10").code == 0, "mended, and no second ingest is needed"
    assert charges(book) == {"ABC-1": GOOD}


def test_no_vat_rule_fits(tmp_path: Path) -> None:
    book = book_of(tmp_path, ('buyer = "EU-other"', 'buyer = "DE"'))
    (book / "cdrs.jsonl").write_text(cdr(1) + "\n", "utf-8")
    evclear(book, "ingest", "cdr", str(book / "cdrs.jsonl"))
    checked = evclear(book, "check")
    assert checked.code == 3
    assert "evclear.toml:25: no [[vat_rule]] fits" in checked.out
    assert evclear(book, "run", "2026-10").code == 0
    told = evclear(book, "post", "2026-10")
    assert told.code == 4
    assert "no number was drawn" in told.err
    assert "evclear.toml:25: no [[vat_rule]] fits Stadtwerke Musterstadt GmbH (DE)" in told.err
    assert "add one" in told.err
    (book / "evclear.toml").write_text(TERMS, "utf-8")
    assert evclear(book, "run", "2026-10").code == 0
    assert "DE-ABC-2026-00001" in evclear(book, "post", "2026-10").out


def test_no_book(tmp_path: Path) -> None:
    for verb in (("check",), ("run", "2026-10"), ("ingest", "cdr", "x.jsonl"), ("report", "2026-10")):
        told = evclear(tmp_path, *verb)
        assert told.code == 4, verb
        assert "evclear init" in told.err or "evclear run" in told.err, told.err


# ---------------------------------------------------------------- months

def test_months_out_of_order_and_posted_ones(tmp_path: Path) -> None:
    book = book_of(tmp_path)
    (book / "cdrs.jsonl").write_text(f"{cdr(1)}\n{cdr(2).replace('2026-10', '2026-11')}\n", "utf-8")
    evclear(book, "ingest", "cdr", str(book / "cdrs.jsonl"))
    early = evclear(book, "run", "2026-09")
    assert (early.code, "2026-10, the first open month" in early.err) == (4, True)
    for verb in ("report", "findings list"):
        told = evclear(book, *verb.split(), "2026-10")
        assert (told.code, "first: evclear run 2026-10" in told.err) == (4, True)
    told = evclear(book, "post", "2026-10")
    assert (told.code, "first: evclear run 2026-10" in told.err) == (4, True)
    preview = evclear(book, "run", "2026-11")
    assert (preview.code, "2026-10 is not posted yet: this is a preview" in preview.out) == (0, True)
    told = evclear(book, "post", "2026-11")
    assert (told.code, "out of order: 2026-10 is the next month to post" in told.err) == (4, True)
    evclear(book, "run", "2026-10")
    (book / "late.jsonl").write_text(cdr(3) + "\n", "utf-8")
    evclear(book, "ingest", "cdr", str(book / "late.jsonl"))
    told = evclear(book, "post", "2026-10")
    assert (told.code, "again: evclear run 2026-10" in told.err) == (4, True)
    evclear(book, "run", "2026-10")
    assert evclear(book, "post", "2026-10").code == 0
    for verb in ("run", "post"):
        told = evclear(book, verb, "2026-10")
        assert (told.code, "2026-10 was posted as of 2026-11-03; nothing changes" in told.out) == (0, True)
    told = evclear(book, "run", "2026-10", "--as-of", "2026-12-24")
    assert (told.code, "2026-11-03" in told.err, "2026-12-24" in told.err) == (4, True, True)
    assert charges(book) == {"ABC-1": GOOD, "ABC-3": GOOD}
    assert evclear(book, "run", "2026-11").code == 0
    assert charges(book, "2026-11") == {"ABC-2": GOOD}


def test_a_slip_of_the_pen_in_the_name_of_a_finding(tmp_path: Path) -> None:
    book = book_of(tmp_path)
    (book / "cdrs.jsonl").write_text(cdr(1) + "\n", "utf-8")
    evclear(book, "ingest", "cdr", str(book / "cdrs.jsonl"))
    evclear(book, "run", "2026-10")
    told = evclear(book, "findings", "list", "2026-10", "--code", "mising-at-emsp")
    assert (told.code, told.err) == (0, "2026-10 has no finding mising-at-emsp; did you mean missing-at-emsp?\n")
    told = evclear(book, "findings", "list", "2026-10", "--code", "missing-at-emsp")
    assert (told.code, told.err) == (0, "2026-10 has no finding missing-at-emsp\n")
