"""A book with a handful of charges, told by hand: the smallest months in which everything that a month can be occurs.

The companies and agreements are the demo's (`clearing.demo`); the charges are written here, one call each.
"""

import gzip
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

from clearing import BillingMonth, IngestSummary, MonthFinding, MonthResult, ingest_files, post_month, run_month
from clearing.demo.book_text import book_text
from clearing.run import load_findings
from clearing.store import BookStore

Json = dict[str, Any]
ROOT = Path(__file__).parents[2]
OCTOBER, NOVEMBER, DECEMBER, JANUARY = "2026-10", "2026-11", "2026-12", "2027-01"

COUNTRIES = {"AT": "AUT", "BE": "BEL", "CH": "CHE", "DE": "DEU", "ES": "ESP", "FR": "FRA", "NL": "NLD"}
DOCUMENT_ROUNDED = ("AT*ALP", "DE*FAH")
"""An agreement with `document-half-up`; `computed_too` gives it the price basis `computed` as well."""


def computed_too(text: str) -> str:
    """Return the book with the price basis `computed` for DOCUMENT_ROUNDED."""
    head, marker, rest = text.partition('cpo = "AT*ALP"\nemsp = "DE*FAH"\n')
    assert marker
    return head + marker + rest.replace('price_basis = "claimed"', 'price_basis = "computed"', 1)


def cdr(cpo: str, emsp: str, number: str, end: str, kwh: str = "20", **changes: object) -> Json:
    """Return a CDR of an hour that ends at `end` (`2026-10-05T09:00`, UTC) at 0.405 per kWh.

    `claimed` is what it claims excluding VAT (else its price in whole cents); any other name is a field.
    """
    price = Decimal("0.405")
    claimed = changes.pop("claimed", None) or str((Decimal(kwh) * price).quantize(Decimal("0.01"), ROUND_HALF_UP))
    day, clock = end.split("T")
    start = f"{day}T{int(clock[:2]) - 1:02}{clock[2:]}:00Z"
    owner = {"country_code": cpo[:2], "party_id": cpo[3:]}
    tariff = owner | {
        "id": "T1",
        "currency": "EUR",
        "elements": [{"price_components": [{"type": "ENERGY", "price": float(price), "step_size": 1}]}],
        "last_updated": "2026-01-05T08:00:00Z",
    }
    evse = f"{cpo[3:]}-{emsp[3:]}-{number}"
    location = {
        "id": "LOC1", "name": "Market", "address": "Market 1", "city": "Town", "country": COUNTRIES[cpo[:2]],
        "coordinates": {"latitude": "0", "longitude": "0"}, "evse_uid": evse, "evse_id": evse,
        "connector_id": "1", "connector_standard": "IEC_62196_T2", "connector_format": "SOCKET",
        "connector_power_type": "AC_3_PHASE",
    }  # fmt: skip
    token = {
        "country_code": emsp[:2], "party_id": emsp[3:], "uid": f"UID{number}", "type": "RFID",
        "contract_id": f"{emsp[:2]}-{emsp[3:]}-C{number}",
    }  # fmt: skip
    return owner | {
        "id": number, "start_date_time": start, "end_date_time": f"{end}:00Z", "session_id": f"S{number}",
        "cdr_token": token, "auth_method": "WHITELIST", "cdr_location": location, "currency": "EUR",
        "tariffs": [tariff],
        "charging_periods": [
            {"start_date_time": start, "dimensions": [{"type": "ENERGY", "volume": float(kwh)}], "tariff_id": "T1"}
        ],
        "total_cost": {"excl_vat": float(str(claimed))}, "total_energy": float(kwh), "total_time": 1,
        "last_updated": f"{end}:30Z",
    } | changes  # fmt: skip


def credit(original: Json, number: str, end: str | None = None) -> Json:
    """Return the credit CDR that takes an original back."""
    minus = {"total_cost": {"excl_vat": -original["total_cost"]["excl_vat"]}}
    made = original | minus | {"id": number, "credit": True, "credit_reference_id": original["id"]}
    return made | ({"last_updated": f"{end}:30Z"} if end else {})


