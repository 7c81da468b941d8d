"""A Tariff from one version of OCPI to the next, or from 2.3.0 back to 2.2.1; what its prices say about taxes is kept.

2.2.1 prices exclude VAT, and a component without `vat` carries none; 2.3.0 says by `tax_included` what its prices are;
2.1.1 says nothing at all (mod_tariffs of each; pricing rules 18 and 30).
"""

from collections.abc import Iterator, Mapping
from decimal import Context, Decimal
from typing import Any, Final

from tariffs.ocpi.conversion.losses import Losses, number
from tariffs.quantity import WIDE

Object = dict[str, Any]
Owner = tuple[str, str] | None
_LATER: Final = ("type", "min_price", "max_price", "start_date_time", "end_date_time")
"""Fields that 2.1.1 does not have and 2.2.1 prices by."""
_LIMITS: Final = ("min_price", "max_price")
_SHORT: Final = Context(prec=28)
"""A price without its taxes, where no finite number is exact: 28 digits."""
_HUNDRED: Final = Decimal(100)


def from_211(tariff: Mapping[str, Any], path: str, owner: Owner, losses: Losses) -> Object:
    """Return a Tariff of 2.1.1 as one of 2.2.1. Fields that 2.1.1 does not have are kept, and begin to count there."""
    missing = [name for name in ("country_code", "party_id") if tariff.get(name) is None]
    made: Object = {} if owner is None else dict(zip(("country_code", "party_id"), owner, strict=True))
    if owner is None:
        losses.required(path, missing)
    made |= {key: value for key, value in tariff.items() if key not in made or value is not None}
    for name in _LATER:
        if tariff.get(name) is not None:
            losses.lost("field-gains-meaning", f"{path}.{name}", f"2.1.1 has no {name}; from 2.2.1 on it counts")
    for component, place in _components(tariff, path):
        if component.get("vat") is not None:
            losses.lost("field-gains-meaning", f"{place}.vat", "2.1.1 has no vat; from 2.2.1 on it counts")
    if losses.to == "2.2.1" and not _has_rates(tariff):
        words = "2.1.1 leaves VAT open; in 2.2.1 a tariff without vat carries none"
        losses.lost("tax-status-assumed", path, words)
    return made


def to_230(tariff: Mapping[str, Any], path: str, losses: Losses, *, is_vat_open: bool) -> Object:
    """Return a Tariff of 2.2.1 as one of 2.3.0; `is_vat_open` where it was one of 2.1.1, which cannot say VAT."""
    made: Object = dict(tariff)
    for key in _LIMITS:
        if isinstance(made.get(key), dict):
            made[key] = _renamed(made[key], {"excl_vat": "before_taxes", "incl_vat": "after_taxes"})
    if tariff.get("tax_included") is not None:
        losses.lost("field-gains-meaning", f"{path}.tax_included", "2.2.1 has no tax_included; in 2.3.0 it counts")
    elif _has_rates(tariff):
        made["tax_included"] = "NO"
    elif is_vat_open:
        made["tax_included"] = "NO"
        losses.otherwise("taxes-unknown", path, "2.1.1 leaves VAT open; without a rate it stays so (tax_included NO)")
    else:
        made["tax_included"] = "N/A"
        words = "no price has a vat, so none applies in 2.2.1; taken as N/A, which the original does not say"
        losses.lost("tax-status-assumed", f"{path}.tax_included", words)
    return made


def from_230(tariff: Mapping[str, Any], path: str, losses: Losses) -> Object:
    """Return a Tariff of 2.3.0 as one of 2.2.1, whose prices exclude VAT; prices that nobody can state are left out."""
    made: Object = {key: value for key, value in tariff.items() if key != "tax_included"}
    for key in _LIMITS:
        if isinstance(made.get(key), dict):
            made[key] = _renamed(made[key], {"before_taxes": "excl_vat", "after_taxes": "incl_vat"})
    stated = tariff.get("tax_included")
    if stated not in (None, "", "NO", "YES", "N/A"):
        made["tax_included"] = stated
        losses.not_converted(f"{path}.tax_included")
        return made
    has_rates = _has_rates(tariff)
    if stated not in ("YES", "N/A") and not has_rates:
        words = "taxes come on top at rates that are not stated, which 2.2.1 cannot say; read there as no VAT"
        losses.lost("tax-status-lost", f"{path}.tax_included", words)
    elif stated in ("YES", "N/A"):
        made["elements"] = _changed(tariff, path, losses, is_included=stated == "YES", has_rates=has_rates)
    for name in ("preauthorize_amount",):
        if tariff.get(name) is not None:
            losses.otherwise("kept-as-unknown-field", f"{path}.{name}", f"2.2.1 has no {name}; kept, and not heeded")
    return made


