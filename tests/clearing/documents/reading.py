"""Read documents back from their PDFs, as a stranger would: from the text and where it stands on the page.

It knows nothing of the code that draws: its own labels, its own idea of a date and an amount, another library. `cells`
returns every piece of text with its place, `read_invoice` and `read_statement` what a finance person reads there.
"""

import ctypes
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

import pypdfium2
import pypdfium2.raw as pdfium

TOP, BOTTOM, FIRST_TOP = 771, 88, 618
"""Between these heights, in points, a page has its content: above is the letter head or running title."""

KINDS = {
    "Rechnung": "invoice", "Gutschrift": "self-billed-invoice", "Rechnungskorrektur": "credit-note",
    "Korrektur einer Gutschrift": "self-billed-credit-note", "Invoice": "invoice", "Credit note": "credit-note",
    "Self-billed invoice": "self-billed-invoice", "Self-billed credit note": "self-billed-credit-note",
}  # fmt: skip
MARKS = {"ENTWURF": "draft", "DRAFT": "draft", "KONTROLLEXEMPLAR": "control-copy", "CONTROL COPY": "control-copy"}
ACROSS = {name.replace(" ", ""): mark for name, mark in MARKS.items()}
"""Marks as they are read letter by letter, where they run across the page."""
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_WORDS = {
    "de": {
        "site": "Standort", "sum": "Summe", "vat": "Umsatzsteuer nach Satz", "net": "Summe netto",
        "vat total": "Umsatzsteuer", "gross": "Gesamtbetrag brutto", "payment": "Zahlung", "no": "Nr.",
        "seller": "Leistender Unternehmer", "vat id": "USt-IdNr.:", "carry": "Übertrag", "over": "Übertrag von Seite",
        "annex sum": "Summe der Ladevorgänge", "rounding": "Rundung auf den Belegbetrag",
        "annex net": "Netto des Belegs", "due": "Fällig am", "issued": "Ausstellungsdatum", "number": "Nummer",
        "settled": r"Ausgeglichen in Verrechnungsaufstellung (.+): nicht gesondert zahlen", "payee": "Empfänger",
        "page": r"Seite (\d+) von (\d+)", "document": "Beleg", "to pay": "Zu zahlen", "position": "Verrechnung",
        "purpose": "Verwendungszweck", "amount": "Betrag", "nothing": "Nichts zu zahlen",
    },
    "en": {
        "site": "Site", "sum": "Total", "vat": "VAT by rate", "net": "Total net", "vat total": "VAT",
        "gross": "Total gross", "payment": "Payment", "no": "No.", "seller": "Supplier", "vat id": "VAT id:",
        "carry": "Carried forward", "over": "Carried over from page", "annex sum": "Sum of the charges",
        "rounding": "Rounding to the document amount", "annex net": "Net of the document", "due": "Due date",
        "issued": "Issue date", "number": "Number", "payee": "Payee",
        "settled": r"Settled in statement (.+): do not pay separately", "page": r"Page (\d+) of (\d+)",
        "document": "Document", "to pay": "To pay", "position": "Set-off", "purpose": "Payment reference",
        "amount": "Amount", "nothing": "Nothing to pay",
    },
}  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """A piece of text on a page: from `left` to `right`, standing on `base` (points from the bottom)."""

    text: str
    left: float
    right: float
    base: float
    size: float


@dataclass(frozen=True)
class ReadCharge:
    """One row of the annex."""

    number: int
    cdr_id: str
    evse: str
    site: str
    ended: datetime
    kwh: Decimal
    net: Decimal
    note: str
    page: int


@dataclass(frozen=True)
class ReadLine:
    """One row of the table by site."""

    site: str
    place: str
    charges: int
    kwh: Decimal
    vat: str
    net: Decimal


