"""The charging periods in order of time: when, how much, and which element prices it."""

from collections.abc import Iterator
from decimal import Decimal, localcontext

from tariffs.explanation.choice import choices, choosing
from tariffs.explanation.scene import Scene
from tariffs.explanation.values import Duration, Formula, Message, Quantity, Step, Value, Word
from tariffs.quantity import SECONDS_PER_HOUR, WIDE, ZERO
from tariffs.timeline import CHARGED_DIMENSIONS, Stretch


def periods_section(scene: Scene) -> Step | None:
    """Every charging period with its measured volumes and, unless no price can be made, the element of each."""
    charge = scene.charge
    if charge is None:
        return None
    steps = []
    told = choosing(scene, charge) if _can_be_told(scene) else None
    for stretch, plan in zip(charge.timeline.stretches, charge.plans, strict=True):
        within = list(_measured(scene, stretch))
        if plan is None and not charge.is_refused:
            within.append(Step(Message.of("period.free"), clauses=scene.cite("tariff_id")))
        elif plan is not None and told is not None:
            within.extend(choices(told, stretch, plan))
        steps.append(Step(_heading(scene, stretch), clauses=scene.cite("period"), steps=tuple(within)))
    return Step(Message.of("section.periods"), steps=tuple(steps))


def _can_be_told(scene: Scene) -> bool:
    """Whether elements were chosen: of a refused charge only where the clock or an instant was missing."""
    charge = scene.charge
    assert charge is not None
    return not charge.is_refused or any(f.code in ("time-zone-unknown", "instant-unknown") for f in charge.findings)


def _heading(scene: Scene, stretch: Stretch) -> Message:
    place = stretch.index + 1
    if stretch.start is None:
        return Message.of("period.without-start", period=place)
    start = scene.instant(stretch.start)
    if stretch.end is None or stretch.wall_clock is None:
        return Message.of("period.open", period=place, start=start)
    end = scene.instant(stretch.end)
    return Message.of("period.heading", period=place, start=start, end=end, length=Duration(stretch.wall_clock))


def _measured(scene: Scene, stretch: Stretch) -> Iterator[Step]:
    """What the period states; durations are told in seconds, with what their hours were."""
    stated = _stated(scene, stretch)
    for dimension, volume in stretch.volumes.items():
        word = Word(f"dimension.{dimension}")
        if dimension == "ENERGY":
            yield Step(_of_energy(word, stated[dimension], volume), clauses=scene.cite("volume"))
            continue
        values: dict[str, Value] = {"dimension": word, "seconds": Quantity(volume, "s"), "duration": Duration(volume)}
        with localcontext(WIDE):
            literally = stated[dimension] * SECONDS_PER_HOUR
        hours = Formula(
            Quantity(stated[dimension], "h"), (("x", Quantity(SECONDS_PER_HOUR, "")),), Quantity(literally, "s")
        )
        if literally == volume:
            yield Step(Message.of("period.duration", **values), (hours,), scene.cite("volume"))
        else:
            decisions = ("hours-are-snapped-to-seconds",)
            yield Step(Message.of("period.duration-snapped", **values), (hours,), scene.cite("volume"), decisions)
    if not any(stretch.volumes.get(d) for d in CHARGED_DIMENSIONS):
        yield Step(Message.of("period.nothing"), clauses=scene.cite("dimension"))


def _of_energy(word: Word, stated: Decimal, volume: Decimal) -> Message:
    if stated == volume:
        return Message.of("period.energy", dimension=word, energy=Quantity(volume, "kWh"))
    return Message.of(
        "period.energy-noise", dimension=word, stated=Quantity(stated, "kWh"), energy=Quantity(volume, "kWh")
    )


def _stated(scene: Scene, stretch: Stretch) -> dict[str, Decimal]:
    """The volumes of a period as its sender wrote them, in kWh and hours."""
    found: dict[str, Decimal] = {}
    for dimension in scene.cdr.periods[stretch.index].dimensions:
        kind = "RESERVATION_TIME" if dimension.type == "RESERVATION_EXPIRES" else dimension.type
        found[kind] = WIDE.add(found.get(kind, ZERO), dimension.volume)
    return found
