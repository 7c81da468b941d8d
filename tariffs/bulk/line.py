"""One answer of `evclear price` as a line of JSON (contract, section 4): its layout, for whoever has the values.

The line is put together as text, because its form is fixed and that is a third of the work of an encoder. All values
come as JSON: amounts and quantities as quoted numbers in plain notation, or null.
"""

from typing import Final

SCHEMA: Final = "evclear.price/1"


def sides(excl: str, incl: str) -> str:
    """Both sides of taxes; each a quoted number, or null."""
    return f'{{"excl_vat": {excl}, "incl_vat": {incl}}}'


def terms(version: str, credit: str, currency: str, zone: str, tariff_ids: str) -> str:
    """By what a record was priced: what many records have in common."""
    return (
        f'"ocpi_version": {version}, "credit": {credit}, "currency": {currency}, "time_zone": {zone}, '
        f'"tariff_ids": [{tariff_ids}]'
    )


def quantities(energy_kwh: str, time_min: str, parking_min: str, reservation_min: str) -> str:
    """What is billed after step_size; each a quoted number, or null."""
    return (
        f'{{"energy_kwh": {energy_kwh}, "time_min": {time_min}, "parking_min": {parking_min}, '
        f'"reservation_min": {reservation_min}}}'
    )


def line(
    record: int,
    where: str,
    cdr_id: str,
    by: str,
    costs: tuple[str, str, str, str, str, str],
    billed: str,
    claimed: str,
    difference: str,
    findings: str,
) -> str:
    """The line of a record: `by` as `terms`; `costs` are total, energy, time, parking, fixed and reservation."""
    total, energy, time, parking, fixed, reservation = costs
    return (
        f'{{"schema": "{SCHEMA}", "record": {record}, "where": {where}, "cdr_id": {cdr_id}, {by}, '
        f'"total_cost": {total}, "total_energy_cost": {energy}, "total_time_cost": {time}, '
        f'"total_parking_cost": {parking}, "total_fixed_cost": {fixed}, "total_reservation_cost": {reservation}, '
        f'"billed": {billed}, "claimed": {claimed}, "difference": {difference}, "findings": [{findings}]}}'
    )
