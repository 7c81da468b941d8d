"""Credits: an original, the CDR that takes it back, and the replacement; right and wrong."""

from dataclasses import replace

from clearing.demo.amounts import UNIT_E8
from clearing.demo.json_text import Record
from clearing.demo.mishaps import Scene, raised, worth
from clearing.demo.records import cdr_id, claimed_fields, instant_text, money
from clearing.demo.story import Judged, Sent, Story


def credit_of(original: Record, judged: Judged, suffix: str, incl_e8: int, last_updated: int) -> tuple[Record, Judged]:
    """Return the credit CDR of an original: all of it copied, `total_cost` negated (OCPI 2.2.1, mod_cdrs)."""
    claimed_e8 = judged.claim_e8 or 0
    record: Record = original | {
        "id": f"{original['id']}-{suffix}",
        "total_cost": money(-claimed_e8, -incl_e8),
        "credit": True,
        "credit_reference_id": original["id"],
        "last_updated": instant_text(last_updated),
    }
    return record, replace(judged, kwh_e4=-judged.kwh_e4, claim_e8=-claimed_e8, basis_e8=-judged.basis_e8)


def _wrong_original(story: Story) -> tuple[Record, Judged, int]:
    """Return an earlier, dearer record of the charge, under an id of its own."""
    wrong = raised(story.charge, 2 * UNIT_E8)
    record: Record = story.cpo[0].record | claimed_fields(wrong) | {"id": f"{cdr_id(story.charge)}-OLD"}
    judged = replace(story.judged[0], end="credited", claim_e8=wrong.excl_e8, basis_e8=wrong.excl_e8, computed_e8=None)
    return record, judged, wrong.incl_e8


def credit_and_replacement(story: Story, scene: Scene) -> Story | None:
    """A wrong CDR, its credit, and the right one, all in one month."""
    return _replaced(story)


def _replaced(story: Story) -> Story:
    original, judged, incl = _wrong_original(story)
    credit, credited = credit_of(original, judged, "C", incl, story.charge.end + 4000)
    replaced = replace(
        story.cpo[0], record=story.cpo[0].record | {"last_updated": instant_text(story.charge.end + 4100)}
    )
    return replace(
        story,
        cpo=(Sent(original), Sent(credit), replaced),
        judged=(judged, credited, *story.judged),
    )


def credited_twice(story: Story, scene: Scene) -> Story | None:
    """As before, and the original is credited once more."""
    chain = _replaced(story)
    original, judged, incl = _wrong_original(story)
    credit, credited = credit_of(original, judged, "C2", incl, story.charge.end + 9000)
    told = replace(
        chain, cpo=(*chain.cpo, Sent(credit, True)), judged=(*chain.judged, replace(credited, end="refused"))
    )
    return _found_on(told, "credited-twice", f"{original['id']}-C2")


def credit_without_original(story: Story, scene: Scene) -> Story | None:
    """A credit whose original nobody has seen."""
    record = story.cpo[0].record
    credit, judged = credit_of(record, story.judged[0], "C", story.charge.claim.incl_e8, story.charge.end + 4000)
    told = replace(story, cpo=(Sent(credit),), emsp=(), judged=(replace(judged, end="refused"),))
    return _found_on(told, "credit-without-original", f"{record['id']}-C")


def credit_amount_wrong(story: Story, scene: Scene) -> Story | None:
    """A credit of less than its original; both wait, so each of them bears the finding that holds it."""
    if not worth(story, 3):
        return None
    record, judged = story.cpo[0].record, story.judged[0]
    part = replace(judged, claim_e8=story.charge.claim.excl_e8 - UNIT_E8, computed_e8=None)
    credit, credited = credit_of(
        record, part, "C", story.charge.claim.incl_e8 - UNIT_E8 * 12 // 10, story.charge.end + 4000
    )
    told = replace(story, cpo=(Sent(record), Sent(credit)), judged=(judged, credited)).with_end("waiting")
    return _found_on(told.finding("credit-amount-wrong"), "credit-amount-wrong", f"{record['id']}-C")


def _found_on(story: Story, code: str, cpo_cdr_id: str) -> Story:
    found = story.finding(code, "cpo")
    return replace(found, expected=(*story.expected, replace(found.expected[-1], cpo_cdr_id=cpo_cdr_id)))
