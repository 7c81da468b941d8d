"""Rounding profiles: what each makes of a price, worked out by hand, and names that keep their meaning."""

from decimal import Decimal
from typing import Any

import pytest

from tariffs import Breakdown
from tariffs.rounding import PROFILES, Mode, Place, VatBase, round_by, roundings


def halves(making: Any, **more: Any) -> Breakdown:
    """Three lines with 20 % VAT: 1.005, 1.005 and a start fee of 1.004; the first two are one component."""
    tariff = making.tariff(
        making.component("ENERGY", "1.005", vat=20), making.component("FLAT", "1.004", vat=20), **more
    )
    breakdown: Breakdown = making.priced(
        making.cdr(("10:00", {"ENERGY": 1}), ("10:30", {"ENERGY": 1}), end="11:00", tariffs=[tariff])
    )
    return breakdown


# profile: before and with VAT, of 1.005 + 1.005 + 1.004 = 3.014 and 1.206 + 1.206 + 1.2048 = 3.6168
MADE = {
    "exact/1": ("3.014", "3.61680"),
    "charge-half-up/1": ("3.01", "3.62"),
    "charge-up/1": ("3.02", "3.62"),
    "charge-truncated/1": ("3.01", "3.61"),
    "charge-half-up-vat-on-rounded-net/1": ("3.01", "3.61"),
    "charge-up-vat-on-rounded-net/1": ("3.02", "3.63"),
    "dimension-half-up/1": ("3.01", "3.61"),  # 2.010 + 1.004; 2.412 + 1.2048
    "dimension-truncated/1": ("3.01", "3.61"),
    "component-up/1": ("3.02", "3.63"),  # 2.01 + 1.01; 2.42 + 1.21
    "period-half-up/1": ("3.02", "3.62"),  # 2.009 + 1.005; 2.4108 + 1.206
    "period-up/1": ("3.02", "3.63"),  # 2.01 + 1.01; 2.42 + 1.21
    "line-half-up/1": ("3.02", "3.62"),  # 1.01 + 1.01 + 1.00; 1.21 + 1.21 + 1.20
    "line-half-even/1": ("3.00", "3.62"),  # 1.00 + 1.00 + 1.00
    "line-up/1": ("3.03", "3.63"),
    "line-truncated/1": ("3.00", "3.60"),
    "line-half-up-vat-on-rounded-net/1": ("3.02", "3.62"),  # 3.02 x 1.2 = 3.624
    "line-half-up-vat-on-rounded-parts/1": ("3.02", "3.62"),  # 1.212 + 1.212 + 1.20
    "line-up-vat-on-rounded-parts/1": ("3.03", "3.66"),  # 3 x 1.212, each up
    "line-up-vat-on-rounded-net/1": ("3.03", "3.64"),  # 3.636
    "charge-truncated-3-decimals/1": ("3.014", "3.616"),
    "charge-half-up-4-decimals/1": ("3.0140", "3.6168"),
    "line-up-4-decimals/1": ("3.0140", "3.6168"),
}


@pytest.mark.parametrize("name", MADE)
def test_a_profile_makes(name: str, making: Any) -> None:
    cost = round_by(halves(making), PROFILES[name])
    assert (str(cost.excl_vat), str(cost.incl_vat)) == MADE[name]


def test_all_at_once_are_the_same_as_one_by_one(making: Any) -> None:
    breakdown = halves(making)
    assert roundings(breakdown) == {name: round_by(breakdown, profile) for name, profile in PROFILES.items()}


def test_the_names_say_what_the_profiles_are() -> None:
    for name, profile in PROFILES.items():
        assert profile.name == name
        assert name.endswith("/1")
    assert len(PROFILES) == 1 + 4 * (3 * len(Place) - 1) + 4 * len(Place) + 4
    assert PROFILES["period-truncated-vat-on-rounded-net/1"].place is Place.PERIOD
    assert PROFILES["period-truncated-vat-on-rounded-net/1"].mode is Mode.TRUNCATED
    assert PROFILES["period-truncated-vat-on-rounded-net/1"].vat is VatBase.ROUNDED_NET


def test_a_credit_mirrors_its_original(making: Any) -> None:
    whole = halves(making)
    credit = making.priced(
        making.cdr(
            ("10:00", {"ENERGY": 1}),
            ("10:30", {"ENERGY": 1}),
            end="11:00",
            credit=True,
            tariffs=[
                making.tariff(making.component("ENERGY", "1.005", vat=20), making.component("FLAT", "1.004", vat=20))
            ],
        )
    )
    for profile in PROFILES.values():
        cost, mirrored = round_by(whole, profile), round_by(credit, profile)
        assert cost.excl_vat is not None
        assert mirrored.excl_vat == -cost.excl_vat
        assert cost.incl_vat is not None
        assert mirrored.incl_vat == -cost.incl_vat


