"""Whole numbers for money, energy and time, and the one place where they become text.

The truth of the demo has an arithmetic of its own, so that it can prove the arithmetic of the rooms that judge: money
excluding VAT counts hundred-millionths of the currency unit (`_e8`), money including VAT hundred-billionths (`_e11`),
energy tenths of a watt-hour (`_e4` of a kWh), prices ten-thousandths of the currency unit (`_e4`), time seconds.
"""

CENT_E8 = 1_000_000
UNIT_E8 = 100_000_000


def half_up(value: int, divisor: int) -> int:
    """Divide and round to a whole number, halves away from zero.

    >>> half_up(5, 10), half_up(-5, 10), half_up(4, 10)
    (1, -1, 0)
    """
    rounded = (
        (abs(value) + divisor // 2) // divisor if divisor % 2 == 0 else (2 * abs(value) + divisor) // (2 * divisor)
    )
    return rounded if value >= 0 else -rounded


def cents(value_e8: int) -> int:
    """Round money to cents, halves away from zero."""
    return half_up(value_e8, CENT_E8)


def plain(value: int, places: int, least: int = 0) -> str:
    """Write a whole number of 10**-places as a plain decimal with at least `least` decimals and no other zeros.

    >>> plain(1_2500, 4), plain(-50, 2, least=2), plain(3_0000, 4, least=2)
    ('1.25', '-0.50', '3.00')
    """
    sign = "-" if value < 0 else ""
    whole, part = divmod(abs(value), 10**places)
    decimals = str(part).rjust(places, "0").rstrip("0").ljust(least, "0") if places else ""
    return f"{sign}{whole}.{decimals}" if decimals else f"{sign}{whole}"


def money_text(value_e8: int) -> str:
    """Write money as the report does, with at least the two minor digits."""
    return plain(value_e8, 8, least=2)


def cents_text(value: int) -> str:
    """Write cents as an amount with two decimals."""
    return plain(value, 2, least=2)


def hours_text(seconds: int) -> str:
    """Write a duration as OCPI does, in hours with four decimals, the rest cut off.

    Cutting keeps the parts of a charge from adding up to more than the whole.
    """
    return plain(seconds * 10_000 // 3600, 4)
