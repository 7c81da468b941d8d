"""OCPI Sessions of 2.1.1, 2.2.1 and 2.3.0, read into the same `Cdr` that is priced (mod_sessions; pricing rule 29).

A Session is what its CPO says while a charge goes on: its last charging period is open, it brings no tariff, and its
price is provisional, as only the CDR is billed. A PUT replaces it whole; what a PATCH does is `apply_patch`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from tariffs.cdr import Cdr, CdrLocation
from tariffs.findings import Finding, Severity, renamed
from tariffs.ocpi import v211, v221, v230
from tariffs.ocpi.reading import NEEDED_BUT_MISSING, Json, ReadCdr, Reader, kind_of, printable
from tariffs.ocpi.versions import detect_version, not_supported
from tariffs.timeline import SESSION_ONLY_DIMENSIONS

_STATES: Final = ("ACTIVE", "COMPLETED", "INVALID", "PENDING", "RESERVATION")
_PLACE: Final = ("location_id", "evse_uid", "connector_id")
_REQUIRED: Final = (
    *("country_code", "party_id", "id", "cdr_token", "auth_method", *_PLACE, "status", "last_updated"),
)
_FIELDS: Final = frozenset(
    (
        *_REQUIRED,
        *("start_date_time", "end_date_time", "total_energy", "authorization_reference", "meter_id", "currency"),
        *("charging_periods", "total_cost"),
    )
)
_REQUIRED_211: Final = ("id", "auth_id", "auth_method", "location", "status", "last_updated")
_FIELDS_211: Final = frozenset(
    (
        *_REQUIRED_211,
        *("start_date_time", "end_date_time", "total_energy", "meter_id", "currency", "charging_periods"),
        *("total_cost", "country_code", "party_id"),
    )
)
_NAMES: Final = {"kwh": "total_energy"}
_NAMES_211: Final = {**_NAMES, "start_datetime": "start_date_time", "end_datetime": "end_date_time"}


@dataclass(frozen=True, slots=True)
class Patched:
    """A Session after a PATCH, as decoded JSON, and what was strange about the PATCH."""

    session: Json
    findings: tuple[Finding, ...] = ()


def is_session(obj: object) -> bool:
    """Whether a decoded object is a Session: it states `kwh`, where a CDR has `total_energy`."""
    return isinstance(obj, dict) and "kwh" in obj and "total_energy" not in obj


def read_session(obj: object, *, version: str | None = None, until: datetime | None = None) -> ReadCdr:
    """Read a decoded Session as the charge that it is so far; never raises for bad data.

    Where it has no `end_date_time`, the last charging period ends at `until` (an instant with its zone), else at
    `last_updated`. Findings are those of `read_cdr`, with the names of a Session, and `provisional-price` (I), which
    says until when; a Session of status INVALID is priced and listed (W). Energy in kWh (`total_energy` of the Cdr).
    """
    spoken = version or detect_version(obj)
    r = Reader()
    if not isinstance(obj, dict):
        r.malformed("$", f"not a Session object but {kind_of(obj)}")
        return ReadCdr(None, spoken, tuple(r.findings))
    dialect = _DIALECTS.get(spoken)
    if dialect is None:
        return ReadCdr(Cdr(spoken, unreadable=("ocpi_version",)), spoken, (not_supported(spoken),))
    names = _NAMES_211 if spoken == v211.VERSION else _NAMES
    names = {own: common for own, common in names.items() if common not in obj}
    whole: dict[str, object] = {names.get(str(key), str(key)): value for key, value in obj.items()}
    is_open = whole.get("end_date_time") is None
    if is_open:
        whole["end_date_time"] = whole.get("last_updated") if until is None else _written(until)
    cdr = v221.read_in(dialect, whole, r)
    if obj.get("kwh") is None:
        r.missing.append("kwh")
    cdr = _as_session(cdr, whole, names)
    if is_open and cdr.end is None:
        cdr = _without_end(cdr, r)
    if not cdr.periods:
        cdr = _without_periods(cdr, r)
    _judge_status(cdr, obj, r, is_open=is_open, is_asked=is_open and until is not None)
    r.incomplete()
    return ReadCdr(cdr, spoken, tuple(renamed(r.findings, cdr.wire_names)))


def _written(instant: datetime) -> str:
    """An instant as OCPI writes it; `isoformat` has every year in four digits, other than `strftime`."""
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def _as_session(cdr: Cdr, whole: Json, names: Mapping[str, str]) -> Cdr:
    """What a Session means otherwise than the CDR in whose form it was read."""
    country, party = cdr.country_code, cdr.party_id
    if country is None and party is None:
        country, party = v211.operator_of(cdr.location.evse_id) or (None, None)
    place = "location" if cdr.ocpi_version == v211.VERSION else "location_id"
    periods = cdr.periods
    if cdr.ocpi_version == v211.VERSION and all(period.tariff_id is None for period in periods):
        periods = tuple(replace(period, tariff_id=_tariff_of_connector(whole)) for period in periods)
    return replace(
        cdr,
        country_code=country,
        party_id=party,
        session_id=cdr.id,
        periods=periods,
        is_session=True,
        knows_vat=cdr.ocpi_version != v211.VERSION,
        unpriced_dimensions=SESSION_ONLY_DIMENSIONS | ({"FLAT"} if cdr.ocpi_version == v211.VERSION else set()),
        wire_names=(*((common, own) for own, common in names.items()), ("cdr_location", place)),
    )


def _tariff_of_connector(whole: Json) -> str | None:
    """The tariff of the one connector of the one EVSE: a period of 2.1.1 names none (2.1.1, mod_locations, Connector).

    The place was read and reported already; here it is only looked at.
    """
    at: object = whole.get("location")
    for key in ("evses", "connectors"):
        found = at.get(key) if isinstance(at, dict) else None
        at = found[0] if isinstance(found, list) and len(found) == 1 else None
    named = at.get("tariff_id") if isinstance(at, dict) else None
    return named if isinstance(named, str) and named else None


def _without_end(cdr: Cdr, r: Reader) -> Cdr:
    """A Session that goes on and states neither an end nor, readably, when it was last updated."""
    r.findings = [f for f in r.findings if f.path != "$.end_date_time"]
    if not any(f.path == "$.last_updated" for f in r.findings):
        r.malformed("$.last_updated", "missing, and a Session without an end is priced until then")
    return replace(cdr, unreadable=(*cdr.unreadable, "end_date_time"))


def _without_periods(cdr: Cdr, r: Reader) -> Cdr:
    """OCPI allows a Session without charging periods, but there is nothing then that could be priced."""
    missing = (NEEDED_BUT_MISSING, "$.charging_periods")
    r.findings = [f for f in r.findings if (f.message, f.path) != missing]
    if "charging_periods" in cdr.unreadable:
        return cdr
    words = "the Session has no charging period yet, so no price can be made"
    r.findings.append(Finding("session-without-periods", Severity.WAITS, "$.charging_periods", words))
    return replace(cdr, unreadable=(*cdr.unreadable, "charging_periods"))


def _judge_status(cdr: Cdr, obj: Json, r: Reader, *, is_open: bool, is_asked: bool) -> None:
    """Say that the price is provisional and until when, and that an invalid Session is never billed."""
    status = r.text(obj, "status", "$")
    if status is not None and status not in _STATES:
        r.malformed("$.status", f"OCPI has {', '.join(_STATES)} here, not {printable(status)}")
    if status == "INVALID":
        words = "the Session is declared invalid: it will not be billed, whatever it costs"
        r.findings.append(Finding("session-invalid", Severity.BILLED_AND_LISTED, "$.status", words))
    if cdr.end is None:
        return
    until = f"{cdr.end:%Y-%m-%d %H:%M:%S} UTC"
    if not is_open:
        words = f"a Session, priced until its end, {until}; only its CDR is billed"
    else:
        why = "as asked" if is_asked else "its last_updated"
        words = f"a Session that has not ended, priced until {until} ({why}); only its CDR is billed"
    r.findings.append(Finding("provisional-price", Severity.INFORMATION, "$.status", words))


def apply_patch(session: Json, patch: object, version: str) -> Patched:
    """Return a Session as it is after a PATCH; nothing given is changed. `version` is the OCPI version of both.

    Fields that are there replace those of the Session whole. Of `charging_periods` a PATCH of 2.2.1 and later adds
    its periods to those that are there, and an empty list changes nothing (2.2.1, mod_sessions, PATCH Method); in
    2.1.1 the list replaces the other like any field, and one that gets shorter is reported. A PATCH that is no object
    or of another Session changes nothing and is reported (Q).
    """
    r = Reader()
    if not isinstance(patch, dict):
        r.malformed("$", f"not a PATCH of a Session but {kind_of(patch)}; nothing is changed")
        return Patched(session, tuple(r.findings))
    own, other = session.get("id"), patch.get("id")
    if other is not None and str(other).lower() != str(own).lower():
        words = f"the PATCH is of the Session {printable(str(other))}, not of {printable(str(own))}; nothing is changed"
        return Patched(session, (Finding("patch-of-another-session", Severity.WAITS, "$.id", words),))
    after = {**session, **patch}
    if "charging_periods" in patch:
        after["charging_periods"] = _patched_periods(session, patch, version, r)
    _judge_order(session, patch, version, r)
    return Patched(after, tuple(r.findings))


def _patched_periods(session: Json, patch: Json, version: str, r: Reader) -> object:
    before, added = session.get("charging_periods"), patch.get("charging_periods")
    if version == v211.VERSION:
        if isinstance(before, list) and len(added if isinstance(added, list) else ()) < len(before):
            words = "the PATCH replaces the charging periods by fewer, as 2.1.1 has it; those left out are gone"
            r.once("periods-got-fewer", Severity.BILLED_AND_LISTED, "$.charging_periods", words)
        return added
    if added is None or added == []:
        return before
    if not isinstance(added, list):
        r.malformed("$.charging_periods", f"{kind_of(added)} where OCPI has an array; no period is added")
        return before
    return [*before, *added] if isinstance(before, list) else added


def _judge_order(session: Json, patch: Json, version: str, r: Reader) -> None:
    """A PATCH has to say when it was made, and one that is older than the Session comes too late."""
    if patch.get("last_updated") is None:
        if version != v211.VERSION:
            words = "OCPI requires last_updated in a PATCH"
            r.findings.append(Finding("incomplete-record", Severity.BILLED_AND_LISTED, "$.last_updated", words))
        return
    made, before = r.instant(patch, "last_updated", "$"), Reader().instant(session, "last_updated", "$")
    if made is not None and before is not None and made < before:
        words = f"the PATCH is of {made:%Y-%m-%d %H:%M:%S}, the Session of {before:%Y-%m-%d %H:%M:%S} UTC; applied"
        r.findings.append(Finding("patch-out-of-order", Severity.BILLED_AND_LISTED, "$.last_updated", words))


def _read_place(obj: Json, r: Reader) -> CdrLocation:
    """Where a Session of 2.2.1 and later is: ids of the Locations module and nothing more."""
    location, evse_uid, connector = r.texts(obj, _PLACE, "$")
    return CdrLocation(id=location, evse_uid=evse_uid, connector_id=connector)


_DIALECT: Final = replace(v221.DIALECT, fields=_FIELDS, required=_REQUIRED, location=_read_place)
_DIALECTS: Final = {
    v211.VERSION: replace(v211.DIALECT, fields=_FIELDS_211, required=_REQUIRED_211, end="end_date_time"),
    v221.VERSION: _DIALECT,
    v230.VERSION: replace(_DIALECT, version=v230.VERSION, claim=v230.read_claim, tariffs=v230.TARIFFS),
}
