"""Each reading of money makes a claim that our own reading does not, in a charge worked out by hand."""

from typing import Any

import pytest


def energy(m: Any, kwh: Any, amount: str = "1.00", *, vat: Any = None, extra: Any = (), **more: Any) -> Any:
    """Some kWh in one period; `more` belongs to the tariff."""
    components = [m.component("ENERGY", amount, vat=vat), *extra]
    return m.cdr(("10:00", {"ENERGY": kwh}), end="11:00", tariffs=[m.tariff((components, None), **more)])


def two_limits(m: Any) -> Any:
    """1 kWh at 1.00 under A (at least 5.00), then 0.5 kWh at 9.00 under B (at least 8.00)."""
    tariffs = [
        m.tariff(m.component("ENERGY", "1.00"), id="A", min_price={"excl_vat": 5}),
        m.tariff(m.component("ENERGY", "9.00"), id="B", min_price={"excl_vat": 8}),
    ]
    periods = [
        ("10:00", {"ENERGY": 1, "tariff_id": "A"}),
        ("10:30", {"ENERGY": "0.5", "tariff_id": "B"}),
    ]
    return m.cdr(*periods, end="11:00", tariffs=tariffs)


def reserved_only(m: Any) -> Any:
    """Half an hour reserved at 4.00 per hour, never used; at least 5.00."""
    tariff = m.tariff((m.component("TIME", "4.00"), {"reservation": "RESERVATION"}), min_price={"excl_vat": 5})
    return m.cdr(("10:00", {"RESERVATION_TIME": "0.5"}), end="10:30", tariffs=[tariff])


def included(m: Any) -> Any:
    """10 kWh at 1.20 including 20 % (OCPI 2.3.0)."""
    return energy(m, 10, "1.20", vat=20, tax_included="YES")


def credit(m: Any) -> Any:
    return {**energy(m, 10), "credit": True, "credit_reference_id": "C0"}


VAT_20 = {"before_taxes": "12.00", "taxes": [{"name": "VAT", "amount": "2.40"}]}

# reading: (claim, others that make it too, charge)
CASES: dict[str, Any] = {
    "min-price-ignored": ("2.00", [], lambda m: energy(m, 2, min_price={"excl_vat": 5})),
    "max-price-ignored": ("8.00", [], lambda m: energy(m, 8, max_price={"excl_vat": 5})),
    # 2.00 / 2.40 become 5.00 and nothing; ours 6.00 with VAT
    "vat-stays": (("5.00", "2.40"), [], lambda m: energy(m, 2, vat=20, min_price={"excl_vat": 5})),
    # at least 6.00 with VAT; ours 6.00 before
    "limits-with-vat": (("5.00", "6.00"), [], lambda m: energy(m, 2, vat=20, min_price={"excl_vat": 6})),
    # 1.00 + 4.50 are raised to 8.00; ours 5.50, above the 5.00 of A
    "limits-of-the-last-tariff": ("8.00", [], two_limits),
    # 1.00 raised to 5.00, 4.50 to 8.00
    "limits-of-each-tariff": ("13.00", [], two_limits),
    "min-price-for-reservations": ("5.00", ["reservation-as-time"], reserved_only),
    "price-per-minute": (
        "1.20",
        [],
        lambda m: m.cdr(("10:00", {"TIME": 1}), end="11:00", tariffs=[m.tariff(m.component("TIME", "0.02"))]),
    ),
    "prices-include-vat": (("10.00", "12.00"), [], lambda m: energy(m, 10, "1.20", vat=20)),
    "prices-exclude-vat": (VAT_20, ["vat-on-gross"], included),
    "no-vat": (("10.00", "10.00"), [], lambda m: energy(m, 10, vat=20)),
    # 20 % on the start fee too
    "vat-everywhere": (("11.00", "13.20"), [], lambda m: energy(m, 10, vat=20, extra=[m.component("FLAT", "1.00")])),
    "gross-as-net": (("12.00", "12.00"), [], lambda m: energy(m, 10, vat=20)),
    "vat-on-gross": (("12.00", "14.40"), [], lambda m: energy(m, 10, vat=20)),
    "positive-credit": ("10.00", [], credit),
    **{f"discount-{percent}": (f"{10 - percent / 10:.2f}", [], lambda m: energy(m, 10)) for percent in range(5, 55, 5)},
    # 20 kWh at 0.22, the tariff says 0.25 and that its prices stand elsewhere
    "price-of-alt-url": (
        "4.40",
        [],
        lambda m: energy(m, 20, "0.25", tariff_alt_url="https://example.com/tariff"),
    ),
}


@pytest.mark.parametrize("reading", CASES)
def test_a_reading_makes_the_claim(reading: str, making: Any, check_case: Any) -> None:
    check_case(making, CASES[reading], reading)


def test_prices_elsewhere_are_not_tried_where_there_are_two(making: Any, account_of: Any) -> None:
    """10 kWh at 0.25 and 10 at 0.35: which one stands otherwise at `tariff_alt_url`, nobody can tell."""
    elements = [([making.component("ENERGY", "0.25")], {"max_kwh": 10}), ([making.component("ENERGY", "0.35")], None)]
    wire = making.cdr(
        ("10:00", {"ENERGY": 10}),
        ("10:30", {"ENERGY": 10}),
        end="11:00",
        tariffs=[making.tariff(*elements, tariff_alt_url="https://example.com/tariff")],
    )
    _, found = account_of(wire, "5.83")
    assert "price-of-alt-url" not in {cause.reading for cause in found.causes}
