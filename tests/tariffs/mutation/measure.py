"""`make mutation`: changes the pricing modules line by line, asks the tests each time, and writes RESULT.md.

A mutant that no test notices is a survivor. All of them go, as differences, to mutants/survivors.txt; those that can
change no answer stand with their reasons in EQUIVALENT.md. `MODULES="charge limits"` measures only these.
"""

import ast
import difflib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
MUTANTS = ROOT / "mutants"
KILLED, TIMED_OUT = (1, 3), (24, 36, 152, 255)  # what mutmut notes for a test that failed, and for one too slow
LEAST = 90
HEAD = """# Last result of `make mutation`

Written by `measure.py`: mutmut changes one expression at a time in the modules that price, and runs the tests named in
`pyproject.toml` (`[tool.mutmut]`) until one fails. Survivors that can change no answer count against the score as well.

| module | mutants | killed | survived | not run | score |
|---|---|---|---|---|---|
"""


def main(modules: list[str]) -> int:
    """Run mutmut, sum up by module, write the result; 1 below the least score."""
    names = [f"tariffs.{module}.*" for module in modules]
    command = [str(Path(sys.executable).with_name("mutmut")), "run", "--max-children", "2", *names]
    quick = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}  # pytest starts once for each mutant
    done = subprocess.run(command, cwd=ROOT, env=quick, check=False)
    return done.returncode or sum_up()


def sum_up() -> int:
    """Write the result of what has been run so far: mutmut goes on where it was stopped when it is called again."""
    rows, survivors = [], []
    for path in sorted((MUTANTS / "tariffs").glob("*.meta")):
        module = path.name.removesuffix(".py.meta")
        noted = json.loads(path.read_text("utf-8"))["exit_code_by_key"]
        codes = {key: code for key, code in noted.items() if code is not None}
        if not codes:
            continue
        alive = [key for key, code in codes.items() if code not in KILLED + TIMED_OUT]
        rows.append((module, len(noted), len(codes) - len(alive), len(alive)))
        survivors += list(_differences(path.with_suffix(""), alive))
    (MUTANTS / "survivors.txt").write_text("\n".join(survivors), "utf-8")
    whole = ("all", *(sum(row[place] for row in rows) for place in (1, 2, 3)))
    lines = [
        f"| {name} | {all_of} | {killed} | {alive} | {all_of - killed - alive} | {_percent(killed, killed + alive)} % |"
        for name, all_of, killed, alive in [*rows, whole]
    ]
    print("\n".join(lines))
    (HERE / "RESULT.md").write_text(HEAD + "\n".join([*lines, ""]), "utf-8")
    return 0 if whole[2] * 100 >= LEAST * (whole[2] + whole[3]) else 1


def _percent(part: int, whole: int) -> str:
    return f"{1000 * part // whole / 10:.1f}"


def _differences(path: Path, alive: list[str]) -> Iterator[str]:
    """Each surviving mutant beside what it was made of; mutmut keeps both as functions of one module."""
    text = path.read_text("utf-8")
    lines = text.splitlines()
    found = {n.name: n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.FunctionDef)}
    for key in alive:
        name = key.rpartition(".")[2]
        nodes = [found[n] for n in (f"{name.rpartition('__mutmut_')[0]}__mutmut_orig", name)]
        bodies = [
            [line.split("  # type: ignore # mutmut")[0] for line in lines[n.lineno : n.end_lineno]] for n in nodes
        ]
        yield key
        yield from (line for line in difflib.unified_diff(*bodies, n=0, lineterm="") if line[:3] not in ("---", "+++"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
