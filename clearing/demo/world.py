"""The made-up market: companies, who delivers what, and which pairs of parties charge with each other."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Company:
    """A made-up legal entity; its VAT id and IBAN carry right check digits."""

    name: str
    ids: tuple[str, ...]
    roles: tuple[str, ...]
    country: str
    address: tuple[str, ...]
    vat_id: str
    iban: str
    language: str
    certificate: bool = False


@dataclass(frozen=True, slots=True)
class Operator:
    """How a CPO writes its files: decimals of its money, and the grid in seconds on which its charges begin and end."""

    party: str
    country: str
    vat_permille: int
    file_format: str
    decimals: int = 2
    grid_s: int = 36
    embeds_of_ten: int = 10
    publishes: bool = True


@dataclass(frozen=True, slots=True)
class Provider:
    """What an e-MSP delivers: its own copies of the CDRs, or Sessions; and whether it gives a list of its tokens."""

    party: str
    delivers: str
    gives_tokens: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """A CPO and an e-MSP: the terms of their agreement, and `weight`, how much they charge with each other.

    `agreed` is False for pairs that only plants use; `shares_ids` is False where no id of a charge is the same on both
    sides; `vat_permille` is what the document must bear by the book's rules.
    """

    cpo: str
    emsp: str
    weight: int
    vat_permille: int = 0
    zone: str = "Europe/Berlin"
    currency: str = "EUR"
    basis: str = "claimed"
    rounding: str = "charge-half-up"
    self_billed: bool = False
    silent: bool = False
    set_off: bool = False
    waiting_days: int = 3
    payment_days: int = 14
    valid_from: date = date(2026, 1, 1)
    valid_until: date | None = None
    shares_ids: bool = True
    agreed: bool = True
    references: tuple[tuple[str, str], ...] = ()
    tolerance: tuple[tuple[str, str], ...] = ()


COMPANIES = (
    Company(
        "Stadtwerke Musterstadt GmbH",
        ("DE*SWM", "DE*SWE"),
        ("cpo", "emsp"),
        "DE",
        ("Musterweg 1", "10115 Berlin"),
        "DE311142542",
        "DE14100500000190000007",
        "de",
        certificate=True,
    ),
    Company(
        "Alpenstrom Mobil AG",
        ("AT*ALP", "AT*ALE"),
        ("cpo", "emsp"),
        "AT",
        ("Bergstraße 12", "6020 Innsbruck"),
        "ATU61002373",
        "AT082011100040000007",
        "de",
    ),
    Company(
        "Laadnet Nederland B.V.",
        ("NL*LNN", "NL*LNS"),
        ("cpo",),
        "NL",
        ("Kanaalweg 8", "3526 KL Utrecht"),
        "NL851023757B01",
        "NL73INGB0001234001",
        "nl",
    ),
    Company(
        "Charge Brabant NV",
        ("BE*CBR",),
        ("cpo",),
        "BE",
        ("Stationsplein 3", "3000 Leuven"),
        "BE0711023757",
        "BE14001130000183",
        "nl",
    ),
    Company(
        "Réseau Vallée SAS",
        ("FR*RVL",),
        ("cpo",),
        "FR",
        ("4 rue des Bornes", "69002 Lyon"),
        "FR90811712710",
        "FR6320041010055000130000301",
        "fr",
    ),
    Company(
        "Islas Recarga S.L.",
        ("ES*ISL",),
        ("cpo",),
        "ES",
        ("Calle del Puerto 21", "35008 Las Palmas"),
        "ESB35012582",
        "ES2121000418410200051333",
        "en",
    ),
    Company(
        "Bergladen AG",
        ("CH*BRG",),
        ("cpo",),
        "CH",
        ("Seestrasse 40", "8002 Zürich"),
        "CHE311000000MWST",
        "CH6000762011623800007",
        "de",
    ),
    Company(
        "Fahrstrom Plus GmbH",
        ("DE*FAH",),
        ("emsp",),
        "DE",
        ("Am Speicher 7", "20457 Hamburg"),
        "DE311261327",
        "DE19100500000190000014",
        "de",
        certificate=True,
    ),
    Company(
        "Ladekarte Rheinland GmbH",
        ("DE*LDK",),
        ("emsp",),
        "DE",
        ("Rheinufer 15", "50668 Köln"),
        "DE311372193",
        "DE24100500000190000021",
        "de",
    ),
    Company(
        "Plugwijs B.V.",
        ("NL*PLG",),
        ("emsp",),
        "NL",
        ("Havenkade 2", "3011 AA Rotterdam"),
        "NL851039595B01",
        "NL46INGB0001234002",
        "nl",
    ),
    Company(
        "Voltaire Services SAS",
        ("FR*VTS",),
        ("emsp",),
        "FR",
        ("18 avenue de la Gare", "75012 Paris"),
        "FR90812480853",
        "FR8420041010055000130000602",
        "fr",
    ),
    Company(
        "Kabel & Kaart BV",
        ("BE*KAB",),
        ("emsp",),
        "BE",
        ("Dok Zuid 11", "9000 Gent"),
        "BE0712267040",
        "BE22363130000147",
        "nl",
    ),
    Company(
        "Mobilstrom Schweiz AG",
        ("CH*MOB",),
        ("emsp",),
        "CH",
        ("Aareweg 5", "3011 Bern"),
        "CHE311134623MWST",
        "CH6500762011623800014",
        "de",
    ),
)

OPERATORS = {
    operator.party: operator
    for operator in (
        Operator("DE*SWM", "DEU", 190, "jsonl"),
        Operator("AT*ALP", "AUT", 200, "envelope", embeds_of_ten=7),
        Operator("NL*LNN", "NLD", 210, "jsonl.gz", decimals=4, embeds_of_ten=5),
        Operator("NL*LNS", "NLD", 210, "jsonl", decimals=4),
        Operator("BE*CBR", "BEL", 210, "jsonl", grid_s=1, publishes=False),
        Operator("FR*RVL", "FRA", 200, "array"),
        Operator("ES*ISL", "ESP", 210, "jsonl"),
        Operator("CH*BRG", "CHE", 81, "jsonl", decimals=4),
    )
}

PROVIDERS = {
    provider.party: provider
    for provider in (
        Provider("DE*SWE", "cdr"),
        Provider("AT*ALE", "session"),
        Provider("DE*FAH", "cdr", gives_tokens=True),
        Provider("DE*LDK", "cdr"),
        Provider("NL*PLG", "session", gives_tokens=True),
        Provider("FR*VTS", "cdr", gives_tokens=True),
        Provider("BE*KAB", "session"),
        Provider("CH*MOB", "cdr"),
        Provider("PL*NOP", "cdr"),  # nobody in the book knows this one
    )
}

PAIRS = (
    Pair("DE*SWM", "DE*FAH", 14, references=(("purchase_order", "4500012345"), ("cost_centre", "8120"))),
    Pair("DE*SWM", "DE*LDK", 5, vat_permille=190, valid_until=date(2026, 11, 1)),
    Pair("DE*SWM", "AT*ALE", 6, set_off=True),
    Pair("AT*ALP", "DE*SWE", 7, set_off=True, zone="Europe/Vienna"),
    Pair("AT*ALP", "DE*FAH", 6, rounding="document-half-up", zone="Europe/Vienna"),
    Pair("AT*ALP", "FR*VTS", 2, zone="Europe/Vienna", valid_from=date(2026, 11, 12)),
    Pair("DE*SWM", "BE*KAB", 4, silent=True),
    Pair("NL*LNN", "NL*PLG", 12, vat_permille=210, zone="Europe/Amsterdam", waiting_days=5),
    Pair("NL*LNN", "DE*FAH", 7, zone="Europe/Amsterdam", references=(("buyer_reference", "ROAM-NL"),)),
    Pair("NL*LNS", "DE*FAH", 5, zone="Europe/Amsterdam", shares_ids=False),
    Pair("BE*CBR", "NL*PLG", 7, self_billed=True, zone="Europe/Brussels", payment_days=30),
    Pair("BE*CBR", "BE*KAB", 5, vat_permille=210, zone="Europe/Brussels"),
    Pair("FR*RVL", "FR*VTS", 9, vat_permille=200, basis="computed", zone="Europe/Paris"),
    Pair("FR*RVL", "DE*SWE", 4, basis="lower", zone="Europe/Paris"),
    Pair("FR*RVL", "BE*KAB", 3, zone="Europe/Paris", valid_from=date(2026, 10, 12)),
    Pair("ES*ISL", "FR*VTS", 6, zone="Europe/Madrid", shares_ids=False),
    Pair("ES*ISL", "NL*PLG", 5, zone="Europe/Madrid", shares_ids=False),
    Pair(
        "CH*BRG",
        "CH*MOB",
        8,
        vat_permille=81,
        zone="Europe/Zurich",
        currency="CHF",
        tolerance=(("money", "0.05"), ("money_percent", "0.5")),
    ),
)

NOT_AGREED = (Pair("NL*LNN", "FR*VTS", 0, zone="Europe/Amsterdam", agreed=False),)
INTERNAL = (Pair("DE*SWM", "DE*SWE", 0, agreed=False), Pair("AT*ALP", "AT*ALE", 0, agreed=False))
UNKNOWN_EMSP = (Pair("DE*SWM", "PL*NOP", 0, agreed=False),)

CONTROL_COPIES = ("FR*RVL",)
"""Parties whose documents this book may not number: an e-MSP's view of what they should bill."""

