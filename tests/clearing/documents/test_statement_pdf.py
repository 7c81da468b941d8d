"""The settlement statement is read back, and its set-off computed once more from the documents it lists."""

import importlib.util
import io
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from types import ModuleType

import pypdf
import pytest

from clearing.documents import DoesNotAddUp, statement_pdf
from clearing.invoicing.invoice import DocumentState
from clearing.settlement.statement import Statement
from tariffs.money import Money

HERE = Path(__file__).parent


def neighbour(name: str) -> ModuleType:
    """Import a file beside this one: tests are no package."""
    spec = importlib.util.spec_from_file_location(f"documents_{name}", HERE / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


reading, values = neighbour("reading"), neighbour("values")
STATEMENTS: dict[str, Statement] = values.STATEMENTS
case = pytest.mark.parametrize("name", STATEMENTS)


@case
def test_the_set_off_is_computed_once_more(name: str) -> None:
    statement = STATEMENTS[name]
    found = reading.read_statement(statement_pdf(statement))
    first, second = statement.first.name, statement.second.name
    owed = {
        company: sum((gross for _, owes, _, gross in found.documents if owes.endswith(f"→ {company}")), Decimal(0))
        for company in (first, second)
    }
    figures = [figure for _, figure in found.position]
    assert figures == [owed[first], owed[second], min(owed.values()), Decimal("0.00"), Decimal("0.00")]
    assert found.to_pay == abs(owed[first] - owed[second]) == statement.amount.decimal


@case
def test_it_lists_every_document(name: str) -> None:
    statement = STATEMENTS[name]
    found = reading.read_statement(statement_pdf(statement))
    expected = [
        (line.document, f"{line.debtor} → {line.creditor}", line.due_date, line.owed.decimal)
        for line in statement.lines
    ]
    assert found.documents == expected


@case
def test_it_says_who_pays_whom(name: str) -> None:
    statement = STATEMENTS[name]
    found = reading.read_statement(statement_pdf(statement))
    if statement.payee is None or statement.payer is None:
        assert found.payment == {}
        assert found.text.count("Nothing to pay") == 2
        return
    assert found.iban == statement.payee.iban or (statement.payee.iban is None and "▲ IBAN" in found.text)
    assert found.paid("payee") == statement.payee.name
    assert reading.day(found.paid("due"), statement.language) == statement.due_date
    assert reading.amount(found.paid("amount"), statement.language) == statement.amount.decimal
    assert found.paid("purpose") == statement.reference == "2026-10 DE-ABC_NL-XYZ_EUR"


@case
def test_every_page_says_what_it_is_not(name: str) -> None:
    statement = STATEMENTS[name]
    found = reading.read_statement(statement_pdf(statement))
    mark = None if statement.state is DocumentState.POSTED else statement.state
    assert found.marks == [mark] * len(found.pages)
    assert found.pages == [(page, len(found.pages)) for page in range(1, len(found.pages) + 1)]


@case
def test_the_same_value_gives_the_same_bytes_with_embedded_fonts(name: str) -> None:
    drawn = statement_pdf(STATEMENTS[name])
    assert drawn == statement_pdf(STATEMENTS[name])
    for page in pypdf.PdfReader(io.BytesIO(drawn)).pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
            assert "/FontFile2" in font.get_object()["/FontDescriptor"]


def test_both_companies_are_named() -> None:
    text = reading.read_statement(statement_pdf(STATEMENTS["set-off"])).text
    for company in (values.CPO, values.EMSP):
        for word in (company.name, company.vat_id, *company.ids, *company.address):
            assert word in text


def test_a_statement_of_many_documents_flows_over_pages() -> None:
    line = STATEMENTS["set-off"].lines[0]
    owed = Money(line.owed.minor * 120, "EUR")
    many = values.statement(lines=(line,) * 120, owed_to_first=owed, owed_to_second=Money(0, "EUR"), amount=owed)
    found = reading.read_statement(statement_pdf(many))
    assert len(found.documents) == 120
    assert sum(gross for *_, gross in found.documents) == found.to_pay
    assert len(found.pages) > 3


@pytest.mark.parametrize("part", ["owed_to_first", "owed_to_second", "amount"])
def test_a_statement_that_does_not_add_up_is_not_drawn(part: str) -> None:
    with pytest.raises(DoesNotAddUp, match="2026-10 DE-ABC_NL-XYZ_EUR"):
        statement_pdf(replace(STATEMENTS["set-off"], **{part: Money(1, "EUR")}))
