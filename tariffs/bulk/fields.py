"""What stands in a CDR of OCPI 2.2.1 for the bulk way: its fields by number, and what kind of value each has.

A field of an object inside the CDR has its path as name. Whatever is not listed is for the engine.
"""

from typing import Final

TEXT: Final = 0
FILLED: Final = 1
"""A text that is not empty."""
INSTANT: Final = 2
NUMBER: Final = 3
VOLUME: Final = 4
"""A number that a dimension of a period states."""
PLACE: Final = 5
TARIFFS: Final = 6
PERIODS: Final = 7
DIMENSIONS: Final = 8
MORE: Final = 9
"""An object of a list ends, and another one follows."""
LAST: Final = 10
"""An object of a list ends, and the list as well."""
END: Final = 11
"""The CDR ends."""
TYPE: Final = 12
"""What a dimension is; a part of the text between values, as there are few."""
ENGINE: Final = 13
"""Something stands here that is for the engine."""

ID: Final = 0
CURRENCY: Final = 1
TOKEN_TYPE: Final = 2
TARIFF_ID: Final = 3
"""Of a period."""
TEXTS: Final = 4
"""So many texts are looked at again; the others only have to be there."""

START: Final = 0
FINISH: Final = 1
LAST_UPDATED: Final = 2
PERIOD_START: Final = 3
TOTAL_ENERGY: Final = 4
TOTAL_TIME: Final = 5
TOTAL_PARKING_TIME: Final = 6
TOTAL_COST: Final = 7
ENERGY_COST: Final = 9
TIME_COST: Final = 11
PARKING_COST: Final = 13
FIXED_COST: Final = 15
RESERVATION_COST: Final = 17
INCL: Final = 1
"""Added to the number of a cost: its side that includes taxes."""
NUMBERS: Final = 19
"""So many instants and numbers."""

ENERGY: Final = 0
TIME: Final = 1
PARKING_TIME: Final = 2
LOAD: Final = 3
"""A power or a current: it is read, and prices nothing here."""
