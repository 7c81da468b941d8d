"""OCPI Tokens to an e-MSP's token list (OCPI 2.2.1, mod_tokens)."""

from collections.abc import Mapping
from typing import Any

from clearing.intake.faults import malformed, missing, party_of
from clearing.intake.fields import Flag, Instant, Shape, Text, read_shape
from clearing.records import TokenEntry
from tariffs.findings import Finding


class _Token(Shape):
    country_code: Text = None
    party_id: Text = None
    uid: Text = None
    contract_id: Text = None
    valid: Flag = None
    last_updated: Instant = None


def token_entry(value: Mapping[str, Any]) -> tuple[TokenEntry | None, tuple[Finding, ...]]:
    """Read a Token; without its party, uid or validity it is of no use."""
    token, faults = read_shape(_Token, value)
    emsp, party_faults = party_of(token.country_code, token.party_id, "$", faults)
    faults = [*faults, *party_faults, *missing(faults, ("$.uid", token.uid), ("$.valid", token.valid))]
    if faults or emsp is None or token.uid is None or token.valid is None:
        return None, malformed(faults)
    return TokenEntry(emsp, token.uid, token.contract_id, token.valid, token.last_updated), ()
