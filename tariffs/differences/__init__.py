"""Why does a claim differ from our price? One changed rule at a time, until one makes the claim to its last digit.

A cause is a *reading* (`catalogue.READINGS`: step_size per period, parking as time, UTC, limits ignored …) with the
rounding profiles (`tariffs.rounding`) under which it makes the claim; rounding alone is the first that is tried. Over
many claims of one partner, `method_of` names the one method that makes nearly all of them.

>>> from tariffs import price
>>> from tariffs.ocpi import decode, read_cdr
>>> cdr = read_cdr(decode(b'''{
...     "id": "C1", "currency": "EUR", "total_cost": {"excl_vat": 4.73}, "total_energy": 10.5,
...     "start_date_time": "2026-10-01T08:00:00Z", "end_date_time": "2026-10-01T09:00:00Z",
...     "tariffs": [{"id": "T", "currency": "EUR", "elements": [
...         {"price_components": [{"type": "ENERGY", "price": 0.45, "step_size": 1}]}]}],
...     "charging_periods": [{"start_date_time": "2026-10-01T08:00:00Z",
...         "dimensions": [{"type": "ENERGY", "volume": 10.5}]}]}''')).cdr
>>> found = account(cdr, price(cdr))
>>> str(found.money), found.causes[0].profiles[0]
('0.005', 'charge-half-up/1')
"""

from tariffs.differences.accounting import Account, Cause, Difference, account
from tariffs.differences.method import Method, Partner, Share, Tally, method_of

__all__ = ["Account", "Cause", "Difference", "Method", "Partner", "Share", "Tally", "account", "method_of"]
