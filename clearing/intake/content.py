"""The name of equal values: one hash for one content, however it is written down (contract, section 3.12)."""

import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal

_LONGEST_WRITTEN_OUT = 110


def content_hash(value: object, raw: bytes) -> str:
    """Return the sha256 of a JSON value, or of the bytes `raw` it was read from where it has no one value.

    Equal are values with other key order, spacing and number spelling, and with another `last_updated`.

    >>> content_hash({"a": 1, "b": Decimal("2.50")}, b"") == content_hash({"b": Decimal("25e-1"), "a": 1}, b"")
    True
    """
    if not isinstance(value, Mapping):
        return hashlib.sha256(raw).hexdigest()
    try:
        told = {key: part for key, part in value.items() if key != "last_updated"}
        text = _ENCODER.encode(told)
    except _NoOneValue:
        return hashlib.sha256(raw).hexdigest()
    return hashlib.sha256(text.encode("ascii")).hexdigest()


class _NoOneValue(Exception):
    """The value holds something that JSON cannot say with one meaning, such as NaN."""


def _canonical(value: object) -> object:
    """Return how a decimal is written down: a whole number as one, any other marked as no text is."""
    if not isinstance(value, Decimal) or not value.is_finite():
        raise _NoOneValue
    text = str(value)
    if "E" not in text:
        whole, _, fraction = text.partition(".")
        fraction = fraction.rstrip("0")
        return f"\0{whole}.{fraction}" if fraction else int(whole)
    sign, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int)
    figures = "".join(map(str, digits)).lstrip("0")
    exponent += len(figures) - len(figures.rstrip("0"))
    figures = figures.rstrip("0")
    if not figures:
        return 0
    minus = "-" if sign else ""
    if exponent >= 0 and exponent + len(figures) <= _LONGEST_WRITTEN_OUT:
        return int(minus + figures + "0" * exponent)
    if -_LONGEST_WRITTEN_OUT <= exponent < 0:
        padded = figures.rjust(1 - exponent, "0")
        return f"\0{minus}{padded[:exponent]}.{padded[exponent:]}"
    return f"\0{minus}{figures}e{exponent}"


_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), check_circular=False, default=_canonical)
