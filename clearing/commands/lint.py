"""evclear lint: what is wrong or suspicious in tariffs and CDRs, and what to do. Needs no book."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import click

from clearing.intake.json_records import RawRecord, UnreadableFile, read_records
from tariffs.findings import Severity
from tariffs.lint import RULES, LintFinding, Rule, lint_cdr, lint_tariff
from tariffs.lint.catalogue import CDR_CHECKS, TARIFF_CHECKS
from tariffs.lint.rule import Spot, finding_of

SCHEMA: Final = "evclear.lint/1"
RULES_SCHEMA: Final = "evclear.lint-rules/1"

_Linter = Callable[[object], tuple[LintFinding, ...]]
_Line = dict[str, int | str | None]


def _options(command: Callable[..., None]) -> Callable[..., None]:
    """What linting a tariff and a CDR have in common."""
    decorated: Any = command
    for option in (
        click.option(
            "--format",
            "output",
            type=click.Choice(["text", "json", "jsonl"]),
            default="text",
            show_default=True,
            help="text for people, json or jsonl for programs.",
        ),
        click.option(
            "--ocpi-version",
            type=click.Choice(["2.1.1", "2.2.1", "2.3.0"]),
            metavar="V",
            help="2.1.1, 2.2.1 or 2.3.0; detected unless given.",
        ),
        click.argument("files", nargs=-1, required=True, metavar="FILE…"),
    ):
        decorated = option(decorated)
    result: Callable[..., None] = decorated
    return result


@click.group()
def lint() -> None:
    """Say what is wrong or suspicious in tariffs and CDRs before anyone prices by them.

    FILE is one object, an array, an OCPI envelope or JSON Lines, also gzipped; - is standard input. Findings are Q
    (nobody can price by it), W (mend it) or I (worth a look). Exit code 3: a finding Q or W; 4: a file cannot be used.
    """


@lint.command()
@_options
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="Say whose validity is over by then.")
@click.pass_context
def tariff(
    ctx: click.Context, files: tuple[str, ...], output: str, ocpi_version: str | None, as_of: datetime | None
) -> None:
    """Look through tariffs: elements that never apply, gaps, steps, units, taxes, codes, misspelt fields."""
    day = None if as_of is None else as_of.replace(tzinfo=UTC)
    _answer(ctx, files, output, lambda obj: lint_tariff(obj, version=ocpi_version, as_of=day))


@lint.command()
@_options
@click.pass_context
def cdr(ctx: click.Context, files: tuple[str, ...], output: str, ocpi_version: str | None) -> None:
    """Look through CDRs: totals that contradict each other, units, instants, credits, and the tariffs they bring."""
    _answer(ctx, files, output, lambda obj: lint_cdr(obj, version=ocpi_version))


@lint.command()
@click.option(
    "--format",
    "output",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="text for people, json for programs.",
)
def rules(output: str) -> None:
    """List all rules: their severity, whether they are about tariffs or CDRs, what they mean and what to do."""
    catalogue = [_rule(rule) for rule in RULES.values()]
    if output == "json":
        lines = ",\n".join(json.dumps(line, ensure_ascii=False) for line in catalogue)
        _write(f'{{"schema": "{RULES_SCHEMA}", "rules": [{lines}]}}')
        return
    for line in catalogue:
        _write(f"{line['severity']} {line['id']}  ({line['about']})")
        _write(f"    {line['means']}")
        _write(f"    {line['what_to_do']} ({line['clause']})")


def _rule(rule: Rule) -> dict[str, str]:
    """One rule of the catalogue; what it means is what the function that looks for it says of itself."""
    looks = {
        about: check.look.__doc__
        for about, checks in (("tariff", TARIFF_CHECKS), ("cdr", CDR_CHECKS))
        for check in checks
        if check.rule.id == rule.id
    }
    means = next(iter(looks.values()), None) or "Found when the object is read, and told at its place."
    return {
        "id": rule.id,
        "severity": str(rule.severity),
        "about": ", ".join(looks) or "tariff, cdr",
        "means": " ".join(means.split()),
        "clause": rule.clause,
        "what_to_do": rule.remedy,
    }


@dataclass(slots=True)
class _Run:
    """One call of the command: what was read so far, and what its exit code will say."""

    records: int = 0
    found: int = 0
    to_mend: int = 0
    unreadable: bool = False

    def lines(self, files: Iterable[str], look: _Linter) -> Iterator[_Line]:
        """Give out the findings of every record in input order; a file that cannot be used stops no other."""
        for path in files:
            try:
                for record in read_records(path):
                    self.records += 1
                    for finding in _look(record, look):
                        self.found += 1
                        self.to_mend += finding.severity is not Severity.INFORMATION
                        yield _line(self.records, record, finding)
            except UnreadableFile as problem:
                self.unreadable = True
                click.echo(f"unreadable-file: {problem}", err=True)


def _look(record: RawRecord, look: _Linter) -> tuple[LintFinding, ...]:
    if record.problem is not None:
        return (finding_of(RULES["malformed-record"], Spot("$", record.problem)),)
    return look(record.value)


def _line(number: int, record: RawRecord, finding: LintFinding) -> _Line:
    identity = record.value.get("id") if isinstance(record.value, dict) else None
    return {
        "schema": SCHEMA,
        "record": number,
        "where": record.where,
        "id": identity if isinstance(identity, str) else None,
        "code": finding.code,
        "severity": str(finding.severity),
        "path": finding.path,
        "message": finding.message,
        "expected": finding.expected,
        "found": finding.found,
        "clause": finding.clause,
        "what_to_do": finding.what_to_do,
    }


def _answer(ctx: click.Context, files: tuple[str, ...], output: str, look: _Linter) -> None:
    run = _Run()
    lines = run.lines(files, look)
    if output == "json":
        _write_json(lines, run)
    else:
        for line in lines:
            _write(_as_text(line) if output == "text" else json.dumps(line, ensure_ascii=False))
    counted = [f"{n} {word}{'' if n == 1 else 's'}" for n, word in ((run.records, "record"), (run.found, "finding"))]
    click.echo(f"{', '.join(counted)}, {run.to_mend} to mend", err=True)
    ctx.exit(4 if run.unreadable else 3 if run.to_mend else 0)


def _write_json(lines: Iterator[_Line], run: _Run) -> None:
    """One object with the same lines; how many records there were is known at its end."""
    _write(f'{{"schema": "{SCHEMA}", "findings": [')
    before = ""
    for line in lines:
        _write(before + json.dumps(line, ensure_ascii=False), end="")
        before = ",\n"
    _write(f'{"" if not before else chr(10)}], "records": {run.records}}}')


def _write(text: str, end: str = "\n") -> None:
    sys.stdout.buffer.write((text + end).encode("utf-8", "backslashreplace"))


def _as_text(line: _Line) -> str:
    """One finding for people: where, what, what to do."""
    rows = (
        f"{line['severity']} {line['code']}  {line['where']}  {line['id'] or '(no id)'}",
        f"    {line['path']}: {line['message']}",
        f"    {line['what_to_do']} ({line['clause']})",
    )
    return "\n".join("".join(c if c.isprintable() else "?" for c in row) for row in rows)
