"""`make mutants`: a million broken inputs (N=… for another number), all cores, the result in RESULT.md."""

import sys
from collections import Counter
from multiprocessing import Pool
from pathlib import Path
from time import perf_counter

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[3])]

from grounds import CONFORMANCE, grounds  # noqa: E402
from judging import LONGEST, judge  # noqa: E402
from mutations import mutant  # noqa: E402

from tariffs import Tariff  # noqa: E402
from tariffs.ocpi import decode, read_tariff  # noqa: E402

CHUNK = 500
FIRST = 10_000_000  # other seeds than those of `make test`
WITH_CONFORMANCE = CONFORMANCE.exists()
HEAD = """# Last result of `make mutants`

Written by `prove.py`. Each input is a CDR, a Session or a tariff of our cases, broken in its bytes, its structure or
its values. It is read, priced and verified; one in ten is looked through by lint and converted as well. `judging.py`
says what must hold.
"""


def main(count: int) -> int:
    """Judge, print, write the result; 0 when everything held for every input."""
    began = perf_counter()
    outcomes: Counter[str] = Counter()
    ways: Counter[str] = Counter()
    broken: list[tuple[int, str, tuple[str, ...]]] = []
    slowest = (0, 0)
    done = 0
    with Pool() as pool:
        for part in pool.imap_unordered(_chunk, range(FIRST, FIRST + count, CHUNK)):
            done += CHUNK
            for seed, name, how, outcome, violations, seconds in part[:count]:
                outcomes[outcome] += 1
                ways[how] += 1
                slowest = max(slowest, (seconds, seed))
                if violations:
                    broken.append((seed, f"{name}, {how}", violations))
            if done % 50_000 < CHUNK:
                print(f"{done} of {count}, {len(broken)} broke a rule", file=sys.stderr, flush=True)
    lines = [
        f"- inputs: {sum(outcomes.values())} (seeds from {FIRST}), made of {len(_grounds())} objects",
        *(f"- broken in {how}: {times}" for how, times in sorted(ways.items())),
        *(f"- {outcome}: {times}" for outcome, times in sorted(outcomes.items())),
        f"- uncaught exceptions, missing reasons, made-up totals, or more than {LONGEST} s of CPU: {len(broken)}",
        f"- the slowest took {slowest[0]:.2f} s of CPU (seed {slowest[1]})",
        f"- seconds: {round(perf_counter() - began)}",
    ]
    print("\n".join(lines))
    for seed, where, violations in sorted(broken)[:40]:
        print(seed, where, *violations, sep="\n    ")
    Path(__file__).with_name("RESULT.md").write_text("\n".join([HEAD, *lines, ""]), "utf-8")
    return 1 if broken else 0


def _grounds() -> tuple[object, ...]:
    return grounds(with_conformance=WITH_CONFORMANCE)


def _chunk(first: int) -> list[tuple[int, str, str, str, tuple[str, ...], object]]:
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
