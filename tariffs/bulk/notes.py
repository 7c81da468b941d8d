"""Findings as they stand in the line of a record (contract, section 4)."""

import json
from collections.abc import Iterable
from typing import Final

from tariffs.findings import Finding
from tariffs.plain import plain

_encode: Final = json.JSONEncoder(ensure_ascii=False).encode


def as_object(f: Finding) -> dict[str, str | None]:
    """Return the values of a finding in their order."""
    return {"code": f.code, "severity": f.severity, "path": f.path, "message": f.message, "money": plain(f.money)}


def as_json(value: object) -> bytes:
    """Return a value as JSON, other letters than ASCII as they are; half a surrogate pair stays an escape."""
    return _encode(value).encode("utf-8", "backslashreplace")


def notes_text(findings: Iterable[Finding]) -> bytes:
    """Return each finding as JSON with a comma and a space after it."""
    return b"".join(as_json(as_object(f)) + b", " for f in findings)
