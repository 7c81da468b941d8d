"""A record whose tariffs were seen before decodes to exactly what it would without them being known."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tariffs import NotJson
from tariffs.ocpi import decode, read_cdr
from tariffs.ocpi.decoding import is_shared

TARIFFS = [
    [
        {
            "country_code": "DE", "party_id": "ABC", "id": f"TARIFF-{number}", "currency": "EUR", "type": "REGULAR",
            "elements": [{"price_components": [{"type": "ENERGY", "price": 0.5, "vat": 19.0}]}] * number,
            "last_updated": "2026-01-05T08:00:00Z",
        }
    ]
    for number in range(1, 5)
]  # fmt: skip
TEXTS = [json.dumps(tariffs) for tariffs in TARIFFS]
ODD = ["NaN", "Infinity", "-Infinity", "1E+400", '"tariffs"', '"\\"tariffs\\": ["', "[]", "{}", "1", "é", '"é"']
PLACES = [
    '{"id": "C", "tariffs": %s, "total_energy": %s}',
    '{"tariffs":%s, "x": %s}',
    ' {"tariffs": %s, "x": %s}',
    '{"x": {"tariffs": %s}, "tariffs": %s}',
    '{"tariffs": %s, "tariffs": %s}',
    '{"tariffs": %s, "remark": %s',
    '{"x\\"tariffs": %s, "x": %s}',
    '{"tariffs": %s}, "x": %s',
    '[{"tariffs": %s}, %s]',
    '{"remark": "\\"tariffs\\": %s", "x": %s}',
    '\ufeff{"tariffs": %s, "x": %s}\n',
]
RECORDS = st.builds(lambda place, first, second: place % (first, second), st.sampled_from(PLACES),
                    st.sampled_from(TEXTS) | st.sampled_from(TEXTS).map(lambda t: t[:-1] + ', 7]'),
                    st.sampled_from(ODD) | st.sampled_from(TEXTS))  # fmt: skip


def decoded(text: bytes | str) -> str:
    try:
        return repr(decode(text))
    except NotJson as problem:
        return f"NotJson: {problem}"


@given(st.lists(RECORDS, min_size=1, max_size=8))
def test_known_tariffs_change_no_value(records: list[str]) -> None:
    for record in records * 3:
        assert decoded(record.encode()) == decoded(record)  # of a str nothing is ever cut


@pytest.mark.parametrize("text", TEXTS)
def test_after_a_few_records_tariffs_are_shared(text: str) -> None:
    values = [decode(b'{"id": "%d", "tariffs": %s}' % (number, text.encode())) for number in range(6)]
    assert is_shared(values[5]["tariffs"][0])  # type: ignore[index]
    assert values[4]["tariffs"] is values[5]["tariffs"]  # type: ignore[index]
    assert read_cdr(values[5]).cdr.tariffs == read_cdr(decode(json.dumps({"tariffs": json.loads(text)}))).cdr.tariffs
