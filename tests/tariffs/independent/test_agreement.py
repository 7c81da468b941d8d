"""Two pricers that share no line agree on random sessions to the last digit; `make proof` asks them about 100,000."""

import json
import subprocess
import sys
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from agreement import disagreements
from naive import answer
from sessions import session

CHUNK = 100


@pytest.mark.parametrize("first", range(0, 3000, CHUNK))
def test_both_pricers_agree(first: int) -> None:
    apart = {one.seed: found for one in map(session, range(first, first + CHUNK)) if (found := disagreements(one))}
    assert apart == {}, "the seeds of sessions that the two pricers see differently"


def test_a_session_follows_from_its_seed() -> None:
    assert session(7) == session(7)
    assert session(7) != session(8)


def test_most_sessions_have_a_price_and_every_part_occurs() -> None:
    drawn = [session(seed) for seed in range(1000)]
    answers = [answer(one.cdr, list(one.tariffs), one.zone, one.version) for one in drawn]
    priced = [found for found in answers if found]
    assert 900 <= len(priced) < 1000
    for part in priced[0].parts:
        assert sum(1 for found in priced if found.parts[part][0]) >= 80, part
    totals = [(found.total[0], [net for net, _ in found.parts.values()]) for found in priced if None not in found.total]
    assert sum(1 for net, _ in totals if net < 0) >= 40
    assert sum(1 for net, parts in totals if None not in parts and abs(net) != sum(parts)) >= 80
    assert sum(1 for found in priced if found.total[0] is None) >= 20
    assert sum(1 for found in priced if found.total[1] is None) >= 180


def test_versions_places_and_odd_starts_occur() -> None:
    drawn = [session(seed) for seed in range(1000)]
    assert min(Counter(one.version for one in drawn).values()) >= 150
    by_place = [answer(one.cdr, list(one.tariffs), one.zone, one.version) for one in drawn if one.zone is None]
    assert len(by_place) >= 200
    assert 20 <= by_place.count(None) <= 100, "most places tell their zone, or nobody asks"
    texts = {'RESERVATION_EXPIRES", "volume': 40, "1970-": 10, '"time_zone"': 10, '"party_id": "XYZ"': 30}
    for text, least in texts.items():
        assert sum(1 for one in drawn if text in one.cdr + "".join(one.tariffs)) >= least, text


def test_the_line_of_price_prints_the_same_digits(tmp_path: Path) -> None:
    """The contract: plain notation, at most twelve decimals, half even; null when unknown."""
    berlin = [one for one in map(session, range(5000, 6000)) if one.zone == "Europe/Berlin" and not one.tariffs]
    file = str(tmp_path / "cdrs.jsonl")
    Path(file).write_text("".join(f"{one.cdr}\n" for one in berlin), "utf-8")
    command = [sys.executable, "-m", "clearing", "price", file, "--time-zone", "Europe/Berlin", "--format", "jsonl"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 3, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(lines) == len(berlin) > 150
    for line, one in zip(lines, berlin, strict=True):
        found = answer(one.cdr, [], one.zone, one.version)
        assert line["total_cost"] == _printed(found and found.total), one.seed
        for part in ("energy", "time", "parking", "fixed", "reservation"):
            assert line[f"total_{part}_cost"] == _printed(found and found.parts[part]), (one.seed, part)


def _printed(cost: tuple[Fraction | None, Fraction | None] | None) -> dict[str, str | None]:
    net, gross = (None if amount is None else _digits(amount) for amount in cost or (None, None))
    return {"excl_vat": net, "incl_vat": gross}


def _digits(amount: Fraction) -> str:
    return f"{Decimal(round(amount * 10**12)).scaleb(-12).normalize():f}"
