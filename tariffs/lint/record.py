"""Rules about a CDR as a record: its instants, its tariffs, whether it is a credit."""

from collections.abc import Iterator
from typing import Final

from tariffs.lint.rule import Check, Spot, rule
from tariffs.lint.sheet import CdrSheet


def _end_name(sheet: CdrSheet) -> str:
    return dict(sheet.cdr.wire_names).get("end_date_time", "end_date_time")


def ends_before_start(sheet: CdrSheet) -> Iterator[Spot]:
    """A charge that ends before it starts."""
    cdr = sheet.cdr
    if cdr.start is not None and cdr.end is not None and cdr.end < cdr.start:
        words = f"the charge ends at {cdr.end.isoformat()}, before it starts at {cdr.start.isoformat()}"
        yield Spot(f"$.{_end_name(sheet)}", words, f"after {cdr.start.isoformat()}", cdr.end.isoformat())


def period_outside_charge(sheet: CdrSheet) -> Iterator[Spot]:
    """A charging period that starts before the charge does, or when it has ended."""
    cdr = sheet.cdr
    if cdr.start is None or cdr.end is None or cdr.end < cdr.start:
        return
    for index, stretch in enumerate(cdr.periods):
        at = stretch.start
        if at is None or cdr.start <= at < cdr.end or at == cdr.start == cdr.end:
            continue
        when = "before the charge" if at < cdr.start else "when the charge has ended"
        path = f"$.charging_periods[{index}].start_date_time"
        expected = f"from {cdr.start.isoformat()} to {cdr.end.isoformat()}"
        yield Spot(path, f"the period starts {when}", expected, at.isoformat())


def updated_before_end(sheet: CdrSheet) -> Iterator[Spot]:
    """A CDR that was last updated before the charge ended; it is sealed only afterwards."""
    cdr = sheet.cdr
    if cdr.last_updated is not None and cdr.end is not None and cdr.last_updated < cdr.end:
        words = "the CDR was last updated before the charge ended"
        yield Spot("$.last_updated", words, f"{cdr.end.isoformat()} or later", cdr.last_updated.isoformat())


def negative_volume(sheet: CdrSheet) -> Iterator[Spot]:
    """A negative time, which no price can mean; negative energy is fed back to the grid."""
    for index, stretch in enumerate(sheet.cdr.periods):
        for place, dimension in enumerate(stretch.dimensions):
            if dimension.type.endswith("TIME") and dimension.volume < 0:
                path = f"$.charging_periods[{index}].dimensions[{place}].volume"
                yield Spot(path, f"{dimension.type} is negative", "0 or more", f"{dimension.volume:f}")


def negative_total(sheet: CdrSheet) -> Iterator[Spot]:
    """A negative total of a CDR that is no credit, and in which no energy is fed back."""
    cdr = sheet.cdr
    total = cdr.total_cost.excl_vat if cdr.total_cost is not None else None
    fed_back = any(d.volume < 0 for stretch in cdr.periods for d in stretch.dimensions)
    if total is not None and total < 0 and not cdr.credit and not fed_back:
        words = "total_cost is negative, and the CDR is no credit"
        yield Spot("$.total_cost", words, "credit true, or an amount of 0 or more", f"{total:f}")


def credit_without_reference(sheet: CdrSheet) -> Iterator[Spot]:
    """A credit that does not name the CDR it cancels."""
    if sheet.cdr.credit and sheet.cdr.credit_reference_id is None:
        yield Spot("$.credit_reference_id", "the credit does not name the CDR it cancels", "the id of a CDR", "none")


def reference_without_credit(sheet: CdrSheet) -> Iterator[Spot]:
    """A CDR that names another one as cancelled without being a credit."""
    if not sheet.cdr.credit and sheet.cdr.credit_reference_id is not None:
        words = "the CDR names another one as cancelled and is no credit itself"
        yield Spot("$.credit_reference_id", words, "credit true, or no reference", sheet.cdr.credit_reference_id[:60])


def tariff_currency_differs(sheet: CdrSheet) -> Iterator[Spot]:
    """A tariff in another currency than its CDR: no price can be made by it."""
    currency = sheet.cdr.currency
    stated = sheet.raw.get("tariffs")
    for index, tariff in enumerate(stated if isinstance(stated, list) else []):
        other = tariff.get("currency") if isinstance(tariff, dict) else None
        if isinstance(other, str) and other and currency is not None and other.upper() != currency.upper():
            words = f"the tariff is in {other[:10]!r}, the CDR in {currency[:10]!r}"
            yield Spot(f"$.tariffs[{index}].currency", words, currency[:10], other[:10])


def tariff_not_included(sheet: CdrSheet) -> Iterator[Spot]:
    """A charging period by a tariff that is not among those in the CDR, while others are."""
    ids = {tariff.id.lower() for tariff in sheet.cdr.tariffs}
    told: set[str] = set()
    for index, stretch in enumerate(sheet.cdr.periods):
        named = stretch.tariff_id
        if named is None or not ids or not sheet.is_usable or named.lower() in ids | told:
            continue
        told.add(named.lower())
        words = f"the tariff {named[:40]!r} of the period is not in the CDR"
        yield Spot(f"$.charging_periods[{index}].tariff_id", words, ", ".join(sorted(ids))[:80], named[:40])


def no_tariff_named(sheet: CdrSheet) -> Iterator[Spot]:
    """A CDR with a cost that neither brings a tariff nor names one: nobody can check it by itself."""
    cdr = sheet.cdr
    total = cdr.total_cost.excl_vat if cdr.total_cost is not None else None
    if total and not sheet.raw.get("tariffs") and not any(stretch.tariff_id for stretch in cdr.periods):
        yield Spot("$.tariffs", "the CDR brings no tariff and its periods name none", "the tariffs used", "none")


_CDR: Final = "mod_cdrs, CDR object"
CHECKS: Final[tuple[Check[CdrSheet], ...]] = (
    Check(rule("ends-before-start", "Q", _CDR, "State the instants as they were."), ends_before_start),
    Check(
        rule("period-outside-charge", "W", "mod_cdrs, ChargingPeriod", "State the instants as they were."),
        period_outside_charge,
    ),
    Check(
        rule("updated-before-end", "I", f"{_CDR}, last_updated", "State when the CDR was sealed."), updated_before_end
    ),
    Check(rule("negative-volume", "Q", "mod_cdrs, CdrDimension", "State the volume as it was."), negative_volume),
    Check(
        rule("negative-total", "W", "mod_cdrs, credit CDRs", "Mark the CDR as a credit, or mend it."), negative_total
    ),
    Check(
        rule("credit-without-reference", "W", f"{_CDR}, credit_reference_id", "Name the CDR that is cancelled."),
        credit_without_reference,
    ),
    Check(
        rule("reference-without-credit", "W", f"{_CDR}, credit", "Set credit to true, or leave the reference out."),
        reference_without_credit,
    ),
    Check(
        rule("tariff-currency-differs", "Q", f"{_CDR}, currency", "Send both in one currency."),
        tariff_currency_differs,
    ),
    Check(
        rule("tariff-not-included", "W", f"{_CDR}, tariffs", "Add the tariff, or name one that is there."),
        tariff_not_included,
    ),
    Check(rule("no-tariff-named", "I", f"{_CDR}, tariffs", "Add the tariffs that were used."), no_tariff_named),
)
