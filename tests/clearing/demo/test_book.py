"""The demo's evclear.toml: complete, with right check digits, and the VAT that the truth reckons with."""

import tomllib
from datetime import date
from decimal import Decimal

import pytest
from stdnum import iban
from stdnum.ch import vat as swiss_vat
from stdnum.eu import vat as eu_vat

from clearing.demo.book_text import book_text
from clearing.demo.fleet import SITES
from clearing.demo.world import COMPANIES, PAIRS, VAT_RULES

BOOK = tomllib.loads(book_text(), parse_float=Decimal)
EU = {"DE", "NL", "FR", "BE", "AT", "ES"}
AGREEMENT_KEYS = {
    "cpo", "emsp", "valid_from", "valid_until", "time_zone", "currency", "billing", "price_basis", "rounding",
    "other_side", "waiting_days", "payment_days", "set_off", "tolerance", "purchase_order", "buyer_reference",
    "contract_number", "cost_centre",
}  # fmt: skip


@pytest.mark.parametrize("company", COMPANIES, ids=lambda company: company.name)
def test_check_digits(company):
    validate = swiss_vat.validate if company.country == "CH" else eu_vat.validate
    assert validate(company.vat_id)
    assert iban.validate(company.iban)
    assert company.iban.startswith(company.country)


def test_nothing_is_left_to_fill_in():
    assert "FILL IN" not in book_text()
    assert {key for company in BOOK["company"] for key in company} <= {
        "name", "ids", "roles", "country", "address", "vat_id", "resells", "dealer_certificate", "iban", "language",
    }  # fmt: skip
    assert {key for agreement in BOOK["agreement"] for key in agreement} <= AGREEMENT_KEYS


def test_vat_ids_accounts_and_party_ids_are_not_shared():
    for values in ([c.vat_id for c in COMPANIES], [c.iban for c in COMPANIES], [i for c in COMPANIES for i in c.ids]):
        assert len(values) == len(set(values))


def test_every_party_of_an_agreement_is_known():
    known = {party: company["roles"] for company in BOOK["company"] for party in company["ids"]}
    for agreement in BOOK["agreement"]:
        assert "cpo" in known[agreement["cpo"]]
        assert "emsp" in known[agreement["emsp"]]


def test_the_terms_are_of_every_kind():
    def values(key):
        return {agreement[key] for agreement in BOOK["agreement"]}

    assert values("billing") == {"direct", "self-billed"}
    assert values("price_basis") == {"claimed", "computed", "lower"}
    assert values("rounding") == {"charge-half-up", "document-half-up"}
    assert values("other_side") == {"required", "if-delivered"}
    assert values("currency") == {"EUR", "CHF"}
    assert sum(agreement["set_off"] for agreement in BOOK["agreement"]) == 2
    issuing = set(BOOK["book"]["issues_for"])
    assert [c.name for c in COMPANIES if not issuing & set(c.ids)] == ["Réseau Vallée SAS"]


def test_sites_where_the_country_does_not_decide_have_a_zone():
    stated = {(row["cpo"], row["id"]): row["time_zone"] for row in BOOK["location"]}
    assert stated == {(s.cpo, s.id): s.zone for s in SITES if s.cpo == "ES*ISL"}
    assert set(stated.values()) == {"Atlantic/Canary", "Europe/Madrid"}


def fits(rule, seller, buyer, certificates):
    named = {"EU": buyer in EU, "EU-other": buyer in EU and buyer != seller}.get(rule["buyer"], rule["buyer"] == buyer)
    sells = seller in EU if rule["seller"] == "EU" else rule["seller"] == seller
    return sells and named and rule.get("certificates", certificates) == certificates


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair.cpo} {pair.emsp}")
def test_the_truth_knows_the_vat_of_every_pair(pair):
    company = {party: c for c in BOOK["company"] for party in c["ids"]}
    seller, buyer = company[pair.cpo], company[pair.emsp]
    certificates = "dealer_certificate" in seller and "dealer_certificate" in buyer
    assert buyer["resells"]
    rule = next(r for r in BOOK["vat_rule"] if fits(r, seller["country"], buyer["country"], certificates))
    assert Decimal(rule["percent"]) * 10 == pair.vat_permille
    assert rule["from"] == date(2021, 1, 1)
    assert len(BOOK["vat_rule"]) == len(VAT_RULES)
