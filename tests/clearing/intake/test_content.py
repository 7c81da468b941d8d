"""One content has one hash, however it is written down (contract, section 3.12)."""

import pytest

from clearing.intake.content import content_hash
from tariffs.ocpi import decode

SAME = {
    "key order": ('{"a": 1, "b": {"c": 2, "d": 3}}', '{"b": {"d": 3, "c": 2}, "a": 1}'),
    "spacing": ('{"a":[1,2]}', '{ "a" : [ 1 ,\n 2 ] }'),
    "escapes": ('{"a": "ß/"}', '{"a": "\\u00df\\/"}'),
    "zeros": ('{"a": 1}', '{"a": 1.00}'),
    "exponent": ('{"a": 1}', '{"a": 1e0}'),
    "shifted": ('{"a": 1000}', '{"a": 1.0E+3}'),
    "fractions": ('{"a": 0.05}', '{"a": 5.0e-2}'),
    "tiny": ('{"a": -0.00000005}', '{"a": -5e-8}'),
    "nothing": ('{"a": 0}', '{"a": -0.0}'),
    "nothing, shifted": ('{"a": 0}', '{"a": 0E-30}'),
    "huge": ('{"a": 1' + "0" * 50 + "}", '{"a": 1e50}'),
    "beyond": ('{"a": 1e1000000}', '{"a": 10.0e999999}'),
    "last_updated": ('{"a": 1, "last_updated": "x"}', '{"a": 1, "last_updated": "y"}'),
    "no last_updated": ('{"a": 1, "last_updated": "x"}', '{"a": 1}'),
}
OTHER = {
    "a number": ('{"a": 1}', '{"a": 1.01}'),
    "a sign": ('{"a": 0.5}', '{"a": -0.5}'),
    "a place": ('{"a": 0.5}', '{"a": 0.05}'),
    "a text": ('{"a": 1}', '{"a": "1"}'),
    "true": ('{"a": 1}', '{"a": true}'),
    "null": ('{"a": null}', "{}"),
    "order of a list": ('{"a": [1, 2]}', '{"a": [2, 1]}'),
    "inner last_updated": ('{"a": {"last_updated": 1}}', '{"a": {"last_updated": 2}}'),
    "case of an id": ('{"id": "a"}', '{"id": "A"}'),
    "a decimal as a list": ('{"a": 0.5}', '{"a": ["", "0", "5"]}'),
    "NaN and nothing": ('{"a": NaN}', '{"a": null}'),
}


def hash_of(text: str) -> str:
    return content_hash(decode(text), text.encode())


@pytest.mark.parametrize(("one", "other"), SAME.values(), ids=SAME)
def test_the_same_content(one: str, other: str) -> None:
    assert hash_of(one) == hash_of(other)


@pytest.mark.parametrize(("one", "other"), OTHER.values(), ids=OTHER)
def test_another_content(one: str, other: str) -> None:
    assert hash_of(one) != hash_of(other)


def test_what_is_no_object_is_named_by_its_bytes() -> None:
    assert content_hash(None, b"{broken") != content_hash(None, b"{broken ")
    assert content_hash([1], b"[1]") == content_hash(None, b"[1]")
