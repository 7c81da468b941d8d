"""What anyone pays who reads these bytes exactly: msgspec with typed shapes and Decimals, the tariffs left raw."""

from datetime import datetime
from decimal import Decimal
from pathlib import Path

import msgspec


class Dimension(msgspec.Struct, gc=False):
    """A volume."""

    type: str
    volume: Decimal


class Period(msgspec.Struct, gc=False):
    """A charging period."""

    start_date_time: datetime
    dimensions: list[Dimension]
    tariff_id: str | None = None


class Price(msgspec.Struct, gc=False):
    """A claim."""

    excl_vat: Decimal
    incl_vat: Decimal | None = None


class Token(msgspec.Struct, gc=False):
    """Who charged."""

    country_code: str
    party_id: str
    uid: str
    type: str
    contract_id: str


class Coordinates(msgspec.Struct, gc=False):
    """Where on earth."""

    latitude: str
    longitude: str


class Location(msgspec.Struct, gc=False):
    """Where."""

    id: str
    address: str
    city: str
    country: str
    coordinates: Coordinates
    evse_uid: str
    evse_id: str
    connector_id: str
    connector_standard: str
    connector_format: str
    connector_power_type: str
    name: str | None = None
    postal_code: str | None = None
    state: str | None = None


class Cdr(msgspec.Struct, gc=False):
    """A CDR of OCPI 2.2.1."""

    id: str
    country_code: str
    party_id: str
    start_date_time: datetime
    end_date_time: datetime
    cdr_token: Token
    auth_method: str
    cdr_location: Location
    currency: str
    charging_periods: list[Period]
    total_cost: Price
    total_energy: Decimal
    total_time: Decimal
    last_updated: datetime
    tariffs: msgspec.Raw
    session_id: str | None = None
    authorization_reference: str | None = None
    total_parking_time: Decimal | None = None


READ_AHEAD = 1 << 18


def decode(path: Path) -> None:
    """Decode every line of a file, and nothing else."""
    decoder = msgspec.json.Decoder(Cdr)
    with path.open("rb", buffering=READ_AHEAD) as file:
        for line in file:
            decoder.decode(line)
