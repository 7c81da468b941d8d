"""Who owes whom, and on which paper? The month's walk from delivered records to settled companies.

For billing backends: `ingest_files` takes deliveries into a book, `run_month` drafts a month, `post_month` closes it,
`decide` answers a finding; each takes the book's folder and returns values. The rooms, in the order of the month:

- `book_file`: evclear.toml → `parties`; `intake`: files → `records`; `delivery` keeps both in the `store`
- `reconciliation`: do both sides tell the same story, and how does each charge end?
- `invoicing`: agreed charges → tax documents; `settlement`: what is owed → what is paid, and the report
- `documents`: finished values → PDF, CSV, JSON and text; `month_folder` puts them in place
- `facts`, `run`, `posting`, `deciding`: the month's steps; `commands`: the same for the command line
- `demo`: a made-up market with planted discrepancies that knows nothing of the rooms which judge
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from clearing.deciding import decide
    from clearing.delivery import IngestSummary, ingest_files
    from clearing.errors import BookLocked, ClearingError, IntegrityFailure, Refused
    from clearing.findings import MonthFinding
    from clearing.months import BillingMonth
    from clearing.posting import post_month
    from clearing.run import MonthResult, run_month
    from clearing.settlement.outcome import MonthOutcome

__all__ = [
    "BillingMonth",
    "BookLocked",
    "ClearingError",
    "IngestSummary",
    "IntegrityFailure",
    "MonthFinding",
    "MonthOutcome",
    "MonthResult",
    "Refused",
    "decide",
    "ingest_files",
    "post_month",
    "run_month",
]

_ROOMS = {
    "clearing.deciding": ("decide",),
    "clearing.delivery": ("IngestSummary", "ingest_files"),
    "clearing.errors": ("BookLocked", "ClearingError", "IntegrityFailure", "Refused"),
    "clearing.findings": ("MonthFinding",),
    "clearing.months": ("BillingMonth",),
    "clearing.posting": ("post_month",),
    "clearing.run": ("MonthResult", "run_month"),
    "clearing.settlement.outcome": ("MonthOutcome",),
}
_HOME = {name: room for room, names in _ROOMS.items() for name in names}


def __getattr__(name: str) -> object:
    """Import a public name when it is first asked for, so that `evclear --help` need not load the database."""
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
