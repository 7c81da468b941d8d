"""Numbers of the bulk way against Decimal: the same digits, or none."""

from datetime import UTC, datetime
from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st
from librt.strings import BytesWriter

from tariffs.bulk import numbers, use
from tariffs.bulk.numbers import Unusual
from tariffs.bulk.sheet import epoch_second, whole
from tariffs.plain import plain
from tariffs.quantity import snapped_seconds

ENOUGH = 10**18


@given(st.integers(-(10**12), 10**12), st.integers(0, 12), st.integers(0, 12))
def test_scaling_is_exact_or_refused(value: int, decimals: int, digits: int) -> None:
    exact = Decimal(value).scaleb(digits - decimals)
    if exact == exact.to_integral_value() and abs(exact) <= ENOUGH:
        assert numbers.scaled(value, decimals, digits, ENOUGH) == exact
    else:
        with pytest.raises(Unusual):
            numbers.scaled(value, decimals, digits, ENOUGH)


def test_scaling_beyond_the_bound() -> None:
    for value in (10**7, -(10**7)):
        assert numbers.scaled(value, 0, 11, ENOUGH) == value * 10**11
        with pytest.raises(Unusual):
            numbers.scaled(value, 0, 12, ENOUGH)
        with pytest.raises(Unusual):
            numbers.scaled(value, 0, 0, 10**6)


@given(st.integers(-(10**18), 10**18), st.integers(0, 17))
def test_money_is_exact_or_refused(value: int, decimals: int) -> None:
    exact = Decimal(value).scaleb(-decimals)
    if decimals <= 12 and abs(exact) <= 25_000:
        assert numbers.money(value, decimals) == exact * numbers.UNIT
    else:
        with pytest.raises(Unusual):
            numbers.money(value, decimals)


def test_bounds_are_as_the_module_says() -> None:
    """What its sums may come to fits into 64 bits."""
    largest = 2**63 - 1
    assert numbers.MOST_QUANTITY * 2 * numbers.MOST_PRICE + numbers.MOST_NET < largest
    assert numbers.MOST_PRICE * numbers.MOST_FACTOR * 36 * 10**4 <= numbers.MOST_COST
    assert 3 * numbers.MOST_COST + numbers.MOST_PRICE * numbers.MOST_FACTOR * 36 * 10**4 < largest
    assert 5 * numbers.MOST_NET + numbers.MOST_NET + numbers.MOST_COST < largest
    assert numbers.MOST_NET == 25_000 * numbers.UNIT
    assert numbers.MOST_QUANTITY * 2 * 500_000_000 < largest


def written(put: object, *values: int) -> str:
    out = BytesWriter()
    put(out, *values)  # type: ignore[operator]
    return out.getvalue().decode()


@given(st.integers(-(9 * 10**18), 9 * 10**18))
def test_amounts_are_written_as_everywhere(amount: int) -> None:
    with localcontext(Context(prec=200)):
        assert written(numbers.put_amount, amount) == plain(Decimal(amount) / numbers.UNIT)


@given(st.integers(0, 2 * 10**9))
def test_minutes_are_written_as_everywhere(hundredths: int) -> None:
    with localcontext(Context(prec=200)):
        assert written(numbers.put_minutes, hundredths) == plain(Decimal(hundredths) / 6000)


@given(st.integers(-(10**12), 10**12), st.integers(1, 99))
def test_half_even(number: int, by: int) -> None:
    exact = Decimal(number) / Decimal(by) if number % by else Decimal(number // by)
    if (2 * number) % by or number % by == 0:
        assert numbers.divided(number, by) == exact.to_integral_value(ROUND_HALF_EVEN)
    else:
        assert numbers.divided(number, by) * 2 * by in (2 * number - by, 2 * number + by)
        assert numbers.divided(number, by) % 2 == 0


@given(st.integers(1, 300_000), st.integers(0, 40_000) | st.none())
def test_snapping_is_that_of_the_engine(stated: int, wall: int | None) -> None:
    hours = Decimal(stated).scaleb(-4)
    expected = snapped_seconds(hours, None if wall is None else Decimal(wall))
    assert use.snapped(stated * 36, -1 if wall is None else wall * 100) == expected * 100


@pytest.mark.parametrize("value", ["0.00001", "1E+9", "1E-40", "123456789012345", "NaN"])
def test_whole_numbers_only(value: str) -> None:
    with pytest.raises(Unusual):
        whole(Decimal(value), 4, 10**12)


def test_whole_numbers() -> None:
    assert [whole(Decimal(v), 4, 10**12) for v in ("-1.5", "0.1200000", "1E+2", "0")] == [-15_000, 1200, 1_000_000, 0]


def test_an_instant_with_a_fraction() -> None:
    assert epoch_second(datetime(1970, 1, 2, 3, 4, 5, tzinfo=UTC)) == 86_400 + 11_045
    with pytest.raises(Unusual):
        epoch_second(datetime(2026, 1, 1, microsecond=1, tzinfo=UTC))
