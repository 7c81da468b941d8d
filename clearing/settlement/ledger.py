"""The ledger as values: a posting is what one document makes owing, and its entries sum to zero.

Append-only: nothing is updated or deleted, a mistake is posted back and made anew.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """One leg: what `company` books on `account` against `counterparty`, in minor units; owed to it is positive."""

    company: str
    counterparty: str
    account: str
    minor: int


@dataclass(frozen=True, slots=True)
class Posting:
    """The legs of one document in one currency.

    >>> Posting("A-2026-00001", "EUR", (Entry("A", "B", "receivable", 100), Entry("B", "A", "payable", -99)))
    Traceback (most recent call last):
    ...
    ValueError: the entries of A-2026-00001 sum to 1 minor units of EUR instead of 0
    """

    document: str
    currency: str
    entries: tuple[Entry, ...]

    def __post_init__(self) -> None:
        total = sum(entry.minor for entry in self.entries)
        if total != 0:
            raise ValueError(
                f"the entries of {self.document} sum to {total} minor units of {self.currency} instead of 0"
            )
