"""Single values of evclear.toml: each reader takes what TOML gave and returns the value, or says what is wrong.

A message has three parts: what was expected, what was found, and what to do.
"""

import difflib
import re
import string
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import TypeVar
from zoneinfo import ZoneInfo, available_timezones

from clearing.parties import FILL_IN, PartyId, parse_party_id
from tariffs.errors import UnknownCurrency
from tariffs.money import minor_digits
from tariffs.rounding import PROFILES

E = TypeVar("E", bound=StrEnum)

CATEGORIES = ("S", "AE", "G", "O", "E", "Z")
_AMOUNT = re.compile(r"[0-9]{1,12}(\.[0-9]{1,9})?")
_MOST_DAYS = 3660


class Unfit(ValueError):
    """A value that cannot be used; the message is complete but for its place."""

    def __init__(self, expected: str, found: object, remedy: str) -> None:
        super().__init__(f"expected {expected}, found {shown(found)}; {remedy}")


def shown(value: object) -> str:
    """Return a value as its owner wrote it in TOML, shortened."""
    match value:
        case None:
            text = "none"
        case bool():
            text = "true" if value else "false"
        case str():
            text = '"' + "".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in value) + '"'
        case dict():
            text = "a table"
        case list():
            text = f"[{', '.join('[…]' if isinstance(item, list) else shown(item) for item in value)}]"
        case _:
            text = str(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def is_fill_in(value: object) -> bool:
    """Whether the value is the FILL IN that `init` writes."""
    return isinstance(value, str) and value.strip().upper() == FILL_IN


def text(value: object) -> str:
    """Read a text; a bare integer is the same number as text."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str) or not value.strip():
        raise Unfit('a text in quotes, such as "abc"', value, "write the text between quotes")
    if any(unicodedata.category(character) == "Cc" for character in value):
        raise Unfit("a text of one line", value, "remove the control characters")
    return value.strip()


def amount(value: object) -> Decimal:
    """Read a decimal number; a string, an integer or a TOML float (which was read exactly)."""
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        number = Decimal(value)
        if number.is_finite() and 0 <= number < 10**12 and int(number.as_tuple().exponent) >= -9:
            return number
    elif isinstance(value, str) and _AMOUNT.fullmatch(value.strip()):
        return Decimal(value.strip())
    raise Unfit('a number such as "0.02", not below zero', value, "write digits with a decimal point, in quotes")


def percent(value: object) -> Decimal:
    """Read a percentage between 0 and 100."""
    number = amount(value)
    if number > 100:
        raise Unfit('a percentage from "0" to "100"', value, "write the rate itself, 19 for 19 %")
    return number


def days(value: object) -> int:
    """Read a number of days."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MOST_DAYS:
        raise Unfit(f"a whole number of days from 0 to {_MOST_DAYS}", value, "write it without quotes, such as 14")
    return value


def flag(value: object) -> bool:
    """Read true or false."""
    if not isinstance(value, bool):
        raise Unfit("true or false", value, "write it without quotes")
    return value


def flag_or_any(value: object) -> bool | None:
    """Read true, false or "*", which is None: whichever."""
    if value == "*":
        return None
    if not isinstance(value, bool):
        raise Unfit('true, false or "*"', value, "write true and false without quotes")
    return value


def day(value: object) -> date:
    """Read a TOML date."""
    if isinstance(value, datetime) or not isinstance(value, date):
        raise Unfit("a date such as 2026-01-01", value, "write year-month-day without quotes and without a time")
    return value


def party(value: object) -> PartyId:
    """Read a party id."""
    try:
        return parse_party_id(text(value))
    except ValueError:
        raise Unfit(
            'a party id such as "DE*ABC"', value, "write two letters of the country and three of the party"
        ) from None


def issuers(value: object) -> frozenset[PartyId] | str:
    """Read `issues_for`: "all", or a list of party ids."""
    if value == "all":
        return "all"
    if not isinstance(value, list):
        raise Unfit('"all" or a list of party ids', value, 'write for example issues_for = ["DE*ABC"]')
    return frozenset(party(item) for item in value if not is_fill_in(item))


def country(value: object) -> str:
    """Read a country code, ISO 3166 alpha-2; Greece also as EL, as VAT law has it."""
    code = text(value)
    if code == "EL":
        return "GR"
    if code not in countries():
        hint = {"UK": 'write "GB"'}.get(code, "write the two capital letters of ISO 3166")
        raise Unfit('a country such as "DE"', value, hint)
    return code


def time_zone(value: object) -> str:
    """Read an IANA time zone."""
    name = text(value)
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        remedy = _meant(name, sorted(available_timezones())) or "write the name as the IANA list spells it"
        raise Unfit('an IANA time zone such as "Europe/Berlin"', value, remedy) from None
    return name


def currency(value: object) -> str:
    """Read a currency code, ISO 4217."""
    code = text(value)
    try:
        minor_digits(code)
    except UnknownCurrency:
        raise Unfit('an ISO 4217 currency such as "EUR"', value, "write its three capital letters") from None
    return code


def language(value: object) -> str:
    """Read a language code."""
    code = text(value)
    if not re.fullmatch(r"[a-z]{2}([-_][A-Z]{2})?", code):
        raise Unfit('a language such as "de"', value, "write the two small letters of ISO 639")
    return code


def choice(*allowed: str) -> Callable[[object], str]:
    """Return a reader for one of a few words."""

    def read(value: object) -> str:
        if value not in allowed:
            remedy = _meant(str(value), allowed) or "write one of these words"
            raise Unfit(" or ".join(f'"{word}"' for word in allowed), value, remedy)
        return str(value)

    return read


def member(kind: type[E]) -> Callable[[object], E]:
    """Return a reader for one value of an enumeration."""
    read = choice(*kind)
    return lambda value: kind(read(value))


def claim_rounding(value: object) -> str:
    """Read the name of the rounding profile by which a CPO makes its claims (`tariffs.rounding`)."""
    name = text(value)
    if name not in PROFILES:
        remedy = _meant(name, tuple(PROFILES)) or "evclear differences FILE says by which one a CPO rounds"
        raise Unfit(f"a rounding profile, one of {', '.join(PROFILES)}", value, remedy)
    return name


def sentence(value: object) -> str:
    """Read the key of a printed reason, or a reason in the owner's own words; empty is none."""
    return "" if value == "" else text(value)


def number_format(value: object) -> str:
    """Read the form of document numbers: text with {party}, {kind}, {year} and {n}."""
    form = text(value)
    remedy = "write for example {party}-{kind}{year}-{n:05}"
    try:
        parts = list(string.Formatter().parse(form))
    except ValueError:
        raise Unfit("a number format with closed braces", value, remedy) from None
    names = [name for _, name, _, _ in parts if name is not None]
    for _, name, spec, conversion in parts:
        if name is None:
            continue
        plain = not conversion and re.fullmatch(r"0?[0-9]?" if name == "n" else "", spec or "")
        if name not in ("party", "kind", "year", "n") or not plain:
            raise Unfit("only {party}, {kind}, {year} and {n} or {n:05} in the number format", value, remedy)
    if "n" not in names:
        raise Unfit("{n}, the running number, in the number format", value, remedy)
    return form


def seller(value: object) -> str:
    """Read the seller of a VAT rule: a country, "EU" or "*"."""
    return _place(value, "EU", "*")


def buyer(value: object) -> str:
    """Read the buyer of a VAT rule: a country, "EU-other", "EU" or "*"."""
    return _place(value, "EU-other", "EU", "*")


def _place(value: object, *words: str) -> str:
    if value in words:
        return str(value)
    try:
        return country(value)
    except Unfit:
        allowed = ", ".join(f'"{word}"' for word in words)
        raise Unfit(f'a country such as "DE", or {allowed}', value, "write one of these") from None


def _meant(word: str, known: Sequence[str]) -> str | None:
    """Return a question about the nearest known word, if one is near."""
    by_small_letters = {one.lower(): one for one in known}
    near = difflib.get_close_matches(word.lower(), by_small_letters, n=1)
    return f'did you mean "{by_small_letters[near[0]]}"?' if near else None


@cache
def countries() -> frozenset[str]:
    """ISO 3166 as tzdata ships it, with Kosovo and, for VAT, Northern Ireland."""
    table = resources.files("tzdata").joinpath("zoneinfo", "iso3166.tab").read_text(encoding="utf-8")
    return frozenset(line[:2] for line in table.splitlines() if not line.startswith("#")) | {"XK", "XI"}
