"""Do both sides tell the same story, and one finding per cause (contract, sections 3.11 and 3.13)."""

import pytest
from building import Month, agreement, cpo, emsp, priced, session, terms, tolerance

from clearing.records import ChargeRecord

WIDE = terms(agreement(tolerance=tolerance(money="1", energy_kwh="1", time_s="600")))
COMPARED = [
    pytest.param({}, {}, "", id="equal"),
    pytest.param({}, {"energy_kwh": "10.05"}, "", id="energy at the tolerance"),
    pytest.param({}, {"energy_kwh": "10.051"}, "energy-differs C1", id="energy beyond"),
    pytest.param({}, {"energy_kwh": "9.9"}, "energy-differs C1", id="less energy"),
    pytest.param({}, {"energy_kwh": None}, "", id="they do not know the energy"),
    pytest.param({}, {"start": "5T07:59"}, "", id="a minute is in tolerance"),
    pytest.param({}, {"start": "5T07:58:59"}, "time-differs C1", id="61 s earlier"),
    pytest.param({}, {"end": "5T09:30"}, "time-differs C1", id="the end alone"),
    pytest.param({}, {"start": "5T08:07", "end": "5T09:07"}, "time-differs C1", id="both, by no quarter hour"),
    pytest.param({}, {"start": "5T09:00", "end": "5T10:00"}, "clock-skew C1", id="an hour, alike"),
    pytest.param({}, {"start": "5T09:00", "end": "5T10:02"}, "time-differs C1", id="an hour, another duration"),
    pytest.param({}, {"end": None}, "", id="they do not know the end"),
    pytest.param({}, {"contract_id": "NLXYZC00000002"}, "token-differs C1", id="another contract"),
    pytest.param({}, {"contract_id": "NL-XYZ-C00000001-9"}, "", id="the contract with its check digit"),
    pytest.param({}, {"token_uid": "TOK2"}, "", id="another card of one contract"),
    pytest.param({"contract_id": None}, {"token_uid": "TOK2"}, "token-differs C1", id="no contract: the card"),
    pytest.param({"contract_id": None}, {"token_uid": "tok-1"}, "", id="no contract: the same card"),
    pytest.param({"contract_id": None, "token_uid": None}, {}, "", id="nobody named"),
    pytest.param({}, {"evse_uid": "EVSE2"}, "evse-differs C1", id="another EVSE"),
    pytest.param({"evse_uid": None, "evse_id": "DE*ABC*E1"}, {"evse_uid": "EVSE2"}, "", id="EVSE: not like with like"),
    pytest.param({"evse_uid": None, "evse_id": "DE*ABC*E1"}, {"evse_id": "DEABCE2"}, "evse-differs C1", id="by id"),
    pytest.param({"evse_id": "DE*ABC*E1"}, {"evse_id": "DEABCE2"}, "", id="EVSE: the uid comes first"),
    pytest.param({"tariff_ids": ("T1",)}, {"tariff_ids": ("t1",)}, "", id="tariff in another case"),
    pytest.param({"tariff_ids": ("T1",)}, {"tariff_ids": ("T2",)}, "tariff-differs C1", id="another tariff"),
    pytest.param({"tariff_ids": ("T1",)}, {}, "", id="they name no tariff"),
    pytest.param({}, {"claimed": "4.5225"}, "", id="amount at the tolerance"),
    pytest.param({}, {"claimed": "4.5226"}, "amount-differs C1", id="amount beyond"),
    pytest.param({}, {"claimed": None}, "", id="they know no amount"),
    pytest.param({"claimed_incl_vat": "5.36"}, {"claimed_incl_vat": "5.45"}, "vat-differs C1", id="only the VAT"),
    pytest.param({"claimed_incl_vat": "5.36"}, {"claimed_incl_vat": "5.37"}, "", id="VAT in tolerance"),
    pytest.param({}, {"currency": "CHF"}, "currency-differs C1", id="another currency"),
    pytest.param({}, {"currency": "CHF", "claimed": None}, "", id="another currency of no amount"),
    pytest.param({}, {"currency": None}, "", id="they name no currency"),
]


@pytest.mark.parametrize(("ours", "theirs", "codes"), COMPARED)
def test_field_by_field(ours: dict[str, object], theirs: dict[str, object], codes: str) -> None:
    assert Month().judge(cpo(**ours), emsp(**theirs)).codes == codes


