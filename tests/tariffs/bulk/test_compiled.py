"""The compiled modules are those of these sources, are there where they are promised, and give the same bytes."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import shapes
from ordinary import text

from tariffs.bulk import lines, pricer

ROOT = Path(__file__).parents[3]
IS_COMPILED = not pricer.__file__.endswith(".py")
PROGRAM = """
import sys
from tariffs.bulk import pricer
from tariffs.bulk.lines import price_lines
assert pricer.__file__.endswith(".py") == (sys.argv[1] == "plain"), pricer.__file__
with open(sys.argv[2], "rb") as file:
    for line in price_lines(file):
        print(line)
"""


def test_compiled_where_it_is_promised() -> None:
    """`.ci/run` promises it; a build that failed there would otherwise go unnoticed, as Python falls back silently."""
    if os.environ.get("EVCLEAR_COMPILED") != "1":
        pytest.skip("nobody promised compiled modules (EVCLEAR_COMPILED=1 does)")
    assert IS_COMPILED, f"{pricer.__file__} is plain Python; what did pip say while it built evclear?"
    assert not lines.__file__.endswith(".py")


def test_compiled_of_these_sources() -> None:
    """Python takes the compiled module whatever the source beside it says."""
    built = sorted((ROOT / "tariffs" / "bulk").glob("*.so"))
    if not built:
        pytest.skip("nothing is compiled beside the sources")
    newest = max(path.stat().st_mtime for path in (ROOT / "tariffs" / "bulk").glob("*.py"))
    oldest = min(path.stat().st_mtime for path in built)
    assert newest <= oldest, "tariffs/bulk was changed after it was compiled: run `make setup`"


def test_same_bytes_compiled_and_plain(tmp_path: Path) -> None:
    if not IS_COMPILED:
        pytest.skip("nothing is compiled here, so there is but one way")
    made = [line for shape in shapes.SHAPES for line in shapes.lines(shape, 500)]
    made += [f"{one}\n" for seed in range(4000) if (one := text(seed)) is not None]
    path = tmp_path / "cdrs.jsonl"
    path.write_text("".join(made), encoding="utf-8")
    folder = tmp_path / "plain"
    shutil.copytree(ROOT / "tariffs", folder / "tariffs", ignore=shutil.ignore_patterns("*.so", "*.pyd"))
    compiled = run("compiled", path, ROOT)
    assert compiled == run("plain", path, folder)
    assert compiled.count(b"\n") == len(made)


def run(way: str, path: Path, sources: Path) -> bytes:
    """What a process of its own makes of a file."""
    command = [sys.executable, "-c", PROGRAM, way, str(path)]
    done = subprocess.run(command, cwd=sources, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout
