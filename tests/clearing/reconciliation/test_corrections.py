"""What a CPO mends after the fact: credits of unreadable or disputed originals, and CDRs that replace billed ones."""

from building import EMSP2, MALFORMED, Month, agreement, both, cpo, credit, emsp, record, session, settled, terms

from clearing.parties import Side
from clearing.records import Kind


def test_a_malformed_original_and_its_credit_leave_nothing() -> None:
    seen = Month().judge(cpo(problems=MALFORMED), credit())
    assert seen.ends == "C1 credited, K1 credited"
    assert seen.find("malformed-record").held is None


def test_a_credit_waits_as_long_as_the_contents_of_its_original_conflict() -> None:
    seen = Month().judge(cpo(), cpo(claimed="4.80"), credit())
    assert seen.ends == "C1 waiting, C1 waiting, K1 waiting"
    of_credit = next(f for f in seen.findings if f.cpo_cdr_id == "K1")
    assert of_credit.code == "conflicting-content"
    assert of_credit.not_acceptable == "decide the contents of its original first"


def test_the_credit_stands_once_a_content_is_accepted() -> None:
    records = [cpo(), cpo(claimed="4.80"), credit()]
    before = Month().judge(*records)
    accepted = next(f.id for f in before.findings if f.where == records[0].where.text)
    seen = Month().judge(*records, decisions={accepted: "accept"})
    assert seen.ends == "C1 credited, C1 refused, K1 credited"


def test_the_session_of_a_credited_posted_charge_is_evidence_of_the_cdr_that_replaces_it() -> None:
    used = session("S1", claimed=None)
    original = cpo(session_id="S1")
    before = [settled(original, partner=used.number), settled(used)]
    replacement = cpo("C2", session_id="S1", claimed="4.20")
    seen = Month(settled=before).judge(credit(), replacement)
    assert seen.ends == "C2 billed, K1 billed"
    assert seen.pairs() == "C2=S1"
    assert seen.net == "-0.30"


def test_without_the_credit_the_session_stays_used_up() -> None:
    used = session("S1")
    before = [settled(cpo(session_id="S1"), partner=used.number), settled(used)]
    seen = Month(settled=before).judge(cpo("C2", session_id="S1", start="6T08:00", end="6T09:00"))
    assert seen.codes == "missing-at-emsp C2"


def test_a_session_of_the_cpo_is_no_claim() -> None:
    own = record(Side.CPO, "S9", kind=Kind.SESSION, session_id="S9")
    seen = Month().judge(*both(), own)
    assert seen.ends == "C1 billed"
    assert own.number in seen.judged.closed


def test_two_emsps_may_deliver_under_one_id() -> None:
    month = Month(terms(agreement(), agreement(emsp=EMSP2)))
    later = {"emsp": EMSP2, "start": "6T08:00", "end": "6T09:00"}
    seen = month.judge(cpo("C1"), cpo("C2", **later), emsp("1"), emsp("1", **later))
    assert (seen.ends, seen.codes) == ("C1 billed, C2 billed", "")
