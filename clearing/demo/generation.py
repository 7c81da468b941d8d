"""Make the made-up market: its book, the deliveries of its months, and the truth beside them."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from random import Random

from clearing.demo.book_text import book_text, listed_providers
from clearing.demo.files import Delivery, MonthFiles
from clearing.demo.fleet import build_fleet
from clearing.demo.follow_ups import Decision, FollowUp, follow_ups, is_open
from clearing.demo.json_text import Record, written
from clearing.demo.mishaps import Scene
from clearing.demo.plants import LATE, plan, planted, positions
from clearing.demo.price_lists import PRICE_LISTS
from clearing.demo.records import tariff_text
from clearing.demo.story import Story, clean, delivers
from clearing.demo.traffic import Traffic, runs_on, starts
from clearing.demo.truth import MonthTruth
from clearing.demo.world import OPERATORS, PAIRS, Pair

MONTHS = ("2026-10", "2026-11")


@dataclass(frozen=True, slots=True)
class Deliveries:
    """What to ingest, in order, and what a person decides after the first month was posted."""

    folder: Path
    months: tuple[str, ...]
    deliveries: tuple[Delivery, ...]
    decisions: tuple[Decision, ...] = ()

    def __iter__(self) -> Iterator[Delivery]:
        return iter(self.deliveries)

    def of(self, month: str) -> tuple[Delivery, ...]:
        """Return what arrives in one month."""
        return tuple(delivery for delivery in self.deliveries if delivery.month == month)


def generate(folder: Path, cdrs: int, seed: int, months: int = 1) -> Deliveries:
    """Write a market of `cdrs` charges a month into a folder; the same arguments make the same bytes."""
    if not 1 <= months <= len(MONTHS) or cdrs < 1:
        raise ValueError(f"a demo has at least one charge and one or two months, not {cdrs} and {months}")
    chosen = MONTHS[:months]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "evclear.toml").write_bytes(book_text().encode())
    traffic = Traffic(build_fleet(cdrs, Random(f"{seed}/fleet")), Random(f"{seed}"))
    truths = {month: MonthTruth(month) for month in chosen}
    left_open: list[Story] = []
    deliveries: list[Delivery] = []
    for month in chosen:
        files = MonthFiles(folder, month)
        if month == MONTHS[0]:
            _master_data(files, traffic)
        for follow_up in follow_ups(left_open):
            _deliver_again(files, follow_up)
            _count_again(truths, month, follow_up)
        left_open = []
        for story in _stories(month, cdrs, seed, traffic):
            truths[month].draw(story.plant)
            if story.plant != LATE:  # both sides deliver those a month later
                _deliver(files, story)
                _count(truths, month, story)
            if is_open(story):
                left_open.append(story)
        deliveries += files.close()
    decisions = tuple(decision for truth in truths.values() for decision in truth.decisions)
    _write_truth(folder, truths)
    return Deliveries(folder, chosen, tuple(deliveries), decisions)


@lru_cache(maxsize=128)
def _lanes(day: date) -> tuple[tuple[Pair, ...], tuple[int, ...]]:
    pairs = tuple(pair for pair in PAIRS if runs_on(pair, day))
    return pairs, tuple(accumulate(pair.weight for pair in pairs))


def _stories(month: str, cdrs: int, seed: int, traffic: Traffic) -> Iterator[Story]:
    """Yield the charges of a month in order of their start, those with a plant among them."""
    rng = traffic.rng = Random(f"{seed}/{month}")
    begins = list(starts(date.fromisoformat(f"{month}-01"), cdrs, rng))
    days = [datetime.fromtimestamp(start, UTC).date() for start in begins]
    plants = plan(cdrs, rng)
    at = positions([day.day for day in days], plants, rng)
    scene = Scene(traffic.fleet, rng)
    for number, start in enumerate(begins):
        if number in at:
            story = next(planted(at[number], traffic, scene, start), None)
            if story is not None:
                yield story
                continue
        pairs, weights = _lanes(days[number])
        pair = pairs[bisect_right(weights, rng.randrange(weights[-1]))]
        yield clean(traffic.charge(pair, start))


def _master_data(files: MonthFiles, traffic: Traffic) -> None:
    """Write the published tariffs of most CPOs and the token lists of some e-MSPs."""
    for cpo, operator in OPERATORS.items():
        if operator.publishes:
            for price_list in PRICE_LISTS[cpo]:
                files.add("tariff", "cpo", cpo.replace("*", "-"), tariff_text(price_list), "envelope")
    for emsp in listed_providers():
        for token in (*traffic.fleet.tokens[emsp], *traffic.fleet.blocked[emsp]):
            record: Record = {
                "country_code": emsp[:2],
                "party_id": emsp[3:],
                "uid": token.uid,
                "type": token.kind,
                "contract_id": token.contract_id,
                "issuer": emsp,
                "valid": token.listed == "valid",
                "whitelist": "ALLOWED",
                "last_updated": "2026-02-01T07:00:00Z",
            }
            files.add("token", "emsp", emsp.replace("*", "-"), record)


def _deliver(files: MonthFiles, story: Story) -> None:
    operator = OPERATORS[story.charge.pair.cpo]
    name = operator.party.replace("*", "-")
    for sent in story.cpo:
        if sent.again:
            files.add("cdr", "cpo", f"{name}_again", sent.record)
        else:
            files.add("cdr", "cpo", name, sent.record, operator.file_format)
    _deliver_emsp(files, story, story.emsp)


def _deliver_emsp(files: MonthFiles, story: Story, records: tuple[Record, ...]) -> None:
    for record in records:
        files.add(delivers(story.charge), "emsp", story.charge.pair.emsp.replace("*", "-"), record)


def _deliver_again(files: MonthFiles, follow_up: FollowUp) -> None:
    name = follow_up.story.charge.pair.cpo.replace("*", "-")
    for record in follow_up.cpo:
        files.add("cdr", "cpo", f"{name}_late", record)
    _deliver_emsp(files, follow_up.story, follow_up.emsp)


def _count(truths: dict[str, MonthTruth], month: str, story: Story) -> None:
    for judged in story.judged:
        if judged.month in truths:  # a charge that ends after the last local midnight belongs to the next month
            truths[judged.month].add(judged)
    truths[month].expected.extend(story.expected)


def _count_again(truths: dict[str, MonthTruth], month: str, follow_up: FollowUp) -> None:
    truth = truths[month]
    for judged in follow_up.carried:
        truth.add(judged, "carried_in")
    for judged in follow_up.delivered:
        truth.add(judged)
    for judged in follow_up.superseded:
        truth.add(judged, "carried_in", "superseded")
    truth.expected.extend(follow_up.expected)
    truth.may_stand.extend(follow_up.may_stand)
    if follow_up.decision is not None:
        truths[MONTHS[MONTHS.index(month) - 1]].decisions.append(follow_up.decision)


def _write_truth(folder: Path, truths: dict[str, MonthTruth]) -> None:
    (folder / "truth").mkdir(exist_ok=True)
    for month, truth in truths.items():
        (folder / "truth" / f"{month}.json").write_bytes(_lines(truth.written()).encode())


def _lines(truth: Record) -> str:
    """Return the truth as JSON with one finding or row a line."""
    parts = []
    for name, value in truth.items():
        if isinstance(value, list) and value:
            inner = ",\n    ".join(written(item) for item in value)
            parts.append(f'  "{name}": [\n    {inner}\n  ]')
        else:
            parts.append(f'  "{name}": {written(value)}')
    return "{\n" + ",\n".join(parts) + "\n}\n"
