"""Every document is read back from its PDF with another library, and every figure on it is computed once more."""

import hashlib
import importlib.util
import io
import os
import subprocess
import sys
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import pypdf
import pytest

from clearing.documents import DoesNotAddUp, invoice_pdf
from clearing.invoicing.invoice import DocumentState, Invoice
from clearing.parties import Gap, Rounding
from tariffs.money import Money, minor_digits, round_half_up

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
CASES: dict[str, Invoice] = values.CASES
case = pytest.mark.parametrize("name", CASES)


def read(invoice: Invoice) -> "reading.ReadInvoice":
    return reading.read_invoice(invoice_pdf(invoice))


def recompute(found: "reading.ReadInvoice") -> None:
    """Compute every figure of a document from the others, from what is printed alone."""
    places = minor_digits(found.currency)
    charges = sum((charge.net for charge in found.annex), Decimal(0))
    assert found.annex_sum == charges
    assert found.annex_net == charges + (found.rounding or 0) == found.net
    assert sum(line.net for line in found.lines) == found.net
    assert sum(line.charges for line in found.lines) == len(found.annex)
    assert sum(line.kwh for line in found.lines) == sum(charge.kwh for charge in found.annex)
    assert [charge.number for charge in found.annex] == list(range(1, len(found.annex) + 1))
    for _, percent, net, vat in found.vat_by_category:
        assert vat == round_half_up(net * percent / 100, places)
    assert sum(net for _, _, net, _ in found.vat_by_category) == found.net
    assert sum(vat for *_, vat in found.vat_by_category) == found.vat
    assert found.gross == found.net + found.vat
    for page, which, carried in found.carried:
        last = page if which == "carry" else page - 1
        assert carried == sum((charge.net for charge in found.annex if charge.page <= last), Decimal(0))
    assert found.pages == [(page, len(found.pages)) for page in range(1, len(found.pages) + 1)]


@case
def test_its_figures_are_computed_once_more(name: str) -> None:
    recompute(read(CASES[name]))


@case
def test_it_shows_the_value_it_was_drawn_from(name: str) -> None:
    invoice = CASES[name]
    found = read(invoice)
    sign = -1 if invoice.kind.is_credit_note else 1
    assert (found.kind, found.number, found.currency) == (invoice.kind, invoice.number, invoice.currency)
    assert (found.net, found.vat, found.gross) == tuple(
        sign * money.decimal for money in (invoice.net, invoice.vat, invoice.gross)
    )
    assert (found.due, found.issued) == (invoice.due_date, invoice.issue_date)
    expected = [
        (one.cdr_id, one.evse, reading.squeezed(one.site), to_the_minute(one.ended_local), one.kwh, one.net)
        for one in invoice.annex
    ]
    assert [
        (one.cdr_id, one.evse, reading.squeezed(one.site), one.ended, sign * one.kwh, sign * one.net)
        for one in found.annex
    ] == expected


def to_the_minute(local: datetime) -> datetime:
    return local.replace(tzinfo=None, second=0)


@case
def test_it_names_both_parties(name: str) -> None:
    invoice = CASES[name]
    found = read(invoice)
    for company, party, shown in (
        (invoice.seller, invoice.cpo, found.seller),
        (invoice.buyer, invoice.emsp, found.buyer),
    ):
        for text in (company.name, *company.address, party):
            assert text == "FILL IN" or reading.squeezed(text) in reading.squeezed(shown)
    recipient = invoice.seller if invoice.kind.is_self_billed else invoice.buyer
    assert reading.squeezed(recipient.name) in reading.squeezed(found.recipient)
    assert found.vat_ids == [company.vat_id for company in (invoice.seller, invoice.buyer) if company.vat_id]


@case
def test_it_says_how_it_is_paid(name: str) -> None:
    invoice = CASES[name]
    found = read(invoice)
    if invoice.settled_in:
        assert (found.statement, found.payment) == (invoice.settled_in, {})
        assert ("Wird verrechnet: nicht" if invoice.language == "de" else "Is set off: do not") in found.text
        assert invoice.seller.iban not in reading.squeezed(found.text)
        return
    assert found.statement is None
    assert reading.amount(found.paid("amount"), invoice.language) == abs(invoice.gross.decimal)
    assert reading.day(found.paid("due"), invoice.language) == invoice.due_date
    assert reading.squeezed(found.paid("payee")) == reading.squeezed(invoice.payee.name)
    if invoice.payee.iban:
        assert found.iban == invoice.payee.iban
    if invoice.number:
        assert found.paid("purpose") == invoice.number