def test_a_limit_is_what_is_owed_however_parts_are_rounded(making: Any) -> None:
    breakdown = halves(making, min_price={"excl_vat": "5.005", "incl_vat": "6.005"})
    assert str(round_by(breakdown, PROFILES["line-up/1"]).excl_vat) == "5.01"
    assert str(round_by(breakdown, PROFILES["line-truncated/1"]).incl_vat) == "6.00"


def test_currencies_without_cents_and_with_three(making: Any) -> None:
    def of(currency: str) -> str:
        tariff = making.tariff(making.component("ENERGY", "1.2345"), currency=currency)
        cdr = making.cdr(("10:00", {"ENERGY": 1}), end="11:00", currency=currency, tariffs=[tariff])
        return str(round_by(making.priced(cdr), PROFILES["charge-half-up/1"]).excl_vat)

    assert [of("JPY"), of("EUR"), of("KWD")] == ["1", "1.23", "1.235"]


def test_thirds_are_no_halves(making: Any) -> None:
    """Three times 5 s at 3.60 per hour are 0.015 exactly, though none of the lines is a finite decimal."""
    tariff = making.tariff(making.component("TIME", "1.20"))
    periods = [(f"10:00:{at:02}", {"TIME": "0.0042"}) for at in (0, 15, 30)]
    breakdown = making.priced(making.cdr(*periods, end="10:00:45", tariffs=[tariff]))
    assert str(round_by(breakdown, PROFILES["dimension-half-up/1"]).excl_vat) == "0.02"
    assert str(round_by(breakdown, PROFILES["dimension-truncated/1"]).excl_vat) == "0.01"


def test_several_rates_in_one_sum_are_weighed(making: Any) -> None:
    """1.004 at 20 % and 1.004 at 10 %: 2.008 / 2.3092, so 2.01 net are 2.3115 with VAT."""
    tariff = making.tariff(making.component("ENERGY", "1.004", vat=20), making.component("FLAT", "1.004", vat=10))
    breakdown = making.priced(making.cdr(("10:00", {"ENERGY": 1}), end="11:00", tariffs=[tariff]))
    cost = round_by(breakdown, PROFILES["charge-up-vat-on-rounded-net/1"])
    assert (str(cost.excl_vat), str(cost.incl_vat)) == ("2.01", "2.32")
    free = making.tariff(making.component("ENERGY", "0", vat=20), making.component("FLAT", "0", vat=10))
    nothing = making.priced(making.cdr(("10:00", {"ENERGY": 1}), end="11:00", tariffs=[free]))
    assert str(round_by(nothing, PROFILES["charge-up-vat-on-rounded-net/1"]).incl_vat) == "0.00"


@pytest.mark.parametrize(("included", "sides"), [("NO", ("1.24", "None")), ("YES", ("None", "1.24"))])
def test_a_side_that_is_unknown_stays_so(included: str, sides: tuple[str, str], making: Any) -> None:
    """OCPI 2.3.0 without any rate: North America."""
    tariff = making.tariff(making.component("ENERGY", "1.234"), tax_included=included)
    breakdown = making.priced(making.cdr(("10:00", {"ENERGY": 1}), end="11:00", tariffs=[tariff]))
    for name in ("line-up/1", "line-up-vat-on-rounded-net/1", "line-up-vat-on-rounded-parts/1"):
        cost = round_by(breakdown, PROFILES[name])
        assert (str(cost.excl_vat), str(cost.incl_vat)) == sides


def test_an_unpriced_charge_stays_so(making: Any) -> None:
    cdr = making.cdr(("10:00", {"ENERGY": 1}), end="11:00")
    assert {(cost.excl_vat, cost.incl_vat) for cost in roundings(making.priced(cdr)).values()} == {(None, None)}


WORDS = {
    "exact/1": "does not round",
    "charge-half-up/1": "rounds half up per charge",
    "line-half-even-vat-on-rounded-parts/1": "rounds half to even per line, VAT on each rounded amount",
    "charge-truncated-3-decimals/1": "cuts off to 3 decimals per charge",
}


@pytest.mark.parametrize("name", WORDS)
def test_a_profile_in_words(name: str) -> None:
    assert PROFILES[name].words == WORDS[name]


def test_decimals_of_a_made_cost_are_those_of_the_currency(making: Any) -> None:
    cost = round_by(halves(making), PROFILES["charge-half-up/1"])
    assert cost.excl_vat == Decimal("3.01")
