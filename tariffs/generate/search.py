"""The search for courses that show a fact: goals one after the other, each served by the first course that does.

A course is taken when its price has nothing to object to; where every course that shows the fact has something, as
the tariff itself brings it about, the first of them is taken with its objections.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import chain, islice
from typing import Final

from tariffs.generate.course import CHARGE, PARK, RESERVE, Course, Ground, Leg
from tariffs.generate.edges import Edge, beside, crossings, passes
from tariffs.generate.facts import Fact, component_fact, facts_of, limit_fact, measured, outcome_fact, step_fact
from tariffs.generate.reach import CHARGING, USED, Component
from tariffs.generate.stretching import stepped, stretched
from tariffs.generate.trial import Trial, try_out
from tariffs.generate.witness import LONG, courses, usual_charge
from tariffs.lint.region import Region

_TRIES: Final = 100
_FEW: Final = 12


@dataclass(slots=True)
class Shown:
    """A trial that is kept, with what it is for and all that it shows."""

    slug: str
    trial: Trial
    facts: list[Fact]


@dataclass(slots=True)
class Search:
    """The trials kept so far for one tariff, and whether any course lay within its validity."""

    ground: Ground
    kept: list[Shown] = field(default_factory=list)
    facts: set[Fact] = field(default_factory=set)
    budget: int = 0
    """How many more courses may be tried for thresholds and steps; all else is always looked for."""
    has_course: bool = False
    was_valid: bool = False

    @property
    def is_worn_out(self) -> bool:
        """Whether nothing more is looked for."""
        return self.budget <= 0

    def component(self, component: Component) -> bool:
        """Look for a charge that a component prices; a FLAT is due once, so what comes before it matters."""
        fact = component_fact(component.element, component.line)
        if fact in self.facts:
            return True
        self.has_course = self.was_valid = False
        made = _in_turns([self._courses(component, region) for region in component.regions])
        shows = (component.element, component.line)
        return self._keep(fact, self._first(made, lambda trial: shows in trial.shown, 2 * _TRIES))

    def has_shown(self, component: Component) -> bool:
        """Whether any charge kept so far is priced by a component."""
        return component_fact(component.element, component.line) in self.facts

    def edge(self, edge: Edge, fact: Fact, components: Iterable[Component]) -> bool:
        """Look for a charge that passes a threshold of an element, else for two on either side of it."""
        second: Trial | None = None
        for component in components:
            found = self._crossing(edge, component)
            if found is not None and not found.objections:
                return self._keep(fact, found)
            second = second or found
        return any(self._sides(edge, c, fact, second is None) for c in components) or self._keep(fact, second)

    def _crossing(self, edge: Edge, component: Component) -> Trial | None:
        tried = {crossing.course: crossing for crossing in islice(crossings(edge, component, self.ground), _TRIES)}

        def shows(trial: Trial) -> bool:
            return passes(trial, tried[trial.course], edge, component)

        return self._first(tried, shows)

    def _sides(self, edge: Edge, component: Component, fact: Fact, is_last_resort: bool) -> bool:
        """Two charges: one that begins with the last step inside, and one that begins just outside."""
        key = (component.element, component.line)
        r = self.ground.tariff.elements[component.element].restrictions
        for region in component.regions[: _FEW // 3]:
            for inside, outside in beside(edge, region, r):
                within = self._first(self._few(component, inside), lambda trial: key in trial.shown)
                without = within and self._first(self._few(component, outside), lambda trial: key not in trial.shown)
                if within is None or without is None:
                    continue
                if is_last_resort or not (within.objections or without.objections):
                    self.facts.add(fact)
                    for side, trial in (("in", within), ("out", without)):
                        says = f"{fact.says.partition(', ')[0]}, just {side}side"
                        self._keep(Fact(f"{fact.slug}-{side}", says, fact.element), trial)
                    return True
        return False

    def step(self, component: Component, step: int, *, rounds: bool) -> bool:
        """Look for a charge whose measured total meets a multiple of a step_size, or misses one."""
        fact = step_fact(component.element, component.line, step, rounds=rounds)
        if fact in self.facts:
            return True
        return self._keep(fact, self._first(self._stepped(component, step, rounds), lambda t: fact in self._facts(t)))

    def _stepped(self, component: Component, step: int, rounds: bool) -> Iterator[Course]:
        made = _in_turns([self._courses(component, region) for region in component.regions])
        for course in islice(made, _FEW):
            trial = try_out(course, self.ground)
            if (component.element, component.line) in trial.shown:
                yield from stepped(course, component.line, measured(trial, component.line), step, rounds=rounds)

    def limit(self, name: str, *, is_met: bool) -> bool:
        """Look for a charge that costs so little, or so much, that a limit on the total is met, or is not."""
        fact = limit_fact(name, is_met=is_met)
        if fact in self.facts:
            return True
        made = chain.from_iterable(stretched(shown.trial.course) for shown in tuple(self.kept))
        return self._keep(fact, self._first(made, lambda trial: fact in self._facts(trial), _TRIES))

    def outcome(self, outcome: str) -> bool:
        """Look for a reservation that was used, or expired, whatever it costs."""
        fact = outcome_fact(outcome)
        if fact in self.facts:
            return True
        legs = (Leg(RESERVE, LONG // 2), usual_charge(self.ground, LONG))
        days = (self.ground.first_day + timedelta(days=n) for n in range(8))
        starts = (self.ground.instant(day, 10 * 3600) for day in days)
        made = (Course(at, legs if outcome == "used" else legs[:1]) for at in starts if at is not None)
        return self._keep(fact, self._first(made, lambda trial: fact in self._facts(trial), _TRIES))

    def _courses(self, component: Component, region: Region) -> Iterator[Course]:
        kind = RESERVE if component.context != CHARGING else PARK if component.dimension == "PARKING_TIME" else CHARGE
        made = courses(region, self.ground, kind, is_used=component.context == USED)
        if component.dimension != "FLAT":
            return made
        late = courses(region, self.ground, kind, is_used=component.context == USED, is_late=True)
        return chain(islice(made, _TRIES // 2), islice(late, _TRIES // 2))

    def _few(self, component: Component, region: Region) -> Iterator[Course]:
        return islice(self._courses(component, region), 2 * _FEW)

    def _first(self, made: Iterable[Course], shows: Callable[[Trial], bool], most: int | None = None) -> Trial | None:
        second: Trial | None = None
        for course in islice(made, max(min(self.budget, _TRIES), 0) if most is None else most):
            self.budget -= most is None
            self.has_course = True
            if not self._is_valid(course):
                continue
            self.was_valid = True
            trial = try_out(course, self.ground)
            if not shows(trial):
                continue
            if not trial.objections:
                return trial
            if second is None or len(trial.objections) < len(second.objections):
                second = trial
        return second

    def _is_valid(self, course: Course) -> bool:
        """Whether the tariff is in force when the charge begins."""
        start, end = self.ground.tariff.start, self.ground.tariff.end
        return (start is None or start <= course.start) and (end is None or course.start < end)

    def _keep(self, fact: Fact, trial: Trial | None) -> bool:
        if trial is None:
            return False
        known = next((shown for shown in self.kept if shown.trial.course == trial.course), None)
        if known is None:
            slug = fact.slug if fact.element is None else f"e{fact.element + 1}-{fact.slug}"
            known = Shown(slug, trial, sorted(self._facts(trial), key=lambda f: f.told))
            self.kept.append(known)
        if fact not in known.facts:
            known.facts.insert(0, fact)
        self.facts.update(known.facts)
        return True

    def _facts(self, trial: Trial) -> frozenset[Fact]:
        return facts_of(trial, self.ground.tariff)


def _in_turns(sources: list[Iterator[Course]]) -> Iterator[Course]:
    """One course of each source, then a second one of each, and so on."""
    while sources:
        left = []
        for source in sources:
            course = next(source, None)
            if course is not None:
                left.append(source)
                yield course
        sources = left
