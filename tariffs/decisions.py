"""Where OCPI is silent or can be read in two ways: the question, what we decided, why, and how others read it.

An explanation of a price cites a decision by its `id` where it has no clause to cite; a difference to somebody else's
price may be explained by one of the `alternatives`. Ids and names of alternatives are kebab-case and never change.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another reading that somebody may hold; its price differs from ours where the question comes up."""

    id: str
    words: str


@dataclass(frozen=True, slots=True)
class Decision:
    """One question that the specification leaves open; `rule` is the number of the pricing rule it belongs to."""

    id: str
    rule: int
    question: str
    decided: str
    why: str
    alternatives: tuple[Alternative, ...] = ()


def _decision(id: str, rule: int, question: str, decided: str, why: str, **alternatives: str) -> Decision:
    readings = tuple(Alternative(name.replace("_", "-"), words) for name, words in alternatives.items())
    return Decision(id, rule, question, decided, why, readings)


_TARIFF: Final = (
    _decision(
        "tariff-for-the-whole-charge",
        5,
        "Which tariff is in force when no charging period names one?",
        "The first tariff that is valid at the start of the charge and fits the driver, for the whole charge.",
        "By the letter no tariff would be relevant then, and nearly every CDR would be free; senders leave it out.",
        free_without_tariff_id="a charging period without tariff_id is free",
    ),
    _decision(
        "tariff-end-is-exclusive",
        6,
        "Is a tariff still valid at its end_date_time?",
        "No: it is valid from start_date_time until just before end_date_time.",
        "Two tariffs that follow each other would both be valid at one instant by the letter.",
        end_is_inclusive="the tariff is still valid at end_date_time",
    ),
    _decision(
        "time-zone-by-place",
        11,
        "In which time zone is a CDR without a time zone?",
        "The caller's, else the location's own, else the Locations data, else that of the country or the coordinates, "
        "else the one configured for the CPO; else no price is made.",
        "Prices by the clock are local, a CDR of 2.2.1 and 2.3.0 has no field for the zone, and UTC is a wrong guess.",
        utc="times of day are read in UTC",
    ),
)

_CHOICE: Final = (
    _decision(
        "element-for-each-dimension",
        9,
        "Is one element chosen for the whole charging period (OCPI 2.1.1 by the letter), or one for each dimension?",
        "One for each dimension: the first element that has a price for it and whose restrictions are all met.",
        "The worked example of 2.1.1 comes out only so, and 2.2.1 says it in words.",
        one_element_for_all="the first element whose restrictions are met prices every dimension, or none",
    ),
    _decision(
        "price-at-the-start-of-the-period",
        10,
        "What if the price changes inside a charging period?",
        "The price at the start of the period counts for all of it; a finding tells the bounds of the truth.",
        "OCPI obliges the CPO to begin a new period there; the CDR does not say what was used before and after.",
        price_at_the_end="the price at the end of the period counts for all of it",
        split_evenly="the period is split as if energy and time ran evenly",
    ),
    _decision(
        "equal-times-are-the-whole-day",
        10,
        "When does an element apply whose start_time equals its end_time?",
        "The whole day.",
        "Read as never, its dimension would silently be free.",
        never="never",
    ),
    _decision(
        "weekday-of-the-moment",
        10,
        "Which weekday counts for a window over midnight, such as MONDAY 22:00 to 06:00?",
        "The weekday of the moment: Monday 00:00 to 06:00 and 22:00 to 24:00, not Tuesday morning.",
        "day_of_week and the times are separate restrictions, and all of them must be met.",
        weekday_of_the_window_start="the weekday on which the window began",
    ),
    _decision(
        "duration-from-the-session-start",
        10,
        "From when do min_duration and max_duration count?",
        "From the start of the charging session to the start of the period, parking included; for elements of "
        "a reservation from the start of the reservation.",
        "2.2.1 says so; 2.1.1 has no words for it and is read alike.",
        duration_of_the_dimension="only the time of the dimension itself counts",
        duration_from_the_cdr_start="from start_date_time of the CDR, a reservation included",
    ),
    _decision(
        "load-not-stated",
        10,
        "Is a restriction on power or current met when the period does not state the load?",
        "The stated one of lowest and highest stands for the other. Where none is stated, the mean power may disprove "
        "it; else it counts as met and is listed.",
        "Not met would make the period free because of a field that OCPI leaves optional.",
        unknown_load_is_not_met="a restriction on a load that is not stated is not met",
        load_is_ignored="restrictions on power and current are ignored",
    ),
    _decision(
        "kwh-thresholds-are-literal",
        32,
        "Is a threshold of 20 kWh met by 19.9999 kWh, which four decimals may have made of 20?",
        "No: thresholds are taken literally, and a miss by no more than rounding is listed.",
        "The CDR states what was measured, and a guess could go either way.",
        near_kwh_reached="a threshold missed by no more than rounding is met",
    ),
    _decision(
        "unknown-restriction-is-absent",
        10,
        "What if an element has a restriction that OCPI does not know?",
        "It is priced as if the restriction were not there, and listed with the other total.",
        "A misspelt field must be seen; nobody can judge it.",
        unknown_restriction_is_not_met="an element with a restriction that nobody knows never applies",
    ),
    _decision(
        "bookings-are-not-priced",
        31,
        "What about elements of the Bookings module, or with an unknown kind of reservation?",
        "They are neither for charging nor for a reservation; they are listed with their amount.",
        "A cancellation fee would otherwise be billed in every ordinary charge.",
        bookings_as_ordinary_elements="they are read as elements without that restriction",
    ),
)

