"""`evclear findings`: look at what was found, and decide what waits."""

import difflib
import getpass
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from clearing.commands.month import parse_month

if TYPE_CHECKING:
    from clearing.findings import MonthFinding
    from clearing.months import BillingMonth
    from clearing.parties import PartyId


@click.group()
def findings() -> None:
    """Look at what was found in a month, and decide what waits for a person."""


def _party(text: str | None) -> "PartyId | None":
    from clearing.parties import parse_party_id

    if text is None:
        return None
    try:
        return parse_party_id(text)
    except ValueError as problem:
        raise click.BadParameter(str(problem), param_hint="--party") from None


@findings.command("list")
@click.argument("month", metavar="MONTH")
@click.option("--code", metavar="CODE", help="Only findings of this name, such as price-claim-differs.")
@click.option("--party", metavar="ID", help="Only findings of this CPO or e-MSP: DE*ABC, DE-ABC or DEABC.")
@click.option("--format", "form", type=click.Choice(["text", "jsonl", "csv"]), default="text", show_default=True)
@click.pass_context
def list_findings(context: click.Context, month: str, code: str | None, party: str | None, form: str) -> None:
    """List the findings of MONTH in the order of the catalogue, with the money that each holds back."""
    from clearing.documents.month_report import findings_csv, findings_jsonl
    from clearing.run import load_findings

    wanted, only = parse_month(month), _party(party)
    found, decided = load_findings(context.obj, wanted)
    chosen = [f for f in found if code in (None, f.code) and (only is None or only in (f.cpo, f.emsp))]
    if code is not None and code not in {f.code for f in found}:
        click.echo(_never_found(code, wanted, found), err=True)
    if form == "jsonl":
        click.echo(findings_jsonl(chosen, str(wanted), decided).decode(), nl=False)
    elif form == "csv":
        click.echo(findings_csv(chosen, str(wanted), decided).decode(), nl=False)
    else:
        _print_list(chosen, decided)


def _never_found(code: str, month: "BillingMonth", found: "Sequence[MonthFinding]") -> str:
    """Say that a name was not found, and which one may be meant: an empty list alone hides a slip of the pen."""
    from clearing.findings import CATALOGUE

    near = difflib.get_close_matches(code, {*CATALOGUE, *(f.code for f in found)} - {code}, n=1)
    meant = f"; did you mean {near[0]}?" if near and code not in CATALOGUE else ""
    return f"{month} has no finding {code}{meant}"


def _print_list(chosen: "Sequence[MonthFinding]", decided: dict[str, str]) -> None:
    from clearing.documents.month_report import status_of
    from clearing.documents.month_text import finding_lines

    for finding in chosen:
        verdict = decided.get(finding.id)
        status = f"decided: {verdict}" if verdict else status_of(finding, decided)
        click.echo("\n".join(finding_lines(finding, status)))
    open_ones = sum(status_of(f, decided) == "open" for f in chosen)
    click.echo(f"{len(chosen)} finding{'' if len(chosen) == 1 else 's'}, {open_ones} open")


@findings.command("show")
@click.argument("finding_id", metavar="ID")
@click.pass_context
def show(context: click.Context, finding_id: str) -> None:
    """Show one finding with the records of both sides, side by side."""
    from clearing.documents.month_text import side_by_side
    from clearing.run import show_finding

    shown = show_finding(context.obj, finding_id)
    click.echo(side_by_side(shown.finding, shown.status, shown.records), nl=False)


@findings.command("decide")
@click.argument("finding_id", metavar="ID")
@click.argument("verdict", type=click.Choice(["accept", "reject"]))
@click.option("--reason", required=True, metavar="TEXT", help="Why; it is kept with the decision.")
@click.option("--by", metavar="NAME", help="Who decides; default: the name you are logged in with.")
@click.pass_context
def decide_finding(context: click.Context, finding_id: str, verdict: str, reason: str, by: str | None) -> None:
    """Accept or reject what a finding holds back.

    accept bills the charge by the agreement's price basis; reject refuses it, and closes a refusal.
    """
    from clearing.deciding import decide

    who = by or getpass.getuser()
    at = datetime.now(UTC).isoformat(timespec="seconds")
    decided = decide(context.obj, finding_id, verdict, reason, who, at)
    words = "accepted" if verdict == "accept" else "rejected"
    click.echo(f"{finding_id} ({decided.finding.code}) {words} by {who}")
    for other in decided.along:
        click.echo(f"{other.id} ({other.code}) rejected with it: another content of the same id")
    click.echo(f"Next: evclear run {decided.month}, or the month that is open now")
