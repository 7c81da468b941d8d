"""Which OCPI version an object speaks, and the readers for it; another version is one more row in `_READERS`."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Final

from tariffs.cdr import Cdr, Claim
from tariffs.findings import Finding, Severity
from tariffs.ocpi import v211, v221, v221_tariff, v230
from tariffs.ocpi.reading import Json, ReadCdr, Reader, ReadTariff, kind_of

_READERS: Final[dict[str, tuple[Callable[[Json, Reader], Cdr], v221_tariff.TariffDialect]]] = {
    v211.VERSION: (v211.read, v211.TARIFFS),
    v221.VERSION: (v221.read, v221_tariff.DIALECT),
    v230.VERSION: (v230.read, v230.TARIFFS),
}
VERSIONS: Final = tuple(_READERS)
"""The versions of OCPI that are priced."""


def detect_version(obj: object) -> str:
    """Return "2.1.1", "2.3.0" or "2.2.1", told from the fields of a CDR, a Session or a Tariff.

    `stop_date_time`, `start_datetime`, `auth_id` or a `total_cost` that is a number mean 2.1.1, `before_taxes` or
    `tax_included` mean 2.3.0.
    """
    if not isinstance(obj, dict):
        return v221.VERSION
    total_cost = obj.get("total_cost")
    if "stop_date_time" in obj or "auth_id" in obj or "start_datetime" in obj or type(total_cost) in (int, Decimal):
        return v211.VERSION
    if isinstance(total_cost, dict) and "before_taxes" in total_cost:
        return v230.VERSION
    tariffs = obj.get("tariffs")
    for owner in [obj, *tariffs] if type(tariffs) is list else [obj]:
        if isinstance(owner, dict) and ("tax_included" in owner or _has_limit(owner, "before_taxes")):
            return v230.VERSION
    return v221.VERSION


def _has_limit(owner: Json, side: str) -> bool:
    for key in ("min_price", "max_price"):
        limit = owner.get(key)
        if limit is not None and isinstance(limit, dict) and side in limit:
            return True
    return False


def read_cdr(obj: object, *, version: str | None = None) -> ReadCdr:
    """Read a decoded CDR object; never raises for bad data.

    Everything that can be read is kept, the rest is reported: `malformed-record` (Q) for what is there but not of
    its type and for what a price needs and is missing, `incomplete-record` (W) once for all else that is missing,
    `unknown-field` and `number-as-string` (I). `version` is the OCPI version its sender states, else it is detected.
    """
    spoken = version or detect_version(obj)
    r = Reader()
    if not isinstance(obj, dict):
        r.malformed("$", f"not a CDR object but {kind_of(obj)}")
        return ReadCdr(None, spoken, tuple(r.findings))
    readers = _READERS.get(spoken)
    if readers is None:
        return ReadCdr(_head(obj, spoken), spoken, (not_supported(spoken),))
    reader = readers[0]
    if "kwh" in obj and "total_energy" not in obj:
        r.malformed("$", "an OCPI Session, not a CDR; Sessions are taken by evclear ingest session")
        cdr = replace(reader(obj, Reader()), unreadable=("$",))
        return ReadCdr(cdr, spoken, tuple(r.findings))
    cdr = reader(obj, r)
    r.incomplete()
    return ReadCdr(cdr, spoken, tuple(r.findings))


def read_tariff(obj: object, *, version: str | None = None) -> ReadTariff:
    """Read a decoded Tariff object; the tariff is None when a price could not rely on it.

    `version` is the OCPI version its sender states, else it is detected; one of 2.1.1 looks like one of 2.2.1.
    """
    r = Reader()
    if not isinstance(obj, dict):
        r.malformed("$", f"not a Tariff object but {kind_of(obj)}")
        return ReadTariff(None, tuple(r.findings))
    spoken = version or detect_version(obj)
    if spoken not in _READERS:
        return ReadTariff(None, (not_supported(spoken),))
    tariff = v221_tariff.read(obj, r, _READERS[spoken][1])
    r.incomplete()
    return ReadTariff(tariff, tuple(r.findings))


def not_supported(version: str) -> Finding:
    """Return the finding on an object of a version that is not read here."""
    words = f"OCPI {version} is not known here, only {', '.join(VERSIONS)}"
    return Finding("version-not-supported", Severity.WAITS, "$", words)


def _head(obj: Json, version: str) -> Cdr:
    """Who, when and how much, of a CDR in a version that is not priced: enough to keep it waiting."""
    r = Reader()
    cdr = v221.read(obj, r)
    end = cdr.end or r.instant(obj, "stop_date_time", "$")
    claim = cdr.total_cost if cdr.total_cost is not None and cdr.total_cost.excl_vat is not None else None
    if claim is None:
        price = obj.get("total_cost")
        stated = price if isinstance(price, dict) else {"before_taxes": price}
        excl = r.number(stated, "before_taxes", "$.total_cost")
        claim = None if excl is None else Claim(excl)
    return replace(cdr, ocpi_version=version, end=end, total_cost=claim, unreadable=("ocpi_version",))
