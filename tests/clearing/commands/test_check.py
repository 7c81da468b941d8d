"""`evclear check`: silent when all is well, else every line that a person must look at."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from clearing.commands import main

COMPLETE = """\
[[company]]
name = "Stadtwerke Musterstadt GmbH"
ids = ["DE*ABC"]
roles = ["cpo"]
country = "DE"
address = ["Musterweg 1", "10115 Berlin"]
vat_id = "DE136695976"
iban = "DE89370400440532013000"

[[company]]
name = "Laadpas BV"
ids = ["NL*XYZ"]
roles = ["emsp"]
country = "NL"
address = ["Kade 1", "Amsterdam"]
vat_id = "NL004495445B01"

[[agreement]]
cpo = "DE*ABC"
emsp = "NL*XYZ"
valid_from = 2026-01-01
time_zone = "Europe/Berlin"
currency = "EUR"

[[vat_rule]]
from = 2007-01-01
seller = "EU"
buyer = "EU-other"
buyer_resells = true
category = "AE"
percent = "0"
sentence = "reverse-charge"
"""


def check(book: Path, text: str) -> Result:
    (book / "evclear.toml").write_text(text, encoding="utf-8")
    return CliRunner().invoke(main, ["--book", str(book), "check"])


def test_silent_when_all_is_well(tmp_path: Path) -> None:
    result = check(tmp_path, COMPLETE)
    assert (result.exit_code, result.output) == (0, "")


@pytest.mark.parametrize(
    ("old", "new", "start"),
    [
        pytest.param('"Laadpas BV"', '"FILL IN"', "evclear.toml:11: name of NL*XYZ is FILL IN; write", id="FILL IN"),
        pytest.param('vat_id = "NL004495445B01"\n', "", "evclear.toml:10: vat_id of NL*XYZ is missing", id="VAT id"),
        pytest.param('iban = "DE89370400440532013000"\n', "", "evclear.toml:1: iban of DE*ABC is missing", id="IBAN"),
        pytest.param('seller = "EU"', 'seller = "AT"', "evclear.toml:18: no [[vat_rule]] fits", id="VAT rule"),
    ],
)
def test_gaps_are_listed_with_their_line(tmp_path: Path, old: str, new: str, start: str) -> None:
    result = check(tmp_path, COMPLETE.replace(old, new))
    assert result.exit_code == 3
    (line,) = result.stdout.splitlines()
    assert line.startswith(start)
    assert result.stderr == ""


def test_a_gap_of_someone_else_s_documents_is_none(tmp_path: Path) -> None:
    text = '[book]\nas = "emsp"\n' + COMPLETE.replace('iban = "DE89370400440532013000"\n', "")
    assert check(tmp_path, text).exit_code == 0


def test_errors_end_with_4(tmp_path: Path) -> None:
    result = check(tmp_path, COMPLETE.replace('"EUR"', '"EURO"').replace('country = "NL"', "cuontry = 1"))
    assert result.exit_code == 4
    assert [line.split(": ")[0] for line in result.stderr.splitlines()] == [
        "evclear.toml:10",
        "evclear.toml:14",
        "evclear.toml:23",
    ]
    assert result.stdout == ""


def test_without_a_book_it_says_how_to_make_one(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["--book", str(tmp_path / "none"), "check"])
    assert result.exit_code == 4
    assert "evclear init" in result.stderr
