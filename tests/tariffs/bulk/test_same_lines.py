"""The bulk way gives the bytes of the whole way, or leaves the record to it."""

from random import Random

import pytest
import shapes
from ordinary import text

from tariffs.answers import PricingOptions, answer_of, read_text
from tariffs.bulk.lines import LinePricer, price_lines
from tariffs.bulk.whole import line_of
from tariffs.ocpi import decode, read_tariff

SEEDS = range(6000)
LINES = 300


def whole(raw: bytes, number: int, options: PricingOptions) -> bytes:
    """The line of a record by the engine."""
    return line_of(answer_of(number, f"f:{number}", read_text(raw.strip(b" \t\r\n"), options), options))


def compare(lines: list[bytes], options: PricingOptions) -> float:
    """Assert that both ways give the same bytes; return the share that the bulk way answered."""
    pricer = LinePricer(options)
    for number, raw in enumerate(lines, 1):
        assert pricer.block(raw, number, "f", number) == whole(raw, number, options), raw.decode()
    assert pricer.count == len(lines)
    return 1 - pricer.whole_way / len(lines)


@pytest.mark.parametrize("shape", shapes.SHAPES, ids=lambda shape: shape.name)
def test_the_shapes_of_the_benchmark(shape: shapes.Shape) -> None:
    lines = [line.encode() for line in shapes.lines(shape, LINES)]
    assert compare(lines, PricingOptions()) > 0.97


@pytest.mark.parametrize("zone", [None, "Europe/Berlin", "America/New_York"])
def test_random_sessions(zone: str | None) -> None:
    """Every edge of restrictions, steps, limits, clock changes: what is unusual is passed on, nothing differs."""
    lines = [made.encode() for seed in SEEDS if (made := text(seed)) is not None]
    assert len(lines) > 1500
    assert compare(lines, PricingOptions(time_zone=zone)) > 0.1


def test_tariffs_beside_the_cdrs() -> None:
    """Tariffs that the caller gives, by id or as the only one; a CDR that brings its own goes the whole way."""
    made = [line for line in shapes.lines(shapes.SHAPES[1], 40)]
    texts = {cut(line)[1] for line in made}
    tariffs = tuple(read_tariff(decode(one)).tariff for one in sorted(texts))
    assert None not in tariffs
    lines = [cut(line)[0].encode() for line in made]
    assert compare(lines, PricingOptions(tariffs=tariffs)) == 1  # type: ignore[arg-type]
    without_ids = [line.replace(f', "tariff_id": "{ident(line)}"'.encode(), b"") for line in lines]
    assert compare(without_ids, PricingOptions(tariffs=tariffs[:1])) == 1  # type: ignore[arg-type]
    assert compare(without_ids, PricingOptions(tariffs=tariffs[:2])) == 0  # type: ignore[arg-type]
    assert compare([line.encode() for line in made], PricingOptions(tariffs=tariffs)) == 0  # type: ignore[arg-type]


def cut(line: str) -> tuple[str, str]:
    """A line without its tariffs, and the text of the one tariff."""
    start = line.index('"tariffs": [') + len('"tariffs": [')
    end = line.index('], "charging_periods"')
    return line[: start - len('"tariffs": [')] + line[end + 3 :], line[start:end]


def ident(line: bytes) -> str:
    """The tariff that a line names."""
    at = line.index(b'"tariff_id": "') + len(b'"tariff_id": "')
    return line[at : line.index(b'"', at)].decode()


