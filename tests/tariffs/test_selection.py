"""Pricing rules 5 to 9: which tariff, which element, which component."""

from decimal import Decimal
from typing import Any

import pytest

from tariffs import PriceComponent, PriceLimit, Tariff, TariffElement
from tariffs.tariff import Taxes, same_terms

HOUR = ("10:00", {"ENERGY": 10})


def _flat_rate(making: Any, name: str, amount: str, **more: Any) -> Any:
    return making.tariff(making.component("ENERGY", amount), **{"id": name, **more})


def test_the_tariff_of_the_cdr_beats_the_given_one(making: Any) -> None:
    sent, given = _flat_rate(making, "A", "0.10"), _flat_rate(making, "A", "0.90")
    assert making.total(making.priced(making.cdr(HOUR, end="11:00", tariffs=[sent]), given)) == "1"


def test_a_given_tariff_stands_in(making: Any) -> None:
    assert making.total(making.priced(making.cdr(HOUR, end="11:00"), _flat_rate(making, "B", "0.90"))) == "9"


def test_an_override_wins_and_says_so(making: Any) -> None:
    other = Tariff("X", "EUR", (TariffElement((PriceComponent("ENERGY", Decimal("0.20")),)),))
    cdr = making.cdr(("10:00", {"ENERGY": 10, "tariff_id": "A"}), end="11:00", tariffs=[_flat_rate(making, "A", "1")])
    breakdown = making.priced(cdr, override=other)
    assert (making.total(breakdown), breakdown.tariff_ids) == ("2", ("X",))
    assert "tariff-overridden" in making.codes(breakdown)


def test_each_period_by_its_tariff_id_in_any_case(making: Any) -> None:
    cdr = making.cdr(
        ("10:00", {"ENERGY": 10, "tariff_id": "a"}),
        ("11:00", {"ENERGY": 10, "tariff_id": "B"}),
        end="12:00",
        tariffs=[_flat_rate(making, "A", "0.10"), _flat_rate(making, "B", "0.50")],
    )
    breakdown = making.priced(cdr)
    assert (making.total(breakdown), breakdown.tariff_ids) == ("6", ("A", "B"))


def test_a_period_without_tariff_beside_one_with_is_free_and_said(making: Any) -> None:
    cdr = making.cdr(
        ("10:00", {"ENERGY": 10, "tariff_id": "A"}),
        ("11:00", {"ENERGY": 10, "PARKING_TIME": 1}),
        end="12:00",
        tariffs=[_flat_rate(making, "A", "0.10")],
    )
    breakdown = making.priced(cdr)
    (finding,) = [f for f in breakdown.findings if f.code == "period-without-tariff"]
    assert (making.total(breakdown), finding.money) == ("1", -1)


REFUSED: dict[str, Any] = {
    "unknown-tariff": (("10:00", {"ENERGY": 1, "tariff_id": "NONE"}), {}, "Q"),
    "no-tariff": (HOUR, {"tariffs": []}, "Q"),
    "tariff-currency-differs": (HOUR, {"tariffs": [{"currency": "CHF"}]}, "S"),
    "tariff-without-elements": (HOUR, {"tariffs": [{"elements": []}]}, "Q"),
    "energy-not-in-periods": (("10:00", {"TIME": 1}), {"tariffs": [{}], "total_energy": 4}, "Q"),
    "negative-volume": (("10:00", {"ENERGY": 1, "TIME": -1}), {"tariffs": [{}]}, "Q"),
}


@pytest.mark.parametrize(("code", "period", "more", "severity"), [(k, *v) for k, v in REFUSED.items()], ids=REFUSED)
def test_to_refuse_is_a_finding_and_every_total_unknown(
    making: Any, code: str, period: Any, more: Any, severity: str
) -> None:
    tariffs = [{**_flat_rate(making, "A", "1"), **changed} for changed in more.get("tariffs", [{}])]
    breakdown = making.priced(making.cdr(period, end="11:00", **{**more, "tariffs": tariffs}))
    assert [(f.severity, f.code) for f in breakdown.findings if f.severity in "QS"] == [(severity, code)]
    assert (breakdown.priced, breakdown.billed, breakdown.total_energy_cost.excl_vat) == (False, None, None)


