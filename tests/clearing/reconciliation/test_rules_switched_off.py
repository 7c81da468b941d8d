"""Every rule of the run matters: for each there is a small month that ends otherwise once exactly it is switched off.

A rule added to a table without a case here fails `test_every_rule_has_its_month`.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from building import (
    CPO2,
    EMSP,
    EMSP2,
    MALFORMED,
    STRANGER,
    Month,
    Seen,
    again,
    agreement,
    both,
    cpo,
    credit,
    emsp,
    priced,
    session,
    settled,
    terms,
)

from clearing.parties import OtherSide
from clearing.reconciliation import belonging, comparison, identity, judging, matching, month, pairing, plausibility
from clearing.reconciliation.charge import Cause
from clearing.reconciliation.month import judge_month
from clearing.reconciliation.valuation import Valuation
from clearing.records import ChargeRecord, TokenEntry
from tariffs.findings import Finding, Severity

Case = tuple[Month, list[ChargeRecord]]
IF_DELIVERED = terms(agreement(other_side=OtherSide.IF_DELIVERED))
LISTED = {EMSP: {"other": TokenEntry(EMSP, "OTHER", None, True, None)}}
NOTE = Finding("later-flat-not-charged", Severity.BILLED_AND_LISTED, "$.charging_periods", "a flat fee")
INCOMPLETE = Finding("incomplete-record", Severity.BILLED_AND_LISTED, "$.city", "is missing")
FAR = {"start": "9T08:00", "end": "9T09:00", "evse_uid": "EVSE9", "contract_id": "NLXYZC00000009"}
LONG = {"end": "5T20:00", "energy_kwh": "99"}


def without_fuzzy(*records: ChargeRecord, **values: Any) -> Case:
    """Return a month whose records only a key can pair: nothing else of them is alike."""
    return Month(**values), list(records)


TABLES: dict[str, tuple[tuple[Any, str], ...]] = {
    "STRUCTURE": ((plausibility, "STRUCTURE"),),
    "RULES of plausibility": ((plausibility, "RULES"),),
    "RULES of comparison": ((comparison, "RULES"),),
    "ELSEWHERE_RULES": ((belonging, "ELSEWHERE_RULES"),),
    "ID_RUNGS": ((pairing, "ID_RUNGS"), (matching, "ID_RUNGS")),
    "EXACT_RUNGS": ((pairing, "EXACT_RUNGS"), (matching, "EXACT_RUNGS")),
}
"""Name of a table → where it stands."""

MONTHS: dict[str, dict[str, Callable[[], Case]]] = {
    "STRUCTURE": {
        "unknown_currency": lambda: (Month(), both(currency="EURO")),
        "unknown_party": lambda: (Month(), both(emsp=STRANGER)),
        "no_agreement": lambda: (Month(), [cpo(), emsp(emsp=EMSP2, **FAR)]),
    },
    "RULES of plausibility": {
        "currency_not_agreed": lambda: (Month(), both(currency="CHF")),
        "lateness": lambda: (Month(terms(agreement(late_after=3))), [cpo(last_updated="20T00:00"), emsp()]),
        "home_charging": lambda: (Month(), [cpo(**{"home_charging": True}), emsp()]),
        "token_rule": lambda: (Month(tokens=LISTED), both()),
        "unit_suspect": lambda: (Month(), both(energy_kwh="9000")),
        "drift": lambda: (
            Month(prices={"C1": Valuation(priced("4.50").breakdown, None, Cause("tariff-not-as-published", "", ""))}),
            both(),
        ),
        "price_claim_differs": lambda: (Month(prices={"C1": priced("1")}), both()),
    },
    "RULES of comparison": {
        "energy_differs": lambda: (Month(), [cpo(), emsp(energy_kwh="12")]),
        "time_differs": lambda: (Month(), [cpo(), emsp(end="5T09:10")]),
        "clock_skew": lambda: (Month(), [cpo(), emsp(start="5T09:00", end="5T10:00")]),
        "token_differs": lambda: (Month(), [cpo(), emsp(contract_id="NLXYZC00000002")]),
        "evse_differs": lambda: (Month(), [cpo(), emsp(evse_uid="X")]),
        "tariff_differs": lambda: (Month(), [cpo(tariff_ids=("A",)), emsp(tariff_ids=("B",))]),
        "currency_differs": lambda: (Month(), [cpo(), emsp(currency="CHF")]),
        "amount_differs": lambda: (Month(), [cpo(), emsp(claimed="9")]),
        "vat_differs": lambda: (Month(), [cpo(claimed_incl_vat="5.36"), emsp(claimed_incl_vat="9")]),
    },
    "ELSEWHERE_RULES": {
        "internal_charge": lambda: (Month(), both(emsp=CPO2)),
        "paid_ad_hoc": lambda: (Month(), [cpo(**{"token_type": "AD_HOC_USER"})]),
        "before_agreement": lambda: (Month(terms(agreement(valid_from=date(2026, 10, 20)))), both()),
    },
    "ID_RUNGS": {
        "by_cdr_id": lambda: without_fuzzy(cpo(), emsp(**FAR)),
        "by_session": lambda: without_fuzzy(cpo(session_id="S"), session("S", **FAR)),
        "by_authorization": lambda: without_fuzzy(
            cpo(authorization_reference="A"), emsp("E", authorization_reference="A", **FAR)
        ),
    },
    "EXACT_RUNGS": {
        "by_contract_evse_start": lambda: without_fuzzy(cpo(**{"token_uid": None}), emsp("E", **LONG)),
        "by_token_evse_start": lambda: without_fuzzy(cpo(contract_id=None), emsp("E", **LONG)),
    },
}
"""Table → rule → the month that it decides."""


def nothing(*args: object, **kwargs: object) -> None:
    """Stands for a rule that is switched off."""


def no_causes(*args: object, **kwargs: object) -> list[Cause]:
    """Stands for a rule that finds nothing."""
    return []


def never(code: str) -> Callable[..., Cause | None]:
    """Return the rule of absence without one of its findings."""
    rule = judging.missing_at_emsp

    def absent(*args: Any) -> Cause | None:
        cause = rule(*args)
        return None if cause is None or cause.code == code else cause

    return absent


STAGES: dict[str, tuple[tuple[Any, str, Any], Callable[[], Case]]] = {
    "fuzzy pass": ((matching, "pair_fuzzily", nothing), lambda: (Month(), [cpo(), emsp("E", start="5T08:01")])),
    "twins": ((matching, "_find_duplicates", nothing), lambda: (Month(), [*both(), *both("C2")])),
    "corrected ones are no twins": (
        (matching, "_given_back", lambda given: set()),
        lambda: (Month(settled=[settled(cpo(), partner=1)]), [credit(), *both("C2")]),
    ),
    "chains": ((month, "resolve_chains", nothing), lambda: (Month(), [*both(), credit()])),
    "conflicts": ((identity, "find_conflicts", nothing), lambda: (Month(), [cpo(), cpo(claimed="5"), emsp()])),
    "repeats": ((identity, "find_repeats", lambda group, earlier, verdict: group), lambda: repeated()),
    "newest Session": (
        (identity, "keep_newest", nothing),
        lambda: (Month(), [cpo(session_id="S1"), session(last_updated="5T10:00"), session(energy_kwh="1")]),
    ),
    "a Session beside its CDR": (
        (matching, "_set_beside", lambda records, right, pairing: list(right)),
        lambda: (Month(), [cpo(session_id="S1"), emsp(), session("S1")]),
    ),
    "missing at the e-MSP": ((judging, "missing_at_emsp", never("missing-at-emsp")), lambda: (Month(), [cpo()])),
    "not yet at the e-MSP": (
        (judging, "missing_at_emsp", never("not-yet-at-emsp")),
        lambda: (Month(as_of=date(2026, 10, 6)), [cpo()]),
    ),
    "missing at the CPO": ((judging, "missing_at_cpo", nothing), lambda: (Month(), [emsp()])),
    "silence": ((judging, "note_silence", nothing), lambda: (Month(IF_DELIVERED), [cpo()])),
    "late comparison": ((judging, "_compare_late", nothing), lambda: late()),
    "faults of reading": ((judging, "malformed_cause", no_causes), lambda: (Month(), both(problems=MALFORMED))),
    "notes of reading": ((judging, "notes_of", no_causes), lambda: (Month(), both(problems=(INCOMPLETE,)))),
    "notes of pricing": (
        (judging, "pricing_causes", no_causes), lambda: (Month(prices={"C1": priced("4.50", NOTE)}), both())
    ),
    "decided conflicts": ((month, "_chosen", lambda group, causes, decisions: ([], [])), lambda: decided()),
}  # fmt: skip
"""Stage of the run → how it is switched off, and the month that it decides."""


def repeated() -> Case:
    """Return a month with an equal record delivered again."""
    ours, theirs = both()
    return Month(), [ours, theirs, again(ours)]


def late() -> Case:
    """Return a month with a late record of the e-MSP for a charge that is billed."""
    then = {"start": "2026-09-05T08:00", "end": "2026-09-05T09:00"}
    return Month(settled=[settled(cpo(**then))]), [emsp(energy_kwh="12", **then)]


DECIDED: dict[str, str] = {}
"""Filled by `decided`."""


def decided() -> Case:
    """Return a month whose conflict a person decided."""
    records = [cpo(), cpo(claimed="5"), emsp()]
    DECIDED[Month().judge(*records).findings[0].id] = "accept"
    return Month(), records


def outcome(case: Case) -> tuple[str, str, str]:
    """Return how a month stands, without the proofs that a switched-off rule may break."""
    one, records = case
    seen = Seen(judge_month(one.given(records, DECIDED)), None)  # type: ignore[arg-type]
    return seen.ends, seen.codes, seen.pairs()


def table(name: str) -> tuple[Callable[..., Any], ...]:
    """Return the rules of a table."""
    module, attribute = TABLES[name][0]
    return tuple(getattr(module, attribute))


ALL_RULES = [pytest.param(name, rule, id=rule.__name__) for name in TABLES for rule in table(name)]


def test_every_rule_has_its_month() -> None:
    assert {name: {rule.__name__ for rule in table(name)} for name in TABLES} == {
        name: set(months) for name, months in MONTHS.items()
    }


@pytest.mark.parametrize(("name", "rule"), ALL_RULES)
def test_a_rule_switched_off_is_noticed(
    name: str, rule: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    case = MONTHS[name][rule.__name__]()
    before = outcome(case)
    left = tuple(one for one in table(name) if one is not rule)
    for module, attribute in TABLES[name]:
        monkeypatch.setattr(module, attribute, left)
    if hasattr(plausibility, rule.__name__):
        monkeypatch.setattr(plausibility, rule.__name__, nothing)
    assert outcome(case) != before


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_switched_off_is_noticed(stage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (module, attribute, off), make = STAGES[stage]
    DECIDED.clear()
    case = make()
    before = outcome(case)
    monkeypatch.setattr(module, attribute, off)
    assert outcome(case) != before


def test_the_same_month_twice_is_the_same() -> None:
    DECIDED.clear()
    one, records = repeated()
    assert outcome((one, records)) == outcome((replace(one), records))
