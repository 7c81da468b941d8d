"""Set-off between companies and the ledger's postings (contract, sections 3.8 and 3.10)."""

from collections import Counter
from dataclasses import replace

import pytest
from building import COMPANIES, CPO, CPO2, EMSP, EMSP2, Month, agreement, both, terms

from clearing.invoicing.invoice import DocumentState, Invoice
from clearing.parties import Agreement, Billing, PartyId, Terms
from clearing.settlement.ledger import Entry, Posting
from clearing.settlement.netting import postings, statements
from clearing.settlement.statement import Statement

THERE, BACK = agreement(), agreement(cpo=EMSP, emsp=CPO)
Deal = tuple[PartyId, PartyId, str]


def documents(deals: list[tuple[Deal, str]], *agreements: Agreement, **book: object) -> list[Invoice]:
    """Return the documents of a month in which each deal (cpo, emsp, currency) was charged once."""
    records = []
    for n, ((cpo, emsp, currency), claimed) in enumerate(deals):
        told = {"start": f"{n + 1}T08:00", "end": f"{n + 1}T09:00", "claimed": claimed}
        records += both(f"C{n}", cpo=cpo, emsp=emsp, currency=currency, evse_uid=f"E{n}", **told)
    made: Terms = terms(*agreements, vat_rules=(), **book)
    return Month(made).judge(*records).outcome.documents


def shown(found: list[Statement]) -> str:
    """Return statements as `DE-ABC_NL-XYZ_EUR Drive BV pays 4.50 of 2`."""
    return "; ".join(
        f"{s.name} {s.payer.name if s.payer else 'nobody'} pays {s.amount} of {len(s.lines)}" for s in found
    )


A_B, B_A, A_Q = (CPO, EMSP, "EUR"), (EMSP, CPO, "EUR"), (CPO, EMSP2, "EUR")
OTHER_ID = agreement(cpo=CPO2)
FRANCS = agreement(cpo=EMSP, emsp=CPO2, currency="CHF")
NETTED = [
    pytest.param([(A_B, "4.50")], [THERE], "DE-ABC_NL-XYZ_EUR Drive BV pays 4.50 of 1", id="one direction"),
    pytest.param([(A_B, "4.50"), (B_A, "3.00")], [THERE, BACK], "DE-ABC_NL-XYZ_EUR Drive BV pays 1.50 of 2",
                 id="both directions"),
    pytest.param([(A_B, "3.00"), (B_A, "4.50")], [THERE, BACK], "DE-ABC_NL-XYZ_EUR Charge GmbH pays 1.50 of 2",
                 id="the other way"),
    pytest.param([(A_B, "4.50"), (B_A, "4.50")], [THERE, BACK], "DE-ABC_NL-XYZ_EUR nobody pays 0.00 of 2", id="even"),
    pytest.param([(A_B, "-4.50")], [THERE], "DE-ABC_NL-XYZ_EUR Charge GmbH pays 4.50 of 1", id="a credit note"),
    pytest.param([(A_B, "-4.50"), (B_A, "3.00")], [THERE, BACK], "DE-ABC_NL-XYZ_EUR Charge GmbH pays 7.50 of 2",
                 id="a credit note and an invoice"),
    pytest.param([(A_B, "4.50"), ((CPO2, EMSP, "EUR"), "2.00")], [THERE, OTHER_ID],
                 "DE-ABC_NL-XYZ_EUR Drive BV pays 6.50 of 2", id="two ids of one company"),
    pytest.param([(A_B, "4.50"), (B_A, "3.00"), (A_Q, "1.00")], [THERE, BACK, agreement(emsp=EMSP2)],
                 "DE-ABC_FR-QRS_EUR Quick SA pays 1.00 of 1; DE-ABC_NL-XYZ_EUR Drive BV pays 1.50 of 2",
                 id="a pair of companies each"),
    pytest.param([(A_B, "4.50"), ((EMSP, CPO2, "CHF"), "3.00")], [THERE, FRANCS],
                 "DE-ABC_NL-XYZ_CHF Charge GmbH pays 3.00 of 1; DE-ABC_NL-XYZ_EUR Drive BV pays 4.50 of 1",
                 id="currencies never meet"),
    pytest.param([(A_B, "4.50"), (B_A, "3.00")], [THERE, replace(BACK, set_off=False)],
                 "DE-ABC_NL-XYZ_EUR Drive BV pays 4.50 of 1", id="only what may be set off"),
    pytest.param([(A_B, "4.50")], [replace(THERE, set_off=False)], "", id="nothing may be set off"),
    pytest.param([(A_B, "4.50"), (B_A, "3.00")], [THERE, replace(BACK, billing=Billing.SELF_BILLED)],
                 "DE-ABC_NL-XYZ_EUR Drive BV pays 1.50 of 2", id="self-billed owes the same"),
]  # fmt: skip


