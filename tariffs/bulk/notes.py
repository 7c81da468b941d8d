"""Findings as they stand in the line of a record (contract, section 4)."""

import json
from collections.abc import Iterable

from tariffs.findings import Finding
from tariffs.plain import plain


def as_object(f: Finding) -> dict[str, str | None]:
    """Return the values of a finding in their order."""
    return {"code": f.code, "severity": f.severity, "path": f.path, "message": f.message, "money": plain(f.money)}


def notes_text(findings: Iterable[Finding]) -> str:
    """Return each finding as JSON with a comma and a space after it."""
    return "".join(f"{json.dumps(as_object(f), ensure_ascii=False)}, " for f in findings)
