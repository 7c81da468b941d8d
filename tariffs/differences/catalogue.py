"""Every reading that is tried, in its order, and the decisions that no reading belongs to, with the reason."""

from typing import Final

from tariffs.differences.clock import CLOCK
from tariffs.differences.elements import ELEMENTS
from tariffs.differences.fees import FEES
from tariffs.differences.money import MONEY
from tariffs.differences.reading import AS_DECIDED, Reading
from tariffs.differences.steps import STEPS
from tariffs.differences.volumes import VOLUMES

READINGS: Final[dict[str, Reading]] = {r.id: r for r in (*STEPS, *VOLUMES, *CLOCK, *MONEY, *FEES, *ELEMENTS)}
"""By id; an id never changes its meaning."""

ORDER: Final[dict[str, int]] = {id: place for place, id in enumerate((AS_DECIDED, *READINGS))}
"""The place of each reading among the causes of one difference: rounding alone comes first."""

BY_ROUNDING: Final[dict[tuple[str, str], str]] = {
    ("no-rounding-here", "each-line-rounded"): "line-half-up/1",
    ("no-rounding-here", "each-dimension-rounded"): "dimension-half-up/1",
    ("no-rounding-here", "vat-on-rounded-net"): "charge-half-up-vat-on-rounded-net/1",
}
"""Alternatives of a decision (decision, alternative) that are rounding profiles."""

NO_READING: Final[dict[tuple[str, str], str]] = {
    ("no-vat-stated-is-no-vat", "amount-with-vat-unknown"): "it claims no other amount, but one side less",
    ("every-flat-is-a-fixed-cost", "flat-beside-parking-is-parking"): "it moves money between two parts of one total",
    ("credit-negates-the-total-only", "credit-negates-everything"): "it changes the parts, not the total",
    ("patch-replaces-the-periods", "patch-appends-its-periods"): "it is about Sessions; a difference is of a CDR",
}
"""Alternatives that no total of a CDR can show, and why."""
