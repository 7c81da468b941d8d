"""A whole month from delivered files to paper: every PDF is read back with another library and computed once more.

What the documents say must follow from the charges files, these from the deliveries, and the report from both; nothing
here asks the code that made them.
"""

import csv
import hashlib
import importlib.util
import json
import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from small_market import OCTOBER, state_hashes

from clearing import ingest_files, post_month, run_month
from clearing.demo import compare, generate
from clearing.demo.world import COMPANIES, PAIRS, Company, Pair, company_of
from clearing.intake.json_records import read_records

Json = dict[str, Any]
ENDS = ("billed", "credited", "waiting", "refused", "repeated", "elsewhere")
CENT = Decimal("0.01")


def reading() -> ModuleType:
    """Import the reader of PDFs: tests are no package."""
    path = Path(__file__).parent / "documents" / "reading.py"
    spec = importlib.util.spec_from_file_location("whole_month_reading", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


READING = reading()


@dataclass
class Month:
    """The folder of a posted demo month, read."""

    book: Path
    folder: Path
    report: Json
    charges: dict[str, list[dict[str, str]]]
    findings: list[Json]
    papers: dict[str, Any] = field(default_factory=dict)

    @property
    def documents(self) -> dict[str, Json]:
        """The rows of the report with a document, by the name of their files."""
        return {name_of(row): row for row in self.report["pairs"] if row["document"] is not None}

    def paper(self, name: str) -> Any:
        """Return a document as it is read from its PDF, once."""
        if name not in self.papers:
            self.papers[name] = READING.read_invoice((self.folder / "invoices" / f"{name}.pdf").read_bytes())
        return self.papers[name]

    def billed(self, name: str) -> list[dict[str, str]]:
        """Return the rows of a charges file that stand in the document."""
        return [row for row in self.charges[name] if row["end"] == "billed"]


def name_of(row: Json) -> str:
    parts = (row["cpo"], row["emsp"], row["currency"])
    return "_".join("UNKNOWN" if part is None else part.replace("*", "-") for part in parts)


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Month:
    made = generate(tmp_path_factory.mktemp("whole"), cdrs=400, seed=5)
    for delivery in made:
        ingest_files(made.folder, delivery.kind, list(delivery.paths), delivery.side)
    run_month(made.folder, OCTOBER)
    post_month(made.folder, OCTOBER)
    folder = made.folder / "months" / OCTOBER
    charges = {}
    for path in sorted((folder / "charges").iterdir()):
        with path.open(encoding="utf-8", newline="") as file:
            charges[path.stem] = list(csv.DictReader(file))
    findings = [json.loads(line) for line in (folder / "findings.jsonl").read_text("utf-8").splitlines()]
    return Month(made.folder, folder, json.loads((folder / "report.json").read_text("utf-8")), charges, findings)


def pair_of(name: str) -> Pair:
    return next(pair for pair in PAIRS if name.startswith(f"{pair.cpo}_{pair.emsp}".replace("*", "-")))


def party(party_id: str) -> Company:
    found = company_of(party_id)
    assert found is not None, party_id
    return found


def total(values: Iterator[str]) -> Decimal:
    return sum((Decimal(value) for value in values if value), Decimal(0))


def test_the_run_found_what_was_planted(month: Month) -> None:
    assert compare(month.book, OCTOBER) == []
    kinds = Counter((row["document"]["kind"], row["document"]["state"]) for row in month.documents.values())
    assert {("invoice", "posted"), ("self-billed-invoice", "posted"), ("invoice", "control-copy")} <= set(kinds)
    assert {pair_of(name).rounding for name in month.documents} == {"charge-half-up", "document-half-up"}
    assert month.report["settlement"]


def test_every_file_of_the_manifest_and_no_other(month: Month) -> None:
    manifest = json.loads((month.folder / "manifest.json").read_text("utf-8"))
    listed = {output["file"]: output["sha256"] for output in manifest["outputs"]}
    there = state_hashes(month.folder)
    assert there.pop("manifest.json")
    assert listed == there
    for output in manifest["outputs"]:
        assert output["bytes"] == (month.folder / output["file"]).stat().st_size
    for given in manifest["inputs"]:
        content = (month.book / given["path"]).read_bytes()
        assert (given["bytes"], given["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
    delivered = {path.relative_to(month.book).as_posix() for path in (month.book / "deliveries").rglob("*.json*")}
    assert {given["path"] for given in manifest["inputs"]} == delivered
    assert {f"invoices/{name}.pdf" for name in month.documents} == {n for n in there if n.startswith("invoices/")}
    assert {Path(s["file"]).name for s in month.report["settlement"]} == {
        Path(n).name for n in there if n.startswith("statements/")
    }


def test_every_document_adds_up(month: Month) -> None:
    for name, row in month.documents.items():
        paper, pair, document = month.paper(name), pair_of(name), row["document"]
        sign = -1 if "credit" in document["kind"] else 1
        net, vat, gross = (sign * Decimal(document[amount]) for amount in ("net", "vat", "gross"))
        assert (paper.net, paper.vat, paper.gross, paper.currency) == (net, vat, gross, row["currency"]), name
        assert sum(charge.net for charge in paper.annex) == paper.annex_sum, name
        assert paper.annex_sum + (paper.rounding or 0) == paper.annex_net == net, name
        assert sum(line.net for line in paper.lines) == net, name
        assert sum(line.charges for line in paper.lines) == len(paper.annex), name
        assert sum(line.kwh for line in paper.lines) == sum(charge.kwh for charge in paper.annex), name
        percent = Decimal(pair.vat_permille) / 10
        for _, rate, of_net, of_vat in paper.vat_by_category:
            assert (rate, of_vat) == (percent, (of_net * percent / 100).quantize(CENT, ROUND_HALF_UP)), name
        assert sum(part[2] for part in paper.vat_by_category) == net, name
        assert sum(part[3] for part in paper.vat_by_category) == vat == gross - net, name


def test_every_annex_is_the_charges_file(month: Month) -> None:
    for name, row in month.documents.items():
        paper, document = month.paper(name), row["document"]
        sign = -1 if "credit" in document["kind"] else 1
        billed = month.billed(name)
        told = Counter(
            (r["cpo_cdr_id"], Decimal(r["kwh"]), Decimal(r["billed_excl_vat"]), r["ended_local"][:16]) for r in billed
        )
        read = Counter((c.cdr_id, sign * c.kwh, sign * c.net, c.ended.isoformat()[:16]) for c in paper.annex)
        assert told == read, name
        assert Counter(r["evse"] for r in billed) == Counter(c.evse for c in paper.annex), name
        assert {r["document"] for r in billed} == {document["number"] or f"{name}.pdf"}, name
        rest = [r for r in month.charges[name] if r["end"] == "rounding"]
        assert len(rest) == (pair_of(name).rounding == "document-half-up"), name
        shown = total(r["billed_excl_vat"] for r in (*billed, *rest))
        assert shown == Decimal(document["net"]), name


def test_every_document_names_its_parties(month: Month) -> None:
    as_of = date.fromisoformat(month.report["as_of"])
    for name, row in month.documents.items():
        paper, pair, document = month.paper(name), pair_of(name), row["document"]
        seller, buyer = party(pair.cpo), party(pair.emsp)
        for company, text in ((seller, paper.seller), (buyer, paper.buyer)):
            for line in (company.name, *company.address, company.vat_id):
                assert READING.squeezed(line) in READING.squeezed(text), (name, line)
        assert paper.vat_ids == [seller.vat_id, buyer.vat_id], name
        assert (paper.kind, paper.number) == (document["kind"], document["number"]), name
        assert paper.issued == as_of, name
        assert paper.due == as_of + timedelta(days=pair.payment_days) == date.fromisoformat(document["due"]), name
        copy = document["state"] == "control-copy"
        assert set(paper.marks) == {"control-copy" if copy else None}, name
        assert (document["number"] is None) == copy, name
        for _, value in pair.references:
            assert value in paper.text, name


def test_every_document_is_paid_once(month: Month) -> None:
    """By its own payment block, or in a statement and nowhere else."""
    in_statements = {Path(file).stem for statement in month.report["settlement"] for file in statement["documents"]}
    for name, row in month.documents.items():
        paper, pair, document = month.paper(name), pair_of(name), row["document"]
        assert pair.set_off == (name in in_statements) == (paper.statement is not None), name
        if pair.set_off:
            assert paper.payment == {}, name
            continue
        if document["state"] == "control-copy":
            continue
        payee = party(pair.emsp if "credit" in document["kind"] else pair.cpo)
        assert paper.iban == payee.iban, name
        assert READING.amount(paper.paid("amount"), paper.language) == abs(Decimal(document["gross"])), name


def test_every_statement_adds_up(month: Month) -> None:
    for statement in month.report["settlement"]:
        paper = READING.read_statement((month.book / statement["file"]).read_bytes())
        owed: defaultdict[str, Decimal] = defaultdict(Decimal)
        for file in statement["documents"]:
            row = month.documents[Path(file).stem]
            owed[party(row["cpo"]).name] += Decimal(row["document"]["gross"])
        first, second = statement["companies"]
        left = owed[first] - owed[second]
        payer, payee = (second, first) if left > 0 else (first, second)
        assert (statement["payer"], Decimal(statement["amount"])) == (payer, abs(left))
        assert paper.to_pay == abs(left)
        assert {line[0] for line in paper.documents} == {
            month.documents[Path(file).stem]["document"]["number"] for file in statement["documents"]
        }
        assert sum(line[3] for line in paper.documents) == sum(owed.values())
        assert paper.iban == next(company.iban for company in COMPANIES if company.name == payee)
        assert max(line[2] for line in paper.documents) == date.fromisoformat(statement["due"])


def test_the_numbers_have_no_gap(month: Month) -> None:
    book = tomllib.loads((month.book / "evclear.toml").read_text("utf-8"), parse_float=Decimal)
    series: defaultdict[str, list[int]] = defaultdict(list)
    ordered = sorted(month.documents.values(), key=lambda row: (row["emsp"], row["cpo"], row["currency"]))
    for row in ordered:
        if row["document"]["number"] is not None:
            prefix, _, number = row["document"]["number"].rpartition("-")
            series[prefix].append(int(number))
            assert (row["emsp"] if "self" in row["document"]["kind"] else row["cpo"]) in issuing(book)
    assert dict(series) == {prefix: list(range(1, len(drawn) + 1)) for prefix, drawn in series.items()}


def issuing(book: Json) -> set[str]:
    """Return every party id of the companies whose numbers this book draws."""
    return {
        one for company in book["company"] for one in company["ids"]
        if set(company["ids"]) & set(book["book"]["issues_for"])
    }  # fmt: skip


def test_the_six_ends_are_the_rows_of_the_charges_files(month: Month) -> None:
    with_charges = set()
    for row in month.report["pairs"]:
        name = name_of(row)
        rows = [r for r in month.charges.get(name, ()) if r["end"] != "rounding"]
        with_charges |= {name} if rows else set()
        for end in ENDS:
            of_end = [r for r in rows if r["end"] == end]
            assert row[end]["records"] == len(of_end), (name, end)
            assert Decimal(row[end]["claimed"]) == total(r["claimed_excl_vat"] for r in of_end), (name, end)
            assert Decimal(row[end]["kwh"]) == total(r["kwh"] for r in of_end), (name, end)
        assert row["without_claim"] == sum(not r["claimed_excl_vat"] for r in rows), name
        for key in ("records", "kwh", "claimed"):
            came = sum(Decimal(row[part][key]) for part in ("carried_in", "delivered"))
            assert came == sum(Decimal(row[end][key]) for end in ENDS), (name, key)
        net = Decimal(row["document"]["net"]) if row["document"] else Decimal(0)
        parts = (row["billed"]["claimed"], row["price_difference"], row["rounding_difference"])
        assert sum(map(Decimal, parts)) == net, name
    assert with_charges == set(month.charges)


def test_every_delivered_record_is_in_one_charges_file(month: Month) -> None:
    delivered = Counter(str(record["id"]) for record in records(month, "cpo"))
    listed = Counter(r["cpo_cdr_id"] for rows in month.charges.values() for r in rows if r["end"] != "rounding")
    next_month = delivered - listed
    assert listed - delivered == Counter()
    assert set(next_month) <= {r["id"] for r in records(month, "cpo") if r["end_date_time"] >= "2026-10-31T22"}


def records(month: Month, *folders: str) -> Iterator[Json]:
    """Yield what was delivered, as far as it can be read."""
    for folder in folders:
        for path in sorted((month.book / "deliveries" / OCTOBER / folder).iterdir()):
            for raw in read_records(path):
                if isinstance(raw.value, dict):
                    yield raw.value


def test_held_adds_up_to_what_waits_and_is_refused(month: Month) -> None:
    held: defaultdict[tuple[str | None, str | None, str | None], Decimal] = defaultdict(Decimal)
    known = {identity for company in COMPANIES for identity in company.ids}
    rows = {(row["cpo"], row["emsp"], row["currency"]): row for row in month.report["pairs"]}
    for finding in month.findings:
        if finding["held"] is not None:
            pair = (one if one in known else None for one in (finding["cpo"], finding["emsp"]))
            currency = finding["held"]["currency"]
            key = (*pair, currency if currency in ("EUR", "CHF", "USD", "GBP") else None)
            held[key] += Decimal(finding["held"]["amount"])
    kept = {key: Decimal(row["waiting"]["claimed"]) + Decimal(row["refused"]["claimed"]) for key, row in rows.items()}
    assert {key: sum_ for key, sum_ in held.items() if sum_} == {key: sum_ for key, sum_ in kept.items() if sum_}
    for key, row in rows.items():
        assert sum((Decimal(code["held"]) for code in row["findings"].values()), Decimal(0)) == held[key], key


def test_findings_csv_says_the_same(month: Month) -> None:
    with (month.folder / "findings.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["id"] for row in rows] == [finding["id"] for finding in month.findings]
    for row, finding in zip(rows, month.findings, strict=True):
        for key in ("money_at_stake", "held"):
            money = finding[key] or {"amount": "", "currency": ""}
            assert (row[f"{key}_amount"], row[f"{key}_currency"]) == (money["amount"] or "", money["currency"] or "")
        for key in finding.keys() & row.keys():
            assert row[key] == (finding[key] or ""), (finding["id"], key)


def test_no_output_names_a_token(month: Month) -> None:
    secrets = set()
    for record in records(month, "cpo", "emsp", "tokens"):
        token = record.get("cdr_token", record)
        secrets |= {str(token[key]) for key in ("uid", "contract_id") if token.get(key)}
    assert len(secrets) > 100
    for name in state_hashes(month.folder):
        content = (month.folder / name).read_bytes()
        text = month.paper(Path(name).stem).text if name.startswith("invoices/") else content.decode("utf-8", "replace")
        if name.startswith("statements/"):
            text = READING.read_statement(content).text
        squeezed = READING.squeezed(text).lower()
        assert [secret for secret in secrets if secret.lower() in squeezed] == [], name
