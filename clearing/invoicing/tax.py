"""The VAT treatment of a supply, by the rows of the book's table, and what is missing to print it.

Charging is a supply of electricity, that is of goods (CJEU C-282/22, C-60/23); who owes the VAT on it follows from
who sells to whom and whether the buyer resells. The table is the user's: nothing here knows a rate.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from clearing.invoicing.invoice import VatTreatment
from clearing.parties import FILL_IN, Agreement, Billing, Company, Gap, Terms, VatRule
from tariffs.money import EXACT, Money

EU_MEMBERS = frozenset("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split())
"""The member states, ISO 3166; Greece is GR there and EL in VAT law, both are accepted."""

SELLERS_ID_PRINTED = frozenset({"S", "Z", "G", "AE"})
"""Categories whose document must show the seller's VAT id (EN 16931 BR-S-2, BR-Z-2, BR-G-2, BR-AE-2).

E may come from a small business that has none, and O forbids the VAT ids (BR-O-2): there they are no gap.
"""
BUYERS_ID_PRINTED = frozenset({"AE"})
"""Categories whose document must show the buyer's VAT id too: reverse charge (EN 16931 BR-AE-2)."""

_DECIDED_BY_DOCUMENT = ("vat_id", "iban")


def treatment(rules: Sequence[VatRule], seller: Company, buyer: Company, day: date) -> VatTreatment | None:
    """Return how a supply of a delivery day is taxed, or None where no row answers.

    Of the rows that fit, the latest `start` not after the day; of equal ones the first (contract, section 2).
    """
    fitting = [rule for rule in rules if rule.start <= day and _fits(rule, seller, buyer, day)]
    if not fitting:
        return None
    rule = max(fitting, key=lambda one: one.start)  # The first of equal ones: so says max.
    return None if rule.category == FILL_IN else VatTreatment(rule.category, rule.percent, rule.sentence)


def vat_on(net: Money, percent: Decimal) -> Money:
    """Return the VAT on a net, rounded once, halves away from zero.

    >>> vat_on(Money(250, "EUR"), Decimal("19"))
    Money(minor=48, currency='EUR')
    """
    return Money.rounded(EXACT.multiply(net.decimal, percent).scaleb(-2, EXACT), net.currency)


def document_gaps(
    seller: Company,
    buyer: Company,
    payee: Company | None,
    vat_treatments: Iterable[VatTreatment | None],
    agreement: Agreement,
) -> tuple[Gap, ...]:
    """Return what must be filled in before a document can be posted, in the order of evclear.toml.

    `payee` is who is paid by this document, None when a statement pays it; of `vat_treatments`, one per delivery day
    or line, None means that no VAT rule fits.
    """
    treatments = list(vat_treatments)
    gaps = list(agreement.gaps)
    for company in dict.fromkeys((seller, buyer)):
        gaps += [gap for gap in company.gaps if gap.key not in _DECIDED_BY_DOCUMENT]
    if None in treatments:
        message = f"no [[vat_rule]] fits {seller.name} ({seller.country}) selling to {buyer.name} ({buyer.country})"
        gaps.append(Gap(agreement.line, f"{message} on every day of delivery; add one"))
    categories = {one.category for one in treatments if one is not None}
    if seller.vat_id is None and categories & SELLERS_ID_PRINTED:
        gaps.append(_missing(seller, "vat_id", "its documents must show it"))
    if buyer.vat_id is None and categories & BUYERS_ID_PRINTED:
        gaps.append(_missing(buyer, "vat_id", "reverse charge must show it"))
    if payee is not None and payee.iban is None:
        gaps.append(_missing(payee, "iban", "it is paid there"))
    return _in_order(gaps)


def expected_gaps(terms: Terms) -> tuple[Gap, ...]:
    """Return what is FILL IN, and what every document to come will lack, of those whose numbers this book draws.

    Nobody knows yet which charges there will be, so each agreement is looked at on every day on which its treatment
    may change, with the CPO as the one who is paid.
    """
    gaps = list(terms.gaps)
    for agreement in terms.agreements:
        seller, buyer = terms.company(agreement.cpo), terms.company(agreement.emsp)
        if seller is None or buyer is None or seller == buyer:
            continue
        issuer = buyer if agreement.billing is Billing.SELF_BILLED else seller
        if terms.issues_documents_of(issuer):
            days = sorted({day for day in _turning_days(terms, seller, buyer) if agreement.valid_on(day)})
            treatments = [
                treatment(terms.vat_rules, seller, buyer, day) for day in dict.fromkeys((agreement.valid_from, *days))
            ]
            gaps += document_gaps(seller, buyer, seller, treatments, agreement)
    return _in_order(gaps)


def _turning_days(terms: Terms, seller: Company, buyer: Company) -> Iterator[date]:
    """The days on which another VAT rule may begin to decide about a pair."""
    yield from (rule.start for rule in terms.vat_rules if _is_between(rule, seller, buyer))
    for certificate in (seller.dealer_certificate, buyer.dealer_certificate):
        if certificate is not None:
            yield from (certificate.start, certificate.end)


def _fits(rule: VatRule, seller: Company, buyer: Company, day: date) -> bool:
    if not _is_between(rule, seller, buyer):
        return False
    if rule.buyer_resells is not None and rule.buyer_resells != buyer.resells:
        return False
    return rule.certificates is None or rule.certificates == (_certified(seller, day) and _certified(buyer, day))


def _is_between(rule: VatRule, seller: Company, buyer: Company) -> bool:
    return _is_seller(rule.seller, seller.country) and _is_buyer(rule.buyer, seller.country, buyer.country)


def _is_seller(wanted: str, country: str) -> bool:
    return wanted == "*" or (wanted == "EU" and _iso(country) in EU_MEMBERS) or _iso(wanted) == _iso(country)


def _is_buyer(wanted: str, sellers_country: str, country: str) -> bool:
    if wanted == "EU-other":
        return _iso(country) in EU_MEMBERS and _iso(country) != _iso(sellers_country)
    return _is_seller(wanted, country)


def _certified(company: Company, day: date) -> bool:
    return company.dealer_certificate is not None and company.dealer_certificate.covers(day)


def _iso(country: str) -> str:
    return "GR" if country == "EL" else country


def _missing(company: Company, key: str, why: str) -> Gap:
    """The gap of a key: at its FILL IN, or at the company's table where the key does not stand."""
    written = next((gap for gap in company.gaps if gap.key == key), None)
    if written is not None:
        return written
    whose = company.ids[0] if company.ids else company.name
    return Gap(company.line, f"{key} of {whose} is missing; add the line {key} = …, {why}", key)


def _in_order(gaps: Iterable[Gap]) -> tuple[Gap, ...]:
    return tuple(sorted(dict.fromkeys(gaps), key=lambda gap: (gap.line, gap.key, gap.message)))
