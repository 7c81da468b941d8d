"""A month's outcome and its documents as bytes and back, exactly: decimals travel as strings."""

import json
from decimal import Decimal
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from clearing.invoicing.invoice import Invoice
from clearing.settlement.outcome import MonthOutcome


@cache
def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def encode_outcome(outcome: MonthOutcome) -> bytes:
    """Write an outcome."""
    return bytes(_adapter(MonthOutcome).dump_json(outcome))


def decode_outcome(content: bytes) -> MonthOutcome:
    """Read an outcome that `encode_outcome` wrote."""
    outcome: MonthOutcome = _adapter(MonthOutcome).validate_python(json.loads(content, parse_float=Decimal))
    return outcome


def encode_document(document: Invoice) -> bytes:
    """Write a document as it was posted."""
    return bytes(_adapter(Invoice).dump_json(document))


def decode_document(content: bytes) -> Invoice:
    """Read a document that `encode_document` wrote."""
    document: Invoice = _adapter(Invoice).validate_python(json.loads(content, parse_float=Decimal))
    return document
