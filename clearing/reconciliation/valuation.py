"""What our own tariff engine makes of a CPO's CDR, and whether its tariff is the one that was published."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

import tariffs
from clearing.parties import PartyId, Terms, party_id
from clearing.reconciliation.charge import Cause, plain
from tariffs.breakdown import Breakdown, Cost
from tariffs.cdr import Cdr, Claim
from tariffs.differences import account
from tariffs.findings import Finding
from tariffs.rounding import PROFILES, round_by
from tariffs.tariff import Tariff, same_terms

Published = Mapping[tuple[PartyId, str], Sequence[Tariff]]
"""(CPO, folded tariff id) → every version its CPO published, oldest first."""


@dataclass(frozen=True, slots=True)
class Valuation:
    """Our price of one CDR, the energy its periods add up to (kWh), and a drift from the published tariff."""

    breakdown: Breakdown
    """Total, tariffs and findings; its lines and parts are left out, as a month holds 100,000 of these at once."""
    period_kwh: Decimal | None
    drift: Cause | None = None
    as_agreed: Cost | None = None
    """Our total as the CPO rounds it by the agreement (`claim_rounding`); only of a charge whose claim differs."""
    explanation: str = ""
    """What makes the claim where it differs, in words; empty where nobody looked for it."""

    def is_as_agreed(self, claim: Claim | None) -> bool:
        """Whether a claim is our price as the CPO rounds it by the agreement, before taxes, else including them."""
        if self.as_agreed is None or claim is None:
            return False
        if self.as_agreed.excl_vat is None:
            return claim.incl_vat is not None and claim.incl_vat == self.as_agreed.incl_vat
        return claim.excl_vat == self.as_agreed.excl_vat


def value(cdr: Cdr, published: Published, terms: Terms) -> Valuation:
    """Price a CDR by its own tariffs, else by those its CPO published (pricing rules 5 and 7)."""
    known, zone = _at_hand(cdr, published, terms)
    breakdown = tariffs.price(cdr, tariffs=known, location_time_zone=zone)
    # What the published tariff would make is said once, by `tariff-not-as-published`.
    priced = tuple(f for f in breakdown.findings if f.code != "tariff-not-as-given")
    notes = (*priced, *tariffs.verify(cdr, breakdown))
    drift = _drift(cdr, known, breakdown, zone) if cdr.tariffs and known else None
    return Valuation(_kept(breakdown, notes), period_energy(cdr), drift)


def _at_hand(cdr: Cdr, published: Published, terms: Terms) -> tuple[tuple[Tariff, ...], str | None]:
    """The published tariffs that a CDR may mean, and the zone that the book states for its site."""
    owner = _owner(cdr)
    return _in_force(cdr, owner, published), terms.location_zone(owner, cdr.location.id)


def explained(
    valuation: Valuation, cdr: Cdr, published: Published, terms: Terms, claim_rounding: str | None, *, in_full: bool
) -> Valuation:
    """Look for what makes a claim that differs: the agreed rounding first; `in_full` also every other cause.

    A claim that the agreed rounding makes needs no explanation. The causes are those of `tariffs.differences`: each
    makes the claim to its last digit.
    """
    known, zone = _at_hand(cdr, published, terms)
    breakdown = tariffs.price(cdr, tariffs=known, location_time_zone=zone)
    if claim_rounding is not None:
        valuation = replace(valuation, as_agreed=round_by(breakdown, PROFILES[claim_rounding]))
        if valuation.is_as_agreed(cdr.total_cost):
            return valuation
    words = _NOT_LOOKED_FOR
    if in_full:
        others = _others(cdr, published)
        found = account(cdr, breakdown, tariffs=known, location_time_zone=zone, others=others)
        words = f"explained by: the CPO {found.words}" if found.causes else _UNEXPLAINED
    return replace(valuation, explanation=words)


def _others(cdr: Cdr, published: Published) -> list[Tariff]:
    """All that its CPO published, by id, the newest version first."""
    owner = _owner(cdr)
    own = sorted(tariff_id for cpo, tariff_id in published if cpo == owner)
    return [version for tariff_id in own for version in reversed(published[owner, tariff_id])] if owner else []


def _owner(cdr: Cdr) -> PartyId | None:
    return party_id(cdr.country_code, cdr.party_id) if cdr.country_code and cdr.party_id else None


_UNEXPLAINED: Final = "unexplained: no other way to round or to read the tariff makes it"
_NOT_LOOKED_FOR: Final = "so do many others of this pair: evclear differences FILE says why"


def _kept(made: Breakdown, notes: tuple[Finding, ...]) -> Breakdown:
    return Breakdown(made.currency, made.time_zone, made.tariff_ids, made.total_cost, findings=notes)


def period_energy(cdr: Cdr) -> Decimal | None:
    """Return the sum of the ENERGY volumes of all charging periods in kWh; None when none states any."""
    volumes = [d.volume for period in cdr.periods for d in period.dimensions if d.type == "ENERGY"]
    return sum(volumes, Decimal(0)) if volumes else None


def _in_force(cdr: Cdr, owner: PartyId | None, published: Published) -> tuple[Tariff, ...]:
    """Return the published version of each tariff the CDR names, as it stood at the start of the charge."""
    if owner is None:
        return ()
    wanted = {p.tariff_id.lower(): None for p in cdr.periods if p.tariff_id}
    wanted.update((tariff.id.lower(), None) for tariff in cdr.tariffs)
    found = []
    for tariff_id in wanted:
        versions = published.get((owner, tariff_id), ())
        past = [v for v in versions if v.last_updated is None or cdr.start is None or v.last_updated <= cdr.start]
        if versions:
            found.append(past[-1] if past else versions[0])
    return tuple(found)


def _drift(cdr: Cdr, published: Sequence[Tariff], breakdown: Breakdown, zone: str | None) -> Cause | None:
    embedded = {tariff.id.lower(): tariff for tariff in cdr.tariffs}
    changed = [t for t in published if t.id.lower() in embedded and not same_terms(embedded[t.id.lower()], t)]
    if not changed:
        return None
    by_published = tariffs.price(
        replace(cdr, tariffs=()), tariffs=[*published, *cdr.tariffs], location_time_zone=zone
    ).total_cost.excl_vat
    ours = breakdown.total_cost.excl_vat
    stake = ours - by_published if ours is not None and by_published is not None else None
    names = ", ".join(t.id for t in changed)
    return Cause(
        "tariff-not-as-published",
        f"The tariff {names} inside the CDR is not the one its CPO published: it makes {plain(ours, 2)}, the published "
        f"one {plain(by_published, 2)} {cdr.currency or ''}",
        "Ask the CPO which tariff holds; accept to bill by the CDR, reject to refuse the charge.",
        expected=plain(by_published, 2),
        found=plain(ours, 2),
        at_stake=stake,
    )
