"""evclear draw: one PDF of all, one SVG of one, or a folder with both of each; the fixed exit codes."""

import json
from pathlib import Path

from click.testing import CliRunner, Result

from clearing.commands.draw import draw

FIXTURES = Path(__file__).resolve().parents[3] / "fixtures"
NIGHT = FIXTURES / "tariffs" / "clock-goes-back" / "tariff.json"
RESERVED = FIXTURES / "tariffs" / "reservation-used" / "tariff.json"


def _run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(draw, [str(a) for a in arguments])


def test_a_pdf_holds_all_tariffs(tmp_path: Path) -> None:
    out = tmp_path / "new" / "all.pdf"
    result = _run(NIGHT, RESERVED, "--out", out, "--lang", "de")
    assert (result.exit_code, result.stdout) == (0, f"{out}\n")
    content = out.read_bytes()
    assert content.startswith(b"%PDF")
    assert content.count(b"/Type /Page\n") == 4
    _run(NIGHT, RESERVED, "--out", out, "--lang", "de")
    assert out.read_bytes() == content


def test_an_svg_holds_one(tmp_path: Path) -> None:
    out = tmp_path / "one.svg"
    assert _run(NIGHT, "--out", out).exit_code == 0
    assert "Prices over the week" in out.read_text("utf-8")
    result = _run(NIGHT, RESERVED, "--out", out)
    assert (result.exit_code, "name a folder, or a .pdf" in result.stderr) == (2, True)


def test_a_folder_holds_both_of_each_under_names_that_can_be(tmp_path: Path) -> None:
    tariff = json.loads(NIGHT.read_text("utf-8"), parse_float=str)
    names = ["../../etc/passwd", "a/b", "A/B", "", "Ünïcode und mehr " + "x" * 90, "..."]
    given = tmp_path / "tariffs.jsonl"
    given.write_text("\n".join(json.dumps({**tariff, "id": name, "party_id": None}) for name in names))
    result = _run(given, "--out", tmp_path / "pictures")
    assert result.exit_code == 0
    made = sorted(path.name for path in (tmp_path / "pictures").iterdir())
    assert len(made) == 2 * len(names)
    assert {Path(name).suffix for name in made} == {".pdf", ".svg"}
    assert "DE_a-b.pdf" in made
    assert "DE_A-B-2.pdf" in made
    assert all(len(name) <= 70 and name.isascii() for name in made)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["pictures", "tariffs.jsonl"]


def test_what_cannot_be_used_is_told(tmp_path: Path) -> None:
    malformed = FIXTURES / "lint" / "malformed-record" / "tariff.json"
    out = tmp_path / "x.pdf"
    result = _run(malformed, "--out", out)
    assert (result.exit_code, out.exists(), "no usable tariff" in result.stderr) == (3, False, True)
    assert _run(tmp_path / "none.json", "--out", out).exit_code == 4
    result = _run(malformed, NIGHT, "--out", out)
    assert (result.exit_code, out.exists()) == (3, True)


def test_wrong_use(tmp_path: Path) -> None:
    for zone in ("Europe/Nowhere", "Etc/GMT+12"):
        assert _run(NIGHT, "--out", tmp_path / "x.pdf", "--time-zone", zone).exit_code == 2
    assert _run(NIGHT).exit_code == 2
    (tmp_path / "file").write_text("")
    result = _run(NIGHT, "--out", tmp_path / "file" / "x.pdf")
    assert "name another place by --out" in result.stderr
