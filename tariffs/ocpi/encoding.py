"""Plain values back to JSON text, in which every number keeps its digits: the other side of `decoding`."""

import json
from decimal import Decimal
from typing import Final

from tariffs.ocpi.decoding import Unusable

_TEXT: Final = json.JSONEncoder(ensure_ascii=False)


def encode(value: object) -> str:
    """Write one decoded value as JSON on one line; what had no one meaning in JSON becomes null.

    >>> encode({"price": Decimal("0.10"), "names": ["a", None, True], "kwh": Decimal("1E+3")})
    '{"price": 0.10, "names": ["a", null, true], "kwh": 1E+3}'
    """
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_TEXT.encode(str(key))}: {encode(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(encode, value)) + "]"
    if isinstance(value, Decimal):
        return str(value)
    return "null" if isinstance(value, Unusable) else _TEXT.encode(value)