@dataclass
class ReadInvoice:
    """What a person reads on a tax document. Amounts are as printed: those of a credit note are positive."""

    language: str
    kind: str = ""
    number: str | None = None
    marks: list[str | None] = field(default_factory=list)
    """Per page: what it says it is not, across the page."""
    pages: list[tuple[int, int]] = field(default_factory=list)
    particulars: dict[str, str] = field(default_factory=dict)
    recipient: str = ""
    seller: str = ""
    buyer: str = ""
    lines: list[ReadLine] = field(default_factory=list)
    vat_by_category: list[tuple[str, Decimal, Decimal, Decimal]] = field(default_factory=list)
    """Name, percent, net and VAT."""
    net: Decimal | None = None
    vat: Decimal | None = None
    gross: Decimal | None = None
    currency: str = ""
    annex: list[ReadCharge] = field(default_factory=list)
    carried: list[tuple[int, str, Decimal]] = field(default_factory=list)
    """Page, "carry" or "over", and the sum."""
    annex_sum: Decimal | None = None
    rounding: Decimal | None = None
    annex_net: Decimal | None = None
    payment: dict[str, str] = field(default_factory=dict)
    statement: str | None = None
    text: str = ""
    """All text of all pages."""

    @property
    def due(self) -> date:
        """The due date."""
        return day(self.particulars[_WORDS[self.language]["due"]], self.language)

    @property
    def issued(self) -> date:
        """The issue date."""
        return day(self.particulars[_WORDS[self.language]["issued"]], self.language)

    @property
    def iban(self) -> str | None:
        """The IBAN of the payment block, without spaces."""
        return self.payment["IBAN"].replace(" ", "") if "IBAN" in self.payment else None

    @property
    def vat_ids(self) -> list[str]:
        """The VAT ids of seller and buyer."""
        pattern = re.escape(_WORDS[self.language]["vat id"]) + r" (\S+)"
        return re.findall(pattern, f"{self.seller}\n{self.buyer}")

    def paid(self, label: str) -> str:
        """Return an entry of the payment block: payee, amount, due, purpose."""
        return self.payment[_WORDS[self.language][label]]


@dataclass
class ReadStatement:
    """What a person reads on a settlement statement."""

    language: str
    documents: list[tuple[str, str, date, Decimal]] = field(default_factory=list)
    """Document, who owes whom, due date, gross."""
    position: list[tuple[str, Decimal]] = field(default_factory=list)
    to_pay: Decimal | None = None
    payment: dict[str, str] = field(default_factory=dict)
    marks: list[str | None] = field(default_factory=list)
    pages: list[tuple[int, int]] = field(default_factory=list)
    text: str = ""

    @property
    def iban(self) -> str | None:
        """The IBAN of the payment block, without spaces."""
        return self.payment["IBAN"].replace(" ", "") if "IBAN" in self.payment else None

    def paid(self, label: str) -> str:
        """Return an entry of the payment block: payee, amount, due, purpose."""
        return self.payment[_WORDS[self.language][label]]


def squeezed(text: str) -> str:
    """Return a text without any white space: a name compares equal wherever its lines were cut."""
    return "".join(text.split())


def amount(text: str, language: str) -> Decimal:
    """Read `1.234,50 EUR` (de) or `1,234.50 EUR` (en)."""
    figure = re.match(r"-?[\d.,]+", text)
    assert figure, f"{text!r} is no amount"
    thousands, comma = (".", ",") if language == "de" else (",", ".")
    return Decimal(figure[0].replace(thousands, "").replace(comma, "."))


def day(text: str, language: str) -> date:
    """Read `31.10.2026` (de) or `31 Oct 2026` (en)."""
    if language == "de":
        number, month, year = text.split(".")
        return date(int(year), int(month), int(number))
    number, name, year = text.split()
    return date(int(year), _MONTHS.index(name) + 1, int(number))


def cells(pdf: bytes) -> list[list[Cell]]:
    """Return the texts of each page, in the order they were drawn."""
    document = pypdfium2.PdfDocument(pdf)
    found = []
    for page in document:
        text = page.get_textpage()  # Kept by name: its memory is freed with it.
        found.append(list(_cells_of(text.raw)))
        text.close()
        page.close()
    document.close()
    return found


def _cells_of(page: object) -> Iterator[Cell]:
    x, y = ctypes.c_double(), ctypes.c_double()
    box = [ctypes.c_double() for _ in range(4)]
    text, left, base, last, size = "", 0.0, 0.0, (0, 0.0), 0.0
    for index in range(pdfium.FPDFText_CountChars(page)):
        generated = pdfium.FPDFText_IsGenerated(page, index)
        pdfium.FPDFText_GetCharOrigin(page, index, x, y)
        jump = text and (abs(y.value - base) > 1 or x.value - last[1] > 2 * size or x.value < last[1] - 1)
        if text and (generated or jump):
            pdfium.FPDFText_GetCharBox(page, last[0], *box)
            if text.strip():
                yield Cell(text.strip().replace("\xa0", " "), left, box[1].value, base, size)
            text = ""
        if generated:
            continue
        if not text:
            left, base, size = x.value, y.value, pdfium.FPDFText_GetFontSize(page, index)
        text += chr(pdfium.FPDFText_GetUnicode(page, index))
        last = (index, x.value)
    if text.strip():
        pdfium.FPDFText_GetCharBox(page, last[0], *box)
        yield Cell(text.strip().replace("\xa0", " "), left, box[1].value, base, size)


def rows(page: Iterable[Cell]) -> list[list[Cell]]:
    """Return cells that stand on one line together, from the top of the page, each line from left to right."""
    lines: list[list[Cell]] = []
    for cell in sorted(page, key=lambda one: -one.base):
        if lines and lines[-1][0].base - cell.base < 2.5:
            lines[-1].append(cell)
        else:
            lines.append([cell])
    return [sorted(line, key=lambda one: one.left) for line in lines]


