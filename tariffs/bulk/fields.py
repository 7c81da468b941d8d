"""The place of each field of a CDR in the tuple that `wire.decode` makes of it; by place is quicker than by name."""

from typing import Final

ID: Final = 0
COUNTRY_CODE: Final = 1
PARTY_ID: Final = 2
START_DATE_TIME: Final = 3
END_DATE_TIME: Final = 4
CDR_TOKEN: Final = 5
AUTH_METHOD: Final = 6
CDR_LOCATION: Final = 7
CURRENCY: Final = 8
CHARGING_PERIODS: Final = 9
TOTAL_COST: Final = 10
TOTAL_ENERGY: Final = 11
TOTAL_TIME: Final = 12
LAST_UPDATED: Final = 13
TARIFFS: Final = 14
SESSION_ID: Final = 15
AUTHORIZATION_REFERENCE: Final = 16
METER_ID: Final = 17
TOTAL_FIXED_COST: Final = 18
TOTAL_ENERGY_COST: Final = 19
TOTAL_TIME_COST: Final = 20
TOTAL_PARKING_COST: Final = 21
TOTAL_RESERVATION_COST: Final = 22
TOTAL_PARKING_TIME: Final = 23
REMARK: Final = 24
INVOICE_REFERENCE_ID: Final = 25
CREDIT: Final = 26
CREDIT_REFERENCE_ID: Final = 27
HOME_CHARGING_COMPENSATION: Final = 28
OPTIONAL: Final = TARIFFS
"""From here on a field may be missing."""
