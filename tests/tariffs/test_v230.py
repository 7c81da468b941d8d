"""OCPI 2.3.0: taxes of a claim, prices with and without them, and what nobody can know until a limit says it."""

import json
from decimal import Decimal
from typing import Any

import pytest

from tariffs import Breakdown, price, verify
from tariffs.cdr import TaxAmount
from tariffs.ocpi import decode, read_cdr, read_tariff
from tariffs.ocpi.reading import ReadCdr

Sides = tuple[str | None, str | None]


def component(kind: str = "ENERGY", amount: Any = 0.5, vat: Any = None) -> dict[str, Any]:
    return {"type": kind, "price": amount, "step_size": 0} | ({} if vat is None else {"vat": vat})


def tariff(included: Any, *components: dict[str, Any], **more: Any) -> dict[str, Any]:
    found = {
        "country_code": "CA", "party_id": "EVC", "id": "T", "currency": "CAD", "last_updated": "2026-01-01T00:00:00Z",
        "elements": [{"price_components": list(components)}],
    } | more  # fmt: skip
    return found if included is None else {**found, "tax_included": included}


def cdr(tariff_object: dict[str, Any], *, kwh: Any = 10, **more: Any) -> dict[str, Any]:
    return {
        "id": "C", "currency": "CAD", "start_date_time": "2026-10-07T10:00:00Z",
        "end_date_time": "2026-10-07T11:00:00Z", "tariffs": [tariff_object],
        "charging_periods": [
            {"start_date_time": "2026-10-07T10:00:00Z", "dimensions": [{"type": "ENERGY", "volume": kwh}]}
        ],
        "total_cost": {"before_taxes": 5},
    } | more  # fmt: skip


def read(obj: dict[str, Any]) -> ReadCdr:
    found = read_cdr(decode(json.dumps(obj)))
    assert (found.version, found.cdr is not None) == ("2.3.0", True)
    return found


def priced(obj: dict[str, Any]) -> Breakdown:
    found = read(obj).cdr
    assert found is not None
    return price(found)


def sides(breakdown: Breakdown) -> Sides:
    total = breakdown.total_cost
    excl, incl = (None if x is None else f"{x.normalize():f}" for x in (total.excl_vat, total.incl_vat))
    return excl, incl


VAT, PLAIN, FREE = component(vat=20), component(), component("FLAT", 0)
TAXES: dict[str, tuple[dict[str, Any], Sides, set[str]]] = {
    "NO with VAT": (tariff("NO", VAT), ("5", "6"), set()),
    "YES with VAT": (tariff("YES", component(amount=0.6, vat=20)), ("5", "6"), set()),
    "N/A": (tariff("N/A", PLAIN), ("5", "5"), set()),
    "N/A with VAT": (tariff("N/A", VAT), ("5", "5"), {"vat-without-taxes"}),
    "NO without VAT": (tariff("NO", PLAIN), ("5", None), {"taxes-not-stated"}),
    "YES without VAT": (tariff("YES", PLAIN), (None, "5"), {"taxes-not-stated"}),
    "NO, some without VAT": (tariff("NO", PLAIN, component("FLAT", 1, 20)), ("6", "6.2"), set()),
    "YES, some without VAT": (tariff("YES", PLAIN, component("FLAT", 1.2, 20)), ("6", "6.2"), set()),
    "YES with a VAT that takes all": (tariff("YES", component(vat=-100)), (None, "5"), set()),
    "missing is NO": (tariff(None, VAT), ("5", "6"), set()),
    "missing without VAT is NO": (tariff(None, PLAIN), ("5", None), {"taxes-not-stated"}),
    "nothing of an unknown tax": (tariff("NO", FREE), ("0", "0"), {"taxes-not-stated", "volume-not-priced"}),
    "nothing with an unknown tax": (tariff("YES", FREE), ("0", "0"), {"taxes-not-stated", "volume-not-priced"}),
}  # fmt: skip


