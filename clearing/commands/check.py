"""`evclear check`: is evclear.toml complete and right?"""

from pathlib import Path

import click

from clearing.parties import BOOK_FILE

PEOPLE_MUST_ACT = 3


@click.command()
@click.pass_context
def check(ctx: click.Context) -> None:
    """Read evclear.toml and say what is missing or wrong.

    Silent and exit code 0 when all is well. What must still be filled in, also what documents will need (VAT ids, the
    IBAN of whoever is paid, VAT rules), is listed with its line and ends with 3; errors end with 4.
    """
    from clearing.book_file import read_terms
    from clearing.invoicing.tax import expected_gaps

    book: Path = ctx.obj
    gaps = expected_gaps(read_terms(book / BOOK_FILE))
    for gap in gaps:
        click.echo(str(gap))
    if gaps:
        ctx.exit(PEOPLE_MUST_ACT)
