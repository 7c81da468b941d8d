"""What is shipped: the declared dependencies are the imported ones, and the wheel holds all that the code reads."""

import ast
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("clearing", "tariffs")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

# Declared though no statement imports it, and why.
NOT_IMPORTED = {"tzdata": "data: zoneinfo finds it by itself, so that the zones are the same on every machine"}

# Imported under a name of its own though it comes, in one exact version, with a declared distribution.
PART_OF = {"pydantic-core": "pydantic"}


def normal(name: str) -> str:
    """Return the name of a distribution in its one spelling (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def declared() -> set[str]:
    return {normal(re.split(r"[^A-Za-z0-9._-]", requirement)[0]) for requirement in PROJECT["dependencies"]}


def imports() -> dict[str, str]:
    """Return every top-level module from outside that is imported, with the place of its first import."""
    found: dict[str, str] = {}
    for path in sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Import | ast.ImportFrom):
                continue
            for name in _modules(node):
                top = name.split(".")[0]
                if top not in sys.stdlib_module_names and top not in PACKAGES:
                    found.setdefault(top, f"{path.relative_to(ROOT).as_posix()}:{node.lineno}")
    return found


def _modules(node: ast.Import | ast.ImportFrom) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module] if node.module and node.level == 0 else []


def distributions() -> dict[str, set[str]]:
    """Return the installed distributions of each imported module; a module nobody installed stands for itself."""
    installed = packages_distributions()
    names = {module: {normal(name) for name in installed.get(module, [module])} for module in imports()}
    return {module: {PART_OF.get(name, name) for name in found} for module, found in names.items()}


def test_everything_imported_is_declared() -> None:
    place = imports()
    found = [
        f"{place[module]}: {module} ({', '.join(sorted(names))}) is not among the dependencies"
        for module, names in distributions().items()
        if not names & declared()
    ]
    assert not found, "\n" + "\n".join(found)


def test_everything_declared_is_imported() -> None:
    used = {name for names in distributions().values() for name in names}
    unused = sorted(declared() - used - set(NOT_IMPORTED))
    assert not unused, f"declared but never imported: {', '.join(unused)}"


def test_every_exception_is_still_needed() -> None:
    used = {name for names in distributions().values() for name in names}
    assert set(NOT_IMPORTED) <= declared() - used


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """Build the wheel with the build backend itself: no isolation, so no package index is asked."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    done = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = folder.glob("evclear-*.whl")
    return zipfile.ZipFile(built)


def info(wheel: zipfile.ZipFile, name: str) -> str:
    return wheel.read(f"evclear-{PROJECT['version']}.dist-info/{name}").decode()


def test_the_wheel_installs_two_packages_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    # A module named cli would overwrite, in silence, the one of another tool that ships a cli.py as well.
    top = {name.split("/")[0] for name in wheel.namelist()}
    assert top == {*PACKAGES, f"evclear-{PROJECT['version']}.dist-info"}


def test_the_wheel_holds_every_file_of_the_packages(wheel: zipfile.ZipFile) -> None:
    # Fonts, migrations and templates too: hatchling leaves out in silence what .gitignore names.
    files = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith(".")
    }
    assert sorted(files - set(wheel.namelist())) == []


@pytest.mark.parametrize("package", PACKAGES)
def test_the_wheel_says_that_it_is_typed(wheel: zipfile.ZipFile, package: str) -> None:
    assert f"{package}/py.typed" in wheel.namelist()


@pytest.mark.parametrize(
    ("folder", "needed"), [("clearing/documents/fonts", ".ttf"), ("clearing/store/migrations", ".py")]
)
def test_the_wheel_ships_fonts_and_migrations(wheel: zipfile.ZipFile, folder: str, needed: str) -> None:
    if not (ROOT / folder).is_dir():
        pytest.skip(f"{folder} does not exist yet")
    assert [name for name in wheel.namelist() if name.startswith(f"{folder}/") and name.endswith(needed)]


def test_the_command_is_evclear(wheel: zipfile.ZipFile) -> None:
    assert "evclear = clearing.commands:main" in info(wheel, "entry_points.txt").splitlines()


def test_the_wheel_carries_its_licence(wheel: zipfile.ZipFile) -> None:
    assert info(wheel, "licenses/LICENSE") == (ROOT / "LICENSE").read_text("utf-8")
    assert "Apache License" in info(wheel, "licenses/LICENSE")
