"""What every verb shares: help, the book's folder, exit codes, interrupts and closed pipes."""

import os
import subprocess
import sys
import zoneinfo
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from clearing import commands
from clearing.commands import VERBS, main
from clearing.errors import BookLocked, ClearingError, IntegrityFailure, Refused
from tariffs.errors import UnknownCurrency

ROOT = Path(__file__).parents[3]
VERBS_OF_THE_CONTRACT = {
    *("init", "check", "ingest", "run", "post", "report", "findings", "price", "lint", "convert", "explain", "demo"),
    *("differences", "generate", "draw"),
}


@pytest.fixture
def verb(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """A verb `check` that raises, returns or calls what is put into the list."""
    does: list[object] = []

    @click.command()
    @click.pass_context
    def check(ctx: click.Context) -> object:
        (wanted,) = does
        if isinstance(wanted, BaseException):
            raise wanted
        if callable(wanted):
            return wanted(ctx)
        return wanted

    monkeypatch.setattr(commands.Verbs, "get_command", lambda self, ctx, name: check if name == "check" else None)
    return does


def test_every_verb_of_the_contract_is_in_help() -> None:
    assert set(VERBS) == VERBS_OF_THE_CONTRACT
    result = CliRunner().invoke(main, ["--help"])
    assert result.exit_code == 0
    assert all(f"\n  {name} " in result.output for name in VERBS)


EXIT_CODES = [
    pytest.param(None, 0, "", id="done"),
    pytest.param(7, 0, "", id="what a verb returns is no exit code"),
    pytest.param(SystemExit(3), 3, "", id="people must act"),
    pytest.param(lambda ctx: ctx.exit(3), 3, "", id="people must act, as click has it"),
    pytest.param(SystemExit(None), 0, "", id="exit without a code"),
    pytest.param(SystemExit("why"), 1, "why", id="exit with a message"),
    pytest.param(Refused("cdrs.json: found none"), 4, "cdrs.json: found none", id="an input cannot be used"),
    pytest.param(Refused("a.toml:1: x\na.toml:2: y"), 4, "a.toml:1: x\na.toml:2: y", id="several lines"),
    pytest.param(BookLocked("another run"), 5, "another run", id="locked"),
    pytest.param(IntegrityFailure("changed"), 6, "changed", id="integrity"),
    pytest.param(ClearingError("odd"), 1, "odd", id="any other of ours"),
    pytest.param(UnknownCurrency("'EURO' is none"), 1, "'EURO' is none", id="of the tariffs"),
    pytest.param(click.UsageError("no such month"), 2, "no such month", id="wrong use"),
    pytest.param(click.FileError("a.json", "not there"), 4, "a.json", id="a file"),
    pytest.param(KeyboardInterrupt(), 130, "run the command again", id="interrupted"),
    pytest.param(ValueError("x\ny"), 1, "Unexpected error: ValueError: x y. Set EVCLEAR_DEBUG=1", id="unexpected"),
    pytest.param(BrokenPipeError(32, "Broken pipe"), 0, "", id="closed pipe"),
]


@pytest.mark.parametrize(("does", "code", "message"), EXIT_CODES)
def test_exit_codes(verb: list[object], does: object, code: int, message: str) -> None:
    verb.append(does)
    result = CliRunner().invoke(main, ["check"])
    assert result.exit_code == code
    assert message in result.stderr
    assert bool(message) == bool(result.stderr)
    assert "Traceback" not in result.output


def test_debug_shows_where(verb: list[object]) -> None:
    verb.append(ValueError("x"))
    result = CliRunner().invoke(main, ["check"], env={"EVCLEAR_DEBUG": "1"})
    assert result.exit_code == 1
    assert "Traceback" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "env", "book"),
    [
        pytest.param([], {}, ".", id="the current folder"),
        pytest.param([], {"EVCLEAR_BOOK": "there"}, "there", id="EVCLEAR_BOOK"),
        pytest.param(["--book", "here"], {"EVCLEAR_BOOK": "there"}, "here", id="--book wins"),
    ],
)
def test_the_folder_of_the_book(verb: list[object], arguments: list[str], env: dict[str, str], book: str) -> None:
    seen: list[object] = []
    verb.append(lambda ctx: seen.append(ctx.obj))
    assert CliRunner().invoke(main, [*arguments, "check"], env={"EVCLEAR_BOOK": None, **env}).exit_code == 0
    assert seen == [Path(book)]


def test_the_zones_of_tzdata_decide(verb: list[object]) -> None:
    before = zoneinfo.TZPATH
    try:
        verb.append(None)
        CliRunner().invoke(main, ["check"])
        assert zoneinfo.TZPATH == ()
    finally:
        zoneinfo.reset_tzpath(to=before)


@pytest.mark.parametrize("arguments", [["chek"], ["--nope"], ["check", "--nope"]], ids=" ".join)
def test_wrong_use(arguments: list[str]) -> None:
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 2
    assert "Error: No such" in result.stderr


@pytest.mark.parametrize("front_door", [["cli.py"], ["-m", "clearing"]], ids=["cli.py", "python -m clearing"])
def test_both_front_doors_are_the_command(front_door: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, *front_door, "--help"], cwd=ROOT, capture_output=True, text=True, check=True, encoding="utf-8"
    )
    assert done.stdout.startswith("Usage: evclear [OPTIONS] COMMAND")
    version = subprocess.run(
        [sys.executable, *front_door, "--version"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert version.stdout.startswith("evclear ")


def test_help_loads_no_verb_and_nothing_heavy() -> None:
    script = (
        "import sys; from clearing.commands import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = ('pydantic', 'sqlalchemy', 'reportlab', 'babel', 'stdnum', 'clearing.commands.check')\n"
        "sys.exit(', '.join(name for name in heavy if name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stderr.strip() == ""


@pytest.mark.skipif(os.name == "nt", reason="pipes of POSIX")
@pytest.mark.parametrize("arguments", [["--help"], ["--book", ".", "check"]], ids=["help", "a verb"])
def test_a_closed_pipe_is_silent(tmp_path: Path, arguments: list[str]) -> None:
    (tmp_path / "evclear.toml").write_text('[book]\nissues_for = "FILL IN"\n', encoding="utf-8")
    reader, writer = os.pipe()
    os.close(reader)
    script = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from clearing.commands import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments], cwd=tmp_path, stdout=writer, stderr=subprocess.PIPE, check=False
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")
