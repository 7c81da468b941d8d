"""The wire: OCPI objects as their parties send them, read into the values of `tariffs`. Versions end here.

>>> from tariffs.ocpi import decode, read_cdr
>>> read = read_cdr(decode(b'{"id": "C1", "currency": "EUR", "total_energy": NaN}'))
>>> read.cdr.id, [f.path for f in read.findings if f.code == "malformed-record"][0]
('C1', '$.total_energy')
"""

from tariffs.ocpi.conversion import Converted, convert_cdr, convert_tariff
from tariffs.ocpi.decoding import Unusable, decode
from tariffs.ocpi.encoding import encode
from tariffs.ocpi.reading import ReadCdr, ReadTariff
from tariffs.ocpi.sessions import Patched, apply_patch, is_session, read_session
from tariffs.ocpi.versions import VERSIONS, detect_version, read_cdr, read_tariff

__all__ = [
    "VERSIONS",
    "Converted",
    "Patched",
    "ReadCdr",
    "ReadTariff",
    "Unusable",
    "apply_patch",
    "convert_cdr",
    "convert_tariff",
    "decode",
    "detect_version",
    "encode",
    "is_session",
    "read_cdr",
    "read_session",
    "read_tariff",
]
