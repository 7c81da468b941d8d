"""Findings without money as they stand in the line of a record."""

import json
from collections.abc import Iterable

from tariffs.findings import Finding


def notes_text(findings: Iterable[Finding]) -> str:
    """Return each finding as JSON with a comma and a space after it."""
    objects = [
        {"code": f.code, "severity": f.severity, "path": f.path, "message": f.message, "money": None} for f in findings
    ]
    return "".join(f"{json.dumps(one, ensure_ascii=False)}, " for one in objects)
