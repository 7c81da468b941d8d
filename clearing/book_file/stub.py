"""The first evclear.toml of a book: a stub for every party and pair, FILL IN where a person must, guesses marked."""

from zoneinfo import ZoneInfo

from clearing.book_file.countries import country
from clearing.book_file.survey import Pair, Survey
from clearing.book_file.usual_vat import usual_rows
from clearing.parties import FILL_IN, PartyId, Role

_COLUMN = 40
"""Where the comments begin."""

_INTRODUCTION = """\
# The terms of this book: who the companies are, who deals with whom since when, and how VAT is decided.
# {origin}
# Where it says FILL IN a person must write; where a comment says "guess", a person must look.
# `evclear check` lists what is left, with its line. Behind a # stands a comment; remove the # to use such a line.
"""

_EXAMPLES = """
# No files were given, so nobody is known yet. Write a table like these for every company and every pair:
#
# [[company]]
# name = "Stadtwerke Musterstadt GmbH"
# ids = ["DE*ABC"]                      # its party ids in the records, country*party
# roles = ["cpo"]                       # cpo, emsp or both
# country = "DE"
# address = ["Musterweg 1", "10115 Berlin"]
# vat_id = "DE..."
# iban = "DE..."
#
# [[agreement]]
# cpo = "DE*ABC"
# emsp = "NL*XYZ"
# valid_from = 2026-01-01
# time_zone = "Europe/Berlin"
# currency = "EUR"
"""


def stub(role: str, survey: Survey) -> str:
    """Return the text of a new evclear.toml: the same survey gives the same bytes."""
    source = f" from {_records(survey.records)} of charges" if survey.records else ""
    origin = f"`evclear init` made it{source}."
    parts = [_INTRODUCTION.format(origin=origin), _book(role, survey)]
    parts += [_company(party, roles) for party, roles in survey.roles.items()]
    parts += [_agreement(pair, role) for pair in survey.pairs]
    if not survey.roles:
        parts.append(_EXAMPLES.lstrip("\n"))
    parts += [_location(survey), usual_rows()]
    return "\n".join(part for part in parts if part)


def _book(role: str, survey: Survey) -> str:
    ids = [party for party, roles in survey.roles.items() if role in roles]
    issuers = '"all"' if role == "hub" else f"[{', '.join(_quoted(party) for party in ids)}]"
    by_default = "" if ids or role == "hub" else "# "
    return _table(
        "[book]",
        (f'as = "{role}"', "whose view this book takes: cpo, emsp or hub"),
        (
            f"{by_default}issues_for = {issuers}",
            'whose document numbers it may draw: party ids or "all"; others get control copies',
        ),
    )


def _company(party: PartyId, roles: frozenset[Role]) -> str:
    code = party[:2]
    known = country(code) is not None
    resells = Role.EMSP in roles
    language = "de" if code in ("DE", "AT", "CH", "LI") else "en"
    iban = f'iban = "{FILL_IN}"'
    return _table(
        "[[company]]",
        (f'name = "{FILL_IN}"', "the legal name, as on documents"),
        (f'ids = ["{party}"]', "party ids; list all of one legal entity here and delete their other tables"),
        (f"roles = [{', '.join(_quoted(one) for one in sorted(roles))}]", "as seen in the records: cpo, emsp or both"),
        (f'country = "{code if known else FILL_IN}"', "guess: from the party id" if known else "two letters"),
        (f'address = ["{FILL_IN}"]', 'one text per line: ["Musterweg 1", "10115 Berlin"]'),
        (f'vat_id = "{FILL_IN}"', "with its country's letters; needed where the VAT rule prints it"),
        (f"resells = {'true' if resells else 'false'}", "guess: does it buy electricity to resell it (a dealer)?"),
        ("# dealer_certificate = { from = 2026-01-01, until = 2029-01-01 }", "Germany: USt 1 TH; until is exclusive"),
        (iban if Role.CPO in roles else f"# {iban}", "the account that it is paid on"),
        ('# bic = "..."', ""),
        ('# email = "billing@example.com"', ""),
        (f'language = "{language}"', "guess: of the documents that it receives"),
        ('number_format = "{party}-{kind}{year}-{n:05}"', "of its document numbers; kind is G for self-billed ones"),
    )


