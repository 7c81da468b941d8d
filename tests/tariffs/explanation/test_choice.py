"""Which element prices what, and why the earlier ones do not: by the engine's own tests, in words of both languages."""

from typing import Any

import pytest
from sessions import session
from telling import sentences, step
from told_charges import REASONS, Json, charge, explained, price_of, restricted, tariff, two
from told_charges import element as element_of
from told_sentences import OUTCOMES, RESERVATION

from tariffs import Tariff, price
from tariffs.explanation import explain
from tariffs.ocpi import decode, read_cdr, read_tariff


@pytest.mark.parametrize(("cdr", "given", "english", "german"), REASONS.values(), ids=REASONS)
def test_reasons(cdr: Json, given: Json, english: str, german: str) -> None:
    explanation = explained(cdr, given)
    assert english in sentences(explanation)
    assert german in sentences(explanation, "de")


def test_the_element_told_is_the_one_the_engine_took() -> None:
    """Of random charges: every line of the price has a step with its element and price, and no other step has one."""
    for seed in range(300):
        drawn = session(seed)
        cdr = read_cdr(decode(drawn.cdr)).cdr
        if cdr is None:
            continue
        given: list[Tariff] = [t for text in drawn.tariffs if (t := read_tariff(decode(text)).tariff) is not None]
        made = price(cdr, tariffs=given, time_zone=drawn.zone)
        if not made.priced:
            continue
        explanation = explain(cdr, tariffs=given, time_zone=drawn.zone)
        told = []
        for chosen in explanation.walk():
            if chosen.message.id.startswith("choice.taken"):
                values: dict[str, Any] = dict(chosen.message.values)
                told.append((values["dimension"].id, values["element"], values["price"].value, values["tariff"].text))
        lines = [
            (f"dimension.{line.dimension}", line.element + 1, line.price, line.tariff_id)
            for line in made.lines
            if line.element >= 0
        ]
        assert sorted(told) == sorted(lines), seed


def test_passed_over_elements_say_what_was_seen_as_data() -> None:
    passed = step(explained(charge(), restricted(start_time="21:00", end_time="23:00")), "choice.passed")
    values: dict[str, Any] = dict(passed.message.values)
    (reason,) = values["reasons"].messages
    assert values["elements"].places == (1,)
    assert (reason.id, dict(reason.values)["seen"].second) == ("reason.window.unmet", 10 * 3600)
    assert passed.clauses == (
        "OCPI 2.2.1 mod_tariffs, TariffRestrictions.start_time",
        "OCPI 2.2.1 mod_tariffs, TariffRestrictions.end_time",
    )


def test_a_clock_that_nobody_knows_leaves_the_choice_open() -> None:
    explanation = explained({**charge(), "cdr_location": {}}, restricted(start_time="21:00"))
    said = sentences(explanation)
    assert not explanation.breakdown.priced
    assert (
        "Energy (ENERGY): it cannot be said whether element 1 of tariff T applies: start_time or end_time asks for the "
        "local time, which is unknown"
    ) in said
    assert "State the time zone of the place (--time-zone ZONE, such as Europe/Berlin)." in said


@pytest.mark.parametrize(("cdr", "outcome", "words"), OUTCOMES.values(), ids=OUTCOMES)
def test_reservations(cdr: Json, outcome: str | None, words: list[str]) -> None:
    explanation = explained({k: v for k, v in cdr.items() if v is not None}, RESERVATION, reservation_outcome=outcome)
    said = sentences(explanation)
    for sentence in words:
        assert any(sentence in one for one in said), (sentence, said)


def test_of_a_reservation_durations_count_from_its_start_and_elements_for_charging_are_passed() -> None:
    late = tariff(
        element_of(price_of("TIME", "1.00")),
        element_of(price_of("TIME", "3.00"), reservation="RESERVATION_EXPIRES"),
        element_of(price_of("TIME", "2.00"), reservation="RESERVATION", min_duration=7200),
        element_of(price_of("TIME", "3.00"), reservation="RESERVATION"),
    )
    said = sentences(explained(two({"RESERVATION_TIME": 1}, {"ENERGY": 1}), late))
    assert "Element 1 does not apply: for charging, not for reservations" in said
    assert "Element 2 does not apply: for expired reservations, and this one did not expire" in said
    assert (
        "Element 3 does not apply: 0 s had passed since the reservation began, and the price begins after 2 h only"
    ) in said


def test_version_211_cites_what_it_leaves_open() -> None:
    old = {
        **{k: v for k, v in charge().items() if k not in ("session_id", "cdr_location", "end_date_time")},
        "stop_date_time": "2026-10-07T10:00:00Z",
        "auth_id": "DE-XYZ-1",
        "total_cost": 3,
        "location": {"time_zone": "Europe/Berlin"},
    }
    explanation = explained(old, restricted(max_duration=3600, start_time="08:00"))
    assert "element-for-each-dimension" in explanation.decisions
    assert "duration-from-the-session-start" in explanation.decisions
    assert step(explanation, "zone.cdr-location").clauses == ("OCPI 2.1.1 mod_locations, Location.time_zone",)
