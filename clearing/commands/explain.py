"""evclear explain: how the price of a CDR comes about, step by step, to be recalculated by hand. Needs no book."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

import click

from clearing.commands import let_go_of_stdout
from clearing.commands.priced_input import (
    pricing_options,
    read_record,
    with_pricing_options,
)
from clearing.intake.json_records import RawRecord, UnreadableFile, read_records
from tariffs.answers import PricingOptions, ReadRecord
from tariffs.explanation import SCHEMA, Explanation, as_markdown, as_text, as_values, explain_unreadable
from tariffs.explanation import explain as explain_cdr

_Write = Callable[[int, str, Explanation], str]


@click.command()
@with_pricing_options
@click.option("--cdr", "wanted", metavar="ID", help="Explain only the CDR of this id; upper and lower case are one.")
@click.option("--lang", type=click.Choice(["en", "de"]), default="en", show_default=True, help="English or German.")
@click.option(
    "--format",
    "output",
    type=click.Choice(["text", "markdown", "json"]),
    default="text",
    show_default=True,
    help="text or markdown for people, json for programs.",
)
@click.pass_context
def explain(
    ctx: click.Context,
    files: tuple[str, ...],
    tariff: str | None,
    tariff_override: bool,
    time_zone: str | None,
    ocpi_version: str | None,
    as_of: datetime | None,
    wanted: str | None,
    lang: str,
    output: str,
) -> None:
    """Explain the price of CDRs and Sessions of OCPI step by step; FILE may be - for standard input.

    Which tariff, which element in each charging period and why the earlier ones do not apply, measured and billed
    quantity, cost, limits and total: multiplying and adding the numbers gives the price. Each step cites OCPI or, where
    it is silent, our decision. Files and exit codes are those of price; a CDR of --cdr that is in no file is 4.
    """
    options = pricing_options(ctx, tariff, tariff_override, time_zone, ocpi_version, as_of)
    run = _Run()
    try:
        _print(run.answers(files, options, wanted, partial(_WRITERS[output], lang)), output)
    except BrokenPipeError:
        let_go_of_stdout()
    if run.needing:
        click.echo(f"{run.needing} of {run.count} CDRs have no price or a finding that waits for a person.", err=True)
    if wanted is not None and not run.count:
        click.echo(f"No CDR has the id {wanted}; evclear price FILE… lists those there are.", err=True)
        ctx.exit(4)
    ctx.exit(4 if run.unreadable else 3 if run.needing else 0)


@dataclass(slots=True)
class _Run:
    """One call of the command: what its exit code will say, and the answers in input order."""

    count: int = 0
    needing: int = 0
    unreadable: bool = False

    def answers(
        self, files: Iterable[str], options: PricingOptions, wanted: str | None, write: _Write
    ) -> Iterator[str]:
        """Give out one explanation after the other; a file that cannot be used stops no other."""
        number = 0
        for path in files:
            try:
                for record in read_records(path):
                    number += 1
                    read = read_record(record, options)
                    if wanted is None or (read.cdr_id or "").lower() == wanted.lower():
                        yield self._answer(number, record, read, options, write)
            except UnreadableFile as problem:
                self.unreadable = True
                click.echo(f"unreadable-file: {problem}", err=True)

    def _answer(self, number: int, record: RawRecord, read: ReadRecord, options: PricingOptions, write: _Write) -> str:
        self.count += 1
        if read.cdr is None:
            explanation = explain_unreadable(read.findings, read.version)
        else:
            explanation = explain_cdr(
                read.cdr,
                tariffs=options.tariffs,
                override=options.override,
                time_zone=options.time_zone,
                findings=read.findings,
            )
        is_priced = explanation.breakdown.priced
        self.needing += not is_priced or any(f.severity.needs_people for f in explanation.findings)
        return write(number, record.where, explanation)


def _text(lang: str, number: int, where: str, explanation: Explanation) -> str:
    return f"{_printable(where)}\n{as_text(explanation, lang)}"


def _markdown(lang: str, number: int, where: str, explanation: Explanation) -> str:
    return f"{as_markdown(explanation, lang)}\n`{_printable(where)}`\n"


def _printable(where: str) -> str:
    """A path, with a question mark for whatever cannot be printed or would end a code span."""
    return "".join(c if c.isprintable() and c != "`" else "?" for c in where)


def _json(lang: str, number: int, where: str, explanation: Explanation) -> str:
    head = {"schema": SCHEMA, "record": number, "where": where}
    return json.dumps({**head, **as_values(explanation, lang)}, ensure_ascii=False)


_WRITERS: Final = {"text": _text, "markdown": _markdown, "json": _json}


def _print(answers: Iterator[str], output: str) -> None:
    stream = sys.stdout.buffer
    if output == "json":
        stream.write(b'{"schema": "%s", "records": [\n' % SCHEMA.encode())
    separator = ",\n" if output == "json" else "\n"
    before = ""
    for answer in answers:
        stream.write((before + answer).encode("utf-8", "backslashreplace"))
        stream.flush()
        before = separator
    stream.write(b"\n]}\n" if output == "json" else b"")
    stream.flush()
