"""A whole month on made-up data: seconds, CDRs per second and memory of each step, as the command line does it.

    python tests/benchmarks/month.py [CDRS]

CPU seconds include those of all worker processes; memory is the most that any one process held. The data are those of
`evclear demo`, with its planted discrepancies.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from clearing.demo import generate

MONTH = "2026-10"


def measure(count: int) -> None:
    """Make a month of `count` charges and print a row for each step."""
    with tempfile.TemporaryDirectory() as folder:
        book = Path(folder)
        began = time.perf_counter()
        deliveries = generate(book, count, 7)
        print(f"{count} charges, made in {time.perf_counter() - began:.1f} s\n")
        print(f"{'step':<8}{'wall s':>9}{'CPU s':>9}{'charges/CPU s':>15}{'peak MB':>9}")
        ingests = [["ingest", d.kind, *map(str, d.paths), *(["--side", d.side] if d.side else [])] for d in deliveries]
        for name, calls in (("ingest", ingests), ("run", [["run", MONTH]]), ("post", [["post", MONTH]])):
            rows = [call(book, arguments) for arguments in calls]
            wall, cpu, peak = sum(r[0] for r in rows), sum(r[1] for r in rows), max(r[2] for r in rows)
            print(f"{name:<8}{wall:>9.1f}{cpu:>9.1f}{count / cpu:>15.0f}{peak:>9}", flush=True)


def call(book: Path, arguments: list[str]) -> tuple[float, float, int]:
    """Run evclear; return wall seconds, CPU seconds and peak memory in MB."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "clearing", "--book", str(book), *arguments]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 3):
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    return time.perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss // 1024


if __name__ == "__main__":
    measure(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