def state_hashes(folder: Path) -> dict[str, str]:
    """Return the sha256 of every file below a folder."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@dataclass
class Market:
    """A book of hand-made deliveries, and what a person does with it."""

    book: Path

    @classmethod
    def open(cls, book: Path, text: str | None = None) -> "Market":
        """Make a book with the demo's evclear.toml, or another text."""
        book.mkdir(parents=True, exist_ok=True)
        (book / "evclear.toml").write_text(text or book_text(), encoding="utf-8")
        return cls(book)

    def edit(self, old: str, new: str) -> None:
        """Change evclear.toml by hand."""
        path = self.book / "evclear.toml"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def file(self, side: str, name: str, records: Iterable[Json]) -> Path:
        """Write a file that a side delivers; gzipped where the name says so."""
        path = self.book / "deliveries" / side / name
        path.parent.mkdir(parents=True, exist_ok=True)
        text = "".join(json.dumps(record) + "\n" for record in records).encode()
        path.write_bytes(gzip.compress(text, mtime=0) if name.endswith(".gz") else text)
        return path

    def deliver(self, side: str, name: str, *records: Json) -> IngestSummary:
        """Write and ingest CDRs of one side."""
        return self.deliver_file(side, self.file(side, name, records))

    def deliver_file(self, side: str, path: Path) -> IngestSummary:
        """Ingest a file of CDRs."""
        return ingest_files(self.book, "cdr", [path], side)

    def both(self, name: str, *records: Json) -> None:
        """Write and ingest CDRs that both sides tell alike."""
        for side in ("cpo", "emsp"):
            self.deliver(side, name, *records)

    def run(self, month: str, as_of: date | None = None) -> MonthResult:
        """Run a month."""
        return run_month(self.book, month, as_of)

    def post(self, month: str) -> MonthResult:
        """Post a month."""
        return post_month(self.book, month)

    def settle(self, month: str) -> MonthResult:
        """Run and post a month."""
        self.run(month)
        return self.post(month)

    def months(self) -> dict[str, str]:
        """Return the sha256 of every file of every month."""
        return state_hashes(self.book / "months")

    def report(self, month: str) -> dict[str, Json]:
        """Return the rows of report.json, by `DE*SWM>DE*FAH`."""
        report = json.loads((self.book / "months" / month / "report.json").read_text("utf-8"))
        return {f"{row['cpo']}>{row['emsp']}": row for row in report["pairs"]}

    def findings(self, month: str) -> dict[str, MonthFinding]:
        """Return the findings of a month by `code cdr-id`."""
        found, _ = load_findings(self.book, BillingMonth.parse(month))
        return {f"{f.code} {f.cpo_cdr_id or f.emsp_cdr_id}": f for f in found}

    def store(self) -> BookStore:
        """Open the book's store."""
        return BookStore.open(self.book)

    def evclear(self, *arguments: object, **environment: str) -> "subprocess.CompletedProcess[str]":
        """Run the real command in a process of its own."""
        return evclear(self.book, *arguments, **environment)


def evclear(book: Path, *arguments: object, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run `evclear --book …` in a process of its own."""
    command = [sys.executable, "-m", "clearing", "--book", str(book), *map(str, arguments)]
    return subprocess.run(
        command, env=surroundings(environment), capture_output=True, encoding="utf-8", check=False, timeout=120
    )


def surroundings(more: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a process that finds this checkout from anywhere."""
    path = os.pathsep.join(part for part in (more.get("PYTHONPATH", ""), str(ROOT)) if part)
    return os.environ | {"PYTHONDONTWRITEBYTECODE": "1"} | more | {"PYTHONPATH": path}


def first_months(market: Market) -> None:
    """Deliver an October with a direct, a self-billed, a set-off and a controlled document, findings and a chain."""
    fahrstrom = [cdr("DE*SWM", "DE*FAH", f"F{n}", f"2026-10-0{n}T09:00", kwh=f"{10 + n}.5") for n in range(1, 5)]
    taken_back = cdr("DE*SWM", "DE*FAH", "F9", "2026-10-09T09:00")
    rounded = [
        cdr(*DOCUMENT_ROUNDED, f"R{n}", f"2026-10-1{n}T09:00", kwh=f"{n}.333", claimed=f"{n * 405 + 135}e-3")
        for n in range(1, 4)
    ]
    set_off = [
        cdr("DE*SWM", "AT*ALE", "A1", "2026-10-06T09:00"), cdr("AT*ALP", "DE*SWE", "B1", "2026-10-07T09:00", "30")
    ]  # fmt: skip
    others = [cdr("BE*CBR", "NL*PLG", "P1", "2026-10-08T09:00"), cdr("FR*RVL", "DE*SWE", "L1", "2026-10-08T09:00")]
    dear = cdr("DE*SWM", "DE*FAH", "F6", "2026-10-12T09:00", claimed="19.00")
    missed = cdr("DE*SWM", "DE*FAH", "F7", "2026-10-13T09:00")
    market.deliver("cpo", "swm.jsonl", *fahrstrom, taken_back, set_off[0], dear, missed)
    market.deliver("cpo", "more.jsonl.gz", *rounded, set_off[1], *others)
    market.deliver("cpo", "again.jsonl", fahrstrom[0], credit(taken_back, "F9-K"))
    market.deliver("emsp", "fah.jsonl", *fahrstrom, *rounded, dear)
    market.deliver("emsp", "all.jsonl", *set_off, *others)
