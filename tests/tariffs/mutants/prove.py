"""`make mutants`: a million broken inputs (N=… for another number), all cores, the result in RESULT.md."""

import sys
from collections import Counter
from multiprocessing import Pool
from pathlib import Path
from time import perf_counter
from typing import Any

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[3])]

from grounds import CONFORMANCE, grounds  # noqa: E402
from judging import LONGEST, judge  # noqa: E402
from mutations import mutant  # noqa: E402

from tariffs import Tariff  # noqa: E402
from tariffs.ocpi import decode, read_tariff  # noqa: E402

CHUNK = 500
EVERY = 25_000
FIRST = 10_000_000  # other seeds than those of `make test`
WITH_CONFORMANCE = CONFORMANCE.exists()
Line = tuple[int, str, str, str, tuple[str, ...], Any]
HEAD = """# Last result of `make mutants`

Written by `prove.py`. Each input is a CDR, a Session or a tariff of our cases, broken in its bytes, its structure or
its values. It is read, priced and verified; one in ten is looked through by lint and converted as well. `judging.py`
says what must hold.
"""


class Tally:
    """What came of the inputs so far; RESULT.md is written again and again, so that a run cut short is not lost."""

    def __init__(self) -> None:
        self.began = perf_counter()
        self.outcomes: Counter[str] = Counter()
        self.ways: Counter[str] = Counter()
        self.broken: list[tuple[int, str, tuple[str, ...]]] = []
        self.slowest: tuple[Any, int] = (0, 0)

    def add(self, part: list[Line]) -> None:
        """Take in a chunk, and print at once what broke a rule."""
        for seed, name, how, outcome, violations, seconds in part:
            self.outcomes[outcome] += 1
            self.ways[how] += 1
            self.slowest = max(self.slowest, (seconds, seed))
            if violations:
                self.broken.append((seed, f"{name}, {how}", violations))
                print(seed, name, how, *violations, sep="\n    ", file=sys.stderr, flush=True)

    def lines(self) -> list[str]:
        """The result in lines."""
        return [
            f"- inputs: {sum(self.outcomes.values())} (seeds from {FIRST}), made of {len(_grounds())} objects",
            *(f"- broken in {how}: {times}" for how, times in sorted(self.ways.items())),
            *(f"- {outcome}: {times}" for outcome, times in sorted(self.outcomes.items())),
            f"- uncaught exceptions, missing reasons, made-up totals, or more than {LONGEST} s of CPU: "
            f"{len(self.broken)}",
            f"- the slowest took {self.slowest[0]:.2f} s of CPU (seed {self.slowest[1]})",
            f"- seconds: {round(perf_counter() - self.began)}",
        ]

    def write(self) -> None:
        """Write RESULT.md."""
        Path(__file__).with_name("RESULT.md").write_text("\n".join([HEAD, *self.lines(), ""]), "utf-8")


def main(count: int) -> int:
    """Judge, print, write the result; 0 when everything held for every input."""
    tally = Tally()
    with Pool() as pool:
        for number, part in enumerate(pool.imap_unordered(_chunk, range(FIRST, FIRST + count, CHUNK)), 1):
            tally.add(part)
            if number * CHUNK % EVERY == 0:
                tally.write()
                print(f"{number * CHUNK} of {count}, {len(tally.broken)} broke a rule", file=sys.stderr, flush=True)
    tally.write()
    print("\n".join(tally.lines()))
    return 1 if tally.broken else 0


def _grounds() -> tuple[object, ...]:
    return grounds(with_conformance=WITH_CONFORMANCE)


def _chunk(first: int) -> list[Line]:
    given = given_tariffs()
    found = []
    for seed in range(first, first + CHUNK):
        one = mutant(seed, with_conformance=WITH_CONFORMANCE)
        judged = judge(one, given)
        found.append((seed, one.name, one.how, judged.outcome, judged.violations, judged.seconds))
    return found


def given_tariffs() -> tuple[Tariff, ...]:
    """Tariffs that a caller has beside the CDRs: of our own cases."""
    texts = [g.text for g in grounds(with_conformance=False) if g.kind == "tariff"][:6]
    read = [read_tariff(decode(text)).tariff for text in texts]
    return tuple(tariff for tariff in read if tariff is not None)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000))
