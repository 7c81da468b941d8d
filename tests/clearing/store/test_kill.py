"""Killed with -9 in the middle of a write, the store has done nothing of it or all of it."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from clearing.months import BillingMonth
from clearing.store import BookStore

ADDING = """
def records():
    for number in range(20_000):
        if number == 15_000:
            ready()
        yield record(number)
store.add_charges(DeliveredFile(Side.CPO, "cdr", "b", "b" * 64, 1, 1), records())
"""
POSTING = """
with store.posting() as posting:
    posting.draw_number("A", "", 2026)
    posting.post(StoredRun(BillingMonth(2026, 10), date(2026, 11, 3), "", "", b"", True), [], [document], [], ends)
    ready()
"""
PROGRAM = """
import sys, time
from datetime import date
from pathlib import Path
from clearing.months import BillingMonth
from clearing.parties import Side
from clearing.records import ChargeRecord, Kind, Where
from clearing.store import *

def record(number, file="b"):
    where = Where(f"{file}:{number}", file * 64, number, 1)
    return ChargeRecord(0, Side.CPO, Kind.CDR, where, "h", None, None, str(number), None, None, None, None, None)

def ready():
    print("ready", flush=True)
    time.sleep(60)

day = date(2026, 11, 3)
document = PostedDocument("1", "A", "invoice", BillingMonth(2026, 10), "C", "E", "EUR", 1, 0, 1, day, day, "f", b"")
ends = [ChargeEnd(number, "billed") for number in range(1, 5001)]
store = BookStore.open(Path(sys.argv[1]))
"""
PREPARATION = """
store.add_charges(DeliveredFile(Side.CPO, "cdr", "a", "a" * 64, 1, 1), (record(n, "a") for n in range(5000)))
store.close()
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no kill -9")
@pytest.mark.parametrize("work", [ADDING, POSTING], ids=["adding a file", "posting a month"])
def test_killed_in_the_middle_nothing_is_done(tmp_path: Path, work: str) -> None:
    subprocess.run([sys.executable, "-c", PROGRAM + PREPARATION, tmp_path], check=True)
    command = [sys.executable, "-c", PROGRAM + work, tmp_path]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as killed:
        assert killed.stdout is not None
        assert killed.stdout.readline() == "ready\n"
        killed.kill()
    with BookStore.open(tmp_path) as store:
        assert ["a"] == [file.path for file in store.files()]
        assert len(store.open_records()) == 5000
        assert [] == store.posted_months()
        assert [] == store.documents(BillingMonth(2026, 10))
        with store.posting() as posting:
            assert posting.draw_number("A", "", 2026) == 1
