"""`evclear post`: close a month."""

import click

from clearing.commands.month import finish, parse_month, tell


@click.command()
@click.argument("month", metavar="MONTH")
@click.pass_context
def post(context: click.Context, month: str) -> None:
    """Draw the numbers of the last run of MONTH, post its documents and close the month.

    Refused, with each gap named, as long as something must be filled in. Open findings do not stop it: what waits
    rolls into the next month.
    """
    from clearing.posting import post_month
    from clearing.processes import available

    finish(context, post_month(context.obj, parse_month(month), tell, available()))