@pytest.mark.parametrize(("of", "expected", "codes"), TAXES.values(), ids=TAXES)
def test_both_sides_of_taxes(of: dict[str, Any], expected: Sides, codes: set[str]) -> None:
    found = priced(cdr(of))
    assert (sides(found), found.priced, {f.code for f in found.findings}) == (expected, True, codes)
    credit = priced(cdr(of, credit=True, credit_reference_id="C0")).total_cost
    assert [credit.excl_vat, credit.incl_vat] == [None if x is None else -Decimal(x) for x in expected]


def limit(before: Any, after: Any = None) -> dict[str, Any]:
    return {"before_taxes": before} | ({} if after is None else {"after_taxes": after})


LIMITS: dict[str, tuple[dict[str, Any], Any, Sides, set[str]]] = {
    "a floor states what was unknown": (tariff("NO", PLAIN, min_price=limit(8, 9)), 10, ("8", "9"), set()),
    "a cap states what was unknown": (tariff("YES", PLAIN, max_price=limit(3, 4)), 10, ("3", "4"), set()),
    "a floor that is not reached": (tariff("NO", PLAIN, min_price=limit(2, 3)), 10, ("5", None), set()),
    "a floor of one side": (tariff("NO", PLAIN, min_price=limit(8)), 10, ("8", None), set()),
    "a floor of the unknown side": (
        tariff("YES", PLAIN, min_price=limit(8)), 10, (None, "5"), {"limit-on-unknown-side"},
    ),
    "a floor under nothing": (tariff("NO", PLAIN, min_price=limit(8, 9)), 0, ("8", "9"), set()),
    "a floor of one side under nothing": (tariff("NO", PLAIN, min_price=limit(8)), 0, ("8", None), set()),
    "floor, then cap": (
        tariff("NO", PLAIN, min_price=limit(8, 9), max_price=limit(7, 7.5)), 10, ("7", "7.5"), set(),
    ),
    "both sides by themselves": (tariff("YES", component(vat=25), max_price=limit(9, 4.5)), 10, ("4", "4.5"), set()),
}  # fmt: skip


@pytest.mark.parametrize(("of", "kwh", "expected", "codes"), LIMITS.values(), ids=LIMITS)
def test_limits(of: dict[str, Any], kwh: Any, expected: Sides, codes: set[str]) -> None:
    found = priced(cdr(of, kwh=kwh))
    assert (sides(found), {f.code for f in found.findings} - {"taxes-not-stated"}) == (expected, codes)


def price_of(before: Any, *amounts: Any) -> dict[str, Any]:
    return {"before_taxes": before, "taxes": [{"name": f"T{n}", "amount": a} for n, a in enumerate(amounts)]}


def test_several_taxes_stay_apart_and_add_up() -> None:
    stated = {"before_taxes": 5, "taxes": [
        {"name": "GST", "percentage": 5, "amount": 0.25, "account_number": "123"}, {"name": "QST", "amount": 0.49875},
    ]}  # fmt: skip
    found = read(cdr(tariff("NO", PLAIN), total_cost=stated))
    assert found.cdr is not None
    claim = found.cdr.total_cost
    assert claim is not None
    assert (claim.excl_vat, claim.incl_vat) == (5, Decimal("5.74875"))
    assert claim.taxes == (TaxAmount("GST", Decimal("0.25"), Decimal(5)), TaxAmount("QST", Decimal("0.49875")))


