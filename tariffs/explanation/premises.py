"""The premises of a price: which tariff, in which time zone, and what became of a reservation."""

from collections.abc import Iterator
from typing import Final

from tariffs.explanation.scene import Scene
from tariffs.explanation.values import Message, Name, Numbers, Step, Word
from tariffs.tariff import Tariff, Taxes
from tariffs.zones import ZoneSource

_HOW: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "overridden": ((), ()),
    "named": (("tariff_id", "tariffs"), ()),
    "only": (("tariffs",), ("tariff-for-the-whole-charge",)),
    "valid": (("tariffs", "validity"), ("tariff-for-the-whole-charge", "tariff-end-is-exclusive")),
    "fitting": (("tariffs", "tariff_type"), ("tariff-for-the-whole-charge",)),
    "first": (("tariffs",), ("tariff-for-the-whole-charge",)),
}
"""How a tariff was chosen → what OCPI says about it, and what we decided."""

_TAXES: Final[dict[Taxes, tuple[str, ...]]] = {
    Taxes.ADDED: ("no-vat-stated-is-no-vat",),
    Taxes.ADDED_UNKNOWN: (),
    Taxes.INCLUDED: ("no-vat-stated-is-no-vat",),
    Taxes.INCLUDED_UNKNOWN: (),
    Taxes.NONE: (),
    Taxes.UNSTATED: ("no-vat-stated-is-no-vat",),
}

_SOURCES: Final[dict[ZoneSource, tuple[str, ...]]] = {
    ZoneSource.STATED: (),
    ZoneSource.CDR_LOCATION: ("location_zone",),
    ZoneSource.LOCATIONS: ("location_zone",),
    ZoneSource.COUNTRY: ("country",),
    ZoneSource.COORDINATES: ("coordinates",),
    ZoneSource.CONFIGURED: (),
}


def tariff_section(scene: Scene) -> Step:
    """Which tariffs are in force, how each was found, what it says about taxes, limits and validity."""
    steps = [] if scene.chosen is None else list(_tariffs(scene))
    if not steps:
        steps = [Step(Message.of("tariff.none"), clauses=scene.cite("tariffs"))]
    return Step(Message.of("section.tariff"), steps=tuple(steps))


def _tariffs(scene: Scene) -> Iterator[Step]:
    chosen = scene.chosen
    assert chosen is not None
    places: dict[int, list[int]] = {}
    tariffs: dict[int, Tariff] = {}
    without: list[int] = []
    stretches = scene.charge.timeline.stretches if scene.charge is not None else ()
    for stretch, tariff in zip(stretches, chosen.tariffs, strict=True):
        if tariff is None:
            without.append(stretch.index + 1)
            continue
        tariffs[id(tariff)] = tariff
        places.setdefault(id(tariff), []).append(stretch.index + 1)
    cited, decided = _HOW.get(chosen.how, ((), ()))
    for key, tariff in tariffs.items():
        message = Message.of(
            f"tariff.{chosen.how}{'-several' if chosen.how == 'named' and len(places[key]) > 1 else ''}",
            tariff=Name(tariff.id),
            source=Word("source.cdr" if any(tariff is sent for sent in scene.cdr.tariffs) else "source.given"),
            periods=Numbers(tuple(places[key])),
        )
        yield Step(message, clauses=scene.cite(*cited), decisions=decided, steps=tuple(_terms(scene, tariff)))
    if without and tariffs:
        kind = "tariff.without" if len(without) == 1 else "tariff.without-several"
        message = Message.of(kind, periods=Numbers(tuple(without)))
        yield Step(message, clauses=scene.cite("tariff_id"))


def _terms(scene: Scene, tariff: Tariff) -> Iterator[Step]:
    """What a tariff says about itself: taxes, limits, validity."""
    taxes = tariff.taxes
    places = ("tax_included", "vat") if scene.version == "2.3.0" else ("vat",)
    decisions = _TAXES[taxes] if any(c.vat is None for e in tariff.elements for c in e.components) else ()
    yield Step(Message.of(f"taxes.{taxes.name}"), clauses=scene.cite(*places), decisions=decisions)
    for name, bound in (("min_price", tariff.min_price), ("max_price", tariff.max_price)):
        if bound is not None and scene.is_worked_out:
            yield Step(Message.of(f"tariff.has-{name}"), clauses=scene.cite(name))
    if tariff.start is not None:
        yield Step(Message.of("tariff.valid-from", start=scene.instant(tariff.start)), clauses=scene.cite("validity"))
    if tariff.end is not None:
        message = Message.of("tariff.valid-until", end=scene.instant(tariff.end))
        yield Step(message, clauses=scene.cite("validity"), decisions=("tariff-end-is-exclusive",))


def zone_section(scene: Scene) -> Step:
    """In which time zone times of day are read, where that comes from, and whether it matters."""
    zone, source = scene.breakdown.time_zone, scene.breakdown.time_zone_source
    charge = scene.charge
    is_asked = charge is not None and any(plan is not None and plan.needs_clock for plan in charge.plans)
    if zone is not None and source is not None:
        decisions = ("time-zone-by-place",)
        message = Message.of(f"zone.{ZoneSource(source).value}", zone=Name(zone))
        step = Step(message, clauses=scene.cite(*_SOURCES[ZoneSource(source)]), decisions=decisions)
        steps = [step] if is_asked else [step, Step(Message.of("zone.not-needed-but-shown"))]
    elif is_asked:
        steps = [Step(Message.of("zone.unknown"), decisions=("time-zone-by-place",))]
    else:
        steps = [Step(Message.of("zone.not-needed"))]
    return Step(Message.of("section.zone"), steps=tuple(steps))


def reservation_section(scene: Scene) -> Step | None:
    """Whether a reservation was used or expired, and by which sign; None where there was none."""
    charge = scene.charge
    if charge is None or charge.outcome is None:
        return None
    message = Message.of(f"outcome.by-{charge.outcome_by}", outcome=Word(f"outcome.{charge.outcome}"))
    decisions = ["reservation-outcome-by-signs"]
    if charge.outcome == "expired":
        decisions.append("expired-falls-back-to-reservation")
    step = Step(message, clauses=scene.cite("reservation"), decisions=tuple(decisions))
    return Step(Message.of("section.reservation"), steps=(step,))
