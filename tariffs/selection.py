"""The tariff in force in each charging period (pricing rules 5 and 6).

By `tariff_id` of the period where any period has one, else one tariff for the whole charge by validity and type.
Never another tariff than the one named, and never a change by date in mid-charge (OCPI mod_tariffs, NOTE).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from tariffs.cdr import Cdr
from tariffs.findings import Finding, Severity
from tariffs.tariff import Tariff, same_terms
from tariffs.timeline import Stretch

_LONG_AGO: Final = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Doubt:
    """A choice of `taken` that could have gone to `other`; the finding says so with the total it would make."""

    code: str
    words: str
    taken: Tariff
    other: Tariff


@dataclass(frozen=True, slots=True)
class Selection:
    """One tariff per stretch, in their order; None where no tariff is relevant. Refused: no price can be made.

    `how` they were found: "overridden", "named" by the periods, the "only" one there is, the only "valid" one, the
    one that is "fitting" by its type, or the "first" of several that fit.
    """

    tariffs: tuple[Tariff | None, ...]
    findings: tuple[Finding, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    refused: bool = False
    how: str = ""


def tariffs_in_force(
    cdr: Cdr,
    stretches: Sequence[Stretch],
    given: Sequence[Tariff],
    override: Tariff | None,
    profile: str | None,
) -> Selection:
    """Choose the tariff of every stretch; `profile` is the preference known of the driver (a PROFILE_* type)."""
    count = len(stretches)
    if override is not None:
        words = f"priced by the tariff {override.id} regardless of what the CDR names"
        finding = _finding("tariff-overridden", "I", "$.tariffs", words)
        return Selection((override,) * count, (finding,), how="overridden")
    if any(s.tariff_id is not None for s in stretches):
        chosen = _by_id(cdr, stretches, given)
    else:
        chosen = _for_all(cdr, count, given, profile)
    if given and cdr.tariffs and not chosen.refused:
        return replace(chosen, doubts=(*chosen.doubts, *_drifts(cdr, given, chosen)))
    return chosen


def _drifts(cdr: Cdr, given: Sequence[Tariff], chosen: Selection) -> list[Doubt]:
    """Tariffs of the CDR that the caller has with other prices: those of the CDR count (pricing rule 7)."""
    found: list[Doubt] = []
    for tariff in {id(t): t for t in chosen.tariffs if t is not None}.values():
        if not any(tariff is sent for sent in cdr.tariffs):
            continue
        same = _of_party(cdr, [t for t in given if t.id.lower() == tariff.id.lower()])
        if same and not any(same_terms(tariff, other) for other in same):
            words = f"the tariff {tariff.id} in the CDR charges otherwise than the one given; that of the CDR counts"
            found.append(Doubt("tariff-not-as-given", words, tariff, _ranked(same, cdr.start)[0]))
    return found


def _by_id(cdr: Cdr, stretches: Sequence[Stretch], given: Sequence[Tariff]) -> Selection:
    found: dict[str, Tariff | None] = {}
    findings: list[Finding] = []
    doubts: list[Doubt] = []
    brought: dict[str, list[Tariff]] = {}
    for tariff in cdr.tariffs:
        brought.setdefault(tariff.id.lower(), []).append(tariff)
    for stretch in stretches:
        if stretch.tariff_id is None or stretch.tariff_id.lower() in found:
            continue
        key = stretch.tariff_id.lower()  # CiString
        same = brought.get(key) or _of_party(cdr, [t for t in given if t.id.lower() == key])
        if len(same) == 1:
            found[key] = same[0]
            continue
        if same:
            found[key] = _one_of(same, cdr.start, doubts)
            continue
        found[key] = None
        path = f"$.charging_periods[{stretch.index}].tariff_id"
        words = f"the tariff {stretch.tariff_id} is neither in the CDR nor among those given"
        findings.append(_finding("unknown-tariff", "Q", path, words))
    chosen = tuple(found[s.tariff_id.lower()] if s.tariff_id is not None else None for s in stretches)
    return Selection(chosen, tuple(findings), tuple(doubts), refused=bool(findings), how="named")


def _one_of(same: Sequence[Tariff], at: datetime | None, doubts: list[Doubt]) -> Tariff:
    """Of several tariffs of one id: equal ones are one; else the one valid at the start, then the latest."""
    distinct = _distinct(same)
    if len(distinct) == 1:
        return distinct[0]
    ranked = _ranked(distinct, at)
    words = f"the tariff {ranked[0].id} stands there more than once with different content; the one valid, then latest"
    doubts.append(Doubt("tariff-given-twice", words, ranked[0], ranked[1]))
    return ranked[0]


def _ranked(tariffs: Sequence[Tariff], at: datetime | None) -> list[Tariff]:
    """Those valid at the start first, of these the latest."""
    return sorted(tariffs, key=lambda t: (_is_valid(t, at), t.last_updated or _LONG_AGO), reverse=True)


def _for_all(cdr: Cdr, count: int, given: Sequence[Tariff], profile: str | None) -> Selection:
    candidates = _distinct(cdr.tariffs or _of_party(cdr, given))
    if not candidates:
        words = "the CDR brings no tariff and names none, and none was given beside it"
        return Selection((None,) * count, (_finding("no-tariff", "Q", "$.tariffs", words),), refused=True)
    if cdr.start is None and any(t.start or t.end for t in candidates):
        words = "the start is unknown, so the validity of the tariffs cannot be judged"
        finding = _finding("instant-unknown", "Q", "$.start_date_time", words)
        return Selection((None,) * count, (finding,), refused=True)
    findings: list[Finding] = []
    valid = [t for t in candidates if _is_valid(t, cdr.start)]
    if not valid:
        if len(candidates) > 1:
            words = "none of the tariffs is valid at the start of the charge"
            return Selection((None,) * count, (_finding("no-tariff", "Q", "$.tariffs", words),), refused=True)
        words = f"the only tariff {candidates[0].id} is not valid at the start of the charge"
        findings.append(_finding("tariff-not-valid-at-start", "W", "$.tariffs", words))
        valid = candidates
    fitting = _fitting(cdr, valid, profile)
    if not fitting:
        words = f"the tariff {valid[0].id} is of type {valid[0].type}, which this driver has no claim to by the CDR"
        findings.append(_finding("tariff-type-mismatch", "W", "$.tariffs", words))
        fitting = valid
    words = f"the tariff {fitting[0].id} is taken as the first of several that fit"
    doubts = [Doubt("several-tariffs", words, fitting[0], other) for other in fitting[1:2]]
    how = "first"
    if len(fitting) == 1:
        how = "only" if len(candidates) == 1 else "valid" if len(valid) == 1 else "fitting"
    return Selection((fitting[0],) * count, tuple(findings), tuple(doubts), how=how)


def _fitting(cdr: Cdr, valid: Sequence[Tariff], profile: str | None) -> list[Tariff]:
    """Those of the best type: the known preference, ad hoc for ad hoc users, else regular (OCPI TariffType)."""
    preferred = [profile] if profile is not None else []
    if cdr.token.type == "AD_HOC_USER":
        preferred.append("AD_HOC_PAYMENT")
    for kind in preferred:
        fitting = [t for t in valid if t.type == kind]
        if fitting:
            return fitting
    return [t for t in valid if t.type is None or t.type == "REGULAR"]


def _is_valid(tariff: Tariff, at: datetime | None) -> bool:
    if at is None:
        return tariff.start is None and tariff.end is None
    return (tariff.start is None or tariff.start <= at) and (tariff.end is None or at < tariff.end)


def _of_party(cdr: Cdr, tariffs: Sequence[Tariff]) -> Sequence[Tariff]:
    """Those of the CDR's own CPO where any is; a tariff file without owners serves everyone."""
    own = [
        t
        for t in tariffs
        if (t.country_code or "").upper() == (cdr.country_code or "-").upper()
        and (t.party_id or "").upper() == (cdr.party_id or "-").upper()
    ]
    return own or tariffs


def _distinct(tariffs: Sequence[Tariff]) -> list[Tariff]:
    return list(tariffs) if len(tariffs) == 1 else list(dict.fromkeys(tariffs))


def _finding(code: str, severity: str, path: str, words: str) -> Finding:
    return Finding(code, Severity(severity), path, words)
