"""`make proof`: both pricers on 100,000 random sessions, all cores, the result in RESULT.md."""

import sys
from multiprocessing import Pool
from pathlib import Path
from time import perf_counter

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[3])]

from agreement import disagreements  # noqa: E402
from sessions import session  # noqa: E402

CHUNK = 250
FIRST = 1_000_000  # other seeds than those of `make test`
HEAD = """# Last result of `make proof`

Written by `prove.py`.
"""


def main(count: int) -> int:
    """Compare, print, write the result; 0 when every session agrees."""
    began = perf_counter()
    apart: list[tuple[int, list[str]]] = []
    with Pool() as pool:
        for part in pool.imap_unordered(_chunk, range(FIRST, FIRST + count, CHUNK)):
            apart += part
    lines = [
        f"- sessions compared: {count} (seeds from {FIRST})",
        f"- agree to the last digit in all 16 values: {count - len(apart)}",
        f"- disagreements: {len(apart)}",
        f"- seconds: {round(perf_counter() - began)}",
    ]
    print("\n".join(lines))
    for seed, found in sorted(apart)[:20]:
        print(seed, *found, sep="\n    ")
    Path(__file__).with_name("RESULT.md").write_text("\n".join([HEAD, *lines, ""]), "utf-8")
    return 1 if apart else 0


def _chunk(first: int) -> list[tuple[int, list[str]]]:
    drawn = map(session, range(first, first + CHUNK))
    return [(one.seed, found) for one in drawn if (found := disagreements(one))]


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
