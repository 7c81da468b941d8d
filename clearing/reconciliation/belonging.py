"""Where a record belongs: the charge's month, the agreement in force, and what is billed elsewhere by rule."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from clearing.months import BillingMonth
from clearing.parties import Agreement, PartyId, Terms
from clearing.reconciliation.charge import Cause, Place
from clearing.records import ChargeRecord


def end_instant(record: ChargeRecord) -> datetime | None:
    """Return the end of a record; when it is unusable, also when it lies before the start, the start."""
    if record.end is None:
        return record.start
    if record.start is not None and record.end < record.start:
        return record.start
    return record.end


def place_of(record: ChargeRecord, terms: Terms, country_zone: str | None = None) -> Place:
    """Return a record's month, agreement and, when it is not billed here, why (contract, sections 3.1 and 3.5).

    The month is the local month of the end in the agreement's zone; without an agreement in the zone of the place
    (`country_zone`), else UTC.
    """
    instant = end_instant(record)
    agreement = terms.agreement_at(record.cpo, record.emsp, instant)
    month = None
    if instant is not None:
        month = BillingMonth.of(_local(instant, _zone(record, terms, agreement, country_zone)).date())
    return Place(month, agreement, _elsewhere(record, terms, instant))


def _zone(record: ChargeRecord, terms: Terms, agreement: Agreement | None, country_zone: str | None) -> str | None:
    if agreement is not None:
        return agreement.time_zone
    return terms.location_zone(record.cpo, record.location_id) or country_zone


def _local(instant: datetime, zone: str | None) -> datetime:
    return instant.astimezone(ZoneInfo(zone) if zone else UTC)


def _elsewhere(record: ChargeRecord, terms: Terms, instant: datetime | None) -> Cause | None:
    for rule in ELSEWHERE_RULES:
        cause = rule(record, terms, instant)
        if cause is not None:
            return cause
    return None


def internal_charge(record: ChargeRecord, terms: Terms, instant: datetime | None) -> Cause | None:
    """CPO and e-MSP are one company: nobody owes anybody."""
    cpo, emsp = terms.company(record.cpo), terms.company(record.emsp)
    if cpo is None or cpo is not emsp:
        return None
    return Cause(
        "internal-charge",
        f"CPO {record.cpo} and e-MSP {record.emsp} are one company, {cpo.name}: nothing to settle",
        "Nothing; if they are two companies, give each its own [[company]] in evclear.toml.",
    )


def paid_ad_hoc(record: ChargeRecord, terms: Terms, instant: datetime | None) -> Cause | None:
    """The driver paid at the station (OCPI 2.2.1, mod_tokens, TokenType AD_HOC_USER)."""
    if (record.token_type or "").upper() != "AD_HOC_USER":
        return None
    return Cause("paid-ad-hoc", "The driver paid on the spot (AD_HOC_USER): no e-MSP owes it", "Nothing.")


def before_agreement(record: ChargeRecord, terms: Terms, instant: datetime | None) -> Cause | None:
    """What ended before the pair's first agreement is never billed here."""
    agreements = terms.agreements_of(record.cpo, record.emsp)
    if not agreements or instant is None:
        return None
    first = agreements[0]
    day = first.local_day(instant)
    if day >= first.valid_from:
        return None
    return Cause(
        "before-agreement",
        f"Ended on {day}, before the first agreement of {first.cpo} and {first.emsp} (from {first.valid_from})",
        "Nothing; if it is owed, let the agreement begin earlier (valid_from in evclear.toml).",
        expected=f"on or after {first.valid_from}",
        found=str(day),
    )


ELSEWHERE_RULES = (internal_charge, paid_ad_hoc, before_agreement)
"""What is not billed here, in this order, before every other judgement but *repeated*."""


def row_party(party: PartyId | None, terms: Terms) -> PartyId | None:
    """Return the party as it stands in the report: None when it is unreadable or not in evclear.toml."""
    return party if terms.company(party) is not None else None
