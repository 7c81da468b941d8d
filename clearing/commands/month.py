"""What the verbs of a month share: reading MONTH, progress on stderr, and the result as text."""

import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from clearing.months import BillingMonth
    from clearing.run import MonthResult


def parse_month(text: str) -> "BillingMonth":
    """Read MONTH; anything else is wrong use."""
    from clearing.months import BillingMonth

    try:
        return BillingMonth.parse(text)
    except ValueError as problem:
        raise click.BadParameter(str(problem), param_hint="MONTH") from None


def tell(message: str) -> None:
    """Say on stderr how far the work is."""
    click.echo(f"  … {message}", err=True)


def finish(context: click.Context, result: "MonthResult") -> None:
    """Print how the month stands and end with its exit code."""
    from clearing.documents.month_text import report_text

    for remark in result.remarks:
        click.echo(remark)
    click.echo(report_text(result.outcome), nl=False)
    if result.gaps:
        click.echo("  before posting, fill in (evclear check lists all):")
    for gap in result.gaps:
        click.echo(f"    {gap}")
    click.echo(f"Files: {result.folder}")
    sys.stdout.flush()
    if result.exit_code:
        context.exit(result.exit_code)
