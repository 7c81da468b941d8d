"""The evclear.toml of the made-up market, complete: nothing to fill in."""

import json
from collections.abc import Iterator

from clearing.demo.fleet import SITES
from clearing.demo.world import COMPANIES, CONTROL_COPIES, PAIRS, PROVIDERS, VAT_RULES, Company, Pair


def _text(value: str) -> str:
    """Return a TOML basic string, which JSON's strings are."""
    return json.dumps(value, ensure_ascii=False)


def _texts(values: tuple[str, ...]) -> str:
    return f"[{', '.join(_text(value) for value in values)}]"


def _company(company: Company) -> Iterator[str]:
    yield "[[company]]"
    yield f"name = {_text(company.name)}"
    yield f"ids = {_texts(company.ids)}"
    yield f"roles = {_texts(company.roles)}"
    yield f"country = {_text(company.country)}"
    yield f"address = {_texts(company.address)}"
    yield f"vat_id = {_text(company.vat_id)}"
    yield f"resells = {'true' if 'emsp' in company.roles else 'false'}"
    if company.certificate:
        yield "dealer_certificate = { from = 2026-01-01, until = 2029-01-01 }"
    yield f"iban = {_text(company.iban)}"
    yield f"language = {_text(company.language)}"
    yield ""


def _agreement(pair: Pair) -> Iterator[str]:
    yield "[[agreement]]"
    yield f"cpo = {_text(pair.cpo)}"
    yield f"emsp = {_text(pair.emsp)}"
    yield f"valid_from = {pair.valid_from.isoformat()}"
    if pair.valid_until is not None:
        yield f"valid_until = {pair.valid_until.isoformat()}"
    yield f"time_zone = {_text(pair.zone)}"
    yield f"currency = {_text(pair.currency)}"
    yield f"billing = {_text('self-billed' if pair.self_billed else 'direct')}"
    yield f"price_basis = {_text(pair.basis)}"
    yield f"rounding = {_text(pair.rounding)}"
    yield f"other_side = {_text('if-delivered' if pair.silent else 'required')}"
    yield f"waiting_days = {pair.waiting_days}"
    yield f"payment_days = {pair.payment_days}"
    yield f"set_off = {'true' if pair.set_off else 'false'}"
    if pair.tolerance:
        yield f"tolerance = {{ {', '.join(f'{name} = {_text(value)}' for name, value in pair.tolerance)} }}"
    for name, value in pair.references:
        yield f"{name} = {_text(value)}"
    yield ""


def book_text() -> str:
    """Return the whole file."""
    issuing = tuple(company.ids[0] for company in COMPANIES if not set(company.ids) & set(CONTROL_COPIES))
    lines = [
        "# A made-up market for `evclear demo`: no company, VAT id, account or token in it is real.",
        "",
        "[book]",
        'as = "hub"',
        f"issues_for = {_texts(issuing)}",
        "",
    ]
    for company in COMPANIES:
        lines += _company(company)
    for pair in PAIRS:
        lines += _agreement(pair)
    for site in SITES:
        if site.stated:
            lines += ["[[location]]", f"cpo = {_text(site.cpo)}", f"id = {_text(site.id)}"]
            lines += [f"time_zone = {_text(site.zone)}", ""]
    for seller, buyer, certificates, category, percent, sentence in VAT_RULES:
        lines += ["[[vat_rule]]", "from = 2021-01-01", f"seller = {_text(seller)}", f"buyer = {_text(buyer)}"]
        if seller == "EU":
            lines.append("buyer_resells = true")
        if certificates != "*":
            lines.append(f"certificates = {certificates}")
        lines += [f"category = {_text(category)}", f"percent = {_text(percent)}", f"sentence = {_text(sentence)}", ""]
    return "\n".join(lines)


def listed_providers() -> tuple[str, ...]:
    """Return the e-MSPs that give a list of their tokens."""
    return tuple(party for party, provider in PROVIDERS.items() if provider.gives_tokens)
