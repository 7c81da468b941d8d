"""The truth of a month: the six ends, documents and settlement that the run must come to, by the demo's own sums."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from clearing.demo.amounts import CENT_E8, cents, cents_text, half_up, money_text, plain
from clearing.demo.follow_ups import Decision
from clearing.demo.json_text import Json, Record
from clearing.demo.story import Expected, Judged, Row
from clearing.demo.world import CONTROL_COPIES, PAIRS, Pair, company_of

ENDS = ("billed", "credited", "waiting", "refused", "repeated", "elsewhere")
OPENINGS = ("carried_in", "delivered")
_PAIR_OF = {(pair.cpo, pair.emsp): pair for pair in PAIRS}
LONGEST_WAIT_DAYS = max(pair.waiting_days for pair in PAIRS)


@dataclass(slots=True)
class _Sum:
    records: int = 0
    kwh_e4: int = 0
    claimed_e8: int = 0

    def add(self, judged: Judged) -> None:
        self.records += 1
        self.kwh_e4 += judged.kwh_e4
        self.claimed_e8 += judged.claim_e8 or 0

    def written(self) -> Json:
        return {"records": self.records, "kwh": plain(self.kwh_e4, 4), "claimed": money_text(self.claimed_e8)}


@dataclass(slots=True)
class RowSums:
    """The sums of one row, added up record by record."""

    sums: dict[str, _Sum] = field(default_factory=lambda: {name: _Sum() for name in (*OPENINGS, *ENDS, "superseded")})
    without_claim: int = 0
    basis_e8: int = 0
    rounded_cents: int = 0
    apart_e8: int = 0
    apart_known: bool = True

    def add(self, judged: Judged, opening: str, end: str) -> None:
        """Count a record from its opening to its end."""
        self.sums[opening].add(judged)
        self.sums[end].add(judged)
        self.without_claim += judged.claim_e8 is None
        if end == "billed":
            self.basis_e8 += judged.basis_e8
            self.rounded_cents += cents(judged.basis_e8)
            if judged.claim_e8 is not None and judged.computed_e8 is not None:
                self.apart_e8 += judged.claim_e8 - judged.computed_e8
            elif judged.claim_e8 is not None:
                self.apart_known = False  # a decided or credited charge: nobody says whether it is compared


@dataclass(frozen=True, slots=True)
class _Document:
    pair: Pair
    currency: str
    net: int
    vat: int
    due: date

    @property
    def gross(self) -> int:
        return self.net + self.vat

    def written(self) -> Json:
        kind = "credit-note" if self.net < 0 else "invoice"
        return {
            "state": "control-copy" if self.pair.cpo in CONTROL_COPIES else "posted",
            "kind": f"self-billed-{kind}" if self.pair.self_billed else kind,
            "net": cents_text(self.net),
            "vat": cents_text(self.vat),
            "gross": cents_text(self.gross),
            "due": self.due.isoformat(),
        }


@dataclass(slots=True)
class MonthTruth:
    """Everything that the run of one month must come to."""

    month: str
    rows: dict[Row, RowSums] = field(default_factory=dict)
    expected: list[Expected] = field(default_factory=list)
    may_stand: list[Expected] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    charges: int = 0
    planted: dict[str, int] = field(default_factory=dict)

    def add(self, judged: Judged, opening: str = "delivered", end: str = "") -> None:
        """Count a record of the CPO."""
        if judged.row not in self.rows:
            self.rows[judged.row] = RowSums()
        self.rows[judged.row].add(judged, opening, end or judged.end)

    def draw(self, plant: str) -> None:
        """Count a charge, and what was planted on it."""
        self.charges += 1
        if plant:
            self.planted[plant] = self.planted.get(plant, 0) + 1

    @property
    def as_of(self) -> date:
        """Return the default day of the run: the last of the month and the longest waiting time of the book."""
        first = date.fromisoformat(f"{self.month}-01")
        following = (first + timedelta(days=32)).replace(day=1)
        return following + timedelta(days=LONGEST_WAIT_DAYS - 1)

    def written(self) -> Record:
        """Return the truth as it stands in truth/<month>.json."""
        self._silent_sides()
        rows = sorted(self.rows, key=lambda row: (row.cpo or "", row.emsp or "", row.currency or ""))
        documents = [document for row in rows if (document := self._document(row)) is not None]
        return {
            "schema": "evclear.truth/1",
            "month": self.month,
            "as_of": self.as_of.isoformat(),
            "charges": {"drawn": self.charges, "planted": dict(sorted(self.planted.items()))},
            "findings": [_finding(expected) for expected in sorted(self.expected, key=_order)],
            "may_stand": [_finding(expected) for expected in sorted(self.may_stand, key=_order)],
            "pairs": [self._row(row) for row in rows],
            "settlement": _settlement(documents),
            "decisions": [
                {**_finding(d.finding), "verdict": d.verdict, "reason": d.reason}
                for d in sorted(self.decisions, key=lambda d: _order(d.finding))
            ],
        }

    def _silent_sides(self) -> None:
        for pair in PAIRS:
            row = Row(pair.cpo, pair.emsp, pair.currency)
            if pair.silent and row in self.rows:
                self.expected.append(Expected("other-side-silent", row, "cpo", None, None))

    def _document(self, row: Row) -> _Document | None:
        pair, sums = _PAIR_OF.get((row.cpo or "", row.emsp or "")), self.rows[row]
        if pair is None or row.currency != pair.currency:
            return None
        net = cents(sums.basis_e8) if pair.rounding == "document-half-up" else sums.rounded_cents
        if net == 0:
            return None
        vat = half_up(net * pair.vat_permille, 1000)
        return _Document(pair, pair.currency, net, vat, self.as_of + timedelta(days=pair.payment_days))

    def _row(self, row: Row) -> Json:
        sums, document = self.rows[row], self._document(row)
        net_e8 = document.net * CENT_E8 if document is not None else 0
        written: Record = {"cpo": row.cpo, "emsp": row.emsp, "currency": row.currency}
        for name in (*OPENINGS, *ENDS):
            written[name] = sums.sums[name].written()
        if sums.sums["superseded"].records:
            written["superseded"] = sums.sums["superseded"].written()
        written["without_claim"] = sums.without_claim
        written["claimed_minus_computed"] = money_text(sums.apart_e8) if sums.apart_known else None
        written["price_difference"] = money_text(sums.basis_e8 - sums.sums["billed"].claimed_e8)
        written["rounding_difference"] = money_text(net_e8 - sums.basis_e8)
        written["document"] = document.written() if document is not None else None
        return written


def _order(expected: Expected) -> tuple[str, ...]:
    row = expected.row
    ids = (expected.cpo_cdr_id or "", expected.emsp_cdr_id or "")
    return (expected.code, row.cpo or "", row.emsp or "", *ids)


def _finding(expected: Expected) -> Record:
    return {
        "code": expected.code,
        "severity": expected.severity,
        "cpo": expected.row.cpo,
        "emsp": expected.row.emsp,
        "side": expected.side,
        "cpo_cdr_id": expected.cpo_cdr_id,
        "emsp_cdr_id": expected.emsp_cdr_id,
    }


def _settlement(documents: list[_Document]) -> list[Json]:
    """Set off what two companies owe each other, document by document, where the agreement allows it."""
    groups: dict[tuple[str, str, str], list[_Document]] = {}
    for document in documents:
        seller, buyer = company_of(document.pair.cpo), company_of(document.pair.emsp)
        if document.pair.set_off and seller is not None and buyer is not None:
            first, second = sorted((seller.name, buyer.name))
            groups.setdefault((first, second, document.currency), []).append(document)
    written: list[Json] = []
    for (first, second, currency), members in sorted(groups.items()):
        owed = 0  # what `second` owes to `first`
        for document in members:
            seller = company_of(document.pair.cpo)
            owed += document.gross if seller is not None and seller.name == first else -document.gross
        written.append(
            {
                "companies": [first, second],
                "currency": currency,
                "payer": None if owed == 0 else second if owed > 0 else first,
                "amount": cents_text(abs(owed)),
                "due": max(document.due for document in members).isoformat(),
            }
        )
    return written
