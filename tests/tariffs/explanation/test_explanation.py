"""Premises, quantities, limits, credits, findings and answers: what is said of charges that differ in one thing."""

from typing import Any

import pytest
from telling import sentences, step
from told_charges import FREE, Json, charge, explained, period, tariff
from told_sentences import SAID, of_230

from tariffs.explanation import as_markdown, as_text, explain_unreadable
from tariffs.findings import Finding, Severity


@pytest.mark.parametrize(("of", "given", "options", "wanted"), SAID.values(), ids=SAID)
def test_what_is_said(of: Json, given: Json | None, options: dict[str, Any], wanted: list[str]) -> None:
    explanation = explained(of, *([given] if given is not None else []), **options)
    said = sentences(explanation)
    assert [sentence for sentence in wanted if sentence not in said] == [], said


def test_the_override_is_told() -> None:
    from tariffs.ocpi import decode, read_tariff

    wanted = read_tariff(decode('{"id": "W", "currency": "EUR", "elements": [{"price_components": []}]}')).tariff
    assert "Tariff W: the caller asked for it, whatever the CDR names." in sentences(
        explained(charge(), override=wanted)
    )


def test_the_answer_comes_first_and_a_price_of_one_side_says_so() -> None:
    both, none = explained(charge(), tariff(FREE)), explained(charge())
    north = explained(of_230(period("2026-10-07T08:00:00Z", ENERGY=10), tariffs=[tariff(FREE, tax_included="YES")]))
    south = explained(of_230(period("2026-10-07T08:00:00Z", ENERGY=10), tariffs=[tariff(FREE, tax_included="NO")]))
    assert (
        as_text(both).splitlines()[1] == "The charge costs 5.00 EUR excl. VAT, 5.00 EUR incl. VAT, exact and unrounded."
    )
    assert as_text(none, "de").splitlines()[1].startswith("Ein Preis lässt sich nicht bilden.")
    neither = explained(SAID["taxes included here and added there, both unknown"][0])
    assert [e.answer[0].id for e in (north, south, neither)] == ["answer.incl", "answer.excl", "answer.open"]


def test_what_every_price_needs() -> None:
    missing = explained({k: v for k, v in charge().items() if k != "currency"}, tariff(FREE))
    assert [section.message.id for section in missing.steps] == ["section.findings"]
    assert "Ask the sender for the CDR with that field right, under the same id." in sentences(missing)


def test_a_record_that_is_no_cdr() -> None:
    broken = explain_unreadable([Finding("malformed-record", Severity.WAITS, "$", "no JSON\x07")], "2.2.1")
    assert as_text(broken).splitlines()[0] == "A record that is no CDR"
    assert "no JSON?" in as_text(broken)
    assert explain_unreadable([]).steps == ()
    assert not broken.breakdown.priced


def test_findings_come_once_and_the_gravest_first() -> None:
    note = Finding("number-as-string", Severity.INFORMATION, "$.x", "a text")
    grave = [Finding("x-y", Severity.WAITS, "$", "words"), note, note, Finding("b-c", Severity.RECORD_REFUSED, "$", "")]
    assert [f.code for f in explain_unreadable(grave).findings] == ["b-c", "x-y", "number-as-string"]


def test_steps_are_numbered_by_their_place_and_cite() -> None:
    explanation = explained(charge(), tariff(FREE))
    assert [section.id for section in explanation.steps] == [str(n) for n in range(1, len(explanation.steps) + 1)]
    assert step(explanation, "cost.product-net").id == "5.1.1"
    assert step(explanation, "cost.product-net").clauses == ("OCPI 2.2.1 mod_tariffs, PriceComponent.price",)
    assert explanation.decisions == ("tariff-for-the-whole-charge", "no-vat-stated-is-no-vat", "no-rounding-here")


def test_every_step_of_a_calculation_cites_something() -> None:
    """A clause or a decision: only sums, parts, headings, words about the record and what follows from them do not."""
    bare = (
        "section.", "cost.line", "total.sum", "total.nothing", "total.parts", "part.", "claim.", "finding.", "todo.",
        "zone.not-needed", "choice.unrestricted", "choice.passed", "choice.none",
    )  # fmt: skip
    for name, (of, given, options, _) in SAID.items():
        for one in explained(of, *([given] if given is not None else []), **options).walk():
            assert one.clauses or one.decisions or one.message.id.startswith(bare), (name, one.message)


def test_markdown_does_not_read_ids_as_marks() -> None:
    odd = explained({**charge(), "id": "*C_1* <b>`x`"}, tariff(FREE, id="A_B_*"))
    told = as_markdown(odd)
    assert told.startswith("# CDR \\*C\\_1\\* \\<b\\>\\`x\\` (OCPI 2.2.1)\n")
    assert "Tariff A\\_B\\_\\* (given beside the CDR)" in told
    assert "`10 kWh x 0.50 EUR/kWh = 5.00 EUR`" in told


def test_the_library_explains_by_its_first_name() -> None:
    import tariffs
    from tariffs.explanation import Explanation, explain

    assert (tariffs.explain, tariffs.Explanation) == (explain, Explanation)
    with pytest.raises(AttributeError, match="no attribute 'explainer'"):
        tariffs.explainer  # noqa: B018
