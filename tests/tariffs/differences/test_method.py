"""The method of a partner: named from 20 differing claims and 95 % on, and never for claims that are off by chance."""

import json
from collections.abc import Callable
from dataclasses import replace
from decimal import ROUND_UP, Decimal
from random import Random
from typing import Any

import pytest

from tariffs import Breakdown, price
from tariffs.cdr import Cdr, Claim
from tariffs.differences import Account, Tally, account, method_of
from tariffs.ocpi import decode, read_cdr, read_tariff
from tariffs.tariff import Tariff

CENT = Decimal("0.01")


def component(kind: str, amount: str) -> dict[str, Any]:
    return {"type": kind, "price": amount, "step_size": 0, "vat": 19}


def at(time: str) -> str:
    return f"2026-10-07T{time}:00Z"


TARIFF = {
    "id": "T",
    "currency": "EUR",
    "elements": [
        {"price_components": [c]}
        for c in (component("ENERGY", "0.4567"), component("TIME", "1.00"), component("PARKING_TIME", "2.00"))
    ],
}


class Partner:
    """Charges of one CPO: some energy at 0.4567 per kWh with 19 % VAT; who parks also has an hour of 1.00 before."""

    def __init__(self) -> None:
        read = read_tariff(decode(json.dumps(TARIFF))).tariff
        assert read is not None
        self.tariff: Tariff = read

    def cdr(self, number: int, *, parks: bool) -> Cdr:
        dimensions = [{"type": "ENERGY", "volume": f"{5000 + number * 137 % 5000}e-3"}]
        periods = [{"start_date_time": at("10:00"), "dimensions": dimensions}]
        if parks:
            dimensions.append({"type": "TIME", "volume": "1"})
            parking = [{"type": "PARKING_TIME", "volume": "0.25"}]
            periods.append({"start_date_time": at("11:00"), "dimensions": parking})
        made = {"id": "C", "currency": "EUR", "start_date_time": at("10:00"), "charging_periods": periods}
        cdr = read_cdr(decode(json.dumps({**made, "end_date_time": at("11:15" if parks else "11:00")}))).cdr
        assert cdr is not None
        return cdr

    def account(self, number: int, claim_of: Callable[[Breakdown], Claim | None], *, parks: bool = False) -> Account:
        cdr = self.cdr(number, parks=parks)
        ours = price(cdr, tariffs=[self.tariff])
        return account(replace(cdr, total_cost=claim_of(ours)), ours, tariffs=[self.tariff])


@pytest.fixture(scope="module")
def partner() -> Partner:
    return Partner()


def rounded_up(ours: Any) -> Claim:
    return Claim(ours.total_cost.excl_vat.quantize(CENT, rounding=ROUND_UP))


def test_rounding_up_per_charge_is_found(partner: Partner) -> None:
    """204 charges, each a bit short of the next cent; the money is what the roundings add up to."""
    accounts = [partner.account(number, rounded_up) for number in range(204)]
    expected = sum((found.money for found in accounts), Decimal(0))
    told = method_of(accounts)
    assert (told.claims, told.differing, told.explained, told.unexplained) == (204, told.differing, told.differing, 0)
    assert told.differing > 200  # few prices are whole cents already
    [method] = told.methods
    assert (method.reading, method.profiles[0], method.claims, method.money) == (
        "as-decided",
        "charge-up/1",
        told.differing,
        expected,
    )
    assert method.words.startswith("rounds up per charge")
    assert told.money == expected > 0
    assert told.unexplained_money == 0


@pytest.mark.slow
def test_claims_off_by_random_cents_have_no_method(partner: Partner) -> None:
    """1,000 claims, each off by up to 50 cents, VAT computed on them; what fits by chance is counted beforehand."""
    dice = Random(228)
    accounts = []
    for number in range(1000):
        shift = dice.choice([cents for cents in range(-50, 51) if cents]) * CENT

        def claim_of(ours: Any, shift: Decimal = shift) -> Claim:
            net = ours.total_cost.excl_vat.quantize(CENT) + shift
            return Claim(net, (net * Decimal("1.19")).quantize(CENT))

        accounts.append(partner.account(number, claim_of))
    told = method_of(accounts)
    assert (told.differing, told.methods) == (1000, ())
    assert told.tried == 100_000
    assert 0 < told.explained < 200
    # The share that was counted from all wrong amounts foretells what chance makes of these thousand.
    assert abs(told.explained - told.coincidences // 100) < 40


def test_a_reading_that_few_charges_show_is_a_method_all_the_same(partner: Partner) -> None:
    """Parking is charged as time and all is rounded half up: the charges that do not park show rounding only."""

    def claim_of(ours: Any) -> Claim:
        parked = sum((line.quantity for line in ours.lines if line.dimension == "PARKING_TIME"), Decimal(0))
        total = ours.total_cost.excl_vat - parked / 3600  # 1.00 an hour, not 2.00
        return Claim(total.quantize(CENT, rounding="ROUND_HALF_UP"))

    told = method_of(partner.account(number, claim_of, parks=number % 5 == 0) for number in range(100))
    assert [(method.reading, method.claims, method.of) for method in told.methods] == [("parking-as-time", 100, 100)]
    assert told.methods[0].profiles[0] == "charge-half-up/1"
    assert told.methods[0].words.startswith("counts parking as charging time and rounds half up per charge")
    assert told.methods[0].money == told.money


@pytest.mark.parametrize(("claims", "wrong", "named"), [(19, 0, False), (20, 0, True), (40, 2, True), (40, 3, False)])
def test_from_twenty_claims_and_95_percent_on(claims: int, wrong: int, named: bool, partner: Partner) -> None:
    accounts = [partner.account(1 + number, rounded_up) for number in range(claims - wrong)]
    accounts += [partner.account(500 + number, lambda ours: Claim(Decimal("77.77"))) for number in range(wrong)]
    assert bool(method_of(accounts).methods) is named
    assert method_of(accounts).unexplained == wrong


def test_the_order_of_accounts_is_nothing(partner: Partner) -> None:
    accounts = [partner.account(number, rounded_up, parks=number % 3 == 0) for number in range(60)]
    assert method_of(accounts) == method_of(reversed(accounts))


def test_shares_are_the_most_frequent_first(partner: Partner) -> None:
    """Five are rounded, which is then their only cause; one charge is free."""
    accounts = [partner.account(number, rounded_up) for number in range(1, 6)]
    accounts.append(partner.account(7, lambda ours: Claim(Decimal("0.00"))))
    told = method_of(accounts)
    assert [(share.reading, share.words, share.claims) for share in told.shares] == [
        ("as-decided", "rounds, and nothing else", 5),
        ("free-without-tariff-id", "charges nothing for periods without tariff_id", 1),
    ]
    assert told.shares[1].money == accounts[-1].money


def test_what_cannot_be_compared_and_what_is_equal_is_counted_apart(partner: Partner) -> None:
    tally = Tally()
    tally.add(partner.account(1, lambda ours: None))
    tally.add(partner.account(1, lambda ours: Claim(ours.total_cost.excl_vat)))
    told = tally.partner()
    assert (told.claims, told.without_claim_or_price, told.differing, told.methods) == (1, 1, 0, ())
