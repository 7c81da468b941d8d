"""The laws of a month, whatever was delivered: nothing is lost, order and repetition change no money, sums are exact.

`building.prove` asserts on every judged month that each record has one end, that held adds up to waiting + refused
and that the annex adds up to the net; `report` itself proves the six ends.
"""

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from random import Random

from building import (
    BACKWARDS,
    CPO,
    EMSP,
    EMSP2,
    LATE,
    MALFORMED,
    STRANGER,
    Month,
    Seen,
    again,
    agreement,
    at,
    cpo,
    credit,
    emsp,
    priced,
    session,
    settled,
    terms,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clearing.invoicing.invoice import DocumentState
from clearing.parties import Billing, OtherSide, PriceBasis, Rounding, Side, Terms
from clearing.reconciliation.charge import End
from clearing.records import ChargeRecord
from clearing.settlement.netting import postings, statements
from tariffs.money import Money

bounded = settings(
    max_examples=80, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
BACK = agreement(cpo=EMSP, emsp=CPO)
AMOUNTS = ("4.50", "0.005", "0.3333", "12.3456789", "0", "-1.25", "7.775", None)
MISHAPS = (
    "nothing", "nothing", "nothing", "no partner", "only theirs", "repeated", "repeated by them", "conflict",
    "their conflict", "malformed", "their malformed", "backwards", "credited", "credited wrongly", "credited twice",
    "ad hoc", "stranger", "currency", "other energy", "other amount", "twin", "session", "unpriced", "timeless",
    "headless", "posted", "posted and credited", "carried",
)  # fmt: skip


@st.composite
def books(draw: st.DrawFn) -> Terms:
    """Terms in which both companies charge each other."""
    told = {
        "rounding": draw(st.sampled_from(list(Rounding))),
        "price_basis": draw(st.sampled_from(list(PriceBasis))),
        "other_side": draw(st.sampled_from(list(OtherSide))),
        "billing": draw(st.sampled_from(list(Billing))),
    }
    return terms(agreement(**told), replace(BACK, **told), agreement(emsp=EMSP2, **told))


class Market:
    """What was delivered, charge by charge."""

    def __init__(self) -> None:
        self.records: list[ChargeRecord] = []
        self.settled: list[ChargeRecord] = []
        self.carried: list[ChargeRecord] = []
        self.unpriced: set[str] = set()
        self.story: list[tuple[object, ...]] = []

    def __repr__(self) -> str:
        return f"Market({self.story})"

    def charge(self, n: int, mishap: str, amount: str | None, pair: tuple[str, str], minute: int) -> None:
        """Add one charge to which something happened."""
        self.story.append((n, mishap, amount, pair, minute))
        told: dict[str, object] = {
            "cpo": pair[0], "emsp": pair[1], "claimed": amount, "start": f"{n % 25 + 1}T08:{minute:02}",
            "end": f"{n % 25 + 1}T09:{minute:02}", "evse_uid": f"EVSE{n % 3}", "session_id": f"S{n}",
        }  # fmt: skip
        name = f"C{n}"
        ours, theirs = cpo(name, **told), emsp(name, **told)
        minus = str(-ours.claimed) if ours.claimed is not None else None
        made = {
            "no partner": [ours],
            "only theirs": [theirs],
            "repeated": [ours, again(ours), theirs, again(ours)],
            "repeated by them": [ours, theirs, again(theirs)],
            "conflict": [ours, cpo(name, **(told | {"claimed": "99"})), theirs],
            "their conflict": [ours, theirs, emsp(name, **(told | {"claimed": "99"}))],
            "malformed": [cpo(name, **(told | {"energy_kwh": None}), problems=MALFORMED), theirs],
            "their malformed": [ours, emsp(name, **(told | {"energy_kwh": None}), problems=MALFORMED)],
            "backwards": [cpo(name, **(told | {"end": "1T00:00"}), problems=BACKWARDS), theirs],
            "credited": [ours, theirs, credit(f"K{n}", name, minus, **_without_claim(told))],
            "credited wrongly": [ours, theirs, credit(f"K{n}", name, "-77", **_without_claim(told))],
            "credited twice": [ours, *(credit(f"{k}{n}", name, minus, **_without_claim(told)) for k in "KL")],
            "ad hoc": [cpo(name, **told, **{"token_type": "AD_HOC_USER"})],
            "stranger": [cpo(name, **(told | {"emsp": STRANGER}))],
            "currency": [cpo(name, **told, currency="CHF"), theirs],
            "other energy": [ours, emsp(name, **(told | {"energy_kwh": "12"}))],
            "other amount": [ours, emsp(name, **(told | {"claimed": "55"}))],
            "twin": [ours, theirs, cpo(f"T{n}", **(told | {"session_id": None}))],
            "session": [ours, session(f"S{n}", **(told | {"claimed": None}))],
            "timeless": [cpo(name, **(told | {"start": None, "end": None}), problems=MALFORMED), theirs],
            "headless": [cpo(name, **(told | {"emsp": None}), problems=MALFORMED), theirs],
            "posted": [again(ours)],
            "posted and credited": [credit(f"K{n}", name, minus, **_without_claim(told))],
        }.get(mishap, [ours, theirs])
        self.records += made
        if mishap.startswith("posted"):
            self.settled.append(ours)
        if mishap == "carried":
            self.carried.append(ours)
        if mishap == "unpriced":
            self.unpriced.add(name)

    def month(self, book: Terms) -> Month:
        """Return the month in which this was delivered."""
        return Month(
            book, as_of=LATE, prices={name: priced(None) for name in self.unpriced}, carried=self.carried,
            settled=[settled(one, billed="3.21", partner=one.number) for one in self.settled],
        )  # fmt: skip


def _without_claim(told: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in told.items() if name != "claimed"}


@st.composite
def markets(draw: st.DrawFn) -> Market:
    """Up to a dozen charges between three companies, each with its mishap."""
    market = Market()
    pairs = st.sampled_from([(CPO, EMSP), (CPO, EMSP), (EMSP, CPO), (CPO, EMSP2)])
    one = st.tuples(st.sampled_from(MISHAPS), st.sampled_from(AMOUNTS), pairs, st.integers(0, 3))
    for n, told in enumerate(draw(st.lists(one, min_size=1, max_size=12))):
        market.charge(n, *told)
    return market


def money(seen: Seen) -> Counter[tuple[object, ...]]:
    """Return what became of all money: every content with its end and what is billed of it, whatever its place."""
    return Counter(
        (c.record.cpo, c.record.emsp, c.record.id, c.record.content_hash, str(c.end), c.code, c.billed)
        for c in seen.judged.charges
    )


def told(seen: Seen) -> Counter[tuple[object, ...]]:
    """Return what was found, whatever the places."""
    return Counter((f.id, f.code, f.held, f.money_is, f.at_stake) for f in seen.findings)


@bounded
@given(books(), markets())
def test_nothing_is_lost(book: Terms, market: Market) -> None:
    seen = market.month(book).judge(*market.records)
    ours = [r for r in market.records if r.side is Side.CPO]
    assert sorted(c.record.number for c in seen.judged.charges) == sorted(r.number for r in ours)
    sums = [(e.records, e.kwh, e.claimed) for pair in seen.outcome.pairs for e in pair.ends.values()]
    came = [(e.records, e.kwh, e.claimed) for p in seen.outcome.pairs for e in (p.carried_in, p.delivered)]
    for column in range(3):
        assert sum(Decimal(one[column]) for one in sums) == sum(Decimal(one[column]) for one in came)
    assert sum(one[0] for one in sums) == len(ours)
    assert sum(p.carried_in.records for p in seen.outcome.pairs) == len(market.carried)
    assert sum(one[2] for one in sums) == sum((r.claimed or Decimal(0) for r in ours), Decimal(0))


@bounded
@given(books(), markets(), st.randoms(use_true_random=False))
def test_the_order_of_records_changes_nothing(book: Terms, market: Market, random: Random) -> None:
    month = market.month(book)
    before = month.judge(*market.records)
    shuffled = list(market.records)
    random.shuffle(shuffled)
    after = month.judge(*shuffled)
    assert money(after) == money(before)
    assert told(after) == told(before)
    assert [d.net for d in after.outcome.documents] == [d.net for d in before.outcome.documents]


@bounded
@given(books(), markets())
def test_delivering_everything_twice_changes_no_money(book: Terms, market: Market) -> None:
    month = market.month(book)
    once = month.judge(*market.records)
    twice = month.judge(*market.records, *(again(r) for r in market.records))
    assert [d.lines for d in twice.outcome.documents] == [d.lines for d in once.outcome.documents]
    assert twice.outcome.statements == once.outcome.statements
    kept = {end: n for end, n in ends(once).items() if end is not End.REPEATED}
    assert {end: n for end, n in ends(twice).items() if end is not End.REPEATED} == kept


def ends(seen: Seen) -> Counter[End | None]:
    """Return how many records took each end."""
    return Counter(c.end for c in seen.judged.charges)


@bounded
@given(books(), markets())
def test_what_one_books_as_receivable_the_other_books_as_payable(book: Terms, market: Market) -> None:
    drafts = market.month(book).judge(*market.records).outcome.documents
    made = [replace(d, number=f"N-{n}", state=DocumentState.POSTED) for n, d in enumerate(drafts)]
    found = statements(made)
    balance: Counter[tuple[str, str, str, str]] = Counter()
    for posting in postings(made, found):
        assert sum(entry.minor for entry in posting.entries) == 0
        for entry in posting.entries:
            balance[entry.company, entry.counterparty, entry.account, posting.currency] += entry.minor
    for (company, counterparty, account, currency), minor in balance.items():
        mirror = {"receivable": "payable", "payable": "receivable"}.get(account, account)
        assert balance[counterparty, company, mirror, currency] == -minor
    owed = sum((s.amount.minor for s in found), 0)
    assert owed == sum(minor for (*_, account, _), minor in balance.items() if account == "net-position" and minor > 0)


@bounded
@given(books(), markets())
def test_documents_add_up(book: Terms, market: Market) -> None:
    for document in market.month(book).judge(*market.records).outcome.documents:
        assert sum(line.net.minor for line in document.lines) == document.net.minor
        assert sum((charge.net for charge in document.annex), document.remainder) == document.net.decimal
        assert document.gross == document.net + document.vat
        assert document.kind.is_credit_note is (document.gross.minor < 0)
        assert len({total.treatment for total in document.vat_totals}) == len(document.vat_totals)
        for total in document.vat_totals:
            assert total.vat == Money.rounded(total.net.decimal * total.treatment.percent / 100, document.currency)


@bounded
@given(books(), st.sampled_from([a for a in AMOUNTS if a]), st.booleans())
def test_a_cdr_and_its_credit_leave_nothing(book: Terms, amount: str, posted: bool) -> None:
    ours = cpo(claimed=amount)
    back = credit(claimed=str(-Decimal(amount)))
    if not posted:
        seen = Month(book).judge(ours, back)
        assert ends(seen) == {End.CREDITED: 2}
        assert seen.document is None
        return
    first = Month(book).judge(ours, emsp(claimed=amount))
    billed = first.charge("C1").billed
    assert billed is not None
    second = Month(book, settled=[settled(ours, billed=str(billed), partner=1)]).judge(back)
    assert second.charge("K1").billed == -billed
    nets = [seen.document.net.minor if seen.document else 0 for seen in (first, second)]
    assert sum(nets) == 0


@bounded
@given(books(), markets())
def test_what_waits_is_judged_alike_when_it_is_carried(book: Terms, market: Market) -> None:
    month = market.month(book)
    before = month.judge(*market.records)
    carried = [c.record for c in before.judged.charges if c.end is End.WAITING]
    after = replace(month, carried=carried).judge(*market.records)
    assert money(after) == money(before)


def test_the_market_is_no_idle_one() -> None:
    """Every mishap ends as its name says at least once: otherwise the laws above would hold of nothing."""
    seen: set[End | None] = set()
    for mishap in MISHAPS:
        market = Market()
        market.charge(1, mishap, "4.50", (CPO, EMSP), 0)
        seen |= set(ends(market.month(terms()).judge(*market.records)))
    assert seen == set(End)
    assert at("1T00:00").day == 1
