"""Small months by hand: records, terms and a whole judgement in a few lines per case.

Every record is the same charge at one EVSE until a case says what differs. Times are written as `5T08:00` (day of
October 2026, UTC) or in full; amounts are strings.
"""

import hashlib
import itertools
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime
from decimal import Decimal

from clearing.findings import MonthFinding
from clearing.invoicing.invoice import Invoice
from clearing.months import BillingMonth
from clearing.parties import Agreement, Company, PartyId, Role, Side, Terms, Tolerance, VatRule
from clearing.reconciliation.belonging import place_of
from clearing.reconciliation.charge import Charge, End, Settled
from clearing.reconciliation.month import MonthInput, MonthJudgement, judge_month
from clearing.reconciliation.plausibility import Knowledge
from clearing.reconciliation.valuation import Valuation
from clearing.records import ChargeRecord, Kind, TokenEntry, Where
from clearing.settlement.outcome import MonthOutcome
from clearing.settlement.reporting import report
from tariffs.breakdown import Breakdown, Cost
from tariffs.findings import Finding, Severity

CPO, CPO2, EMSP, EMSP2 = PartyId("DE*ABC"), PartyId("DE*ABD"), PartyId("NL*XYZ"), PartyId("FR*QRS")
STRANGER = PartyId("PL*WHO")
OCTOBER = BillingMonth(2026, 10)
LATE = date(2026, 11, 5)
"""A day on which nothing of October is *not yet* there."""
_number = itertools.count(1)
_NOT_CONTENT = {"number", "where", "last_updated", "content_hash", "received"}


def at(text: str) -> datetime:
    """Read `5T08:00`, `5T08:00:30` as a time of October 2026, or a whole ISO time; UTC."""
    day, _, time = text.partition("T")
    whole = f"2026-10-{int(day):02}T{time}" if day.isdigit() and len(day) <= 2 else text
    return datetime.fromisoformat(whole).replace(tzinfo=UTC)


def record(side: Side, record_id: str | None, **values: object) -> ChargeRecord:
    """Return a record of the one charge that all records tell of, but for `values`; texts are read as needed."""
    number = next(_number)
    told: dict[str, object] = {
        "side": side, "kind": Kind.CDR, "cpo": CPO, "emsp": EMSP, "id": record_id, "start": "5T08:00", "end": "5T09:00",
        "energy_kwh": "10", "currency": "EUR", "claimed": "4.50", "token_uid": "TOK1", "contract_id": "NLXYZC00000001",
        "evse_uid": "EVSE1", "location_id": "LOC1", "location_name": "Market", "city": "Berlin",
    } | values  # fmt: skip
    for name in ("start", "end", "last_updated"):
        value = told.get(name)
        told[name] = at(value) if isinstance(value, str) else value
    for name in ("energy_kwh", "claimed", "claimed_incl_vat"):
        value = told.get(name)
        told[name] = Decimal(value) if isinstance(value, str) else value
    told.setdefault("where", Where(f"{side}.jsonl:{number}", "0" * 64, number, 1))
    made = ChargeRecord(number=number, content_hash="", **told)  # type: ignore[arg-type]
    return replace(made, content_hash=content_hash(made))


def content_hash(made: ChargeRecord) -> str:
    """Return one name for equal values, as intake does."""
    told = [(f.name, getattr(made, f.name)) for f in fields(made) if f.name not in _NOT_CONTENT]
    return hashlib.sha256(repr(told).encode()).hexdigest()


def again(made: ChargeRecord, **values: object) -> ChargeRecord:
    """Return the same content delivered once more (or with what does not count as content, in `values`)."""
    number = next(_number)
    where = Where(f"{made.side}.jsonl:{number}", "1" * 64, number, 1)
    updated = values.pop("last_updated", None)
    stamp = at(updated) if isinstance(updated, str) else made.last_updated
    return replace(made, number=number, where=where, last_updated=stamp, **values)  # type: ignore[arg-type]


def cpo(record_id: str | None = "C1", **values: object) -> ChargeRecord:
    """Return a CDR of the CPO."""
    return record(Side.CPO, record_id, **values)


def emsp(record_id: str | None = "C1", **values: object) -> ChargeRecord:
    """Return a CDR of the e-MSP."""
    return record(Side.EMSP, record_id, **values)


