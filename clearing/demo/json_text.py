"""JSON with exact numbers: a small writer that never needs a float.

`Raw` is text that already is JSON: a number such as `12.5` (or the `NaN` of a broken sender), or a whole fragment that
many records share.
"""

from json.encoder import encode_basestring
from typing import TypeAlias

Json: TypeAlias = "str | int | bool | list[Json] | dict[str, Json] | None"
Record: TypeAlias = dict[str, Json]


class Raw(str):
    """JSON text that is written as it stands."""

    __slots__ = ()


def written(value: Json) -> str:
    """Return a value as JSON text on one line.

    >>> written({"kwh": Raw("12.50"), "valid": True, "ids": ["a", 1, None]})
    '{"kwh": 12.50, "valid": true, "ids": ["a", 1, null]}'
    """
    if isinstance(value, Raw):
        return str(value)
    if isinstance(value, str):
        return encode_basestring(value)
    if isinstance(value, dict):
        return "{" + ", ".join([f'"{key}": {written(item)}' for key, item in value.items()]) + "}"
    if isinstance(value, list):
        return "[" + ", ".join([written(item) for item in value]) + "]"
    if value is None:
        return "null"
    if value is True or value is False:
        return "true" if value else "false"
    return str(value)
