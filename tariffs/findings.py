"""What can be wrong with a tariff or a CDR, as a value: name, severity, place, words, money at stake."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding stops; the order of the members is the order of gravity."""

    FILE_REFUSED = "F"
    RECORD_REFUSED = "S"
    WAITS = "Q"
    BILLED_AND_LISTED = "W"
    INFORMATION = "I"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a person should look at in one record.

    `path` is a JSON path such as `$.charging_periods[2].dimensions[0].volume`; `money` is the money at stake
    excluding VAT in the currency of the CDR, signed, or None where no amount can be told.
    """

    code: str
    severity: Severity
    path: str
    message: str
    money: Decimal | None = None
