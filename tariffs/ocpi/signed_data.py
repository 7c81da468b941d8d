"""What a signed meter says was charged: the readings of OCMF in `signed_data` (OCPI 2.2.1, mod_cdrs, SignedData).

No price rests on it and no signature is checked here; the readings are held against `total_energy` (pricing rule 26).
Other encodings (EDL, Alfen) are carried and not read.
"""

import base64
import binascii
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from tariffs.errors import NotJson
from tariffs.ocpi.decoding import decode_at
from tariffs.ocpi.reading import Json, is_amount
from tariffs.quantity import WIDE

_MARK: Final = "OCMF|"
_ENDS: Final = frozenset("ELRAP")
"""How a transaction ends: at all, locally, remotely, aborted, by loss of power (OCMF 1.4, reading reason TX)."""
_TO_KWH: Final = {"kWh": 0, "Wh": -3}
_INHERITED: Final = ("TX", "RI", "RU")


def metered_energy(cdr: Json) -> Decimal | None:
    """Return the kWh between the first begin and the last end of a transaction, or None where that cannot be read.

    The number has as many decimals as the readings: they are exact to one unit of the last one.
    """
    readings = [reading for text in _texts(cdr.get("signed_data")) for reading in _readings(text)]
    first = next((r for r in readings if r["TX"] == "B"), None)
    last = next((r for r in reversed(readings) if r["TX"] in _ENDS), None)
    if first is None or last is None or (first["RI"], first["RU"]) != (last["RI"], last["RU"]):
        return None
    begin, end, digits = first["RV"], last["RV"], _TO_KWH.get(str(first["RU"]))
    if digits is None or not is_amount(begin) or not is_amount(end):
        return None
    return WIDE.subtract(end, begin).scaleb(digits, WIDE)


def _texts(signed: object) -> Iterator[str]:
    """The OCMF texts of the signed values, plain or in base64."""
    values = signed.get("signed_values") if isinstance(signed, dict) else None
    for value in values if isinstance(values, list) else ():
        if not isinstance(value, dict):
            continue
        for key in ("plain_data", "signed_data"):
            text = value.get(key)
            if isinstance(text, str) and not text.startswith(_MARK):
                text = _from_base64(text)
            if isinstance(text, str) and text.startswith(_MARK):
                yield text
                break


def _from_base64(text: str) -> str | None:
    try:
        return base64.b64decode(text, validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return None


def _readings(text: str) -> Iterator[dict[str, object]]:
    """The readings of one OCMF text; what a reading leaves out is as in the one before it (OCMF 1.4, Readings)."""
    try:
        payload, _ = decode_at(text, len(_MARK))
    except NotJson:
        return
    readings = payload.get("RD") if isinstance(payload, dict) else None
    before: dict[str, object] = dict.fromkeys(_INHERITED, "")
    for reading in readings if isinstance(readings, list) else ():
        if not isinstance(reading, dict):
            return
        value = reading.get("RV")
        before = {key: str(reading.get(key, before[key])) for key in _INHERITED}
        yield {**before, "RV": Decimal(value) if type(value) is int else value}
