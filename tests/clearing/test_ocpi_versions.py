"""CDRs of every OCPI version go one way: delivered, compared with the e-MSP's in another version, billed or found."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from small_market import OCTOBER, Json, Market, cdr

from clearing.book_file.stub import stub
from clearing.book_file.survey import survey
from clearing.reconciliation.valuation import same_terms
from tariffs.ocpi import read_tariff
from tariffs.tariff import Tariff

CONNECTOR = {
    "id": "1", "standard": "IEC_62196_T2", "format": "SOCKET", "power_type": "AC_3_PHASE", "voltage": 230,
    "amperage": 16, "last_updated": "2026-01-05T08:00:00Z",
}  # fmt: skip


def of_211(record: Json, **changes: object) -> Json:
    """Return a CDR of 2.2.1 as its sender would write it in 2.1.1."""
    place, tariff = record["cdr_location"], record["tariffs"][0]
    component = tariff["elements"][0]["price_components"][0]
    owner, token = f"{record['country_code']}*{record['party_id']}", record["cdr_token"]
    evse = {
        "uid": place["evse_uid"], "evse_id": f"{owner}*E{place['evse_uid']}", "status": "AVAILABLE",
        "connectors": [CONNECTOR], "last_updated": "2026-01-05T08:00:00Z",
    }  # fmt: skip
    location = {key: place[key] for key in ("id", "name", "address", "city", "country", "coordinates")}
    period = record["charging_periods"][0]
    return {
        "id": record["id"], "start_date_time": record["start_date_time"], "stop_date_time": record["end_date_time"],
        "auth_id": f"{token['country_code']}-{token['party_id']}-C{record['id']:0>8}", "auth_method": "WHITELIST",
        "location": location | {
            "type": "ON_STREET", "postal_code": "1", "evses": [evse], "last_updated": "2026-01-05T08:00:00Z",
        },
        "currency": "EUR",
        "tariffs": [{
            "id": "T1", "currency": "EUR", "elements": [{"price_components": [component]}],
            "last_updated": "2026-01-05T08:00:00Z",
        }],
        "charging_periods": [{key: period[key] for key in ("start_date_time", "dimensions")}],
        "total_cost": record["total_cost"]["excl_vat"], "total_energy": record["total_energy"], "total_time": 1,
        "last_updated": record["last_updated"],
    } | changes  # fmt: skip


def of_230(record: Json, included: str = "NO", **changes: object) -> Json:
    """Return a CDR of 2.2.1 as its sender would write it in 2.3.0, with 20 % VAT."""
    excl = record["total_cost"]["excl_vat"]
    component = record["tariffs"][0]["elements"][0]["price_components"][0] | {"vat": 20}
    tariff = record["tariffs"][0] | {"elements": [{"price_components": [component]}], "tax_included": included}
    total = {"before_taxes": excl, "taxes": [{"name": "VAT", "amount": float(str(Decimal(str(excl)) / 5))}]}
    return record | {"tariffs": [tariff], "total_cost": total} | changes


OTHER = {"2.1.1": of_211, "2.3.0": of_230}


def contract(record: Json) -> Json:
    """Return a CDR whose ids begin with their parties, as those of 2.1.1 must."""
    token = record["cdr_token"] | {"contract_id": f"DE-FAH-C{record['id']:0>8}"}
    place = record["cdr_location"] | {"evse_id": f"DE*SWM*E{record['cdr_location']['evse_uid']}"}
    return record | {"cdr_token": token, "cdr_location": place}


@pytest.mark.parametrize("version", OTHER)
def test_a_month_of_one_version_is_billed_like_any_other(version: str, tmp_path: Path) -> None:
    charges = [contract(cdr("DE*SWM", "DE*FAH", f"V{n}", f"2026-10-0{n}T09:00", kwh=f"{n}0")) for n in range(1, 4)]
    market = Market.open(tmp_path / "book")
    taken = market.deliver("cpo", "cpo.jsonl", *(OTHER[version](charge) for charge in charges))
    assert (taken.exit_code, taken.files[0].taken) == (0, 3)
    market.deliver("emsp", "emsp.jsonl", *charges)
    market.settle(OCTOBER)
    row = market.report(OCTOBER)["DE*SWM>DE*FAH"]
    assert row["billed"] == {"records": 3, "kwh": "60", "claimed": "24.30"}
    assert [name for name in market.findings(OCTOBER) if "incomplete" not in name] == []


@pytest.mark.parametrize("version", OTHER)
def test_a_wrong_claim_waits_in_every_version(version: str, tmp_path: Path) -> None:
    charge = contract(cdr("DE*SWM", "DE*FAH", "V1", "2026-10-01T09:00", claimed="9.00"))
    market = Market.open(tmp_path / "book")
    market.deliver("cpo", "cpo.jsonl", OTHER[version](charge))
    market.deliver("emsp", "emsp.jsonl", charge)
    market.run(OCTOBER)
    found = market.findings(OCTOBER)["price-claim-differs V1"]
    assert (found.expected, found.found, found.held) == ("8.10", "9.00", Decimal("9.00"))


def test_prices_with_unknown_taxes_are_compared_with_taxes(tmp_path: Path) -> None:
    charges = [contract(cdr("DE*SWM", "DE*FAH", f"V{n}", f"2026-10-0{n}T09:00")) for n in (1, 2)]
    sent = []
    for charge, amount in zip(charges, (1.35, 2.35), strict=True):
        charge["total_cost"] = {"before_taxes": 6.75, "taxes": [{"name": "GST", "amount": amount}]}
        charge["tariffs"] = [charge["tariffs"][0] | {"tax_included": "YES"}]
        sent.append(charge)
    market = Market.open(tmp_path / "book")
    market.both("c.jsonl", *sent)
    market.run(OCTOBER)
    assert market.report(OCTOBER)["DE*SWM>DE*FAH"]["billed"]["claimed"] == "6.75"
    found = market.findings(OCTOBER)["price-claim-differs V2"]
    assert (found.expected, found.found) == ("8.10", "9.10")
    assert "including taxes" in found.message


@pytest.mark.parametrize(
    ("changes", "path"), [({"auth_id": "04A1B2C3"}, "auth_id"), ({"location": {"id": "L"}}, "location")]
)
def test_a_cdr_of_211_that_names_no_party_waits(changes: Json, path: str, tmp_path: Path) -> None:
    charge = of_211(cdr("DE*SWM", "DE*FAH", "V1", "2026-10-01T09:00"), **changes)
    market = Market.open(tmp_path / "book")
    taken = market.deliver("cpo", "cpo.jsonl", charge, charge | {"id": "V2", "stop_date_time": "2026-10-01T07:00:00Z"})
    told = [(one.code, one.id) for one in taken.files[0].quarantined]
    assert told == [("malformed-record", "V1"), ("ends-before-start", "V2"), ("malformed-record", "V2")]
    assert taken.files[0].quarantined[0].message.startswith(f"{path}: expected")
    assert taken.files[0].quarantined[1].message.startswith("stop_date_time:")
    market.run(OCTOBER, date(2026, 12, 1))


def test_init_tells_the_parties_of_211() -> None:
    seen = survey([of_211(cdr("DE*SWM", "DE*FAH", "V1", "2026-10-01T09:00")), {"start_date_time": "x", "location": 5}])
    assert [(pair.cpo, pair.emsp) for pair in seen.pairs] == [("DE*SWM", "DE*FAH")]
    assert 'cpo = "DE*SWM"' in stub("hub", seen)


def tariff(version: str, **changes: object) -> Tariff:
    component = {"type": "ENERGY", "price": 1, "step_size": 1} | changes
    found = read_tariff(
        {"id": "T", "currency": "EUR", "elements": [{"price_components": [component]}]}, version=version
    )
    assert found.tariff is not None
    return found.tariff


def test_a_published_tariff_of_another_version_is_the_same_but_for_what_it_can_say() -> None:
    assert same_terms(tariff("2.1.1"), tariff("2.2.1", vat=20))
    assert same_terms(tariff("2.3.0", vat=20), tariff("2.2.1", vat=20))
    assert not same_terms(tariff("2.3.0", vat=19), tariff("2.2.1", vat=20))
    assert not same_terms(tariff("2.1.1"), tariff("2.2.1", price=2))
