"""Compiles `tariffs.bulk` with mypyc while evclear is built; without a C compiler the same sources run as they are.

Whoever wants plain Python all the same sets EVCLEAR_PURE=1. An editable install puts the compiled modules beside their
sources, where git ignores them and a test says when they have become old.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PACKAGE = Path("tariffs", "bulk")
LEFT_OUT = {"__init__.py", "builtin.py", "whole.py"}
"""msgspec wants its shapes as they are, and what is rare need not be fast."""


class CompileHook(BuildHookInterface):
    """The build hook that hatchling calls."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the compiled modules to the wheel, or say why there are none."""
        if self.target_name != "wheel":
            return
        root = Path(self.root)
        if version == "editable":
            for old in (root / PACKAGE).glob("*.so"):
                old.unlink()
        if os.environ.get("EVCLEAR_PURE") == "1":
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


def _compile(root: Path, folder: Path) -> list[Path]:
    from mypyc.build import mypycify
    from setuptools import Distribution

    before = Path.cwd()
    os.chdir(root)
    try:
        sources = sorted(str(path) for path in PACKAGE.glob("*.py") if path.name not in LEFT_OUT)
        extensions = mypycify(
            ["--follow-imports=silent", "--ignore-missing-imports", "--always-true=COMPILED", f"--cache-dir={folder / 'cache'}", *sources],
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
