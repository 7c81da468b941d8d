"""Figures are put together by us, because an annex has 200,000 of them: letter for letter as babel writes them."""

from decimal import Decimal

import pytest
from babel import Locale
from babel.numbers import parse_pattern
from hypothesis import given
from hypothesis import strategies as st

from clearing.documents.wording import decimal_places, wording

AMOUNTS = st.decimals(
    min_value=-(10**15), max_value=10**15, allow_nan=False, allow_infinity=False, places=4
) | st.builds(
    lambda digits, exponent: Decimal(digits).scaleb(exponent), st.integers(-(10**9), 10**9), st.integers(-8, 3)
)


@pytest.mark.parametrize("language", ["de", "en"])
@given(value=AMOUNTS, places=st.integers(0, 5))
def test_a_figure_is_what_babel_writes(language: str, value: Decimal, places: int) -> None:
    shown = max(places, decimal_places(value))
    pattern = parse_pattern("#,##0." + "0" * shown if shown else "#,##0")
    expected = pattern.apply(value, Locale.parse(language), decimal_quantization=False)
    assert wording(language).figure(value, places) == expected
