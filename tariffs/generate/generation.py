"""generate(tariff): CDRs by which every price component, threshold, step and limit of a tariff is seen at work.

Nothing is drawn by chance: the same tariff gives the same CDRs. Each is priced by `tariffs.price` and claims exactly
that, so it verifies without findings, except for those that the tariff itself brings about, which are told.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from tariffs.generate.course import Ground
from tariffs.generate.edges import Edge, edges_of
from tariffs.generate.facts import EXPIRED, STEPPED, USED, Fact, has_reservations, step_of
from tariffs.generate.place import place_in, zone_of_country
from tariffs.generate.reach import Component, components_of
from tariffs.generate.search import Search, Shown
from tariffs.generate.writing import Written, written
from tariffs.plan import plan_of
from tariffs.tariff import Tariff

_BUDGET: Final = 1500
_BUDGET_PER_ELEMENT: Final = 100
USUAL_DAY: Final = date(2026, 1, 5)
"""A Monday; where neither the caller nor the tariff says when."""


@dataclass(frozen=True, slots=True)
class Made:
    """One CDR as a JSON object, with what it shows and the findings that the tariff brings about."""

    id: str
    shows: tuple[str, ...]
    findings: tuple[str, ...]
    cdr: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class NotShown:
    """What no CDR shows: a component (`is_component`), a threshold, a step or a limit, and why."""

    element: int | None
    path: str
    what: str
    why: str
    is_component: bool


@dataclass(frozen=True, slots=True)
class Generated:
    """The CDRs for one tariff; `components` counts its price components."""

    tariff_id: str
    version: str
    time_zone: str
    made: tuple[Made, ...]
    not_shown: tuple[NotShown, ...]
    components: int

    @property
    def never_used(self) -> tuple[NotShown, ...]:
        """The price components that price nothing, with the reason."""
        return tuple(gap for gap in self.not_shown if gap.is_component)


def generate(
    obj: Mapping[str, object],
    tariff: Tariff,
    *,
    version: str = "2.2.1",
    time_zone: str | None = None,
    first_day: date | None = None,
    most: int | None = None,
    first_number: int = 1,
) -> Generated:
    """Return CDRs that show what a tariff does; `obj` is its decoded JSON, which every CDR brings along.

    `version` is the OCPI version of the tariff and its CDRs. `time_zone` is an IANA zone (else that of the tariff's
    country, else Europe/Berlin; `UnknownTimeZone` where no place has it), `first_day` the first local day of a charge
    (else the start of the tariff's validity, else the day it was last updated). At most `most` CDRs are made, those
    for price components first. Amounts are in the currency of the tariff, those of `tariffs.price`, at most twelve
    decimals. OCPI mod_cdrs, CDR object and ChargingPeriod; mod_tariffs, Tariff object.
    """
    place = place_in(time_zone or zone_of_country(tariff.country_code))
    known = tariff.start or tariff.last_updated
    day = first_day or (USUAL_DAY if known is None else known.astimezone(place.zone).date())
    ground = Ground(tariff, plan_of(tariff), place, version, day)
    search = Search(ground, budget=_BUDGET + _BUDGET_PER_ELEMENT * len(tariff.elements))
    components = components_of(tariff, version)
    never = list(_components(search, components))
    details = list(_details(search, components))
    # What a charge for something else shows after all is no gap.
    gaps = [gap for component, gap in never if component.why_never or not search.has_shown(component)]
    made = tuple(_made(shown, number, ground, obj) for number, shown in enumerate(search.kept[:most], first_number))
    return Generated(tariff.id, version, place.zone.key, made, (*gaps, *details), len(components))


def _made(shown: Shown, number: int, ground: Ground, obj: Mapping[str, object]) -> Made:
    shows = tuple(fact.told for fact in shown.facts)
    name = f"EV-{number:03}-{shown.slug.replace('_', '-')}"
    told: Written = written(shown.trial, ground, obj, name, shows)
    return Made(name, shows, told.findings, told.cdr)


def _components(search: Search, components: tuple[Component, ...]) -> Iterator[tuple[Component, NotShown]]:
    for component in components:
        if component.why_never or not search.component(component):
            yield component, _gap(component, component.why_never or _why(search, component))


def _gap(component: Component, why: str) -> NotShown:
    return NotShown(component.element, component.path, component.dimension, why, is_component=True)


def _why(search: Search, component: Component) -> str:
    """Why no course was found for a component that its restrictions alone would let count."""
    if not search.has_course:
        return "its restrictions are never met together: no such day, or no energy without time"
    if not search.was_valid:
        return "no day on which its restrictions are met lies within the validity of the tariff"
    if component.dimension == "FLAT":
        return "a FLAT is due once, at the first that applies, and another one always applies before"
    return "no charge meets its restrictions together where earlier elements leave room"


def _details(search: Search, components: tuple[Component, ...]) -> Iterator[NotShown]:
    """Thresholds and steps element by element, then limits and outcomes of reservations."""
    tariff = search.ground.tariff
    worn_out = "not looked for any more: too much of the tariff shows nowhere"
    for index, element in enumerate(tariff.elements):
        mine = [c for c in components if c.element == index and c.regions]
        for edge in edges_of(element.restrictions) if mine else ():
            if not search.edge(edge, edge_fact(index, edge), mine):
                why = "another threshold or an earlier element decides there"
                yield _detail(index, edge.field, edge.says, worn_out if search.is_worn_out else why)
        for component in mine:
            step = step_of(tariff, index, component.line) if component.line in STEPPED else 0
            for rounds in (True, False) if step > 1 else ():
                if not search.step(component, step, rounds=rounds):
                    what = f"{component.line}, step_size {step} {'rounds up' if rounds else 'meets a multiple'}"
                    why = "the element does not apply for so long"
                    yield _detail(index, "price_components", what, worn_out if search.is_worn_out else why)
    for name in ("min_price", "max_price"):
        for is_met in (True, False) if getattr(tariff, name) is not None else ():
            if not search.limit(name, is_met=is_met):
                what = f"{name} {'met' if is_met else 'not met'}"
                yield NotShown(None, f"$.{name}", what, "no charge costs so much or so little", is_component=False)
    if has_reservations(search.ground.plan) and search.ground.version != "2.1.1":
        search.outcome(USED)
        search.outcome(EXPIRED)


def edge_fact(element: int, edge: Edge) -> Fact:
    """Return the fact that a charge passes a threshold of an element."""
    side = {True: "-before", False: "-after"}[edge.enters] if edge.field == "day_of_week" else ""
    return Fact(f"{edge.field}{side}", f"{edge.says}, from one side to the other", element)


def _detail(index: int, field: str, what: str, why: str) -> NotShown:
    path = f"$.elements[{index}].{field if field == 'price_components' else f'restrictions.{field}'}"
    return NotShown(index, path, what, why, is_component=False)
