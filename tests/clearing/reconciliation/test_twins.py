"""Which of two records of one charge is the duplicate (contract, section 3.11)."""

import pytest
from building import Month, agreement, both, cpo, credit, emsp, settled, terms

from clearing.parties import OtherSide
from clearing.reconciliation.charge import End
from clearing.reconciliation.twins import find_twins
from clearing.records import ChargeRecord

ALONE = terms(agreement(other_side=OtherSide.IF_DELIVERED))
SOON, LATER = {"last_updated": "5T10:00"}, {"last_updated": "5T11:00"}
DUPLICATES = [
    pytest.param([cpo("A", **LATER), cpo("B", **SOON), emsp("A")], "B", id="the one that does not pair"),
    pytest.param([cpo("A", **SOON), cpo("B", **LATER), emsp("B")], "A", id="that one, though earlier"),
    pytest.param([cpo("A", **LATER), cpo("B", **SOON)], "A", id="neither pairs: later last_updated"),
    pytest.param([cpo("A", **LATER), cpo("B", **SOON), emsp("A"), emsp("B")], "A", id="both pair: later last_updated"),
    pytest.param([cpo("A"), cpo("B", **SOON)], "A", id="without a last_updated it is later"),
    pytest.param([cpo("A", **SOON), cpo("B", **SOON)], "B", id="then the id"),
    pytest.param([cpo("B"), cpo("A")], "B", id="then the id, whatever the order"),
    pytest.param([cpo("A", start="5T08:00:00", **SOON), cpo("B", start="5T08:00:01", **LATER),
                  emsp("E", start="5T08:00:01")], "A", id="pairs by contract, EVSE and start"),
    pytest.param([cpo("A", **SOON), cpo("B", **LATER), emsp("E")], "B", id="one record of theirs, without a common id"),
]  # fmt: skip


@pytest.mark.parametrize(("records", "double"), DUPLICATES)
def test_which_of_two_is_the_duplicate(records: list[ChargeRecord], double: str) -> None:
    for order in (records, records[::-1]):
        finding = Month(ALONE).judge(*order).find("probable-duplicate")
        assert (finding.cpo_cdr_id, finding.money_is) == (double, "waiting")


TWINS = [
    pytest.param({"start": "5T08:00:02"}, True, id="two seconds later"),
    pytest.param({"start": "5T08:00:03"}, False, id="three seconds later"),
    pytest.param({"energy_kwh": "10.01"}, True, id="10 Wh more"),
    pytest.param({"energy_kwh": "10.011"}, False, id="11 Wh more"),
    pytest.param({"evse_uid": "EVSE2"}, False, id="another EVSE"),
    pytest.param({"contract_id": "NLXYZC00000002"}, False, id="another contract"),
    pytest.param({"contract_id": "NL-XYZ-C00000001-7"}, True, id="the contract with its check digit"),
    pytest.param({"token_uid": "TOK2"}, True, id="another card of the contract"),
    pytest.param({"end": "5T11:00"}, True, id="another end"),
    pytest.param({"claimed": "9"}, True, id="another amount"),
    pytest.param({"start": None}, False, id="without a start"),
    pytest.param({"energy_kwh": None}, False, id="without energy"),
    pytest.param({"contract_id": None, "token_uid": None}, False, id="without a person"),
    pytest.param({"evse_uid": None}, False, id="without an EVSE"),
]


@pytest.mark.parametrize(("values", "twin"), TWINS)
def test_what_a_duplicate_is(values: dict[str, object], twin: bool) -> None:
    one, other = cpo("A"), cpo("B", **values)
    assert bool(find_twins([one, other], ())) is twin
    assert find_twins([one, other], ()) == find_twins([other, one], ())


def test_of_three_two_are_duplicates() -> None:
    records = [cpo("A"), cpo("B"), cpo("C")]
    assert set(find_twins(records, ())) == {records[1].number, records[2].number}


def test_a_billed_charge_is_never_the_duplicate() -> None:
    old = cpo("Z", **LATER)
    seen = Month(ALONE, settled=[settled(old)]).judge(cpo("A", **SOON), emsp("A"))
    assert seen.codes == "probable-duplicate A"
    past = [cpo("A"), cpo("B")]
    assert find_twins(past, (), [r.number for r in past]) == {}


@pytest.mark.parametrize("end", [End.REFUSED, End.CREDITED, End.ELSEWHERE])
def test_what_was_not_billed_has_no_duplicate(end: End) -> None:
    seen = Month(settled=[settled(cpo("Z"), end)]).judge(*both("A"))
    assert "probable-duplicate" not in seen.codes


def test_a_credited_original_has_no_duplicate() -> None:
    seen = Month().judge(cpo("A"), credit("K", of="A"), *both("B", claimed="4"))
    assert seen.codes == ""


def test_the_duplicate_is_decided_by_people_and_its_partner_is_not_missing() -> None:
    records = [*both("A"), cpo("B"), emsp("B", **LATER)]
    seen = Month().judge(*records)
    finding = seen.find("probable-duplicate")
    assert (seen.codes, str(finding.held)) == ("probable-duplicate B", "4.50")
    assert Month().judge(*records, decisions={finding.id: "accept"}).net == "9.00"
    assert Month().judge(*records, decisions={finding.id: "reject"}).ends == "A billed, B refused"
