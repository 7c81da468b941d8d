"""A charge as the two sides write it: OCPI 2.2.1 CDRs and Sessions."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from clearing.demo.amounts import hours_text, plain
from clearing.demo.charge import Stretch
from clearing.demo.cost import Claim
from clearing.demo.json_text import Raw, Record, written
from clearing.demo.price_lists import PriceList, tariff_json
from clearing.demo.traffic import Charge

_PART_FIELDS = {
    "FLAT": "total_fixed_cost",
    "ENERGY": "total_energy_cost",
    "TIME": "total_time_cost",
    "PARKING_TIME": "total_parking_cost",
}
COST_FIELDS = ("total_cost", *_PART_FIELDS.values())


@dataclass(frozen=True, slots=True)
class Telling:
    """How one side tells a charge: shifts of its clock and meter, and `factor` 1,000 for watt-hours sold as kWh."""

    start_shift_s: int = 0
    end_shift_s: int = 0
    energy_shift_e4: int = 0
    factor: int = 1


PLAIN = Telling()


def instant_text(instant: int) -> str:
    """Write an instant as OCPI does.

    >>> instant_text(0)
    '1970-01-01T00:00:00Z'
    """
    return datetime.fromtimestamp(instant, UTC).isoformat()[:19] + "Z"


@lru_cache(maxsize=512)
def tariff_text(price_list: PriceList) -> Raw:
    """Return a price list as JSON text, written once."""
    return Raw(written(tariff_json(price_list)))


def cdr_id(charge: Charge) -> str:
    """Return the id of the CPO's CDR."""
    return f"{charge.pair.cpo[3:]}-CDR-{charge.number}"


def session_id(charge: Charge) -> str:
    """Return the id of the CPO's Session."""
    return f"{charge.pair.cpo[3:]}-S-{charge.number}"


def emsp_id(charge: Charge, delivers: str) -> str:
    """Return the id of the e-MSP's record: the CPO's where the pair shares ids, else its own."""
    if not charge.pair.shares_ids:
        return f"{charge.pair.emsp[3:]}-OWN-{charge.number}"
    return cdr_id(charge) if delivers == "cdr" else session_id(charge)


def money(excl_e8: int, incl_e8: int) -> Record:
    """Return an OCPI Price."""
    return {"excl_vat": Raw(plain(excl_e8, 8, least=2)), "incl_vat": Raw(plain(incl_e8, 8, least=2))}


def kwh(energy_e4: int) -> Raw:
    """Return energy as OCPI writes it."""
    return Raw(plain(energy_e4, 4, least=3))


def _period(charge: Charge, stretch: Stretch, energy_e4: int, telling: Telling) -> str:
    seconds = stretch.end - stretch.start
    dimensions = []
    if energy_e4:
        dimensions.append(f'{{"type": "ENERGY", "volume": {kwh(energy_e4 * telling.factor)}}}')
    if stretch.parking:
        dimensions.append(f'{{"type": "PARKING_TIME", "volume": {hours_text(seconds)}}}')
    elif charge.price_list.prices("TIME"):
        dimensions.append(f'{{"type": "TIME", "volume": {hours_text(seconds)}}}')
    if charge.price_list.has_limit("max_kw") and not stretch.parking:
        dimensions.append(f'{{"type": "MIN_POWER", "volume": {plain(stretch.watts - 500, 3)}}}')
        dimensions.append(f'{{"type": "MAX_POWER", "volume": {plain(stretch.watts + 500, 3)}}}')
    start = instant_text(stretch.start + telling.start_shift_s)
    return (
        f'{{"start_date_time": "{start}", "dimensions": [{", ".join(dimensions)}], '
        f'"tariff_id": "{charge.price_list.id}"}}'
    )


def _periods(charge: Charge, telling: Telling) -> Raw:
    longest = max(range(len(charge.stretches)), key=lambda i: charge.stretches[i].energy_e4)
    texts = []
    for position, stretch in enumerate(charge.stretches):
        shift = telling.energy_shift_e4 if position == longest else 0
        texts.append(_period(charge, stretch, stretch.energy_e4 + shift, telling))
    return Raw(f"[{', '.join(texts)}]")


def claimed_fields(claim: Claim) -> Record:
    """Return the cost fields of a CDR that makes a claim."""
    fields: Record = {"total_cost": money(claim.excl_e8, claim.incl_e8)}
    for name, excl_e8, incl_e8 in claim.parts:
        fields[_PART_FIELDS[name]] = money(excl_e8, incl_e8)
    return fields


def _head(charge: Charge, record_id: str, telling: Telling) -> Record:
    return {
        "country_code": charge.pair.cpo[:2],
        "party_id": charge.pair.cpo[3:],
        "id": record_id,
        "start_date_time": instant_text(charge.start + telling.start_shift_s),
        "end_date_time": instant_text(charge.end + telling.end_shift_s),
    }


def _cdr(charge: Charge, record_id: str, telling: Telling, embeds: bool, shares_session: bool) -> Record:
    parked_s = sum(s.end - s.start for s in charge.stretches if s.parking)
    record = _head(charge, record_id, telling)
    if shares_session:
        record["session_id"] = session_id(charge)
    record["cdr_token"] = charge.token.written
    record["auth_method"] = "WHITELIST" if charge.token.kind == "RFID" else "COMMAND"
    if shares_session:
        record["authorization_reference"] = f"{charge.pair.emsp[3:]}-A-{charge.number}"
    record["cdr_location"] = charge.connector.location
    record["currency"] = charge.price_list.currency
    if embeds:
        record["tariffs"] = [tariff_text(charge.price_list)]
    record["charging_periods"] = _periods(charge, telling)
    record.update(claimed_fields(charge.claim))
    record["total_energy"] = kwh((charge.energy_e4 + telling.energy_shift_e4) * telling.factor)
    record["total_time"] = Raw(hours_text(charge.end - charge.start + telling.end_shift_s - telling.start_shift_s))
    if parked_s:
        record["total_parking_time"] = Raw(hours_text(parked_s))
    record["last_updated"] = instant_text(charge.end + max(telling.end_shift_s, 0) + 95)
    return record


def cpo_cdr(charge: Charge, telling: Telling = PLAIN) -> Record:
    """Return the CPO's CDR of a charge."""
    return _cdr(charge, cdr_id(charge), telling, charge.embeds, charge.pair.shares_ids)


def emsp_cdr(charge: Charge, telling: Telling) -> Record:
    """Return the e-MSP's own CDR of a charge."""
    return _cdr(charge, emsp_id(charge, "cdr"), telling, True, charge.pair.shares_ids)


def emsp_session(charge: Charge, telling: Telling) -> Record:
    """Return the Session that the e-MSP kept of a charge."""
    record = _head(charge, emsp_id(charge, "session"), telling)
    record["kwh"] = kwh((charge.energy_e4 + telling.energy_shift_e4) * telling.factor)
    record["cdr_token"] = charge.token.written
    record["auth_method"] = "WHITELIST" if charge.token.kind == "RFID" else "COMMAND"
    if charge.pair.shares_ids:
        record["authorization_reference"] = f"{charge.pair.emsp[3:]}-A-{charge.number}"
    record["location_id"] = charge.connector.location_id
    record["evse_uid"] = charge.connector.uid
    record["connector_id"] = "1"
    record["currency"] = charge.price_list.currency
    record["status"] = "COMPLETED"
    record["last_updated"] = instant_text(charge.end + max(telling.end_shift_s, 0) + 40)
    return record
