"""A month's outcome in plain words: who owes whom what, what did not match and why, and what to do next."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal

from clearing.documents.month_report import money_text, state_words
from clearing.findings import MonthFinding, rank
from clearing.invoicing.invoice import Invoice
from clearing.parties import FILL_IN, Company
from clearing.reconciliation.charge import End, plain
from clearing.settlement.outcome import Amounts, MonthOutcome, PairReport

_WIDTH = 14


def report_text(outcome: MonthOutcome) -> str:
    """Return the month's report for people."""
    return "\n".join(_lines(outcome)) + "\n"


def grouped(value: Decimal | None, currency: str | None = None, digits: int | None = None) -> str:
    """Write a number with a space between thousands; exact, with the minor digits of a currency if one is given.

    >>> grouped(Decimal("-1234567.5"), "EUR")
    '-1 234 567.50'
    """
    text = (money_text(value, currency) if digits is None else plain(value, digits)) or "–"
    sign, digits_text = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, point, decimals = digits_text.partition(".")
    if not whole.isdigit():
        return text
    groups: list[str] = []
    while len(whole) > 3:
        groups.insert(0, whole[-3:])
        whole = whole[:-3]
    return sign + " ".join([whole, *groups]) + point + decimals


def _lines(outcome: MonthOutcome) -> Iterator[str]:
    state = "posted" if outcome.posted else "draft"
    yield f"Month {outcome.month}, as of {outcome.as_of}, {state}"
    for pair in outcome.pairs:
        yield ""
        yield from _pair_lines(pair)
    if not outcome.pairs:
        yield ""
        yield "No records belong to this month."
    yield ""
    yield from _owed_lines(outcome)
    if outcome.stubs:
        yield ""
        yield from _stub_lines(outcome)
    yield ""
    yield from _next_lines(outcome)


def _pair_lines(pair: PairReport) -> Iterator[str]:
    head = f"{pair.cpo or 'unknown party'} → {pair.emsp or 'unknown party'}  {pair.currency or 'unknown currency'}"
    yield f"{head:<28}{'records':>9}{'kWh':>{_WIDTH}}{'claimed net':>{_WIDTH + 2}}"
    rows = [("carried in", pair.carried_in), ("delivered", pair.delivered)]
    rows += [(str(end), pair.ends[end]) for end in End]
    for name, amounts in rows:
        if amounts.records or name in ("delivered", "billed"):
            yield _amount_line(name, amounts, pair) + _remark(name, pair)
    if pair.without_claim:
        yield f"  without a claim: {pair.without_claim}"
    if pair.price_difference or pair.rounding_difference:
        yield (
            f"  price difference {grouped(pair.price_difference, pair.currency)}, "
            f"rounding difference {grouped(pair.rounding_difference, pair.currency)}"
        )
    if pair.claimed_minus_computed:
        yield f"  claimed minus our own price of what is billed: {grouped(pair.claimed_minus_computed, pair.currency)}"
    notes = [f"{count.code} {count.count}" for count in pair.findings]
    if notes:
        yield "  findings: " + " · ".join(notes)


def _amount_line(name: str, amounts: Amounts, pair: PairReport) -> str:
    return (
        f"  {name:<26}{amounts.records:>9}{grouped(amounts.kwh, digits=0):>{_WIDTH}}"
        f"{grouped(amounts.claimed, pair.currency):>{_WIDTH + 2}}"
    )


def _remark(name: str, pair: PairReport) -> str:
    if name == End.BILLED and pair.document is not None:
        document = pair.document
        return f"   {document.kind} {grouped(document.net.decimal, document.currency)} net, {state_words(document)}"
    if name in (End.WAITING, End.REFUSED):
        codes = Counter(row.code for row in pair.charges if row.end == name)
        return "   " + " · ".join(f"{code} {count}" for code, count in sorted(codes.items(), key=lambda c: rank(c[0])))
    return ""


def _owed_lines(outcome: MonthOutcome) -> Iterator[str]:
    yield "Who owes whom"
    if not outcome.documents:
        yield "  nobody owes anything: no document this month"
    for document in outcome.documents:
        if document.settled_in is None:
            yield f"  {_owes(document)}, due {document.due_date} ({document.kind}, {state_words(document)})"
    for statement in outcome.statements:
        names = " and ".join((who(statement.first), who(statement.second)))
        documents = f"{len(statement.lines)} document" + ("s" if len(statement.lines) > 1 else "")
        if statement.payer is None or statement.payee is None:
            yield f"  {names} owe each other nothing in {statement.currency}: {documents} set off"
            continue
        yield (
            f"  {who(statement.payer)} {_will(outcome)} {who(statement.payee)} "
            f"{grouped(statement.amount.decimal, statement.currency)} {statement.currency}, due {statement.due_date} "
            f"(statement {statement.name}, {documents})"
        )


def who(company: Company) -> str:
    """Return the name of a company, or its party id as long as nobody has filled in the name."""
    return company.ids[0] if company.name == FILL_IN else company.name