def session(record_id: str = "S1", **values: object) -> ChargeRecord:
    """Return a Session of the e-MSP."""
    return record(Side.EMSP, record_id, **({"kind": Kind.SESSION, "session_id": record_id} | values))


def credit(
    record_id: str = "K1", of: str | None = "C1", claimed: str | None = "-4.50", **values: object
) -> ChargeRecord:
    """Return a credit CDR of the CPO."""
    return cpo(record_id, credit=True, credit_reference_id=of, claimed=claimed, **values)


def both(record_id: str = "C1", **values: object) -> list[ChargeRecord]:
    """Return one charge told alike by both sides."""
    return [cpo(record_id, **values), emsp(record_id, **values)]


MALFORMED = (Finding("malformed-record", Severity.WAITS, "$.total_energy", "$.total_energy is NaN"),)
BACKWARDS = (Finding("ends-before-start", Severity.RECORD_REFUSED, "$.end_date_time", "ends before it starts"),)


def company(name: str, *ids: PartyId, roles: str = "cpo", **values: object) -> Company:
    """Return a company with everything that a document needs."""
    told = {"country": ids[0][:2], "address": ("Street 1",), "vat_id": f"{ids[0][:2]}1", "iban": f"{ids[0][:2]}2"}
    return Company(name, ids, frozenset(Role(r) for r in roles.split()), **(told | values))  # type: ignore[arg-type]


def agreement(**values: object) -> Agreement:
    """Return the agreement of the pair, but for `values`."""
    told = {"cpo": CPO, "emsp": EMSP, "valid_from": date(2026, 1, 1), "time_zone": "Europe/Berlin", "currency": "EUR"}
    return Agreement(**(told | values))  # type: ignore[arg-type]


COMPANIES = (
    company("Charge GmbH", CPO, CPO2, roles="cpo emsp"),
    company("Drive BV", EMSP, roles="emsp cpo"),
    company("Quick SA", EMSP2, roles="emsp"),
)
VAT = (VatRule(date(2020, 1, 1), "*", "*", "S", Decimal(19)),)


def terms(*agreements: Agreement, **values: object) -> Terms:
    """Return the terms of a book; without agreements the usual one."""
    told: dict[str, object] = {
        "role": "hub", "issues_for": None, "companies": COMPANIES, "agreements": agreements or (agreement(),),
        "locations": (), "vat_rules": VAT, "content_hash": "terms",
    } | values  # fmt: skip
    return Terms(**told)  # type: ignore[arg-type]


def tolerance(**values: str) -> Tolerance:
    """Return a tolerance, but for `values`."""
    return Tolerance(**{name: Decimal(value) for name, value in values.items()})


def priced(amount: str | None, *findings: Finding, period_kwh: str | None = None) -> Valuation:
    """Return what our engine made of a CDR."""
    excl = Decimal(amount) if amount is not None else None
    breakdown = Breakdown("EUR", "Europe/Berlin", ("T1",), Cost(excl, None), findings=findings)
    return Valuation(breakdown, Decimal(period_kwh) if period_kwh is not None else None)


def settled(
    made: ChargeRecord, end: End = End.BILLED, billed: str | None = None, partner: int | None = None
) -> Settled:
    """Return a record that ended in September, which is posted."""
    amount = Decimal(billed) if billed is not None else made.claimed
    return Settled(
        made, BillingMonth(2026, 9), end, amount if end is End.BILLED else None,
        "DE-ABC-2026-00001" if end is End.BILLED else None, date(2026, 10, 3) if end is End.BILLED else None, partner,
    )  # fmt: skip


