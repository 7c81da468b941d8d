"""How long `evclear price` takes, held against plainly decoding the same bytes: ratios within one run.

    python tests/benchmarks/price.py [CDRS]

Decoding is `json` with `parse_float=Decimal`, line by line: what anyone who reads these bytes exactly has to pay. Times
are CPU seconds of this process, the best of three, interleaved; a busy machine moves them, the ratio hardly.
"""

import contextlib
import io
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

from clearing.commands import main

ROUNDS = 3


def element(number: int, kind: str, cents: int, **restrictions: object) -> dict[str, object]:
    """One element of a tariff; `number` makes prices differ."""
    component = {"type": kind, "price": (cents + number % 10) / 100, "vat": 19.0, "step_size": 1}
    return {"price_components": [component], **({"restrictions": restrictions} if restrictions else {})}


def tariff(number: int, elements: list[dict[str, object]]) -> dict[str, object]:
    """One tariff of a CPO."""
    return {
        "country_code": "DE", "party_id": "ABC", "id": f"TARIFF-{number:04}", "currency": "EUR", "type": "REGULAR",
        "elements": elements, "last_updated": "2026-01-05T08:00:00Z",
    }  # fmt: skip


def simple(number: int) -> dict[str, object]:
    """One price of energy."""
    return tariff(number, [element(number, "ENERGY", 40)])


def by_day_and_night(number: int) -> dict[str, object]:
    """Six elements: day and night, a fee for standing long, a start fee."""
    return tariff(number, [
        element(number, "FLAT", 50),
        element(number, "ENERGY", 50, start_time="08:00", end_time="20:00", day_of_week=["SATURDAY", "SUNDAY"]),
        element(number, "ENERGY", 60, start_time="08:00", end_time="20:00"),
        element(number, "ENERGY", 30, start_time="20:00", end_time="08:00"),
        element(number, "TIME", 5, max_duration=7200),
        element(number, "PARKING_TIME", 600, min_duration=7200),
    ])  # fmt: skip


def by_the_hour(number: int) -> dict[str, object]:
    """48 elements: a price of energy for each hour of weekdays and of weekends."""
    hours = [
        element(number + hour, "ENERGY", 30 + hour, start_time=f"{hour:02}:00", end_time=f"{hour + 1:02}:00",
                day_of_week=days)
        for days in (["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY"], ["SATURDAY", "SUNDAY"])
        for hour in range(24)
    ]  # fmt: skip
    return tariff(number, hours)


def cdr(number: int, owner: dict[str, object], periods: int, dice: Random) -> dict[str, object]:
    """One CDR with its tariff, split at full hours as OCPI wants it; all differ."""
    hour = datetime(2026, 10, 1, tzinfo=UTC) + timedelta(hours=dice.randrange(30 * 24))
    starts = [hour + timedelta(minutes=dice.randrange(50)), *(hour + timedelta(hours=at) for at in range(1, periods))]
    end = hour + timedelta(hours=periods - 1, minutes=dice.randrange(51, 59))
    volumes = [dice.randrange(20_000, 400_000) / 10_000 for _ in range(periods)]
    measured = [
        [
            {"type": "ENERGY", "volume": volume},
            {"type": "TIME", "volume": round((until - since).total_seconds() / 3600, 4)},
        ]
        for volume, since, until in zip(volumes, starts, [*starts[1:], end], strict=True)
    ]
    spot = dice.randrange(500)
    return {
        "country_code": "DE", "party_id": "ABC", "id": f"CDR-{number:08}", "start_date_time": f"{starts[0]:%FT%TZ}",
        "end_date_time": f"{end:%FT%TZ}", "session_id": f"S-{number:08}",
        "cdr_token": {"country_code": "NL", "party_id": "XYZ", "uid": f"04A9{dice.randrange(10**9):09}", "type": "RFID",
                      "contract_id": f"NL-XYZ-C{dice.randrange(10**8):08}-X"},
        "auth_method": "WHITELIST", "authorization_reference": f"A-{number:08}",
        "cdr_location": {"id": f"LOC{spot // 4}", "name": f"Site {spot // 4}", "address": f"Road {spot // 4}",
                         "city": "Town", "postal_code": "10115", "country": "DEU",
                         "coordinates": {"latitude": "52.520008", "longitude": "13.404954"},
                         "evse_uid": f"ABC-{spot}", "evse_id": f"DE*ABC*E{spot:06}", "connector_id": "1",
                         "connector_standard": "IEC_62196_T2", "connector_format": "SOCKET",
                         "connector_power_type": "AC_3_PHASE"},
        "currency": "EUR", "tariffs": [owner],
        "charging_periods": [
            {"start_date_time": f"{since:%FT%TZ}", "dimensions": dimensions, "tariff_id": owner["id"]}
            for since, dimensions in zip(starts, measured, strict=True)
        ],
        "total_cost": {"excl_vat": 12.34, "incl_vat": 14.68}, "total_energy": round(sum(volumes), 4),
        "total_time": round((end - starts[0]).total_seconds() / 3600, 4), "last_updated": f"{end:%FT%TZ}",
    }  # fmt: skip


SHAPES: list[tuple[str, Callable[[int], dict[str, object]], int, int]] = [
    ("1 period, 1 element, 20 tariffs", simple, 1, 20),
    ("2 periods, 6 elements, 200 tariffs", by_day_and_night, 2, 200),
    ("2 periods, 48 elements, 20 tariffs", by_the_hour, 2, 20),
]


def lines(make: Callable[[int], dict[str, object]], periods: int, tariffs: int, count: int) -> Iterator[str]:
    """The CDRs of one shape as JSON Lines."""
    dice = Random(7)
    owners = [make(number) for number in range(tariffs)]
    for number in range(count):
        yield json.dumps(cdr(number, dice.choice(owners), periods, dice)) + "\n"


def decode(path: Path) -> None:
    """Read and decode, and nothing else."""
    with path.open("rb") as file:
        for line in file:
            json.loads(line, parse_float=Decimal)


def price(path: Path) -> None:
    """What `evclear price --format jsonl FILE > /dev/null` does."""
    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        with contextlib.redirect_stdout(nowhere), contextlib.redirect_stderr(io.StringIO()):
            main.main(["price", "--format", "jsonl", str(path)], standalone_mode=False)


def spent(work: Callable[[Path], None], path: Path) -> float:
    """CPU seconds of one call."""
    begin = time.process_time()
    work(path)
    return time.process_time() - begin


def measure(count: int) -> None:
    """Print one row per shape."""
    print(f"{count} CDRs a shape; CPU seconds, the best of {ROUNDS}\n")
    print(f"{'shape':<36}{'bytes each':>11}{'decode':>9}{'price':>9}{'ratio':>8}{'CDRs/s':>9}")
    with tempfile.TemporaryDirectory() as folder:
        for name, make, periods, tariffs in SHAPES:
            path = Path(folder) / "cdrs.jsonl"
            with path.open("w", encoding="utf-8") as file:
                file.writelines(lines(make, periods, tariffs, count))
            both = [(spent(decode, path), spent(price, path)) for _ in range(ROUNDS)]
            plain, whole = (min(column) for column in zip(*both, strict=True))
            size = path.stat().st_size // count
            print(f"{name:<36}{size:>11}{plain:>9.2f}{whole:>9.2f}{whole / plain:>8.2f}{count / whole:>9.0f}")


if __name__ == "__main__":
    measure(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