REPLACEMENTS = [
    ('"RFID"', '"AD_HOC_USER"'),
    ('"DE"', '""'),
    ('"DEU"', '"NLD"'),
    ('"DEU"', '"XX"'),
    ('"EUR"', '"CHF"'),
    ('"volume": ', '"volume": 0.00001'),
    ('"volume": ', '"volume": -'),
    ('"volume": ', '"volume": 1e'),
    ('"ENERGY"', '"ENERGI"'),
    ('"TIME"', '"ENERGY"'),
    ('"TIME"', '"MAX_POWER"'),
    ('"TIME"', '"RESERVATION_TIME"'),
    ('"type": "TIME", "volume": ', '"type": "TIME", "volume": 1'),
    ('"dimensions": [', '"dimensions": [], "dimensions": ['),
    ('"total_cost": {', '"total_cost": {"excl_vat": 1}, "total_cost": {'),
    ('"excl_vat": 12.34', '"excl_vat": 12.34, "excl_vat": 13'),
    ('"excl_vat": 12.34', '"excl_vat": "12.34"'),
    ('"excl_vat": 12.34', '"excl_vat": 0.1234567890123'),
    ('"excl_vat": 12.34', '"excl_vat": true'),
    ('"excl_vat": 12.34', '"excl_vat": 12'),
    ('"excl_vat": 12.34', '"excl_vat": -0.0'),
    (', "incl_vat": 14.68', ""),
    ('"incl_vat": 14.68', '"incl_vat": null'),
    ('"total_energy": ', '"total_energy": 9'),
    ('"total_time": ', '"total_time": 9'),
    ('"total_time": ', '"total_time": 0.000'),
    ('"total_parking_time": ', '"total_parking_time": 7'),
    ('"last_updated"', '"credit": true, "last_updated"'),
    ('"last_updated"', '"credit": false, "last_updated"'),
    ('"last_updated"', '"home_charging_compensation": true, "last_updated"'),
    ('"last_updated"', '"remark": "a \\"b\\" c", "last_updated"'),
    ('"last_updated"', '"remark": "", "last_updated"'),
    ('"last_updated"', '"remark": null, "meter_id": "M", "last_updated"'),
    ('"last_updated"', '"custom": 1, "last_updated"'),
    ('"last_updated"', '"total_energy_cost": {"excl_vat": 1}, "last_updated"'),
    ('"last_updated"', '"total_energy_cost": null, "last_updated"'),
    ('"last_updated"', '"total_fixed_cost": {"excl_vat": 0}, "last_updated"'),
    ('"last_updated"', '"total_fixed_cost": {"excl_vat": 0}, "total_parking_cost": {"excl_vat": 0}, "last_updated"'),
    ('"last_updated"', '"total_reservation_cost": {"excl_vat": 0, "incl_vat": 0}, "last_updated"'),
    ('"tariffs":', '"tariffs" :'),
    ('"tariffs": [', '"tariffs": null, "tariffs": ['),
    ('"tariffs": [', '"tariffs": "known tariffs", "tariffs": ['),
    ('"tariffs": [', '"tariffs":['),
    ('"tariffs": [', '"tariffs": 7, "x": ['),
    ('"tariff_id": "TARIFF', '"tariff_id": "tariff'),
    ('"tariff_id": "TARIFF-0001"', '"tariff_id": "TARIFF-9999"'),
    (', "tariff_id"', ', "tariff_id": "", "was"'),
    ("2026-", "1970-01-01T00:00:00Z-"),
    ("Z", ""),
    ("Z", ".000Z"),
    ("Z", ".500Z"),
    ("Z", "+00:00"),
    (":", ": "),
    ("{", "{ "),
    ("Town", "Stra\u00dfe"),
    ("Town", "\\u00df"),
    ("CDR-", "CDR\u2028\U0001f600-"),
    ('"charging_periods": [', '"charging_periods": [], "old": ['),
]


@pytest.mark.parametrize(("old", "new"), REPLACEMENTS)
def test_one_thing_changed(old: str, new: str) -> None:
    """In the first place and in every place, on each shape, after the tariffs are known."""
    for shape in shapes.SHAPES:
        made = list(shapes.lines(shape, 12))
        changed = [line.replace(old, new, 1) for line in made] + [line.replace(old, new) for line in made]
        changed += [new.join(line.rsplit(old, 1)) for line in made]
        compare([line.encode() for line in (*made, *changed)], PricingOptions())


def test_broken_bytes() -> None:
    """Whatever byte is hit: both ways say the same, and nothing is raised."""
    dice = Random(11)
    made = [line.strip().encode() for shape in shapes.SHAPES for line in shapes.lines(shape, 60)]
    lines = list(made)
    for raw in made:
        at = dice.randrange(len(raw))
        lines.append(raw[:at] + bytes([dice.randrange(256)]) + raw[at + 1 :])
        lines.append(raw[:at] + raw[at + dice.randrange(1, 4) :])
    compare([raw.replace(b"\n", b" ") for raw in lines], PricingOptions())


@pytest.mark.parametrize("version", ["2.1.1", "2.2.1", "2.3.0"])
def test_a_stated_version(version: str) -> None:
    lines = [line.encode() for line in shapes.lines(shapes.SHAPES[1], 20)]
    assert (compare(lines, PricingOptions(version=version)) > 0.9) == (version == "2.2.1")


def test_blocks_number_their_lines() -> None:
    lines = list(shapes.lines(shapes.SHAPES[0], 3))
    data = f"{lines[0]}\n \r\n{lines[1]}broken\n{lines[2]}".encode()
    pricer = LinePricer(PricingOptions())
    found = pricer.block(data, 10, "f", 5)
    expected = [(10, 5, lines[0]), (11, 8, lines[1]), (12, 9, "broken"), (13, 10, lines[2])]
    options = PricingOptions()
    assert found == b"".join(
        line_of(answer_of(number, f"f:{line}", read_text(text.strip().encode(), options), options))
        for number, line, text in expected
    )
    assert (pricer.count, pricer.needing, pricer.whole_way) == (4, 1, 1)
    assert list(price_lines(data.splitlines(keepends=True), name="f")) == [
        one.replace(f'"record": {n + 9}', f'"record": {n}').replace(f'"f:{line}"', f'"f:{line - 4}"')
        for n, (one, (_, line, _)) in enumerate(zip(found.decode().split("\n")[:-1], expected, strict=True), 1)
    ]
