"""Two pricers that share no line agree on random sessions to the last digit; `make proof` asks them about 100,000."""

import json
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from agreement import disagreements
from naive import answer
from sessions import session

CHUNK = 500


@pytest.mark.parametrize("first", range(0, 3000, CHUNK))
def test_both_pricers_agree(first: int) -> None:
    apart = {one.seed: found for one in map(session, range(first, first + CHUNK)) if (found := disagreements(one))}
    assert apart == {}, "the seeds of sessions that the two pricers see differently"


def test_a_session_follows_from_its_seed() -> None:
    assert session(7) == session(7)
    assert session(7) != session(8)


def test_most_sessions_have_a_price_and_every_part_occurs() -> None:
    answers = [answer(drawn.cdr, list(drawn.tariffs), drawn.zone) for drawn in map(session, range(1000))]
    priced = [found for found in answers if found]
    assert 900 <= len(priced) < 1000
    for part in priced[0].parts:
        assert sum(1 for found in priced if found.parts[part][0]) >= 80, part
    assert sum(1 for found in priced if found.total[0] < 0) >= 40
    assert sum(1 for found in priced if abs(found.total[0]) != sum(net for net, _ in found.parts.values())) >= 100


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
        found = answer(one.cdr, [], one.zone)
        assert line["total_cost"] == _printed(found and found.total), one.seed
        for part in ("energy", "time", "parking", "fixed", "reservation"):
            assert line[f"total_{part}_cost"] == _printed(found and found.parts[part]), (one.seed, part)


def _printed(cost: tuple[Fraction, Fraction] | None) -> dict[str, str | None]:
    if cost is None:
        return {"excl_vat": None, "incl_vat": None}
    net, gross = (f"{Decimal(round(amount * 10**12)).scaleb(-12).normalize():f}" for amount in cost)
    return {"excl_vat": net, "incl_vat": gross}
