"""One answer of `evclear price` as a line of JSON (contract, section 4): its layout, for whoever has the values.

The line is put together from its pieces, because its form is fixed and that is a small part of the work of an encoder.
All values come as JSON: amounts and quantities as quoted numbers in plain notation, or null.
"""

from typing import Final

from librt.strings import BytesWriter
from mypy_extensions import i64

from tariffs.bulk.numbers import put_amount

SCHEMA: Final = "evclear.price/1"

RECORD: Final = b'{"schema": "evclear.price/1", "record": '
WHERE: Final = b', "where": '
CDR_ID: Final = b', "cdr_id": '
BY: Final = b", "
TOTAL: Final = b', "total_cost": '
ENERGY: Final = b', "total_energy_cost": '
TIME: Final = b', "total_time_cost": '
PARKING: Final = b', "total_parking_cost": '
FIXED: Final = b', "total_fixed_cost": '
RESERVATION: Final = b', "total_reservation_cost": '
BILLED: Final = b', "billed": '
CLAIMED: Final = b', "claimed": '
DIFFERENCE: Final = b', "difference": '
FINDINGS: Final = b', "findings": ['
END: Final = b"]}\n"

EXCL: Final = b'{"excl_vat": '
INCL: Final = b', "incl_vat": '
KWH: Final = b'{"energy_kwh": '
TIME_MIN: Final = b', "time_min": '
PARKING_MIN: Final = b', "parking_min": '
RESERVATION_MIN: Final = b', "reservation_min": '
CLOSE: Final = b"}"
QUOTE: Final = b'"'
NULL: Final = b"null"
NOTHING: Final = EXCL + b'"0"' + INCL + b'"0"' + CLOSE
"""What costs nothing, on both sides of taxes."""


def terms(version: bytes, credit: bytes, currency: bytes, zone: bytes, tariff_ids: bytes) -> bytes:
    """By what a record was priced: what many records have in common."""
    return (
        b'"ocpi_version": ' + version + b', "credit": ' + credit + b', "currency": ' + currency
        + b', "time_zone": ' + zone + b', "tariff_ids": [' + tariff_ids + b"]"
    )  # fmt: skip


def put_cost(out: BytesWriter, excl: i64, incl: i64) -> None:
    """Write both sides of taxes, each in units of 1/`numbers.UNIT`."""
    if excl == 0 and incl == 0:
        out.write(NOTHING)
        return
    out.write(_EXCL_QUOTED)
    put_amount(out, excl)
    out.write(_INCL_QUOTED)
    put_amount(out, incl)
    out.write(_CLOSE_QUOTED)


def cost(excl: i64, incl: i64) -> bytes:
    """Return both sides of taxes as JSON."""
    out = BytesWriter()
    put_cost(out, excl, incl)
    return out.getvalue()


_EXCL_QUOTED: Final = EXCL + QUOTE
_INCL_QUOTED: Final = QUOTE + INCL + QUOTE
_CLOSE_QUOTED: Final = QUOTE + CLOSE
