"""The report: six ends, differences, rows and stubs (contract, section 3.5)."""

from decimal import Decimal

import pytest
from building import (
    CPO,
    EMSP,
    MALFORMED,
    STRANGER,
    Month,
    again,
    agreement,
    both,
    cpo,
    credit,
    emsp,
    priced,
    terms,
)

from clearing.errors import IntegrityFailure
from clearing.parties import PriceBasis, Rounding
from clearing.reconciliation.charge import End
from clearing.settlement import reporting
from clearing.settlement.outcome import Amounts, PairReport

OLD = {"start": "2026-09-05T08:00", "end": "2026-09-05T09:00"}


def only(*records: object, month: Month | None = None) -> PairReport:
    """Return the only row of a month."""
    pairs = (month or Month()).judge(*records).outcome.pairs  # type: ignore[arg-type]
    assert len(pairs) == 1
    return pairs[0]


def test_every_end_in_one_row() -> None:
    waited = cpo("W", **OLD, evse_uid="E2")
    first = cpo("C1")
    records = [
        waited, first, emsp("C1"), again(first), cpo("E", evse_uid="E3", **{"token_type": "AD_HOC_USER"}),
        cpo("O", evse_uid="E4", claimed="2.00"), credit("K", of="O", claimed="-2.00"), credit("R", of="nothing"),
    ]  # fmt: skip
    row = only(*records, month=Month(carried=[waited]))
    told = {end: (a.records, str(a.kwh), str(a.claimed)) for end, a in row.ends.items()}
    assert told == {
        End.BILLED: (1, "10", "4.50"),
        End.CREDITED: (2, "0", "0.00"),
        End.WAITING: (1, "10", "4.50"),
        End.REFUSED: (1, "-10", "-4.50"),
        End.REPEATED: (1, "10", "4.50"),
        End.ELSEWHERE: (1, "10", "4.50"),
    }
    assert (row.carried_in.records, row.delivered.records) == (1, 6)
    assert {(c.code, c.count, str(c.held)) for c in row.findings} == {
        ("repeated-delivery", 1, "0"), ("paid-ad-hoc", 1, "0"), ("credit-without-original", 1, "-4.50"),
        ("missing-at-emsp", 1, "4.50"),
    }  # fmt: skip


def test_unknown_energy_and_claim_count_nothing() -> None:
    row = only(cpo(energy_kwh=None, claimed=None, problems=MALFORMED))
    assert row.ends[End.WAITING] == Amounts(1, Decimal(0), Decimal(0))
    assert (row.without_claim, row.charges[0].kwh, row.charges[0].claimed) == (1, None, None)


def test_a_readable_claim_counts_though_the_record_is_malformed() -> None:
    assert only(cpo(energy_kwh=None, problems=MALFORMED)).ends[End.WAITING].claimed == Decimal("4.50")


DIFFERENCES = [
    pytest.param({}, "0.00", "0", id="claimed"),
    pytest.param({"price_basis": PriceBasis.COMPUTED}, "-0.015", "0.005", id="computed, rounded"),
    pytest.param({"price_basis": PriceBasis.COMPUTED, "rounding": Rounding.DOCUMENT_HALF_UP}, "-0.015", "0.005",
                 id="computed, the document rounded"),
]  # fmt: skip


@pytest.mark.parametrize(("deal", "price", "rounding"), DIFFERENCES)
def test_differences_lead_from_the_claim_to_the_net(deal: dict[str, object], price: str, rounding: str) -> None:
    row = only(*both(), month=Month(terms(agreement(**deal)), prices={"C1": priced("4.485")}))
    assert (row.price_difference, row.rounding_difference) == (Decimal(price), Decimal(rounding))
    assert row.claimed_minus_computed == Decimal("0.015")


def test_the_remainder_line_closes_the_charges_file() -> None:
    month = Month(terms(agreement(rounding=Rounding.DOCUMENT_HALF_UP)))
    row = only(*both(claimed="0.0033"), *both("C2", claimed="0.0033", start="6T08:00", end="6T09:00"), month=month)
    assert (row.remainder, row.document and str(row.document.net)) == (Decimal("0.0034"), "0.01")


def test_rows_are_ordered_and_name_their_partner() -> None:
    row = only(*both("C2", start="6T08:00", end="6T09:00", session_id="S2"), *both("C1"),
               cpo("C0", start=None, end=None, problems=MALFORMED))  # fmt: skip
    assert [(c.cpo_cdr_id, c.emsp_cdr_id, c.cpo_session_id) for c in row.charges] == [
        ("C1", "C1", None), ("C2", "C2", "S2"), ("C0", None, None),
    ]  # fmt: skip
    assert row.charges[0].ended_local is not None
    assert row.charges[0].ended_local.isoformat() == "2026-10-05T11:00:00+02:00"
    assert (row.charges[0].billed, row.charges[2].billed) == (Decimal("4.50"), None)


ROWS = [
    pytest.param(cpo(emsp=STRANGER), (CPO, None, "EUR"), id="unknown e-MSP"),
    pytest.param(cpo(cpo=STRANGER), (None, EMSP, "EUR"), id="unknown CPO"),
    pytest.param(cpo(emsp=None, problems=MALFORMED), (CPO, None, "EUR"), id="unreadable e-MSP"),
    pytest.param(cpo(currency="EURO"), (CPO, EMSP, None), id="unknown currency"),
    pytest.param(cpo(currency=None, problems=MALFORMED), (CPO, EMSP, None), id="unreadable currency"),
    pytest.param(cpo(currency="CHF"), (CPO, EMSP, "CHF"), id="a currency not agreed"),
    pytest.param(emsp(), (CPO, EMSP, "EUR"), id="only the e-MSP knows"),
    pytest.param(emsp(currency=None, claimed=None), (CPO, EMSP, "EUR"), id="only the e-MSP knows, no currency"),
    pytest.param(emsp(emsp=STRANGER), (CPO, None, "EUR"), id="an e-MSP nobody knows"),
]


@pytest.mark.parametrize(("one", "row"), ROWS)
def test_rows(one: object, row: tuple[str | None, ...]) -> None:
    found = only(one)
    assert (found.cpo, found.emsp, found.currency) == row
    assert found.document is None


def test_stubs_to_paste() -> None:
    seen = Month().judge(cpo(emsp=STRANGER), cpo("C2", cpo=EMSP, emsp=CPO))
    assert [(stub.what, stub.charges, str(stub.claimed)) for stub in seen.outcome.stubs] == [
        ("no-agreement: NL*XYZ → DE*ABC", 1, "4.50"), ("unknown-party: DE*ABC → PL*WHO", 1, "4.50"),
    ]  # fmt: skip
    assert 'ids = ["PL*WHO"]' in seen.outcome.stubs[1].lines
    assert "valid_from = 2026-10-01" in seen.outcome.stubs[0].lines


def test_six_ends_that_do_not_add_up_are_an_integrity_failure() -> None:
    came = Amounts(2, Decimal(20), Decimal(9))
    went = dict.fromkeys(End, Amounts()) | {End.BILLED: Amounts(1, Decimal(20), Decimal(9))}
    with pytest.raises(IntegrityFailure, match="six ends"):
        reporting._check_sums((CPO, EMSP, "EUR"), Amounts(), came, went)
