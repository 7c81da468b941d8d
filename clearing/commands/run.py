"""`evclear run`: settle a month as far as drafts."""

from datetime import datetime

import click

from clearing.commands.month import finish, parse_month, tell


@click.command()
@click.argument("month", metavar="MONTH")
@click.option(
    "--as-of",
    metavar="DATE",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Day of the run and issue date; default: last day of the month + the largest waiting_days of the book.",
)
@click.pass_context
def run(context: click.Context, month: str, as_of: datetime | None) -> None:
    """Price, verify, reconcile and draft MONTH (such as 2026-10): as often as you like.

    No number is drawn and nothing is posted. Ends with 3 while charges wait for a person.
    """
    from clearing.processes import available
    from clearing.run import run_month

    wanted = parse_month(month)
    finish(context, run_month(context.obj, wanted, as_of.date() if as_of else None, tell, available()))
