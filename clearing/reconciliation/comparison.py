"""Do both sides tell the same story? One function per field; each returns the cause it found, or None.

*Differs* means strictly more than max(absolute, percent of the CPO's value) of the agreement's tolerance.
"""

from collections.abc import Callable
from decimal import Decimal

from clearing.parties import Tolerance
from clearing.reconciliation.charge import Cause, Charge, plain
from clearing.reconciliation.pairing import contract_key, folded, seconds_between, skew_of
from clearing.reconciliation.plausibility import differs
from clearing.records import ChargeRecord

CHECK_BOTH = "Compare both records (evclear findings show ID); accept to bill the CPO's record, reject to refuse it."


def _stake(ours: ChargeRecord, theirs: ChargeRecord) -> Decimal | None:
    if ours.claimed is None or theirs.claimed is None or ours.currency != theirs.currency:
        return None
    return ours.claimed - theirs.claimed


def energy_differs(charge: Charge, theirs: ChargeRecord, tolerance: Tolerance) -> Cause | None:
    """The kWh of both sides differ; a suspected unit explains it already."""
    ours = charge.record
    if charge.has("unit-suspect") or ours.energy_kwh is None or theirs.energy_kwh is None:
        return None
    if not differs(ours.energy_kwh, theirs.energy_kwh, tolerance.energy_kwh, tolerance.energy_percent):
        return None
    return Cause(
        "energy-differs",
        f"CPO {plain(ours.energy_kwh)} kWh, e-MSP {plain(theirs.energy_kwh)} kWh",
        CHECK_BOTH,
        expected=plain(theirs.energy_kwh),
        found=plain(ours.energy_kwh),
        at_stake=_stake(ours, theirs),
    )


def time_differs(charge: Charge, theirs: ChargeRecord, tolerance: Tolerance) -> Cause | None:
    """Start or end differ, and not by a clock that is off by whole quarter hours."""
    ours = charge.record
    if skew_of(ours, theirs) is not None:
        return None
    for name, mine, other in (("start", ours.start, theirs.start), ("end", ours.end, theirs.end)):
        if mine is None or other is None or abs(seconds_between(mine, other)) <= tolerance.time_s:
            continue
        return Cause(
            "time-differs",
            f"The {name} differs by {abs(seconds_between(mine, other))} s: CPO {mine:%Y-%m-%dT%H:%M:%SZ}, "
            f"e-MSP {other:%Y-%m-%dT%H:%M:%SZ}",
            CHECK_BOTH,
            expected=f"{other:%Y-%m-%dT%H:%M:%SZ}",
            found=f"{mine:%Y-%m-%dT%H:%M:%SZ}",
            at_stake=_stake(ours, theirs),
        )
    return None


def clock_skew(charge: Charge, theirs: ChargeRecord, tolerance: Tolerance) -> Cause | None:
    """Start and end are shifted alike by whole quarter hours: matched, billed by the CPO's times."""
    skew = skew_of(charge.record, theirs)
    if skew is None:
        return None
    minutes = skew // 60
    return Cause(
        "clock-skew",
        f"The e-MSP's clock is {minutes:+d} min off: same duration, start and end shifted alike",
        "Nothing to pay for; tell whoever owns the clock.",
        expected="0 min",
        found=f"{minutes:+d} min",
    )


def token_differs(charge: Charge, theirs: ChargeRecord, tolerance: Tolerance) -> Cause | None:
    """The contract differs; the token's uid where one side names no contract (contract, section 3.13)."""
    ours = charge.record
    mine, other = contract_key(ours.contract_id), contract_key(theirs.contract_id)
    if mine is None or other is None:
        mine, other = folded(ours.token_uid), folded(theirs.token_uid)
    if mine is None or other is None or mine == other:
        return None
    return Cause(
        "token-differs", "Both sides name another contract for one charge", CHECK_BOTH, "the same contract",
        "two contracts", charge.claimed,
    )  # fmt: skip


def evse_differs(charge: Charge, theirs: ChargeRecord, tolerance: Tolerance) -> Cause | None:
    """The EVSE differs; like is compared with like, `evse_uid` first."""
    ours = charge.record
    mine, other = folded(ours.evse_uid), folded(theirs.evse_uid)
    named = (ours.evse_uid, theirs.evse_uid)
    if mine is None or other is None:
        mine, other, named = folded(ours.evse_id), folded(theirs.evse_id), (ours.evse_id, theirs.evse_id)
    if mine is None or other is None or mine == other:
        return None
    return Cause(
        "evse-differs", f"CPO names the EVSE {named[0]}, e-MSP {named[1]}", CHECK_BOTH, named[1], named[0],
        charge.claimed,
    )  # fmt: skip


