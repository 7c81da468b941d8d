"""A drawn tariff is read back: its words and figures, that none lie upon each other, and that its bytes are stable."""

import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pdfplumber
import pytest

from clearing.documents.picture_labels import LABELS, PictureWording
from clearing.documents.tariff_picture import tariff_pdf, tariff_svg
from clearing.documents.wording import wording
from tariffs import Tariff
from tariffs.ocpi import decode, encode, read_tariff
from tariffs.picture import TariffPicture, picture_of
from tariffs.tariff import Taxes

FIXTURES = Path(__file__).resolve().parents[3] / "fixtures"
OUTSIDE = FIXTURES.parents[1] / "shared"
SVG = "{http://www.w3.org/2000/svg}"


def picture(*elements: dict[str, Any], version: str = "2.2.1", **more: Any) -> TariffPicture:
    head = {"country_code": "DE", "party_id": "EVC", "id": "T", "currency": "EUR"}
    obj = {**head, "elements": list(elements), "last_updated": "2026-01-07T00:00:00Z", **more}
    read = read_tariff(decode(encode(obj)), version=version).tariff
    assert read is not None
    return picture_of(read, version=version)


def element(restrictions: dict[str, Any] | None = None, step: int = 1, vat: int | None = None, **prices: str) -> Any:
    made = [{"type": kind, "price": Decimal(amount), "step_size": step} for kind, amount in prices.items()]
    components = [component if vat is None else {**component, "vat": vat} for component in made]
    return {"price_components": components, **({"restrictions": restrictions} if restrictions else {})}


def pages(content: bytes) -> list[Any]:
    return list(pdfplumber.open(io.BytesIO(content)).pages)


def lines(content: bytes) -> list[str]:
    return [line for page in pages(content) for line in (page.extract_text() or "").splitlines()]


BUSY = (
    element({"start_time": "22:00", "end_time": "06:00"}, 500, 19, ENERGY="0.29", FLAT="0.50"),
    element({"min_power": 50, "day_of_week": ["SATURDAY", "SUNDAY", "FRIDAY"]}, 1, 19, ENERGY="0.69"),
    element({"min_duration": 7200, "max_kwh": 300}, 60, 7, PARKING_TIME="6.00"),
    element({"min_current": 32, "max_current": 63}, 900, 7, TIME="1.25"),
    element({"reservation": "RESERVATION"}, 600, 19, TIME="3.00"),
    element(None, 1, 19, ENERGY="0.49"),
)


def test_the_week_in_words_and_figures() -> None:
    drawn = picture(
        element({"start_time": "08:00", "end_time": "20:30"}, ENERGY="0.49", vat=19), element(ENERGY="0.39")
    )
    text = lines(tariff_pdf([drawn], "en"))
    assert text[:5] == [
        "Tariff T",
        "CPO DE*EVC · Prices in EUR · valid without limit of time",
        "prices exclude VAT; VAT 19%",
        "Prices over the week",
        "Every week, local time",
    ]
    assert "Energy (ENERGY), EUR per kWh" in text
    assert "every day 0.39 0.49 0.39" in text
    german = lines(tariff_pdf([drawn], "de-AT"))
    assert german[0] == "Tarif T"
    assert "jeden Tag 0,39 0,49 0,39" in german
    assert "Preise ohne USt; USt 19 %" in german


def test_the_charge_in_words_and_figures() -> None:
    drawn = picture(*BUSY, min_price={"excl_vat": 1}, max_price={"excl_vat": 45}, type="REGULAR")
    text = "\n".join(lines(tariff_pdf([drawn], "en")))
    for words in (
        "Cost over a charge",
        "60 kWh at a steady power",
        "EUR excl. VAT",
        "hours since the start",
        "11 kW, 16 A: full after 5:27 h for",
        "min_price 1.00",
        "max_price 45.00",
        "Steps (step_size): ENERGY 500 Wh, TIME 600 s, TIME 900 s, PARKING_TIME 60 s",
        "1 ENERGY 0.29/kWh (VAT 19%, step 500 Wh); FLAT 0.50 (VAT 19%)",
        "22:00–06:00",
        "Fri–Sun",
        "< 300 kWh; t ≥ 2 h",
        "≥ 32 < 63 A",
        "RESERVATION",
        "Prices for reservations stand in the list of elements only.",
    ):
        assert words in text, words


