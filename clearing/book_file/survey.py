"""What a heap of CDRs and Sessions tells about who deals with whom: the ground for the stubs of `evclear init`.

Read leniently: whatever does not look like what it should be is not there. Judging records is `ingest`'s part.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from clearing.book_file.countries import country
from clearing.parties import PartyId, Role, parse_party_id
from tariffs.money import MINOR_DIGITS
from tariffs.ocpi.v211 import operator_of

_CONTRACT_ID = re.compile(r"([A-Z]{2})-?([A-Z0-9]{3})-?[A-Z0-9]{9}(-?[A-Z0-9])?", re.IGNORECASE)
"""eMI3 contract id: its provider is the e-MSP where a record does not name it."""
_FIRST_YEAR = 2000
"""Instants before it are place-holders or clocks that were never set."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A CPO and an e-MSP with charges between them; the most frequent currency and country come first."""

    cpo: PartyId
    emsp: PartyId
    records: int
    currencies: tuple[str, ...]
    countries: tuple[str, ...]
    first_end: datetime | None


@dataclass(frozen=True, slots=True)
class Survey:
    """The parties of the records with the roles they were seen in, and the pairs, both sorted."""

    roles: dict[PartyId, frozenset[Role]]
    pairs: tuple[Pair, ...]
    records: int = 0
    """How many CDRs and Sessions were looked at."""
    without_parties: int = 0
    """How many of them name no CPO or no e-MSP."""


class _Count:
    def __init__(self) -> None:
        self.records = 0
        self.currencies: Counter[str] = Counter()
        self.countries: Counter[str] = Counter()
        self.first_end: datetime | None = None


def survey(objects: Iterable[object]) -> Survey:
    """Look at decoded OCPI CDRs and Sessions of any version; other objects are passed over."""
    roles: dict[PartyId, set[Role]] = {}
    counts: dict[tuple[PartyId, PartyId], _Count] = {}
    records = without_parties = 0
    for one in objects:
        if not isinstance(one, dict) or not ("start_date_time" in one or "cdr_token" in one):
            continue
        records += 1
        cpo, emsp = _cpo(one), _emsp(one)
        for party, role in ((cpo, Role.CPO), (emsp, Role.EMSP)):
            if party is not None:
                roles.setdefault(party, set()).add(role)
        if cpo is None or (emsp is None and not _is_ad_hoc(one)):
            without_parties += 1
        elif emsp is not None and emsp != cpo:
            _count(counts.setdefault((cpo, emsp), _Count()), one)
    return Survey(
        {party: frozenset(roles[party]) for party in sorted(roles)},
        tuple(
            Pair(*pair, seen.records, _most_frequent(seen.currencies), _most_frequent(seen.countries), seen.first_end)
            for pair, seen in sorted(counts.items())
        ),
        records,
        without_parties,
    )


def _count(seen: _Count, charge: dict[str, object]) -> None:
    seen.records += 1
    currency = charge.get("currency")
    if isinstance(currency, str) and currency.upper() in MINOR_DIGITS:
        seen.currencies[currency.upper()] += 1
    place = charge.get("cdr_location") or charge.get("location")
    found = country(str(place.get("country"))) if isinstance(place, dict) else None
    if found is not None:
        seen.countries[found.alpha2] += 1
    end = _instant(charge.get("end_date_time") or charge.get("stop_date_time") or charge.get("start_date_time"))
    if end is not None and (seen.first_end is None or end < seen.first_end):
        seen.first_end = end


def _cpo(charge: dict[str, object]) -> PartyId | None:
    """The CPO of a charge: named by the record, else by the id of its one EVSE (OCPI 2.1.1)."""
    location = charge.get("location")
    evses = location.get("evses") if isinstance(location, dict) else None
    evse = evses[0] if isinstance(evses, list) and len(evses) == 1 and isinstance(evses[0], dict) else {}
    evse_id = evse.get("evse_id") or evse.get("uid")
    told = operator_of(evse_id) if isinstance(evse_id, str) else None
    return _party(charge) or (parse_party_id("*".join(told)) if told else None)


def _emsp(charge: dict[str, object]) -> PartyId | None:
    """The e-MSP of a charge: named by its token, else the provider of its contract id; an ad hoc charge has none."""
    if _is_ad_hoc(charge):
        return None
    token = charge.get("cdr_token")
    if isinstance(token, dict):
        contract = token.get("contract_id")
        return _party(token) or _provider(contract)
    return _provider(charge.get("auth_id"))


def _is_ad_hoc(charge: dict[str, object]) -> bool:
    token = charge.get("cdr_token")
    return isinstance(token, dict) and token.get("type") == "AD_HOC_USER"


def _party(owner: dict[str, object]) -> PartyId | None:
    country_code, party = owner.get("country_code"), owner.get("party_id")
    if not isinstance(country_code, str) or not isinstance(party, str):
        return None
    try:
        return parse_party_id(f"{country_code}*{party}")
    except ValueError:
        return None


def _provider(contract_id: object) -> PartyId | None:
    found = _CONTRACT_ID.fullmatch(contract_id.strip()) if isinstance(contract_id, str) else None
    return parse_party_id(f"{found[1]}*{found[2]}") if found else None


def _instant(text: object) -> datetime | None:
    try:
        instant = datetime.fromisoformat(str(text))
        instant = instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return instant if instant.year >= _FIRST_YEAR else None


def _most_frequent(counter: Counter[str]) -> tuple[str, ...]:
    return tuple(sorted(counter, key=lambda one: (-counter[one], one)))
