"""A month's outcome as the folder `months/2026-10`: written beside, forced to the disk, and put in place at once.

Killed at any step, the next `run` or `post` finds either the old folder or the new one, or writes it again from what
is stored: the same outcome gives the same bytes.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path

from clearing.documents import invoice_pdf, statement_pdf
from clearing.documents.month_report import (
    charges_csv,
    documents_folder,
    findings_csv,
    findings_jsonl,
    folder_of,
    report_json,
)
from clearing.documents.month_text import report_text
from clearing.invoicing.invoice import Invoice
from clearing.processes import pool
from clearing.settlement.outcome import MonthOutcome

MANIFEST = "manifest.json"
_WORTH_PROCESSES = 30_000
"""To start two processes takes two CPU seconds: as much as 10,000 charges take in one."""
Progress = Callable[[str], None]


def write(book: Path, outcome: MonthOutcome, say: Progress, jobs: int = 1) -> Path:
    """Write a month's folder in place of the one that stands there, and return it; `jobs` processes draw."""
    target = book / folder_of(outcome)
    part, old = _beside(target)
    target.parent.mkdir(exist_ok=True)
    _sweep(target)
    part.mkdir()
    outputs = []
    for name, content in _files(outcome, say, jobs):
        _write_file(part / name, content)
        outputs.append({"file": name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()})
    _write_file(part / MANIFEST, manifest(outcome, outputs))
    for folder in (*(d for d in part.rglob("*") if d.is_dir()), part):
        _sync(folder)
    if target.exists():
        os.replace(target, old)
    os.replace(part, target)
    _sync(target.parent)
    shutil.rmtree(old, ignore_errors=True)
    return target


def ensure(book: Path, outcome: MonthOutcome, say: Progress, jobs: int = 1) -> Path:
    """Write a month's folder again unless it stands there whole, as its manifest says."""
    target = book / folder_of(outcome)
    if not is_whole(target, outcome):
        return write(book, outcome, say, jobs)
    _sweep(target)
    return target


def _beside(target: Path) -> tuple[Path, Path]:
    """Return where the next folder is written, and where the one before goes until it is removed."""
    return target.parent / f".{target.name}.part", target.parent / f".{target.name}.old"


def _sweep(target: Path) -> None:
    """Remove what a killed run left beside a month's folder."""
    for stale in _beside(target):
        shutil.rmtree(stale, ignore_errors=True)


def is_whole(folder: Path, outcome: MonthOutcome) -> bool:
    """Whether every file of a folder is what the manifest of this outcome says."""
    try:
        listed = json.loads((folder / MANIFEST).read_bytes(), parse_float=Decimal)
        if (listed["as_of"], listed["state"]) != (outcome.as_of.isoformat(), _state(outcome)):
            return False
        return all(
            hashlib.sha256((folder / output["file"]).read_bytes()).hexdigest() == output["sha256"]
            for output in listed["outputs"]
        )
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _state(outcome: MonthOutcome) -> str:
    return "posted" if outcome.posted else "draft"


def _files(outcome: MonthOutcome, say: Progress, jobs: int) -> Iterator[tuple[str, bytes]]:
    decided = dict.fromkeys(outcome.decided, "")
    month = str(outcome.month)
    invoices, settlements = documents_folder(outcome, "invoices"), documents_folder(outcome, "statements")
    for document, paper in _drawn(outcome.documents, say, jobs):
        yield f"{invoices}/{document.file_stem}.pdf", paper
    for statement in outcome.statements:
        yield f"{settlements}/{statement.name}.pdf", statement_pdf(statement)
    for pair in outcome.pairs:
        if pair.charges:
            yield f"charges/{pair.name}.csv", charges_csv(pair)
    yield "findings.jsonl", findings_jsonl(outcome.findings, month, decided)
    yield "findings.csv", findings_csv(outcome.findings, month, decided)
    yield "report.txt", report_text(outcome).encode()
    yield "report.json", report_json(outcome)


def _drawn(documents: Sequence[Invoice], say: Progress, jobs: int) -> Iterator[tuple[Invoice, bytes]]:
    """Draw documents in their order; several processes only where that is worth their start."""
    if jobs < 2 or len(documents) < 2 or sum(len(document.annex) for document in documents) < _WORTH_PROCESSES:
        for document in documents:
            say(f"drawing {document.file_stem}.pdf, {len(document.annex)} charges")
            yield document, invoice_pdf(document)
        return
    largest_first = sorted(range(len(documents)), key=lambda at: -len(documents[at].annex))
    with pool(min(jobs, len(documents))) as workers:
        papers = {at: workers.submit(invoice_pdf, documents[at]) for at in largest_first}
        for at, document in enumerate(documents):
            say(f"drawing {document.file_stem}.pdf, {len(document.annex)} charges")
            yield document, papers.pop(at).result()


def manifest(outcome: MonthOutcome, outputs: list[dict[str, object]]) -> bytes:
    """Return the manifest: what the month was made from, with which versions, and the hash of every output."""
    value = {
        "schema": "evclear.manifest/1",
        "month": str(outcome.month),
        "as_of": outcome.as_of.isoformat(),
        "state": _state(outcome),
        "versions": outcome.versions,
        "evclear_toml": outcome.terms_hash,
        "inputs": [
            {"side": i.side, "kind": i.kind, "path": i.path, "bytes": i.size, "records": i.records, "sha256": i.sha256}
            for i in outcome.inputs
        ],
        "outputs": outputs,
    }
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def _write_file(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
