"""`evclear demo`: a made-up month, settled for real and checked against its own truth."""

import json
import shutil
from decimal import Decimal
from pathlib import Path

import click

from clearing.commands.month import tell

MARK = "demo.json"
MONTH = "2026-10"
OURS = frozenset(
    (MARK, "evclear.toml", "evclear.db", "evclear.db-wal", "evclear.db-shm", ".evclear.lock", "evidence", "deliveries",
     "truth", "months")
)  # fmt: skip
"""What a demo puts into its folder; whoever put anything else there keeps it."""


@click.command()
@click.option("--cdrs", type=click.IntRange(1, 10_000_000), default=2_000, show_default=True, help="Charges to make.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Another seed, another market.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("evclear-demo"),
    show_default=True,
    metavar="FOLDER",
    help="Where to put it; a demo of the same size and seed there is run again.",
)
@click.pass_context
def demo(context: click.Context, cdrs: int, seed: int, out: Path) -> None:
    """Make up a month of several CPOs and e-MSPs with planted discrepancies, and settle it.

    Ends with 0 when the run found exactly what was planted. The last line is the folder: it is a book like any other.
    """
    from clearing.delivery import ingest_files
    from clearing.demo import compare, generate
    from clearing.documents.month_text import report_text
    from clearing.posting import post_month
    from clearing.processes import available
    from clearing.run import run_month

    _prepare(out, cdrs, seed)
    tell(f"making {cdrs} charges")
    deliveries = generate(out, cdrs, seed)
    for delivery in deliveries:
        ingest_files(out, delivery.kind, list(delivery.paths), delivery.side, None, tell)
    run_month(out, MONTH, None, tell, available())
    result = post_month(out, MONTH, tell, available())
    (out / MARK).write_text(json.dumps({"cdrs": cdrs, "seed": seed}) + "\n", encoding="utf-8")
    differences = compare(out, MONTH)
    click.echo(report_text(result.outcome), nl=False)
    click.echo("")
    for line in differences or ["The run found exactly what was planted."]:
        click.echo(line)
    click.echo(_reading_list(result.folder))
    click.echo(str(out))
    if differences:
        context.exit(1)


def _prepare(out: Path, cdrs: int, seed: int) -> None:
    """Make way for a demo: an old one of the same kind goes, anything else stays untouched."""
    from clearing.errors import Refused

    if not out.exists() or not any(out.iterdir()):
        out.mkdir(parents=True, exist_ok=True)
        (out / MARK).write_text(json.dumps({"cdrs": cdrs, "seed": seed}) + "\n", encoding="utf-8")
        return
    try:
        old = json.loads((out / MARK).read_text(encoding="utf-8"), parse_float=Decimal)
    except (OSError, ValueError):
        old = None
    if old != {"cdrs": cdrs, "seed": seed}:
        raise Refused(f"{out} holds something else than a demo of {cdrs} charges and seed {seed}; name another --out")
    strange = sorted(entry.name for entry in out.iterdir() if entry.name not in OURS)
    if strange:
        raise Refused(f"{out} holds files that no demo made ({', '.join(strange)}); name another --out")
    for entry in out.iterdir():
        if entry.name != MARK:
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()


def _reading_list(folder: Path) -> str:
    return (
        f"Look at {folder}/invoices and {folder}/statements (PDF), {folder}/report.txt,\n"
        f"{folder}/findings.csv (what did not match, and why) and {folder}/charges (every charge and its end)."
    )
