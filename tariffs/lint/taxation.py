"""Rules about taxes: rates that look like a fraction or like none, and statements that contradict each other."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from tariffs.lint.rule import Check, Spot, rule
from tariffs.lint.sheet import TariffSheet
from tariffs.tariff import Taxes

_LOWEST: Final = 2
_HIGHEST: Final = 30


def vat_looks_like_fraction(sheet: TariffSheet) -> Iterator[Spot]:
    """A VAT below 2 %, which no country has: 0.19 or 1.19 for 19."""
    for path, _, component in sheet.components():
        vat = component.vat
        if vat is not None and 0 < vat < _LOWEST:
            meant = (vat if vat < 1 else vat - 1) * 100
            words = f"a VAT of {vat:f} %; {meant.normalize():f} may be meant. Taken as stated"
            yield Spot(f"{path}.vat", words, f"{meant.normalize():f}", f"{vat:f}")


def vat_implausible(sheet: TariffSheet) -> Iterator[Spot]:
    """A VAT below 0 or above 30 %, which no country has."""
    for path, _, component in sheet.components():
        vat = component.vat
        if vat is not None and (vat < 0 or vat > _HIGHEST):
            yield Spot(f"{path}.vat", f"a VAT of {vat:f} %", f"0 to {_HIGHEST}", f"{vat:f}")


def tax_inconsistent(sheet: TariffSheet) -> Iterator[Spot]:
    """One dimension under two rates of VAT: the rate of a kWh does not depend on the hour."""
    first: dict[tuple[str, bool], Decimal | None] = {}
    told: set[tuple[str, bool]] = set()
    for path, part, component in sheet.components():
        key = (component.type, part.is_for_charging)
        if component.price == 0 or key in told:
            continue
        if key in first and first[key] != component.vat:
            told.add(key)
            words = f"{component.type} bears VAT of {_rate(first[key])} elsewhere, here {_rate(component.vat)}"
            yield Spot(f"{path}.vat", words, _rate(first[key]), _rate(component.vat))
        first.setdefault(key, component.vat)


def _rate(vat: Decimal | None) -> str:
    return "none" if vat is None else f"{vat:f} %"


def component_without_vat(sheet: TariffSheet) -> Iterator[Spot]:
    """A price without VAT in a tariff that states VAT for another dimension: none is due there, by the letter."""
    with_vat = {component.type for _, _, component in sheet.components() if component.vat is not None}
    if not with_vat or sheet.tariff is None or sheet.tariff.taxes is Taxes.NONE:
        return
    for path, _, component in sheet.components():
        if component.vat is None and component.price and component.type not in with_vat:
            words = f"the tariff states VAT for {', '.join(sorted(with_vat))}, none for {component.type}: none is due"
            yield Spot(path, words, "a vat, 0 where none is due", "none")


def vat_without_taxes(sheet: TariffSheet) -> Iterator[Spot]:
    """VAT in a tariff that says that no taxes apply: it is ignored."""
    if sheet.tariff is not None and sheet.tariff.taxes is Taxes.NONE:
        for path, _, component in sheet.components():
            if component.vat is not None:
                words = "no taxes apply to the tariff (tax_included N/A), so this VAT is ignored"
                yield Spot(f"{path}.vat", words, "no vat", f"{component.vat:f}")


def limit_taxed_without_taxes(sheet: TariffSheet) -> Iterator[Spot]:
    """A limit that is another one after taxes in a tariff that says that no taxes apply."""
    tariff = sheet.tariff
    if tariff is None or tariff.taxes is not Taxes.NONE:
        return
    for key, limit in (("min_price", tariff.min_price), ("max_price", tariff.max_price)):
        if limit is None or limit.excl_vat is None or limit.incl_vat in (None, limit.excl_vat):
            continue
        words = "no taxes apply to the tariff (tax_included N/A), and the limit differs before and after taxes"
        yield Spot(f"$.{key}", words, f"{limit.excl_vat:f}", f"{limit.incl_vat:f}")


def taxes_not_stated(sheet: TariffSheet) -> Iterator[Spot]:
    """A tariff with taxes and without any rate, as in North America: amounts on one side of them are unknown."""
    if sheet.tariff is None or not any(component.price for _, _, component in sheet.components()):
        return
    if sheet.tariff.taxes in (Taxes.ADDED_UNKNOWN, Taxes.INCLUDED_UNKNOWN):
        side = "before" if sheet.tariff.taxes.are_included else "after"
        yield Spot("$.tax_included", f"no component states a rate, so amounts {side} taxes are unknown")


_TAXES: Final = "OCPI 2.3.0, mod_tariffs, TaxIncluded enum"
_COMPONENT: Final = "mod_tariffs, PriceComponent class, vat"
CHECKS: Final[tuple[Check[TariffSheet], ...]] = (
    Check(
        rule("vat-looks-like-fraction", "W", _COMPONENT, "State VAT as a percentage, 19 for 19 %."),
        vat_looks_like_fraction,
    ),
    Check(rule("vat-implausible", "W", _COMPONENT, "State the rate as a percentage."), vat_implausible),
    Check(rule("tax-inconsistent", "W", _COMPONENT, "Give the dimension one rate in all elements."), tax_inconsistent),
    Check(
        rule("component-without-vat", "I", _COMPONENT, "State the rate; write 0 where none is due."),
        component_without_vat,
    ),
    Check(rule("vat-without-taxes", "W", _TAXES, "Leave vat out, or say YES or NO."), vat_without_taxes),
    Check(
        rule("limit-taxed-without-taxes", "W", _TAXES, "State one amount on both sides, or say YES or NO."),
        limit_taxed_without_taxes,
    ),
    Check(rule("taxes-not-stated", "I", _TAXES, "State the rates where the law lets you."), taxes_not_stated),
)
