"""Whose records are evidence: missing, not yet, silent, Session beside CDR, late records (contract, 3.4 and 3.6)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from building import (
    BACKWARDS,
    CPO,
    EMSP,
    LATE,
    MALFORMED,
    STRANGER,
    Month,
    again,
    agreement,
    both,
    company,
    cpo,
    credit,
    emsp,
    priced,
    session,
    settled,
    terms,
)

from clearing.parties import OtherSide, Terms
from clearing.reconciliation.charge import End
from clearing.records import ChargeRecord

IF_DELIVERED = terms(agreement(other_side=OtherSide.IF_DELIVERED))
PATIENT = terms(agreement(waiting_days=10))
WAITS = [
    pytest.param(terms(), date(2026, 10, 8), "missing-at-emsp C1", id="three days: missing"),
    pytest.param(terms(), date(2026, 10, 7), "not-yet-at-emsp C1", id="two days: not yet"),
    pytest.param(terms(), date(2026, 10, 1), "not-yet-at-emsp C1", id="as of before the charge"),
    pytest.param(PATIENT, date(2026, 10, 14), "not-yet-at-emsp C1", id="nine of ten days"),
    pytest.param(terms(agreement(waiting_days=0)), date(2026, 10, 5), "missing-at-emsp C1", id="no day to wait"),
]


@pytest.mark.parametrize(("book", "as_of", "codes"), WAITS)
def test_missing_or_not_yet(book: Terms, as_of: date, codes: str) -> None:
    seen = Month(book, as_of=as_of).judge(cpo())
    assert (seen.ends, seen.codes) == ("C1 waiting", codes)


def test_the_day_is_local() -> None:
    ours = cpo(start="5T21:00", end="5T22:30")  # 6 October in Berlin
    assert Month(as_of=date(2026, 10, 8)).judge(ours).codes == "not-yet-at-emsp C1"
    assert Month(as_of=date(2026, 10, 9)).judge(ours).codes == "missing-at-emsp C1"


def test_not_yet_waits_by_itself_and_holds() -> None:
    finding = Month(as_of=date(2026, 10, 6)).judge(cpo()).find("not-yet-at-emsp")
    assert (finding.severity, str(finding.held), finding.not_acceptable is not None) == ("I", "4.50", True)


MISSING_AT_CPO = [
    pytest.param(emsp(), LATE, "missing-at-cpo C1", id="missing"),
    pytest.param(session("S1"), LATE, "missing-at-cpo S1", id="a Session"),
    pytest.param(emsp(), date(2026, 10, 7), "", id="younger makes no finding"),
    pytest.param(session("S1", end=None), LATE, "missing-at-cpo S1", id="without an end, the start counts"),
    pytest.param(emsp(credit=True, credit_reference_id="C0"), LATE, "", id="a credit needs no partner"),
    pytest.param(emsp(problems=MALFORMED), LATE, "malformed-record C1", id="malformed: one cause"),
    pytest.param(emsp(cpo=STRANGER), LATE, "unknown-party C1", id="of a CPO nobody knows"),
]


@pytest.mark.parametrize(("theirs", "as_of", "codes"), MISSING_AT_CPO)
def test_what_only_the_emsp_knows(theirs: ChargeRecord, as_of: date, codes: str) -> None:
    seen = Month(as_of=as_of).judge(theirs)
    assert (seen.ends, seen.codes) == ("", codes)
    assert all(f.held is None and f.money_is is None and f.side == "emsp" for f in seen.findings)
    assert all(pair.delivered.records == 0 for pair in seen.outcome.pairs)


def test_what_is_missing_at_the_cpo_is_at_stake_negatively() -> None:
    assert str(Month().judge(emsp()).find("missing-at-cpo").at_stake) == "-4.50"
    lone = Month(terms(agreement(cpo=STRANGER, emsp=EMSP))).judge(emsp(claimed="4.50"))
    assert str(lone.find("no-agreement").at_stake) == "-4.50"


def test_accepting_missing_at_cpo_only_closes_it() -> None:
    theirs = emsp()
    finding = Month().judge(theirs).find("missing-at-cpo")
    for verdict in ("accept", "reject"):
        seen = Month().judge(theirs, decisions={finding.id: verdict})
        assert seen.document is None
        assert seen.judged.closed == {theirs.number}


SILENCE = [
    pytest.param([cpo()], "C1 billed", "other-side-silent None", id="nothing at all: one line and billed"),
    pytest.param([cpo(), cpo("C2", start="6T08:00", end="6T09:00")], "C1 billed, C2 billed", "other-side-silent None",
                 id="one line for the pair"),
    pytest.param([cpo(), emsp("X", start="7T08:00", end="7T09:00")], "C1 waiting",
                 "missing-at-emsp C1, missing-at-cpo X", id="anything delivered: missing ones wait"),
    pytest.param([cpo(), emsp("X", start="7T08:00", problems=MALFORMED)], "C1 waiting",
                 "malformed-record X, missing-at-emsp C1", id="a malformed one counts as delivered"),
    pytest.param([cpo(), emsp("X", start="2026-11-07T08:00", end="2026-11-07T09:00")], "C1 billed",
                 "other-side-silent None", id="another month is silence in this"),
    pytest.param(both(), "C1 billed", "", id="delivered and equal"),
    pytest.param([cpo(**{"token_type": "AD_HOC_USER"})], "C1 elsewhere", "paid-ad-hoc C1", id="nobody to be silent"),
    pytest.param([cpo(claimed="9", energy_kwh="9000", end="5T08:01")], "C1 waiting",
                 "unit-suspect C1, other-side-silent None", id="validated all the same"),
]  # fmt: skip


@pytest.mark.parametrize(("records", "ends", "codes"), SILENCE)
def test_if_delivered(records: list[ChargeRecord], ends: str, codes: str) -> None:
    seen = Month(IF_DELIVERED).judge(*records)
    assert (seen.ends, seen.codes) == (ends, codes)


def test_required_never_passes_silence() -> None:
    assert Month().judge(cpo()).codes == "missing-at-emsp C1"


BESIDE = [
    pytest.param([cpo(session_id="S1")], [emsp(session_id="S1"), session(energy_kwh="9")], id="by the session id"),
    pytest.param([cpo(session_id="S1")], [emsp(), session("S1", energy_kwh="9")], id="their CDR names no session"),
    pytest.param([cpo()], [emsp(session_id="S1"), session("S1", energy_kwh="9")], id="our CDR names no session"),
]


@pytest.mark.parametrize(("ours", "theirs"), BESIDE)
def test_beside_a_cdr_the_session_takes_no_part(ours: list[ChargeRecord], theirs: list[ChargeRecord]) -> None:
    seen = Month().judge(*ours, *theirs)
    assert (seen.codes, seen.pairs()) == ("", "C1=C1")
    gone = set(seen.judged.used) | seen.judged.closed
    assert gone == {r.number for r in theirs}, "the Session would come up again next month"


def test_a_session_waits_with_its_cdr() -> None:
    theirs = [emsp("X", session_id="S1"), session("S1")]
    seen = Month(as_of=date(2026, 10, 6)).judge(*theirs)
    assert (seen.codes, seen.judged.closed) == ("", set())


def test_a_malformed_cdr_beside_its_session_is_one_cause() -> None:
    seen = Month().judge(cpo(session_id="S1"), emsp(session_id="S1", problems=MALFORMED), session("S1"))
    assert (seen.ends, seen.codes) == ("C1 waiting", "malformed-record C1")


SILENT_PARTNERS = [
    pytest.param([cpo(problems=MALFORMED), emsp()], "malformed-record C1", id="malformed at the CPO"),
    pytest.param([cpo(start="5T10:00", problems=BACKWARDS), emsp()], "ends-before-start C1", id="refused at the CPO"),
    pytest.param([cpo(currency="USD"), emsp()], "currency-not-agreed C1", id="in a currency not agreed"),
    pytest.param([cpo(), cpo(claimed="5"), emsp()], "conflicting-content C1, conflicting-content C1", id="in conflict"),
    pytest.param([cpo(emsp=None, problems=MALFORMED), emsp()], "malformed-record C1", id="without a readable e-MSP"),
    pytest.param([cpo(), emsp(problems=MALFORMED)], "malformed-record C1", id="malformed at the e-MSP"),
    pytest.param([cpo(), emsp(cpo=None, problems=MALFORMED)], "malformed-record C1", id="their CPO is unreadable"),
    pytest.param([cpo(problems=MALFORMED), emsp(problems=MALFORMED)], "malformed-record C1, malformed-record C1",
                 id="malformed on both sides: two causes"),
    pytest.param([*both(), cpo("C2"), emsp("C2", problems=MALFORMED)],
                 "malformed-record C2, probable-duplicate C2", id="their copy of a duplicate is malformed"),
    pytest.param([cpo(), credit(), emsp(problems=MALFORMED)], "malformed-record C1", id="their copy of a credited one"),
]  # fmt: skip


@pytest.mark.parametrize(("records", "codes"), SILENT_PARTNERS)
def test_what_cannot_be_used_still_silences_its_partner(records: list[ChargeRecord], codes: str) -> None:
    assert Month().judge(*records).codes == codes


def test_a_charge_waits_under_its_partners_fault_until_that_is_decided() -> None:
    records = [cpo(), emsp(problems=MALFORMED)]
    seen = Month().judge(*records)
    finding = seen.find("malformed-record")
    assert (seen.ends, finding.side, str(finding.held)) == ("C1 waiting", "both", "4.50")
    assert Month().judge(*records, decisions={finding.id: "accept"}).ends == "C1 billed"
    assert Month().judge(*records, decisions={finding.id: "reject"}).ends == "C1 refused"


BILLED = cpo(start="2026-09-05T08:00", end="2026-09-05T09:00")
THEIRS = {"start": "2026-09-05T08:00", "end": "2026-09-05T09:00"}
LATE_RECORDS = [
    pytest.param([emsp(**THEIRS)], "", id="equal"),
    pytest.param([emsp("E1", **THEIRS)], "", id="equal, without a common id"),
    pytest.param([emsp(energy_kwh="12", **THEIRS)], "energy-differs C1", id="differs"),
    pytest.param([emsp(problems=MALFORMED, **THEIRS)], "malformed-record C1", id="malformed"),
    pytest.param([emsp(**THEIRS), emsp(claimed="5", **THEIRS)], "conflicting-content C1, conflicting-content C1",
                 id="in conflict"),
]  # fmt: skip


@pytest.mark.parametrize(("records", "codes"), LATE_RECORDS)
def test_a_late_record_for_a_billed_charge(records: list[ChargeRecord], codes: str) -> None:
    seen = Month(settled=[settled(BILLED)]).judge(*records)
    assert seen.codes == codes
    assert all(f.held is None for f in seen.findings)
    assert seen.document is None


def test_a_late_difference_says_that_the_money_is_billed() -> None:
    theirs = emsp(energy_kwh="12", **THEIRS)
    seen = Month(settled=[settled(BILLED)]).judge(theirs)
    finding = seen.find("energy-differs")
    assert (finding.money_is, finding.side, finding.cpo_cdr_id) == ("billed", "both", "C1")
    assert seen.judged.used == {theirs.number: BILLED.number}


def test_what_was_matched_already_is_not_compared_again() -> None:
    seen = Month(settled=[settled(BILLED, partner=77)]).judge(session("S1", energy_kwh="12", **THEIRS))
    assert seen.codes == "missing-at-cpo S1"
    seen = Month(settled=[settled(replace(BILLED, session_id="S1"), partner=77)]).judge(
        session("S1", energy_kwh="12", **THEIRS)
    )
    assert seen.codes == ""


def test_a_repeat_of_the_emsp_is_closed() -> None:
    ours, theirs = both()
    copy = again(theirs)
    seen = Month().judge(ours, theirs, copy)
    assert (seen.judged.used, seen.judged.closed) == ({theirs.number: ours.number}, {copy.number})


def test_a_record_of_a_later_month_is_judged_there() -> None:
    november = cpo("C2", start="2026-11-05T08:00", end="2026-11-05T09:00")
    assert Month().judge(*both(), november).ends == "C1 billed"


def test_an_unknown_party_is_a_row_of_its_own() -> None:
    book = terms(companies=(company("Charge GmbH", CPO), company("Drive BV", EMSP, roles="emsp")))
    seen = Month(book).judge(cpo(emsp=STRANGER), *both("C2"))
    assert [(pair.emsp, pair.ends[End.WAITING].claimed) for pair in seen.outcome.pairs] == [
        (None, Decimal("4.50")),
        (EMSP, Decimal(0)),
    ]


def test_an_unpriced_charge_is_judged_by_its_partner_too() -> None:
    seen = Month(prices={"C1": priced(None)}).judge(cpo(), emsp(energy_kwh="12"))
    assert seen.codes == "energy-differs C1"
