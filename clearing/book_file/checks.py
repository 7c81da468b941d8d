"""What must hold between the tables of evclear.toml: who is whose, who deals with whom, and since when."""

from collections.abc import Sequence

from clearing.book_file.reading import Problem, Table, Tables
from clearing.book_file.shapes import NUMBER_FORMAT
from clearing.book_file.values import shown
from clearing.parties import Agreement, Billing, Company, LocationZone, PartyId, Role, VatRule


class Book:
    """Tables with the values made of them; a check notes what it finds in `tables.problems`."""

    def __init__(
        self,
        tables: Tables,
        companies: Sequence[Company],
        agreements: Sequence[tuple[Table, Agreement]],
        locations: Sequence[tuple[Table, LocationZone]],
        vat_rules: Sequence[tuple[Table, VatRule]],
    ) -> None:
        self.tables = tables
        self.companies = list(zip(tables.companies, companies, strict=True))
        self.agreements = agreements
        self.locations = locations
        self.vat_rules = vat_rules
        self.company_of: dict[PartyId, Company] = {}
        for one in companies:
            for party in one.ids:
                self.company_of.setdefault(party, one)

    def knows(self, party: PartyId) -> bool:
        """Whether a party stands in a company, also in one that has problems of its own."""
        return party in self.company_of or party in self.tables.unread_ids


def check(book: Book) -> None:
    """Run every check."""
    _ids_belong_to_one(book)
    _certificates(book)
    _parties_of_agreements(book)
    _validity(book)
    _one_agreement_a_day(book)
    _numbers_differ_by_kind(book)
    _issuers(book)
    _locations(book)
    _vat_rules(book)


def _ids_belong_to_one(book: Book) -> None:
    first: dict[PartyId, int] = {}
    for table, company in book.companies:
        for number, party in enumerate(table.shape.ids):
            if party is None:
                continue
            line = book.tables.line(table, "ids", number)
            if party in first:
                message = f"expected each party id once, found {party} here and in line {first[party]}; delete one"
                book.tables.problems.append(Problem(line, message))
            first.setdefault(party, line)
        if company.ids == () and not table.is_fill_in("ids"):
            book.tables.refuse(table, "ids", 'expected a party id, found none; write for example ids = ["DE*ABC"]')


def _certificates(book: Book) -> None:
    for table, company in book.companies:
        certificate = company.dealer_certificate
        if certificate is not None and certificate.end <= certificate.start:
            message = f"expected until after {certificate.start}, found {certificate.end}; correct one of the dates"
            book.tables.refuse(table, "dealer_certificate", message)


def _parties_of_agreements(book: Book) -> None:
    for table in book.tables.agreements:
        for key, role in (("cpo", Role.CPO), ("emsp", Role.EMSP)):
            party: PartyId | None = getattr(table.shape, key)
            if party is None:
                continue
            company = book.company_of.get(party)
            if not book.knows(party):
                remedy = f"add it to the ids of a [[company]] with the role {role}"
                book.tables.refuse(table, key, f"{key}: expected a party of a company, found {shown(party)}; {remedy}")
            elif company is not None and company.roles and role not in company.roles:
                has = ", ".join(sorted(company.roles))
                message = f"{key}: expected a company with the role {role}, found {party} (line {company.line}: {has})"
                book.tables.refuse(table, key, f'{message}; add "{role}" to its roles or correct the id')


def _validity(book: Book) -> None:
    for table in book.tables.agreements:
        start, end = table.shape.valid_from, table.shape.valid_until
        if start is not None and end is not None and end <= start:
            message = f"expected valid_until after valid_from ({start}), found {end}; it is the first day that is out"
            book.tables.refuse(table, "valid_until", message)


def _one_agreement_a_day(book: Book) -> None:
    of_pair: dict[tuple[PartyId, PartyId], list[tuple[Table, Agreement]]] = {}
    for table, agreement in book.agreements:
        earlier = of_pair.setdefault((agreement.cpo, agreement.emsp), [])
        for other_table, other in earlier:
            day = max(agreement.valid_from, other.valid_from)
            if agreement.valid_on(day) and other.valid_on(day):
                book.tables.problems.append(
                    Problem(
                        table.line,
                        f"expected one agreement of {agreement.cpo} and {agreement.emsp} a day, found this one and "
                        f"that of line {other_table.line} both valid on {day}; give the earlier one a valid_until",
                    )
                )
        earlier.append((table, agreement))


def _numbers_differ_by_kind(book: Book) -> None:
    direct = {book.company_of.get(a.cpo) for _, a in book.agreements if a.billing is Billing.DIRECT}
    self_billed = {book.company_of.get(a.emsp) for _, a in book.agreements if a.billing is Billing.SELF_BILLED}
    for table, company in book.companies:
        if company in direct and company in self_billed and "{kind}" not in company.number_format:
            message = (
                f"expected {{kind}} in the number_format of a company that bills direct and self-billed, "
                f"found {shown(company.number_format)}; write for example {NUMBER_FORMAT}"
            )
            book.tables.refuse(table, "number_format", message)


def _issuers(book: Book) -> None:
    stated = book.tables.book.shape.issues_for
    for party in sorted(stated) if isinstance(stated, frozenset) else ():
        if not book.knows(party):
            message = f'issues_for: expected ids of companies or "all", found {shown(party)}; add it to a [[company]]'
            book.tables.refuse(book.tables.book, "issues_for", message)


def _locations(book: Book) -> None:
    first: dict[tuple[PartyId, str], int] = {}
    for table, site in book.locations:
        if not book.knows(site.cpo):
            message = f"cpo: expected a party of a company, found {shown(site.cpo)}; add it to the ids of a [[company]]"
            book.tables.refuse(table, "cpo", message)
        key = (site.cpo, site.id.lower())
        if key in first:
            message = f"expected each site once, found {site.id} of {site.cpo} also in line {first[key]}; delete one"
            book.tables.refuse(table, "id", message)
        first.setdefault(key, table.line)


def _vat_rules(book: Book) -> None:
    for table, rule in book.vat_rules:
        if table.shape.percent is None and rule.category == "S":
            message = 'expected percent in a [[vat_rule]] of category S, found none; add for example percent = "19"'
            book.tables.refuse(table, "category", message)
        elif rule.percent and rule.category in ("AE", "G", "O", "E", "Z"):
            message = f'percent: expected "0" in category {rule.category} (EN 16931), found {shown(str(rule.percent))}'
            book.tables.refuse(table, "percent", f"{message}; correct the percent or write category S")