@pytest.mark.parametrize(("deals", "agreements", "netted"), NETTED)
def test_set_off(deals: list[tuple[Deal, str]], agreements: list[Agreement], netted: str) -> None:
    made = documents(deals, *agreements)
    assert shown(statements(made)) == netted
    assert shown(statements(reversed(made))) == netted


def test_a_statement_shows_what_is_owed_each_way() -> None:
    statement = statements(documents([(A_B, "-4.50"), (B_A, "3.00")], THERE, replace(BACK, payment_days=30)))[0]
    assert (str(statement.owed_to_first), str(statement.owed_to_second)) == ("0.00", "7.50")
    assert sorted((line.creditor, line.debtor, str(line.owed)) for line in statement.lines) == [
        ("Drive BV", "Charge GmbH", "3.00"), ("Drive BV", "Charge GmbH", "4.50"),
    ]  # fmt: skip
    assert statement.due_date == max(line.due_date for line in statement.lines)
    assert (str(statement.opening), str(statement.carried_forward)) == ("0.00", "0.00")
    assert statement.reference == "2026-10 DE-ABC_NL-XYZ_EUR"


@pytest.mark.parametrize(("issues_for", "state"), [(None, "draft"), ({CPO}, "control-copy"), ({CPO, EMSP}, "draft")])
def test_a_control_copy_makes_the_statement_one(issues_for: set[PartyId] | None, state: str) -> None:
    ids = frozenset(issues_for) if issues_for is not None else None
    made = documents([(A_B, "4.50"), (B_A, "3.00")], THERE, BACK, issues_for=ids)
    assert statements(made)[0].state == state


def numbered(made: list[Invoice]) -> list[Invoice]:
    """Return documents with numbers, as posting makes them."""
    return [
        replace(d, number=f"N-{n}", state=DocumentState.POSTED) if d.state is DocumentState.DRAFT else d
        for n, d in enumerate(made)
    ]


@pytest.mark.parametrize(("deals", "agreements", "netted"), NETTED)
def test_postings_sum_to_zero_and_end_in_the_net_position(
    deals: list[tuple[Deal, str]], agreements: list[Agreement], netted: str
) -> None:
    made = numbered(documents(deals, *agreements))
    found = statements(made)
    balance: Counter[tuple[str, str, str, str]] = Counter()
    for posting in postings(made, found):
        assert sum(entry.minor for entry in posting.entries) == 0
        for entry in posting.entries:
            balance[entry.company, entry.counterparty, entry.account, posting.currency] += entry.minor
    for statement in found:
        one, other, currency = statement.first.ids[0], statement.second.ids[0], statement.currency
        net = (statement.owed_to_first - statement.owed_to_second).minor
        assert balance[one, other, "net-position", currency] == net == -balance[other, one, "net-position", currency]
        if all(d.settled_in for d in made):
            assert balance[one, other, "receivable", currency] == balance[one, other, "payable", currency] == 0


def test_what_the_cpo_books_as_receivable_the_emsp_books_as_payable() -> None:
    made = numbered(documents([(A_B, "4.50")], replace(THERE, set_off=False)))
    assert postings(made, []) == [
        Posting("N-0", "EUR", (Entry(CPO, EMSP, "receivable", 450), Entry(EMSP, CPO, "payable", -450)))
    ]


def test_a_credit_note_is_owed_the_other_way() -> None:
    made = numbered(documents([(A_B, "-4.50")], replace(THERE, set_off=False)))
    assert postings(made, [])[0].entries == (Entry(EMSP, CPO, "receivable", 450), Entry(CPO, EMSP, "payable", -450))


def test_control_copies_make_no_posting() -> None:
    made = numbered(documents([(A_B, "4.50"), (B_A, "3.00")], THERE, BACK, issues_for=frozenset({CPO})))
    found = postings(made, statements(made))
    assert [p.document for p in found] == ["N-1", "2026-10 DE-ABC_NL-XYZ_EUR"]
    assert len(found[1].entries) == 4
    only_copies = documents([(A_B, "4.50")], THERE, issues_for=frozenset())
    assert postings(only_copies, statements(only_copies)) == []


def test_a_posting_that_does_not_sum_to_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="sum to 1 minor units of EUR"):
        Posting("N", "EUR", (Entry("A", "B", "receivable", 100), Entry("B", "A", "payable", -99)))


def test_the_language_of_a_statement_is_what_both_read() -> None:
    german = tuple(replace(c, language="de") for c in COMPANIES)
    assert statements(documents([(A_B, "4.50")], companies=german))[0].language == "de"
    assert statements(documents([(A_B, "4.50")], companies=(german[0], COMPANIES[1])))[0].language == "en"