def language_of(pages: list[list[Cell]]) -> str:
    """Return the language of a document, by its page numbers."""
    return "de" if any(cell.text.startswith("Seite 1 von") for cell in pages[0]) else "en"


def _content(pages: list[list[Cell]]) -> Iterator[tuple[int, list[Cell]]]:
    for number, page in enumerate(pages, 1):
        top = FIRST_TOP if number == 1 else TOP
        for row in rows(cell for cell in page if BOTTOM < cell.base < top and cell.size < 40):
            yield number, row


def _furniture(pages: list[list[Cell]], language: str) -> tuple[list[str | None], list[tuple[int, int]]]:
    marks, numbers = [], []
    for page in pages:
        across = "".join(cell.text for cell in page if cell.size >= 40).replace(" ", "")
        marks.append(ACROSS[across] if across else None)
        found = [re.fullmatch(_WORDS[language]["page"], cell.text) for cell in page if cell.base < BOTTOM]
        numbers += [(int(match[1]), int(match[2])) for match in found if match]
    return marks, numbers


def _text(pages: list[list[Cell]]) -> str:
    return "\n".join(" ".join(cell.text for cell in row) for page in pages for row in rows(page))


def read_invoice(pdf: bytes) -> ReadInvoice:
    """Read a tax document."""
    pages = cells(pdf)
    read = ReadInvoice(language_of(pages), text=_text(pages))
    read.marks, read.pages = _furniture(pages, read.language)
    _read_head(read, pages[0])
    content = list(_content(pages))
    _read_title(read, content[0][1][0].text)
    _read_parties(read, [row for _, row in content])
    _InvoiceBody(read).read(content)
    return read


def _read_head(read: ReadInvoice, page: list[Cell]) -> None:
    head = [cell for cell in page if FIRST_TOP < cell.base and cell.size < 40]
    read.recipient = "\n".join(cell.text for cell in head if cell.left < 300 and 630 < cell.base < 716)
    label = ""
    for row in rows(cell for cell in head if cell.left > 300 and cell.base < 770):
        if row[0].left < 400:
            label = row[0].text
        value = " ".join(cell.text for cell in row if cell.left > 400)
        read.particulars[label] = f"{read.particulars.get(label, '')} {value}".strip()


def _read_title(read: ReadInvoice, title: str) -> None:
    kind = next(name for name in sorted(KINDS, key=len, reverse=True) if title.startswith(name))
    rest = title.removeprefix(kind).strip()
    read.kind, read.number = KINDS[kind], None if rest in MARKS else rest


def _read_parties(read: ReadInvoice, content: list[list[Cell]]) -> None:
    words = _WORDS[read.language]
    start = next(n for n, row in enumerate(content) if row[0].text.startswith(words["seller"]))
    middle = content[start][1].left - 5
    sides: tuple[list[str], list[str]] = [], []
    for row in content[start:]:
        if row[0].text == words["site"]:
            break
        for cell in row:
            sides[cell.left > middle].append(cell.text)
    read.seller, read.buyer = ("\n".join(side[1:]) for side in sides)


