"""No finding of pricing is without a case here that says its words."""

import ast
from collections.abc import Iterator
from pathlib import Path

import tariffs

ROOM = Path(tariffs.__file__).parent
MAKERS = {"Finding", "_finding", "_note", "Doubt", "refuse", "warn", "note"}
# Modules that price; what reading, lint and the other packages say is tested beside them, zones in test_zones.
MODULES = ("charge", "limits", "plan", "pricing", "restrictions", "selection", "spans", "timeline", "totals")


def _codes(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in MAKERS:
            if node.args and isinstance(node.args[0], ast.Constant):
                yield str(node.args[0].value)
        if isinstance(node, ast.AnnAssign) and isinstance(node.value, ast.Constant) and "-" in str(node.value.value):
            yield str(node.value.value)


def test_every_finding_of_pricing_has_its_words_here() -> None:
    codes = {code for name in MODULES for code in _codes(ROOM / f"{name}.py")}
    assert len(codes) >= 30
    told = "".join(path.read_text("utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    assert sorted(code for code in codes if f" {code} " not in told) == []
