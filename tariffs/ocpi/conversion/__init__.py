"""CDRs and tariffs from one version of OCPI to another, as JSON, with everything that gets lost on the way named.

2.1.1 to 2.2.1 to 2.3.0, and 2.3.0 back to 2.2.1 (pricing rule 30). Unknown fields are kept. A finding says what has no
place in the other version (W), what had to be assumed (W), what cannot be said there at all (Q), and what is only said
otherwise (I). Priced, the converted object makes the totals of the original as far as these are known, unless a finding
says why not.

>>> from tariffs.ocpi import decode
>>> cdr = decode(b'{"id": "C1", "total_cost": {"excl_vat": 10.00, "incl_vat": 11.90}}')
>>> converted = convert_cdr(cdr, to="2.3.0", version="2.2.1")
>>> converted.value["total_cost"]
{'before_taxes': Decimal('10.00'), 'taxes': [{'name': 'VAT', 'amount': Decimal('1.90')}]}
>>> [(f.code, f.path) for f in converted.findings]
[('tax-as-one-amount', '$.total_cost')]
"""

from tariffs.ocpi.conversion.converting import TARGETS, Converted, convert_cdr, convert_tariff

__all__ = ["TARGETS", "Converted", "convert_cdr", "convert_tariff"]