VALID_OCTOBER = {"start_date_time": "2026-10-01T00:00:00Z", "end_date_time": "2026-11-01T00:00:00Z"}
VALID_SEPTEMBER = {"start_date_time": "2026-09-01T00:00:00Z", "end_date_time": "2026-10-01T00:00:00Z"}


def test_without_ids_the_one_valid_at_the_start(making: Any) -> None:
    tariffs = [_flat_rate(making, "S", "0.10", **VALID_SEPTEMBER), _flat_rate(making, "O", "0.20", **VALID_OCTOBER)]
    breakdown = making.priced(making.cdr(HOUR, end="11:00", tariffs=tariffs))
    assert (making.total(breakdown), breakdown.tariff_ids) == ("2", ("O",))


def test_the_only_tariff_is_taken_though_not_valid(making: Any) -> None:
    breakdown = making.priced(
        making.cdr(HOUR, end="11:00", tariffs=[_flat_rate(making, "S", "0.10", **VALID_SEPTEMBER)])
    )
    assert making.total(breakdown) == "1"
    assert "tariff-not-valid-at-start" in making.codes(breakdown)


def test_several_of_which_none_is_valid_are_refused(making: Any) -> None:
    tariffs = [_flat_rate(making, n, "0.10", **VALID_SEPTEMBER) for n in ("S1", "S2")]
    breakdown = making.priced(making.cdr(HOUR, end="11:00", tariffs=tariffs))
    assert (breakdown.priced, "no-tariff" in making.codes(breakdown)) == (False, True)


TYPES: dict[str, Any] = {
    "regular first": (["PROFILE_GREEN", "REGULAR"], "RFID", None, "0.2"),
    "no type is regular": (["PROFILE_GREEN", None], "RFID", None, "0.2"),
    "ad hoc for the ad hoc user": (["REGULAR", "AD_HOC_PAYMENT"], "AD_HOC_USER", None, "0.2"),
    "ad hoc not for others": (["AD_HOC_PAYMENT", "REGULAR"], "RFID", None, "0.2"),
    "a known preference": (["REGULAR", "PROFILE_FAST"], "RFID", "PROFILE_FAST", "0.2"),
    "nothing fits: the first": (["PROFILE_FAST", "PROFILE_GREEN"], "RFID", None, "0.1"),
}


@pytest.mark.parametrize(("types", "token", "profile", "total"), TYPES.values(), ids=TYPES)
def test_by_type(making: Any, types: Any, token: str, profile: str | None, total: str) -> None:
    tariffs = [_flat_rate(making, f"T{n}", f"0.0{n + 1}", **({"type": t} if t else {})) for n, t in enumerate(types)]
    cdr = making.cdr(HOUR, end="11:00", tariffs=tariffs, cdr_token={"type": token})
    breakdown = making.priced(cdr, profile=profile)
    assert making.total(breakdown) == total
    assert ("tariff-type-mismatch" in making.codes(breakdown)) == (total == "0.1")


def test_several_that_fit_alike_say_what_the_other_makes(making: Any) -> None:
    tariffs = [_flat_rate(making, "A", "0.10"), _flat_rate(making, "B", "0.30")]
    breakdown = making.priced(making.cdr(HOUR, end="11:00", tariffs=tariffs))
    assert making.total(breakdown) == "1"
    assert [f.money for f in breakdown.findings if f.code == "several-tariffs"] == [-2]


def test_one_id_twice_takes_the_valid_then_the_latest(making: Any) -> None:
    old = _flat_rate(making, "A", "0.10", last_updated="2026-01-01T00:00:00Z")
    new = _flat_rate(making, "A", "0.30", last_updated="2026-06-01T00:00:00Z")
    cdr = making.cdr(("10:00", {"ENERGY": 10, "tariff_id": "A"}), end="11:00", tariffs=[old, new, old])
    breakdown = making.priced(cdr)
    assert making.total(breakdown) == "3"
    assert [f.money for f in breakdown.findings if f.code == "tariff-given-twice"] == [2]