def _agreement(pair: Pair, role: str) -> str:
    zone, zone_comment = _zone(pair)
    currency = pair.currencies[0] if pair.currencies else FILL_IN
    others = f"; also seen: {', '.join(pair.currencies[1:])}" if len(pair.currencies) > 1 else ""
    other_side = "if-delivered" if role == "cpo" else "required"
    return _table(
        f"# {pair.cpo} charges for {pair.emsp}: {_records(pair.records)}.\n[[agreement]]",
        (f'cpo = "{pair.cpo}"', "who operates the charge points and sells"),
        (f'emsp = "{pair.emsp}"', "whose customers charged, and who buys"),
        _valid_from(pair, zone),
        ("# valid_until = 2027-01-01", "the first day that it no longer covers"),
        (f'time_zone = "{zone}"', f"{zone_comment}; for months and dates on paper"),
        (f'currency = "{currency}"', f"guess: of the records{others}" if pair.currencies else "such as EUR"),
        ('billing = "direct"', "direct: the CPO issues | self-billed: the e-MSP issues for the CPO"),
        ('price_basis = "claimed"', "what is billed: claimed (total_cost) | computed (our price) | lower of both"),
        ('rounding = "charge-half-up"', "charge-half-up: each charge | document-half-up: once per document"),
        (
            f'other_side = "{other_side}"',
            "required: wait for the e-MSP's record | if-delivered: only when it sends any",
        ),
        ("waiting_days = 3", "days until a record of one side only counts as missing"),
        ("payment_days = 14", "days from issue to due date"),
        ("set_off = true", "may what both owe each other be set off?"),
        (
            'tolerance = { money = "0.02", money_percent = "0.5", energy_kwh = "0.05", energy_percent = "0.5", '
            'time_s = "60" }',
            "more than the larger of both differs",
        ),
        ('# claim_rounding = "line-half-up/1"', "how the CPO rounds its claims: evclear differences FILE names it"),
        ('# purchase_order = "4500012345"', "also buyer_reference, contract_number, cost_centre: printed where given"),
    )


def _zone(pair: Pair) -> tuple[str, str]:
    """The zone of the sites' country, else of the CPO's, with the comment that says so."""
    source = "the sites' country"
    found = country(pair.countries[0]) if pair.countries else None
    if found is None:
        found, source = country(pair.cpo[:2]), "the CPO's party id"
    if found is None:
        return FILL_IN, 'an IANA zone such as "Europe/Berlin"'
    comment = f"guess: from {source} {found.alpha2}"
    if not found.one_zone:
        comment += " (its mainland; other parts need [[location]])"
    if len(pair.countries) > 1:
        comment += f", sites also in {', '.join(pair.countries[1:])}"
    return found.time_zone, comment


def _valid_from(pair: Pair, zone: str) -> tuple[str, str]:
    use = "what ended before is never billed"
    if pair.first_end is None:
        return f'valid_from = "{FILL_IN}"', f"a date without quotes, such as 2026-01-01; {use}"
    local = pair.first_end.astimezone(ZoneInfo("UTC" if zone == FILL_IN else zone))
    return f"valid_from = {local:%Y-%m}-01", f"guess: the month of the first record; {use}"


def _location(survey: Survey) -> str:
    """An example of a site, where a country with several zones has sites."""
    for pair in survey.pairs:
        for code in pair.countries:
            found = country(code)
            if found is not None and not found.one_zone:
                return (
                    f"# {found.alpha2} has several time zones. A site outside {found.time_zone} needs a table:\n"
                    f'# [[location]]\n# cpo = "{pair.cpo}"\n# id = "LOC1"\n# time_zone = "Atlantic/Canary"\n'
                )
    return ""


def _table(header: str, *lines: tuple[str, str]) -> str:
    """Put the lines of a table together, each with its comment behind it."""
    written = [f"{line:<{_COLUMN}} # {comment}" if comment else line for line, comment in lines]
    return "\n".join([header, *written]) + "\n"


def _records(count: int) -> str:
    return "1 record" if count == 1 else f"{count} records"


def _quoted(text: str) -> str:
    return f'"{text}"'
