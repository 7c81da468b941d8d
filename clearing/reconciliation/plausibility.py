"""What one CPO record tells by itself: parties, agreement, currency, unit, token, price and lateness.

One function per rule; `RULES` is their order. Each returns the cause it found, or None.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from clearing.parties import PartyId, Role, Terms
from clearing.reconciliation.charge import Cause, Charge, plain
from clearing.reconciliation.valuation import Valuation
from clearing.records import ChargeRecord, TokenEntry
from tariffs.breakdown import Breakdown
from tariffs.cdr import Claim
from tariffs.money import EXACT, MINOR_DIGITS

SUSPECT_POWER_KW = 2000
"""A mean power above this is no charger (truck DC: 1,250 kW): the energy is probably in Wh."""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What the rules may look at beside the charge itself."""

    terms: Terms
    as_of: date
    tokens: Mapping[PartyId, Mapping[str, TokenEntry]]
    """e-MSP → folded token uid → its entry; an e-MSP without a list is not in it."""
    valuations: Mapping[int, Valuation]


def unknown_currency(charge: Charge, known: Knowledge) -> Cause | None:
    """The currency is no ISO 4217 code."""
    currency = charge.record.currency
    if currency is None or currency in MINOR_DIGITS:
        return None
    return Cause(
        "unknown-currency",
        f"{currency!r} is no ISO 4217 currency",
        "Ask the CPO which currency is meant and have the CDR sent again.",
        expected="an ISO 4217 code such as EUR",
        found=currency,
    )


def unknown_party(charge: Charge, known: Knowledge) -> Cause | None:
    """A party stands in no [[company]] of evclear.toml, or not in that role."""
    for party, role, name in ((charge.record.cpo, Role.CPO, "CPO"), (charge.record.emsp, Role.EMSP, "e-MSP")):
        company = known.terms.company(party)
        if party is None or (company is not None and role in company.roles):
            continue
        found = f"{party} is in no [[company]]" if company is None else f"{company.name} has no role {role.value!r}"
        return Cause(
            "unknown-party",
            f"{name} {party}: {found} of evclear.toml",
            f'Add a [[company]] with ids = ["{party}"] and roles = ["{role.value}"], or the role to the company.',
            expected=f"a company with the role {role.value}",
            found=str(party),
        )
    return None


def no_agreement(charge: Charge, known: Knowledge) -> Cause | None:
    """No agreement of the pair is in force on the day of the charge."""
    if charge.agreement is not None:
        return None
    pair = f"{charge.record.cpo} and {charge.record.emsp}"
    return Cause(
        "no-agreement",
        f"No [[agreement]] of {pair} is in force when the charge ended",
        f'Add an [[agreement]] with cpo = "{charge.record.cpo}" and emsp = "{charge.record.emsp}" to evclear.toml.',
        expected="an agreement in force",
        found="none",
        at_stake=charge.claimed,
    )


def currency_not_agreed(charge: Charge, known: Knowledge) -> Cause | None:
    """The CDR is in another currency than the agreement's; nothing is ever converted."""
    agreement, currency = charge.agreement, charge.record.currency
    if agreement is None or currency is None or currency == agreement.currency:
        return None
    return Cause(
        "currency-not-agreed",
        f"The CDR is in {currency}, the agreement of {agreement.cpo} and {agreement.emsp} is in {agreement.currency}",
        f"Ask the CPO for a CDR in {agreement.currency}; no exchange rate is ever invented.",
        expected=agreement.currency,
        found=currency,
        at_stake=charge.claimed,
    )


def token_rule(charge: Charge, known: Knowledge) -> Cause | None:
    """The token is not on the e-MSP's list, or is blocked; without a list there is no finding."""
    listed = known.tokens.get(charge.record.emsp) if charge.record.emsp else None
    uid = charge.record.token_uid
    if not listed or uid is None:
        return None
    entry = listed.get(uid.lower())
    if entry is not None and entry.valid:
        return None
    code, what = ("token-unknown", "is not on") if entry is None else ("token-blocked", "is blocked on")
    return Cause(
        code,
        f"The token of this charge {what} the token list of {charge.record.emsp}",
        "Ask the e-MSP whether the contract was in force; accept to bill all the same, reject to refuse.",
        expected="a valid token of the list",
        found="not listed" if entry is None else "blocked",
        at_stake=charge.claimed,
    )


def home_charging(charge: Charge, known: Knowledge) -> Cause | None:
    """The driver charged at home: the energy is the driver's own, and its cost is to be paid back (OCPI mod_cdrs)."""
    if not charge.record.home_charging:
        return None
    return Cause(
        "home-charging-compensation",
        "The driver charged at home and is to be compensated for the energy (home_charging_compensation): no ordinary "
        "supply of the CPO, and usually without VAT",
        "Settle the compensation outside and reject it here; accept to bill it like any other charge.",
        expected="a supply of the CPO",
        found="compensation of a driver",
        at_stake=charge.claimed,
    )


