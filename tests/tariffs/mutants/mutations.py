"""Mutants: sound objects broken in their bytes, in their structure or in their values; the same for one seed."""

import json
from copy import deepcopy
from random import Random
from typing import Any, NamedTuple

from grounds import Ground, grounds

DEEP = "@deep@"
MANY = 10_000
"""So many charging periods, or volumes in one of them; of other lists (elements, tariffs) there are SEVERAL."""
SEVERAL = 1000

NUMBERS = (
    *("0", "-0", "-1", "1e30", "1e31", "-1e30", "1E-30", "1E-31", "1e999", "1e999999999999999999999", "NaN"),
    *("Infinity", "-Infinity", "9" * 30, "9" * 60, "9" * 5000, "0." + "3" * 60, "1.00000000000000000000000000001"),
    *("0.1e1", "12.5", "100000000", "0.00001", "19.99999", '"2.00"', '"1e5"', '"NaN"', '"1,5"', '"٣"', '"0x10"', '""'),
)
TIMES = (
    *("0000-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59Z"),
    *("9999-12-31T23:59:59-12:00", "1970-1-1T00:00:00Z", "1970-01-01T00:00:00Z", "2026-02-30T00:00:00Z"),
    *("2026-10-25T02:30:00", "2026-10-25T01:30:00.999999999Z", "2026-12-31T23:59:60Z", "2026-10-07T24:00:00Z"),
    *("2026-10-07t10:00:00z", "2026-10-07 10:00:00Z", "2026-W41-3T10:00:00Z", "٢٠٢٦-10-07T10:00:00Z", "now"),
    *("2026-10-07T10:00:00+23:59", "2026-10-07T10:00:00+0200", "2026-10-07", "22:00", "24:00", "23:59:59", "25:00"),
)
TEXTS = (
    *("", " ", "\x00", "\ud800", "\udfff\ud800", "\u202e", "\U0001f50c" * 40, "e\u0301", "ﬀ", "İ", "ß", "#NA", "*"),
    *("MONDAY", "monday", "ENERGY", "energy", "FLAT", "RESERVATION", "RESERVATION_EXPIRES", "EUR", "XXX", "YES", "N/A"),
    *("TIME", "PARKING_TIME", "RESERVATION_TIME", "RESERVATION_OVERTIME", "MAX_POWER", "2.1.1", "AD_HOC_USER", "true"),
    *("x" * 70, "y" * 20_000, "../../etc/passwd", "' OR 1=1 --", "{}", "[]", "null"),
)
KEYS = (
    *("restriction", "dayOfWeek", "tariffs", "elements", "stop_date_time", "total_cost", "kwh", "tax_included", "vat"),
    *("before_taxes", "excl_vat", "credit", "signed_data", "id", "", "\x00", "\ud800", "charging_periods", "currency"),
)
OTHERS: tuple[Any, ...] = (None, True, False, [], {}, [[]], [{}], [None], {"": None}, 0, -1, 10**40, "x", [1, "a", {}])
BYTES = (
    *(
        b"\x00",
        b"\xff",
        b"\xc3",
        b"\xed\xa0\x80",
        b"\xef\xbb\xbf",
        b"\\u0000",
        b"\\ud800",
        b"\\",
        b'"',
        b"{",
        b"}",
        b"[",
    ),
    *(b"]", b",", b":", b"e", b"E9", b"-", b".", b"1", b"00", b"NaN", b"null", b"\n", b"\t", b"/*", b"'"),
)


class Mutant(NamedTuple):
    """A broken input: its bytes, what it was once, from which case, and how it was broken."""

    seed: int
    kind: str
    text: bytes
    name: str
    how: str


def mutant(seed: int, *, with_conformance: bool = False) -> Mutant:
    """Return the mutant of a seed."""
    r = Random(seed)
    ground = r.choice(grounds(with_conformance=with_conformance))
    how = r.choices(("bytes", "structure", "values", "all"), (25, 30, 35, 10))[0]
    text = ground.text
    if how in ("structure", "all"):
        text = _structure(r, ground)
    if how in ("values", "all"):
        text = _values(r, text) if "[[[[[[[[[" not in text and text.count("{") < MANY else text
    if how != "bytes" and r.random() < 0.08:
        text = _with_twins(r, text)
    raw = text.encode("utf-8", "surrogatepass" if r.random() < 0.5 else "backslashreplace")
    if how in ("bytes", "all"):
        raw = _bytes(r, raw)
    return Mutant(seed, ground.kind, raw, ground.name, how)


# In the bytes: what a line, a disk or an editor does.


