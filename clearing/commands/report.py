"""`evclear report`: how a month stands."""

import click

from clearing.commands.month import parse_month


@click.command()
@click.argument("month", metavar="MONTH")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_context
def report(context: click.Context, month: str, form: str) -> None:
    """Show the last run of MONTH: where every charge ended, and who owes whom what."""
    from clearing.documents.month_report import report_json
    from clearing.documents.month_text import report_text
    from clearing.run import load_month

    outcome = load_month(context.obj, parse_month(month))
    if form == "json":
        click.echo(report_json(outcome).decode(), nl=False)
    else:
        click.echo(report_text(outcome), nl=False)
