"""Which of several deliveries of one id counts (contract, sections 3.5, 3.11 and 3.12)."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from building import (
    BACKWARDS,
    EMSP2,
    MALFORMED,
    Month,
    again,
    agreement,
    both,
    cpo,
    emsp,
    session,
    settled,
    terms,
)

from clearing.reconciliation.charge import End
from clearing.records import ChargeRecord

Case = Callable[[], tuple[Month, list[ChargeRecord]]]


def repeated_once() -> tuple[Month, list[ChargeRecord]]:
    ours, theirs = both()
    return Month(), [ours, theirs, again(ours)]


def repeated_with_another_stamp() -> tuple[Month, list[ChargeRecord]]:
    ours, theirs = both()
    return Month(), [ours, theirs, again(ours, last_updated="6T00:00")]


def repeated_thrice() -> tuple[Month, list[ChargeRecord]]:
    ours, theirs = both()
    return Month(), [ours, theirs, again(ours), again(ours), again(ours)]


def repeated_by_the_emsp() -> tuple[Month, list[ChargeRecord]]:
    ours, theirs = both()
    return Month(), [ours, theirs, again(theirs)]


def billed_in_a_posted_month() -> tuple[Month, list[ChargeRecord]]:
    old = cpo()
    return Month(settled=[settled(old)]), [again(old)]


def refused_in_a_posted_month() -> tuple[Month, list[ChargeRecord]]:
    old = cpo()
    return Month(settled=[settled(old, End.REFUSED)]), [again(old)]


def other_case_of_the_id() -> tuple[Month, list[ChargeRecord]]:
    ours, theirs = both("abc")
    return Month(), [ours, theirs, replace(again(ours), id="ABC")]


def two_contents() -> tuple[Month, list[ChargeRecord]]:
    return Month(), [cpo(claimed="4.50"), cpo(claimed="5.00"), emsp()]


def two_contents_with_a_repeat() -> tuple[Month, list[ChargeRecord]]:
    one, other = cpo(claimed="4.50"), cpo(claimed="5.00")
    return Month(), [one, other, again(one), emsp()]


def malformed_then_usable() -> tuple[Month, list[ChargeRecord]]:
    return Month(), [cpo(energy_kwh=None, problems=MALFORMED), *both()]


def refused_by_an_s_then_usable() -> tuple[Month, list[ChargeRecord]]:
    return Month(), [cpo(start="5T10:00", problems=BACKWARDS), *both()]


def wrong_currency_then_usable() -> tuple[Month, list[ChargeRecord]]:
    return Month(), [cpo(currency="USD"), *both()]


def two_malformed() -> tuple[Month, list[ChargeRecord]]:
    return Month(), [
        cpo(energy_kwh=None, problems=MALFORMED), cpo(energy_kwh=None, claimed="9", problems=MALFORMED), emsp()
    ]  # fmt: skip


def another_content_of_a_billed_id() -> tuple[Month, list[ChargeRecord]]:
    return Month(settled=[settled(cpo())]), [cpo(claimed="5.00"), emsp()]


def malformed_content_of_a_billed_id() -> tuple[Month, list[ChargeRecord]]:
    return Month(settled=[settled(cpo(), partner=1)]), [cpo(claimed="5.00", problems=MALFORMED)]


def another_content_of_a_refused_id() -> tuple[Month, list[ChargeRecord]]:
    return Month(settled=[settled(cpo(claimed="9"), End.REFUSED)]), both()


def contents_for_two_emsps() -> tuple[Month, list[ChargeRecord]]:
    book = terms(agreement(), agreement(emsp=EMSP2))
    return Month(book), [cpo(), cpo(emsp=EMSP2)]


def contents_of_the_emsp() -> tuple[Month, list[ChargeRecord]]:
    return Month(), [cpo(), emsp(), emsp(claimed="5.00")]


def malformed_of_the_emsp_mended() -> tuple[Month, list[ChargeRecord]]:
    return Month(), [cpo(), emsp(energy_kwh=None, problems=MALFORMED), emsp()]


def equal_records_without_id() -> tuple[Month, list[ChargeRecord]]:
    ours = cpo(None, problems=MALFORMED)
    return Month(), [ours, again(ours), cpo(None, claimed="7", problems=MALFORMED)]


WHAT_COUNTS = [
    (repeated_once, "C1 billed, C1 repeated", "repeated-delivery C1"),
    (repeated_with_another_stamp, "C1 billed, C1 repeated", "repeated-delivery C1"),
    (repeated_thrice, "C1 billed, C1 repeated, C1 repeated, C1 repeated", "repeated-delivery C1"),
    (repeated_by_the_emsp, "C1 billed", "repeated-delivery C1"),
    (billed_in_a_posted_month, "C1 repeated", "repeated-delivery C1"),
    (refused_in_a_posted_month, "C1 repeated", "repeated-delivery C1"),
    (other_case_of_the_id, "ABC repeated, abc billed", "repeated-delivery ABC"),
    (two_contents, "C1 waiting, C1 waiting", "conflicting-content C1, conflicting-content C1"),
    (
        two_contents_with_a_repeat,
        "C1 repeated, C1 waiting, C1 waiting",
        "repeated-delivery C1, conflicting-content C1, conflicting-content C1",
    ),
    (malformed_then_usable, "C1 billed, C1 waiting", "malformed-record C1"),
    (refused_by_an_s_then_usable, "C1 billed, C1 refused", "ends-before-start C1"),
    (wrong_currency_then_usable, "C1 billed, C1 refused", "currency-not-agreed C1"),
    (two_malformed, "C1 waiting, C1 waiting", "malformed-record C1, malformed-record C1"),
    (another_content_of_a_billed_id, "C1 waiting", "conflicting-content C1"),
    (malformed_content_of_a_billed_id, "C1 waiting", "malformed-record C1"),
    (another_content_of_a_refused_id, "C1 billed", ""),
    (contents_for_two_emsps, "C1 waiting, C1 waiting", "conflicting-content C1, conflicting-content C1"),
    (contents_of_the_emsp, "C1 waiting", "conflicting-content C1, conflicting-content C1"),
    (malformed_of_the_emsp_mended, "C1 billed", "malformed-record C1"),
    (equal_records_without_id, "None repeated, None waiting, None waiting",
     "malformed-record None, malformed-record None, repeated-delivery None"),
]  # fmt: skip


@pytest.mark.parametrize(("case", "ends", "codes"), WHAT_COUNTS, ids=[c[0].__name__ for c in WHAT_COUNTS])
def test_what_counts(case: Case, ends: str, codes: str) -> None:
    month, records = case()
    seen = month.judge(*records)
    assert (seen.ends, seen.codes) == (ends, codes)


def test_repeats_are_one_finding_with_their_count() -> None:
    ours, theirs = both()
    seen = Month().judge(ours, theirs, again(ours), again(ours))
    finding = seen.find("repeated-delivery")
    assert (finding.found, finding.money_is, finding.held) == ("3 deliveries", "repeated", None)


def test_what_waited_in_the_posted_month_comes_before_a_repeat_of_smaller_path() -> None:
    new = cpo("C1", start="2026-09-05T08:00", end="2026-09-05T09:00")
    old = again(new)
    seen = Month(carried=[old]).judge(new, old)
    assert seen.judged.charges[0].end is End.REPEATED
    assert seen.judged.charges[1].end is End.WAITING


def test_contents_in_conflict_get_no_other_finding() -> None:
    contents = [cpo(claimed="4.50", energy_kwh="10000"), cpo(claimed="5.00")]
    seen = Month().judge(*contents, cpo("C2"), emsp())
    assert [f.code for f in seen.findings if f.cpo_cdr_id == "C1"] == ["conflicting-content"] * 2


def accept(seen_code: str, claimed: str, *records: ChargeRecord, verdict: str = "accept") -> dict[str, str]:
    """Return the decision on the content of a claim."""
    seen = Month().judge(*records)
    held = [f for f in seen.findings if f.code == seen_code and f.held is not None and str(f.held) == claimed]
    assert len(held) == 1
    return {held[0].id: verdict}


def test_accepting_one_content_bills_it_and_refuses_the_others() -> None:
    records = [cpo(claimed="4.50"), cpo(claimed="5.00"), cpo(claimed="6.00"), emsp(claimed="5.00")]
    seen = Month().judge(*records, decisions=accept("conflicting-content", "5.00", *records))
    assert seen.ends == "C1 billed, C1 refused, C1 refused"
    assert seen.net == "5.00"


def test_a_content_once_accepted_is_judged() -> None:
    records = [cpo(claimed="4.50"), cpo(claimed="5.00", energy_kwh="12"), emsp(claimed="5.00")]
    seen = Month().judge(*records, decisions=accept("conflicting-content", "5.00", *records))
    assert seen.ends == "C1 refused, C1 waiting"
    assert seen.find("energy-differs").cpo_cdr_id == "C1"


def test_rejecting_one_content_leaves_the_others_waiting() -> None:
    records = [cpo(claimed="4.50"), cpo(claimed="5.00"), emsp()]
    seen = Month().judge(*records, decisions=accept("conflicting-content", "5.00", *records, verdict="reject"))
    assert seen.ends == "C1 refused, C1 waiting"


def test_a_third_content_asks_again() -> None:
    records = [cpo(claimed="4.50"), cpo(claimed="5.00"), emsp()]
    decisions = accept("conflicting-content", "5.00", *records)
    seen = Month().judge(*records, cpo(claimed="6.00"), decisions=decisions)
    assert seen.ends == "C1 waiting, C1 waiting, C1 waiting"


def test_another_content_of_a_billed_id_cannot_be_accepted() -> None:
    month, records = another_content_of_a_billed_id()
    finding = month.judge(*records).find("conflicting-content")
    assert finding.not_acceptable is not None
    assert month.judge(*records, decisions={finding.id: "accept"}).ends == "C1 waiting"
    assert month.judge(*records, decisions={finding.id: "reject"}).ends == "C1 refused"


def test_an_accepted_malformed_record_is_not_billed_beside_the_one_that_mends_it() -> None:
    malformed = cpo(energy_kwh=None, problems=MALFORMED)
    finding = Month().judge(malformed, emsp()).find("malformed-record")
    assert finding.not_acceptable is None
    seen = Month().judge(malformed, *both(), decisions={finding.id: "accept"})
    assert seen.ends == "C1 billed, C1 waiting"
    assert seen.net == "4.50"


def test_an_emsp_content_rejected_leaves_the_other_as_evidence() -> None:
    records = [cpo(), emsp(), emsp(claimed="5.00")]
    first, second = Month().judge(*records).findings
    for finding in (first, second):
        seen = Month().judge(*records, decisions={finding.id: "reject"})
        assert "missing-at-emsp" not in seen.codes


def test_an_emsp_content_accepted_is_the_evidence() -> None:
    records = [cpo(), emsp(), emsp(claimed="5.00")]
    by_place = {f.where if f.side == "emsp" else f.where_other: f for f in Month().judge(*records).findings}
    seen = Month().judge(*records, decisions={by_place[records[2].where.text].id: "accept"})
    assert (seen.ends, "amount-differs C1" in seen.codes) == ("C1 waiting", True)


SESSIONS = [
    pytest.param([session(energy_kwh="99", last_updated="5T09:00"), session(last_updated="5T10:00")], "", id="newest"),
    pytest.param([session(last_updated="5T10:00"), session(energy_kwh="99", last_updated="5T09:00")], "", id="stale"),
    pytest.param([session(last_updated="5T10:00"), session(energy_kwh="99")], "", id="without a stamp it is old"),
    pytest.param([session(completed=False, energy_kwh="1", last_updated="5T08:30"), session(last_updated="5T10:00")],
                 "", id="completed after active"),
    pytest.param([session(completed=False, last_updated="5T10:00")], "missing-at-emsp C1", id="only active"),
    pytest.param([session(last_updated="5T10:00"), session(energy_kwh="9", last_updated="5T11:00")],
                 "energy-differs C1", id="the newest differs"),
    pytest.param([session(problems=MALFORMED, last_updated="5T11:00"), session(last_updated="5T10:00")],
                 "malformed-record S1", id="the newest is malformed"),
]  # fmt: skip


@pytest.mark.parametrize(("sessions", "codes"), SESSIONS)
def test_of_sessions_the_newest_counts(sessions: list[ChargeRecord], codes: str) -> None:
    assert Month().judge(cpo(session_id="s1"), *sessions).codes == codes
