"""What `evclear differences` says for people: one charge with its causes, one CPO with its method."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from tariffs import Claim, Cost
from tariffs.differences import Account, Cause, Method, Partner
from tariffs.differences.accounting import SHIFTS
from tariffs.differences.method import FEWEST_CLAIMS, LEAST_PERCENT
from tariffs.differences.reading import AS_DECIDED
from tariffs.money import MINOR_DIGITS
from tariffs.plain import plain
from tariffs.quantity import WIDE

_MOST_CAUSES: Final = 5
_MOST_NAMES: Final = 3
_SHORT: Final = Decimal("0.0001")


def charge_text(number: int, where: str, cdr_id: str | None, cpo: str, found: Account) -> str:
    """One charge that differs: what it claims, what the tariff makes, and every simple cause."""
    currency = found.currency or ""
    parts_are_made = bool(found.causes) and found.causes[0].parts_agree is True
    rows = [f"{cdr_id or '(no id)'}  {where}  {cpo}"]
    for total in found.totals:
        if total.total == "total_cost":
            rows.append(f"  claims    {_amounts(total.claimed, currency)} {currency}")
            rows.append(f"  computed  {_amounts(total.computed, currency)} {currency}")
            rows.append(f"  by        {_amounts(total.by, currency)} {currency}")
        elif not parts_are_made and (total.by.excl_vat or total.by.incl_vat):
            claimed, computed = (_amounts(one, currency) for one in (total.claimed, total.computed))
            rows.append(f"  {total.total}: claims {claimed}, computed {computed}")
    if not found.causes:
        rows.append(f"  unexplained: none of {found.amounts:,} amounts that were tried is the claim")
    simple = [cause for cause in found.causes if cause.is_simple]
    named = (simple or list(found.causes))[:_MOST_CAUSES]
    rows.extend(f"  cause     {_cause(cause)}" for cause in named)
    more = len(found.causes) - len(named)
    if more:
        rows.append(f"            and {more} more (--format json names them)")
    return "\n".join("".join(c if c.isprintable() else "?" for c in row) for row in rows) + "\n"


def _cause(cause: Cause) -> str:
    rounding = _names(cause.profiles) if cause.reading == AS_DECIDED or not cause.is_simple else ""
    agree = {True: ", and makes the parts too", False: ", but not the parts", None: ""}[cause.parts_agree]
    return f"the CPO {cause.words}{agree}{rounding}"


def _names(profiles: Sequence[str]) -> str:
    """The rounding profiles that make an amount alike, the usual ones first."""
    more = len(profiles) - _MOST_NAMES
    return f"  [{', '.join(profiles[:_MOST_NAMES])}{f' and {more} more' if more > 0 else ''}]"


def partner_text(cpo: str, currency: str, told: Partner) -> str:
    """What one CPO does in one currency: how much differs, its method, and what chance would explain."""
    rows = [
        f"{cpo} in {currency}: {told.differing:,} of {told.claims:,} claims are not the computed price, "
        f"{_short(told.money, currency)} in all (claimed less computed)"
    ]
    if told.without_claim_or_price:
        rows.append(f"  {told.without_claim_or_price:,} more CDRs have no claim or no price to compare")
    if told.differing:
        rows.extend(_method(method, currency) for method in told.methods)
        if not told.methods:
            rows.append(
                f"  method      none: no cause makes {LEAST_PERCENT} % of {FEWEST_CLAIMS} or more differing claims"
            )
        rows.append(
            f"  explained   {told.explained:,}; unexplained {told.unexplained:,}, "
            f"{_short(told.unexplained_money, currency)}"
        )
        rows.extend(
            f"  cause       {share.words}: {share.claims:,}, {_short(share.money, currency)}"
            for share in told.shares[:_MOST_CAUSES]
        )
        percent = WIDE.divide(Decimal(100 * told.coincidences), Decimal(told.tried)).quantize(Decimal("0.1"))
        rows.append(
            f"  by chance   {percent:f} % of wrong amounts up to {SHIFTS} minor units beside the price would be "
            "explained too"
        )
    return "\n".join(rows) + "\n"


def _method(method: Method, currency: str) -> str:
    money = _short(method.money, currency)
    made = f"{method.claims:,} of {method.of:,} differences, {money}"
    return f"  method      {method.words}: {made}{_names(method.profiles)}"


def _amounts(cost: Cost | Claim, currency: str) -> str:
    excl, incl = (_exact(side, currency) for side in (cost.excl_vat, cost.incl_vat))
    return f"{excl} excl. VAT, {incl} incl. VAT"


def _exact(money: Decimal | None, currency: str) -> str:
    """An amount with at least the decimals of its currency, never rounded."""
    text = plain(money)
    if text is None:
        return "unknown"
    digits = MINOR_DIGITS.get(currency, 2)
    whole, _, decimals = text.partition(".")
    return f"{whole}.{decimals.ljust(digits, '0')}" if decimals or digits else whole


def _short(money: Decimal, currency: str) -> str:
    """A sum to four decimals: what is owed is rounded elsewhere."""
    return f"{_exact(money.quantize(_SHORT, context=WIDE), currency)} {currency}"
