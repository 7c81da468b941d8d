"""The style of the house as tests: imports point down, no float, nobody reads the clock, functions fit on a screen.

Each rule is a function from one source file to its violations; a test reports all violations of a rule at once. What
a rule catches, and what it lets pass, stands as samples in `CAUGHT` and `LET_PASS`, so that a rule cannot go blind.
"""

import ast
import doctest
import importlib
import re
import subprocess
import sys
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from clearing.findings import CATALOGUE

ROOT = Path(__file__).parent.parent
LONGEST_FUNCTION = 60
LONGEST_FILE = 400

# Layout is measured in points, which are no money: a float literal and the type of a coordinate are at home here.
LAYOUT = "clearing/documents/"
COMMANDS = "clearing/commands/"
DEMO = "clearing/demo/"

# Files that may read JSON without parse_float, and why no amount can lose a digit there.
JSON_OF_OUR_OWN: dict[str, str] = {}

FLOATING_MODULES = {"math", "cmath", "statistics"}
CLOCK_CALLS = {"now", "today", "utcnow"}
CLOCK_CLASSES = {"date", "datetime"}
CLOCK_FUNCTIONS = {"time", "time_ns", "localtime", "gmtime", "ctime"}
CLOCK_SQL = re.compile(r"\bCURRENT_(TIMESTAMP|DATE|TIME)\b|\('now'")
NAMELESS_ROOMS = {
    "util", "utils", "helper", "helpers", "common", "model", "models", "service", "services", "manager", "managers",
}  # fmt: skip

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """One Python file: its path from the root, its text and its syntax tree."""

    path: str
    text: str
    tree: ast.Module

    @classmethod
    def of(cls, path: str, text: str) -> "Source":
        return cls(path, text, ast.parse(text, path))

    def at(self, node: ast.AST, message: str) -> str:
        return f"{self.path}:{getattr(node, 'lineno', 1)}: {message}"

    def walk(self) -> Iterator[ast.AST]:
        return ast.walk(self.tree)


Rule = Callable[[Source], Iterator[str]]


@cache
def sources(*folders: str) -> tuple[Source, ...]:
    paths = sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return tuple(Source.of(path.relative_to(ROOT).as_posix(), path.read_text("utf-8")) for path in paths)