def _changed(tariff: Mapping[str, Any], path: str, losses: Losses, *, is_included: bool, has_rates: bool) -> object:
    """The elements with each price component as it is without taxes; whatever is no component stays as it is."""
    elements = tariff.get("elements")
    if not isinstance(elements, list):
        return elements
    made: list[Any] = []
    for index, element in enumerate(elements):
        components = element.get("price_components") if isinstance(element, dict) else None
        if not isinstance(components, list):
            made.append(element)
            continue
        parts: list[Any] = []
        for at, component in enumerate(components):
            place = f"{path}.elements[{index}].price_components[{at}]"
            if not isinstance(component, dict):
                parts.append(component)
            elif is_included:
                parts.append(_without_tax(component, place, losses, has_rates=has_rates))
            else:
                parts.append(_untaxed(component, place, losses))
        made.append({**element, "price_components": parts})
    return made


def _untaxed(component: Object, place: str, losses: Losses) -> Object:
    """N/A: no taxes apply whatever `vat` says; in 2.2.1 it would count."""
    if component.get("vat") is None:
        return component
    losses.otherwise("vat-left-out", f"{place}.vat", "no taxes apply (tax_included N/A), so the vat is left out")
    return {key: value for key, value in component.items() if key != "vat"}


def _without_tax(component: Object, place: str, losses: Losses, *, has_rates: bool) -> Object:
    """YES: the price is including taxes; of a component without `vat` beside others that have one no tax is due."""
    price, vat = number(component.get("price")), number(component.get("vat"))
    if component.get("vat") is None:
        if price == 0 or has_rates or price is None:
            return component
        words = f"{price:f} includes taxes of a rate that is not stated, so what it is excluding VAT nobody knows"
        return _left_out(component, place, words, losses)
    if price is None or vat is None:
        losses.not_converted(place)
        return component
    factor = WIDE.add(_HUNDRED, vat)
    if not factor:
        return _left_out(component, place, f"a price including {vat:f} % of taxes is 0 whatever it was", losses)
    before = _SHORT.divide(WIDE.multiply(price, _HUNDRED), factor)
    shown = f"{before:f}"[:40]
    if WIDE.multiply(before, factor) == WIDE.multiply(price, _HUNDRED):
        losses.otherwise("price-without-taxes", f"{place}.price", f"{price:f} including {vat:f} % is {shown} without")
    else:
        words = f"{price:f} including {vat:f} % is {shown} without, which no finite number says exactly"
        losses.lost("price-rounded", f"{place}.price", words)
    return {**component, "price": before}


def _left_out(component: Object, place: str, words: str, losses: Losses) -> Object:
    losses.refused("price-not-known", f"{place}.price", words)
    return {key: value for key, value in component.items() if key != "price"}


def _components(tariff: Mapping[str, Any], path: str) -> Iterator[tuple[Object, str]]:
    """Every price component that is an object, with its path."""
    elements = tariff.get("elements")
    for index, element in enumerate(elements if isinstance(elements, list) else ()):
        parts = element.get("price_components") if isinstance(element, dict) else None
        for place, component in enumerate(parts if isinstance(parts, list) else ()):
            if isinstance(component, dict):
                yield component, f"{path}.elements[{index}].price_components[{place}]"


def _has_rates(tariff: Mapping[str, Any]) -> bool:
    return any(component.get("vat") is not None for component, _ in _components(tariff, ""))


def _renamed(obj: Mapping[str, Any], names: Mapping[str, str]) -> Object:
    return {names.get(key, key): value for key, value in obj.items()}