def unit_suspect(charge: Charge, known: Knowledge) -> Cause | None:
    """The energy is 1,000 times too large or small: Wh in a field of kWh, or the reverse."""
    record = charge.record
    kwh = record.energy_kwh
    if kwh is None or kwh == 0:
        return None
    valuation = known.valuations.get(record.number)
    others = [
        ("its charging periods", valuation.period_kwh if valuation else None),
        ("the e-MSP's record", charge.partner.energy_kwh if charge.partner and charge.partner.usable else None),
    ]
    for name, other in others:
        if other and is_factor_thousand(kwh, other):
            return _unit_cause(charge, f"{plain(kwh)} kWh in the CDR, {plain(other)} kWh in {name}", plain(other))
    if record.start is None or record.end is None:
        return None
    seconds = int((record.end - record.start).total_seconds())
    if seconds > 0 and kwh * 3600 > SUSPECT_POWER_KW * seconds:
        power = (kwh * 3600 / seconds).quantize(Decimal(1), context=EXACT)
        return _unit_cause(charge, f"{plain(kwh)} kWh in {seconds} s would be {power} kW", plain(kwh / 1000))
    return None


def is_factor_thousand(one: Decimal, other: Decimal) -> bool:
    """Whether one of two energies is 990 to 1,010 times the other."""
    big, small = max(abs(one), abs(other)), min(abs(one), abs(other))
    return 990 * small <= big <= 1010 * small


def _unit_cause(charge: Charge, words: str, expected: str | None) -> Cause:
    return Cause(
        "unit-suspect",
        f"Probably Wh in a field of kWh, or the reverse: {words}",
        "Ask the CPO for the CDR in kWh; accept to bill it as it stands, reject to refuse it.",
        expected=expected,
        found=plain(charge.record.energy_kwh),
        at_stake=charge.claimed,
    )


def drift(charge: Charge, known: Knowledge) -> Cause | None:
    """The tariff inside the CDR is not the published one."""
    valuation = known.valuations.get(charge.record.number)
    return valuation.drift if valuation else None


def price_claim_differs(charge: Charge, known: Knowledge) -> Cause | None:
    """The CPO claims strictly more or less than its tariff makes, beyond the tolerance (contract, section 3.2).

    Where its prices include taxes of unknown rates (OCPI 2.3.0), the amounts including taxes are compared.
    """
    agreement = charge.agreement
    valuation = known.valuations.get(charge.record.number)
    compared = claim_beside_price(charge.record, charge.breakdown)
    if compared is None or agreement is None or charge.has("unit-suspect"):
        return None
    claimed, computed, side = compared
    tolerance = agreement.tolerance
    if not differs(claimed, computed, tolerance.money, tolerance.money_percent):
        return None
    if valuation is not None and valuation.is_as_agreed(Claim(charge.record.claimed, charge.record.claimed_incl_vat)):
        return None
    currency = charge.record.currency or ""
    breakdown = charge.breakdown
    tariff_names = ", ".join(breakdown.tariff_ids) if breakdown else ""
    why = f"; {valuation.explanation}" if valuation is not None and valuation.explanation else ""
    return Cause(
        "price-claim-differs",
        f"The CPO claims {plain(claimed, 2)} {currency}{side}, tariff {tariff_names} makes {plain(computed, 2)} "
        f"{currency}{why}",
        "Ask the CPO for a credit and a new CDR, or which tariff holds; accept to bill by the agreement's price basis.",
        expected=plain(computed, 2),
        found=plain(claimed, 2),
        at_stake=claimed - computed,
    )


def claim_beside_price(record: ChargeRecord, breakdown: Breakdown | None) -> tuple[Decimal, Decimal, str] | None:
    """Return a CPO's claim and our price on the side of taxes that both know, with its words; None without either."""
    if breakdown is None:
        return None
    total, side = breakdown.total_cost, ""
    claimed, computed = record.claimed, total.excl_vat
    if computed is None:
        claimed, computed, side = record.claimed_incl_vat, total.incl_vat, " including taxes"
    return None if claimed is None or computed is None else (claimed, computed, side)


def differs(cpo_value: Decimal, other: Decimal, absolute: Decimal, percent: Decimal) -> bool:
    """Whether two values differ strictly more than max(absolute, percent of the CPO's value)."""
    return abs(cpo_value - other) > max(absolute, abs(cpo_value) * percent / 100)


def lateness(charge: Charge, known: Knowledge) -> Cause | None:
    """The record came later than the agreement allows; off unless the agreement says (contract, section 5)."""
    agreement, record = charge.agreement, charge.record
    if agreement is None or record.end is None or (agreement.late_after, agreement.too_late_after) == (None, None):
        return None
    if record.received is not None:
        came = date.fromisoformat(record.received)
    elif record.last_updated is not None:
        came = agreement.local_day(record.last_updated)
    else:
        return None
    days = (came - agreement.local_day(record.end)).days
    if agreement.too_late_after is not None and days > agreement.too_late_after:
        code, limit, todo = "too-late", agreement.too_late_after, "Refused; settle it outside if both sides agree."
    elif agreement.late_after is not None and days > agreement.late_after:
        code, limit, todo = "late-record", agreement.late_after, "Billed all the same; remind the CPO of the deadline."
    else:
        return None
    return Cause(code, f"Came {days} days after the charge ended, the agreement allows {limit}", todo,
                 expected=f"within {limit} days", found=f"{days} days")


Rule = Callable[[Charge, Knowledge], Cause | None]

STRUCTURE: tuple[Rule, ...] = (unknown_currency, unknown_party, no_agreement)
"""Whoever these stop cannot be judged further: the first one found is the cause of all that would follow."""

RULES: tuple[Rule, ...] = (
    currency_not_agreed,
    lateness,
    home_charging,
    token_rule,
    unit_suspect,
    drift,
    price_claim_differs,
)
"""Independent causes, each reported."""