def test_several_cases_of_a_dimension_say_when_they_hold() -> None:
    steps = [element({"max_kwh": n * 10, "max_duration": n * 600}, ENERGY=f"0.{n}5") for n in range(1, 5)]
    content = tariff_pdf([picture(*steps, element(ENERGY="0.99"))], "en")
    assert "; more cases: " in "\n".join(lines(content))
    assert len(pages(content)) == 2
    many = [element({"max_kwh": n}, ENERGY=f"0.{n:02}") for n in range(1, 40)]
    content = tariff_pdf([picture(*many, element(ENERGY="0.99"))], "de")
    assert len(pages(content)) == 4
    assert "Weitere 16 Fälle sind nicht gezeichnet." in "\n".join(lines(content))


def test_dates_limits_and_validity_are_told() -> None:
    drawn = picture(
        element({"start_date": "2026-03-05", "end_date": "2026-03-06"}, ENERGY="0.10"),
        element({"start_date": "2026-05-05"}, ENERGY="0.20"),
        element({"end_date": "2027-01-01", "start_time": "10:00:30"}, ENERGY="0.30"),
        element({"booking": "X"}, FLAT="3"),
        start_date_time="2026-01-01T00:00:00Z",
        end_date_time="2027-01-01T00:00:00Z",
        max_price={"excl_vat": 500},
    )
    text = "\n".join(lines(tariff_pdf([drawn], "en")))
    for words in (
        "valid 1 Jan 2026 00:00 UTC – 1 Jan 2027 00:00 UTC",
        "Week of 2 Mar 2026, local time of Europe/Berlin",
        "Elements with dates outside this week are not seen here.",
        "| 5 Mar 2026",
        "5 May 2026 – …",
        "10:00:30–24:00; … – 31 Dec 2026",
        "booking: not priced by OCPI's rules",
        "max_price 500.00: outside the picture",
    ):
        assert words in text, words
    for bound, words in (("start_date_time", "valid from 1 Jan 2026"), ("end_date_time", "valid until 1 Jan 2026")):
        drawn = picture(element(TIME="1"), **{bound: "2026-01-01T00:00:00Z"})
        assert words in "\n".join(lines(tariff_pdf([drawn], "en")))


TAXES = [
    ("2.2.1", {}, None, "the tariff states no VAT"),
    ("2.1.1", {}, None, "OCPI 2.1.1 states none"),
    ("2.3.0", {"tax_included": "NO"}, None, "prices exclude taxes, which the tariff does not state"),
    ("2.3.0", {"tax_included": "YES"}, None, "prices include taxes at rates that the tariff does not state"),
    ("2.3.0", {"tax_included": "YES"}, 10, "prices include VAT 10%"),
    ("2.3.0", {"tax_included": "N/A"}, None, "no taxes apply"),
]


@pytest.mark.parametrize(("version", "more", "vat", "words"), TAXES)
def test_what_is_said_about_taxes(version: str, more: dict[str, Any], vat: int | None, words: str) -> None:
    text = "\n".join(lines(tariff_pdf([picture(element(vat=vat, TIME="2.10"), version=version, **more)], "en")))
    assert words in text
    assert ("EUR incl. taxes" if more.get("tax_included") == "YES" else "EUR excl. VAT") in text


def test_what_cannot_be_drawn_is_said() -> None:
    text = "\n".join(lines(tariff_pdf([picture_of(Tariff("", "EUR", ()))], "en")))
    for words in ("Tariff without an id", "no prices for charging", "No price can be made for these charges."):
        assert words in text
    text = "\n".join(lines(tariff_pdf([picture(element({"reservation": "RESERVATION"}, TIME="1"))], "en")))
    assert "at the start none" in text


def _tariffs() -> Iterator[Any]:
    for path in sorted(FIXTURES.glob("tariffs/*/tariff.json")):
        yield pytest.param(path, id=path.parent.name)
    outside = OUTSIDE / "conformance" / "tariffs"
    if not outside.exists():
        yield pytest.param(
            None, id="missing", marks=pytest.mark.skip(reason="no conformance cases beside this checkout")
        )
    for name in ("rust-codeberg-issue-228", "spec221-04-complex-monday", "spec221-max-power", "py211-gireve-cdr"):
        if outside.exists():
            yield pytest.param(outside / name / "tariff.json", id=name)