class _InvoiceBody:
    """Walks the lines of the content; `table` is the one that the line at hand belongs to."""

    def __init__(self, read: ReadInvoice) -> None:
        self.read_into = read
        self.words = _WORDS[read.language]
        self.table = ""
        self.header: list[Cell] = []
        self.row: dict[str, list[str]] = {}

    def read(self, content: list[tuple[int, list[Cell]]]) -> None:
        """Read every line."""
        starts = {self.words[key]: key for key in ("site", "vat", "payment", "no")}
        for page, line in content:
            if line[0].text in starts and (line[0].text != self.words["payment"] or len(line) == 1):
                self.table, self.header = starts[line[0].text], line
                continue
            step = {"site": self._site, "vat": self._vat, "payment": self._payment, "no": self._annex}.get(self.table)
            if step:
                step(page, line)
        settled = re.search(self.words["settled"], self.read_into.text.replace("\n", " "))
        self.read_into.statement = settled[1] if settled else None

    def amount(self, text: str) -> Decimal:
        return amount(text, self.read_into.language)

    def _columns(self, line: list[Cell], words: int) -> dict[int, str]:
        """Return the cells by the column of the header they stand in: words by their left edge, figures by right."""
        found: dict[int, str] = {}
        for cell in line:
            for number, title in enumerate(self.header):
                close = abs(cell.left - title.left) < 3 if number < words else abs(cell.right - title.right) < 3
                if close:
                    found[number] = cell.text
        return found

    def _site(self, page: int, line: list[Cell]) -> None:
        found, lines = self._columns(line, 2), self.read_into.lines
        if found.get(0) == self.words["sum"] and 4 not in found:
            self.table = ""
        elif 5 in found:
            kwh, net = self.amount(found[3]), self.amount(found[5])
            lines.append(ReadLine(found.get(0, ""), found.get(1, ""), int(found[2]), kwh, found[4], net))
        elif lines:  # A name in more than one line goes on.
            last = lines.pop()
            site, place = (f"{name} {found.get(n, '')}".strip() for n, name in enumerate((last.site, last.place)))
            lines.append(ReadLine(site, place, last.charges, last.kwh, last.vat, last.net))

    def _vat(self, page: int, line: list[Cell]) -> None:
        read, label = self.read_into, line[0].text
        totals = {self.words["net"]: "net", self.words["vat total"]: "vat", self.words["gross"]: "gross"}
        if label in totals and len(line) == 2:
            if line[1].text[-1].isupper():
                setattr(read, totals[label], self.amount(line[1].text))
                read.currency = line[1].text[-3:]
            self.table = "" if totals[label] == "gross" else self.table
        elif len(line) == 3 and (percent := re.search(r"([\d.,]+) ?%", label)):
            name, rate = label[: percent.start()].strip(), self.amount(percent[1])
            read.vat_by_category.append((name, rate, self.amount(line[1].text), self.amount(line[2].text)))

    def _payment(self, page: int, line: list[Cell]) -> None:
        read_payment(self.read_into.payment, line)

    def _annex(self, page: int, line: list[Cell]) -> None:
        read, label, last = self.read_into, line[0].text, line[-1].text
        ends = {self.words["annex sum"]: "annex_sum", self.words["rounding"]: "rounding"}
        ends[self.words["annex net"]] = "annex_net"
        if label in ends:
            setattr(read, ends[label], self.amount(last))
        elif label.startswith(self.words["over"]) and len(line) == 2:
            read.carried.append((page, "over", self.amount(last)))
        elif label == self.words["carry"] and len(line) == 2:
            read.carried.append((page, "carry", self.amount(last)))
        elif abs(line[0].left - self.header[0].left) < 3:
            self._charge(page, line)
        else:
            self._more_of_charge(line)

    def _charge(self, page: int, line: list[Cell]) -> None:
        found = self._columns(line, 5)
        moment, clock = found[4].rsplit(" ", 1)
        ended = datetime.combine(day(moment, self.read_into.language), datetime.strptime(clock, "%H:%M").time())  # noqa: DTZ007
        words = [found.get(column, "") for column in (1, 2, 3)]
        kwh, net = self.amount(found[5]), self.amount(found[6])
        self.read_into.annex.append(ReadCharge(int(found[0]), *words, ended, kwh, net, "", page))

    def _more_of_charge(self, line: list[Cell]) -> None:
        last = self.read_into.annex.pop()
        note, words = last.note, [last.cdr_id, last.evse, last.site]
        if note or line[0].text.startswith("↳"):
            note = f"{note}{' '.join(cell.text for cell in line).removeprefix('↳ ')}"
        else:
            found = self._columns(line, 5)
            words = [word + found.get(column, "") for column, word in enumerate(words, 1)]
        self.read_into.annex.append(ReadCharge(last.number, *words, last.ended, last.kwh, last.net, note, last.page))


def read_payment(payment: dict[str, str], line: list[Cell]) -> None:
    """Read one line of a payment block: a label with its value, or more of the value before; right of it is the QR."""
    line = [cell for cell in line if cell.left < 440]
    if len(line) == 2 and line[0].left < 100:
        payment[line[0].text] = line[1].text
    elif len(line) == 1 and line[0].left > 150 and payment:
        label = list(payment)[-1]
        payment[label] = f"{payment[label]} {line[0].text}"


def read_statement(pdf: bytes) -> ReadStatement:
    """Read a settlement statement."""
    pages = cells(pdf)
    read = ReadStatement(language_of(pages), text=_text(pages))
    read.marks, read.pages = _furniture(pages, read.language)
    words = _WORDS[read.language]
    table = ""
    for _, line in _content(pages):
        label = line[0].text
        if label in (words["document"], words["position"]) and len(line) > 1:
            table = label
        elif label == words["payment"] and len(line) == 1:
            table = label
        elif table == words["document"] and len(line) == 5:
            gross = amount(line[4].text, read.language)
            read.documents.append((label, line[2].text, day(line[3].text, read.language), gross))
        elif table == words["document"] and read.documents:
            document, owes, due, gross = read.documents.pop()
            read.documents.append((document, f"{owes} {' '.join(cell.text for cell in line)}", due, gross))
        elif table == words["position"] and label == words["to pay"]:
            read.to_pay, table = amount(line[1].text, read.language), ""
        elif table == words["position"] and len(line) == 2:
            read.position.append((label, amount(line[1].text, read.language)))
        elif table == words["payment"]:
            read_payment(read.payment, line)
    return read
