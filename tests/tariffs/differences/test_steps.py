"""Each reading of step_size makes a claim that our own reading does not, in a charge worked out by hand."""

from typing import Any

import pytest

KWH_STEP = 1000


def energy(m: Any, *volumes: str, amount: str = "1.00", step: int = KWH_STEP) -> Any:
    """Some energy in periods of ten minutes, at one price."""
    periods = [(f"10:{at}0", {"ENERGY": volume}) for at, volume in enumerate(volumes)]
    return m.cdr(*periods, end="11:00", tariffs=[m.tariff(m.component("ENERGY", amount, step=step))])


def thresholds(m: Any, first_step: int, second_step: int, *volumes: str) -> Any:
    """1.00 per kWh until 1 kWh, then 2.00."""
    tariff = m.tariff(
        (m.component("ENERGY", "1.00", step=first_step), {"max_kwh": 1}),
        m.component("ENERGY", "2.00", step=second_step),
    )
    periods = [(f"10:{at}0", {"ENERGY": volume}) for at, volume in enumerate(volumes)]
    return m.cdr(*periods, end="11:00", tariffs=[tariff])


def parked(m: Any, *order: str, parking: str = "3.00") -> Any:
    """Charging at 6.00 and parking per hour, both in steps of 15 min; TIME is 5 or 10 min, PARKING_TIME 10."""
    tariff = m.tariff(m.component("TIME", "6.00", step=900), m.component("PARKING_TIME", parking, step=900))
    minute, periods = 0, []
    for kind in order:
        dimension, length = ("PARKING_TIME", 10) if kind == "park" else ("TIME", int(kind))
        periods.append((f"10:{minute:02}", {dimension: {5: "0.0833", 10: "0.1667"}[length]}))
        minute += length
    return m.cdr(*periods, end=f"10:{minute:02}", tariffs=[tariff])


def two_tariffs(m: Any) -> Any:
    """0.4 + 0.4 kWh under A in two elements, then 1.1 kWh under B, all at 1.00 and in steps of 1 kWh."""
    price = m.component("ENERGY", "1.00", step=KWH_STEP)
    periods = [
        ("10:00", {"ENERGY": "0.4", "tariff_id": "A"}),
        ("10:10", {"ENERGY": "0.4", "tariff_id": "A"}),
        ("10:20", {"ENERGY": "1.1", "tariff_id": "B"}),
    ]
    tariffs = [m.tariff((price, {"max_kwh": "0.4"}), price, id="A"), m.tariff(price, id="B")]
    return m.cdr(*periods, end="11:00", tariffs=tariffs)


def nine_minutes(m: Any) -> Any:
    """10.4 kWh in steps of 1 kWh and 9 min in steps of 10 min, each unit 1.00."""
    tariff = m.tariff(m.component("ENERGY", "1.00", step=KWH_STEP), m.component("TIME", "60.00", step=600))
    return m.cdr(("10:00", {"ENERGY": "10.4", "TIME": "0.15"}), end="10:09", tariffs=[tariff])


def minutes(m: Any, step: int) -> Any:
    """12 minutes at 6.00 per hour."""
    return m.cdr(("10:00", {"TIME": "0.2"}), end="10:12", tariffs=[m.tariff(m.component("TIME", "6.00", step=step))])


def ten_then_free(m: Any) -> Any:
    """10 min at 6.00 per hour in steps of 15 min, then 10 min free."""
    tariff = m.tariff((m.component("TIME", "6.00", step=900), {"max_duration": 600}))
    periods = [("10:00", {"TIME": "0.1667"}), ("10:10", {"TIME": "0.1667"})]
    return m.cdr(*periods, end="10:20", tariffs=[tariff])


def no_parking(m: Any) -> Any:
    """10.4 kWh in steps of 1 kWh at 1.00 and 10 min in steps of 15 at 6.00 per hour; 0 h of parking are stated."""
    tariff = m.tariff(m.component("ENERGY", "1.00", step=KWH_STEP), m.component("TIME", "6.00", step=900))
    volumes = {"ENERGY": "10.4", "TIME": "0.1667", "PARKING_TIME": 0}
    return m.cdr(("10:00", volumes), end="10:10", tariffs=[tariff])


def reserved(m: Any) -> Any:
    """10 min reserved at 3.00 per hour, 10 min charged at 6.00, both in steps of 15 min."""
    tariff = m.tariff(
        (m.component("TIME", "3.00", step=900), {"reservation": "RESERVATION"}),
        m.component("TIME", "6.00", step=900),
    )
    periods = [("10:00", {"RESERVATION_TIME": "0.1667"}), ("10:10", {"TIME": "0.1667"})]
    return m.cdr(*periods, end="10:20", tariffs=[tariff])


# reading: (claim, others that make it too, charge)
CASES: dict[str, Any] = {
    # 10.4 kWh, ours 11
    "step-ignored": ("10.40", [], lambda m: energy(m, "10.4")),
    # 2 + 2, ours 3 in all
    "step-per-period": ("4.00", [], lambda m: energy(m, "1.4", "1.4")),
    # 1.4 x 1.00 becomes 2, 0.8 x 2.00 becomes 1: 2.00 + 2.00
    "step-per-component": ("4.00", [], lambda m: thresholds(m, KWH_STEP, KWH_STEP, "1.4", "0.4", "0.4")),
    # 0.8 becomes 1, 1.1 becomes 2; ours 1.9 becomes 2
    "step-for-each-tariff": ("3.00", [], two_tariffs),
    # 1.85 kWh become 2, not 1.9: 1.4 x 1.00 + 0.6 x 2.00
    "step-of-the-first": ("2.60", [], lambda m: thresholds(m, KWH_STEP, 100, "1.4", "0.45")),
    # 10 kWh and 10 min, ours 11 and 10
    "step-nearest": ("20.00", [], nine_minutes),
    # 10 kWh and no full step of 10 min
    "step-down": ("10.00", [], nine_minutes),
    "next-multiple-always": ("2.00", [], lambda m: energy(m, "1.5", step=500)),
    # a step of 1 is 1 kWh: 11, ours 10.4
    "step-in-kwh": ("11.00", [], lambda m: energy(m, "10.4", step=1)),
    # a step of 5 is 5 min: 15 min, ours 12
    "step-in-minutes": ("1.50", [], lambda m: minutes(m, 5)),
    # 20 min become 30, so 10 of them come to the priced 10; ours 15
    "step-counts-free-volume": ("2.00", [], ten_then_free),
    # 15 min at 6.00 and 15 at 3.00; ours 10 and 15
    "time-rounded-always": ("2.25", [], lambda m: parked(m, "5", "5", "park")),
    # parking first: 10 min at 3.00, then 15 at 6.00; ours 15 and 10
    "time-rounded-when-last": ("2.00", [], lambda m: parked(m, "park", "10")),
    # 20 min become 30: 10 at 6.00 and 20 at 3.00
    "time-and-parking-together": ("2.00", [], lambda m: parked(m, "5", "5", "park")),
    # 11 kWh and 10 min unrounded, ours 11 and 15
    "zero-parking-counts": ("12.00", [], no_parking),
    # 20 min become 30: 10 at 3.00 and 20 at 6.00
    "reservation-rounded-with-time": ("2.50", [], reserved),
    # -1.4 kWh become -1
    "negative-energy-rounded": ("-1.00", [], lambda m: energy(m, "-1.4")),
}


@pytest.mark.parametrize("reading", CASES)
def test_a_reading_makes_the_claim(reading: str, making: Any, check_case: Any) -> None:
    check_case(making, CASES[reading], reading)