def test_given_tariffs_of_the_own_party_come_first(making: Any) -> None:
    own = _flat_rate(making, "A", "0.10", country_code="DE", party_id="ABC")
    other = _flat_rate(making, "A", "0.30", country_code="NL", party_id="ABC")
    cdr = making.cdr(HOUR, end="11:00", country_code="DE", party_id="ABC")
    assert making.total(making.priced(cdr, other, own)) == "1"


def test_per_dimension_the_first_element_that_applies(making: Any) -> None:
    tariff = making.tariff(
        ([making.component("TIME", "6")], {"start_time": "09:00", "end_time": "10:30"}),
        ([making.component("ENERGY", "0.30"), making.component("TIME", "1")], None),
        making.component("ENERGY", "9"),
    )
    cdr = making.cdr(("10:00", {"ENERGY": 10, "TIME": "0.5"}), ("10:30", {"ENERGY": 10, "TIME": "0.5"}), end="11:00")
    assert making.total(making.priced(cdr, tariff)) == "9.5"


def test_two_components_of_one_dimension_the_first_counts(making: Any) -> None:
    tariff = making.tariff(([making.component("ENERGY", "0.30"), making.component("ENERGY", "9")], None))
    breakdown = making.priced(making.cdr(HOUR, end="11:00"), tariff)
    assert making.total(breakdown) == "3"
    assert "duplicate-component" in making.codes(breakdown)


def test_flat_once_and_a_later_one_is_said(making: Any) -> None:
    tariff = making.tariff(
        ([making.component("FLAT", "10.00")], {"min_duration": 3600}),
        making.component("FLAT", "0.50"),
        making.component("ENERGY", "1"),
    )
    cdr = making.cdr(("10:00", {"ENERGY": 1}), ("11:00", {"ENERGY": 1}), ("12:00", {"ENERGY": 1}), end="13:00")
    breakdown = making.priced(cdr, tariff)
    assert making.total(breakdown) == "3.5"
    assert [f.money for f in breakdown.findings if f.code == "later-flat-not-charged"] == [10]


def test_free_of_charge_is_a_price(making: Any) -> None:
    breakdown = making.priced(
        making.cdr(("10:00", {"ENERGY": 10, "TIME": 1}), end="11:00"), making.tariff(making.component("FLAT", "0.00"))
    )
    assert (breakdown.priced, making.total(breakdown)) == (True, "0")
    assert breakdown.total_cost.incl_vat == 0


def _one_price(amount: int = 1, vat: Any = None, **more: Any) -> Tariff:
    component = PriceComponent("ENERGY", Decimal(amount), None if vat is None else Decimal(vat))
    return Tariff(**{"id": "T", "currency": "EUR", "elements": (TariffElement((component,)),), **more})


# id: (one tariff, the other, whether they charge alike)
TERMS: dict[str, Any] = {
    "names and dates do not matter": (_one_price(), _one_price(id="X", type="REGULAR", alt_url="x"), True),
    "prices do": (_one_price(), _one_price(2), False),
    "currencies do": (_one_price(), _one_price(currency="SEK"), False),
    "a floor does": (_one_price(), _one_price(min_price=PriceLimit(Decimal(1))), False),
    "a cap does": (_one_price(), _one_price(max_price=PriceLimit(Decimal(1))), False),
    "VAT does": (_one_price(), _one_price(vat=19), False),
    "VAT of which 2.1.1 can say nothing does not": (_one_price(taxes=Taxes.UNSTATED), _one_price(vat=19), True),
    "nor the other way round": (_one_price(vat=19), _one_price(taxes=Taxes.UNSTATED), True),
    "prices beside 2.1.1 do": (_one_price(taxes=Taxes.UNSTATED), _one_price(2, vat=19), False),
    "taxes in the price do": (_one_price(taxes=Taxes.INCLUDED), _one_price(), False),
    "taxes in the price beside 2.1.1 do": (_one_price(taxes=Taxes.UNSTATED), _one_price(taxes=Taxes.INCLUDED), False),
}


@pytest.mark.parametrize(("one", "other", "alike"), TERMS.values(), ids=TERMS)
def test_same_terms(one: Tariff, other: Tariff, alike: bool) -> None:
    assert same_terms(one, other) == same_terms(other, one) == alike
