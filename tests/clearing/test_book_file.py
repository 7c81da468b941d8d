"""evclear.toml: what is read, every problem at its line with its remedy, and what is only a gap."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from clearing.book_file import parse_terms, read_terms
from clearing.errors import Refused
from clearing.parties import FILL_IN, Billing, OtherSide, PriceBasis, Role, Rounding, Tolerance

BOOK = """\
[book]
as = "cpo"
issues_for = ["DE*ABC"]

[[company]]
name = "Stadtwerke # Musterstadt GmbH"
ids = ["DE*ABC", "DE-ABD"]
roles = ["cpo", "emsp"]
country = "DE"
address = ["Musterweg 1", "10115 Berlin"]
vat_id = "DE 136695976"
iban = "DE89 3704 0044 0532 0130 00"
bic = "COBADEFFXXX"
email = "abrechnung@example.com"

[[company]]
name = "Laadpas BV"
ids = ["NL*XYZ"]
roles = ["emsp"]
country = "NL"
address = ["Kade 1", "Amsterdam"]

[[agreement]]
cpo = "DE*ABC"
emsp = "NL*XYZ"
valid_from = 2026-01-01
time_zone = "Europe/Berlin"
currency = "EUR"

[[location]]
cpo = "DE*ABC"
id = "LOC1"
time_zone = "Atlantic/Canary"

