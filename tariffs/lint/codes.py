"""Rules about codes and ids: country, currency, party, type of tariff, length of an id."""

from collections.abc import Iterator
from typing import Final

from tariffs.countries import alpha_2
from tariffs.lint.rule import Check, Spot, rule
from tariffs.lint.sheet import CdrSheet, Sheet, TariffSheet
from tariffs.money import MINOR_DIGITS
from tariffs.ocpi.reading import printable

_TYPES: Final = ("AD_HOC_PAYMENT", "PROFILE_CHEAP", "PROFILE_FAST", "PROFILE_GREEN", "REGULAR")
_LONGEST_TARIFF_ID: Final = 36
_LONGEST_CDR_ID: Final = 39


def _stated(sheet: Sheet, key: str) -> str:
    value = sheet.raw.get(key)
    return value if isinstance(value, str) else ""


def currency_unknown(sheet: Sheet) -> Iterator[Spot]:
    """A currency that ISO 4217 does not have: no amount in it can be rounded or paid."""
    code = _stated(sheet, "currency")
    if code and code.upper() not in MINOR_DIGITS:
        yield Spot("$.currency", f"ISO 4217 has no currency {printable(code)}", "a code of ISO 4217", printable(code))


def currency_not_upper_case(sheet: Sheet) -> Iterator[Spot]:
    """A currency in lower case; ISO 4217 writes its codes in capitals, and not every reader forgives it."""
    code = _stated(sheet, "currency")
    if code != code.upper() and code.upper() in MINOR_DIGITS:
        yield Spot("$.currency", "the currency is not in capitals", code.upper(), code)


def country_code_unknown(sheet: Sheet) -> Iterator[Spot]:
    """An owner's country that is no alpha-2 code of ISO 3166-1."""
    code = _stated(sheet, "country_code")
    if code and (len(code) != 2 or alpha_2(code) is None):
        known = alpha_2(code) if len(code) == 3 else None
        words = f"{printable(code)} is no alpha-2 code of ISO 3166-1"
        yield Spot("$.country_code", words, known or "a code of two letters", printable(code))


def country_code_not_upper_case(sheet: Sheet) -> Iterator[Spot]:
    """An owner's country in lower case: legal, and mixed with capitals it makes two owners of one."""
    code = _stated(sheet, "country_code")
    if len(code) == 2 and code != code.upper() and alpha_2(code) is not None:
        yield Spot("$.country_code", "the country is not in capitals", code.upper(), code)


def party_id_form(sheet: Sheet) -> Iterator[Spot]:
    """A party id that has not three letters or digits (ISO 15118)."""
    code = _stated(sheet, "party_id")
    if code and not (len(code) == 3 and code.isascii() and code.isalnum()):
        words = "a party id has three letters or digits"
        yield Spot("$.party_id", words, "three letters or digits", printable(code))


def tariff_type_unknown(sheet: TariffSheet) -> Iterator[Spot]:
    """A type of tariff that OCPI does not have: no driver has a claim to it."""
    code = _stated(sheet, "type")
    if code and code not in _TYPES:
        yield Spot("$.type", f"OCPI has no type of tariff {printable(code)}", ", ".join(_TYPES), printable(code))


def tariff_id_too_long(sheet: TariffSheet) -> Iterator[Spot]:
    """An id of a tariff that systems of partners may cut off."""
    yield from _too_long(sheet, _LONGEST_TARIFF_ID)


def cdr_id_too_long(sheet: CdrSheet) -> Iterator[Spot]:
    """An id of a CDR that systems of partners may cut off; 39 characters leave room for the suffix of a credit."""
    yield from _too_long(sheet, _LONGEST_CDR_ID)


def _too_long(sheet: Sheet, longest: int) -> Iterator[Spot]:
    length = len(_stated(sheet, "id"))
    if length > longest:
        yield Spot("$.id", f"the id has {length} characters", f"at most {longest}", str(length))


def location_country_form(sheet: CdrSheet) -> Iterator[Spot]:
    """The country of the place is to be alpha-3, unlike that of the owner; the time zone may depend on it."""
    place = sheet.raw.get("cdr_location")
    code = place.get("country") if isinstance(place, dict) else None
    if isinstance(code, str) and code and (len(code) != 3 or code != code.upper() or alpha_2(code) is None):
        words = f"{printable(code)} is no alpha-3 code of ISO 3166-1"
        yield Spot("$.cdr_location.country", words, "a code of three capitals", printable(code))


_CURRENCY: Final = rule("currency-unknown", "Q", "mod_tariffs and mod_cdrs, currency", "Write the code of ISO 4217.")
_CURRENCY_CASE: Final = rule(
    "currency-not-upper-case", "W", "mod_tariffs and mod_cdrs, currency", "Write the currency in capitals."
)
_COUNTRY: Final = rule("country-code-unknown", "W", "credentials, country_code", "Write the alpha-2 code.")
_COUNTRY_CASE: Final = rule(
    "country-code-not-upper-case", "I", "types, CiString", "Write it in capitals, as everywhere else."
)
_PARTY: Final = rule("party-id-form", "W", "credentials, party_id", "Write the party id as it was issued.")
TARIFF_CHECKS: Final[tuple[Check[TariffSheet], ...]] = (
    Check(_CURRENCY, currency_unknown),
    Check(_CURRENCY_CASE, currency_not_upper_case),
    Check(_COUNTRY, country_code_unknown),
    Check(_COUNTRY_CASE, country_code_not_upper_case),
    Check(_PARTY, party_id_form),
    Check(rule("tariff-type-unknown", "W", "mod_tariffs, TariffType enum", "Use a type of OCPI."), tariff_type_unknown),
    Check(rule("tariff-id-too-long", "W", "mod_tariffs, Tariff.id", "Shorten the id."), tariff_id_too_long),
)
CDR_CHECKS: Final[tuple[Check[CdrSheet], ...]] = (
    Check(_CURRENCY, currency_unknown),
    Check(_CURRENCY_CASE, currency_not_upper_case),
    Check(_COUNTRY, country_code_unknown),
    Check(_COUNTRY_CASE, country_code_not_upper_case),
    Check(_PARTY, party_id_form),
    Check(rule("cdr-id-too-long", "W", "mod_cdrs, CDR.id", "Shorten the id."), cdr_id_too_long),
    Check(
        rule("location-country-form", "W", "mod_cdrs, CdrLocation.country", "Write the alpha-3 code in capitals."),
        location_country_form,
    ),
)
