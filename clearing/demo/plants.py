"""The plan of a month: which discrepancies are planted how often, between whom, and at which of its charges."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from random import Random

from clearing.demo import chains, mishaps
from clearing.demo.fleet import token
from clearing.demo.mishaps import Scene
from clearing.demo.story import Story, clean, row_of
from clearing.demo.traffic import Charge, Traffic, runs_on
from clearing.demo.world import INTERNAL, NOT_AGREED, OPERATORS, PAIRS, PROVIDERS, UNKNOWN_EMSP, Pair

Make = Callable[[Story, Scene], Story | None]

LATE, CREDITED_LATER, CREDITED_AFTER_THE_END = "late", "credited-later", "credited-after-the-end"
UNTIL_LATER = (LATE, CREDITED_LATER, CREDITED_AFTER_THE_END)
"""Plants that change nothing in their own month: both sides deliver a month late, or the CPO takes the charge back."""


@dataclass(frozen=True, slots=True)
class Plant:
    """A discrepancy: `times` in 2,000 charges, the pairs it suits, and `early` where it needs the first days."""

    name: str
    times: int
    make: Make
    suits: Callable[[Pair], bool]
    early: bool = False
    pool: tuple[Pair, ...] = PAIRS


def _told(pair: Pair) -> bool:
    """Whether both sides deliver, and the agreement goes on (else its November is a credit note and nothing else)."""
    return pair.agreed and not pair.silent and pair.valid_until is None


def _ids(pair: Pair) -> bool:
    return _told(pair) and pair.shares_ids


def _cdrs(pair: Pair) -> bool:
    return _ids(pair) and PROVIDERS[pair.emsp].delivers == "cdr"


def _sessions(pair: Pair) -> bool:
    return _ids(pair) and PROVIDERS[pair.emsp].delivers == "session"


def _listed(pair: Pair) -> bool:
    return _ids(pair) and PROVIDERS[pair.emsp].gives_tokens


def _plain(pair: Pair) -> bool:
    """Whether what is billed is what is claimed, rounded charge by charge."""
    return _ids(pair) and pair.basis == "claimed" and pair.rounding == "charge-half-up"


def _whole_cents(pair: Pair) -> bool:
    """Whether claims need no rounding: nobody says whether a credit gives back a rounding or a price difference."""
    return _plain(pair) and OPERATORS[pair.cpo].decimals == 2


def _any(pair: Pair) -> bool:
    return True


def _both(*makes: Make) -> Make:
    """Return a plant of several independent discrepancies on one charge."""

    def make(story: Story, scene: Scene) -> Story | None:
        told: Story | None = story
        for one in makes:
            told = one(told, scene) if told is not None else None
        return told

    return make


def _unchanged(story: Story, scene: Scene) -> Story | None:
    return story


def _elsewhere(code: str) -> Make:
    def make(story: Story, scene: Scene) -> Story | None:
        return replace(story, emsp=()).finding(code, "cpo").with_end("elsewhere")

    return make


def _paid_ad_hoc(story: Story, scene: Scene) -> Story | None:
    number = int(story.charge.number)
    guest = token(story.charge.pair.emsp, f"ADHOC{number:09}", 80_000_000 + number, "AD_HOC_USER", None)
    told = story.with_cpo(cdr_token=guest.written, auth_method="COMMAND", authorization_reference=None)
    return _elsewhere("paid-ad-hoc")(told, scene)


def _no_agreement(story: Story, scene: Scene) -> Story | None:
    return story.finding("no-agreement").with_end("waiting")


def _unknown_party(story: Story, scene: Scene) -> Story | None:
    row = replace(row_of(story.charge), emsp=None)
    judged = tuple(replace(one, row=row) for one in story.judged)
    return replace(story, emsp=(), judged=judged).finding("unknown-party", "cpo").with_end("waiting")


PLANTS = (
    Plant("missing-at-emsp", 4, mishaps.missing_at_emsp, _ids),
    Plant("missing-at-emsp-without-ids", 1, mishaps.missing_at_emsp, lambda pair: pair.cpo == "NL*LNS"),
    Plant("missing-at-cpo", 2, mishaps.missing_at_cpo, _ids),
    Plant("missing-at-cpo-without-ids", 1, mishaps.missing_at_cpo, lambda pair: pair.cpo == "ES*ISL"),
    Plant("repeated-delivery", 2, mishaps.repeated_delivery, _told),
    Plant("conflicting-content", 1, mishaps.conflicting_content, _ids),
    Plant("probable-duplicate", 1, mishaps.probable_duplicate, _ids),
    Plant("price-claim-differs", 3, mishaps.price_claim_differs, _ids),
    Plant("price-claim-differs-silent", 1, mishaps.price_claim_differs, lambda pair: pair.silent),
    Plant("clock-skew", 2, mishaps.clock_skew, _ids),
    Plant("tariff-differs", 1, mishaps.tariff_differs, _cdrs),
    Plant(
        "tariff-not-as-published",
        1,
        mishaps.tariff_not_as_published,
        lambda pair: _sessions(pair) and OPERATORS[pair.cpo].publishes,
    ),
    Plant("unknown-tariff", 1, mishaps.unknown_tariff, _sessions),
    Plant("token-unknown", 1, mishaps.token_unknown, _listed),
    Plant("token-blocked", 1, mishaps.token_blocked, _listed),
    Plant("unit-suspect-cpo", 1, mishaps.unit_suspect_cpo, _ids),
    Plant("unit-suspect-emsp", 1, mishaps.unit_suspect_emsp, _ids),
    Plant("energy-differs", 2, mishaps.energy_differs, _ids),
    Plant("time-differs", 1, mishaps.time_differs, _ids),
    Plant("token-differs", 1, mishaps.token_differs, _ids),
    Plant("evse-differs", 1, mishaps.evse_differs, _ids),
    Plant("amount-differs", 2, mishaps.amount_differs, _cdrs),
    Plant("vat-differs", 1, mishaps.vat_differs, _cdrs),
    Plant("currency-differs", 1, mishaps.currency_differs, _cdrs),
    Plant("ends-before-start", 1, mishaps.ends_before_start, _ids),
    Plant("currency-not-agreed", 1, mishaps.currency_not_agreed, _ids),
    Plant("unknown-currency", 1, mishaps.unknown_currency, _ids),
    Plant("not-a-number", 1, mishaps.not_a_number, _ids),
    Plant("text-for-money", 1, mishaps.text_for_money, _ids),
    Plant("impossible-date", 1, mishaps.impossible_date, _ids),
    Plant("incomplete-record", 1, mishaps.incomplete_record, _ids),
    Plant("no-claim", 1, mishaps.no_claim, _sessions),
    Plant("unknown-field", 1, mishaps.unknown_field, _told),
    Plant("number-as-string", 1, mishaps.number_as_string, _told),
    Plant("credit-and-replacement", 2, chains.credit_and_replacement, _plain),
    Plant("credit-without-original", 1, chains.credit_without_original, _plain),
    Plant("credited-twice", 1, chains.credited_twice, _plain),
    Plant("credit-amount-wrong", 1, chains.credit_amount_wrong, _plain),
    Plant("no-agreement", 1, _no_agreement, _any, pool=NOT_AGREED),
    Plant("unknown-party", 1, _unknown_party, _any, pool=UNKNOWN_EMSP),
    Plant("internal-charge", 1, _elsewhere("internal-charge"), _any, pool=INTERNAL),
    Plant("paid-ad-hoc", 1, _paid_ad_hoc, _ids),
    Plant("before-agreement", 1, _elsewhere("before-agreement"), _any, early=True),
    Plant("token-unknown+energy-differs", 1, _both(mishaps.energy_differs, mishaps.token_unknown), _listed),
    Plant("token-blocked+evse-differs", 1, _both(mishaps.evse_differs, mishaps.token_blocked), _listed),
    Plant("price-claim-differs+token-differs", 1, _both(mishaps.price_claim_differs, mishaps.token_differs), _ids),
    Plant("clock-skew+vat-differs", 1, _both(mishaps.clock_skew, mishaps.vat_differs), _cdrs),
    Plant("clock-skew+unknown-field", 1, _both(mishaps.clock_skew, mishaps.unknown_field), _ids),
    Plant(LATE, 2, _unchanged, _plain),
    Plant(CREDITED_LATER, 2, _unchanged, _whole_cents),
    Plant(CREDITED_AFTER_THE_END, 1, _unchanged, lambda pair: pair.valid_until is not None),
)


def plan(cdrs: int, rng: Random) -> list[Plant]:
    """Return the plants of a month in the order in which they happen.

    Every plant at least once from 1,000 charges on, so that they stay below three in a hundred of 2,000.
    """
    chosen = [plant for plant in PLANTS for _ in range(plant.times * max(1, (cdrs + 1000) // 2000))]
    rng.shuffle(chosen)
    if cdrs < 1000:
        chosen = chosen[: cdrs // 20]
    return chosen


def positions(days: list[int], plants: list[Plant], rng: Random) -> dict[int, Plant]:
    """Return at which charges of a month which plant happens; `days` is the day of the month of each charge.

    They keep away from both ends of the month, so that every zone and every record agrees on the month.
    """
    early = [plant for plant in plants if plant.early]
    later = [plant for plant in plants if not plant.early]
    first = [i for i, day in enumerate(days) if 3 <= day <= 8]
    rest = [i for i, day in enumerate(days) if 9 <= day <= 26]
    at = dict(zip(sorted(rng.sample(first, min(len(early), len(first)))), early, strict=False))
    at.update(zip(sorted(rng.sample(rest, min(len(later), len(rest)))), later, strict=False))
    return at


def candidates(plant: Plant, day: date) -> list[Pair]:
    """Return the pairs between which a plant can happen on a day."""
    if plant.early:
        return [
            p for p in PAIRS if day < p.valid_from and (p.valid_from.year, p.valid_from.month) == (day.year, day.month)
        ]
    return [pair for pair in plant.pool if plant.suits(pair) and runs_on(pair, day)]


def planted(plant: Plant, traffic: Traffic, scene: Scene, start: int) -> Iterator[Story]:
    """Yield a planted story; nothing where no pair can have it on that day."""
    pairs = candidates(plant, datetime.fromtimestamp(start, UTC).date())
    for _ in range(200 if pairs else 0):
        charge: Charge = traffic.charge(pairs[scene.rng.randrange(len(pairs))], start)
        story = plant.make(clean(charge), scene)
        if story is not None:
            yield replace(story, plant=plant.name)
            return
    if pairs:
        raise LookupError(f"no charge suits {plant.name}")
