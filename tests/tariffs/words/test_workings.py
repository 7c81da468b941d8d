"""How a price came about, for whoever explains it: signs, choices and limits; and totals under other readings."""

from decimal import Decimal
from typing import Any

import pytest
from charges import KWH, LONG_AGO, PLAIN, cdr, component, priced, said, tariff

from tariffs.limits import Limited, LimitStep, limit
from tariffs.ocpi import decode, read_cdr, read_tariff
from tariffs.pricing import Workings, ZonesKnown, work_out
from tariffs.tariff import PriceLimit, Tariff, Taxes

RESERVATION, EXPIRES = {"reservation": "RESERVATION"}, {"reservation": "RESERVATION_EXPIRES"}
RESERVED = ("09:00", {"RESERVATION_TIME": 1})
OCTOBER = {"start_date_time": "2026-10-01T00:00:00Z"}
OVER = {"end_date_time": "2026-10-01T00:00:00Z"}


def worked(obj: dict[str, Any], *given: dict[str, Any], **more: Any) -> Workings:
    import json

    record = read_cdr(decode(json.dumps(obj))).cdr
    tariffs = [read_tariff(decode(json.dumps(one))).tariff for one in given]
    assert record is not None
    override, profile, outcome = (more.get(name) for name in ("override", "profile", "outcome"))
    return work_out(record, [one for one in tariffs if one], override, ZonesKnown(), profile, outcome)


# id: (tariffs of the CDR, tariff_id of its period, how the choice was made)
CHOICES: dict[str, Any] = {
    "named": ([PLAIN, tariff(component(), id="U")], "U", "named"),
    "the only one": ([PLAIN], None, "only"),
    "the only valid one": ([tariff(component(), id="U", **OVER), tariff(component(), **OCTOBER)], None, "valid"),
    "the only one that fits": ([tariff(component(), id="U", type="PROFILE_FAST"), PLAIN], None, "fitting"),
    "the first of several": ([PLAIN, tariff(component(), id="U")], None, "first"),
}


@pytest.mark.parametrize(("tariffs", "named", "how"), CHOICES.values(), ids=CHOICES)
def test_how_the_tariff_was_chosen(tariffs: Any, named: str | None, how: str) -> None:
    chosen = worked(cdr(("10:00", {**KWH, **({"tariff_id": named} if named else {})}), tariffs=tariffs)).chosen
    assert chosen is not None
    assert chosen.how == how


# id: (periods, more of the CDR, outcome told, outcome, sign)
OUTCOMES: dict[str, Any] = {
    "no reservation": ([("10:00", KWH)], {}, None, None, None),
    "stated": ([RESERVED], {}, "used", "used", "stated"),
    "by its dimension": ([("09:00", {"RESERVATION_EXPIRES": 1})], {}, None, "expired", "dimension"),
    "it charged": ([RESERVED, ("10:00", KWH)], {}, None, "used", "charged"),
    "it charged in the same period": ([("09:00", {"RESERVATION_TIME": 1, "ENERGY": 1})], {}, None, "used", "charged"),
    "it parked": ([("09:00", {"RESERVATION_TIME": 1, "PARKING_TIME": 1})], {}, None, "used", "charged"),
    "it took time": ([("09:00", {"RESERVATION_TIME": 1, "TIME": 1})], {}, None, "used", "charged"),
    "a period of nothing beside it": ([RESERVED, ("10:00", {})], {}, None, "used", "charged"),
    "no EVSE": ([RESERVED], {"cdr_location": {"evse_uid": "#NA"}}, None, "expired", "no-session"),
    "no connector": ([RESERVED], {"cdr_location": {"connector_id": "#NA"}}, None, "expired", "no-session"),
    "no session": ([RESERVED], {"session_id": None}, None, "expired", "no-session"),
    "nothing tells": ([RESERVED], {}, None, "expired", "assumed"),
    "at an unknown time": ([(LONG_AGO, {"RESERVATION_TIME": 1})], {"start": "09:00"}, None, "expired", "assumed"),
}


