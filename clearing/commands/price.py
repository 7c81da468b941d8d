"""evclear price: what each CDR costs by its tariff, beside what it claims. Needs no book."""

import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import click

from clearing.commands import let_go_of_stdout
from clearing.commands.price_text import as_text
from clearing.commands.priced_input import (
    pricing_options,
    read_record,
    with_output_options,
    with_pricing_options,
)
from clearing.intake.json_records import LineBlock, RawRecord, UnreadableFile, read_blocks, read_records
from clearing.processes import pool
from tariffs.answers import Answer, PricingOptions, answer_of
from tariffs.bulk.line import SCHEMA
from tariffs.bulk.lines import LinePricer
from tariffs.bulk.whole import line_of

_FEW: Final = 200


@click.command()
@with_pricing_options
@with_output_options("price")
@click.pass_context
def price(
    ctx: click.Context,
    files: tuple[str, ...],
    tariff: str | None,
    tariff_override: bool,
    time_zone: str | None,
    ocpi_version: str | None,
    as_of: datetime | None,
    output: str,
    jobs: int,
) -> None:
    """Price CDRs and Sessions of OCPI and show every step; FILE may be - for standard input.

    A file is one CDR, an array, an OCPI envelope or JSON Lines, also gzipped. A Session is priced by --tariff until
    its end, or so far (provisional). Every record gives exactly one answer
    in input order. Exit code 3: a CDR without a price, or a finding that needs a person; 4: a file cannot be used.
    """
    options = pricing_options(ctx, tariff, tariff_override, time_zone, ocpi_version, as_of)
    run = _Run()
    try:
        _write(run.answers(files, options, output, jobs), output)
        if run.needing:
            click.echo(
                f"{run.needing} of {run.count} CDRs have no price or a finding that waits for a person.", err=True
            )
    except BrokenPipeError:
        let_go_of_stdout()
    ctx.exit(4 if run.unreadable else 3 if run.needing else 0)


class _Run:
    """One call of the command: what its exit code will say, and the answers in input order."""

    def __init__(self) -> None:
        self.count = 0
        self.needing = 0
        self.unreadable = False

    def answers(self, files: Iterable[str], options: PricingOptions, output: str, jobs: int) -> Iterator[bytes]:
        """Give out the answers in portions; a few are under way at a time, so that memory stays flat."""
        portions = self._portions(files, output)
        if jobs == 1:
            pricer = _Pricer(options, output)
            for portion in portions:
                yield self._taken(pricer.answers(portion))
            return
        waiting: deque[Future[_Answers]] = deque()
        with pool(jobs, _begin, options, output) as workers:
            for portion in portions:
                waiting.append(workers.submit(_price, portion))
                if len(waiting) > 3 * jobs:
                    yield self._taken(waiting.popleft().result())
            while waiting:
                yield self._taken(waiting.popleft().result())

    def _taken(self, answers: "_Answers") -> bytes:
        lines, needing = answers
        self.needing += needing
        return lines

    def _portions(self, files: Iterable[str], output: str) -> Iterator["_Portion"]:
        """Blocks of lines as they lie in the file, single records a few at a time."""
        bare: list[RawRecord] = []
        for item in self._items(files, output):
            if isinstance(item, RawRecord):
                bare.append(item)
                if len(bare) < _FEW:
                    continue
            if bare:
                yield _Portion(self.count + 1, bare)
                self.count += len(bare)
                bare = []
            if isinstance(item, LineBlock):
                yield _Portion(self.count + 1, item)
                self.count += item.records
        if bare:
            yield _Portion(self.count + 1, bare)
            self.count += len(bare)

    def _items(self, files: Iterable[str], output: str) -> Iterator[RawRecord | LineBlock]:
        for path in files:
            try:
                yield from read_records(path) if output == "text" else read_blocks(path)
            except UnreadableFile as problem:
                self.unreadable = True
                click.echo(f"unreadable-file: {problem}", err=True)


_Answers = tuple[bytes, int]
"""Some answers, and how many of them need people."""


@dataclass(frozen=True, slots=True)
class _Portion:
    """Some of the input; `number` is that of its first record over all files."""

    number: int
    content: list[RawRecord] | LineBlock


class _Pricer:
    """Prices portion after portion in one process."""

    def __init__(self, options: PricingOptions, output: str) -> None:
        self._options = options
        self._answer: Callable[[Answer], bytes] = _as_text if output == "text" else line_of
        self._lines = LinePricer(options)

    def answers(self, portion: _Portion) -> _Answers:
        """Answer every record of a portion."""
        content = portion.content
        before = self._lines.needing
        if isinstance(content, LineBlock):
            first = self._lines.count
            text = self._lines.block(content.data, portion.number, content.name, content.line)
            content.counted = self._lines.lines, self._lines.count - first
            return text, self._lines.needing - before
        lines, needing = [], 0
        for number, record in enumerate(content, portion.number):
            if self._answer is line_of and record.problem is None:
                lines.append(self._lines.one(record.raw, number, record.where))
                continue
            answer = answer_of(number, record.where, read_record(record, self._options), self._options)
            lines.append(self._answer(answer))
            needing += answer.needs_people
        return b"".join(lines), needing + self._lines.needing - before


def _as_text(answer: Answer) -> bytes:
    return (as_text(answer) + "\n").encode("utf-8", "backslashreplace")


_here: list[_Pricer] = []
"""The pricer of a worker process, in its one place."""


def _begin(options: PricingOptions, output: str) -> None:
    _here[:] = [_Pricer(options, output)]


def _price(portion: _Portion) -> _Answers:
    return _here[0].answers(portion)


def _write(answers: Iterator[bytes], output: str) -> None:
    """Write what is already text; in an array of JSON a comma comes between the lines."""
    stream = sys.stdout.buffer
    if output != "json":
        for lines in answers:
            stream.write(lines)
            stream.flush()
        return
    stream.write(b'{"schema": "%s", "records": [\n' % SCHEMA.encode())
    is_first = True
    for lines in answers:
        if lines:
            stream.write((b"" if is_first else b",\n") + lines[:-1].replace(b"\n", b",\n"))
            is_first = False
    stream.write(b"\n]}\n")
    stream.flush()
