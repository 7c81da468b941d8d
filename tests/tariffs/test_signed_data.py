"""Pricing rule 26: signed meter readings (OCMF) are held against total_energy; what cannot be read says nothing."""

import base64
import json
from decimal import Decimal
from typing import Any

import pytest

from tariffs import price, verify
from tariffs.ocpi import decode, read_cdr

IMPORT, EXPORT = "01-00:01.08.00*FF", "01-00:02.08.00*FF"


def _ocmf(*readings: Any) -> str:
    return "OCMF|" + json.dumps({"FV": "1.0", "RD": list(readings)}) + '|{"SD": "887FABF407AC82782EEFFF2220C2F856"}'


def _reading(reason: str, value: Any, unit: str = "kWh", register: str = IMPORT) -> dict[str, Any]:
    return {"TM": "2026-10-07T10:00:00,000+0000 S", "TX": reason, "RV": value, "RI": register, "RU": unit, "ST": "G"}


def _signed(*values: Any) -> dict[str, Any]:
    return {"encoding_method": "OCMF", "signed_values": list(values)}


def _value(plain: Any, signed: Any = "") -> dict[str, Any]:
    return {"nature": "End", "plain_data": plain, "signed_data": signed}


def _in_base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


BOTH = _ocmf(_reading("B", 100.5), _reading("E", 110.5))
DISAGREE = _ocmf(_reading("B", 100.5), _reading("E", 112.5))
CASES: dict[str, tuple[Any, Any]] = {
    "agrees": (_signed(_value(BOTH)), []),
    "disagrees": (_signed(_value(DISAGREE)), [Decimal(-1)]),
    "start and end apart": (
        _signed(_value(_ocmf(_reading("B", 100.5))), _value(_ocmf(_reading("L", 112.5)))),
        [Decimal(-1)],
    ),
    "in base64": (_signed(_value("", _in_base64(DISAGREE))), [Decimal(-1)]),
    "plain data in base64": (_signed(_value(_in_base64(DISAGREE))), [Decimal(-1)]),
    "in Wh": (_signed(_value(_ocmf(_reading("B", 5, "Wh"), _reading("E", 12005, "Wh")))), [Decimal(-1)]),
    "what is left out is as before": (
        _signed(_value(_ocmf(_reading("B", 100.5), {"RV": 104, "TX": "C"}, {"RV": 112.5, "TX": "E"}))),
        [Decimal(-1)],
    ),
    "as exact as its decimals": (_signed(_value(_ocmf(_reading("B", 100), _reading("E", 111)))), []),
    "and no more": (_signed(_value(_ocmf(_reading("B", 100), _reading("E", 112)))), [Decimal(-1)]),
    "another register": (_signed(_value(_ocmf(_reading("B", 1), _reading("E", 99, register=EXPORT)))), []),
    "no end": (_signed(_value(_ocmf(_reading("B", 1), _reading("C", 99)))), []),
    "no begin": (_signed(_value(_ocmf(_reading("C", 1), _reading("E", 99)))), []),
    "another unit": (_signed(_value(_ocmf(_reading("B", 1, "mOhm"), _reading("E", 99, "mOhm")))), []),
    "no number": (_signed(_value(_ocmf(_reading("B", "1"), _reading("E", 99)))), []),
    "a last reading without a number": (_signed(_value(_ocmf(_reading("B", 1), _reading("E", None)))), []),
    "a reading that is none": (_signed(_value(_ocmf(7, _reading("E", 99)))), []),
    "no readings": (_signed(_value('OCMF|{"RD": 7}|{}')), []),
    "no JSON": (_signed(_value("OCMF|{")), []),
    "no object": (_signed(_value("OCMF|7")), []),
    "another encoding": (_signed(_value("AP;0;3;ALCV3ABBBISHMA2RYEGAZE3HV5YQBQRAEHAEHAEA", "not base64!")), []),
    "no texts": (_signed(_value(7, 8), 9), []),
    "not UTF-8": (_signed(_value("/w==")), []),
    "no values": ({"encoding_method": "OCMF"}, []),
    "no object at all": ("OCMF", []),
}


@pytest.mark.parametrize(("signed", "money"), CASES.values(), ids=CASES)
def test_readings_against_the_total(making: Any, signed: Any, money: Any) -> None:
    """10 kWh at 0.50: two more by the meter are worth 1.00, and the price is that of the CDR either way."""
    made = making.tariff(making.component("ENERGY", "0.50"))
    obj = making.cdr(("10:00", {"ENERGY": 10}), end="11:00", tariffs=[made], total_energy=10, signed_data=signed)
    cdr = read_cdr(decode(json.dumps(obj))).cdr
    assert cdr is not None
    found = price(cdr)
    assert found.total_cost.excl_vat == 5
    told = verify(cdr, found)
    assert [(f.code, f.path, f.money) for f in told] == [("signed-data-differs", "$.signed_data", m) for m in money]


def test_without_a_total_or_a_price_nothing_is_compared_or_valued(making: Any) -> None:
    made = making.tariff(making.component("FLAT", "2"))
    obj = making.cdr(("10:00", {"ENERGY": 10}), end="11:00", tariffs=[made], signed_data=_signed(_value(DISAGREE)))
    for more, expected in (({}, []), ({"total_energy": 10}, [("signed-data-differs", None)])):
        cdr = read_cdr(decode(json.dumps({**obj, **more}))).cdr
        assert cdr is not None
        assert [(f.code, f.money) for f in verify(cdr, price(cdr))] == expected