@pytest.mark.parametrize(("periods", "more", "told", "outcome", "sign"), OUTCOMES.values(), ids=OUTCOMES)
def test_what_became_of_a_reservation(
    periods: Any, more: Any, told: str | None, outcome: str | None, sign: str | None
) -> None:
    of = tariff(component(), ([component("TIME", 2)], RESERVATION))
    charge = worked(cdr(*periods, tariffs=[of], **more), outcome=told).charge
    assert charge is not None
    assert (charge.outcome, charge.outcome_by, charge.outcome_is_assumed) == (outcome, sign, sign == "assumed")


def bounded(low: Any = None, high: Any = None, taxes: Taxes = Taxes.ADDED) -> Tariff:
    def bound(sides: Any) -> PriceLimit | None:
        return None if sides is None else PriceLimit(*[None if x is None else Decimal(x) for x in sides])

    return Tariff("T", "EUR", (), min_price=bound(low), max_price=bound(high), taxes=taxes)


# id: (total before and after taxes, tariff, result, steps as (name, before, after, other side), findings)
LIMITS: dict[str, Any] = {
    "none": ((5, 6), bounded(), (5, 6), [], []),
    "stated": ((5, 6), bounded((8, 9)), (8, 9), [("MIN_PRICE", 3, 3, "stated")], []),
    "just met": ((8, 9), bounded((8, 9), (8, 9)), (8, 9), [], []),
    "just met, one side": ((8, 9), bounded((8, None), (8, None)), (8, 9), [], []),
    "scaled": ((5, 6), bounded((10, None)), (10, 12), [("MIN_PRICE", 5, 6, "scaled")], ["limit-vat-scaled"]),
    "rate": ((0, 0), bounded((10, None)), (10, 15), [("MIN_PRICE", 10, 15, "rate")], ["limit-vat-scaled"]),
    "scaled, then capped": (
        *((5, 6), bounded((10, None), (20, 11)), (10, 11)),
        *([("MIN_PRICE", 5, 6, "scaled"), ("MAX_PRICE", 0, -1, "stated")], ["limit-vat-scaled"]),
    ),
    "capped to nothing, then at no rate": (
        *((-3, -3), bounded(None, (-5, None)), (-5, -5), [("MAX_PRICE", -2, -2, "scaled")], ["limit-vat-scaled"]),
    ),
    "a cap of nothing at the rate": (
        *((0, 0), bounded(None, (-4, None)), (-4, -6), [("MAX_PRICE", -4, -6, "rate")], ["limit-vat-scaled"]),
    ),
    "unknown": ((0, 0), bounded((8, None), taxes=Taxes.ADDED_UNKNOWN), (8, None),
                [("MIN_PRICE", 8, None, "unknown")], []),
    "after unknown, stated": ((5, None), bounded((8, 9)), (8, 9), [("MIN_PRICE", 3, None, "stated")], []),
    "after unknown, not stated": ((5, None), bounded((8, None)), (8, None), [("MIN_PRICE", 3, None, "unknown")], []),
    "after unknown, not met": ((9, None), bounded((8, 9)), (9, None), [], []),
    "before unknown, stated": ((None, 9), bounded(None, (5, 6)), (5, 6), [("MAX_PRICE", None, -3, "stated")], []),
    "before unknown, not stated": (
        (None, 9), bounded(None, (None, 6)), (None, 6), [("MAX_PRICE", None, -3, "unknown")], []),
    "before unknown, limited there only": ((None, 9), bounded((5, None)), (None, 9), [], ["limit-on-unknown-side"]),
    "before unknown, limited there only, then capped": (
        (None, 9), bounded((5, None), (4, 6)), (4, 6), [("MAX_PRICE", None, -3, "stated")], ["limit-on-unknown-side"]),
    "after unknown, limited there only": (
        (9, None), bounded(None, (None, 4)), (9, None), [], ["limit-on-unknown-side"]),
    "after unknown, then known": (
        (5, None), bounded((8, 9), (7, 7)), (7, 7),
        [("MIN_PRICE", 3, None, "stated"), ("MAX_PRICE", -1, -2, "stated")], []),
    "both unknown": ((None, None), bounded((8, 9), (1, 1)), (None, None), [], []),
}  # fmt: skip


