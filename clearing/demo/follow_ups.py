"""What happens to October's open charges in November: late, mended and credited records, and a person's decisions."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from clearing.demo.chains import credit_of
from clearing.demo.json_text import Record
from clearing.demo.plants import LATE, UNTIL_LATER
from clearing.demo.records import cpo_cdr
from clearing.demo.story import Expected, Judged, Story, clean

_SENT_AGAIN = "2026-11-02T09:30:00Z"
_CREDITED_AT = 1_794_000_000  # 2026-11-06, after October was posted


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decides between the months about a finding."""

    finding: Expected
    verdict: str
    reason: str


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A charge of the month before: what arrives now, what was carried in, what it comes to now, what is found.

    `superseded` are carried records that a mended one replaces: the contract names no end for them, and leaves open
    whether their findings, `may_stand`, stand once more.
    """

    story: Story
    cpo: tuple[Record, ...] = ()
    emsp: tuple[Record, ...] = ()
    carried: tuple[Judged, ...] = ()
    delivered: tuple[Judged, ...] = ()
    superseded: tuple[Judged, ...] = ()
    expected: tuple[Expected, ...] = ()
    may_stand: tuple[Expected, ...] = ()
    decision: Decision | None = None


_FATES: dict[str, tuple[str, ...]] = {
    "missing-at-emsp": ("arrives", "accept", "reject", "waits"),
    "missing-at-cpo": ("arrives", "waits"),
    "not-a-number": ("mended", "waits"),
    "price-claim-differs": ("accept", "reject", "waits"),
    "amount-differs": ("reject", "accept", "waits"),
    "energy-differs": ("accept", "waits"),
}


def is_open(story: Story) -> bool:
    """Whether something of a story is left to do when its month is posted."""
    waits = any(judged.end == "waiting" for judged in story.judged)
    return waits or story.plant in UNTIL_LATER or not story.cpo


def follow_ups(stories: list[Story]) -> Iterator[FollowUp]:
    """Yield what becomes of every open story in the month after."""
    seen: dict[str, int] = {}
    for story in stories:
        name = story.plant
        fates = _FATES.get(name, ("waits",))
        fate = fates[seen.get(name, 0) % len(fates)]
        seen[name] = seen.get(name, 0) + 1
        if name == LATE:
            yield FollowUp(story, tuple(s.record for s in story.cpo), story.emsp, delivered=story.judged)
        elif name in UNTIL_LATER:
            yield _credited(story)
        else:
            yield _rolled(story, fate)


def _credited(story: Story) -> FollowUp:
    charge = story.charge
    record, judged = credit_of(story.cpo[0].record, story.judged[0], "C", charge.claim.incl_e8, _CREDITED_AT)
    return FollowUp(story, (record,), delivered=(replace(judged, computed_e8=None),))


def _rolled(story: Story, fate: str) -> FollowUp:
    waiting = tuple(judged for judged in story.judged if judged.end == "waiting")
    right = clean(story.charge)
    if fate == "arrives" and not story.cpo:
        return FollowUp(story, (right.cpo[0].record,), delivered=right.judged)
    if fate == "arrives":
        return FollowUp(story, emsp=right.emsp, carried=tuple(replace(judged, end="billed") for judged in waiting))
    if fate == "mended":
        record = cpo_cdr(story.charge) | {"last_updated": _SENT_AGAIN}
        return FollowUp(story, (record,), delivered=right.judged, superseded=waiting, may_stand=story.expected)
    if fate in ("accept", "reject"):
        end = "billed" if fate == "accept" else "refused"
        decided = tuple(replace(judged, end=end, computed_e8=None) for judged in waiting)
        reason = "agreed by telephone" if fate == "accept" else "the other side is right"
        decision = Decision(story.expected[0], fate, reason)
        return FollowUp(story, carried=decided, expected=story.expected, decision=decision)
    return FollowUp(story, carried=waiting, expected=story.expected)
