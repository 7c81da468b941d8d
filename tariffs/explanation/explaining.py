"""explain(cdr): how a price came about, as a value that renderers write down in any language and form."""

from collections.abc import Sequence
from dataclasses import replace

from tariffs.breakdown import UNKNOWN_COST, Breakdown
from tariffs.cdr import Cdr
from tariffs.explanation.costs import costs_section
from tariffs.explanation.notes import findings_section
from tariffs.explanation.periods import periods_section
from tariffs.explanation.premises import reservation_section, tariff_section, zone_section
from tariffs.explanation.quantities import quantities_section
from tariffs.explanation.scene import Scene
from tariffs.explanation.totals import Running, claim_section, total_section
from tariffs.explanation.values import Explanation, Message, Name, Step, Value
from tariffs.findings import Finding, by_gravity
from tariffs.pricing import ZonesKnown, work_out
from tariffs.tariff import Tariff
from tariffs.verification import verify


def explain(
    cdr: Cdr,
    *,
    tariffs: Sequence[Tariff] = (),
    override: Tariff | None = None,
    time_zone: str | None = None,
    location_time_zone: str | None = None,
    operator_time_zone: str | None = None,
    profile: str | None = None,
    reservation_outcome: str | None = None,
    findings: Sequence[Finding] = (),
) -> Explanation:
    """Price a CDR as `price` does and tell every step: tariff, zone, elements, quantities, costs, limits, total.

    Arguments, exceptions and amounts (exact, unrounded, in the currency of the CDR) are those of `tariffs.price`;
    `findings` are those of reading the CDR, to be told with the others. Of a CDR without a price the explanation says
    what is missing and what to do. Each step cites OCPI in the version of the CDR, or an id of `tariffs.decisions`.
    """
    zones = ZonesKnown(time_zone, location_time_zone, operator_time_zone)
    breakdown, chosen, charge = work_out(cdr, tariffs, override, zones, profile, reservation_outcome)
    found = by_gravity([*findings, *breakdown.findings, *verify(cdr, breakdown)])
    scene = Scene(cdr, breakdown, chosen, charge)
    costs, amounts = costs_section(scene)
    total, exact = total_section(scene, amounts)
    sections = (
        tariff_section(scene) if charge is not None else None,
        zone_section(scene) if charge is not None else None,
        reservation_section(scene),
        periods_section(scene),
        quantities_section(scene),
        costs,
        total,
        claim_section(scene, exact),
        findings_section(found, scene.currency),
    )
    return Explanation(
        cdr.id,
        cdr.ocpi_version,
        cdr.currency,
        _heading(cdr),
        tuple(_answer(scene, exact)),
        tuple(_numbered([section for section in sections if section is not None], "")),
        found,
        breakdown,
    )


def explain_unreadable(findings: Sequence[Finding], version: str | None = None) -> Explanation:
    """Tell why a record could not be read as a CDR at all, and what to do; `findings` are those of reading it."""
    found = by_gravity(findings)
    section = findings_section(found, "")
    return Explanation(
        None,
        version or "",
        None,
        Message.of("heading.unreadable"),
        (Message.of("answer.none"),),
        tuple(_numbered([section] if section is not None else [], "")),
        found,
        Breakdown(None, None, (), UNKNOWN_COST, findings=found),
    )


def _heading(cdr: Cdr) -> Message:
    kind = "heading.session" if cdr.is_session else "heading.credit" if cdr.credit else "heading.cdr"
    values: dict[str, Value] = {"cdr": Name(cdr.id or "-"), "version": Name(cdr.ocpi_version)}
    return Message.of(kind, **values)


def _answer(scene: Scene, total: Running) -> list[Message]:
    """The result in a sentence or two, before all steps."""
    excl, incl = total.excl, total.incl
    kind = "answer.credit" if scene.cdr.credit else "answer"
    if excl is not None and incl is not None:
        return [Message.of(f"{kind}.both", excl=scene.amount(excl), incl=scene.amount(incl))]
    if excl is not None:
        return [Message.of(f"{kind}.excl", excl=scene.amount(excl))]
    if incl is not None:
        return [Message.of(f"{kind}.incl", incl=scene.amount(incl))]
    return [Message.of("answer.open" if scene.is_worked_out else "answer.none")]


def _numbered(steps: Sequence[Step], prefix: str) -> list[Step]:
    found = []
    for place, step in enumerate(steps, 1):
        id = f"{prefix}{place}"
        found.append(replace(step, id=id, steps=tuple(_numbered(step.steps, f"{id}."))))
    return found