@pytest.mark.parametrize("path", list(_tariffs()))
@pytest.mark.parametrize("language", ["de", "en"])
def test_no_words_lie_upon_each_other_or_leave_the_page(path: Path, language: str) -> None:
    obj = decode(path.read_bytes())
    version = "2.1.1" if "211" in str(path) else "2.3.0" if "230" in str(path) else "2.2.1"
    read = read_tariff(obj, version=version).tariff
    assert read is not None
    _check(tariff_pdf([picture_of(read, version=version)], language))


@pytest.mark.parametrize("language", ["de", "en"])
def test_busy_tariffs_are_readable_as_well(language: str) -> None:
    many = [
        element({"max_duration": n * 600, "max_kwh": n}, ENERGY=f"0.{n:04}", FLAT="1", vat=19) for n in range(1, 99)
    ]
    _check(tariff_pdf([picture(*many, element(ENERGY="0.99"), id="x" * 200)], language))
    quarters = [
        element({"start_time": f"{n // 4:02}:{n % 4 * 15:02}", "end_time": f"{(n + 1) // 4:02}:{(n + 1) % 4 * 15:02}"},
                ENERGY=f"0.{n + 100}") for n in range(95)
    ]  # fmt: skip
    _check(tariff_pdf([picture(*BUSY), picture(*quarters, currency="JPY")], language))


def _check(content: bytes) -> None:
    for page in pages(content):
        words = page.extract_words(keep_blank_chars=False, use_text_flow=False)
        assert words
        for word in words:
            assert 30 < word["x0"] < word["x1"] < page.width - 30, word["text"]
            assert 20 < word["top"] < word["bottom"] < page.height - 10, word["text"]
            assert word["bottom"] - word["top"] >= 4.9, word["text"]
        for number, one in enumerate(words):
            for other in words[number + 1 :]:
                across = min(one["x1"], other["x1"]) - max(one["x0"], other["x0"])
                down = min(one["bottom"], other["bottom"]) - max(one["top"], other["top"])
                assert across < 1 or down < 2, (one["text"], other["text"])


def test_the_same_tariff_gives_the_same_bytes() -> None:
    drawn = picture(*BUSY)
    assert tariff_pdf([drawn], "en") == tariff_pdf([picture(*BUSY)], "en")
    assert tariff_svg(drawn, "en") == tariff_svg(picture(*BUSY), "en")
    assert b"CreationDate (D:2000" in tariff_pdf([drawn], "en"), "no clock in it"


def test_an_svg_says_the_same_as_the_pages() -> None:
    drawn = picture(*BUSY, id="A <b> & c")
    root = ET.fromstring(tariff_svg(drawn, "de"))  # noqa: S314  our own file
    texts = [node.text or "" for node in root.iter(f"{SVG}text")]
    assert texts[0] == "Tarif A <b> & c"
    assert [node.text for node in root.iter(f"{SVG}title")] == ["Tarif A <b> & c"]
    joined = re.sub(r"\s", "", "".join(texts))
    for line in lines(tariff_pdf([drawn], "de")):
        for word in line.split():
            assert word in joined, word
    styles = {node.get("style") or "" for node in root.iter(f"{SVG}text")}
    assert all("'DejaVu Sans Condensed'" in style for style in styles)
    dashes = {
        node.get("style") for node in root.iter(f"{SVG}polyline") if "stroke-dasharray" in (node.get("style") or "")
    }
    assert len(dashes) >= 2, "lines are told apart without colour"


def test_every_label_is_there_in_both_languages() -> None:
    for key, (german, english) in LABELS.items():
        assert re.findall(r"\{\w+\}", german).sort() == re.findall(r"\{\w+\}", english).sort(), key
    assert {taxes for taxes in Taxes} <= set(LABELS)


@pytest.mark.parametrize(
    ("days", "told"),
    [
        ((0, 1, 2, 3, 4), "Mon–Fri"),
        ((5, 6), "Sat, Sun"),
        ((0, 2, 3, 4, 6), "Mon, Wed–Fri, Sun"),
        (range(7), "every day"),
    ],
)
def test_days_in_words(days: Any, told: str) -> None:
    assert PictureWording(wording("en")).days(days) == told


@pytest.mark.parametrize(
    ("seconds", "told"), [("7200", "2 h"), ("5400", "90 min"), ("45", "45 s"), ("0", "0 s"), ("0.5", "0.5 s")]
)
def test_durations_in_words(seconds: str, told: str) -> None:
    assert PictureWording(wording("en")).duration(Decimal(seconds)) == told
