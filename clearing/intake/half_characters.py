"""Halves of characters: JSON can escape one half of a pair (`\\ud800`), which is no text and cannot be stored."""

import re
from typing import Any

from clearing.intake.faults import Fault

_MAY_HOLD_HALVES = re.compile(rb"\\u[dD][89a-fA-F]")
_HALF = re.compile("[\ud800-\udfff]")


def without_halves(value: dict[str, Any], raw: bytes) -> tuple[dict[str, Any], list[Fault]]:
    """Return an object with U+FFFD for each half of a character, and a fault for each field that had one."""
    if not _MAY_HOLD_HALVES.search(raw):
        return value, []
    faults: list[Fault] = []
    mended = _mended(value, "$", faults)
    assert isinstance(mended, dict)
    return mended, faults


def _mended(value: object, path: str, faults: list[Fault]) -> object:
    match value:
        case str() if _HALF.search(value):
            faults.append(Fault(path, "expected a text, found half of a character in it"))
            return _HALF.sub("\ufffd", value)
        case dict():
            whole = [(_HALF.sub("\ufffd", key), part) for key, part in value.items()]
            return {key: _mended(part, f"{path}.{key}", faults) for key, part in whole}
        case list():
            return [_mended(part, f"{path}[{index}]", faults) for index, part in enumerate(value)]
    return value
