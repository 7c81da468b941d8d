"""Several processes make the same month as one, byte for byte, and go when whoever started them is gone."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from clearing import facts, ingest_files, month_folder, post_month, run_month
from clearing.demo import generate

MONTH = "2026-10"

PARENT = """
import os, sys, time
from clearing.processes import pool
if __name__ == "__main__":
    with pool(1) as workers:
        print(workers.submit(os.getpid).result(), flush=True)
        time.sleep(60)
"""


def settle(folder: Path, jobs: int) -> dict[str, bytes]:
    """Settle a small month and return its files."""
    made = generate(folder, cdrs=120, seed=3)
    for delivery in made:
        ingest_files(folder, delivery.kind, list(delivery.paths), delivery.side)
    run_month(folder, MONTH, jobs=jobs)
    post_month(folder, MONTH, jobs=jobs)
    months = folder / "months"
    return {path.relative_to(months).as_posix(): path.read_bytes() for path in months.rglob("*") if path.is_file()}


def test_two_processes_make_what_one_makes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = settle(tmp_path / "alone", 1)
    for room in (facts, month_folder):
        monkeypatch.setattr(room, "_WORTH_PROCESSES", 1)
    monkeypatch.setattr(facts, "_CHUNK", 7)
    assert settle(tmp_path / "shared", 2) == alone


@pytest.mark.skipif(sys.platform == "win32", reason="ends a process as only Unix can")
def test_a_worker_ends_with_its_killed_parent(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(PARENT, encoding="utf-8")
    parent = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    worker = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    for _ in range(200):
        try:
            os.kill(worker, 0)
        except ProcessLookupError:
            return
        # An orphan that ended stays in the process table until its new parent asks for it.
        state = Path(f"/proc/{worker}/stat")
        if state.exists() and state.read_text("utf-8").rpartition(")")[2].split()[0] == "Z":
            return
        time.sleep(0.1)
    os.kill(worker, signal.SIGKILL)
    pytest.fail("the worker waits for work forever")
