"""Months in a row, as a finance department lives them: late records, decisions, credits, and what is refused when."""

import json
import shutil
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from filelock import FileLock
from small_market import (
    DECEMBER,
    DOCUMENT_ROUNDED,
    JANUARY,
    NOVEMBER,
    OCTOBER,
    Json,
    Market,
    cdr,
    computed_too,
    credit,
    first_months,
    state_hashes,
)

from clearing import BillingMonth, BookLocked, IntegrityFailure, Refused
from clearing.deciding import decide
from clearing.demo.book_text import book_text
from clearing.run import load_findings, show_finding

SWM_FAH = "DE*SWM>DE*FAH"


@pytest.fixture(scope="module")
def posted_october(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book whose October is posted; two charges wait in it."""
    market = Market.open(tmp_path_factory.mktemp("row") / "book")
    first_months(market)
    market.settle(OCTOBER)
    return market.book


@pytest.fixture
def market(posted_october: Path, tmp_path: Path) -> Iterator[Market]:
    """A copy of it."""
    shutil.copytree(posted_october, tmp_path / "book")
    yield Market(tmp_path / "book")
    shutil.rmtree(tmp_path / "book")


def waiting_goes_on(market: Market, month: str, following: str) -> None:
    """Waiting of a posted month is carried_in of the next, row by row."""
    nothing = {"records": 0, "kwh": "0", "claimed": "0.00"}
    before, after = market.report(month), market.report(following)
    for row in before.keys() | after.keys():
        waited = before[row]["waiting"] if row in before else nothing
        carried = after[row]["carried_in"] if row in after else nothing
        assert waited == carried, row


def test_four_months(market: Market) -> None:
    october = market.months()
    found = market.findings(OCTOBER)
    decide(market.book, found["price-claim-differs F6"].id, "accept", "agreed", "Ada")
    late = cdr("DE*SWM", "DE*FAH", "F7", "2026-10-13T09:00")
    market.deliver("emsp", "late.jsonl", late)
    missed = [cdr("DE*SWM", "DE*FAH", f"N{n}", f"2026-11-1{n}T09:00") for n in range(3)]
    market.deliver("cpo", "november.jsonl", *missed)
    market.deliver("emsp", "november.jsonl", missed[0])
    market.settle(NOVEMBER)
    waiting_goes_on(market, OCTOBER, NOVEMBER)
    row = market.report(NOVEMBER)[SWM_FAH]
    assert (row["carried_in"]["records"], row["delivered"]["records"]) == (2, 3)
    assert (row["billed"]["records"], row["waiting"]["records"]) == (3, 2)
    assert row["document"]["net"] == "35.20"  # 19.00 as accepted, and 8.10 twice
    assert row["document"]["number"] == "DE-SWM-2026-00003"

    november = market.months()
    assert {name: sha for name, sha in november.items() if name.startswith(OCTOBER)} == october
    found = market.findings(NOVEMBER)
    decide(market.book, found["missing-at-emsp N1"].id, "reject", "no such driver", "Ada")
    market.settle(DECEMBER)
    waiting_goes_on(market, NOVEMBER, DECEMBER)
    row = market.report(DECEMBER)[SWM_FAH]
    assert (row["refused"]["records"], row["waiting"]["records"], row["document"]) == (1, 1, None)

    market.settle(JANUARY)
    waiting_goes_on(market, DECEMBER, JANUARY)
    row = market.report(JANUARY)[SWM_FAH]
    assert (row["carried_in"]["records"], row["waiting"]["records"]) == (1, 1)
    assert market.findings(JANUARY)["missing-at-emsp N2"].id == found["missing-at-emsp N2"].id
    now = market.months()
    assert {name: sha for name, sha in now.items() if name[:7] in (OCTOBER, NOVEMBER)} == november


def test_a_decision_on_a_posted_month_acts_in_the_next(market: Market) -> None:
    before = market.months()
    held = market.findings(OCTOBER)["price-claim-differs F6"].id
    done = market.evclear("findings", "decide", held, "accept", "--reason", "agreed", "--by", "Ada")
    assert done.returncode == 0, done.stderr
    found, decided = load_findings(market.book, BillingMonth.parse(OCTOBER))
    assert (len(found), decided) == (3, {held: "accept"})
    assert show_finding(market.book, held).status == "decided: accept by Ada, agreed"
    assert market.months() == before
    market.run(NOVEMBER)
    assert market.report(NOVEMBER)[SWM_FAH]["document"]["net"] == "19.00"
    assert market.findings(NOVEMBER)["price-claim-differs F6"].id == held
    assert market.run(OCTOBER).open_findings == 1


def test_a_finding_shows_its_own_records_when_a_file_name_comes_again(market: Market) -> None:
    held = market.findings(OCTOBER)["price-claim-differs F6"].id
    before = show_finding(market.book, held).records
    assert [json.loads(record)["id"] for _, record in before] == ["F6", "F6"]
    market.deliver("cpo", "swm.jsonl", *(cdr("DE*SWM", "DE*FAH", f"N{n}", f"2026-11-0{n}T09:00") for n in range(1, 9)))
    assert show_finding(market.book, held).records == before


def test_a_posted_month_stays_and_says_so(market: Market) -> None:
    before = market.months()
    for verb in ("run", "post"):
        done = market.evclear(verb, OCTOBER)
        assert done.returncode == 3
        said = f"{OCTOBER} was posted as of 2026-11-05; nothing changes, 2 records went on to {NOVEMBER}"
        assert done.stdout.startswith(said)
    assert market.evclear("run", OCTOBER, "--as-of", "2026-11-05").returncode == 3
    done = market.evclear("run", OCTOBER, "--as-of", "2026-11-06")
    assert (done.returncode, "posted as of 2026-11-05" in done.stderr) == (4, True)
    for finding in market.findings(OCTOBER).values():
        if finding.severity == "Q":
            decide(market.book, finding.id, "reject", "no", "Ada")
    assert market.evclear("post", OCTOBER).returncode == 0
    market.deliver("cpo", "later.jsonl", cdr("DE*SWM", "DE*FAH", "F8", "2026-10-20T09:00"))
    assert market.run(OCTOBER).exit_code == 0
    assert market.months() == before


def test_a_lost_folder_is_drawn_again_with_the_same_bytes(market: Market) -> None:
    before = market.months()
    for verb in ("run", "post"):
        shutil.rmtree(market.book / "months")
        (market.run if verb == "run" else market.post)(OCTOBER)
        assert market.months() == before
    document = market.book / "months" / OCTOBER / "invoices" / "DE-SWM_DE-FAH_EUR.pdf"
    document.write_bytes(document.read_bytes()[:-1])
    market.post(OCTOBER)
    assert market.months() == before
    (market.book / "months" / OCTOBER / "manifest.json").unlink()
    market.edit("payment_days = 14", "payment_days = 21")
    market.run(OCTOBER)
    assert market.months() == before


def refused(market: Market, month: str) -> str:
    """Post a month by the command, which refuses; return what it says. Nothing is posted."""
    with market.store() as store:
        posted = store.posted_months()
    done = market.evclear("post", month)
    assert (done.returncode, done.stdout) == (4, ""), done
    with market.store() as store:
        assert store.posted_months() == posted
    return done.stderr


def test_out_of_order_without_a_run_and_after_a_change(market: Market) -> None:
    market.both("november.jsonl", cdr("DE*SWM", "DE*FAH", "N1", "2026-11-11T09:00"))
    market.both("december.jsonl", cdr("DE*SWM", "DE*FAH", "N2", "2026-12-11T09:00"))
    assert f"first: evclear run {NOVEMBER}" in refused(market, NOVEMBER)
    preview = market.run(DECEMBER)
    assert "preview" in preview.remarks[0]
    assert f"{NOVEMBER} is the next month to post" in refused(market, DECEMBER)
    with pytest.raises(Refused, match=f"lies before {NOVEMBER}"):
        market.run("2026-09")

    again = f"again: evclear run {NOVEMBER}"
    market.run(NOVEMBER)
    market.deliver("emsp", "late.jsonl", cdr("DE*SWM", "DE*FAH", "F7", "2026-10-13T09:00"))
    assert again in refused(market, NOVEMBER)
    market.run(NOVEMBER)
    decide(market.book, market.findings(NOVEMBER)["price-claim-differs F6"].id, "accept", "agreed", "Ada")
    with pytest.raises(Refused, match=again):
        market.post(NOVEMBER)
    market.run(NOVEMBER)
    market.edit("payment_days = 30", "payment_days = 31")
    with pytest.raises(Refused, match=again):
        market.post(NOVEMBER)
    market.run(NOVEMBER)
    decide(market.book, market.findings(NOVEMBER)["price-claim-differs F6"].id, "reject", "no", "Ada")
    decide(market.book, market.findings(NOVEMBER)["price-claim-differs F6"].id, "accept", "agreed", "Ada")
    assert market.post(NOVEMBER).exit_code == 0  # the same verdict in the end


def test_posting_takes_the_as_of_of_the_last_run(market: Market) -> None:
    market.both("november.jsonl", cdr("DE*SWM", "DE*FAH", "N1", "2026-11-11T09:00"))
    market.run(NOVEMBER)
    market.run(NOVEMBER, date(2026, 12, 20))
    assert market.post(NOVEMBER).outcome.as_of == date(2026, 12, 20)
    with market.store() as store:
        assert {d.issue_date for d in store.documents(BillingMonth.parse(NOVEMBER))} == {date(2026, 12, 20)}


def test_a_gap_draws_no_number(tmp_path: Path) -> None:
    market = Market.open(tmp_path)
    market.edit('iban = "AT082011100040000007"', 'iban = "FILL IN"')
    market.edit('vat_id = "NL851039595B01"', 'vat_id = "FILL IN"')
    first_months(market)
    market.run(OCTOBER)
    said = refused(market, OCTOBER)
    lines = (tmp_path / "evclear.toml").read_text(encoding="utf-8").splitlines()
    gaps = [number for number, line in enumerate(lines, 1) if "FILL IN" in line]
    assert len(gaps) == 2
    for number in gaps:
        assert f"evclear.toml:{number}: " in said
    with market.store() as store:
        assert (store.posted_months(), store.documents(BillingMonth.parse(OCTOBER))) == ([], [])
    assert (tmp_path / "months" / OCTOBER / "drafts").is_dir()
    market.edit('iban = "FILL IN"', 'iban = "AT082011100040000007"')
    market.edit('vat_id = "FILL IN"', 'vat_id = "NL851039595B01"')
    market.settle(OCTOBER)
    with market.store() as store:
        numbers = [document.number for document in store.documents(BillingMonth.parse(OCTOBER))]
    assert numbers == [
        "AT-ALP-2026-00001", "AT-ALP-2026-00002", "DE-SWM-2026-00001", "DE-SWM-2026-00002", "NL-PLG-G2026-00001"
    ]  # fmt: skip
    assert not (tmp_path / "months" / OCTOBER / "drafts").exists()


def test_a_second_run_beside_the_first_is_turned_away(market: Market) -> None:
    before = market.months()
    with FileLock(market.book / ".evclear.lock"):
        done = market.evclear("run", NOVEMBER)
        assert (done.returncode, "another evclear works in this book" in done.stderr) == (5, True)
        for work in (market.run, market.post):
            with pytest.raises(BookLocked):
                work(NOVEMBER)
        with pytest.raises(BookLocked):
            market.deliver("cpo", "x.jsonl", cdr("DE*SWM", "DE*FAH", "N1", "2026-11-11T09:00"))
        with pytest.raises(BookLocked):
            decide(market.book, market.findings(OCTOBER)["missing-at-emsp F7"].id, "reject", "no", "Ada")
        assert market.evclear("report", OCTOBER).returncode == 0  # whoever reads need not wait
    assert market.months() == before


@pytest.mark.parametrize("damage", ["changed", "missing", "shorter"])
def test_damaged_evidence_stops_the_run(market: Market, damage: str) -> None:
    market.both("november.jsonl", cdr("DE*SWM", "DE*FAH", "N1", "2026-11-11T09:00"))
    market.run(NOVEMBER)
    before = market.months()
    with market.store() as store:
        sha256 = next(file.sha256 for file in store.files() if file.path == "deliveries/cpo/november.jsonl")
    evidence = market.book / "evidence" / sha256[:2] / sha256
    content = evidence.read_bytes()
    if damage == "missing":
        evidence.unlink()
    else:
        evidence.write_bytes(content.replace(b"20.0", b"21.0") if damage == "changed" else content[:-9])
    if damage == "changed":
        done = market.evclear("run", NOVEMBER)
        assert (done.returncode, sha256 in done.stderr) == (6, True)
    with pytest.raises(IntegrityFailure, match=sha256):
        market.run(NOVEMBER)
    assert market.months() == before
    evidence.write_bytes(content)
    market.run(NOVEMBER)
    assert market.months() == before


# Credits of billed charges, whatever the agreement says.


def test_a_credit_in_a_later_month_is_exactly_minus(market: Market) -> None:
    original = cdr("DE*SWM", "DE*FAH", "F2", "2026-10-02T09:00", kwh="12.5")
    market.deliver("cpo", "credit.jsonl", credit(original, "F2-K", "2026-11-03T09:00"))
    market.both("november.jsonl", cdr("DE*SWM", "DE*FAH", "N1", "2026-11-11T09:00", "100"))
    market.settle(NOVEMBER)
    row = market.report(NOVEMBER)[SWM_FAH]
    assert (row["billed"]["records"], row["billed"]["kwh"]) == (2, "87.5")
    assert (row["document"]["kind"], row["document"]["net"]) == ("invoice", "35.44")  # 40.50 - 5.06
    rows = (market.book / "months" / NOVEMBER / "charges" / "DE-SWM_DE-FAH_EUR.csv").read_text().splitlines()
    assert next(line for line in rows if line.startswith("F2-K,")).split(",")[5:10] == [
        "-12.5", "-5.06", "-5.0625", "-5.06", "billed"
    ]  # fmt: skip


BASES = {
    "as claimed": (book_text(), None),
    "computed": (computed_too(book_text()), None),
    "computed, and as claimed from then on": (computed_too(book_text()), book_text()),
}


@pytest.mark.parametrize("name", BASES)
def test_a_credit_note_gives_back_what_was_billed(tmp_path: Path, name: str) -> None:
    """With `document-half-up`, four decimals: 1.357 kWh make 0.549585, of which 0.5496 was billed and the net 0.55."""
    text, later = BASES[name]
    market = Market.open(tmp_path, text)
    original = cdr(*DOCUMENT_ROUNDED, "R1", "2026-10-11T09:00", kwh="1.357", claimed="0.5575")
    market.both("october.jsonl", original)
    market.settle(OCTOBER)
    before = market.report(OCTOBER)["AT*ALP>DE*FAH"]
    if later is not None:
        (tmp_path / "evclear.toml").write_text(later, encoding="utf-8")
    market.deliver("cpo", "credit.jsonl", credit(original, "R1-K", "2026-11-03T09:00"))
    market.settle(NOVEMBER)
    after = market.report(NOVEMBER)["AT*ALP>DE*FAH"]
    assert (before["document"]["kind"], after["document"]["kind"]) == ("invoice", "credit-note")
    for amount in ("net", "vat", "gross"):
        assert Decimal(before["document"][amount]) == -Decimal(after["document"][amount])
    billed = [billed_of(market, month, charge) for month, charge in ((OCTOBER, "R1"), (NOVEMBER, "R1-K"))]
    assert billed == (["0.5575", "-0.5575"] if name == "as claimed" else ["0.5496", "-0.5496"])
    for row in (before, after):
        assert proof(row) == Decimal(row["document"]["net"])
    with market.store() as store:
        ledgers = [store.ledger(BillingMonth.parse(month)) for month in (OCTOBER, NOVEMBER)]
    owed = [entry.minor for ledger in ledgers for posting in ledger for entry in posting.entries]
    assert sum(owed) == 0
    assert after["document"]["number"] == "AT-ALP-2026-00002"


def billed_of(market: Market, month: str, charge: str) -> str:
    """Return what a charge was billed, as its charges file says."""
    lines = (market.book / "months" / month / "charges" / "AT-ALP_DE-FAH_EUR.csv").read_text().splitlines()
    return next(line for line in lines if line.startswith(f"{charge},")).split(",")[8]


def proof(row: Json) -> Decimal:
    """Return billed (claimed) + price difference + rounding difference."""
    parts = (row["billed"]["claimed"], row["price_difference"], row["rounding_difference"])
    return sum(map(Decimal, parts), Decimal(0))


def test_the_months_folder_holds_nothing_else(market: Market) -> None:
    assert {name.split("/")[0] for name in state_hashes(market.book / "months")} == {OCTOBER}