@pytest.mark.parametrize(("total", "of", "result", "steps", "codes"), LIMITS.values(), ids=LIMITS)
def test_limit(total: Any, of: Tariff, result: Any, steps: Any, codes: list[str]) -> None:
    """Amounts are scaled by 100 here, limits are not; the rate common to all is 50 %."""
    scale = Decimal(100)

    def scaled(value: Any) -> Decimal | None:
        return None if value is None else Decimal(value) * scale

    excl, incl = map(scaled, total)
    found = limit(excl, incl, of, scale, has_floor=True, common_factor=Decimal("1.5"))
    assert [f.code for f in found.findings] == codes
    expected = [LimitStep(name, scaled(one), scaled(other), side) for name, one, other, side in steps]
    assert found == Limited(scaled(result[0]), scaled(result[1]), tuple(expected), found.findings)


def test_a_limit_on_an_unknown_side_is_said_on_that_side() -> None:
    for total, bound, side in (((9, None), (None, 4), "after"), ((None, 9), (4, None), "before")):
        excl, incl = [None if x is None else Decimal(x) for x in total]
        found = limit(excl, incl, bounded(None, bound), Decimal(1), has_floor=True, common_factor=None)
        words = f"max_price limits the amount {side} taxes only, which is unknown: not applied"
        assert [(f.message, f.path, f.severity) for f in found.findings] == [(words, "$.max_price", "I")]


def money_of(code: str, obj: dict[str, Any], *given: dict[str, Any], **options: Any) -> list[Any]:
    return [f.money for f in priced(obj, given, **options).findings if f.code == code]


def test_the_other_tariff_is_priced_as_this_one_is() -> None:
    """With the same zone, the same outcome of a reservation, and in its own periods only."""
    night = {"start_time": "22:00", "end_time": "06:00"}
    one, other = tariff(component(), id="A"), tariff(([component(amount=5)], night), component(amount=2), id="B")
    at_night = cdr(("21:00", KWH), end="21:30", tariffs=[one, other])
    assert money_of("several-tariffs", at_night, time_zone="Europe/Berlin") == [-40]
    assert money_of("several-tariffs", at_night, time_zone="UTC") == [-10]
    fees = [([component("TIME", 2)], RESERVATION), ([component("TIME", 5)], EXPIRES)]
    free, dear = tariff(component(), id="A"), tariff(*fees, id="B")
    for outcome, money in (("used", -2), ("expired", -5)):
        obj = cdr(RESERVED, end="10:00", tariffs=[free, dear])
        assert money_of("several-tariffs", obj, reservation_outcome=outcome) == [money]
    twice = [tariff(component(amount=n), last_updated=f"2026-01-0{n}T00:00:00Z") for n in (1, 3)]
    periods = [("10:00", {**KWH, "tariff_id": "T"}), ("10:30", {**KWH, "tariff_id": "A"})]
    assert money_of("tariff-given-twice", cdr(*periods, tariffs=[*twice, one])) == [20]


def test_other_readings_are_priced_as_this_one_is() -> None:
    """A restriction nobody knows: under the same zone and outcome, elements for bookings left out of both."""
    night = {"start_time": "22:00", "end_time": "06:00"}
    moon = ([component(amount=9)], {"moon": "FULL"})
    of = tariff(moon, ([component(amount=5)], night), component(amount=2))
    at_night = cdr(("21:00", KWH), end="21:30")
    assert money_of("unknown-restriction", at_night, of, time_zone="Europe/Berlin") == [40]
    assert money_of("unknown-restriction", at_night, of, time_zone="UTC") == [70]
    fees = [([component("TIME", 9)], {"moon": 1, **RESERVATION}), ([component("TIME", 2)], RESERVATION)]
    expiry = [([component("TIME", 5)], EXPIRES)]
    for outcome, money in (("used", [7]), ("expired", [0])):
        found = money_of("unknown-restriction", cdr(RESERVED, end="10:00"), tariff(*fees, *expiry),
                         reservation_outcome=outcome)  # fmt: skip
        assert found == money
    only = tariff(moon, ([component(amount=8)], {"booking": "B"}))
    assert money_of("unknown-restriction", cdr(("10:00", KWH)), only) == [90]
    booked = ([component(amount=9)], {"booking": "B", "moon": 1})
    words = "W unknown-restriction $.tariffs [0]: OCPI 2.2.1 has no restriction moon; priced as if it were not there"
    assert words in said(cdr(("10:00", KWH)), (tariff(booked, component()),))