def _bytes(r: Random, raw: bytes) -> bytes:
    for _ in range(r.choice((1, 1, 1, 2, 4, 12))):
        at = r.randrange(len(raw) + 1)
        to = min(len(raw), at + r.choice((0, 1, 1, 2, 9, 60)))
        match r.randrange(7):
            case 0:
                raw = raw[:at] + r.choice(BYTES) + raw[at:]
            case 1:
                raw = raw[:at] + r.choice(BYTES) + raw[to:]
            case 2:
                raw = raw[:at] + raw[to:]
            case 3:
                raw = raw[:to] + raw[at:to] + raw[to:]
            case 4:
                raw = raw[:at] + bytes([r.randrange(256)]) + raw[at + 1 :]
            case 5 if r.random() < 0.2:
                raw = raw[:at]
            case _:
                raw = _digits(r, raw, at)
    return raw


def _digits(r: Random, raw: bytes, at: int) -> bytes:
    """Replace the number after a place, if there is one near."""
    starts = [i for i in range(at, min(len(raw), at + 200)) if raw[i : i + 1].isdigit()]
    if not starts:
        return raw
    end = starts[0]
    while raw[end : end + 1].isdigit() or raw[end : end + 1] == b".":
        end += 1
    return raw[: starts[0]] + r.choice(NUMBERS).encode() + raw[end:]


# In the structure: what another system's export does.


def _structure(r: Random, ground: Ground) -> str:
    obj = json.loads(ground.text)
    for _ in range(r.choice((1, 1, 2, 3, 5))):
        owner, key = _place(r, obj)
        if owner is None:
            break
        value = owner[key]
        match r.randrange(12):
            case 0 | 1:
                del owner[key]
            case 2 | 3:
                owner[key] = deepcopy(r.choice(OTHERS))
            case 4:
                owner[key] = [value]
            case 5:
                owner[key] = {r.choice(KEYS): value}
            case 6 if isinstance(owner, dict):
                owner[r.choice((key.upper(), key.replace("_", ""), key[:-1], *KEYS))] = owner.pop(key)
            case 7 if isinstance(value, list) and value:
                owner[key] = _repeated(r, value, MANY if key in ("charging_periods", "dimensions") else SEVERAL)
            case 8:
                other, place = _place(r, obj)
                if other is not None:
                    owner[key], other[place] = deepcopy(other[place]), deepcopy(value)
            case 9 if isinstance(value, list):
                r.shuffle(value)
            case 10:
                owner[key] = DEEP
            case _ if isinstance(owner, dict):
                owner[r.choice(KEYS)] = deepcopy(value)
    text = json.dumps(obj)
    depth = r.choice((2, 9, 50, 99, 300, 20_000))
    opened, closed = r.choice((("[", "]"), ('{"a": ', "}")))
    return text.replace(f'"{DEEP}"', opened * depth + "0" + closed * depth) if DEEP in text else text


def _place(r: Random, obj: Any) -> tuple[Any, Any]:
    """A container and a key in it; (None, None) where there is nothing left."""
    at: Any = obj
    while True:
        keys = list(at) if isinstance(at, dict) else list(range(len(at)))
        if not keys:
            return None, None
        key = r.choice(keys)
        if isinstance(at[key], dict | list) and at[key] and r.random() < 0.75:
            at = at[key]
            continue
        return at, key


def _repeated(r: Random, value: list[Any], most: int) -> list[Any]:
    """A list over and over: rarely so long that a quadratic step would be noticed."""
    draw = r.random()
    length = most if draw < 0.05 else SEVERAL if draw < 0.15 else r.choice((2, 3, 10, 50))
    return (value * (length // len(value) + 1))[:length]


def _with_twins(r: Random, text: str) -> str:
    """A key given twice, as only a text can."""
    at = text.find(": ", r.randrange(len(text)))
    start = text.rfind(", ", 0, max(at, 0))
    if start < 0:
        return text
    key = text[start:at]
    return (
        text[:start] + key + ": " + r.choice((*NUMBERS, "null", '"x"')) + text[start:] if key.count('"') == 2 else text
    )


# In the values: what people and meters do.


def _values(r: Random, text: str) -> str:
    obj = json.loads(text)
    marks: dict[str, str] = {}
    for _ in range(r.choice((1, 1, 2, 3, 6))):
        owner, key = _leaf(r, obj)
        if owner is None:
            break
        value = owner[key]
        if isinstance(value, str) and "T" in value and value[:1].isdigit():
            owner[key] = deepcopy(r.choice((*TIMES, *TIMES, r.choice(TEXTS), r.choice(OTHERS))))
        elif isinstance(value, str):
            owner[key] = deepcopy(r.choice((*TEXTS, *TEXTS, r.choice(TIMES), r.choice(OTHERS))))
        else:
            mark = f"@{len(marks)}@"
            marks[f'"{mark}"'] = r.choice(NUMBERS) if r.random() < 0.9 else json.dumps(r.choice(OTHERS))
            owner[key] = mark
    found = json.dumps(obj, ensure_ascii=r.random() < 0.7)
    for mark, number in marks.items():
        found = found.replace(mark, number)
    return found


def _leaf(r: Random, obj: Any) -> tuple[Any, Any]:
    for _ in range(8):
        owner, key = _place(r, obj)
        if owner is None or not isinstance(owner[key], dict | list):
            return owner, key
    return None, None
