"""What mutants are made of: CDRs, Sessions and tariffs of our own cases, and the conformance cases."""

import json
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[3]
CONFORMANCE = ROOT.parent / "shared" / "conformance" / "tariffs"


class Ground(NamedTuple):
    """A sound object as JSON, what it is, and where it comes from."""

    kind: str
    text: str
    name: str


@cache
def grounds(*, with_conformance: bool) -> tuple[Ground, ...]:
    """Return all of them in a fixed order; every CDR is there as a Session as well."""
    folders = [ROOT / "fixtures" / "tariffs", ROOT / "fixtures" / "lint", ROOT / "fixtures" / "faults"]
    folders += [CONFORMANCE] if with_conformance else []
    found: list[Ground] = []
    for folder in folders:
        for path in sorted(folder.rglob("*.json")):
            obj = json.loads(path.read_text("utf-8"))
            kind = _kind(obj)
            if kind is None:
                continue
            name = f"{folder.name}/{path.parent.name}"
            found.append(Ground(kind, json.dumps(obj), name))
            if kind == "cdr":
                found.append(Ground("session", json.dumps(_as_session(obj)), name))
    return tuple(found)


def _kind(obj: Any) -> str | None:
    if not isinstance(obj, dict):
        return None
    return "tariff" if "elements" in obj else "cdr" if "charging_periods" in obj else None


def _as_session(cdr: dict[str, Any]) -> dict[str, Any]:
    """The CDR as it was told while the charge went on."""
    session = {key: value for key, value in cdr.items() if not key.startswith(("total_", "stop_", "end_"))}
    if "auth_id" in cdr:
        session["start_datetime"] = session.pop("start_date_time", None)
    return {**session, "kwh": cdr.get("total_energy"), "total_cost": cdr.get("total_cost"), "status": "ACTIVE"}
