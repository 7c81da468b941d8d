"""Lint: what is wrong or suspicious in a tariff or a CDR before anyone prices by it, with what to do.

>>> from tariffs.lint import RULES, lint_tariff
>>> [f.code for f in lint_tariff({"id": "T", "currency": "EUR", "elements": []}) if f.severity == "Q"]
['no-elements']
"""

from tariffs.lint.catalogue import RULES
from tariffs.lint.linting import lint_cdr, lint_tariff
from tariffs.lint.rule import LintFinding, Rule

__all__ = ["RULES", "LintFinding", "Rule", "lint_cdr", "lint_tariff"]
