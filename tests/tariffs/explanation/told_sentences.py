"""Charges that differ in one thing, with the sentences that this makes an explanation say."""

from typing import Any

from told_charges import ENERGY, FLAT, FREE, TIME, Json, cdr, charge, element, period, price_of, tariff, two

WINDOW = tariff(element(ENERGY, start_time="08:00", end_time="12:00"))
VAT = price_of("ENERGY", "0.50", vat=19)
HALLE = {"latitude": "51.48", "longitude": "11.97"}


def of_230(*periods: Json, tariffs: list[Json], **more: Any) -> Json:
    """A CDR of OCPI 2.3.0."""
    return cdr(*periods, tariffs=tariffs, total_cost={"before_taxes": 1}, **more)


# id: (CDR, tariff or None, options, sentences)
SAID: dict[str, tuple[Json, Json | None, dict[str, Any], list[str]]] = {
    "the only tariff, given beside": (
        charge(),
        tariff(FREE),
        {},
        ["Tariff T (given beside the CDR): the only one there is; no charging period names another."],
    ),
    "the only valid tariff": (
        cdr(
            period("2026-10-07T08:00:00Z", ENERGY=1),
            tariffs=[
                tariff(FREE, end_date_time="2026-10-07T08:00:00Z"),
                tariff(FREE, id="U", start_date_time="2026-10-01T00:00:00Z", end_date_time="2026-11-01T00:00:00.25Z"),
            ],
        ),
        None,
        {},
        [
            "Tariff U (brought by the CDR): the only one that is valid when the charge starts.",
            "It is valid from 2026-10-01 00:00 UTC.",
            "It is valid until just before 2026-11-01 00:00:00.25 UTC.",
        ],
    ),
    "the only fitting tariff": (
        cdr(
            period("2026-10-07T08:00:00Z", ENERGY=1),
            tariffs=[tariff(FREE, type="AD_HOC_PAYMENT"), tariff(FREE, id="U", type="REGULAR")],
        ),
        None,
        {},
        ["Tariff U (brought by the CDR): the only valid one whose type fits this driver."],
    ),
    "the first of several": (
        cdr(period("2026-10-07T08:00:00Z", ENERGY=1), tariffs=[tariff(FREE), tariff(FREE, id="U")]),
        None,
        {},
        ["Tariff T (brought by the CDR): the first of several that fit."],
    ),
    "tariffs named by their periods": (
        cdr(
            period("2026-10-07T08:00:00Z", "T", ENERGY=1),
            period("2026-10-07T08:30:00Z", "T", ENERGY=1),
            period("2026-10-07T09:00:00Z", "U", ENERGY=1),
            tariffs=[tariff(FREE), tariff(FREE, id="U")],
        ),
        None,
        {},
        [
            "Tariff T (brought by the CDR): named by charging periods 1 and 2.",
            "Tariff U (brought by the CDR): named by charging period 3.",
        ],
    ),
    "a period without a tariff": (
        cdr(
            period("2026-10-07T08:00:00Z", "T", ENERGY=1),
            period("2026-10-07T09:00:00Z", ENERGY=1),
            tariffs=[tariff(FREE)],
        ),
        None,
        {},
        [
            "Charging period 2 names no tariff although others do: it is free.",
            "It names no tariff although other charging periods do: it is free",
        ],
    ),
    "periods without a tariff": (
        cdr(
            period("2026-10-07T08:00:00Z", "T", ENERGY=1),
            period("2026-10-07T08:30:00Z", ENERGY=1),
            period("2026-10-07T09:00:00Z", ENERGY=1),
            tariffs=[tariff(FREE)],
        ),
        None,
        {},
        ["Charging periods 2 and 3 name no tariff although others do: they are free."],
    ),
    "no tariff": (
        charge(),
        None,
        {},
        [
            "No tariff could be chosen.",
            "Give the tariff beside it (--tariff FILE), or ask the CPO which one holds.",
        ],
    ),
    "an unknown tariff": (
        cdr(period("2026-10-07T08:00:00Z", "V", ENERGY=1)),
        tariff(FREE),
        {},
        [
            "No tariff could be chosen.",
            "Give the named tariff beside it (--tariff FILE), or ask the CPO for it.",
        ],
    ),
    "a tariff in another currency": (
        charge(),
        tariff(FREE, currency="CHF"),
        {},
        ["Ask the CPO for a CDR whose tariff is in its own currency."],
    ),
    "a negative volume": (
        charge(TIME=-1),
        tariff(element(TIME)),
        {},
        ["Ask the CPO for the CDR with that right."],
    ),
    "a clock that nobody knows": (
        {**charge(), "cdr_location": {}},
        tariff(
            element(
                ENERGY, start_time="08:00", start_date="2026-10-01", end_date="2026-11-01", day_of_week=["WEDNESDAY"]
            )
        ),
        {},
        [
            "Energy (ENERGY): it cannot be said whether element 1 of tariff T applies: start_time or end_time asks for "
            "the local time, which is unknown; start_date asks for the local time, which is unknown; end_date asks for "
            "the local time, which is unknown; day_of_week asks for the local time, which is unknown",
            "State the time zone of the place (--time-zone ZONE, such as Europe/Berlin).",
        ],
    ),
    "a start that nobody knows": (
        cdr(period("1970-01-01T00:00:00Z", ENERGY=1)),
        tariff(element(ENERGY, min_duration=60, max_duration=120)),
        {},
        [
            "Charging period 1: its start is not stated",
            "Energy (ENERGY): it cannot be said whether element 1 of tariff T applies: min_duration asks for a time "
            "that the CDR does not state; max_duration asks for a time that the CDR does not state",
        ],
    ),
    "no currency": (
        {k: v for k, v in charge().items() if k != "currency"},
        tariff(FREE),
        {},
        ["Ask the sender for the CDR with that field right, under the same id."],
    ),
    "the zone of the country": (
        charge(),
        WINDOW,
        {},
        ["Times are local in Europe/Berlin: the country of the location has one time."],
    ),
    "the zone of the coordinates": (
        cdr(period("2026-10-07T08:00:00Z", ENERGY=1), cdr_location={"coordinates": HALLE}),
        WINDOW,
        {},
        ["Times are local in Europe/Berlin: the coordinates of the location lie there."],
    ),
    "the zone of the Locations data": (
        charge(),
        WINDOW,
        {"location_time_zone": "Europe/Rome"},
        ["Times are local in Europe/Rome: the time_zone of this location in the Locations data."],
    ),
    "the zone configured for the CPO": (
        {**charge(), "cdr_location": {}},
        WINDOW,
        {"operator_time_zone": "Europe/Rome"},
        ["Times are local in Europe/Rome: configured for the CPO, as the place itself tells none."],
    ),
    "the zone that was stated": (
        charge(),
        tariff(FREE),
        {"time_zone": "Europe/Rome"},
        [
            "Times are local in Europe/Rome: the caller stated it, which wins over all else.",
            "No price of the tariff asks for a time of day, a weekday or a date.",
            "Charging period 1: 2026-10-07 10:00 UTC+02:00 to 2026-10-07 12:00 UTC+02:00, 2 h",
        ],
    ),
    "a zone west of Greenwich": (
        charge(),
        tariff(FREE),
        {"time_zone": "America/St_Johns"},
        ["Charging period 1: 2026-10-07 05:30 UTC-02:30 to 2026-10-07 07:30 UTC-02:30, 2 h"],
    ),
    "the last day of the calendar": (
        cdr(
            period("9999-12-31T23:00:00Z", ENERGY=1),
            start_date_time="9999-12-31T23:00:00Z",
            end_date_time="9999-12-31T23:30:00Z",
        ),
        tariff(FREE),
        {"time_zone": "Europe/Berlin"},
        ["Charging period 1: 9999-12-31 23:00 UTC to 9999-12-31 23:30 UTC, 30 min"],
    ),
    "no zone": (
        charge(),
        tariff(FREE),
        {},
        [
            "None is needed: no price of the tariff asks for a time of day, a weekday or a date. Times below are in "
            "UTC.",
        ],
    ),
    "a period that ends before it starts": (
        cdr(period("2026-10-07T11:00:00Z", ENERGY=1)),
        tariff(FREE),
        {},
        ["Charging period 1: from 2026-10-07 11:00 UTC"],
    ),
    "hours with four decimals": (
        charge(TIME="0.6833"),
        tariff(element(price_of("TIME", "6", step_size=0))),
        {},
        [
            "Charging time (TIME), measured: 2460 s (41 min), as hours travel with four decimals",
            "Element 1 of tariff T, the last price in use, has no step_size: billed as measured",
        ],
    ),
    "noise of binary fractions": (
        charge(ENERGY="0.30000000000000004"),
        tariff(FREE),
        {},
        ["Energy (ENERGY), measured: 0.30000000000000004 kWh, which is 0.3 kWh and the noise of binary fractions"],
    ),
    "nothing that has a price": (
        charge(MAX_POWER=11),
        tariff(FREE),
        {},
        [
            "It states nothing that has a price",
            "Nothing in the charge has a price, before VAT: 0.00 EUR",
            "Nothing in the charge has a price, with VAT: 0.00 EUR",
        ],
    ),
    "rounded up": (
        charge(ENERGY="12.34"),
        tariff(element(price_of("ENERGY", "0.5", step_size=500))),
        {},
        [
            "12340 Wh are raised to 12500 Wh, the next multiple of the step_size of 500 Wh (element 1 of tariff T, the "
            "last price in use)",
            "The 160 Wh that this adds are billed with charging period 1",
        ],
    ),
    "energy fed back": (
        charge(ENERGY=-3),
        tariff(FREE),
        {},
        ["Energy was fed back to the grid: the sum is not above 0 and is not rounded"],
    ),
    "a credit": (
        {**charge(), "credit": True, "credit_reference_id": "O", "total_cost": {"excl_vat": -5, "incl_vat": -6}},
        tariff(FREE),
        {},
        [
            "This is a credit: the total changes its sign, the parts do not",
            "Total before VAT: -5.00 EUR; rounded by the agreement, not here",
            "Energy before VAT: 5.00 EUR",
            "Before VAT: no difference",
            "With VAT",
        ],
    ),
    "a credit with taxes unknown": (
        of_230(
            period("2026-10-07T08:00:00Z", ENERGY=10),
            tariffs=[tariff(FREE, tax_included="NO")],
            credit=True,
            credit_reference_id="O",
        ),
        None,
        {},
        ["This is a credit: the total changes its sign, the parts do not"],
    ),
    "a credit before taxes unknown": (
        of_230(
            period("2026-10-07T08:00:00Z", ENERGY=10),
            tariffs=[tariff(FREE, tax_included="YES")],
            credit=True,
            credit_reference_id="O",
        ),
        None,
        {},
        ["This is a credit: the total changes its sign, the parts do not"],
    ),
    "a floor on both sides": (
        charge(ENERGY=1),
        tariff(element(VAT), min_price={"excl_vat": 5, "incl_vat": 6}),
        {},
        [
            "It has a lowest price (min_price).",
            "min_price sets the amount before VAT to 5.00 EUR",
            "min_price sets the amount with VAT to 6.00 EUR",
        ],
    ),
    "a cap before VAT": (
        charge(ENERGY=100),
        tariff(element(VAT), max_price={"excl_vat": 30}),
        {},
        [
            "It has a highest price (max_price).",
            "max_price sets the amount before VAT to 30.00 EUR",
            "max_price states no amount with VAT: the VAT moves with the amount",
        ],
    ),
    "a floor before VAT where nothing was used": (
        charge(MAX_POWER=11),
        tariff(element(VAT), min_price={"excl_vat": 5}),
        {},
        ["min_price sets the amount before VAT to 5.00 EUR", "min_price sets the amount with VAT to 5.95 EUR"],
    ),
    "a cap with VAT alone": (
        charge(ENERGY=100),
        tariff(element(VAT), max_price={"excl_vat": 60, "incl_vat": 55}),
        {},
        ["max_price sets the amount with VAT to 55.00 EUR"],
    ),
    "limits that are not met": (
        charge(ENERGY=10),
        tariff(element(VAT), min_price={"excl_vat": 1}, max_price={"excl_vat": 100}),
        {},
        ["The min_price of tariff T changes nothing", "The max_price of tariff T changes nothing"],
    ),
    "no floor for a reservation alone": (
        cdr(period("2026-10-07T08:00:00Z", RESERVATION_TIME=1)),
        tariff(element(TIME, reservation="RESERVATION"), min_price={"excl_vat": 20}),
        {},
        ["The min_price of tariff T is not for a reservation that never became a charge"],
    ),
    "taxes added later": (
        of_230(
            period("2026-10-07T08:00:00Z", ENERGY=10),
            tariffs=[tariff(FREE, tax_included="NO", min_price={"before_taxes": 6})],
        ),
        None,
        {},
        [
            "Its prices exclude taxes and it states no rates: amounts with taxes are unknown.",
            "With taxes: unknown",
            "Sum with taxes: unknown",
            "min_price sets the amount before VAT to 6.00 EUR",
        ],
    ),
    "a floor that tells the taxes": (
        of_230(
            period("2026-10-07T08:00:00Z", ENERGY=10),
            tariffs=[tariff(FREE, tax_included="NO", min_price={"before_taxes": 6, "after_taxes": 7})],
        ),
        None,
        {},
        ["min_price states the amount with taxes, which was unknown: 7.00 EUR"],
    ),
    "a floor that leaves the taxes open": (
        of_230(
            period("2026-10-07T08:00:00Z", MAX_POWER=11),
            tariffs=[tariff(FREE, tax_included="NO", min_price={"before_taxes": 6})],
        ),
        None,
        {},
        ["min_price does not state the amount with taxes: it is unknown"],
    ),
    "a cap that leaves the taxes open": (
        of_230(
            period("2026-10-07T08:00:00Z", ENERGY=10),
            tariffs=[
                tariff(
                    FREE,
                    tax_included="NO",
                    min_price={"before_taxes": 6, "after_taxes": 7},
                    max_price={"before_taxes": 5},
                )
            ],
        ),
        None,
        {},
        ["max_price does not state the amount with taxes: it is unknown"],
    ),
    "a cap that tells the taxes": (
        of_230(
            period("2026-10-07T08:00:00Z", ENERGY=100),
            tariffs=[tariff(FREE, tax_included="NO", max_price={"before_taxes": 30, "after_taxes": 35})],
        ),
        None,
        {},
        ["max_price states the amount with taxes, which was unknown: 35.00 EUR"],
    ),
    "a floor that tells the amount before taxes": (
        of_230(
            period("2026-10-07T08:00:00Z", ENERGY=1),
            tariffs=[tariff(FREE, tax_included="YES", min_price={"before_taxes": 5, "after_taxes": 6})],
        ),
        None,
        {},
        [
            "min_price states the amount before taxes, which was unknown: 5.00 EUR",
            "min_price sets the amount with VAT to 6.00 EUR",
        ],
    ),
    "a cap that tells the amount before taxes": (
        of_230(
            period("2026-10-07T08:00:00Z", ENERGY=100),
            tariffs=[tariff(FREE, tax_included="YES", max_price={"before_taxes": 5, "after_taxes": 6})],
        ),
        None,
        {},
        ["max_price states the amount before taxes, which was unknown: 5.00 EUR"],
    ),
    "a tariff that does not say whether its prices include taxes": (
        of_230(period("2026-10-07T08:00:00Z", ENERGY=10), tariffs=[tariff(element(VAT))]),
        None,
        {},
        ["Its prices exclude VAT, which each price states; one that states none carries none."],
    ),
    "taxes included and unknown": (
        of_230(period("2026-10-07T08:00:00Z", ENERGY=10), tariffs=[tariff(FREE, tax_included="YES")]),
        None,
        {},
        [
            "Its prices include taxes and it states no rates: amounts before taxes are unknown.",
            "Before taxes: unknown",
            "Sum before taxes: unknown",
        ],
    ),
    "taxes included here and added there, both unknown": (
        of_230(
            period("2026-10-07T08:00:00Z", "T", ENERGY=10),
            period("2026-10-07T09:00:00Z", "U", ENERGY=10),
            tariffs=[tariff(FREE, tax_included="YES"), tariff(FREE, id="U", tax_included="NO")],
        ),
        None,
        {},
        ["Sum before taxes: unknown", "Sum with taxes: unknown"],
    ),
    "taxes included": (
        of_230(period("2026-10-07T08:00:00Z", ENERGY=10), tariffs=[tariff(element(VAT), tax_included="YES")]),
        None,
        {},
        ["Its prices include VAT, which each price states; one that states none carries none.", "Before 19 % VAT"],
    ),
    "no taxes apply": (
        of_230(period("2026-10-07T08:00:00Z", ENERGY=10), tariffs=[tariff(element(VAT), tax_included="N/A")]),
        None,
        {},
        ["No taxes apply to it: amounts before and after taxes are equal.", "No taxes apply: 5.00 EUR"],
    ),
    "an amount of 0 of unknown taxes": (
        of_230(
            period("2026-10-07T08:00:00Z", ENERGY=10),
            tariffs=[tariff(element(price_of("ENERGY", "0")), tax_included="NO")],
        ),
        None,
        {},
        ["An amount of 0 has no taxes: 0.00 EUR"],
    ),
    "a session so far": (
        {
            **{k: v for k, v in charge().items() if k not in ("session_id", "end_date_time")},
            "kwh": 10,
            "status": "ACTIVE",
            "last_updated": "2026-10-07T09:00:00Z",
        },
        tariff(FREE),
        {},
        ["Charging period 1: 2026-10-07 08:00 UTC to 2026-10-07 09:00 UTC, 1 h"],
    ),
    "a start fee and a second one": (
        two({"ENERGY": 1}, {"ENERGY": 1}),
        tariff(element(FLAT, max_kwh=1), element(FLAT, FLAT)),
        {},
        ["Fixed price (FLAT): element 1 of tariff T, 1.00 EUR", "Fixed prices before VAT: 1.00 EUR"],
    ),
}


