"""Each reading of fees and reservations makes a claim that our own reading does not, in a charge worked out by hand."""

from typing import Any

import pytest


def overstaying(m: Any) -> Any:
    """10 kWh at 1.00 and a start fee of 0.70; who comes after an hour is charged a FLAT of 4.00."""
    tariff = m.tariff(
        ([m.component("FLAT", "0.70")], {"max_duration": 3600}),
        ([m.component("FLAT", "4.00")], {"min_duration": 3600}),
        m.component("ENERGY", "1.00"),
    )
    return m.cdr(("10:00", {"ENERGY": 6}), ("12:00", {"ENERGY": 4}), end="13:00", tariffs=[tariff])


def with_flat_volume(m: Any) -> Any:
    """10 kWh at 1.00 and a start fee of 0.70 of which the CDR states three."""
    tariff = m.tariff(m.component("FLAT", "0.70"), m.component("ENERGY", "1.00"))
    return m.cdr(("10:00", {"ENERGY": 10, "FLAT": 3}), end="11:00", tariffs=[tariff])


def reservations(m: Any) -> Any:
    """Expired: 4.10 and 6.00 per hour; used or cancelled: 2.00 and 3.00 per hour; else 0.50 and 1.00 per kWh."""
    return m.tariff(
        (m.component("FLAT", "4.10"), {"reservation": "RESERVATION_EXPIRES"}),
        ([m.component("FLAT", "2.00"), m.component("TIME", "3.00")], {"reservation": "RESERVATION"}),
        ([m.component("FLAT", "0.50"), m.component("ENERGY", "1.00")], None),
    )


def used(m: Any) -> Any:
    """Reserved for an hour: 2.00 + 3.00; then the start fee and 10 kWh."""
    periods = [("09:00", {"RESERVATION_TIME": 1}), ("10:00", {"ENERGY": 10})]
    return m.cdr(*periods, end="11:00", tariffs=[reservations(m)])


def expired(m: Any) -> Any:
    """Reserved for an hour and never used: 4.10 and, as nothing else prices it, 3.00."""
    return m.cdr(("09:00", {"RESERVATION_TIME": 1}), end="10:00", tariffs=[reservations(m)])


def elements_first(m: Any) -> Any:
    """An hour at 3.00; an element for reservations has 6.00."""
    tariff = m.tariff((m.component("TIME", "6.00"), {"reservation": "RESERVATION"}), m.component("TIME", "3.00"))
    return m.cdr(("10:00", {"TIME": 1}), end="11:00", tariffs=[tariff])


# reading: (claim, others that make it too, charge)
CASES: dict[str, Any] = {
    # 0.70 and 4.00 and the energy
    "each-flat-once": ("14.70", [], overstaying),
    # 0.70 twice
    "flat-in-every-period": ("11.40", [], overstaying),
    "flat-waived": ("10.00", [], with_flat_volume),
    "flat-by-volume": ("12.10", [], with_flat_volume),
    # 2.00 + 3.00 + 10.00
    "no-start-fee-beside-reservation": ("15.00", ["flat-waived"], used),
    # 3.00 + 0.50 + 10.00
    "no-reservation-fee": ("13.50", [], used),
    # 4.10 + 3.00 + 0.50 + 10.00
    "reservation-expired": ("17.60", [], used),
    # 2.00 + 3.00; no CDR can tell one from the other
    "reservation-used": ("5.00", ["reservation-cancelled"], expired),
    "reservation-cancelled": ("5.00", ["reservation-used"], expired),
    "expired-alone": ("4.10", [], expired),
    "reservation-elements-as-ordinary": ("6.00", [], elements_first),
}


@pytest.mark.parametrize("reading", CASES)
def test_a_reading_makes_the_claim(reading: str, making: Any, check_case: Any) -> None:
    check_case(making, CASES[reading], reading)
