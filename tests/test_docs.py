"""The README is true: what it shows is run and compared, what it names exists."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from clearing.commands import VERBS, main
from clearing.findings import CATALOGUE

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text("utf-8")
PAGES = ("README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "CHANGELOG.md", "fixtures/README.md")
RUN = re.compile(r"<!-- run -->\n```console\n(.*?)```", re.DOTALL)
PYTHON = re.compile(r"```python\n(.*?)```\n\n```text\n(.*?)```", re.DOTALL)
EXIT_CODE = re.compile(r"\s+# exit code (\d+)\b.*$")
ROW = re.compile(r"^\| `([a-z-]+)` \| ([FSQWI]) \|(.+)\|(.+)\|$", re.MULTILINE)
DONE = "<done>"


@dataclass(frozen=True)
class Shown:
    """A command as the README shows it, with what it prints (`…` stands for any lines) and its exit code."""

    command: str
    exit_code: int
    output: str


def shown() -> list[Shown]:
    found = []
    for block in RUN.findall(README):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            line, _, output = part.partition("\n")
            code = EXIT_CODE.search(line)
            found.append(Shown(EXIT_CODE.sub("", line), int(code[1]) if code else 0, output.rstrip("\n")))
    return found


def checkout(folder: Path) -> dict[str, str]:
    """Make a folder that looks like a checkout, with the command `evclear`; return the environment."""
    shutil.copytree(ROOT / "fixtures", folder / "fixtures")
    programs = folder / "programs"
    programs.mkdir()
    (programs / "evclear").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m clearing "$@"\n', "utf-8")
    (programs / "evclear").chmod(0o755)
    path = os.pathsep.join((str(programs), os.environ.get("PATH", "")))
    return {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", "COLUMNS": "200"}


def test_the_console_blocks(tmp_path: Path) -> None:
    """All blocks are one session: a reader types them one after the other."""
    commands = shown()
    assert len(commands) >= 15
    script = "".join(f"{one.command}\necho '{DONE}' $?\n" for one in commands)
    env = checkout(tmp_path)
    ran = subprocess.run(["bash", "-c", script], cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    parts = re.split(rf"^{DONE} (\d+)\n", ran.stdout, flags=re.MULTILINE)
    assert len(parts) == 2 * len(commands) + 1, ran.stderr
    for one, output, code in zip(commands, parts[0::2], parts[1::2], strict=False):
        assert (one.command, one.exit_code) == (one.command, int(code))
        assert matches(one.output, output), f"$ {one.command}\n--- README:\n{one.output}\n--- really:\n{output}"


def matches(expected: str, output: str) -> bool:
    """Whether an output is what is shown, where a line `…` stands for any lines."""
    pattern = "".join("(.*\n)*" if line == "…" else re.escape(line) + "\n" for line in expected.splitlines())
    return re.fullmatch(pattern, output.rstrip("\n") + "\n" if output.strip() else "") is not None


@pytest.mark.parametrize("number", range(len(PYTHON.findall(README))))
def test_the_python_blocks(number: int, tmp_path: Path) -> None:
    code, output = PYTHON.findall(README)[number]
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=checkout(tmp_path), capture_output=True, text=True, check=False
    )
    assert (output, "") == (ran.stdout, ran.stderr)


def test_every_python_block_shows_what_it_prints() -> None:
    assert README.count("```python") == len(PYTHON.findall(README)) == 3


def test_every_verb_is_there_and_has_help() -> None:
    for verb in VERBS:
        assert f"`evclear {verb}" in README, verb
        told = CliRunner().invoke(main, [verb, "--help"])
        assert (verb, told.exit_code) == (verb, 0)
        assert len(told.output.splitlines()) > 5, verb


def test_every_exit_code_is_there() -> None:
    codes = re.findall(r"^\| (\d+) \| ", README, re.MULTILINE)
    assert codes == ["0", "1", "2", "3", "4", "5", "6", "130"]


def test_every_finding_is_there_in_its_order() -> None:
    rows = ROW.findall(README)
    assert [(code, severity) for code, severity, *_ in rows] == list(CATALOGUE.items())
    for code, _, means, to_do in rows:
        assert means.strip(), code
        assert to_do.strip(), code


def test_every_target_of_make_exists() -> None:
    made = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for page in PAGES:
        named = set(re.findall(r"(?:^|`)make ([a-z][a-z-]*)", (ROOT / page).read_text("utf-8"), re.MULTILINE))
        assert (page, named - made) == (page, set())


def test_links_resolve() -> None:
    pages = [ROOT / page for page in PAGES] + sorted((ROOT / "fixtures").glob("*/**/README.md"))
    for page in pages:
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text("utf-8")):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.relative_to(ROOT)} links to {target}"


def test_words() -> None:
    """Finance says "break" for what we call a finding: told once, so that both understand each other."""
    assert len(re.findall(r"\bbreaks?\b", README)) == 1
    assert "*Clearing* means" in README