@case
def test_every_page_says_what_it_is_not(name: str) -> None:
    invoice = CASES[name]
    found = read(invoice)
    expected = None if invoice.state is DocumentState.POSTED else invoice.state
    assert found.marks == [expected] * len(found.pages)
    banner = {
        ("control-copy", "de"): "Kontrollexemplar: erwartete Rechnung, kein Steuerdokument",
        ("control-copy", "en"): "Control copy: expected invoice, not a tax document",
        ("draft", "de"): "ENTWURF: kein Steuerdokument, die Nummer wird beim Buchen vergeben",
        ("draft", "en"): "DRAFT: not a tax document, the number is drawn at posting",
    }
    if expected:
        assert found.text.count(banner[expected, invoice.language]) == len(found.pages)


@case
def test_every_font_is_embedded(name: str) -> None:
    pdf = pypdf.PdfReader(io.BytesIO(invoice_pdf(CASES[name])))
    for page in pdf.pages:
        fonts = page["/Resources"]["/Font"].values()  # type: ignore[index]
        assert fonts
        for font in fonts:
            assert "/FontFile2" in font.get_object()["/FontDescriptor"]
            assert "DejaVuSansCondensed" in font.get_object()["/BaseFont"]


@case
def test_no_text_leaves_the_page(name: str) -> None:
    for page in reading.cells(invoice_pdf(CASES[name])):
        outside = [cell for cell in page if cell.size < 40 and not (50 < cell.left <= cell.right < 555)]
        assert outside == []


@case
def test_no_two_texts_lie_on_each_other(name: str) -> None:
    for page in reading.cells(invoice_pdf(CASES[name])):
        for row in reading.rows(cell for cell in page if cell.size < 40):
            for left, right in pairwise(row):
                assert left.right <= right.left + 1, (left, right)


@case
def test_the_same_value_gives_the_same_bytes(name: str) -> None:
    assert invoice_pdf(CASES[name]) == invoice_pdf(CASES[name])


OTHER_PROCESS = """
import hashlib, sys, values
from clearing.documents import invoice_pdf
for name in sys.argv[1:]:
    print(hashlib.sha256(invoice_pdf(values.CASES[name])).hexdigest())
"""


@pytest.mark.parametrize(
    "surroundings",
    [
        {"PYTHONHASHSEED": "1", "TZ": "Pacific/Auckland", "LC_ALL": "C"},
        {"PYTHONHASHSEED": "2", "TZ": "America/Lima", "LC_ALL": "de_DE.UTF-8", "LANG": "de_DE.UTF-8"},
    ],
)
def test_another_process_gives_the_same_bytes(surroundings: dict[str, str]) -> None:
    names = ["direct", "credit-note-en", "alphabets", "control-copy", "settled"]
    root = HERE.parents[2]
    environment = {**os.environ, **surroundings, "PYTHONPATH": os.pathsep.join([str(root), str(HERE)])}
    command = [sys.executable, "-c", OTHER_PROCESS, *names]
    done = subprocess.run(command, env=environment, cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [hashlib.sha256(invoice_pdf(CASES[name])).hexdigest() for name in names]


def test_the_reader_notices_a_wrong_figure() -> None:
    """A proof that these tests can fail: a document drawn wrong is not read as right."""
    found = read(CASES["direct"])
    recompute(found)
    found.annex[3] = replace(found.annex[3], net=found.annex[3].net + Decimal("0.01"))
    with pytest.raises(AssertionError):
        recompute(found)
    found = read(CASES["two-categories"])
    name, percent, net, vat = found.vat_by_category[0]
    found.vat_by_category[0] = (name, percent, net, vat + Decimal("0.01"))
    with pytest.raises(AssertionError):
        recompute(found)


@pytest.mark.parametrize("part", ["net", "vat", "gross", "remainder", "annex", "lines"])
def test_a_value_that_does_not_add_up_is_not_drawn(part: str) -> None:
    invoice = CASES["direct"]
    wrong: object = {
        "remainder": Decimal("0.01"), "annex": invoice.annex[1:], "lines": invoice.lines[1:]
    }.get(part, Money(1, "EUR"))  # fmt: skip
    with pytest.raises(DoesNotAddUp, match=r"DE-ABC-2026-00042: .* add up to"):
        invoice_pdf(replace(invoice, **{part: wrong}))


def test_five_thousand_charges() -> None:
    invoice = values.invoice(values.charges(5000), language="en")
    found = read(invoice)
    recompute(found)
    assert len(found.annex) == 5000
    assert [one.cdr_id for one in found.annex] == [one.cdr_id for one in invoice.annex]
    assert len(found.carried) == 2 * (len({one.page for one in found.annex}) - 1)
    assert len(found.pages) > 80


def test_the_first_page_answers_who_owes_whom() -> None:
    text = read(CASES["direct"]).text
    first = reading.cells(invoice_pdf(CASES["direct"]))[0]
    assert [cell.text for cell in first if cell.size == 15] == ["191,78 EUR"]
    assert "Zahlbetrag Fällig am Zahlungspflichtig Zahlbar an" in text
    assert "17.11.2026 Polderstroom Mobility Stadtwerke Musterstadt" in text
    assert "Leistungszeitraum 01.10.2026 – 31.10.2026" in text
    assert "Zeitzone Europe/Berlin" in text


def test_what_the_buyer_wants_printed_is_printed() -> None:
    particulars = read(CASES["direct"]).particulars
    assert particulars["Bestellnummer"] == "4500012345"
    assert particulars["Käuferreferenz"] == "04011000-1234512345-06"
    assert particulars["Vertragsnummer"] == "RV 2026/7"
    assert particulars["Kostenstelle"] == "KST 4711"
    assert "Bestellnummer" not in read(CASES["two-categories"]).particulars


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("reverse-charge-en", "Reverse charge: the customer is liable for the VAT"),
        ("self-billed", "Steuerschuldnerschaft des Leistungsempfängers (Reverse Charge"),
        ("self-billed", "Abrechnung im Gutschriftverfahren: Polderstroom Mobility B.V. stellt diesen Beleg"),
        ("self-billed-en", "Self-billing: Polderstroom Mobility B.V. issues this document"),
        ("self-billed-credit-note", "Abrechnung im Gutschriftverfahren"),
        ("credit-note", "Alle Beträge dieses Belegs mindern, was zuvor berechnet wurde."),
        ("late", "Includes 1 charges of earlier months"),
    ],
)
def test_it_says_why(name: str, sentence: str) -> None:
    assert sentence in read(CASES[name]).text