def _will(outcome: MonthOutcome) -> str:
    return "owes" if outcome.posted else "will owe"


def _owes(document: Invoice) -> str:
    verb = "owes" if document.number else "will owe"
    amount = grouped(abs(document.gross.decimal), document.currency)
    return f"{who(document.payer)} {verb} {who(document.payee)} {amount} {document.currency}"


def _stub_lines(outcome: MonthOutcome) -> Iterator[str]:
    yield "Without terms: paste these lines into evclear.toml, fill them in, and run again"
    for stub in outcome.stubs:
        yield f"# {stub.what}: {stub.charges} charges, {grouped(stub.claimed, stub.currency)} {stub.currency or ''}"
        yield from stub.lines.rstrip("\n").split("\n")


def _next_lines(outcome: MonthOutcome) -> Iterator[str]:
    waiting = sum(pair.ends[End.WAITING].records for pair in outcome.pairs)
    refused = sum(pair.ends[End.REFUSED].records for pair in outcome.pairs)
    todo = [f for f in outcome.findings if f.severity in ("S", "Q") and f.id not in outcome.decided]
    yield "Next"
    if todo:
        yield (
            f"  {_counted(waiting, 'charge waits', 'charges wait')}, {_counted(refused, 'is', 'are')} refused; "
            f"{_counted(len(todo), 'finding', 'findings')} to look at: evclear findings list {outcome.month}"
        )
        yield "  decide each with: evclear findings decide ID accept|reject --reason TEXT"
    if not outcome.posted and not outcome.pairs:
        yield f"  take in files: evclear ingest cdr FILE…, or close the empty month: evclear post {outcome.month}"
    elif not outcome.posted:
        yield f"  when the drafts are right: evclear post {outcome.month}"
    elif waiting:
        yield f"  the month is closed; what waits went on to {outcome.month.next}"
    elif not todo:
        yield "  nothing: the month is closed"


def _counted(count: int, one: str, several: str) -> str:
    return f"{count} {one if count == 1 else several}"


def finding_lines(finding: MonthFinding, status: str) -> list[str]:
    """Return a finding in two or three lines: name, place, words, money, and what to do."""
    pair = f"{finding.cpo or 'unknown party'} → {finding.emsp or 'unknown party'}"
    ids = " / ".join(i for i in (finding.cpo_cdr_id, finding.emsp_cdr_id) if i) or "–"
    money = ""
    if finding.held is not None:
        money = f", holds {grouped(finding.held, finding.currency)} {finding.currency or ''}".rstrip()
    if finding.at_stake is not None and finding.at_stake != finding.held:
        money += f", {grouped(finding.at_stake, finding.currency)} {finding.currency or ''}".rstrip() + " at stake"
    lines = [
        f"{finding.id}  {finding.severity} {finding.code}  {pair}  {ids}  {finding.where or ''}  [{status}{money}]",
        f"    {finding.message}",
    ]
    if status == "open":
        lines.append(f"    {finding.what_to_do}")
    return lines


def side_by_side(finding: MonthFinding, status: str, records: Sequence[tuple[str, bytes]]) -> str:
    """Return a finding and its records field by field; `*` marks what differs, what names a person is not shown."""
    lines = [*finding_lines(finding, status), *([] if status == "open" else [f"    {finding.what_to_do}"]), ""]
    parts = [(place, _fields(content)) for place, content in records]
    if len(parts) == 1:
        place, fields = parts[0]
        lines += [place, *(f"  {name:<44} {_shown(name, value)}" for name, value in fields.items())]
    elif parts:
        (left, mine), (right, theirs) = parts
        names = list(dict.fromkeys((*mine, *theirs)))
        wide, half = max(map(len, names)), max(map(len, (left, *(_shown(name, mine.get(name, "")) for name in names))))
        lines.append(f"  {'':<{wide}} {left:<{half}} {right}")
        for name in names:
            one, other = mine.get(name, "–"), theirs.get(name, "–")
            mark = "*" if name in mine and name in theirs and one != other else " "
            lines.append(f"{mark} {name:<{wide}} {_shown(name, one):<{half}} {_shown(name, other)}".rstrip())
    return "\n".join(lines) + "\n"


_PERSONAL = ("uid", "contract_id", "auth_id", "visual_number")


def _fields(content: bytes) -> dict[str, str]:
    """Return the fields of a JSON record by their path."""
    try:
        value = json.loads(content, parse_float=str, parse_int=str, parse_constant=str)
    except ValueError:
        return {"(not JSON)": content[:200].decode(errors="replace")}
    found: dict[str, str] = {}
    _flatten("", value, found)
    return found


def _flatten(path: str, value: object, found: dict[str, str]) -> None:
    if isinstance(value, dict):
        for key, inner in value.items():
            _flatten(f"{path}.{key}" if path else str(key), inner, found)
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            _flatten(f"{path}[{place}]", inner, found)
    else:
        found[path] = str(value)


def _shown(path: str, value: str) -> str:
    return "(not shown)" if path.rpartition(".")[2] in _PERSONAL and value != "–" else value