_QUANTITY: Final = (
    _decision(
        "exact-multiples-stay",
        13,
        "step_size rounds to a multiple that is greater than what was used: also where it is one already?",
        "No: an exact multiple stays as it is.",
        "The worked examples of OCPI leave it.",
        next_multiple_always="an exact multiple is raised by one more step",
    ),
    _decision(
        "time-is-exact-beside-parking",
        13,
        "Is TIME rounded when parking comes before charging?",
        "No: where a charge has any priced parking time, only that is rounded, in whatever order they come.",
        "The sentence of OCPI has no condition about the order.",
        time_rounded_when_last="TIME is rounded where charging comes last",
        time_rounded_always="TIME is rounded by itself, parking or not",
    ),
    _decision(
        "reservation-is-rounded-apart",
        13,
        "Is the time of a reservation rounded together with the time of charging?",
        "No: it is a quantity of its own, with its own step_size.",
        "The worked examples of reservations round it alone.",
        reservation_rounded_with_time="reservation and charging are one duration",
    ),
    _decision(
        "negative-energy-stays",
        13,
        "Is energy that was fed back to the grid rounded?",
        "It is netted with what was drawn; a negative sum is not rounded.",
        "Rounding up would take away what the driver is owed.",
        negative_energy_rounded="a negative sum is rounded like any other",
    ),
    _decision(
        "step-of-the-last-tariff",
        13,
        "Whose step_size counts when the tariff changes during a charge?",
        "That of the last price in use, once for the whole charge.",
        "OCPI rounds once per charge, and names the last one.",
        step_for_each_tariff="each tariff rounds what was used under it",
    ),
    _decision(
        "hours-are-snapped-to-seconds",
        14,
        "Durations travel in hours with four decimals: are 0.1667 h ten minutes, or 600.12 s?",
        "Ten minutes: the length of the period where it differs by at most 0.36 s, else the whole second within 0.2 s.",
        "A step of five minutes would otherwise bill five minutes that nobody used.",
        hours_as_stated="the stated hours are taken literally",
    ),
    _decision(
        "first-flat-of-a-charge",
        15,
        "A charge meets two different FLAT prices: are both due?",
        "Only the first, once per charge, in the first period in which one applies; a reservation has one of its own.",
        "OCPI gives a FLAT no quantity, so it is one fee; the later one is listed with its amount.",
        each_flat_once="each different FLAT is due once",
    ),
    _decision(
        "reservation-outcome-by-signs",
        16,
        "A CDR does not say whether a reservation was used, expired or cancelled: which is it?",
        "What the caller says; used where anything was charged; expired where the CDR has no session or no EVSE; "
        "else expired, and listed with both totals. Cancelled is never assumed.",
        "No field tells it, and these are the signs that OCPI gives.",
        reservation_used="every reservation was used",
        reservation_cancelled="a reservation without a charge was cancelled",
    ),
    _decision(
        "expired-falls-back-to-reservation",
        16,
        "Which element prices what the element for expired reservations leaves out?",
        "The element for reservations: RESERVATION_EXPIRES comes first, then RESERVATION for what it does not price.",
        "The worked example of an expired reservation comes out only so.",
        expired_alone="only elements with RESERVATION_EXPIRES price an expired reservation",
    ),
)

