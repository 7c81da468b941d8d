"""Which records of a delivery say again, or say otherwise, what its side already said: for the summary of `ingest`.

The verdict is made in the run, over everything that was delivered; this only tells the sender's side early.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from clearing.records import ChargeRecord, Kind

Key = tuple[str, str]
"""CPO and folded id."""


class Standing(StrEnum):
    """How a record stands to what its side delivered before."""

    NEW = "new"
    REPEATED = "repeated"
    CONFLICTING = "conflicting"
    RENEWED = "renewed"
    """Another content of a Session: Sessions are meant to be sent again (contract, section 3.12)."""


def key_of(record: ChargeRecord) -> Key | None:
    """Return what identifies a record of one side and kind, or None where it states no id."""
    return (record.cpo or "", record.id.casefold()) if record.id else None


@dataclass(slots=True)
class Known:
    """The contents known under the ids of one side and kind: each content hash and whether it is usable."""

    contents: dict[Key, dict[str, bool]] = field(default_factory=dict)

    def learn(self, stored: Mapping[Key, list[tuple[str, bool]]]) -> None:
        """Add what the store knows."""
        for key, contents in stored.items():
            self.contents.setdefault(key, {}).update(contents)

    def standing_of(self, record: ChargeRecord) -> Standing:
        """Return how a record stands to those before it, and remember it."""
        key = key_of(record)
        if key is None:
            return Standing.NEW
        contents = self.contents[key] = self.contents.pop(key, {})  # The latest last, for `keep`.
        if record.content_hash in contents:
            return Standing.REPEATED
        # What is malformed or refused does not conflict, so that a sender can mend a record by sending it again.
        differs = record.usable and any(contents.values())
        contents[record.content_hash] = record.usable
        if not differs:
            return Standing.NEW
        return Standing.RENEWED if record.kind is Kind.SESSION else Standing.CONFLICTING

    def keep(self, latest: int) -> None:
        """Forget all ids but the latest; the store knows the others."""
        for key in list(self.contents)[: max(0, len(self.contents) - latest)]:
            del self.contents[key]
