"""The recipe of `tariffs.differences` on random sessions: without a change it is that of `price`."""

from dataclasses import replace
from decimal import Decimal

from sessions import session

from tariffs import Claim, price
from tariffs.differences import account
from tariffs.differences.case import PLAIN, Case, priced_under
from tariffs.ocpi import decode, read_cdr, read_tariff


def test_without_a_change_it_is_that_of_price_and_no_claim_makes_it_raise() -> None:
    compared = explained = foretold = 0
    for one in map(session, range(200)):
        cdr = read_cdr(decode(one.cdr), version=one.version).cdr
        assert cdr is not None
        read = [read_tariff(decode(text), version=one.version).tariff for text in one.tariffs]
        tariffs = tuple(tariff for tariff in read if tariff is not None)
        ours = price(cdr, tariffs=tariffs, time_zone=one.zone)
        total = ours.total_cost
        if not ours.priced:
            continue
        again = priced_under(Case(cdr, tariffs, time_zone=one.zone), PLAIN)
        assert again is not None, one.seed
        assert (again.total_cost, again.lines) == (total, ours.lines), one.seed
        shift = Decimal(one.seed * 37 % 50 + 1) / 100 * (-1) ** one.seed
        known = total.excl_vat if total.excl_vat is not None else total.incl_vat
        assert known is not None
        wrong = known.quantize(Decimal("0.01")) + shift
        claim = Claim(wrong) if total.excl_vat is not None else Claim(None, wrong)
        found = account(replace(cdr, total_cost=claim), ours, tariffs=tariffs, time_zone=one.zone)
        compared += 1
        explained += bool(found.causes)
        foretold += found.coincidences
    assert compared > 150
    assert abs(explained - foretold / 100) < 20, "chance explains what was counted from all wrong amounts"
