"""The build asks pip for a C compiler only where there is none and where it would be of use."""

import importlib.util
import platform
import shutil
from pathlib import Path
from types import ModuleType

import pytest

pytest.importorskip("hatchling", reason="hatchling builds evclear; it comes with the packages of development")
HOOK = Path(__file__).parent.parent / ".ci" / "compile.py"
ZIG = ["ziglang>=0.13"]


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The build hook on a machine of Linux with headers and without a compiler."""
    spec = importlib.util.spec_from_file_location("compile_hook", HOOK)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.delenv("EVCLEAR_PURE", raising=False)
    monkeypatch.delenv("CC", raising=False)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setattr(platform, "system", lambda: "Linux")
    monkeypatch.setattr(platform, "machine", lambda: "x86_64")
    monkeypatch.setattr(module, "has_headers", lambda: True)
    return module


def needed(hook: ModuleType) -> list[str]:
    found: list[str] = hook.CompileHook.dependencies(object())
    return found


def test_without_a_compiler_pip_brings_one(hook: ModuleType) -> None:
    assert needed(hook) == ZIG


@pytest.mark.parametrize("named", ["cc", "gcc", "clang", "/opt/x/icc -m64"])
def test_a_compiler_that_is_there_is_taken(hook: ModuleType, named: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if " " in named:
        monkeypatch.setenv("CC", named)
    monkeypatch.setattr(shutil, "which", lambda name: name if name == named.split()[0] else None)
    assert needed(hook) == []


def test_plain_python_needs_none(hook: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVCLEAR_PURE", "1")
    assert needed(hook) == []


def test_without_headers_none_is_of_use(hook: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hook, "has_headers", lambda: False)
    assert needed(hook) == []


def test_where_pip_has_none(hook: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "s390x")
    assert needed(hook) == []
