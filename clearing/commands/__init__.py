"""The command line: one file per verb, loaded when its verb is called, so that `--help` is quick.

A verb takes its options, calls the room that knows, prints, and ends with an exit code; rules of the business are
not here. What every verb shares is: the book's folder as `ctx.obj`, exceptions as exit codes, and closed pipes.
"""

import errno
import gc
import io
import os
import sys
import traceback
import zoneinfo
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module, metadata
from pathlib import Path
from typing import Any

import click

from clearing.errors import ClearingError
from clearing.parties import BOOK_FILE
from clearing.processes import GC_THRESHOLDS
from tariffs.errors import TariffsError

VERBS = {
    "init": "Set up a book: one folder with the companies, agreements and VAT rules.",
    "check": "Read evclear.toml and say what is missing or wrong, with its line.",
    "ingest": "Take in the files of CDRs, sessions, tariffs and tokens.",
    "run": "Settle a month: price, verify, reconcile and draft. Repeat as you like.",
    "findings": "Look at what waits for a person, and decide.",
    "report": "Show where every charge of a month ended, and who owes whom.",
    "post": "Draw the document numbers, post, and close the month.",
    "price": "Price CDRs by their tariffs; needs no book.",
    "differences": "Say why claims differ from their tariffs, for each charge and CPO; needs no book.",
    "explain": "Tell how the price of a CDR comes about, step by step; needs no book.",
    "lint": "Say what is wrong or suspicious in tariffs and CDRs; needs no book.",
    "convert": "Convert CDRs and tariffs to another version of OCPI; needs no book.",
    "generate": "Make up CDRs that show what a tariff does; needs no book.",
    "draw": "Draw a tariff: its prices over the week, and what a charge costs; needs no book.",
    "demo": "Make up a month of several companies and settle it.",
}
"""Every verb in the order of the month, with its line in `--help`; its module has its name."""

_INTERRUPTED = 130


class PipeClosed(Exception):
    """Nobody reads stdout any more, as in `evclear report | head`: no failure."""


class Verbs(click.Group):
    """The commands by name; each is imported when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the verbs in the order of the month."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a verb."""
        if cmd_name not in VERBS:
            return None
        command: click.Command = getattr(import_module(f"clearing.commands.{cmd_name}"), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of verbs without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(VERBS.items()))

    def make_context(self, *args: Any, **extra: Any) -> click.Context:  # noqa: ANN401  passed on to click
        """Read the options of the group; `--help` and `--version` print here."""
        with _closed_pipe_told_apart():
            return super().make_context(*args, **extra)

    def invoke(self, ctx: click.Context) -> None:
        """Run a verb; what it returns is no exit code."""
        with _closed_pipe_told_apart():
            super().invoke(ctx)

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,  # noqa: ANN401  passed on to click
    ) -> Any:  # noqa: ANN401
        """Run the command line and end the process with the contract's exit code."""
        if not standalone_mode:
            return super().main(args, prog_name, complete_var, standalone_mode=False, **extra)
        code = 1
        _speak_utf8()
        try:
            code = super().main(args, prog_name or "evclear", complete_var, standalone_mode=False, **extra) or 0
        except SystemExit as end:
            code = _code_of(end)
        except BaseException as problem:
            code = _report(problem)
        finally:
            _flush()
        sys.exit(code)


def _speak_utf8() -> None:
    """Write UTF-8 to files and pipes whatever the machine's habit; a terminal knows its own letters."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and not stream.isatty():
            stream.reconfigure(encoding="utf-8")


def _report(problem: BaseException) -> int:
    """Say on stderr what went wrong and return the exit code for it."""
    match problem:
        case PipeClosed():
            return 0
        case click.FileError():
            problem.show()
            return 4
        case click.ClickException():
            problem.show()
            return problem.exit_code
        case click.Abort() | KeyboardInterrupt():
            click.echo("Interrupted; nothing is half done: run the command again.", err=True)
            return _INTERRUPTED
        case ClearingError():
            code = problem.exit_code
        case _:
            code = 1
    if os.environ.get("EVCLEAR_DEBUG"):
        click.echo("".join(traceback.format_exception(problem)).rstrip(), err=True)
    elif isinstance(problem, ClearingError | TariffsError):
        click.echo(str(problem), err=True)
    else:
        what = " ".join(f"{type(problem).__name__}: {problem}".split())
        click.echo(f"Unexpected error: {what}. Set EVCLEAR_DEBUG=1 and run again to see where.", err=True)
    return code


def _code_of(end: SystemExit) -> int:
    """The exit code of `sys.exit(…)`, which takes a number, nothing, or a message."""
    if end.code is None:
        return 0
    if isinstance(end.code, int):
        return end.code
    click.echo(end.code, err=True)
    return 1


@contextmanager
def _closed_pipe_told_apart() -> Iterator[None]:
    """Turn the error of a closed pipe into our own, as click would end with 1 for it."""
    try:
        yield
    except OSError as problem:
        if problem.errno == errno.EPIPE:
            raise PipeClosed from None
        raise


def let_go_of_stdout() -> None:
    """The reader of our output has enough (| head): nothing is wrong, and Python must not complain at exit."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def _flush() -> None:
    """Flush stdout; where the pipe is closed, turn it to nowhere, so that Python's own flush at exit is silent."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        let_go_of_stdout()


def _show_version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        try:
            version = metadata.version("evclear")
        except metadata.PackageNotFoundError:
            version = "(not installed)"
        click.echo(f"evclear {version}")
        ctx.exit()


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--book",
    metavar="FOLDER",
    envvar="EVCLEAR_BOOK",
    default=".",
    help=f"The folder that holds {BOOK_FILE}; else EVCLEAR_BOOK, else the current folder.",
)
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_show_version, help="Show the version."
)
@click.pass_context
def main(ctx: click.Context, book: str) -> None:
    """Settle charging between charge point operators (CPO) and e-mobility service providers (e-MSP).

    \b
    A month goes like this:
      evclear init BOOK --as cpo cdrs.jsonl    once: names, agreements and VAT rules; then fill in
      evclear check                            says what is still to fill in
      evclear ingest cdr cdrs.jsonl            the charge detail records of the month
      evclear run 2026-10                      prices, compares, drafts invoices and statements
      evclear findings list 2026-10            what a person must look at
      evclear post 2026-10                     numbers, postings; the month is closed

    \b
    Exit codes: 0 done, 1 unexpected error, 2 wrong use, 3 done but people must act,
    4 an input cannot be used, 5 another run is at work, 6 stored data was changed,
    130 interrupted.
    """
    zoneinfo.reset_tzpath(to=[])  # The time zones of pip's tzdata decide, whatever the machine has.
    gc.set_threshold(*GC_THRESHOLDS)
    ctx.obj = Path(book)
