"""What a country tells about an agreement as a first guess: its time zone, and whether the mainland's is not the only.

Only for the stubs that `evclear init` writes, which a person looks at; pricing finds the zone of a charge by its own,
stricter rule.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Country:
    """A country with its codes (ISO 3166) and the zone of its mainland."""

    alpha2: str
    alpha3: str
    time_zone: str
    one_zone: bool


_ONE_ZONE = """
AD AND Europe/Andorra    AL ALB Europe/Tirane     AT AUT Europe/Vienna      BA BIH Europe/Sarajevo
BE BEL Europe/Brussels   BG BGR Europe/Sofia      CH CHE Europe/Zurich      CZ CZE Europe/Prague
DE DEU Europe/Berlin     DK DNK Europe/Copenhagen EE EST Europe/Tallinn     FI FIN Europe/Helsinki
FR FRA Europe/Paris      GB GBR Europe/London     GR GRC Europe/Athens      HR HRV Europe/Zagreb
HU HUN Europe/Budapest   IE IRL Europe/Dublin     IS ISL Atlantic/Reykjavik IT ITA Europe/Rome
LI LIE Europe/Vaduz      LT LTU Europe/Vilnius    LU LUX Europe/Luxembourg  LV LVA Europe/Riga
MC MCO Europe/Monaco     MD MDA Europe/Chisinau   ME MNE Europe/Podgorica   MK MKD Europe/Skopje
MT MLT Europe/Malta      NL NLD Europe/Amsterdam  NO NOR Europe/Oslo        PL POL Europe/Warsaw
RO ROU Europe/Bucharest  RS SRB Europe/Belgrade   SE SWE Europe/Stockholm   SI SVN Europe/Ljubljana
SK SVK Europe/Bratislava SM SMR Europe/San_Marino TR TUR Europe/Istanbul
"""
_MAINLAND = """
CY CYP Asia/Nicosia      ES ESP Europe/Madrid     PT PRT Europe/Lisbon      UA UKR Europe/Kyiv
"""


def country(code: str | None) -> Country | None:
    """Return a European country by its alpha-2 or alpha-3 code.

    >>> country("NLD").time_zone
    'Europe/Amsterdam'
    """
    return _BY_CODE.get((code or "").strip().upper())


def _rows(table: str, one_zone: bool) -> list[Country]:
    words = iter(table.split())
    return [Country(alpha2, alpha3, zone, one_zone) for alpha2, alpha3, zone in zip(words, words, words, strict=True)]


_BY_CODE = {code: row for row in _rows(_ONE_ZONE, True) + _rows(_MAINLAND, False) for code in (row.alpha2, row.alpha3)}