@pytest.mark.parametrize(
    ("key", "german", "english"),
    [
        ("reverse-charge-13b-5b", "§ 13b Abs. 2 Nr. 5 Buchst. b UStG", "Section 13b (2) no. 5 b"),
        ("small-business", "§ 19 UStG", "Section 19"),
        ("outside-scope", "Nicht steuerbar", "Outside the scope"),
        ("export", "Steuerfreie Ausfuhrlieferung", "Export exempt from VAT"),
        ("exempt", "Steuerfreie Leistung", "Supply exempt"),
        ("zero-rated", "Nullsatz", "Zero-rated"),
        ("Ein eigener Satz des Buchhalters.", "Ein eigener Satz des Buchhalters.", "Ein eigener Satz des Buchhalters."),
    ],
)
def test_vat_sentences(key: str, german: str, english: str) -> None:
    rule = replace(values.REVERSE, sentence=key)
    for language, sentence in (("de", german), ("en", english)):
        assert sentence in read(values.invoice(treatment=lambda _: rule, language=language)).text


def test_a_credit_note_names_what_it_corrects_and_is_positive() -> None:
    found = read(CASES["credit-note"])
    assert "Berichtigt werden: DE-ABC-2026-00007 3f2b7c1e" in found.text
    assert all(charge.net > 0 for charge in found.annex)
    assert found.annex[1].note == (
        "Früherer Monat: geliefert am 01.10.2026 · Berichtigt DE-ABC-2026-00008 3f2b7c1e-59d4-4a1b-8c0e-000000009999"
    )
    assert found.text.startswith("Stadtwerke Musterstadt GmbH")
    assert "-" not in f"{found.net}{found.vat}{found.gross}"


def test_a_credit_inside_an_invoice_stays_negative() -> None:
    back = replace(values.charges(1, sign=-1)[0], corrects="DE-ABC-2026-00007 CDR-1", net=Decimal("-7.50"))
    found = read(values.invoice((*values.charges(9), back)))
    recompute(found)
    assert (found.annex[-1].net, found.annex[-1].kwh) == (Decimal("-7.50"), Decimal("-5.000"))


def test_late_charges_carry_their_day_of_delivery() -> None:
    found = read(CASES["late"])
    assert [charge.note for charge in found.annex[:2]] == ["Earlier month: delivered on 1 Oct 2026", ""]


def test_document_half_up_prints_four_decimals_and_names_the_rest() -> None:
    invoice = CASES["document-half-up"]
    found = read(invoice)
    assert invoice.rounding is Rounding.DOCUMENT_HALF_UP
    assert found.rounding == invoice.remainder != 0
    assert {-one.net.as_tuple().exponent for one in found.annex} == {4}  # type: ignore[operator]
    assert read(CASES["direct"]).rounding is None