def tariff_differs(charge: Charge, theirs: ChargeRecord, tolerance: Tolerance) -> Cause | None:
    """Both sides name a tariff, and not the same."""
    ours = charge.record
    mine = {tariff.lower() for tariff in ours.tariff_ids}
    other = {tariff.lower() for tariff in theirs.tariff_ids}
    if not mine or not other or mine == other:
        return None
    named = (", ".join(sorted(ours.tariff_ids)), ", ".join(sorted(theirs.tariff_ids)))
    return Cause(
        "tariff-differs", f"CPO charged by tariff {named[0]}, the e-MSP knows {named[1]}", CHECK_BOTH, named[1],
        named[0], _stake(ours, theirs),
    )  # fmt: skip


def currency_differs(charge: Charge, theirs: ChargeRecord, tolerance: Tolerance) -> Cause | None:
    """The e-MSP's record is in another currency; one that is not agreed explains it already."""
    ours = charge.record
    if ours.currency is None or theirs.currency is None or ours.currency == theirs.currency:
        return None
    if charge.has("currency-not-agreed") or theirs.claimed is None:
        return None
    return Cause(
        "currency-differs", f"CPO claims in {ours.currency}, the e-MSP's record is in {theirs.currency}",
        "Ask both sides which currency holds; nothing is ever converted.", theirs.currency, ours.currency,
        charge.claimed,
    )  # fmt: skip


EXPLAINS_AMOUNT = (
    "unit-suspect", "energy-differs", "time-differs", "tariff-differs", "tariff-not-as-published", "currency-differs",
    "currency-not-agreed",
)  # fmt: skip
"""Causes whose consequence another amount is: it stands in their money (contract, section 3.11)."""


def amount_differs(charge: Charge, theirs: ChargeRecord, tolerance: Tolerance) -> Cause | None:
    """The e-MSP holds another amount than the CPO claims; not at all when it agrees with our own price."""
    claimed, other = charge.claimed, theirs.claimed
    if claimed is None or other is None or charge.has(*EXPLAINS_AMOUNT):
        return None
    if not differs(claimed, other, tolerance.money, tolerance.money_percent):
        return None
    if charge.computed is not None and not differs(charge.computed, other, tolerance.money, tolerance.money_percent):
        return None
    currency = charge.record.currency or ""
    return Cause(
        "amount-differs",
        f"CPO claims {plain(claimed, 2)} {currency}, the e-MSP's record says {plain(other, 2)} {currency}",
        CHECK_BOTH,
        expected=plain(other, 2),
        found=plain(claimed, 2),
        at_stake=claimed - other,
    )


def vat_differs(charge: Charge, theirs: ChargeRecord, tolerance: Tolerance) -> Cause | None:
    """Net agrees, the amount including VAT does not; the document's VAT is our own either way."""
    ours = charge.record
    if charge.has(*EXPLAINS_AMOUNT, "amount-differs") or ours.claimed is None or theirs.claimed is None:
        return None
    mine, other = ours.claimed_incl_vat, theirs.claimed_incl_vat
    if mine is None or other is None or differs(ours.claimed, theirs.claimed, tolerance.money, tolerance.money_percent):
        return None
    if not differs(mine, other, tolerance.money, tolerance.money_percent):
        return None
    return Cause(
        "vat-differs",
        f"Net agrees, but including VAT the CPO says {plain(mine, 2)} and the e-MSP {plain(other, 2)}",
        "Nothing for this month: the document's VAT follows the book's rules. Tell whoever taxes wrongly.",
        expected=plain(other, 2),
        found=plain(mine, 2),
    )


FieldRule = Callable[[Charge, ChargeRecord, Tolerance], Cause | None]
RULES: tuple[FieldRule, ...] = (
    energy_differs,
    time_differs,
    clock_skew,
    token_differs,
    evse_differs,
    tariff_differs,
    currency_differs,
    amount_differs,
    vat_differs,
)
"""In this order: a rule may look at what the ones before it found."""


def compare(charge: Charge, theirs: ChargeRecord, tolerance: Tolerance) -> None:
    """Add every difference between a charge and the e-MSP's record of it to the charge's causes."""
    for rule in RULES:
        cause = rule(charge, theirs, tolerance)
        if cause is not None:
            charge.causes.append(cause)