VAT_RULES = (
    ("DE", "DE", "true", "AE", "0", "reverse-charge-13b-5b"),
    ("DE", "DE", "*", "S", "19", ""),
    ("NL", "NL", "*", "S", "21", ""),
    ("BE", "BE", "*", "S", "21", ""),
    ("FR", "FR", "*", "S", "20", ""),
    ("CH", "CH", "*", "S", "8.1", ""),
    ("EU", "EU-other", "*", "AE", "0", "reverse-charge"),
)
"""Seller, buyer, certificates, category (EN 16931), percent, key of the printed reason; each from 2021-01-01."""

SEVERITY = {
    "malformed-record": "Q",
    "incomplete-record": "W",
    "unknown-field": "I",
    "number-as-string": "I",
    "repeated-delivery": "I",
    "conflicting-content": "Q",
    "internal-charge": "I",
    "paid-ad-hoc": "I",
    "before-agreement": "I",
    "probable-duplicate": "Q",
    "unknown-tariff": "Q",
    "price-claim-differs": "Q",
    "ends-before-start": "S",
    "currency-not-agreed": "S",
    "unknown-currency": "Q",
    "unknown-party": "Q",
    "no-agreement": "Q",
    "credit-without-original": "S",
    "credited-twice": "S",
    "credit-amount-wrong": "Q",
    "unit-suspect": "Q",
    "token-unknown": "Q",
    "token-blocked": "Q",
    "energy-differs": "Q",
    "time-differs": "Q",
    "token-differs": "Q",
    "evse-differs": "Q",
    "tariff-differs": "Q",
    "tariff-not-as-published": "Q",
    "amount-differs": "Q",
    "currency-differs": "S",
    "vat-differs": "W",
    "clock-skew": "W",
    "missing-at-emsp": "Q",
    "missing-at-cpo": "Q",
    "other-side-silent": "W",
}
"""The findings that the demo plants, each with its severity."""


def company_of(party: str) -> Company | None:
    """Return the company that acts under a party id, or None."""
    return next((company for company in COMPANIES if party in company.ids), None)