CAUSES = [
    pytest.param({}, {"energy_kwh": "12", "claimed": "5.40"}, "energy-differs C1", id="energy explains the amount"),
    pytest.param({}, {"end": "5T09:30", "claimed": "5.40"}, "time-differs C1", id="time explains the amount"),
    pytest.param({"tariff_ids": ("A",)}, {"tariff_ids": ("B",), "claimed": "5.40"}, "tariff-differs C1",
                 id="the tariff explains the amount"),
    pytest.param({"energy_kwh": "10000", "claimed": "4500", "end": "5T09:00"}, {}, "unit-suspect C1",
                 id="the unit explains energy and amount"),
    pytest.param({}, {"currency": "CHF", "claimed": "4.90"}, "currency-differs C1", id="currency explains"),
    pytest.param({"claimed_incl_vat": "5.36"}, {"claimed": "5.40", "claimed_incl_vat": "6.43"}, "amount-differs C1",
                 id="the amount explains the VAT"),
    pytest.param({}, {"contract_id": "NLXYZC00000002", "claimed": "5.40"}, "token-differs C1, amount-differs C1",
                 id="another contract explains no amount"),
    pytest.param({}, {"evse_uid": "X", "claimed": "5.40"}, "evse-differs C1, amount-differs C1",
                 id="another EVSE explains no amount"),
    pytest.param({}, {"energy_kwh": "12", "end": "5T09:30"}, "energy-differs C1, time-differs C1",
                 id="energy and time are two causes"),
    pytest.param({}, {"start": "5T09:00", "end": "5T10:00", "claimed": "5.40"}, "amount-differs C1, clock-skew C1",
                 id="a clock explains no amount"),
]  # fmt: skip


@pytest.mark.parametrize(("ours", "theirs", "codes"), CAUSES)
def test_one_finding_per_cause(ours: dict[str, object], theirs: dict[str, object], codes: str) -> None:
    assert Month().judge(cpo(**ours), emsp(**theirs)).codes == codes


AMOUNTS = [
    pytest.param("4.50", "4.00", "4.00", "price-claim-differs C1", id="their claim is our price"),
    pytest.param("4.50", "4.00", "4.02", "price-claim-differs C1", id="about our price"),
    pytest.param("4.50", "4.00", "3.50", "price-claim-differs C1, amount-differs C1", id="three amounts: two causes"),
    pytest.param("4.50", "4.00", "4.50", "price-claim-differs C1", id="both claim the same, our price differs"),
    pytest.param("4.50", "4.50", "4.00", "amount-differs C1", id="only theirs differs"),
    pytest.param("4.50", None, "4.00", "amount-differs C1", id="no price of ours"),
    pytest.param(None, "4.50", "4.00", "", id="no claim to compare with"),
]


@pytest.mark.parametrize(("claim", "computed", "theirs", "codes"), AMOUNTS)
def test_whose_amount_is_judged(claim: str | None, computed: str | None, theirs: str, codes: str) -> None:
    seen = Month(prices={"C1": priced(computed)}).judge(cpo(claimed=claim), emsp(claimed=theirs))
    assert seen.codes == codes


@pytest.mark.parametrize("theirs", [
    {"energy_kwh": "10.9"}, {"claimed": "5.40"}, {"start": "5T07:51"},
], ids=str)  # fmt: skip
def test_the_agreement_says_how_far(theirs: dict[str, object]) -> None:
    assert Month(WIDE).judge(cpo(), emsp(**theirs)).codes == ""


def test_a_session_is_compared_by_what_it_has() -> None:
    seen = Month().judge(cpo(session_id="S1"), session("S1", claimed=None, currency=None, energy_kwh="12"))
    assert (seen.codes, seen.find("energy-differs").emsp_cdr_id) == ("energy-differs C1", "S1")


STAKES = [
    pytest.param(emsp(claimed="4.00"), "amount-differs", "0.50", "4.00", "4.50", id="amount"),
    pytest.param(emsp(claimed="4.00", energy_kwh="9"), "energy-differs", "0.50", "9", "10", id="energy"),
    pytest.param(emsp(claimed="5.00", end="5T09:10"), "time-differs", "-0.50", "2026-10-05T09:10:00Z",
                 "2026-10-05T09:00:00Z", id="time, signed"),
    pytest.param(emsp(claimed=None, energy_kwh="9"), "energy-differs", "None", "9", "10", id="nothing to compare"),
    pytest.param(emsp(currency="CHF"), "currency-differs", "4.50", "CHF", "EUR", id="currency"),
]  # fmt: skip


@pytest.mark.parametrize(("theirs", "code", "stake", "expected", "found"), STAKES)
def test_what_is_at_stake(theirs: ChargeRecord, code: str, stake: str, expected: str, found: str) -> None:
    finding = Month().judge(cpo(), theirs).find(code)
    assert (str(finding.at_stake), finding.expected, finding.found) == (stake, expected, found)


@pytest.mark.parametrize(("theirs", "end"), [
    pytest.param({"start": "5T09:00", "end": "5T10:00"}, "C1 billed", id="a skewed clock is billed"),
    pytest.param({"energy_kwh": "9"}, "C1 waiting", id="energy waits"),
    pytest.param({"currency": "CHF"}, "C1 refused", id="another currency is refused"),
])  # fmt: skip
def test_what_becomes_of_the_charge(theirs: dict[str, object], end: str) -> None:
    assert Month().judge(cpo(), emsp(**theirs)).ends == end
