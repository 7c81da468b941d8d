"""All rules in their order: what reading finds, the JSON, the codes, the whole, the elements, the prices, the taxes."""

from typing import Final

from tariffs.lint import codes, coordinates, coverage, keys, limits, prices, ranges, record, taxation, totals, windows
from tariffs.lint.reading import FOUND_IN_READING
from tariffs.lint.rule import Check, Rule
from tariffs.lint.sheet import CdrSheet, TariffSheet

TARIFF_CHECKS: Final[tuple[Check[TariffSheet], ...]] = (
    *keys.TARIFF_CHECKS,
    *codes.TARIFF_CHECKS,
    *limits.CHECKS,
    *windows.CHECKS,
    *ranges.CHECKS,
    *prices.CHECKS,
    *taxation.CHECKS,
    *coverage.CHECKS,
)
CDR_CHECKS: Final[tuple[Check[CdrSheet], ...]] = (
    *keys.CDR_CHECKS,
    *codes.CDR_CHECKS,
    *coordinates.CDR_CHECKS,
    *record.CHECKS,
    *totals.CHECKS,
)
RULES: Final[dict[str, Rule]] = {
    found.id: found
    for found in (
        *FOUND_IN_READING,
        *(check.rule for check in TARIFF_CHECKS),
        *(check.rule for check in CDR_CHECKS),
    )
}
"""Every rule by its name, in the order in which findings are told."""
