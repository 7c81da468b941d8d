"""evclear generate: CDRs that evclear price takes without a finding, what they show, and the fixed exit codes."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from clearing.commands.generate import generate
from clearing.commands.lint import lint
from clearing.commands.price import price

FIXTURES = Path(__file__).resolve().parents[3] / "fixtures"
NIGHT = FIXTURES / "tariffs" / "clock-goes-back" / "tariff.json"
RESERVED = FIXTURES / "tariffs" / "reservation-used" / "tariff.json"


def _run(*arguments: str | Path, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(generate, [str(a) for a in arguments], input=stdin)


def _json(text: str) -> Any:
    return json.loads(text, parse_float=Decimal)


def test_price_takes_what_is_made_without_a_finding_or_difference(tmp_path: Path) -> None:
    for output in ("json", "jsonl"):
        made = tmp_path / f"cdrs.{output}"
        result = _run(NIGHT, RESERVED, "--format", output, "--out", made)
        assert (result.exit_code, result.stdout) == (0, "")
        priced = CliRunner().invoke(price, [str(made), "--format", "jsonl"])
        assert priced.exit_code == 0
        answers = [_json(line) for line in priced.stdout.splitlines()]
        assert len(answers) >= 8
        assert [answer["cdr_id"][:6] for answer in answers] == [f"EV-{n:03}" for n in range(1, len(answers) + 1)]
        for answer in answers:
            assert answer["difference"] == {"excl_vat": "0", "incl_vat": "0"}
            assert [f["code"] for f in answer["findings"] if f["severity"] != "I"] == []
        assert CliRunner().invoke(lint, ["cdr", str(made)]).exit_code == 0


def test_json_says_what_each_one_shows_and_what_cannot_be_shown() -> None:
    covered = FIXTURES / "lint" / "unreachable-component" / "tariff.json"
    result = _run(covered)
    answer = _json(result.stdout)
    assert list(answer) == ["schema", "data", "tariffs"]
    assert answer["schema"] == "evclear.generate/1"
    (told,) = answer["tariffs"]
    assert set(told) == {
        "where", "tariff_id", "ocpi_version", "time_zone", "components", "cdrs", "not_shown"
    }  # fmt: skip
    assert [one["id"] for one in told["cdrs"]] == [cdr["id"] for cdr in answer["data"]]
    assert all(one["shows"] for one in told["cdrs"])
    gaps = [gap for gap in told["not_shown"] if gap["kind"] == "component"]
    assert [set(gap) for gap in gaps] == [{"path", "what", "why", "kind"}]
    assert f"{gaps[0]['path']}: {gaps[0]['what']} never counts: earlier elements" in result.stderr
    assert (
        f"{covered}:1: T1: {len(answer['data'])} CDRs, {told['components'] - 1} of {told['components']} price"
        in result.stderr
    )


def test_the_same_tariff_gives_the_same_bytes() -> None:
    assert _run(NIGHT).stdout_bytes == _run(NIGHT).stdout_bytes


def test_count_from_and_zone() -> None:
    answer = _json(_run(NIGHT, "--count", "1", "--from", "2026-06-01", "--time-zone", "Atlantic/Canary").stdout)
    (cdr,) = answer["data"]
    assert cdr["start_date_time"] >= "2026-05-31T23:00:00Z"
    assert cdr["cdr_location"]["country"] == "ESP"
    assert answer["tariffs"][0]["time_zone"] == "Atlantic/Canary"


def test_each_version_is_detected_or_told() -> None:
    included = FIXTURES / "tariffs" / "v230-taxes-included" / "tariff.json"
    assert "before_taxes" in _json(_run(included).stdout)["data"][0]["total_cost"]
    old = FIXTURES / "tariffs" / "v211-power-by-the-mean" / "tariff.json"
    result = _run(old, "--ocpi-version", "2.1.1")
    assert "stop_date_time" in _json(result.stdout)["data"][0]
    assert "restriction-unverifiable, which the tariff itself brings about" in result.stderr


def test_what_cannot_be_used_is_told_and_stops_no_other(tmp_path: Path) -> None:
    malformed = FIXTURES / "lint" / "malformed-record" / "tariff.json"
    empty = FIXTURES / "lint" / "no-elements" / "tariff.json"
    result = _run(malformed, empty, NIGHT, "--format", "jsonl")
    assert result.exit_code == 3
    assert f"{malformed}:1: no usable tariff: $.elements[0]" in result.stderr
    assert f"{empty}:1: no usable tariff: $.elements: the tariff has no elements" in result.stderr
    assert len(result.stdout.splitlines()) >= 3
    result = _run(tmp_path / "none.json", NIGHT, "--count", "1")
    assert (result.exit_code, "unreadable-file" in result.stderr) == (4, True)
    result = _run("-", stdin=b'[1, {"id": ')
    assert result.exit_code in (3, 4)


def test_wrong_use() -> None:
    for zone, words in (("Europe/Nowhere", "no IANA time zone"), ("Etc/GMT+12", "no town has the time zone")):
        result = _run(NIGHT, "--time-zone", zone)
        assert (result.exit_code, words in result.stderr) == (2, True)
    assert _run(NIGHT, "--count", "0").exit_code == 2
    assert _run().exit_code == 2


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = _run(NIGHT, "--out", tmp_path / "file" / "cdrs.json")
    assert result.exit_code != 0
    assert "name another place by --out" in result.stderr


@pytest.mark.parametrize(
    "name", ["cap-reached", "window-over-midnight", "overstay-after-two-hours", "v230-no-taxes-apply"]
)
def test_our_own_tariffs_show_all_they_have(name: str) -> None:
    answer = _json(_run(FIXTURES / "tariffs" / name / "tariff.json").stdout)
    assert answer["tariffs"][0]["not_shown"] == []