@dataclass
class Month:
    """A month of hand-made records; `judge` proves what holds of every month, whatever the records."""

    terms: Terms = field(default_factory=terms)
    month: BillingMonth = OCTOBER
    as_of: date = LATE
    prices: Mapping[str, Valuation] = field(default_factory=dict)
    """CDR id → our price; without one our price is the claim."""
    tokens: Mapping[PartyId, Mapping[str, TokenEntry]] = field(default_factory=dict)
    settled: Sequence[Settled] = ()
    carried: Iterable[ChargeRecord] = ()
    first: BillingMonth = OCTOBER
    """The first month that is not posted."""

    def judge(self, *records: ChargeRecord, decisions: Mapping[str, str] | None = None) -> "Seen":
        """Judge the month of some records and report it."""
        judged = judge_month(self.given(records, decisions or {}))
        seen = Seen(judged, report(judged, self.terms, self.month, self.as_of))
        prove(seen)
        return seen

    def given(self, records: Sequence[ChargeRecord], decisions: Mapping[str, str]) -> MonthInput:
        """Return the whole input of a judgement."""
        everything = [*records, *(one.record for one in self.settled)]
        places = {r.number: place_of(r, self.terms) for r in everything}
        delivered: dict[tuple[PartyId | None, PartyId | None], frozenset[BillingMonth]] = {}
        for r in records:
            own = places[r.number].month
            if r.side is Side.EMSP and own is not None:
                delivered[r.cpo, r.emsp] = delivered.get((r.cpo, r.emsp), frozenset()) | {own}
        return MonthInput(
            month=self.month,
            records=records,
            settled=self.settled,
            places=places,
            judged=frozenset(r.number for r in records if self._belongs(places[r.number].month)),
            carried=frozenset(r.number for r in self.carried),
            emsp_months=delivered,
            known=Knowledge(self.terms, self.as_of, self.tokens, self._valuations(everything)),
            decisions=decisions,
        )

    def _belongs(self, own: BillingMonth | None) -> bool:
        return self.month == (self.first if own is None else max(own, self.first))

    def _valuations(self, records: Iterable[ChargeRecord]) -> dict[int, Valuation]:
        found = {}
        for r in records:
            if r.side is Side.CPO and r.usable and r.kind is Kind.CDR:
                claim = str(r.claimed) if r.claimed is not None else None
                found[r.number] = self.prices.get(r.id or "", priced(claim))
        return found


@dataclass
class Seen:
    """A judged month, as tests look at it."""

    judged: MonthJudgement
    outcome: MonthOutcome

    @property
    def ends(self) -> str:
        """How every CPO record ended: `C1 billed, C2 waiting`, by id."""
        return ", ".join(f"{c.record.id} {c.end}" for c in self._charges())

    @property
    def codes(self) -> str:
        """What was found: `missing-at-emsp C1`, in the order of the report."""
        return ", ".join(f"{f.code} {f.cpo_cdr_id or f.emsp_cdr_id}" for f in self.findings)

    @property
    def findings(self) -> list[MonthFinding]:
        """The findings of the month."""
        return self.judged.findings

    @property
    def document(self) -> Invoice | None:
        """The only document of the month, or None."""
        documents = self.outcome.documents
        assert len(documents) <= 1, documents
        return documents[0] if documents else None

    @property
    def net(self) -> str | None:
        """The net of the only document."""
        return str(self.document.net) if self.document else None

    def find(self, code: str) -> MonthFinding:
        """Return the only finding of a code."""
        found = [f for f in self.findings if f.code == code]
        assert len(found) == 1, self.codes
        return found[0]

    def charge(self, record_id: str) -> Charge:
        """Return the only charge of an id."""
        found = [c for c in self.judged.charges if c.record.id == record_id]
        assert len(found) == 1, self.ends
        return found[0]

    def pairs(self) -> str:
        """Return who was paired: `C1=S1`, by id."""
        return ", ".join(f"{c.record.id}={c.partner.id}" for c in self._charges() if c.partner is not None)

    def _charges(self) -> list[Charge]:
        return sorted(self.judged.charges, key=lambda c: (c.record.id or "", str(c.end), c.record.number))


def prove(seen: Seen) -> None:
    """Assert the laws of every month: one end each, held adds up, no finding twice, documents add up."""
    numbers = Counter(c.record.number for c in seen.judged.charges)
    assert set(numbers.values()) <= {1}, seen.ends
    kept = [c for c in seen.judged.charges if c.end in (End.WAITING, End.REFUSED)]
    held = [f for f in seen.findings if f.held is not None]
    assert len(held) == len(kept), (seen.ends, seen.codes)
    assert sum((f.held or Decimal(0) for f in held), Decimal(0)) == sum(
        (c.claimed or Decimal(0) for c in kept), Decimal(0)
    )
    assert all(c.code for c in kept), seen.ends
    twice = [one for one, count in Counter((f.id, f.where) for f in seen.findings).items() if count > 1]
    assert not twice, seen.codes
    for pair in seen.outcome.pairs:
        net = pair.document.net.decimal if pair.document else Decimal(0)
        shown = sum((row.billed or Decimal(0) for row in pair.charges), Decimal(0))
        assert shown + pair.remainder == net
        assert pair.ends[End.BILLED].claimed + pair.price_difference + pair.rounding_difference == net
