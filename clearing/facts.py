"""From the store to the judgement: everything that a month depends on, gathered into one value.

Raw bytes are read from the evidence and priced here; the judgement itself sees values only.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from clearing.intake.ocpi_json import cdr_of
from clearing.months import BillingMonth
from clearing.parties import Agreement, PartyId, Side, Terms
from clearing.processes import pool
from clearing.reconciliation.belonging import place_of
from clearing.reconciliation.charge import End, Place, Settled
from clearing.reconciliation.month import MonthInput
from clearing.reconciliation.plausibility import Knowledge, claim_beside_price, differs
from clearing.reconciliation.valuation import Published, Valuation, explained, value
from clearing.records import ChargeRecord, Kind, TokenEntry, Where
from clearing.settlement.outcome import MonthOutcome
from clearing.store import BookStore, SettledCharge
from clearing.store.codec import decode_outcome
from clearing.store.evidence import Evidence, evidence_of
from tariffs.cdr import CdrLocation
from tariffs.ocpi import decode, read_tariff
from tariffs.tariff import Tariff
from tariffs.zones import zone_of

Progress = Callable[[str], None]
EVERY = 10_000
_CHUNK = 500
_WORTH_PROCESSES = 30_000
"""To start two processes takes two CPU seconds: as much as 10,000 charges take in one."""
_MOST_EXPLAINED = 500
"""Of one pair: each takes some hundredths of a second, and so many that differ have one cause."""
_ENDS = frozenset(str(end) for end in End)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which months are posted, and which is open next; None while nothing was delivered."""

    posted: tuple[BillingMonth, ...]
    open_month: BillingMonth | None


@dataclass(frozen=True, slots=True)
class Facts:
    """What a run looks at: the judgement's input, the calendar, and where the e-MSPs delivered."""

    given: MonthInput
    calendar: Calendar
    emsp_delivered: tuple[tuple[PartyId, PartyId, BillingMonth], ...]


def gather(
    store: BookStore, terms: Terms, month: BillingMonth, as_of: date, say: Progress, jobs: int = 1
) -> Facts:
    """Gather the facts of a month that is not posted; `jobs` processes price."""
    records = store.open_records()
    settled = [_settled(one) for one in store.settled_related()]
    places = {r.number: _place(r, terms) for r in (*records, *(s.record for s in settled))}
    posted = tuple(store.posted_months())
    last = _last_posted(store, posted)
    calendar = Calendar(posted, first_open_month(posted, records, places))
    judged = frozenset(r.number for r in records if belongs(places[r.number].month, month, calendar))
    say(f"{len(records)} open records, {len(judged)} of them belong to {month}")
    delivered = _delivered(records, places, last, calendar.open_month)
    pricing = Pricing(store.evidence, published(store), terms)
    valuations = _valuations(store, pricing, _to_price(records, settled, judged), say, jobs)
    pricing.explain([r for r in records if r.number in judged], places, valuations, say)
    known = Knowledge(terms=terms, as_of=as_of, tokens=_tokens(store.tokens()), valuations=valuations)
    given = MonthInput(
        month=month,
        records=records,
        settled=settled,
        places=places,
        judged=judged,
        carried=frozenset(_waiting(last)),
        emsp_months=delivered,
        known=known,
        decisions={finding: decision.verdict for finding, decision in store.decisions().items()},
    )
    flat = sorted((cpo, emsp, m) for (cpo, emsp), months in delivered.items() for m in months if cpo and emsp)
    return Facts(given, calendar, tuple(flat))


def belongs(charge_month: BillingMonth | None, month: BillingMonth, calendar: Calendar) -> bool:
    """Whether a record belongs to a month (contract, section 3.6).

    To its own while that is open; what comes after rolls into the next open month, and so does what has no month.
    """
    first = calendar.open_month
    if charge_month is None:
        return month == first
    return month == (charge_month if first is None else max(charge_month, first))


def first_open_month(
    posted: Sequence[BillingMonth], records: Iterable[ChargeRecord], places: Mapping[int, Place]
) -> BillingMonth | None:
    """Return the month after the last posted one, else the earliest month of a record that is not *elsewhere*."""
    if posted:
        return posted[-1].next
    own = [(places[r.number].month, places[r.number].elsewhere is None) for r in records]
    months = [month for month, here in own if month is not None and here]
    return min(months or [month for month, _ in own if month is not None], default=None)


def calendar_of(store: BookStore, terms: Terms) -> Calendar:
    """Return which months are posted and which is open next."""
    posted = tuple(store.posted_months())
    records = [] if posted else store.open_records()
    return Calendar(posted, first_open_month(posted, records, {r.number: _place(r, terms) for r in records}))


def _place(record: ChargeRecord, terms: Terms) -> Place:
    return place_of(record, terms, _zone_of_country(record.country) if record.country else None)


@lru_cache(maxsize=512)
def _zone_of_country(country: str) -> str | None:
    zone = zone_of(CdrLocation(country=country)).zone
    return zone.key if zone is not None else None


def _settled(one: SettledCharge) -> Settled:
    end = End(one.end) if one.end in _ENDS else End.ELSEWHERE  # of an e-MSP's record: used up or closed
    return Settled(one.record, one.month, end, one.billed, one.document, one.document_date, one.partner)


def _last_posted(store: BookStore, posted: Sequence[BillingMonth]) -> MonthOutcome | None:
    run = store.load_run(posted[-1]) if posted else None
    return decode_outcome(run.outcome) if run is not None else None


def _waiting(last: MonthOutcome | None) -> Iterable[int]:
    if last is None:
        return ()
    return (row.number for pair in last.pairs for row in pair.charges if row.end is End.WAITING)


