"""Compiles `tariffs.bulk` with mypyc while evclear is built; where that fails the same sources run as they are.

A machine without a C compiler gets one from pip for the time of the build (ziglang, which is a C compiler as well), if
it has the headers of Python. Whoever wants plain Python all the same sets EVCLEAR_PURE=1. An editable install puts the
compiled modules beside their sources, where git ignores them and a test says when they have become old.
"""

import os
import platform
import shlex
import shutil
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PACKAGE = Path("tariffs", "bulk")
LEFT_OUT = {"__init__.py", "builtin.py", "whole.py"}
"""What only plain Python takes, and what is rare and need not be fast."""
COMPILER_FROM_PIP = "ziglang>=0.13"
FROM_PIP = {("Linux", "x86_64"), ("Linux", "aarch64"), ("Darwin", "x86_64"), ("Darwin", "arm64")}
"""Where pip has that compiler."""


class CompileHook(BuildHookInterface):
    """The build hook that hatchling calls."""

    def dependencies(self) -> list[str]:
        """What this build needs beside what pyproject.toml names."""
        if is_plain() or has_compiler() or not has_headers():
            return []
        return [COMPILER_FROM_PIP] if (platform.system(), platform.machine()) in FROM_PIP else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the compiled modules to the wheel, or say why there are none."""
        if self.target_name != "wheel":
            return
        root = Path(self.root)
        if version == "editable":
            for old in (root / PACKAGE).glob("*.so"):
                old.unlink()
        if is_plain():
            print("evclear: plain Python, as EVCLEAR_PURE asks for", file=sys.stderr)
            return
        folder = Path(tempfile.mkdtemp(prefix="evclear-"))
        try:
            built = _compile(root, folder)
        except (Exception, SystemExit) as problem:  # without a compiler, or one that does not work, all works still
            print(f"evclear: plain Python, as compiling failed: {problem}", file=sys.stderr)
            shutil.rmtree(folder, ignore_errors=True)
            return
        build_data["pure_python"] = False
        build_data["infer_tag"] = True
        for module in built:
            place = str(module.relative_to(folder / "lib"))
            if version == "editable":
                shutil.copy2(module, root / place)
            else:
                build_data["force_include"][str(module)] = place


def is_plain() -> bool:
    """Whether somebody wants plain Python."""
    return os.environ.get("EVCLEAR_PURE") == "1"


def has_compiler() -> bool:
    """Whether the machine has a C compiler: the one Python was built with, or one that is named."""
    named = shlex.split(os.environ.get("CC") or sysconfig.get_config_var("CC") or "")
    return any(shutil.which(name) for name in [*named[:1], "cc", "gcc", "clang"]) or sys.platform == "win32"


def has_headers() -> bool:
    """Whether the headers of Python are there, without which nothing compiles."""
    return Path(sysconfig.get_path("include"), "Python.h").exists()


def _compile(root: Path, folder: Path) -> list[Path]:
    from mypyc.build import mypycify
    from setuptools import Distribution

    if not has_compiler():
        os.environ["CC"] = f"{shlex.quote(sys.executable)} -m ziglang cc"
    before = Path.cwd()
    os.chdir(root)
    try:
        sources = sorted(str(path) for path in PACKAGE.glob("*.py") if path.name not in LEFT_OUT)
        options = ["--follow-imports=silent", "--ignore-missing-imports", "--always-true=COMPILED"]
        extensions = mypycify(
            [*options, f"--cache-dir={folder / 'cache'}", *sources],
            opt_level="3",
            debug_level="0",
            group_name="tariffs.bulk.compiled",
            target_dir=str(folder / "c"),
        )
        command = Distribution({"name": "evclear", "ext_modules": extensions}).get_command_obj("build_ext")
        command.build_lib, command.build_temp = str(folder / "lib"), str(folder / "temp")
        command.ensure_finalized()
        command.run()
        return [Path(output) for output in command.get_outputs()]
    finally:
        os.chdir(before)


def get_build_hook() -> type[CompileHook]:
    """What hatchling looks for."""
    return CompileHook
