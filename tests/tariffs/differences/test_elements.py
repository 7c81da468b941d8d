"""Each reading of tariffs and elements makes a claim that our own does not, in a charge worked out by hand."""

from typing import Any

import pytest


def at(m: Any, amount: str, **more: Any) -> Any:
    """A tariff of one price per kWh."""
    return m.tariff(m.component("ENERGY", amount), **more)


def energy(m: Any, *tariffs: Any, **more: Any) -> Any:
    """10 kWh in one period of an hour."""
    return m.cdr(("10:00", {"ENERGY": 10, **more}), end="11:00", tariffs=list(tariffs))


def restricted(m: Any, restrictions: dict[str, Any], **loads: Any) -> Any:
    """10 kWh in an hour; 1.00 per kWh where the restrictions are met, else 3.00."""
    return energy(m, m.tariff((m.component("ENERGY", "1.00"), restrictions), m.component("ENERGY", "3.00")), **loads)


def two(m: Any) -> Any:
    """4 kWh at 1.00 under A, 6 at 3.00 under B."""
    periods = [("10:00", {"ENERGY": 4, "tariff_id": "A"}), ("10:30", {"ENERGY": 6, "tariff_id": "B"})]
    return m.cdr(*periods, end="11:00", tariffs=[at(m, "1.00", id="A"), at(m, "3.00", id="B")])


def with_a_gap(m: Any) -> Any:
    """6 kWh without a tariff between 4 and 1 at 1.00."""
    periods = [
        ("10:00", {"ENERGY": 4, "tariff_id": "A"}),
        ("10:20", {"ENERGY": 6}),
        ("10:40", {"ENERGY": 1, "tariff_id": "A"}),
    ]
    return m.cdr(*periods, end="11:00", tariffs=[at(m, "1.00", id="A")])


def changing(m: Any) -> Any:
    """A until the charge begins, B from then on."""
    a = at(m, "1.30", id="A", end_date_time="2026-10-07T10:00:00Z")
    return energy(m, a, at(m, "1.00", id="B", start_date_time="2026-10-07T10:00:00Z"))


def energy_and_time(m: Any) -> Any:
    """10 kWh at 1.00 in one element, an hour at 1.30 in the next."""
    tariff = m.tariff(m.component("ENERGY", "1.00"), m.component("TIME", "1.30"))
    return m.cdr(("10:00", {"ENERGY": 10, "TIME": 1}), end="11:00", tariffs=[tariff])


def from_kwh(m: Any, *volumes: Any) -> Any:
    """3.00 per kWh from 5 kWh on, 1.00 before."""
    tariff = m.tariff((m.component("ENERGY", "3.00"), {"min_kwh": 5}), m.component("ENERGY", "1.00"))
    periods = [(f"10:{minute}0", {"ENERGY": volume}) for minute, volume in enumerate(volumes)]
    return m.cdr(*periods, end="11:00", tariffs=[tariff])


def after_an_hour(m: Any) -> Any:
    """An hour at 1.00; 3.00 from an hour on."""
    tariff = m.tariff((m.component("TIME", "3.00"), {"min_duration": 3600}), m.component("TIME", "1.00"))
    return m.cdr(("10:00", {"TIME": 1}), end="11:00", tariffs=[tariff])


def straddling(m: Any) -> Any:
    """3.00 per kWh from 32 A on, 1.00 below; the period has 4 A and 48 A."""
    tariff = m.tariff(
        (m.component("ENERGY", "3.00"), {"min_current": 32}), (m.component("ENERGY", "1.00"), {"max_current": 32})
    )
    return energy(m, tariff, MIN_CURRENT=4, MAX_CURRENT=48)


def booked(m: Any) -> Any:
    """10 kWh at 1.00; a fee of 15.00 for bookings that were cancelled."""
    fee = (m.component("FLAT", "15.00"), {"booking": "BOOKING_CANCELLATION_FEES"})
    return energy(m, m.tariff(fee, m.component("ENERGY", "1.00")))


# reading: (claim, others that make it too, charge, how it is priced)
CASES: dict[str, Any] = {
    "other-tariff-version": (
        "11.00",
        [],
        lambda m: energy(m, at(m, "1.00")),
        {
            "given": [
                {
                    "id": "T",
                    "currency": "EUR",
                    "last_updated": "2026-10-05T00:00:00Z",
                    "elements": [{"price_components": [{"type": "ENERGY", "price": "1.10", "step_size": 0}]}],
                }
            ]
        },
    ),
    "other-tariff": ("13.00", [], lambda m: energy(m, at(m, "1.00"), at(m, "1.30", id="U"))),
    "first-tariff": ("10.00", [], two),
    "last-tariff": ("30.00", [], two),
    "end-is-inclusive": ("13.00", ["other-tariff"], changing),
    "free-without-tariff-id": ("0.00", [], lambda m: energy(m, at(m, "1.00"))),
    "neighbouring-tariff": ("11.00", [], with_a_gap),
    "one-element-for-all": ("10.00", [], energy_and_time),
    "last-element-first": (
        "30.00",
        [],
        lambda m: energy(m, m.tariff(m.component("ENERGY", "1.00"), m.component("ENERGY", "3.00"))),
    ),
    "last-component-first": (
        "30.00",
        [],
        lambda m: energy(m, m.tariff(([m.component("ENERGY", "1.00"), m.component("ENERGY", "3.00")], None))),
    ),
    # all 10 at 3.00; ours all at 1.00, as both periods begin below 5 kWh
    "kwh-limits-ignored": ("30.00", [], lambda m: from_kwh(m, 4, 6)),
    "durations-ignored": ("3.00", [], after_an_hour),
    # 4.9995 x 1.00 + 5 x 3.00; at the end of its period the second price holds as well
    "near-kwh-reached": ("19.9995", ["price-at-the-end"], lambda m: from_kwh(m, "4.9995", 5)),
    "load-is-ignored": ("10.00", [], lambda m: restricted(m, {"max_power": 11}, MAX_POWER=22)),
    "unknown-load-is-not-met": ("30.00", ["last-element-first"], lambda m: restricted(m, {"max_power": 11})),
    "load-by-maximum": ("30.00", ["load-is-ignored"], straddling),
    "load-by-minimum": ("10.00", [], straddling),
    "unknown-restriction-is-not-met": (
        "30.00",
        ["last-element-first"],
        lambda m: restricted(m, {"min_temperature": 20}),
    ),
    "bookings-as-ordinary-elements": ("25.00", [], booked),
}


@pytest.mark.parametrize("reading", CASES)
def test_a_reading_makes_the_claim(reading: str, making: Any, check_case: Any) -> None:
    check_case(making, CASES[reading], reading)
