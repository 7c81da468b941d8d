"""The shape of evclear.toml: which keys each table has. A key that is not here is an error.

None is what FILL IN becomes, and a key that may be missing; for the rest each default is the contract's (section 2).
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator

from clearing.book_file import identifiers, values
from clearing.parties import FILL_IN, Billing, OtherSide, PartyId, PriceBasis, Role, Rounding

LANGUAGE = "en"
NUMBER_FORMAT = "{party}-{kind}{year}-{n:05}"


def _read(reader: Callable[[object], object]) -> Any:  # noqa: ANN401  pydantic's validators are untyped
    return PlainValidator(lambda value: None if values.is_fill_in(value) else reader(value))


def _if_fill_in(instead: object) -> Any:  # noqa: ANN401  pydantic's validators are untyped
    return BeforeValidator(lambda value: instead if values.is_fill_in(value) else value)


_AT_LEAST_ONE = (Field(min_length=1), _if_fill_in([FILL_IN]))

Text = Annotated[str | None, _read(values.text)]
Party = Annotated[PartyId | None, _read(values.party)]
Day = Annotated[date | None, _read(values.day)]
Days = Annotated[int | None, _read(values.days)]
Flag = Annotated[bool | None, _read(values.flag)]
FlagOrAny = Annotated[bool | None, _read(values.flag_or_any)]
Amount = Annotated[Decimal | None, _read(values.amount)]
Percent = Annotated[Decimal | None, _read(values.percent)]
Country = Annotated[str | None, _read(values.country)]
OneRole = Annotated[Role | None, _read(values.member(Role))]
TimeZone = Annotated[str | None, _read(values.time_zone)]


class Shape(BaseModel):
    """A table of evclear.toml."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=False)


class BookShape(Shape):
    """`[book]`: whose book it is."""

    role: Annotated[str | None, _read(values.choice("cpo", "emsp", "hub"))] = Field("hub", alias="as")
    issues_for: Annotated[frozenset[PartyId] | str | None, _read(values.issuers)] = None


class CertificateShape(Shape):
    """`dealer_certificate`: from and until."""

    start: Day = Field(alias="from")
    end: Day = Field(alias="until")


class CompanyShape(Shape):
    """`[[company]]`: a legal entity."""

    name: Text
    ids: Annotated[list[Party], *_AT_LEAST_ONE]
    roles: Annotated[list[OneRole], *_AT_LEAST_ONE]
    country: Country
    address: Annotated[list[Text], *_AT_LEAST_ONE]
    vat_id: Annotated[str | None, _read(identifiers.vat_id)] = None
    resells: Flag = None
    dealer_certificate: Annotated[CertificateShape | None, _if_fill_in(None)] = None
    iban: Annotated[str | None, _read(identifiers.iban)] = None
    bic: Annotated[str | None, _read(identifiers.bic)] = None
    email: Annotated[str | None, _read(identifiers.email)] = None
    language: Annotated[str | None, _read(values.language)] = LANGUAGE
    number_format: Annotated[str | None, _read(values.number_format)] = NUMBER_FORMAT


class ToleranceShape(Shape):
    """`tolerance` of an agreement."""

    money: Amount = Decimal("0.02")
    money_percent: Percent = Decimal("0.5")
    energy_kwh: Amount = Decimal("0.05")
    energy_percent: Percent = Decimal("0.5")
    time_s: Amount = Decimal("60")


class AgreementShape(Shape):
    """`[[agreement]]`: what a CPO and an e-MSP signed."""

    cpo: Party
    emsp: Party
    valid_from: Day
    valid_until: Day = None
    time_zone: TimeZone
    currency: Annotated[str | None, _read(values.currency)]
    billing: Annotated[Billing | None, _read(values.member(Billing))] = Billing.DIRECT
    price_basis: Annotated[PriceBasis | None, _read(values.member(PriceBasis))] = PriceBasis.CLAIMED
    rounding: Annotated[Rounding | None, _read(values.member(Rounding))] = Rounding.CHARGE_HALF_UP
    other_side: Annotated[OtherSide | None, _read(values.member(OtherSide))] = OtherSide.REQUIRED
    waiting_days: Days = 3
    payment_days: Days = 14
    set_off: Flag = True
    tolerance: Annotated[ToleranceShape, _if_fill_in({})] = ToleranceShape()
    purchase_order: Text = None
    buyer_reference: Text = None
    contract_number: Text = None
    cost_centre: Text = None
    late_after: Days = None
    too_late_after: Days = None
    claim_rounding: Annotated[str | None, _read(values.claim_rounding)] = None


class LocationShape(Shape):
    """`[[location]]`: the time zone of a site whose country does not decide."""

    cpo: Party
    id: Text
    time_zone: TimeZone


class VatRuleShape(Shape):
    """`[[vat_rule]]`: one row of the VAT table."""

    start: Day = Field(alias="from")
    seller: Annotated[str | None, _read(values.seller)]
    buyer: Annotated[str | None, _read(values.buyer)]
    buyer_resells: FlagOrAny = None
    certificates: FlagOrAny = None
    category: Annotated[str | None, _read(values.choice(*values.CATEGORIES))]
    percent: Percent = None
    sentence: Annotated[str | None, _read(values.sentence)] = ""


TABLES: dict[str, type[Shape]] = {
    "company": CompanyShape,
    "agreement": AgreementShape,
    "location": LocationShape,
    "vat_rule": VatRuleShape,
}
"""The tables that stand in double brackets, as often as needed."""
