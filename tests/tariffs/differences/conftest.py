"""Set-up of a case: a CDR and its tariffs as the wire has them, with a claim put in, priced and accounted for."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tariffs import Breakdown, price
from tariffs.differences import Account, account
from tariffs.ocpi import decode, read_cdr, read_tariff


def accounted(wire: dict[str, Any], claim: Any, *given: dict[str, Any], **options: Any) -> tuple[Breakdown, Account]:
    """Return our price and the account; a claim is a text excluding VAT, both sides, or the wire's total_cost."""
    if isinstance(claim, str):
        claim = {"excl_vat": claim}
    elif isinstance(claim, tuple):
        claim = {"excl_vat": claim[0], "incl_vat": claim[1]}
    read = read_cdr(decode(json.dumps({**wire, "total_cost": claim})))
    assert read.cdr is not None
    tariffs = [read_tariff(decode(json.dumps(one))).tariff for one in given]
    assert None not in tariffs
    known = tuple(one for one in tariffs if one is not None)
    options.setdefault("time_zone", "UTC")
    breakdown = price(read.cdr, tariffs=known, **options)
    return breakdown, account(read.cdr, breakdown, tariffs=known, **options)


def check(making: Any, case: tuple[Any, ...], expected: str) -> None:
    """Check that a case's claim is made by the readings named, and by no other, with the usual rounding."""
    claim, others, build, *rest = case
    options = dict(rest[0]) if rest else {}
    given = options.pop("given", ())
    breakdown, found = accounted(build(making), claim, *given, **options)
    assert breakdown.priced, breakdown.findings
    assert found.difference is not None, "the claim is our price"
    simple = [cause for cause in found.causes if cause.is_simple]
    assert sorted({cause.reading for cause in simple}) == sorted({expected, *others}), found.words


@pytest.fixture
def account_of() -> Callable[..., tuple[Breakdown, Account]]:
    return accounted


@pytest.fixture
def check_case() -> Callable[..., None]:
    return check
