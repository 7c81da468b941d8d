"""How long it takes to account for a claim that differs, and what chance explains: numbers, no judgement.

    python tests/benchmarks/differences.py [CDRS]

A twentieth of CDRS charges of one CPO (energy in two periods, time, parking, a start fee; 19 % VAT), each claim off by
up to 50 cents by a seeded chance. Prints CPU milliseconds per claim, beside those of a price, the share of claims that
some cause explains all the same, and the share that was foretold from all wrong amounts.
"""

import json
import sys
import time
from dataclasses import replace
from decimal import Decimal
from random import Random
from typing import Any

from tariffs import Cdr, Claim, price
from tariffs.differences import account, method_of
from tariffs.ocpi import decode, read_cdr, read_tariff

CENT = Decimal("0.01")


def component(kind: str, amount: str, step: int) -> dict[str, Any]:
    return {"price_components": [{"type": kind, "price": amount, "vat": 19, "step_size": step}]}


TARIFF = {
    "id": "T",
    "currency": "EUR",
    "elements": [
        component("FLAT", "0.50", 0),
        component("ENERGY", "0.4567", 100),
        component("TIME", "1.20", 60),
        component("PARKING_TIME", "3.00", 300),
    ],
}


def charge(dice: Random) -> Cdr:
    def period(at: str, **volumes: str) -> dict[str, Any]:
        dimensions = [{"type": kind, "volume": volume} for kind, volume in volumes.items()]
        return {"start_date_time": f"2026-10-07T{at}:00Z", "dimensions": dimensions}

    periods = [
        period("10:00", ENERGY=f"{dice.randrange(2000, 30000)}e-3", TIME="0.5"),
        period("10:30", ENERGY=f"{dice.randrange(2000, 9000)}e-3", TIME="0.5"),
        period("11:00", PARKING_TIME="0.2"),
    ]
    made = {"id": "C", "currency": "EUR", "charging_periods": periods}
    times = {"start_date_time": "2026-10-07T10:00:00Z", "end_date_time": "2026-10-07T11:12:00Z"}
    cdr = read_cdr(decode(json.dumps(made | times))).cdr
    assert cdr is not None
    return cdr


def main() -> None:
    count = max(int(sys.argv[1]) // 20 if len(sys.argv) > 1 else 1000, 20)
    dice = Random(20)
    tariff = read_tariff(decode(json.dumps(TARIFF))).tariff
    assert tariff is not None
    charges = [charge(dice) for _ in range(count)]
    begin = time.process_time()
    prices = [price(cdr, tariffs=[tariff]) for cdr in charges]
    priced = time.process_time() - begin
    claimed = []
    for cdr, ours in zip(charges, prices, strict=True):
        assert ours.total_cost.excl_vat is not None
        net = ours.total_cost.excl_vat.quantize(CENT) + dice.choice([c for c in range(-50, 51) if c]) * CENT
        claimed.append(replace(cdr, total_cost=Claim(net, (net * Decimal("1.19")).quantize(CENT))))
    begin = time.process_time()
    accounts = [account(cdr, ours, tariffs=[tariff]) for cdr, ours in zip(claimed, prices, strict=True)]
    searched = time.process_time() - begin
    told = method_of(accounts)
    print(f"{count} claims: {1000 * searched / count:.1f} ms each (a price takes {1000 * priced / count:.2f} ms)")
    print(f"amounts compared with each: {sum(a.amounts for a in accounts) // count}")
    foretold = 100 * told.coincidences / told.tried
    print(f"explained by chance: {100 * told.explained / count:.1f} %; foretold {foretold:.1f} %")
    print(f"methods named: {len(told.methods)}")


if __name__ == "__main__":
    main()
