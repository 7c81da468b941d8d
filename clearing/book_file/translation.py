"""Checked tables of evclear.toml to the values of `clearing.parties`."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum

from clearing.book_file.reading import Table
from clearing.book_file.shapes import LANGUAGE, NUMBER_FORMAT, AgreementShape, CompanyShape, LocationShape, VatRuleShape
from clearing.parties import (
    FILL_IN,
    Agreement,
    Company,
    DealerCertificate,
    LocationZone,
    PartyId,
    References,
    Role,
    Tolerance,
    VatRule,
)

REFERENCES = ("purchase_order", "buyer_reference", "contract_number", "cost_centre")
_PLACES_ONLY = ("line", "gaps")
_NOTHING_IF_ABSENT = ("claim_rounding",)
"""Keys that came later: without them an evclear.toml is the version that it was before."""


def company(table: Table) -> Company:
    """Return the company of a table; FILL IN stays as text where paper shows it, else it is None or the default."""
    shape: CompanyShape = table.shape
    roles = frozenset(role for role in shape.roles if role)
    certificate = shape.dealer_certificate
    usable = certificate is not None and certificate.start is not None and certificate.end is not None
    return Company(
        name=shape.name or FILL_IN,
        ids=tuple(party for party in shape.ids if party),
        roles=roles,
        country=shape.country or FILL_IN,
        address=tuple(line or FILL_IN for line in shape.address),
        vat_id=shape.vat_id,
        resells=Role.EMSP in roles if shape.resells is None else shape.resells,
        dealer_certificate=DealerCertificate(certificate.start, certificate.end)  # type: ignore[union-attr, arg-type]
        if usable
        else None,
        iban=shape.iban,
        bic=shape.bic,
        email=shape.email,
        language=shape.language or LANGUAGE,
        number_format=shape.number_format or NUMBER_FORMAT,
        line=table.line,
        gaps=table.gaps,
    )


def agreement(table: Table) -> Agreement | None:
    """Return the agreement of a table, or None when FILL IN stands where a run needs a value."""
    if any(gap.key not in REFERENCES for gap in table.gaps):
        return None
    shape: AgreementShape = table.shape
    same = {name: getattr(shape, name) for name in shape.__class__.model_fields if name not in REFERENCES}
    same["tolerance"] = Tolerance(**dict(shape.tolerance))
    references = {name: FILL_IN if table.is_fill_in(name) else getattr(shape, name) for name in REFERENCES}
    return Agreement(**same, references=References(**references), line=table.line, gaps=table.gaps)


def location(table: Table) -> LocationZone | None:
    """Return the site of a table, or None when something of it is FILL IN."""
    shape: LocationShape = table.shape
    if shape.cpo is None or shape.id is None or shape.time_zone is None:
        return None
    return LocationZone(shape.cpo, shape.id, shape.time_zone)


def vat_rule(table: Table) -> VatRule | None:
    """Return the VAT rule of a table.

    One whose answer is FILL IN stays in its place with the category FILL IN, so that no weaker rule answers instead;
    one of which nobody can tell when it fits is None.
    """
    shape: VatRuleShape = table.shape
    if shape.start is None or shape.seller is None or shape.buyer is None:
        return None
    if table.is_fill_in("buyer_resells", "certificates"):
        return None
    return VatRule(
        start=shape.start,
        seller=shape.seller,
        buyer=shape.buyer,
        category=FILL_IN if table.gaps else shape.category or FILL_IN,
        percent=shape.percent or Decimal(0),
        buyer_resells=shape.buyer_resells,
        certificates=shape.certificates,
        sentence=shape.sentence or "",
        line=table.line,
    )


def issuers(table: Table, role: str, companies: Iterable[Company]) -> frozenset[PartyId] | None:
    """Return whose numbers the book draws, None for all; by default the ids with the book's role, a hub all."""
    stated = table.shape.issues_for
    if table.is_fill_in("issues_for"):
        return stated if isinstance(stated, frozenset) else frozenset()
    if stated == "all":
        return None
    if stated is not None:
        return frozenset(stated)
    if role == "hub":
        return None
    return frozenset(party for one in companies if Role(role) in one.roles for party in one.ids)


def content_hash(*contents: object) -> str:
    """Return sha256 of values, whatever the lines they stand on."""
    text = json.dumps([_plain(content) for content in contents], ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _plain(value: object) -> object:
    if is_dataclass(value):
        said = {f.name: getattr(value, f.name) for f in fields(value) if f.name not in _PLACES_ONLY}
        return {k: _plain(v) for k, v in said.items() if v is not None or k not in _NOTHING_IF_ABSENT}
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(str(item) for item in value)
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return value