def test_a_reading_beside_an_unpriced_period_and_one_that_cannot_be_priced() -> None:
    """A period without a tariff stays free under the other reading; what needs an unknown zone has no amount."""
    moon = tariff(([component(amount=9)], {"moon": "FULL"}), component(amount=2))
    periods = [("10:00", {**KWH, "tariff_id": "T"}), ("10:30", KWH)]
    assert money_of("unknown-restriction", cdr(*periods, tariffs=[moon])) == [70]
    zone = tariff(([component(amount=9)], {"moon": "FULL"}), ([component()], {"start_time": "22:00"}))
    assert money_of("unknown-restriction", cdr(("10:00", KWH)), zone, time_zone=None) == [None]


def test_an_assumed_outcome_is_compared_with_a_used_one() -> None:
    night = {"start_time": "22:00", "end_time": "06:00"}
    of = tariff(
        ([component("TIME", 9)], {**RESERVATION, **night}), ([component("TIME", 2)], RESERVATION),
        ([component("TIME", 5)], EXPIRES),
    )  # fmt: skip
    reserved = cdr(("21:00", {"RESERVATION_TIME": 1}), end="22:00")
    assert money_of("reservation-outcome-assumed", reserved, of, time_zone="UTC") == [3]
    assert money_of("reservation-outcome-assumed", reserved, of, time_zone="Europe/Berlin") == [-4]
    assert money_of("reservation-outcome-assumed", reserved, of, time_zone=None) == [None]


def test_limits_of_a_later_tariff_where_a_side_is_unknown() -> None:
    """The first leaves what is after taxes open, the second states a cap that would decide what is before them."""
    first = tariff(component(), tax_included="NO", id="A")
    second = tariff(component(), tax_included="NO", id="B", max_price={"before_taxes": 15})
    periods = [("10:00", {**KWH, "tariff_id": "A"}), ("10:30", {**KWH, "tariff_id": "B"})]
    obj = cdr(*periods, tariffs=[first, second], total_cost={"before_taxes": 1})
    assert money_of("limits-of-several-tariffs", obj) == [5]
    open_first = tariff(component(), tax_included="YES", id="A")
    open_second = tariff(component(), tax_included="YES", id="B", max_price={"before_taxes": 15, "after_taxes": 16})
    obj = cdr(*periods, tariffs=[open_first, open_second], total_cost={"before_taxes": 1})
    assert money_of("limits-of-several-tariffs", obj) == [None]


def test_drift_of_several_tariffs() -> None:
    """Each tariff of the CDR against the one given under its id, of the same CPO, in force at the start first."""
    sent = [tariff(component(amount=n), id=f"T{n}") for n in (1, 2)]
    periods = [("10:00", {**KWH, "tariff_id": "T1"}), ("10:30", {**KWH, "tariff_id": "T2"})]
    other = tariff(component(amount=7), id="t2", last_updated="2026-03-01T00:00:00Z")
    over = tariff(component(amount=9), id="T2", last_updated="2026-05-01T00:00:00Z", **OVER)
    obj = cdr(*periods, tariffs=sent)
    assert money_of("tariff-not-as-given", obj, over, other) == [-50]
    assert money_of("tariff-not-as-given", obj, sent[0], sent[1]) == []
    assert money_of("tariff-not-as-given", obj, sent[1]) == []
    beside = [("10:00", {**KWH, "tariff_id": "X"}), ("10:30", {**KWH, "tariff_id": "T2"})]
    obj = cdr(*beside, tariffs=sent)
    assert money_of("tariff-not-as-given", obj, tariff(component(), id="X"), other) == [-50]


def test_a_charge_that_is_refused_still_names_its_tariffs_and_its_zone() -> None:
    found = priced(cdr(("10:00", KWH), tariffs=[tariff(component(), currency="CHF")]), time_zone="UTC")
    assert (found.priced, found.tariff_ids, found.time_zone, found.time_zone_source) == (False, ("T",), "UTC", "stated")
