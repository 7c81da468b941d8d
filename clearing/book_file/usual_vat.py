"""The VAT rows that `evclear init` writes as a start. From then on they are the user's: no code reads this table."""

_INTRODUCTION = """\
# ---------------------------------------------------------------------------------------------------------------------
# VAT. THESE ROWS ARE A START AND ARE YOURS: have your tax adviser look at them, change them, add your own.
# Of the rows that fit, the one with the latest `from` not after the day of delivery decides; of equal ones the first.
# So special rows stand before general ones and begin no earlier. Without a row that fits, nothing is posted.
#
# As of November 2026; check the standard rates with their source, the Taxes in Europe Database (TEDB) of the European
# Commission. Charging is a supply of electricity (CJEU C-282/22, C-60/23): to a dealer it is taxed where the dealer is
# established (Directive 2006/112/EC, Art. 38), across a border by reverse charge (Art. 195); else where it is consumed
# (Art. 39).
# Not covered, so write your own rows:
#   * rates for electricity below the standard rate, which some states have (for example IE, LU, MT, GR, PT);
#   * reverse charge between dealers inside a state, other than Germany's (for example AT, FR, IT, CZ, RO);
#   * a buyer across a border who does not resell; sellers outside the EU; small businesses (category E);
#   * places outside the EU's VAT area or with rates of their own (Canaries, Ceuta, Melilla, Buesingen, Madeira, ...).
# Categories (EN 16931): S taxed, AE reverse charge, G export, O outside the scope, E exempt, Z zero rate.
"""

_CROSS_BORDER = "Dealers in another member state: reverse charge (Directive 2006/112/EC, Art. 38 and 195)"
_GERMAN_DEALERS = "Germany, both dealers with certificate USt 1 TH: reverse charge (UStG, section 13b (2) no. 5 b)"
_THIRD_COUNTRY = "Dealers in {}: taxed there (Directive 2006/112/EC, Art. 38), outside the scope here"

STANDARD_RATES = """
AT 20 1995-01-01 Austria        BE 21 1996-01-01 Belgium        BG 20 1999-01-01 Bulgaria   HR 25 2012-03-01 Croatia
CY 19 2014-01-13 Cyprus         CZ 21 2013-01-01 Czechia        DK 25 1992-01-01 Denmark    EE 22 2024-01-01 Estonia
EE 24 2025-07-01 Estonia        FI 24 2013-01-01 Finland        FI 25.5 2024-09-01 Finland  FR 20 2014-01-01 France
DE 19 2021-01-01 Germany        GR 24 2016-06-01 Greece         HU 27 2012-01-01 Hungary    IE 23 2021-03-01 Ireland
IT 22 2013-10-01 Italy          LV 21 2012-07-01 Latvia         LT 21 2009-09-01 Lithuania  LU 17 2024-01-01 Luxembourg
MT 18 2004-01-01 Malta          NL 21 2012-10-01 Netherlands    PL 23 2011-01-01 Poland     PT 23 2011-01-01 Portugal
RO 19 2017-01-01 Romania        RO 21 2025-08-01 Romania        SK 20 2011-01-01 Slovakia   SK 23 2025-01-01 Slovakia
SI 22 2013-07-01 Slovenia       ES 21 2012-09-01 Spain          SE 25 1990-07-01 Sweden
"""
"""Country, percent, valid from, name."""


def usual_rows() -> str:
    """Return the VAT part of a new evclear.toml: special rows first, then the standard rates of the EU-27."""
    reverse = ("EU", "EU-other", "AE", "0", "2007-01-01", _CROSS_BORDER)
    german = ("DE", "DE", "AE", "0", "2021-01-01", _GERMAN_DEALERS)
    rows = [
        _row(*reverse, sentence="reverse-charge", buyer_resells=True),
        _row(*german, sentence="reverse-charge-13b-5b", certificates=True),
    ]
    for code, name, since in (
        ("CH", "Switzerland", "2007-01-01"),
        ("LI", "Liechtenstein", "2007-01-01"),
        ("NO", "Norway", "2007-01-01"),
        ("GB", "the United Kingdom", "2021-01-01"),
    ):
        third = ("EU", code, "O", "0", since, _THIRD_COUNTRY.format(name))
        rows.append(_row(*third, sentence="outside-scope", buyer_resells=True))
    words = iter(STANDARD_RATES.split())
    for code, percent, since, name in zip(words, words, words, words, strict=True):
        rows.append(_row(code, code, "S", percent, since, f"{name}, standard rate"))
    return _INTRODUCTION + "\n" + "\n".join(rows)


def _row(
    seller: str,
    buyer: str,
    category: str,
    percent: str,
    since: str,
    comment: str,
    *,
    sentence: str = "",
    buyer_resells: bool = False,
    certificates: bool = False,
) -> str:
    lines = [f"# {comment}", "[[vat_rule]]", f"from = {since}", f'seller = "{seller}"', f'buyer = "{buyer}"']
    lines += ["buyer_resells = true"] if buyer_resells else []
    lines += ["certificates = true"] if certificates else []
    lines += [f'category = "{category}"', f'percent = "{percent}"']
    lines += [f'sentence = "{sentence}"'] if sentence else []
    return "\n".join(lines) + "\n"
