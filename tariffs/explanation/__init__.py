"""How did the price of a CDR come about? Every step in words, German and English, to be recalculated by hand.

`explain` asks the engine that prices (`tariffs.pricing.work_out`) and tells what it did: the tariff, the time zone, the
element of each volume and why each earlier one does not apply, measured and billed quantities, costs, limits, total.
The answer is a value; `as_text`, `as_markdown` and `as_values` only write it down. Every sentence stands in
`catalogue`, in both languages; every step cites OCPI or, where that is silent, a decision of `tariffs.decisions`.

>>> from tariffs.explanation import as_text, explain
>>> from tariffs.ocpi import decode, read_cdr
>>> cdr = read_cdr(decode(b'''{
...     "id": "C1", "currency": "EUR",
...     "start_date_time": "2026-10-01T08:00:00Z", "end_date_time": "2026-10-01T09:00:00Z",
...     "tariffs": [{"id": "T", "currency": "EUR", "elements": [
...         {"price_components": [{"type": "ENERGY", "price": 0.45, "vat": 19, "step_size": 1}]}]}],
...     "charging_periods": [{"start_date_time": "2026-10-01T08:00:00Z",
...         "dimensions": [{"type": "ENERGY", "volume": 10.5}]}]}''')).cdr
>>> [line.strip() for line in as_text(explain(cdr)).splitlines() if " x " in line]
['5.1.1  Before VAT: 10.5 kWh x 0.45 EUR/kWh = 4.725 EUR', '5.1.2  With 19 % VAT: 4.725 EUR x 1.19 = 5.62275 EUR']
"""

from tariffs.explanation.explaining import explain, explain_unreadable
from tariffs.explanation.json_form import SCHEMA, as_values
from tariffs.explanation.rendering import as_markdown, as_text
from tariffs.explanation.values import Explanation, Formula, Message, Step

__all__ = [
    "SCHEMA",
    "Explanation",
    "Formula",
    "Message",
    "Step",
    "as_markdown",
    "as_text",
    "as_values",
    "explain",
    "explain_unreadable",
]
