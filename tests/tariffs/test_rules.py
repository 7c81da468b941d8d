"""The thirty-two rules of pricing, where each lives and which tests prove it; a row that has rotted fails.

Rules 1 to 4 are about the input, 5 to 8 about which tariff, 9 to 12 about which price, 13 to 16 about quantities, 17 to
23 about money and what a CDR claims, 24 to 29 about special records, 30 and 31 about versions and modules, 32 about odd
CDRs. Beside these, `tests/tariffs/independent` prices random charges a second time, by a pricer written apart.
"""

import re
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
RULES: dict[int, tuple[str, str, str]] = {
    1: (
        "numbers are exact, and what is none is refused before arithmetic",
        "ocpi/decoding ocpi/reading",
        "read_cdr::numbers_as_text_are_read_and_said_once_per_pattern "
        "read_cdr::values_without_one_meaning_stand_as_unusable money_of_a_charge::thirty_digits_are_kept",
    ),
    2: (
        "times are UTC, and 1970-01-01 stands for unknown",
        "ocpi/reading timeline",
        "read_cdr::instants timeline::the_placeholder_refuses_only_what_needs_the_instant",
    ),
    3: (
        "periods in order of time; the session begins with the first that is no reservation",
        "timeline",
        "timeline::periods_are_priced_in_order_of_time_and_it_is_said "
        "timeline::the_session_begins_with_its_first_period_whatever_the_head_says",
    ),
    4: (
        "four dimensions price, the others restrict or are ignored",
        "timeline ocpi/v211",
        "timeline::odd_periods_are_priced_and_said v211::a_flat_dimension_of_the_cdr_prices_nothing_and_is_no_surprise",
    ),
    5: (
        "the tariff of a period is the one it names",
        "selection",
        "selection::each_period_by_its_tariff_id_in_any_case "
        "selection::a_period_without_tariff_beside_one_with_is_free_and_said "
        "selection::one_id_twice_takes_the_valid_then_the_latest",
    ),
    6: (
        "without a name: the first that is valid at the start and of the right type",
        "selection",
        "selection::without_ids_the_one_valid_at_the_start selection::by_type "
        "selection::several_that_fit_alike_say_what_the_other_makes",
    ),
    7: (
        "the tariff inside the CDR beats the published one, and drift is said",
        "selection",
        "selection::the_tariff_of_the_cdr_beats_the_given_one "
        "odd_records::the_tariff_of_the_cdr_counts_and_its_drift_from_the_given_one_is_said",
    ),
    8: (
        "currencies never mix; to refuse is a finding, and every total unknown",
        "charge",
        "selection::to_refuse_is_a_finding_and_every_total_unknown",
    ),
    9: (
        "per dimension the first element that applies",
        "plan",
        "selection::per_dimension_the_first_element_that_applies "
        "selection::two_components_of_one_dimension_the_first_counts",
    ),
    10: (
        "priced at the start of the period; every boundary inside it is looked at",
        "spans",
        "odd_records::every_boundary_inside_a_period_is_looked_at "
        "timeline::a_period_that_spans_a_price_change_has_bounds",
    ),
    11: (
        "local time by rule, never silently UTC",
        "zones",
        "zones::by_place zones::never_silently_utc unknown_clock::an_unknown_zone",
    ),
    12: (
        "clock changes by IANA rules",
        "timeline",
        "timeline::local_time_with_clock_changes timeline::a_window_ending_inside_the_doubled_hour_is_active_twice",
    ),
    13: (
        "step_size once per session, by the last component",
        "step_size",
        "step_size::billed step_size::the_last_component_sets_the_step_and_takes_what_is_added "
        "step_size::free_time_does_not_count_for_the_step",
    ),
    14: ("hours of four decimals are whole seconds again", "quantity timeline", "step_size::billed fixtures::case"),
    15: (
        "FLAT once per session, and a later one is said",
        "charge",
        "selection::flat_once_and_a_later_one_is_said selection::free_of_charge_is_a_price",
    ),
    16: (
        "reservations by elements of their own",
        "charge plan",
        "reservation::outcome reservation::expired_falls_back_to_reservation_for_what_it_does_not_price",
    ),
    17: ("cost is quantity times price, per kWh or per hour", "totals", "fixtures::case conformance::case"),
    18: (
        "VAT by component; what is unknown stays so, unless a limit decides",
        "taxes limits totals",
        "v230::both_sides_of_taxes v230::limits v211::what_vat_makes_is_unknown_on_every_total_never_equal",
    ),
    19: (
        "min_price and max_price last, each side by itself",
        "limits",
        "money_of_a_charge::limits money_of_a_charge::the_limits_are_those_of_the_first_tariff_and_the_others_are_said",
    ),
    20: (
        "nothing is rounded by default; the agreement names where",
        "rounding",
        "money_of_a_charge::thirds_of_an_hour_add_up_exactly rounding::a_profile_makes",
    ),
    21: (
        "minor units by ISO 4217",
        "money",
        "currencies::every_currency_has_the_digits_of_iso_4217 currencies::currencies_never_mix",
    ),
    22: (
        "what a CDR claims, part by part, and against itself",
        "verification",
        "words/verified_parts::verify verification::limits_excuse_the_sum_of_parts",
    ),
    23: ("parking may be less in the periods than in the total", "verification", "words/verified_times::verify"),
    24: (
        "of a credit only total_cost is negative",
        "totals verification",
        "money_of_a_charge::of_a_credit_only_the_total_is_negative "
        "properties::a_charge_and_its_credit_leave_nothing",
    ),
    25: (
        "charging at home is priced as usual and said",
        "verification",
        "odd_records::a_charge_at_home_is_priced_as_usual_and_said",
    ),
    26: ("signed meter readings against total_energy", "ocpi/signed_data verification",
         "signed_data::readings_against_the_total"),
    27: (
        "a reservation that never became a charge",
        "charge totals",
        "reservation::outcome reservation::the_floor_is_not_for_a_reservation_that_never_became_a_charge",
    ),
    28: (
        "a priced dimension that no period states",
        "charge",
        "timeline::a_dimension_that_is_priced_but_not_stated_is_noted "
        "timeline::a_dimension_twice_is_added_and_an_empty_period_is_said",
    ),
    29: (
        "Sessions are priced so far; PUT replaces, PATCH adds",
        "ocpi/sessions",
        "sessions::a_session_is_priced_by_the_tariff_it_names_until_it_was_last_updated sessions::what_a_patch_does",
    ),
    30: (
        "from version to version without silent loss",
        "ocpi/conversion",
        "conversion_laws::a_converted_charge_costs_the_same conversion::tariffs conversion::a_cdr_of_the_old_version",
    ),
    31: (
        "bookings and preauthorizations are kept out, and said",
        "plan charge timeline",
        "v230::elements_for_bookings_are_kept_out_and_named odd_records::a_preauthorization_is_known_and_never_priced "
        "odd_records::time_after_a_booked_slot_is_not_priced_and_said",
    ),
    32: (
        "odd CDRs: as stated, and said",
        "charge restrictions",
        "restrictions::a_threshold_missed_by_rounding_is_taken_literally_and_said "
        "money_of_a_charge::a_negative_price_is_taken_as_stated "
        "odd_records::a_misspelt_restriction_is_a_finding_with_its_money",
    ),
}  # fmt: skip
"""Number → what it says in a line, the modules under `tariffs/`, and its tests as file::function without `test_`."""


def test_every_rule_has_its_row() -> None:
    assert list(RULES) == list(range(1, 33))


@pytest.mark.parametrize("number", RULES)
def test_modules_and_tests_of_a_rule_are_there(number: int) -> None:
    _, modules, tests = RULES[number]
    missing = [m for m in modules.split() if not any((ROOT / "tariffs" / f"{m}{end}").exists() for end in (".py", ""))]
    for name in tests.split():
        path, _, function = name.partition("::")
        folder, _, file = path.rpartition("/")
        text = (HERE / folder / f"test_{file}.py").read_text("utf-8")
        if not re.search(rf"^def test_{function}\(", text, re.MULTILINE):
            missing.append(name)
    assert missing == []
