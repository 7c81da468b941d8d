"""Small CDRs and tariffs as the wire has them, for tables of cases that name only what matters."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tariffs import Breakdown, plan, price, restrictions, taxes, zones
from tariffs.ocpi import decode, read_cdr, read_tariff


def component(kind: str, amount: str = "1.00", *, vat: Any = None, step: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = {"type": kind, "price": amount, "step_size": step}
    return found if vat is None else {**found, "vat": vat}


def tariff(*elements: Any, **more: Any) -> dict[str, Any]:
    """Elements are (components, restrictions) or one component."""
    made = []
    for element in elements:
        components, restrictions = element if isinstance(element, tuple) else (element, None)
        components = components if isinstance(components, list) else [components]
        made.append({"price_components": components, **({"restrictions": restrictions} if restrictions else {})})
    return {"id": "T", "currency": "EUR", "elements": made, **more}


def cdr(*periods: tuple[str, dict[str, Any]], start: str = "", end: str, **more: Any) -> dict[str, Any]:
    """Periods are (start, {dimension: volume}); times without a date are on Wednesday 2026-10-07."""
    return {
        "id": "C",
        "currency": "EUR",
        "start_date_time": instant(start or periods[0][0]),
        "end_date_time": instant(end),
        "charging_periods": [
            {
                "start_date_time": instant(at),
                "dimensions": [{"type": k, "volume": v} for k, v in volumes.items() if k != "tariff_id"],
                **({"tariff_id": volumes["tariff_id"]} if "tariff_id" in volumes else {}),
            }
            for at, volumes in periods
        ],
        **more,
    }


def instant(text: str) -> str:
    return text if "T" in text else f"2026-10-07T{text}:00Z" if len(text) == 5 else f"2026-10-07T{text}Z"


def priced(cdr_object: dict[str, Any], *tariffs: dict[str, Any], **options: Any) -> Breakdown:
    read = read_cdr(decode(json.dumps(cdr_object)))
    assert read.cdr is not None
    given = [read_tariff(decode(json.dumps(t))).tariff for t in tariffs]
    assert all(t is not None for t in given)
    options.setdefault("time_zone", "UTC")
    return price(read.cdr, tariffs=given, **options)


class Making:
    """The functions above for a test, which cannot import its neighbours."""

    component = staticmethod(component)
    tariff = staticmethod(tariff)
    cdr = staticmethod(cdr)
    priced = staticmethod(priced)

    @staticmethod
    def codes(breakdown: Breakdown) -> set[str]:
        return {f.code for f in breakdown.findings}

    @staticmethod
    def total(breakdown: Breakdown) -> str:
        amount = breakdown.total_cost.excl_vat
        assert amount is not None, breakdown.findings
        return f"{amount.quantize(__import__('decimal').Decimal('1E-9')).normalize():f}"


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """What earlier tests worked out is forgotten, so that each test does all it needs: `make mutation` relies on it."""
    plan._plans.clear()
    taxes._open.clear()
    restrictions.aspects_of.cache_clear()
    zones._by_place.cache_clear()


@pytest.fixture
def making() -> Callable[..., Any]:
    return Making  # type: ignore[return-value]
