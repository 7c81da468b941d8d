"""Values of evclear.toml with check digits: VAT ids, IBANs and BICs are wrong more often than one thinks."""

import re

import stdnum.bic
import stdnum.ch.uid
import stdnum.ch.vat
import stdnum.eu.vat
import stdnum.gb.vat
import stdnum.iban
import stdnum.no.mva
from stdnum.exceptions import ValidationError

from clearing.book_file.values import Unfit, countries, text


def vat_id(value: object) -> str:
    """Read a VAT id, by the rules and the check digit of its country."""
    given = " ".join(text(value).split())
    number = re.sub(r"[ .\-/]", "", given).upper()
    try:
        if number.startswith("CHE"):
            (stdnum.ch.vat if number[-1:].isalpha() else stdnum.ch.uid).validate(number)
            return given
        if number.startswith("GB"):
            return "GB" + str(stdnum.gb.vat.validate(number))
        if number.startswith("NO"):
            return "NO" + str(stdnum.no.mva.validate(number))
        if number[:2].lower() in stdnum.eu.vat.MEMBER_STATES or number[:2] == "EL":
            return str(stdnum.eu.vat.validate(number))
    except ValidationError as problem:
        why = str(problem).rstrip(".").lower()
        raise Unfit("a VAT id whose check digit fits", value, f"copy it from the partner's letter ({why})") from None
    if not re.fullmatch(r"[A-Z]{2}[A-Z0-9]{2,18}", number) or number[:2] not in countries():
        raise Unfit('a VAT id that begins with its country, such as "DE…"', value, "write the country's two letters")
    return given


def iban(value: object) -> str:
    """Read an IBAN, by its check digits and the length of its country."""
    try:
        return str(stdnum.iban.validate(text(value)))
    except ValidationError as problem:
        why = str(problem).rstrip(".").lower()
        raise Unfit("an IBAN whose check digits fit", value, f"copy it from the bank's letter ({why})") from None


def bic(value: object) -> str:
    """Read a BIC."""
    try:
        return str(stdnum.bic.validate(text(value)))
    except ValidationError:
        raise Unfit("a BIC of 8 or 11 letters", value, "copy it from the bank, or delete the line") from None


def email(value: object) -> str:
    """Read an e-mail address."""
    address = text(value)
    if not re.fullmatch(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+", address):
        raise Unfit('an e-mail address such as "billing@example.com"', value, "write one address, or delete the line")
    return address
