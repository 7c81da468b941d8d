"""CDRs made up from a tariff, so that everything the tariff says is seen at work: for tests, and to see what it does.

>>> from tariffs.generate import generate
>>> from tariffs.ocpi import decode, read_tariff
>>> obj = decode(b'''{"id": "T", "currency": "EUR", "elements": [
...     {"price_components": [{"type": "ENERGY", "price": 0.5, "step_size": 1000}],
...      "restrictions": {"max_kwh": 10}},
...     {"price_components": [{"type": "ENERGY", "price": 0.4, "step_size": 1}]}]}''')
>>> [made.id for made in generate(obj, read_tariff(obj).tariff).made]
['EV-001-e1-energy', 'EV-002-e2-energy', 'EV-003-e1-max-kwh', 'EV-004-e1-energy-step-exact']
"""

from tariffs.generate.generation import Generated, Made, NotShown, generate

__all__ = ["Generated", "Made", "NotShown", "generate"]
