"""What must hold for every input, however broken: nothing is raised, all is said, and no total is made up."""

from datetime import UTC, datetime
from random import Random
from time import process_time
from typing import Any, NamedTuple

from mutations import Mutant

from tariffs import Breakdown, Finding, NotJson, Severity, Tariff, price, verify
from tariffs.lint import lint_cdr, lint_tariff
from tariffs.ocpi import (
    VERSIONS,
    ReadCdr,
    apply_patch,
    convert_cdr,
    convert_tariff,
    decode,
    encode,
    read_cdr,
    read_session,
    read_tariff,
)
from tariffs.ocpi.conversion import TARGETS

ZONES = (None, None, "Europe/Berlin", "America/New_York", "UTC")
STOPS = (Severity.FILE_REFUSED, Severity.RECORD_REFUSED, Severity.WAITS)
TOTALS = ("cost", "energy_cost", "time_cost", "parking_cost", "fixed_cost", "reservation_cost")
SAMPLED = 10
"""One in so many is also looked through by lint and converted."""
LONGEST = 1
"""CPU seconds that one input may take."""


class Judged(NamedTuple):
    """How an input ended, what was wrong with the answer, and the CPU seconds it took."""

    outcome: str
    violations: tuple[str, ...]
    seconds: Any


def judge(one: Mutant, given: tuple[Tariff, ...]) -> Judged:
    """Read, price and verify an input, sometimes lint and convert it, and say what does not hold.

    One that seems slow is tried a second time, and the quicker counts: other work on the machine slows both.
    """
    first = _tried(one, given)
    if first.seconds <= LONGEST:
        return first
    best = min(first, _tried(one, given), key=lambda tried: tried.seconds)
    if best.seconds <= LONGEST:
        return best
    return best._replace(violations=(*best.violations, f"took {best.seconds:.2f} s of CPU time"))


def _tried(one: Mutant, given: tuple[Tariff, ...]) -> Judged:
    r = Random(-one.seed)
    violations: list[str] = []
    began = process_time()
    outcome = "raised"
    try:
        outcome = _answer(one, given, r, violations)
    except Exception as problem:  # whatever it is, it is what must not happen
        violations.append(f"raised {type(problem).__name__}: {problem}")
    return Judged(outcome, tuple(violations), process_time() - began)


def _answer(one: Mutant, given: tuple[Tariff, ...], r: Random, violations: list[str]) -> str:
    try:
        obj = decode(one.text)
    except NotJson:
        return "not JSON"
    version = r.choice((None, None, *VERSIONS))
    is_sampled = one.seed % SAMPLED == 0
    if one.kind == "tariff":
        return _tariff(obj, version, violations, is_sampled=is_sampled)
    if one.kind == "session":
        until = r.choice((None, None, datetime(2026, 10, 7, tzinfo=UTC)))
        read = read_session(obj, version=version, until=until)
        if is_sampled and isinstance(obj, dict):
            _said(apply_patch(obj, obj, r.choice(VERSIONS)).findings, violations)
    else:
        read = read_cdr(obj, version=version)
        if is_sampled:
            _said(lint_cdr(obj, version=version), violations)
            _converted(convert_cdr(obj, to=r.choice(TARGETS), version=version), violations)
    _said(read.findings, violations)
    if read.cdr is None:
        if isinstance(obj, dict) or [(f.code, f.path) for f in read.findings] != [("malformed-record", "$")]:
            violations.append("an object was not read, or what is none not said")
        return "not an object"
    override = r.choice((None, None, None, *given[:1]))
    found = price(read.cdr, tariffs=given if r.random() < 0.5 else (), override=override, time_zone=r.choice(ZONES))
    _said((*found.findings, *verify(read.cdr, found)), violations)
    _totals(read, found, violations)
    return "priced" if found.priced else "refused"


def _tariff(obj: object, version: str | None, violations: list[str], *, is_sampled: bool) -> str:
    read = read_tariff(obj, version=version)
    _said(read.findings, violations)
    if read.tariff is None and not any(f.severity in STOPS for f in read.findings):
        violations.append("a tariff is refused without a reason")
    if is_sampled:
        _said(lint_tariff(obj, version=version), violations)
        _converted(convert_tariff(obj, to=TARGETS[len(repr(obj)) % 2], version=version), violations)
    return "tariff refused" if read.tariff is None else "tariff read"


def _said(findings: Any, violations: list[str]) -> None:
    """Every finding has a place and words, in letters that can be printed."""
    for f in findings:
        if not f.path.startswith("$") or not f.message or not f.code:
            violations.append(f"a finding without place or words: {f}")


def _converted(made: Any, violations: list[str]) -> None:
    _said(made.findings, violations)
    if made.value is None:
        if not made.is_lossy:
            violations.append("not converted, without a reason")
        return
    decode(encode(made.value))


def _totals(read: ReadCdr, found: Breakdown, violations: list[str]) -> None:
    """A total is there exactly where nothing stopped it; what stopped it is said, and nothing stands in for it."""
    stopping: list[Finding] = [f for f in found.findings if f.severity in STOPS]
    sides = [getattr(getattr(found, f"total_{total}"), side) for total in TOTALS for side in ("excl_vat", "incl_vat")]
    if found.priced:
        if stopping:
            violations.append(f"priced in spite of {stopping[0].code}")
        if any(side is not None and not side.is_finite() for side in sides):
            violations.append("a total that is no number")
        return
    if not stopping and not any(f.severity in STOPS for f in read.findings):
        violations.append("no price, and nothing says why")
    if any(side is not None for side in sides) or found.billed is not None:
        violations.append("no price, and yet a part of it")
