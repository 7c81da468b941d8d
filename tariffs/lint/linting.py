"""lint_tariff and lint_cdr: every rule asked about one decoded object, in the order of the catalogue."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from tariffs.findings import Finding
from tariffs.lint.catalogue import CDR_CHECKS, RULES, TARIFF_CHECKS
from tariffs.lint.rule import LintFinding, Rule, Spot, finding_of
from tariffs.lint.sheet import CdrSheet, TariffSheet
from tariffs.ocpi import detect_version, read_cdr, read_tariff
from tariffs.pricing import price
from tariffs.timeline import walk
from tariffs.verification import verify

_INDEX: Final = re.compile(r"\[[0-9]+\]")


def lint_tariff(obj: object, *, version: str | None = None, as_of: datetime | None = None) -> tuple[LintFinding, ...]:
    """Say what is wrong or suspicious in a decoded Tariff object; never raises for bad data.

    `version` is the OCPI version its sender states, else it is detected. `as_of` is the instant for which the tariff
    is judged: without one nobody knows whether its validity is over.

    >>> from tariffs.ocpi import decode
    >>> text = b'{"id": "T", "currency": "EUR", "elements": [{"price_components": [{"type": "TIME", "price": 0.05}]}]}'
    >>> [(f.code, f.path) for f in lint_tariff(decode(text)) if f.code.endswith("minutes")]
    [('time-price-looks-like-minutes', '$.elements[0].price_components[0].price')]
    """
    read = read_tariff(obj, version=version)
    if not isinstance(obj, dict) or any(f.code == "version-not-supported" for f in read.findings):
        return tuple(_as_read(read.findings))
    found = list(_of_tariff(TariffSheet(obj, version or detect_version(obj), as_of, read.tariff), "$"))
    return _in_order([*_as_read(_not_told(read.findings, found)), *found])


def lint_cdr(obj: object, *, version: str | None = None) -> tuple[LintFinding, ...]:
    """Say what is wrong or suspicious in a decoded CDR object and in its tariffs; never raises for bad data."""
    read = read_cdr(obj, version=version)
    if read.cdr is None or not isinstance(obj, dict) or "ocpi_version" in read.cdr.unreadable:
        return tuple(_as_read(read.findings))
    cdr = read.cdr
    checked = [*walk(cdr).findings, *verify(cdr, price(cdr))]
    sheet = CdrSheet(obj, read.version, None, cdr, tuple((f.code, f.path, f.message) for f in checked))
    found = [finding_of(check.rule, spot) for check in CDR_CHECKS for spot in check.look(sheet)]
    tariffs = obj.get("tariffs")
    for index, raw in enumerate(tariffs if isinstance(tariffs, list) else []):
        if isinstance(raw, dict):
            tariff = read_tariff(raw, version=read.version).tariff
            found.extend(_of_tariff(TariffSheet(raw, read.version, None, tariff), f"$.tariffs[{index}]"))
    return _in_order([*_as_read(_not_told(read.findings, found)), *found])


def _of_tariff(sheet: TariffSheet, prefix: str) -> Iterator[LintFinding]:
    for check in TARIFF_CHECKS:
        for spot in check.look(sheet):
            yield finding_of(check.rule, spot, prefix)


def _as_read(findings: Iterable[Finding]) -> Iterator[LintFinding]:
    """Findings of reading under their own names and severities."""
    for f in findings:
        known = RULES.get(f.code)
        told = Rule(f.code, f.severity, known.clause if known else "", known.remedy if known else "")
        yield finding_of(told, Spot(f.path, f.message))


def _not_told(findings: Iterable[Finding], found: Iterable[LintFinding]) -> Iterator[Finding]:
    """Leave out what a rule says better: a misspelt key is an unknown field, a component without VAT has its place."""
    misspelt = {_INDEX.sub("[*]", f.path) for f in found if f.code == "misspelt-field"}
    for f in findings:
        is_told = f.code == "unknown-field" and _INDEX.sub("[*]", f.path) in misspelt
        if not is_told and f.code != "component-without-vat":
            yield f


def _in_order(findings: list[LintFinding]) -> tuple[LintFinding, ...]:
    """In the order of the catalogue; equal ones once."""
    ranks = {code: place for place, code in enumerate(RULES)}
    once = dict.fromkeys(findings)
    return tuple(sorted(once, key=lambda f: ranks.get(f.code, len(ranks))))