[[vat_rule]]
from = 2021-01-01
seller = "DE"
buyer = "DE"
category = "S"
percent = "19"
"""
AGREEMENT = """
[[agreement]]
cpo = "DE*ABC"
emsp = "NL*XYZ"
valid_from = 2026-06-01
time_zone = "Europe/Berlin"
currency = "EUR"
"""


def changed(old: str, new: str) -> str:
    assert BOOK.count(old) >= 1, old
    return BOOK.replace(old, new, 1)


def problems(text: str) -> list[str]:
    with pytest.raises(Refused) as refused:
        parse_terms(text, "evclear.toml")
    return str(refused.value).splitlines()


def test_companies_are_read() -> None:
    stadtwerke, laadpas = parse_terms(BOOK, "evclear.toml").companies
    assert stadtwerke.name == "Stadtwerke # Musterstadt GmbH"
    assert stadtwerke.ids == ("DE*ABC", "DE*ABD")
    assert stadtwerke.roles == {Role.CPO, Role.EMSP}
    assert (stadtwerke.vat_id, stadtwerke.iban) == ("DE136695976", "DE89370400440532013000")
    assert (stadtwerke.line, laadpas.line) == (5, 16)
    assert laadpas.resells is True
    assert laadpas.number_format == "{party}-{kind}{year}-{n:05}"
    assert laadpas.dealer_certificate is None


def test_keys_that_are_missing_have_the_value_of_the_contract() -> None:
    (agreement,) = parse_terms(BOOK, "evclear.toml").agreements
    assert agreement.billing is Billing.DIRECT
    assert agreement.price_basis is PriceBasis.CLAIMED
    assert agreement.rounding is Rounding.CHARGE_HALF_UP
    assert agreement.other_side is OtherSide.REQUIRED
    assert (agreement.waiting_days, agreement.payment_days, agreement.set_off) == (3, 14, True)
    assert agreement.tolerance == Tolerance()
    assert agreement.valid_until is None
    assert agreement.late_after is None
    assert agreement.line == 23


def test_keys_that_are_given_are_read() -> None:
    text = changed(
        'currency = "EUR"\n',
        'currency = "EUR"\nvalid_until = 2027-01-01\nbilling = "self-billed"\nprice_basis = "lower"\n'
        'rounding = "document-half-up"\nother_side = "if-delivered"\nwaiting_days = 5\nset_off = false\n'
        'tolerance = { money = "0.10", time_s = 120, energy_kwh = 0.1 }\n'
        "purchase_order = 4500012345\nlate_after = 30\n",
    )
    (agreement,) = parse_terms(text, "evclear.toml").agreements
    assert agreement.valid_until == date(2027, 1, 1)
    assert agreement.billing is Billing.SELF_BILLED
    assert agreement.rounding is Rounding.DOCUMENT_HALF_UP
    assert agreement.tolerance == Tolerance(money=Decimal("0.10"), time_s=Decimal(120), energy_kwh=Decimal("0.1"))
    assert agreement.references.purchase_order == "4500012345"
    assert agreement.late_after == 30


def test_a_claim_rounding_is_read_and_without_one_nothing_is_another_version() -> None:
    without, named = parse_terms(BOOK, "evclear.toml"), changed('"EUR"', '"EUR"\nclaim_rounding = "charge-up/1"')
    (agreement,) = parse_terms(named, "evclear.toml").agreements
    assert (without.agreements[0].claim_rounding, agreement.claim_rounding) == (None, "charge-up/1")
    assert parse_terms(named, "evclear.toml").content_hash != without.content_hash
    # the hash that this book had before the key was there
    assert without.content_hash == "c79e54ef3b1d2eccdcc81e52c3421533145e30640bca20908558f7ed7584ef99"


@pytest.mark.parametrize(
    ("head", "role", "issues_for"),
    [
        pytest.param('as = "cpo"\nissues_for = ["DE*ABC"]', "cpo", {"DE*ABC"}, id="a list"),
        pytest.param('as = "cpo"\nissues_for = "all"', "cpo", None, id="all"),
        pytest.param('as = "cpo"', "cpo", {"DE*ABC", "DE*ABD"}, id="cpo: the ids of CPOs"),
        pytest.param('as = "emsp"', "emsp", {"DE*ABC", "DE*ABD", "NL*XYZ"}, id="emsp: the ids of e-MSPs"),
        pytest.param('as = "hub"', "hub", None, id="hub: all"),
        pytest.param("", "hub", None, id="nothing said"),
        pytest.param('as = "cpo"\nissues_for = "FILL IN"', "cpo", set(), id="to fill in: nobody's"),
    ],
)
def test_whose_numbers_the_book_draws(head: str, role: str, issues_for: set[str] | None) -> None:
    terms = parse_terms(changed('as = "cpo"\nissues_for = ["DE*ABC"]', head), "evclear.toml")
    assert (terms.role, terms.issues_for) == (role, issues_for)


BAD_INPUT = [
    pytest.param("[book]", "[bok]", 1, 'did you mean "book"', id="unknown table"),
    pytest.param('name = "Laadpas BV"', 'nam = "Laadpas BV"', 17, 'did you mean "name"', id="unknown key"),
    pytest.param('name = "Laadpas BV"\n', "", 16, "add for example name =", id="missing key"),
    pytest.param("[[vat_rule]]", "[vat_rule]", 35, "write two brackets", id="one bracket"),
    pytest.param('as = "cpo"', 'as = "cop"', 2, 'did you mean "cpo"', id="unknown role of the book"),
    pytest.param('["DE*ABC"]', '["DE*XXX"]', 3, "add it to a [[company]]", id="issues_for an unknown party"),
    pytest.param('["DE*ABC"]', "1", 3, "write for example issues_for =", id="issues_for a number"),
    pytest.param('ids = ["NL*XYZ"]', 'ids = "NL*XYZ"', 18, "write for example ids =", id="no list"),
    pytest.param('ids = ["NL*XYZ"]', 'ids = ["NL*XY"]', 18, "three of the party", id="no party id"),
    pytest.param('ids = ["NL*XYZ"]', 'ids = ["NL*XYZ",\n"DE*ABD"]', 19, "line 7; delete one", id="id in two companies"),
    pytest.param('roles = ["emsp"]', 'roles = ["msp"]', 19, 'did you mean "emsp"', id="unknown role"),
    pytest.param('country = "NL"', 'country = "Holland"', 20, "two capital letters", id="no country code"),
    pytest.param('country = "NL"', 'country = "UK"', 20, 'write "GB"', id="UK"),
    pytest.param('address = ["Kade 1", "Amsterdam"]', "address = []", 21, "write for example address", id="no address"),
    pytest.param("DE 136695976", "DE136695975", 11, "copy it from the partner's letter", id="VAT id check digit"),
    pytest.param("DE 136695976", "136695976", 11, "write the country's two letters", id="VAT id without country"),
    pytest.param("0130 00", "0130 01", 12, "copy it from the bank", id="IBAN check digits"),
    pytest.param("COBADEFFXXX", "COBA", 13, "or delete the line", id="BIC"),
    pytest.param("abrechnung@example.com", "abrechnung", 14, "or delete the line", id="e-mail"),
    pytest.param('bic = "', 'number_format = "{party}-{year}"\nbic = "', 13, "{n}, the running number", id="no {n}"),
    pytest.param('bic = "', 'number_format = "{part}{n}"\nbic = "', 13, "write for example {party}", id="placeholder"),
    pytest.param('bic = "', 'number_format = "{n!r}"\nbic = "', 13, "write for example {party}", id="conversion"),
    pytest.param('bic = "', 'number_format = "{n"\nbic = "', 13, "closed braces", id="open brace"),
    pytest.param('bic = "', 'resells = "yes"\nbic = "', 13, "write it without quotes", id="no flag"),
    pytest.param('bic = "', 'language = "German"\nbic = "', 13, "two small letters", id="no language"),
    pytest.param(
        'bic = "',
        'dealer_certificate = { from = 2029-01-01, until = 2026-01-01 }\nbic = "',
        13,
        "correct one of the dates",
        id="certificate ends before it begins",
    ),
    pytest.param('cpo = "DE*ABC"', 'cpo = "DE*NOP"', 24, "add it to the ids of a [[company]]", id="unknown CPO"),
    pytest.param('cpo = "DE*ABC"', 'cpo = "NL*XYZ"', 24, 'add "cpo" to its roles', id="not a CPO"),
    pytest.param("2026-01-01", '"2026-01-01"', 26, "without quotes", id="date in quotes"),
    pytest.param("2026-01-01", "2026-01-01T00:00:00", 26, "without a time", id="date with time"),
    pytest.param("Europe/Berlin", "Europe/Berlni", 27, 'did you mean "Europe/Berlin"', id="unknown zone"),
    pytest.param('"EUR"', '"EURO"', 28, "three capital letters", id="unknown currency"),
    pytest.param('"EUR"', '"EUR"\nvalid_until = 2026-01-01', 29, "first day that is out", id="ends as it begins"),
    pytest.param('"EUR"', '"EUR"\nwaiting_days = "3"', 29, "without quotes", id="days in quotes"),
    pytest.param('"EUR"', '"EUR"\nbilling = "selfbilled"', 29, 'did you mean "self-billed"', id="billing"),
    pytest.param('"EUR"', '"EUR"\nclaim_rounding = "charge-upp/1"', 29, 'did you mean "charge-up/1"', id="profile"),
    pytest.param('"EUR"', '"EUR"\nclaim_rounding = "none"', 29, "evclear differences FILE says", id="no profile"),
    pytest.param('"EUR"', '"EUR"\nclaim_rounding = "none"', 29, "line-truncated-vat-on-rounded-net/1", id="all named"),
    pytest.param('"EUR"', '"EUR"\ntolerance = { money = "0,02" }', 29, "decimal point", id="comma"),
    pytest.param('"EUR"', '"EUR"\ntolerance = { money = 1e1000000 }', 29, "decimal point", id="huge"),
    pytest.param('"EUR"', '"EUR"\ntolerance = { money = nan }', 29, "decimal point", id="not a number"),
    pytest.param('"EUR"', '"EUR"\ntolerance = { mony = "1" }', 29, 'did you mean "money"', id="key in braces"),
    pytest.param('"EUR"', '"EUR"\ntolerance = "0.02"', 29, "write for example tolerance =", id="no braces"),
    pytest.param('time_zone = "Atlantic/Canary"', "", 30, "add for example time_zone", id="site without a zone"),
    pytest.param('seller = "DE"', 'seller = "EU-other"', 37, '"EU", "*"', id="seller of a VAT rule"),
    pytest.param('category = "S"', 'category = "K"', 39, "write one of these", id="unknown category"),
    pytest.param('category = "S"', 'category = "AE"', 40, "write category S", id="reverse charge with a percent"),
    pytest.param('percent = "19"', "", 39, 'add for example percent = "19"', id="S without a percent"),
    pytest.param('percent = "19"', 'percent = "190"', 40, "19 for 19 %", id="percent above 100"),
    pytest.param('currency = "EUR"', "currency = EUR", 28, "correct this line", id="broken TOML"),
    pytest.param('currency = "EUR"', 'currency = "EUR"\ncurrency = "EUR"', 29, "correct this line", id="key twice"),
]


@pytest.mark.parametrize(("old", "new", "line", "remedy"), BAD_INPUT)
def test_bad_input_names_line_and_remedy(old: str, new: str, line: int, remedy: str) -> None:
    found = problems(changed(old, new))
    assert any(one.startswith(f"evclear.toml:{line}: ") and remedy in one for one in found), found


def test_all_problems_are_told_at_once_in_the_order_of_their_lines() -> None:
    text = changed('"EUR"', '"EURO"').replace('country = "NL"', 'country = "Holland"').replace("[book]", "[bok]")
    lines = [int(one.split(":")[1]) for one in problems(text)]
    assert lines == [1, 20, 28]


def test_a_problem_is_no_second_problem_elsewhere() -> None:
    assert len(problems(changed('country = "NL"', 'country = "Holland"'))) == 1


def test_two_agreements_of_one_day_name_both_lines() -> None:
    (problem,) = problems(BOOK + AGREEMENT)
    assert problem.startswith("evclear.toml:42: ")
    assert "line 23" in problem
    assert "2026-06-01" in problem
    assert "valid_until" in problem


def test_agreements_may_follow_each_other() -> None:
    text = changed('currency = "EUR"', 'currency = "EUR"\nvalid_until = 2026-06-01') + AGREEMENT
    assert len(parse_terms(text, "evclear.toml").agreements) == 2


def test_a_company_that_issues_both_kinds_needs_kind_in_its_numbers() -> None:
    other = AGREEMENT.replace('cpo = "DE*ABC"', 'cpo = "NL*XYZ"').replace('emsp = "NL*XYZ"', 'emsp = "DE*ABD"')
    text = changed('roles = ["emsp"]', 'roles = ["emsp", "cpo"]') + other + 'billing = "self-billed"\n'
    assert len(parse_terms(text, "evclear.toml").agreements) == 2
    (problem,) = problems(text.replace('bic = "', 'number_format = "R{year}-{n}"\nbic = "'))
    assert problem.startswith("evclear.toml:13: ")
    assert "expected {kind} in the number_format" in problem


VAT_IDS = [
    pytest.param("DE136695976", "DE136695976", id="DE"),
    pytest.param("EL 094259216", "EL094259216", id="Greek EL"),
    pytest.param("CHE-107.787.577 MWST", "CHE-107.787.577 MWST", id="CH"),
    pytest.param("CHE-107.787.577", "CHE-107.787.577", id="CH without MWST"),
    pytest.param("GB 980 7806 84", "GB980780684", id="GB"),
    pytest.param("NO 995 525 828 MVA", "NO995525828MVA", id="NO"),
    pytest.param("UA1234567890", "UA1234567890", id="country without a check"),
]


@pytest.mark.parametrize(("given", "kept"), VAT_IDS)
def test_vat_ids_of_every_country(given: str, kept: str) -> None:
    assert parse_terms(changed("DE 136695976", given), "evclear.toml").companies[0].vat_id == kept


@pytest.mark.parametrize("given", ["CHE-107.787.578 MWST", "GB 980 7806 83", "NO 995 525 829 MVA", "XI980780683"])
def test_wrong_check_digits_of_every_country(given: str) -> None:
    (problem,) = problems(changed("DE 136695976", given))
    assert problem.startswith("evclear.toml:11: vat_id: expected a VAT id whose check digit fits")


GAPS = [
    pytest.param('name = "Laadpas BV"', 'name = "FILL IN"', 17, "legal name", id="name"),
    pytest.param('["Kade 1", "Amsterdam"]', '["Kade 1",\n"FILL IN"]', 22, "address", id="a line of the address"),
    pytest.param('["Kade 1", "Amsterdam"]', '"FILL IN"', 21, "address", id="the address"),
    pytest.param('country = "NL"', 'country = "FILL IN"', 20, "two letters", id="country"),
    pytest.param('"DE 136695976"', '"FILL IN"', 11, "VAT id", id="vat_id"),
    pytest.param('"DE89 3704 0044 0532 0130 00"', '" fill in "', 12, "IBAN", id="iban"),
    pytest.param('"Europe/Berlin"', '"FILL IN"', 27, "Europe/Berlin", id="zone"),
    pytest.param('currency = "EUR"', 'currency = "FILL IN"', 28, "EUR", id="currency"),
    pytest.param("valid_from = 2026-01-01", 'valid_from = "FILL IN"', 26, "2026-01-01", id="valid_from"),
    pytest.param('percent = "19"', 'percent = "FILL IN"', 40, "percent", id="percent of a VAT rule"),
    pytest.param('id = "LOC1"', 'id = "FILL IN"', 32, "write its value", id="site"),
]


@pytest.mark.parametrize(("old", "new", "line", "what"), GAPS)
def test_fill_in_is_a_gap_and_no_error(old: str, new: str, line: int, what: str) -> None:
    (gap,) = parse_terms(changed(old, new), "evclear.toml").gaps
    assert gap.line == line
    assert str(gap).startswith(f"evclear.toml:{line}: ")
    assert "is FILL IN; write" in gap.message
    assert what in gap.message


def test_fill_in_stays_where_drafts_show_it() -> None:
    text = changed('name = "Laadpas BV"', 'name = "FILL IN"').replace('"DE 136695976"', '"FILL IN"')
    terms = parse_terms(text.replace('currency = "EUR"', 'currency = "EUR"\ncost_centre = "FILL IN"'), "evclear.toml")
    assert terms.companies[1].name == FILL_IN
    assert terms.companies[0].vat_id is None
    assert terms.agreements[0].references.cost_centre == FILL_IN
    assert [gap.key for gap in terms.companies[0].gaps] == ["vat_id"]
    assert [gap.key for gap in terms.agreements[0].gaps] == ["cost_centre"]


def test_an_agreement_without_zone_or_currency_cannot_be_used() -> None:
    assert parse_terms(changed('"Europe/Berlin"', '"FILL IN"'), "evclear.toml").agreements == ()


@pytest.mark.parametrize("key", ["bic", "email"])
def test_bic_and_email_are_never_gaps(key: str) -> None:
    text = re.sub(rf'^{key} = ".*"$', f'{key} = "FILL IN"', BOOK, flags=re.MULTILINE)
    assert parse_terms(text, "evclear.toml").gaps == ()


def test_the_hash_is_of_the_values_only() -> None:
    same = [BOOK, "# hello\n\n" + BOOK, BOOK.replace('"19"', "19.0"), BOOK.replace("DE-ABD", "DE*ABD")]
    assert len({parse_terms(text, "evclear.toml").content_hash for text in same}) == 1
    others = [BOOK, changed("Kade 1", "Kade 2"), changed('"19"', '"20"'), changed('"EUR"', '"EUR"\nwaiting_days = 4')]
    assert len({parse_terms(text, "evclear.toml").content_hash for text in others}) == len(others)


UNREADABLE = [
    pytest.param(None, "evclear init", id="missing"),
    pytest.param("folder", "found a folder", id="a folder"),
    pytest.param(b"", "evclear.toml:1: expected [book]", id="empty"),
    pytest.param(b"# only a comment\n", "evclear.toml:1: expected [book]", id="only a comment"),
    pytest.param(b'[book]\nas = "cpo"\n# M\xfcnchen\n', "evclear.toml:3: expected UTF-8", id="not UTF-8"),
    pytest.param(b"a = " + b"9" * 5000, "evclear.toml:1: expected TOML", id="a number of 5,000 digits"),
    pytest.param(b"a = " + b"[" * 5000, "evclear.toml:1: expected TOML", id="nested deeply"),
    pytest.param(b'[book]\nas = """', "evclear.toml:2: expected TOML", id="a text without end"),
]


@pytest.mark.parametrize(("content", "message"), UNREADABLE)
def test_unreadable_files_are_refused_with_a_remedy(tmp_path: Path, content: bytes | str | None, message: str) -> None:
    path = tmp_path / "evclear.toml"
    if content == "folder":
        path.mkdir()
    elif isinstance(content, bytes):
        path.write_bytes(content)
    with pytest.raises(Refused, match=re.escape(message)) as refused:
        read_terms(path)
    assert refused.value.exit_code == 4
    assert "; " in str(refused.value)


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "evclear.toml"
    path.write_bytes(b"\xef\xbb\xbf" + BOOK.replace("\n", "\r\n").encode())
    assert read_terms(path) == parse_terms(BOOK, "evclear.toml")
