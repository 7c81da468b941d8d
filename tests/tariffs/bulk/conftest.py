"""Makes the shapes of the benchmarks and the random sessions importable: tests are no package."""

import sys
from pathlib import Path

TESTS = Path(__file__).parents[2]
sys.path[:0] = [str(Path(__file__).parent), str(TESTS / "benchmarks"), str(TESTS / "tariffs" / "independent")]
