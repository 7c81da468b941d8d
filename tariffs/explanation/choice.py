"""Which element prices each volume of a charging period, and why each earlier one does not (pricing rules 9 and 10).

Who applies was decided by the engine; here its own tests are asked again, one by one, for their answers.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from tariffs.charge import Charge, moment_of
from tariffs.explanation.reasons import Reason, reasons_of
from tariffs.explanation.scene import Scene
from tariffs.explanation.values import (
    Message,
    Name,
    Numbers,
    Percentage,
    Reasons,
    Step,
    UnitPrice,
    Value,
    Word,
)
from tariffs.findings import Finding
from tariffs.plan import Option, Options, Plan, choose
from tariffs.quantity import ZERO
from tariffs.restrictions import Moment
from tariffs.tariff import Restrictions, Tariff
from tariffs.timeline import Stretch

PER: Final = {"ENERGY": "kWh", "TIME": "h", "PARKING_TIME": "h", "RESERVATION_TIME": "h"}
"""The unit that the price of a dimension is for; a FLAT is for the charge."""
_BY_RESERVATION: Final = frozenset({"passed.for-reservations", "passed.for-charging", "passed.for-expired"})
_UNRESTRICTED: Final = {
    None: "choice.unrestricted",
    "RESERVATION": "choice.for-reservations",
    "RESERVATION_EXPIRES": "choice.for-expired",
}


@dataclass(frozen=True, slots=True)
class Choosing:
    """A charge whose choices are told: where each FLAT was taken, and the findings of each charging period."""

    scene: Scene
    charge: Charge
    places: dict[int, int]
    """Charging period → its place in order of time."""
    taken: dict[str, int]
    """A kind of FLAT → the place of the charging period that took it."""
    spanning: dict[str, list[Finding]]
    """The path of a charging period → what was found about prices that change within it."""


def choosing(scene: Scene, charge: Charge) -> Choosing:
    """Look once at what the choices of every charging period need."""
    places = {stretch.index: place for place, stretch in enumerate(charge.timeline.stretches)}
    taken: dict[str, int] = {}
    for priced in charge.priced:
        if priced.dimension in ("FLAT", "RESERVATION_FLAT"):
            taken[priced.dimension] = places[priced.period]
    spanning: dict[str, list[Finding]] = {}
    for finding in scene.breakdown.findings:
        if finding.code == "period-spans-price-change":
            spanning.setdefault(finding.path, []).append(finding)
    return Choosing(scene, charge, places, taken, spanning)


def choices(of: Choosing, stretch: Stretch, plan: Plan) -> Iterator[Step]:
    """Tell the element of every volume of a charging period."""
    charge = of.charge
    if stretch.is_charging:
        moment = moment_of(charge, stretch, plan, stretch.kwh_before, reservation=False)
        if plan.charging["FLAT"] and _may_be_due(of, "FLAT", stretch):
            yield _choice(of, stretch, plan, "FLAT", plan.charging, moment)
        for dimension in ("ENERGY", "TIME", "PARKING_TIME"):
            if stretch.volumes.get(dimension):
                yield _choice(of, stretch, plan, dimension, plan.charging, moment)
    if stretch.is_reservation:
        options = plan.expired if charge.outcome == "expired" else plan.used
        moment = moment_of(charge, stretch, plan, ZERO, reservation=True)
        if options["FLAT"] and _may_be_due(of, "RESERVATION_FLAT", stretch):
            yield _choice(of, stretch, plan, "RESERVATION_FLAT", options, moment)
        if stretch.volumes.get("RESERVATION_TIME"):
            yield _choice(of, stretch, plan, "RESERVATION_TIME", options, moment)


def _may_be_due(of: Choosing, dimension: str, stretch: Stretch) -> bool:
    """Whether no earlier period has taken the FLAT, which is due once."""
    return dimension not in of.taken or of.places[stretch.index] <= of.taken[dimension]


def _choice(of: Choosing, stretch: Stretch, plan: Plan, dimension: str, options: Options, moment: Moment) -> Step:
    scene = of.scene
    is_reservation = dimension.startswith("RESERVATION")
    priced = {"RESERVATION_TIME": "TIME", "RESERVATION_FLAT": "FLAT"}.get(dimension, dimension)
    since = "reservation" if is_reservation else "session"
    taken = choose(options[priced], replace(moment, noted=set(), unsure=set()))
    passed = tuple(_passed_over(scene, plan, options, priced, taken, moment, since))
    word = Word(f"dimension.{dimension}")
    spans = tuple(_spans(of, stretch, dimension))
    if taken is None:
        message = Message.of("choice.none", dimension=word)
        return Step(message, clauses=scene.cite("elements"), decisions=_by_version(scene, ()), steps=(*passed, *spans))
    reasons = reasons_of(taken, moment, since)
    unknown = tuple(reason for reason in reasons if reason.is_open)
    if unknown:
        told = Reasons(tuple(reason.message for reason in unknown))
        message = Message.of(
            "choice.open", dimension=word, element=taken.element + 1, tariff=Name(taken.tariff_id), reasons=told
        )
        return Step(message, clauses=scene.cite(*(r.restriction for r in unknown)), steps=passed)
    steps = (*passed, *_conditions(scene, taken, reasons), *spans)
    values: dict[str, Value] = {
        "dimension": word,
        "element": taken.element + 1,
        "tariff": Name(taken.tariff_id),
        "price": unit_price(scene, taken, dimension),
    }
    kind = "choice.taken"
    if taken.component.vat is not None:
        kind = "choice.taken-with-vat"
        values["vat"] = Percentage(taken.component.vat)
    decisions = _by_version(scene, reasons)
    if dimension in ("FLAT", "RESERVATION_FLAT"):
        decisions = (*decisions, "first-flat-of-a-charge")
        cited = scene.cite("elements", "flat")
    else:
        cited = scene.cite("elements", "price")
    return Step(Message.of(kind, **values), clauses=cited, decisions=decisions, steps=steps)


def unit_price(scene: Scene, option: Option, dimension: str) -> UnitPrice:
    """The price of an element for a dimension, per kWh, per hour, or for the charge."""
    return UnitPrice(option.component.price, scene.currency, PER.get(dimension, ""))


def _by_version(scene: Scene, reasons: tuple[Reason, ...]) -> tuple[str, ...]:
    """What OCPI 2.1.1 leaves open and 2.2.1 says."""
    if scene.version != "2.1.1":
        return ()
    by_duration = any(r.restriction.endswith("duration") for r in reasons)
    return ("element-for-each-dimension", *(["duration-from-the-session-start"] if by_duration else []))


def _conditions(scene: Scene, taken: Option, reasons: tuple[Reason, ...]) -> Iterator[Step]:
    """Why the element that was taken applies."""
    unknown = set(taken.restrictions.unknown) - {"booking"}
    for key in sorted(unknown):
        message = Message.of("choice.unknown-restriction", restriction=Name(key))
        yield Step(message, decisions=("unknown-restriction-is-absent",))
    decisions = [d for reason in reasons for d in reason.decisions]
    if _is_whole_day(taken.restrictions):
        decisions.append("equal-times-are-the-whole-day")
    if not reasons:
        kind = _UNRESTRICTED[taken.restrictions.reservation] if not decisions else "choice.whole-day"
        places = scene.cite("reservation") if taken.restrictions.reservation is not None else ()
        yield Step(Message.of(kind, element=taken.element + 1), clauses=places, decisions=tuple(decisions))
        return
    message = Message.of(
        "choice.because", element=taken.element + 1, reasons=Reasons(tuple(r.message for r in reasons))
    )
    yield Step(
        message, clauses=scene.cite(*(r.restriction for r in reasons)), decisions=tuple(dict.fromkeys(decisions))
    )


def _is_whole_day(r: Restrictions) -> bool:
    return r.start_time is not None and r.start_time == r.end_time


def _passed_over(
    scene: Scene, plan: Plan, options: Options, priced: str, taken: Option | None, moment: Moment, since: str
) -> Iterator[Step]:
    """The elements before the one that was taken, those of one reason together."""
    tested = {option.element: option for option in options[priced]}
    groups: dict[tuple[Message, ...], list[int]] = {}
    details: dict[tuple[Message, ...], tuple[Reason, ...]] = {}
    for index in _walk(plan.tariff, options is plan.expired):
        if taken is not None and index == taken.element:
            break
        option = tested.get(index)
        unmet: tuple[Reason, ...] = ()
        if option is None:
            words: tuple[Message, ...] = (Message.of(f"passed.{_no_candidate(plan.tariff, index, options, plan)}"),)
        else:
            unmet = tuple(r for r in reasons_of(option, moment, since) if not r.is_met)
            words = tuple(r.message for r in unmet)
        groups.setdefault(words, []).append(index + 1)
        details[words] = unmet
    for words, places in groups.items():
        kind = "choice.passed" if len(places) == 1 else "choice.passed-several"
        message = Message.of(kind, elements=Numbers(tuple(places)), reasons=Reasons(words))
        found = details[words]
        decisions = tuple(dict.fromkeys(d for r in found for d in r.decisions))
        cited = tuple(r.restriction for r in found)
        if words[0].id == "passed.booking":
            decisions = ("bookings-are-not-priced",)
        elif words[0].id in _BY_RESERVATION:
            cited = ("reservation",)
        yield Step(message, clauses=scene.cite(*cited), decisions=decisions)


def _walk(tariff: Tariff, is_expired: bool) -> list[int]:
    """The elements in the order in which they are tried: for an expired reservation, those for it come first."""
    places = list(range(len(tariff.elements)))
    if not is_expired:
        return places
    return sorted(places, key=lambda at: tariff.elements[at].restrictions.reservation != "RESERVATION_EXPIRES")


def _no_candidate(tariff: Tariff, index: int, options: Options, plan: Plan) -> str:
    """Why an element is not even asked: made for something else, or without a price for the dimension."""
    if any(o.element == index for kind in plan.bookings.values() for o in kind):
        return "booking"
    reservation = tariff.elements[index].restrictions.reservation
    if options is plan.charging:
        return "no-price" if reservation is None else "for-reservations"
    if reservation is None:
        return "for-charging"
    return "no-price" if reservation == "RESERVATION" or options is plan.expired else "for-expired"


def _spans(of: Choosing, stretch: Stretch, dimension: str) -> Iterator[Step]:
    """A price that changes inside the period: the one at its start counts."""
    scene = of.scene
    for finding in of.spanning.get(f"$.charging_periods[{stretch.index}]", ()):
        if f" {dimension} " in finding.message:
            assert finding.money is not None  # it always tells what is at stake
            message = Message.of("choice.spans", money=scene.amount(finding.money))
            yield Step(message, clauses=scene.cite("period"), decisions=("price-at-the-start-of-the-period",))