def _delivered(
    records: Iterable[ChargeRecord],
    places: Mapping[int, Place],
    last: MonthOutcome | None,
    first: BillingMonth | None,
) -> dict[tuple[PartyId | None, PartyId | None], frozenset[BillingMonth]]:
    found: defaultdict[tuple[PartyId | None, PartyId | None], set[BillingMonth]] = defaultdict(set)
    for cpo, emsp, month in last.emsp_delivered if last is not None else ():
        found[cpo, emsp].add(month)
    for record in records:
        own = places[record.number].month or first  # a malformed record without times counts as delivered too
        if record.side is Side.EMSP and own is not None:
            found[record.cpo, record.emsp].add(own)
    return {pair: frozenset(months) for pair, months in found.items()}


def _tokens(entries: Iterable[TokenEntry]) -> dict[PartyId, dict[str, TokenEntry]]:
    listed: defaultdict[PartyId, dict[str, TokenEntry]] = defaultdict(dict)
    for entry in entries:
        listed[entry.emsp][entry.uid.lower()] = entry
    return dict(listed)


def published(store: BookStore) -> Published:
    """Return every version of every tariff that was delivered for the Tariffs store, oldest first."""
    found: defaultdict[tuple[PartyId, str], list[Tariff]] = defaultdict(list)
    for one in store.published_tariffs():
        tariff = read_tariff(decode(one.content)).tariff
        if tariff is not None:
            found[one.cpo, one.id.lower()].append(tariff)
    return dict(found)


def _to_price(
    records: Sequence[ChargeRecord], settled: Sequence[Settled], judged: frozenset[int]
) -> list[ChargeRecord]:
    """Return every usable CDR of the CPOs that belongs to the month, and the settled ones nobody matched yet."""
    wanted = [r for r in records if r.number in judged and r.side is Side.CPO and r.kind is Kind.CDR and r.usable]
    wanted += [s.record for s in settled if s.record.side is Side.CPO and s.partner is None and s.record.usable]
    return wanted


def _valuations(
    store: BookStore, pricing: "Pricing", wanted: Sequence[ChargeRecord], say: Progress, jobs: int
) -> dict[int, Valuation]:
    """Price CDRs; several processes only where that is worth their start."""
    chunks = [[(r.number, r.where) for r in wanted[at : at + _CHUNK]] for at in range(0, len(wanted), _CHUNK)]
    valuations: dict[int, Valuation] = {}
    if jobs < 2 or len(wanted) < _WORTH_PROCESSES:
        for chunk in chunks:
            _add(valuations, pricing.price(chunk), len(wanted), say)
        return valuations
    with pool(jobs, Pricing.begin, store.folder, pricing.tariffs, pricing.terms) as workers:
        for found in workers.map(Pricing.of_worker, chunks):
            _add(valuations, found, len(wanted), say)
    return valuations


def _add(valuations: dict[int, Valuation], found: Iterable[tuple[int, Valuation]], of: int, say: Progress) -> None:
    before = len(valuations)
    valuations.update(found)
    if len(valuations) // EVERY != before // EVERY:
        say(f"priced {len(valuations)} of {of} CDRs")


@dataclass(frozen=True, slots=True)
class Pricing:
    """What pricing looks at beside a CDR itself; a worker has its own, with its own files of the evidence open."""

    evidence: Evidence
    tariffs: Published
    terms: Terms

    def price(self, wanted: Sequence[tuple[int, Where]]) -> list[tuple[int, Valuation]]:
        """Price the CDRs at these places, each with its number."""
        found = []
        for number, where in wanted:
            cdr = cdr_of(self.evidence.cut(where)).cdr
            if cdr is not None:
                found.append((number, value(cdr, self.tariffs, self.terms)))
        return found

    def explain(
        self,
        records: Sequence[ChargeRecord],
        places: Mapping[int, Place],
        valuations: dict[int, Valuation],
        say: Progress,
    ) -> None:
        """Look for what makes each claim that differs from our price beyond the tolerance of its agreement."""
        differing: defaultdict[tuple[PartyId, PartyId], list[ChargeRecord]] = defaultdict(list)
        for record in records:
            agreement, valuation = places[record.number].agreement, valuations.get(record.number)
            if agreement is not None and valuation is not None and _is_apart(record, valuation, agreement):
                differing[agreement.cpo, agreement.emsp].append(record)
        count = sum(map(len, differing.values()))
        if count:
            say(f"{count} claim{' differs' if count == 1 else 's differ'} from our price; looking for what makes them")
        for group in differing.values():
            group.sort(key=lambda record: (record.id or "", record.content_hash))
            looked = 0
            for record in group:
                agreement = places[record.number].agreement
                cdr = cdr_of(self.evidence.cut(record.where)).cdr
                assert cdr is not None
                assert agreement is not None
                valuations[record.number] = found = explained(
                    valuations[record.number],
                    cdr,
                    self.tariffs,
                    self.terms,
                    agreement.claim_rounding,
                    in_full=looked < _MOST_EXPLAINED,
                )
                looked += bool(found.explanation)

    @staticmethod
    def begin(book: Path, tariffs: Published, terms: Terms) -> None:
        """Make a worker ready to price."""
        _of_worker.append(Pricing(evidence_of(book), tariffs, terms))

    @staticmethod
    def of_worker(wanted: Sequence[tuple[int, Where]]) -> list[tuple[int, Valuation]]:
        """Price in a worker."""
        return _of_worker[0].price(wanted)


def _is_apart(record: ChargeRecord, valuation: Valuation, agreement: Agreement) -> bool:
    compared = claim_beside_price(record, valuation.breakdown)
    if compared is None:
        return False
    tolerance = agreement.tolerance
    return differs(*compared[:2], tolerance.money, tolerance.money_percent)


_of_worker: list[Pricing] = []
"""The one of this process, where it is a worker."""
