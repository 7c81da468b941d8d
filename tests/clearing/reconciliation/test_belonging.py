"""Where a record belongs: month, agreement, and what is billed elsewhere (contract, sections 3.1 and 3.5)."""

from datetime import date

import pytest
from building import CPO, CPO2, EMSP, EMSP2, OCTOBER, Month, agreement, at, both, company, cpo, emsp, terms

from clearing.parties import Agreement, LocationZone, Terms
from clearing.reconciliation.belonging import end_instant, place_of, row_party

BERLIN, LISBON = agreement(), agreement(time_zone="Europe/Lisbon")
MONTHS = [
    pytest.param(BERLIN, "2026-09-30T20:00", "2026-09-30T21:59:59", "2026-09", id="last second of September in Berlin"),
    pytest.param(BERLIN, "2026-09-30T20:00", "2026-09-30T22:00:00", "2026-10", id="midnight is October, still summer"),
    pytest.param(LISBON, "2026-09-30T20:00", "2026-09-30T22:30:00", "2026-09", id="the agreement's zone decides"),
    pytest.param(BERLIN, "2026-10-31T20:00", "2026-10-31T22:59:59", "2026-10", id="after the clocks went back"),
    pytest.param(BERLIN, "2026-10-31T20:00", "2026-10-31T23:00:00", "2026-11", id="midnight in winter time"),
    pytest.param(BERLIN, "2026-09-30T10:00", "5T09:00", "2026-10", id="the end decides, not the start"),
    pytest.param(BERLIN, "2026-09-30T10:00", None, "2026-09", id="without an end, the start"),
    pytest.param(BERLIN, "2026-11-01T10:00", "5T09:00", "2026-11", id="an end before the start, the start"),
    pytest.param(BERLIN, None, "5T09:00", "2026-10", id="without a start, the end"),
    pytest.param(BERLIN, None, None, None, id="neither: no month"),
    pytest.param(agreement(time_zone="Pacific/Auckland"), "31T09:00", "31T11:00", "2026-11", id="Auckland is ahead"),
]


@pytest.mark.parametrize(("one", "start", "end", "month"), MONTHS)
def test_the_month_of_a_charge(one: Agreement, start: str | None, end: str | None, month: str | None) -> None:
    place = place_of(cpo(start=start, end=end), terms(one))
    assert (str(place.month) if place.month else None) == month


ZONES = [
    pytest.param(terms(), None, "2026-11", id="no agreement: UTC"),
    pytest.param(terms(), "Asia/Tokyo", "2026-11", id="no agreement: the zone of the country"),
    pytest.param(terms(), "America/New_York", "2026-10", id="no agreement: the country behind UTC"),
    pytest.param(terms(locations=(LocationZone(CPO, "loc1", "America/New_York"),)), "Asia/Tokyo", "2026-10",
                 id="the site before the country"),
]  # fmt: skip


@pytest.mark.parametrize(("book", "zone", "month"), ZONES)
def test_without_agreement_the_place_decides(book: Terms, zone: str | None, month: str) -> None:
    ours = cpo(emsp=EMSP2, start="2026-10-31T23:00", end="2026-11-01T00:30")
    assert str(place_of(ours, book, zone).month) == month


def test_the_agreement_changes_within_the_month() -> None:
    old = agreement(valid_until=date(2026, 10, 15))
    new = agreement(valid_from=date(2026, 10, 15), currency="CHF")
    book = terms(new, old)
    assert place_of(cpo(end="14T21:59:59"), book).agreement == old
    assert place_of(cpo(end="14T22:00:00"), book).agreement == new  # local midnight in Berlin


def test_each_agreement_is_asked_for_its_own_local_day() -> None:
    first = agreement(valid_until=date(2026, 10, 15), time_zone="America/New_York")
    second = agreement(valid_from=date(2026, 10, 15), time_zone="Europe/Berlin")
    assert place_of(cpo(end="15T02:00"), terms(first, second)).agreement == first  # still the 14th in New York
    assert place_of(cpo(end="15T05:00"), terms(first, second)).agreement == second


def test_between_two_agreements_there_is_none_and_nothing_is_elsewhere() -> None:
    book = terms(agreement(valid_until=date(2026, 10, 1)), agreement(valid_from=date(2026, 11, 1)))
    place = place_of(cpo(), book)
    assert (place.agreement, place.elsewhere, place.month) == (None, None, OCTOBER)
    assert Month(book).judge(*both()).codes == "no-agreement C1"


AD_HOC = {"token_type": "AD_HOC_USER"}
YOUNG = agreement(valid_from=date(2026, 10, 6))
OWN = agreement(emsp=CPO2, valid_from=date(2026, 10, 6))
ELSEWHERE = [
    pytest.param(terms(), {"emsp": CPO2}, "internal-charge", id="one company"),
    pytest.param(terms(), {"emsp": CPO2} | AD_HOC, "internal-charge", id="internal before ad hoc"),
    pytest.param(terms(), AD_HOC, "paid-ad-hoc", id="paid on the spot"),
    pytest.param(terms(), {"token_type": "ad_hoc_user"}, "paid-ad-hoc", id="in any case of letters"),
    pytest.param(terms(), {"token_type": "RFID"}, None, id="a card is billed"),
    pytest.param(terms(YOUNG), AD_HOC, "paid-ad-hoc", id="ad hoc before the agreement"),
    pytest.param(terms(YOUNG), {}, "before-agreement", id="before the first agreement"),
    pytest.param(terms(YOUNG, agreement(valid_from=date(2025, 1, 1), valid_until=date(2026, 1, 1))), {}, None,
                 id="between two agreements is not before"),
    pytest.param(terms(OWN), {"emsp": CPO2}, "internal-charge", id="internal before everything"),
    pytest.param(terms(), {"emsp": EMSP2}, None, id="a pair without agreement waits"),
    pytest.param(terms(YOUNG), {"start": None, "end": None}, None, id="without times nobody knows"),
]  # fmt: skip


@pytest.mark.parametrize(("book", "values", "code"), ELSEWHERE)
def test_elsewhere(book: Terms, values: dict[str, object], code: str | None) -> None:
    cause = place_of(cpo(**values), book).elsewhere
    assert (cause.code if cause else None) == code


@pytest.mark.parametrize(("end", "code"), [("5T21:59:59", "before-agreement"), ("5T22:00:00", None)])
def test_before_the_agreement_to_the_second(end: str, code: str | None) -> None:
    cause = place_of(cpo(end=end), terms(YOUNG)).elsewhere
    assert (cause.code if cause else None) == code


def test_elsewhere_comes_before_every_other_judgement() -> None:
    seen = Month(terms(YOUNG)).judge(cpo(energy_kwh="99999", claimed="1"), emsp("X"))
    assert (seen.ends, seen.codes) == ("C1 elsewhere", "before-agreement C1")
    assert seen.find("before-agreement").held is None


def test_a_row_knows_only_the_parties_of_the_book() -> None:
    assert row_party(EMSP, terms()) == EMSP
    assert row_party(EMSP, terms(companies=(company("Charge GmbH", CPO),))) is None
    assert row_party(None, terms()) is None


def test_the_end_of_a_record_without_end_is_its_start() -> None:
    assert end_instant(cpo(end=None)) == at("5T08:00")