RESERVATION = tariff(
    element(price_of("FLAT", "2.00"), price_of("TIME", "3.00"), reservation="RESERVATION"),
    element(price_of("FLAT", "4.00"), reservation="RESERVATION_EXPIRES"),
    element(ENERGY, price_of("FLAT", "0.50")),
)
RESERVED = cdr(period("2026-10-07T08:00:00Z", RESERVATION_TIME=1))
# id: (CDR, outcome, words)
OUTCOMES: dict[str, Any] = {
    "used": (
        two({"RESERVATION_TIME": 1}, {"ENERGY": 1}),
        None,
        ["The reservation was used: the charge has more than the time of the reservation.", "reservations"],
    ),
    "expired without a session": (
        {**RESERVED, "session_id": None},
        None,
        [
            "The reservation expired: the CDR names no session, or no EVSE or connector.",
            "Element 2 applies: it is for expired reservations and has no other restrictions",
            "Element 2 does not apply: no price for this",
        ],
    ),
    "expired by its dimension": (
        cdr(period("2026-10-07T08:00:00Z", RESERVATION_EXPIRES=1)),
        None,
        ["The reservation expired: the CDR has the dimension RESERVATION_EXPIRES."],
    ),
    "assumed": (
        RESERVED,
        None,
        ["The reservation expired, as we assume: nothing in the CDR shows what became of it."],
    ),
    "cancelled": (
        RESERVED,
        "cancelled",
        [
            "The reservation was cancelled: the caller says so.",
            "Element 1 applies: it is for reservations and has no other restrictions",
        ],
    ),
}
