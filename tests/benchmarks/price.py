"""How long `evclear price` takes, held against merely decoding the same bytes exactly: ratios within one run.

    python tests/benchmarks/price.py [CDRS]

*Decode* is msgspec with typed shapes (`decoding`). *Price* is `evclear price --format jsonl FILE > /dev/null` in this
process, from bytes to lines, once with the compiled modules where there are any and once in plain Python: a copy of the
sources in a process of its own, which times its own decoding. Times are CPU seconds, the best of some rounds,
interleaved, so that a busy machine moves them but hardly their ratio. *Whole way* is the share of records that the bulk
way left to the engine.
"""

import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(HERE)]

import decoding  # noqa: E402
import shapes  # noqa: E402

ROUNDS = 3


def price(path: Path) -> None:
    """What `evclear price --format jsonl FILE > /dev/null` does."""
    from clearing.commands import main

    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        with contextlib.redirect_stdout(nowhere), contextlib.redirect_stderr(io.StringIO()):
            main.main(["price", "--format", "jsonl", str(path)], standalone_mode=False)


def spent(work: Callable[[Path], None], path: Path) -> float:
    """CPU seconds of one call."""
    begin = time.process_time()
    work(path)
    return time.process_time() - begin


def seconds(path: Path, rounds: int) -> tuple[float, float]:
    """Decoding and pricing a file: the best of some rounds, one after the other."""
    both = [(spent(decoding.decode, path), spent(price, path)) for _ in range(rounds)]
    return min(decode for decode, _ in both), min(whole for _, whole in both)


def seconds_in_plain_python(path: Path, rounds: int) -> tuple[float, float]:
    """The same in a process that finds the sources only."""
    with tempfile.TemporaryDirectory() as folder:
        for package in ("clearing", "tariffs"):
            shutil.copytree(ROOT / package, Path(folder) / package, ignore=shutil.ignore_patterns("*.so", "*.pyd"))
        command = [sys.executable, str(HERE / "price.py"), "--one", str(path), str(rounds)]
        run = subprocess.run(command, env={**os.environ, "PYTHONPATH": folder}, capture_output=True, check=True)
    decode, whole = json.loads(run.stdout)
    return decode, whole


def whole_way(path: Path) -> int:
    """How many records the bulk way leaves to the engine."""
    from tariffs.answers import PricingOptions
    from tariffs.bulk.lines import LinePricer

    pricer = LinePricer(PricingOptions())
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            pricer.block(line.rstrip(b"\n"), number, "f", number)
    return pricer.whole_way


def measure(count: int) -> None:
    """Print one row per shape."""
    from tariffs.bulk import pricer

    compiled = not pricer.__file__.endswith(".py")
    print(f"{count} CDRs a shape, all different; CPU, the best of {ROUNDS}; compiled: {'yes' if compiled else 'no'}\n")
    head = f"{'':<41}{'bytes':>7}{'decode':>11}{'price':>11}"
    print(f"{head}{'ratio':>7}{'CDRs/s':>9}{'whole way':>11}{'plain Python':>14}")
    with tempfile.TemporaryDirectory() as folder:
        for shape in shapes.SHAPES:
            path = Path(folder) / "cdrs.jsonl"
            with path.open("w", encoding="utf-8") as file:
                file.writelines(shapes.lines(shape, count))
            decode, whole = seconds(path, ROUNDS)
            plain = seconds_in_plain_python(path, 1 if compiled else ROUNDS)
            row = f"{shape.name:<41}{path.stat().st_size // count:>7}"
            row += f"{decode / count * 1e6:>8.1f} us{whole / count * 1e6:>8.1f} us{whole / decode:>7.2f}"
            row += f"{count / whole:>9,.0f}{whole_way(path) / count:>11.2%}{plain[1] / plain[0]:>14.2f}"
            print(row, flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(seconds(Path(sys.argv[2]), int(sys.argv[3]))))
    else:
        measure(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