def test_gaps_are_shown_not_left_blank() -> None:
    text = read(CASES["gaps"]).text
    assert text.count("▲ USt-IdNr. fehlt: in evclear.toml ergänzen") == 2
    assert "IBAN ▲ IBAN fehlt: in evclear.toml ergänzen" in text
    assert "▲ fehlt: in evclear.toml ergänzen" in text


def test_a_vat_id_that_nothing_prints_is_no_gap_unless_announced() -> None:
    without = replace(values.EMSP, vat_id=None)
    assert "USt-IdNr.: keine angegeben" in read(values.invoice(buyer=without)).text
    announced = replace(without, gaps=(Gap(7, "FILL IN", "vat_id"),))
    assert "▲ USt-IdNr. fehlt" in read(values.invoice(buyer=announced)).text


def test_a_missing_vat_rule_is_shown() -> None:
    found = read(values.vat_missing())
    assert "▲ Keine Umsatzsteuerregel passt: in evclear.toml ergänzen" in found.text
    assert found.text.count("▲ Keine") == 3
    assert (found.net, found.vat, found.gross) == (Decimal("161.16"), None, None)
    assert {line.vat for line in found.lines} == {"fehlt"}
    assert "191,78" not in found.text


def test_markup_in_a_name_is_printed_and_not_obeyed() -> None:
    assert '<b>Volt</b> & "Söhne" <img src="file:///etc/passwd"/>' in read(CASES["markup"]).text.splitlines()[0]


def test_what_cannot_be_drawn_is_visible() -> None:
    found = read(values.invoice(seller=replace(values.CPO, name="Volt\x00\ud800\n GmbH\u202e")))
    assert found.seller.splitlines()[0] == "Volt\ufffd\ufffd GmbH\ufffd"


@pytest.mark.parametrize("letter", ["i", "W", "W "])
def test_names_beyond_measure_are_cut_visibly_and_break_nothing(letter: str) -> None:
    monster = letter * 6000
    annex = (replace(values.SHORT_MONTH[0], site=monster, evse=monster, cdr_id=monster), *values.SHORT_MONTH[1:])
    huge = replace(values.CPO, name=monster, address=(monster, monster), email=monster)
    rule = replace(values.REVERSE, sentence=monster)
    pages = reading.cells(invoice_pdf(values.invoice(annex, seller=huge, treatment=lambda _: rule)))
    assert any(cell.text.endswith("…") for cell in pages[0])
    assert [cell.text for cell in pages[-1] if cell.text.endswith("161,16")] == ["161,16", "161,16"]
    assert all(50 < cell.left <= cell.right < 556 for page in pages for cell in page)


def test_figures_stand_below_each_other() -> None:
    pages = reading.cells(invoice_pdf(CASES["direct"]))
    nets = [cell for cell in pages[1] if cell.right > 545 and 600 < cell.base < 720]
    assert len(nets) > 9
    assert max(cell.right for cell in nets) - min(cell.right for cell in nets) < 1


@pytest.mark.parametrize(("language", "title"), [("de", "Rechnung"), ("de-AT", "Rechnung"), ("fr", "Invoice")])
def test_any_other_language_is_english(language: str, title: str) -> None:
    assert f"{title} DE-ABC-2026-00042" in read(values.invoice(language=language)).text


def test_what_the_file_says_about_itself() -> None:
    pdf = pypdf.PdfReader(io.BytesIO(invoice_pdf(CASES["direct"])))
    assert pdf.metadata is not None
    assert (pdf.metadata.title, pdf.metadata.author) == ("Rechnung DE-ABC-2026-00042", "Stadtwerke Musterstadt GmbH")
    assert pdf.metadata.subject == "Ladevorgänge Oktober 2026 · CPO DE*ABC · e-MSP NL*XYZ"
    assert pdf.trailer["/Root"]["/Lang"] == "de"  # type: ignore[index]


def test_a_second_reader_reads_the_same() -> None:
    """One more library, as our own reader might share an error with what it reads."""
    pdf = pypdf.PdfReader(io.BytesIO(invoice_pdf(CASES["direct"])))
    annex = pdf.pages[1].extract_text()
    rows = [line.split() for line in annex.splitlines() if line[:1].isdigit() and "DE*ABC*E" in line]
    assert sum(Decimal(row[-1].replace(",", ".")) for row in rows) == CASES["direct"].net.decimal
    assert "Netto des Belegs 161,16" in annex


def test_dates_are_those_of_the_document_not_of_the_day() -> None:
    later = replace(CASES["direct"], issue_date=date(2027, 2, 28))
    assert read(later).issued == date(2027, 2, 28)