_MONEY: Final = (
    _decision(
        "no-vat-stated-is-no-vat",
        18,
        "What is the VAT of a price that states none, in a tariff that knows VAT?",
        "None applies: both amounts are equal. In 2.1.1, which has no VAT, the amount with VAT is unknown. In 2.3.0 a "
        "tariff that states no VAT anywhere leaves it open.",
        "OCPI: absent means that no VAT applies, different from 0 %.",
        amount_with_vat_unknown="without a stated VAT the amount with VAT is unknown",
    ),
    _decision(
        "tax-included-missing-is-no",
        18,
        "Do the prices of a tariff of 2.3.0 include taxes when it does not say so?",
        "No.",
        "The specification's own example leaves the field out and adds the VAT.",
        tax_included_missing_is_yes="the prices include taxes",
    ),
    _decision(
        "limit-scales-the-vat",
        19,
        "A limit states its amount before VAT only: what happens to the amount with VAT?",
        "The VAT moves with the amount; of an amount of 0 it is that of the prices.",
        "The rate stays what it was, and a bill needs both sides.",
        vat_stays="the VAT stays what it was before the limit",
    ),
    _decision(
        "limits-of-the-first-tariff",
        19,
        "Whose min_price and max_price count when the tariff changes during a charge?",
        "Those of the tariff at the start of the charging session.",
        "OCPI limits the whole charge, and the driver was told that tariff.",
        limits_of_each_tariff="each tariff limits what was used under it",
        limits_of_the_last_tariff="those of the last tariff",
    ),
    _decision(
        "no-rounding-here",
        20,
        "When and how is money rounded?",
        "Not while pricing: the amount stays exact, and the agreement of the two parties names the one place.",
        "OCPI prescribes no rounding.",
        each_line_rounded="each line is rounded to the minor unit",
        each_dimension_rounded="each dimension is rounded to the minor unit",
        vat_on_rounded_net="VAT is computed on the rounded amount before VAT",
    ),
    _decision(
        "every-flat-is-a-fixed-cost",
        22,
        "Is a FLAT part of the parking cost or of the fixed cost?",
        "Of the fixed cost, unless it belongs to a reservation.",
        "Nothing in a tariff tells which FLAT is for parking.",
        flat_beside_parking_is_parking="a FLAT beside PARKING_TIME in one element belongs to the parking cost",
    ),
    _decision(
        "credit-negates-the-total-only",
        24,
        "What is negative in a credit CDR?",
        "Its total only; the parts stay positive, and the limits come before the sign.",
        "OCPI says so of total_cost and nothing of the parts.",
        credit_negates_everything="the parts are negative as well",
    ),
    _decision(
        "patch-replaces-the-periods",
        29,
        "What does a PATCH of a Session of 2.1.1 do to the charging periods that are known?",
        "It replaces them, and fewer ones are listed; from 2.2 on it adds its own to them.",
        "So the letter of each version has it.",
        patch_appends_its_periods="the periods of a PATCH are added to those known",
    ),
)

DECISIONS: Final[dict[str, Decision]] = {d.id: d for d in (*_TARIFF, *_CHOICE, *_QUANTITY, *_MONEY)}
"""Every decision by its id, in the order of the pricing rules within each step of a price."""
