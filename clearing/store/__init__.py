"""Memory between months: what was delivered, decided and posted, in `evclear.db` and `evidence/` of the book.

Everything that belongs together is written in one transaction, so that whoever is killed in the middle has done
nothing. The ledger, documents, ends and decisions are append-only, and the database itself refuses to change them.
"""

from clearing.settlement.ledger import Entry as LedgerEntry
from clearing.settlement.ledger import Posting as LedgerPosting
from clearing.store.book import BookStore, PostingTransaction
from clearing.store.evidence import Evidence
from clearing.store.values import (
    ENDS,
    ChargeEnd,
    Decision,
    DeliveredFile,
    PostedDocument,
    SettledCharge,
    StoredRun,
)

__all__ = [
    "ENDS",
    "BookStore",
    "ChargeEnd",
    "Decision",
    "DeliveredFile",
    "Evidence",
    "LedgerEntry",
    "LedgerPosting",
    "PostedDocument",
    "PostingTransaction",
    "SettledCharge",
    "StoredRun",
]
