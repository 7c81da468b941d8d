"""What a survey of records finds, the evclear.toml that is made of it, and where the keys of a TOML text stand."""

from datetime import date

import pytest

from clearing.book_file import parse_terms
from clearing.book_file.countries import country
from clearing.book_file.positions import Positions
from clearing.book_file.stub import stub
from clearing.book_file.survey import survey
from clearing.book_file.usual_vat import STANDARD_RATES
from clearing.invoicing.tax import EU_MEMBERS
from clearing.parties import OtherSide, Role

MISLEADING = '''\
title = """
[[agreement]]
# not a comment """
"quoted key".'b' = 1 # [[agreement]]
[[agreement]] # the first
note = "a \\" ] # b"
list = [ # [
  1, { x = [ 2,
  3 ] , y = 4 }, "]"
]
[agreement.tolerance]
money = 1
[[agreement]]
text = \'\'\'x
\'\'\'\'
last = 2026-01-01
[a.b]
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("title",), 1),
        (("quoted key", "b"), 4),
        (("agreement",), 5),
        (("agreement", 0), 5),
        (("agreement", 0, "note"), 6),
        (("agreement", 0, "list", 0), 8),
        (("agreement", 0, "list", 1, "x", 1), 9),
        (("agreement", 0, "list", 1, "y"), 9),
        (("agreement", 0, "list", 2), 9),
        (("agreement", 0, "tolerance", "money"), 12),
        (("agreement", 1), 13),
        (("agreement", 1, "last"), 16),
        (("agreement", 1, "not there"), 13),
        (("a", "b"), 17),
        (("nobody",), 1),
    ],
)
def test_lines_are_found_whatever_stands_in_strings_and_comments(path: tuple[str | int, ...], line: int) -> None:
    assert Positions(MISLEADING).line(path) == line


CDR = {
    "country_code": "es",
    "party_id": "ABC",
    "start_date_time": "2026-09-30T21:30:00Z",
    "end_date_time": "2026-09-30T22:30:00Z",
    "cdr_token": {"country_code": "NL", "party_id": "XYZ", "uid": "1", "type": "RFID"},
    "cdr_location": {"country": "ESP"},
    "currency": "EUR",
}


def test_a_survey_finds_parties_pairs_and_the_first_end() -> None:
    later = CDR | {"end_date_time": "2026-10-02T00:00:00Z", "currency": "SEK"}
    ad_hoc = CDR | {"cdr_token": {"type": "AD_HOC_USER", "country_code": "ES", "party_id": "ABC"}}
    old = {"start_date_time": "2026-10-01T00:00:00Z", "auth_id": "DE-8AC-C12E46L89"}
    rubbish = [None, [], {}, {"id": "TARIFF"}, CDR | {"currency": 7, "cdr_location": 1, "end_date_time": "1970-1-1"}]
    seen = survey([later, CDR, ad_hoc, old, *rubbish])
    assert seen.roles == {"ES*ABC": {Role.CPO}, "NL*XYZ": {Role.EMSP}, "DE*8AC": {Role.EMSP}}
    (pair,) = seen.pairs
    assert (pair.cpo, pair.emsp, pair.records, pair.currencies) == ("ES*ABC", "NL*XYZ", 3, ("EUR", "SEK"))
    assert pair.countries == ("ES",)
    assert f"{pair.first_end:%Y-%m-%d %H:%M}" == "2026-09-30 22:30"
    assert (seen.records, seen.without_parties) == (5, 1)


@pytest.mark.parametrize("role", ["cpo", "emsp", "hub"])
@pytest.mark.parametrize("objects", [[], [CDR]], ids=["no files", "one CDR"])
def test_a_stub_has_only_gaps(role: str, objects: list[object]) -> None:
    seen = survey(objects)
    text = stub(role, seen)
    assert text == stub(role, survey(objects))
    terms = parse_terms(text, "evclear.toml")
    assert terms.role == role
    assert len(terms.companies) == 2 * len(objects)
    for agreement in terms.agreements:
        assert agreement.time_zone == "Europe/Madrid"
        assert agreement.valid_from == date(2026, 10, 1)  # The end is in October by the clocks of Madrid.
        assert agreement.other_side is (OtherSide.IF_DELIVERED if role == "cpo" else OtherSide.REQUIRED)
    assert {gap.key for gap in terms.gaps} <= {"name", "address", "vat_id", "iban"}
    everybody = {"cpo": {"ES*ABC"}, "emsp": {"NL*XYZ"}, "hub": None}
    assert terms.issues_for == (everybody[role] if objects or role == "hub" else set())


def test_a_party_in_both_roles_is_one_company() -> None:
    back = CDR | {"country_code": "NL", "party_id": "XYZ"}
    back["cdr_token"] = {"country_code": "ES", "party_id": "ABC"}
    terms = parse_terms(stub("hub", survey([CDR, back])), "evclear.toml")
    assert [one.roles for one in terms.companies] == [{Role.CPO, Role.EMSP}] * 2
    assert len(terms.agreements) == 2


def test_what_nobody_can_guess_is_to_fill_in() -> None:
    unknown = CDR | {"country_code": "ZZ", "cdr_location": {}, "currency": None, "end_date_time": None}
    unknown["start_date_time"] = "soon"
    terms = parse_terms(stub("cpo", survey([unknown])), "evclear.toml")
    assert {"valid_from", "time_zone", "currency", "country"} <= {gap.key for gap in terms.gaps}


def test_the_usual_vat_rows_cover_the_eu() -> None:
    codes = STANDARD_RATES.split()[::4]
    assert set(codes) == EU_MEMBERS
    assert len(EU_MEMBERS) == 27
    assert all(country(code) for code in EU_MEMBERS)
