"""The catalogue of what can be found in a month, in its order of precedence, and the finding as a value.

Names never change and severities are the contract's (contract, section 5).
"""

import hashlib
import re
from dataclasses import dataclass
from decimal import Decimal

from clearing.parties import PartyId

CATALOGUE: dict[str, str] = {
    "unreadable-file": "F",
    "malformed-record": "Q",
    "incomplete-record": "W",
    "unknown-field": "I",
    "number-as-string": "I",
    "repeated-delivery": "I",
    "conflicting-content": "Q",
    "internal-charge": "I",
    "paid-ad-hoc": "I",
    "before-agreement": "I",
    "home-charging-compensation": "Q",
    "probable-duplicate": "Q",
    "no-tariff": "Q",
    "unknown-tariff": "Q",
    "time-zone-unknown": "Q",
    "price-claim-differs": "Q",
    "ends-before-start": "S",
    "currency-not-agreed": "S",
    "tariff-currency-differs": "S",
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
    "ambiguous-match": "Q",
    "split-charge": "W",
    "merged-charge": "W",
    "amount-differs": "Q",
    "currency-differs": "S",
    "vat-differs": "W",
    "clock-skew": "W",
    "not-yet-at-emsp": "I",
    "missing-at-emsp": "Q",
    "missing-at-cpo": "Q",
    "other-side-silent": "W",
    "too-late": "S",
    "late-record": "W",
    "listed-unknown": "Q",
    "not-listed": "Q",
    "invoice-total-differs": "Q",
    "billed-twice": "Q",
}
"""Code to default severity. The order is that of the contract's table, column by column, top to bottom."""

_RANK = {code: rank for rank, code in enumerate(CATALOGUE)}


def rank(code: str) -> tuple[int, str]:
    """Return the place of a code in the catalogue; findings of pricing itself come last, by name."""
    return (_RANK.get(code, len(_RANK)), code)


def in_words(path: str, message: str) -> str:
    """Return what reading or pricing found as people read it: a field by its name, not by its JSON path.

    >>> in_words("$.total_energy", "a text where OCPI has a number"), in_words("$.id", "$.id is missing")
    ('total_energy: a text where OCPI has a number', 'id is missing')
    >>> in_words("$", "$ is a CDR; $.kwh expected a number")
    'the record is a CDR; kwh: expected a number'
    """
    return _PLACE.sub(_name, message if path in message else f"{path}: {message}")


_PLACE = re.compile(r"(^|; )\$(?:\.([^\s:;]+))?:? (is )?")


def _name(place: re.Match[str]) -> str:
    before, field, verb = place.groups()
    if field is None:
        return f"{before}the record is " if verb else before
    return f"{before}{field} is " if verb else f"{before}{field}: "


def finding_id(code: str, *subjects: str | None) -> str:
    """Return the id of a finding: it follows from code, pair, ids and contents, never from month or order.

    So a decision neither survives a changed amount nor is lost by rolling over (contract, section 3.14).
    """
    digest = hashlib.sha256("\x1f".join((code, *(subject or "" for subject in subjects))).encode())
    return digest.hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class MonthFinding:
    """One thing a person should look at in a month: `evclear.finding/1` as a value.

    `at_stake` is the CPO's value minus the other value, excluding VAT, signed, in `currency`; `held` is the claim
    excluding VAT of the CPO record that this finding keeps out of the document, on the deciding finding only.
    """

    id: str
    code: str
    severity: str
    cpo: PartyId | None
    emsp: PartyId | None
    side: str
    cpo_cdr_id: str | None
    emsp_cdr_id: str | None
    message: str
    what_to_do: str
    kwh: Decimal | None = None
    at_stake: Decimal | None = None
    currency: str | None = None
    held: Decimal | None = None
    money_is: str | None = None
    where: str | None = None
    where_other: str | None = None
    expected: str | None = None
    found: str | None = None
    not_acceptable: str | None = None
    """Why a person cannot accept it; None where one can."""

    @property
    def sort_key(self) -> tuple[object, ...]:
        """Order of a month's findings: catalogue, cpo, emsp, CDR id."""
        return (
            rank(self.code), self.cpo or "", self.emsp or "", self.cpo_cdr_id or "", self.emsp_cdr_id or "", self.id
        )
