"""The numbers of a picture of a tariff: prices over the week, and what a charge costs while it goes on.

>>> from tariffs.ocpi import decode, read_tariff
>>> from tariffs.picture import picture_of
>>> tariff = read_tariff(decode(b'''{"id": "T", "currency": "EUR", "elements": [
...     {"price_components": [{"type": "ENERGY", "price": 0.5, "step_size": 1}],
...      "restrictions": {"start_time": "08:00", "end_time": "20:00"}}]}''')).tariff
>>> [(band.start // 3600, band.price) for band in picture_of(tariff).tables[0].rows[0].bands]
[(0, None), (8, Decimal('0.5')), (20, None)]
"""

from tariffs.picture.curves import CostCurve, CurvePoint, Takeover
from tariffs.picture.picture import TariffPicture, picture_of
from tariffs.picture.week import Band, Situation, WeekRow, WeekTable

__all__ = [
    "Band",
    "CostCurve",
    "CurvePoint",
    "Situation",
    "Takeover",
    "TariffPicture",
    "WeekRow",
    "WeekTable",
    "picture_of",
]