def named(node: ast.AST) -> str:
    """Return `a.b.c` for a name with its attributes, and nothing for any other expression."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{named(node.value)}.{node.attr}"
    return ""


def imported(node: ast.AST) -> list[tuple[str, str]]:
    """Return (module, name) of what a statement imports; name is empty for `import module`."""
    if isinstance(node, ast.Import):
        return [(alias.name, "") for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.level == 0:
        return [(node.module or "", alias.name) for alias in node.names]
    return []


def docstrings(source: Source) -> set[ast.AST]:
    """Return the nodes of bare texts: docstrings of modules, classes, functions and constants."""
    return {node.value for node in source.walk() if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)}


# The rules, in the order of the tests below.


def no_float(source: Source) -> Iterator[str]:
    layout = source.path.startswith(LAYOUT)
    asked = {name for node in source.walk() for name in _types_asked_for(node)}
    called = {part for node in source.walk() if isinstance(node, ast.Call) for part in _parts(node)}
    for node in source.walk():
        for module, _ in imported(node):
            if module.split(".")[0] in FLOATING_MODULES:
                yield source.at(node, f"{module} computes in float")
        if isinstance(node, ast.Constant) and isinstance(node.value, float | complex) and not layout:
            yield source.at(node, f"float literal {node.value}")
        if isinstance(node, ast.Name) and node.id == "float" and node not in asked and (node in called or not layout):
            yield source.at(node, "float is used")
        if isinstance(node, ast.Call) and named(node.func).split(".")[-1] == "Decimal":
            if any(_is_float(argument) for argument in node.args):
                yield source.at(node, "Decimal made from a float")
        if isinstance(node, ast.Attribute) and node.attr == "from_float":
            yield source.at(node, "Decimal made from a float")


def _types_asked_for(node: ast.AST) -> list[ast.expr]:
    """Return the types in a question that makes no float: `isinstance(value, float)`, `type(value) is float`."""
    if isinstance(node, ast.Call) and named(node.func) == "isinstance":
        return [inner for part in node.args[1:] for inner in ast.walk(part) if isinstance(inner, ast.Name)]
    return node.comparators if isinstance(node, ast.Compare) else []


def _parts(call: ast.Call) -> list[ast.expr]:
    return [call.func, *call.args, *(keyword.value for keyword in call.keywords)]


def _is_float(node: ast.expr) -> bool:
    if isinstance(node, ast.UnaryOp):
        return _is_float(node.operand)
    return isinstance(node, ast.Constant) and isinstance(node.value, float)


def no_clock(source: Source) -> Iterator[str]:
    if source.path.startswith(COMMANDS):
        return
    texts = docstrings(source)
    for node in source.walk():
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCK_CALLS:
            yield source.at(node, f".{node.func.attr}() reads the clock; take the day as an argument")
        elif isinstance(node, ast.Attribute) and _is_clock(named(node)):
            yield source.at(node, f"{named(node)} reads the clock; take the day as an argument")
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in texts:
            if CLOCK_SQL.search(node.value):
                yield source.at(node, "SQL that reads the clock; take the day as an argument")
        for module, name in imported(node):
            if module == "time" and name in CLOCK_FUNCTIONS:
                yield source.at(node, f"time.{name} reads the clock; take the day as an argument")


def _is_clock(name: str) -> bool:
    owner, _, last = name.rpartition(".")
    owner = owner.rpartition(".")[2]
    return (owner in CLOCK_CLASSES and last in CLOCK_CALLS) or (owner == "time" and last in CLOCK_FUNCTIONS)


def no_chance(source: Source) -> Iterator[str]:
    demo = source.path.startswith(DEMO)
    for node in source.walk():
        for module, name in imported(node):
            if (module, name) in {("uuid", "uuid1"), ("uuid", "uuid4"), ("os", "urandom")} or module == "secrets":
                yield source.at(node, f"{module} {name} is chance; derive ids from content")
            if module == "random" and not demo:
                yield source.at(node, "random outside of the demo")
            if module == "random" and demo and name not in {"", "Random"}:
                yield source.at(node, f"random.{name} has no seed; use Random(seed)")
        if isinstance(node, ast.Attribute) and named(node) in {"uuid.uuid1", "uuid.uuid4", "os.urandom"}:
            yield source.at(node, f"{named(node)} is chance; derive ids from content")
        if isinstance(node, ast.Attribute) and named(node).startswith("random.") and node.attr != "Random":
            yield source.at(node, f"{named(node)} has no seed; use Random(seed)")
        if isinstance(node, ast.Call) and named(node.func) in {"Random", "random.Random"} and not node.args:
            yield source.at(node, "Random() without a seed")


def fits_on_a_screen(source: Source) -> Iterator[str]:
    length = len(source.text.splitlines())
    if length > LONGEST_FILE:
        yield f"{source.path}:{LONGEST_FILE + 1}: a file of {length} lines; {LONGEST_FILE} are enough for one idea"
    for node in source.walk():
        if isinstance(node, Function):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > LONGEST_FUNCTION:
                yield source.at(node, f"{node.name} has {lines} lines; {LONGEST_FUNCTION} fit on a screen")


def is_named_after_its_idea(source: Source) -> Iterator[str]:
    for part in source.path.removesuffix(".py").split("/"):
        if part.strip("_") in NAMELESS_ROOMS:
            yield f"{source.path}:1: {part} says nothing; name the idea"


def has_docstrings(source: Source) -> Iterator[str]:
    yield from _docstring(source, source.tree, "the module")
    yield from _docstrings_in(source, source.tree.body)


def _docstrings_in(source: Source, body: list[ast.stmt]) -> Iterator[str]:
    for node in body:
        if isinstance(node, ast.If | ast.Try):
            yield from _docstrings_in(source, [*node.body, *node.orelse])
        if isinstance(node, ast.ClassDef | Function) and not node.name.startswith("_") and not _repeats(node):
            yield from _docstring(source, node, node.name)
            if isinstance(node, ast.ClassDef):
                yield from _docstrings_in(source, node.body)


def _repeats(node: ast.ClassDef | Function) -> bool:
    """Whether another definition of the same name already has the docstring."""
    return any(named(decorator).endswith(("overload", "override", ".setter")) for decorator in node.decorator_list)


def _docstring(source: Source, node: ast.Module | ast.ClassDef | Function, name: str) -> Iterator[str]:
    text = ast.get_docstring(node)
    if not text:
        yield source.at(node, f"{name} has no docstring")
    elif not is_sentence(text.splitlines()[0]):
        yield source.at(node, f"the docstring of {name} does not begin with a sentence on one line")


def is_sentence(line: str) -> bool:
    """Whether a line ends as a sentence does and begins with a capital, a sign or a name such as `evclear.toml`."""
    first = line.split()[0]
    return bool(re.search(r"[.!?][)\"'`»”]*$", line)) and not (
        first.isalpha() and first.islower() and first != "evclear"
    )


def prints_only_in_commands(source: Source) -> Iterator[str]:
    if source.path.startswith(COMMANDS):
        return
    for node in source.walk():
        if isinstance(node, ast.Call) and named(node.func) in {"print", "pprint", "pprint.pprint"}:
            yield source.at(node, f"{named(node.func)}( outside of {COMMANDS}")
        if isinstance(node, ast.Attribute) and named(node) in {"sys.stdout", "sys.stderr"}:
            yield source.at(node, f"{named(node)} outside of {COMMANDS}")


def never_lets_pydantic_parse_json(source: Source) -> Iterator[str]:
    for node in source.walk():
        if isinstance(node, ast.Attribute) and node.attr in {"model_validate_json", "validate_json"}:
            yield source.at(node, f"{node.attr} reads amounts as float; decode with parse_float=Decimal first")


def reads_json_without_float(source: Source) -> Iterator[str]:
    names = {name for node in source.walk() for module, name in imported(node) if module == "json"}
    readers = {"loads", "load", "JSONDecoder"}
    wanted = {f"json.{reader}" for reader in readers} | (names & readers)
    for node in source.walk():
        if isinstance(node, ast.Call) and named(node.func) in wanted:
            if not any(keyword.arg == "parse_float" for keyword in node.keywords):
                yield source.at(node, f"{named(node.func)} without parse_float=Decimal")


# What the rules catch, one sample each, and what looks alike and may stay.

CAUGHT: list[tuple[Rule, str, str]] = [
    (no_float, "tariffs/x.py", "rate = 0.1"),
    (no_float, "tariffs/x.py", "rate = float(text)"),
    (no_float, "tariffs/x.py", "def cost(hours: float) -> None: ..."),
    (no_float, "tariffs/x.py", "json.loads(text, parse_float=float)"),
    (no_float, "tariffs/x.py", "from math import ceil"),
    (no_float, "clearing/x.py", "import statistics"),
    (no_float, "clearing/documents/x.py", "net = Decimal(-1.5)"),
    (no_float, "clearing/documents/x.py", "net = 1 + float(total)"),
    (no_float, "clearing/documents/x.py", "nets = map(float, totals)"),
    (no_float, "tariffs/x.py", "same = net == float(total)"),
    (no_clock, "clearing/x.py", "day = datetime.now(UTC).date()"),
    (no_clock, "clearing/x.py", "day = date.today()"),
    (no_clock, "clearing/x.py", "at = field(default_factory=datetime.utcnow)"),
    (no_clock, "clearing/x.py", "at = time.time()"),
    (no_clock, "clearing/x.py", "from time import time"),
    (no_clock, "clearing/store/x.py", "Column('at', server_default=text('CURRENT_TIMESTAMP'))"),
    (no_chance, "clearing/x.py", "key = uuid.uuid4()"),
    (no_chance, "clearing/x.py", "from uuid import uuid4"),
    (no_chance, "clearing/x.py", "import random"),
    (no_chance, "clearing/demo/x.py", "kwh = random.randint(1, 9)"),
    (no_chance, "clearing/demo/x.py", "dice = Random()"),
    (fits_on_a_screen, "tariffs/x.py", "def long():\n" + "    step()\n" * LONGEST_FUNCTION),
    (fits_on_a_screen, "tariffs/x.py", "\n" * (LONGEST_FILE + 1)),
    (is_named_after_its_idea, "clearing/utils.py", ""),
    (is_named_after_its_idea, "clearing/services/netting.py", ""),
    (has_docstrings, "tariffs/x.py", "x = 1"),
    (has_docstrings, "tariffs/x.py", '"""Prices."""\ndef price(): ...'),
    (has_docstrings, "tariffs/x.py", '"""Prices."""\nclass Price:\n    """A price."""\n    def net(self): ...'),
    (has_docstrings, "tariffs/x.py", '"""The first line goes\non."""'),
    (has_docstrings, "tariffs/x.py", '"""lower case first."""'),
    (prints_only_in_commands, "clearing/run.py", "print(net)"),
    (prints_only_in_commands, "clearing/run.py", "sys.stderr.write(text)"),
    (never_lets_pydantic_parse_json, "clearing/x.py", "Shape.model_validate_json(text)"),
    (reads_json_without_float, "clearing/x.py", "json.loads(text)"),
    (reads_json_without_float, "clearing/x.py", "from json import load\nload(file)"),
    (reads_json_without_float, "clearing/x.py", "json.JSONDecoder()"),
]
LET_PASS: list[tuple[Rule, str, str]] = [
    (no_float, "tariffs/x.py", "refused = isinstance(value, float) or type(value) is float"),
    (no_float, "tariffs/x.py", "rate = Decimal('0.1')"),
    (no_float, "clearing/documents/x.py", "Box = tuple[float, float]\ndef line(y: float) -> Box: return (1.5, y)"),
    (no_clock, "clearing/x.py", "due = self.today + timedelta(days=14)"),
    (no_clock, "clearing/commands/x.py", "at = datetime.now(UTC)"),
    (no_chance, "clearing/demo/x.py", "from random import Random\ndice = Random(seed)"),
    (fits_on_a_screen, "tariffs/x.py", "@decorated\ndef long():\n" + "    step()\n" * (LONGEST_FUNCTION - 1)),
    (has_docstrings, "tariffs/x.py", '"""evclear is *netting*."""\ndef _inner(): ...'),
    (has_docstrings, "tariffs/x.py", '"""Prices (OCPI 2.2.1)."""\nclass _Price:\n    def net(self): ...'),
    (prints_only_in_commands, "clearing/commands/x.py", "print(net)"),
    (reads_json_without_float, "clearing/x.py", "json.loads(text, parse_float=Decimal)"),
    (reads_json_without_float, "clearing/x.py", "tomllib.loads(text)"),
]


def sample_id(sample: object) -> str | None:
    return getattr(sample, "__name__", None)


@pytest.mark.parametrize(("rule", "path", "text"), CAUGHT, ids=sample_id)
def test_a_rule_catches(rule: Rule, path: str, text: str) -> None:
    assert list(rule(Source.of(path, text)))


@pytest.mark.parametrize(("rule", "path", "text"), LET_PASS, ids=sample_id)
def test_a_rule_lets_pass(rule: Rule, path: str, text: str) -> None:
    assert list(rule(Source.of(path, text))) == []


def violations(rule: Rule, *folders: str, without: Container[str] = ()) -> list[str]:
    """Return all violations of a rule in the order of the files and their lines."""
    found = [list(rule(source)) for source in sources(*folders) if source.path not in without]
    return [violation for of_file in found for violation in sorted(of_file, key=_line)]


def report(found: list[str]) -> None:
    """Fail with one violation a line and without a traceback, which would only show this file."""
    if found:
        pytest.fail("\n".join(found), pytrace=False)


def _line(violation: str) -> int:
    return int(violation.split(":")[1])


# The house itself.


def test_imports_point_down() -> None:
    lint = "from importlinter.cli import lint_imports_command as lint; lint(['--no-cache', '--no-logo'])"
    done = subprocess.run([sys.executable, "-c", lint], cwd=ROOT, capture_output=True, text=True, check=False)
    kept = done.returncode == 0 and "0 broken" in done.stdout
    report([] if kept else [done.stdout, done.stderr])


@pytest.mark.parametrize(
    "rule",
    [
        no_float,
        no_clock,
        no_chance,
        fits_on_a_screen,
        is_named_after_its_idea,
        has_docstrings,
        prints_only_in_commands,
        never_lets_pydantic_parse_json,
    ],
    ids=sample_id,
)
def test_every_file_of_the_house(rule: Rule) -> None:
    report(violations(rule, "tariffs", "clearing"))


def test_no_json_reader_makes_floats_of_amounts() -> None:
    report(violations(reads_json_without_float, "tariffs", "clearing", without=JSON_OF_OUR_OWN))


def test_every_exception_for_json_is_still_needed() -> None:
    needed = {source.path for source in sources("tariffs", "clearing") if any(reads_json_without_float(source))}
    assert set(JSON_OF_OUR_OWN) <= needed


def test_tests_do_not_let_pydantic_parse_json_either() -> None:
    report(violations(never_lets_pydantic_parse_json, "tests"))


def test_fixtures_are_data_only() -> None:
    assert sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "fixtures").rglob("__init__.py")) == []


def test_every_finding_has_a_name_in_kebab_case() -> None:
    assert [code for code in CATALOGUE if not re.fullmatch(r"[a-z]+(-[a-z]+)*", code)] == []


def test_every_finding_has_a_known_severity() -> None:
    assert {code: severity for code, severity in CATALOGUE.items() if severity not in set("FSQWI")} == {}


def modules_with_examples() -> list[str]:
    found = [source.path for source in sources("tariffs", "clearing") if ">>> " in source.text]
    return [path.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for path in found]


@pytest.mark.parametrize("module", modules_with_examples())
def test_examples_in_docstrings_hold(module: str) -> None:
    assert doctest.testmod(importlib.import_module(module)).failed == 0