CLAIMS: dict[str, tuple[Any, Any, list[tuple[str, str]]]] = {
    "a credit": (price_of(-5, -1), -6, []),
    "no taxes listed": ({"before_taxes": 5, "taxes": []}, 5, []),
    "taxes not said": ({"before_taxes": 5}, None, []),
    "taxes that are none": ({"before_taxes": 5, "taxes": 1}, None, [("malformed-record", "$.total_cost.taxes")]),
    "a tax that is none": (
        price_of(5, 1, "much"), None, [("malformed-record", "$.total_cost.taxes[1].amount")],
    ),
    "a tax without amount": ({"before_taxes": 5, "taxes": [{"name": "GST"}]}, None, []),
    "a tax with another field": (
        {"before_taxes": 5, "taxes": [{"name": "GST", "amount": 1, "rate": 20}]}, 6,
        [("unknown-field", "$.total_cost.taxes[0].rate")],
    ),
    "a price of 2.2.1": (
        {"before_taxes": 5, "excl_vat": 5, "taxes": []}, 5, [("unknown-field", "$.total_cost.excl_vat")],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("stated", "incl", "expected"), CLAIMS.values(), ids=CLAIMS)
def test_claims(stated: Any, incl: Any, expected: list[tuple[str, str]]) -> None:
    found = read(cdr(tariff("NO", VAT), total_cost=stated))
    assert found.cdr is not None
    assert found.cdr.total_cost is not None
    assert found.cdr.total_cost.incl_vat == incl
    assert [(f.code, f.path) for f in found.findings if f.code != "incomplete-record"] == expected
    assert sides(price(found.cdr)) == ("5", "6")


READING: dict[str, tuple[dict[str, Any], list[str], bool]] = {
    "whole": (tariff("NO", VAT), [], True),
    "no tax_included": (tariff(None, VAT, min_price=limit(1, 1)), ["incomplete-record"], True),
    "another word": (tariff("MAYBE", VAT), ["malformed-record"], False),
    "a flag": (tariff(True, VAT), ["malformed-record"], False),
    "a limit of 2.2.1": (tariff("NO", VAT, min_price={"excl_vat": 1}), ["unknown-field", "incomplete-record"], True),
    "a component without VAT": (tariff("NO", VAT, component("TIME")), ["component-without-vat"], True),
    "fields of other modules": (tariff("NO", VAT, preauthorize_amount=20), [], True),
}  # fmt: skip


@pytest.mark.parametrize(("of", "codes", "usable"), READING.values(), ids=READING)
def test_reading_a_tariff(of: dict[str, Any], codes: list[str], usable: bool) -> None:
    found = read_tariff(decode(json.dumps(of)))
    assert ([f.code for f in found.findings], found.tariff is not None) == (codes, usable)
    if "tax_included" not in of:
        assert "tax_included (taken as NO)" in found.findings[0].message
    inside = read(cdr(of))
    assert inside.cdr is not None
    assert price(inside.cdr).priced == usable
    if not usable:
        assert [f.path for f in inside.findings if f.severity == "Q"] == ["$.tariffs[0].tax_included"]


def test_elements_for_bookings_are_kept_out_and_named() -> None:
    fee = {"price_components": [component("FLAT", 15, 20)], "restrictions": {"booking": "BOOKING"}}
    other = {"price_components": [component("FLAT", 9, 20)], "restrictions": {"reservation": "BOOKED"}}
    of = tariff("NO", VAT)
    of["elements"] += [fee, other]
    found = priced(cdr(of))
    assert sides(found) == ("5", "6")
    assert [(f.code, f.money) for f in found.findings] == [
        ("booking-element-not-priced", 15), ("booking-element-not-priced", 9),
    ]  # fmt: skip


def test_where_only_the_amount_with_taxes_is_known_that_is_compared() -> None:
    obj = cdr(tariff("YES", PLAIN), total_cost=price_of(4, 1), total_energy_cost=price_of(4, 1.5))
    found = read(obj).cdr
    assert found is not None
    differences = [(f.code, f.path, f.money) for f in verify(found, price(found))]
    assert ("part-claim-differs", "$.total_energy_cost", Decimal("0.5")) in differences


def test_a_version_named_is_the_version_read() -> None:
    plain = {"id": "T", "currency": "EUR", "elements": [{"price_components": [PLAIN]}]}
    taxes = [read_tariff(decode(json.dumps(plain)), version=v).tariff for v in ("2.1.1", "2.2.1", "2.3.0")]
    assert [t.taxes.name for t in taxes if t] == ["UNSTATED", "ADDED", "ADDED_UNKNOWN"]
    assert read_tariff(plain, version="3.0").findings[0].code == "version-not-supported"
