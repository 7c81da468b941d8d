"""Where charging happens and with which cards: sites, connectors and tokens, as many as a month of `cdrs` needs."""

from dataclasses import dataclass
from random import Random

from clearing.demo.charge import Connector, Token
from clearing.demo.json_text import Raw, Record, written
from clearing.demo.price_lists import PRICE_LISTS, PriceList
from clearing.demo.world import OPERATORS, PAIRS, PROVIDERS


@dataclass(frozen=True, slots=True)
class Site:
    """A made-up site; `stated` where the book must state its zone because the country does not decide it."""

    cpo: str
    id: str
    address: str
    postal_code: str
    city: str
    latitude: str
    longitude: str
    zone: str
    stated: bool = False


SITES = (
    Site("DE*SWM", "SWM-MITTE", "Chausseestraße 20", "10115", "Berlin", "52.530644", "13.383068", "Europe/Berlin"),
    Site("DE*SWM", "SWM-HAFEN", "Am Kai 4", "20457", "Hamburg", "53.543764", "9.990213", "Europe/Berlin"),
    Site("DE*SWM", "SWM-SUED", "Isarring 9", "80805", "München", "48.171238", "11.600122", "Europe/Berlin"),
    Site("AT*ALP", "ALP-TAL", "Innufer 2", "6020", "Innsbruck", "47.269212", "11.404102", "Europe/Vienna"),
    Site("AT*ALP", "ALP-WIEN", "Prater Allee 30", "1020", "Wien", "48.213476", "16.405114", "Europe/Vienna"),
    Site("NL*LNN", "LNN-GRACHT", "Singel 110", "1012", "Amsterdam", "52.374540", "4.889730", "Europe/Amsterdam"),
    Site("NL*LNN", "LNN-MAAS", "Wilhelminakade 7", "3072", "Rotterdam", "51.905431", "4.487012", "Europe/Amsterdam"),
    Site("NL*LNS", "LNS-DOM", "Maliebaan 14", "3581", "Utrecht", "52.088702", "5.134011", "Europe/Amsterdam"),
    Site("BE*CBR", "CBR-PARK", "Vaartkom 31", "3000", "Leuven", "50.885102", "4.701230", "Europe/Brussels"),
    Site("BE*CBR", "CBR-KAAI", "Scheldekaai 6", "2000", "Antwerpen", "51.220114", "4.397301", "Europe/Brussels"),
    Site("FR*RVL", "RVL-CONFLUENCE", "12 quai du Lac", "69002", "Lyon", "45.742011", "4.815533", "Europe/Paris"),
    Site("FR*RVL", "RVL-OUEST", "3 rue du Port", "44000", "Nantes", "47.209842", "-1.556102", "Europe/Paris"),
    Site(
        "ES*ISL",
        "ISL-PALMAS",
        "Avenida Norte 5",
        "35008",
        "Las Palmas",
        "28.141210",
        "-15.430701",
        "Atlantic/Canary",
        True,
    ),
    Site(
        "ES*ISL",
        "ISL-TEIDE",
        "Calle Alta 17",
        "38001",
        "Santa Cruz",
        "28.468203",
        "-16.250114",
        "Atlantic/Canary",
        True,
    ),
    Site("ES*ISL", "ISL-MADRID", "Calle Larga 80", "28013", "Madrid", "40.418002", "-3.706015", "Europe/Madrid", True),
    Site("CH*BRG", "BRG-SEE", "Uferweg 22", "8002", "Zürich", "47.361320", "8.534401", "Europe/Zurich"),
    Site("CH*BRG", "BRG-AARE", "Brückenstrasse 1", "3005", "Bern", "46.944120", "7.448802", "Europe/Zurich"),
)

_AC_WATTS = (7_400, 11_000, 22_000)
_DC_WATTS = (50_000, 150_000, 300_000)


@dataclass(frozen=True, slots=True)
class Fleet:
    """Connectors by CPO and tokens by e-MSP; `blocked` tokens stand in the lists and never charge but by a plant."""

    connectors: dict[str, tuple[Connector, ...]]
    tokens: dict[str, tuple[Token, ...]]
    blocked: dict[str, tuple[Token, ...]]


def token(emsp: str, uid: str, contract: int, kind: str, listed: str | None) -> Token:
    """Return a token with its CdrToken written once."""
    contract_id = f"{emsp[:2]}-{emsp[3:]}-C{contract:08}"
    fields: Record = {
        "country_code": emsp[:2],
        "party_id": emsp[3:],
        "uid": uid,
        "type": kind,
        "contract_id": contract_id,
    }
    return Token(emsp, uid, contract_id, kind, listed, Raw(written(fields)))


def _location(site: Site, price_list: PriceList, evse_uid: str, number: int, watts: int) -> Raw:
    direct = price_list.power == "DC"
    phases = "DC" if direct else "AC_1_PHASE" if watts < 10_000 else "AC_3_PHASE"
    return Raw(
        written(
            {
                "id": site.id,
                "name": f"{site.city}, {site.address}",
                "address": site.address,
                "city": site.city,
                "postal_code": site.postal_code,
                "country": OPERATORS[site.cpo].country,
                "coordinates": {"latitude": site.latitude, "longitude": site.longitude},
                "evse_uid": evse_uid,
                "evse_id": f"{site.cpo}*E{number:06}",
                "connector_id": "1",
                "connector_standard": "IEC_62196_T2_COMBO" if direct else "IEC_62196_T2",
                "connector_format": "CABLE" if direct else "SOCKET",
                "connector_power_type": phases,
            }
        )
    )


def _connectors(cpo: str, count: int, rng: Random) -> tuple[Connector, ...]:
    sites = [site for site in SITES if site.cpo == cpo]
    made = []
    for number in range(1, count + 1):
        price_list = PRICE_LISTS[cpo][number % len(PRICE_LISTS[cpo])]
        site = sites[rng.randrange(len(sites))]
        watts = (_DC_WATTS if price_list.power == "DC" else _AC_WATTS)[rng.randrange(3)]
        evse_uid = f"{cpo[3:]}-{number:05}"
        location = _location(site, price_list, evse_uid, number, watts)
        made.append(Connector(cpo, evse_uid, site.id, site.zone, watts, price_list, location))
    return tuple(made)


def _tokens(emsp: str, count: int, listed: str | None, rng: Random) -> tuple[Token, ...]:
    first = 20_000_000 if listed == "blocked" else 10_000_000
    return tuple(
        token(
            emsp,
            f"04{rng.getrandbits(48):012X}",
            first + number,
            "APP_USER" if rng.randrange(5) == 0 else "RFID",
            listed,
        )
        for number in range(count)
    )


def build_fleet(cdrs: int, rng: Random) -> Fleet:
    """Return connectors and tokens enough for a month of `cdrs` charges, one at a time on each."""
    weights = sum(pair.weight for pair in PAIRS)
    load: dict[str, int] = {}
    for pair in PAIRS:
        load[pair.cpo] = load.get(pair.cpo, 0) + cdrs * pair.weight // weights
        load[pair.emsp] = load.get(pair.emsp, 0) + cdrs * pair.weight // weights
    listed = {party: "valid" if provider.gives_tokens else None for party, provider in PROVIDERS.items()}
    return Fleet(
        {cpo: _connectors(cpo, 16 + load[cpo] // 20, rng) for cpo in OPERATORS},
        {emsp: _tokens(emsp, 24 + load.get(emsp, 0) // 6, listed[emsp], rng) for emsp in PROVIDERS},
        {emsp: _tokens(emsp, 3, "blocked", rng) for emsp, provider in PROVIDERS.items() if provider.gives_tokens},
    )
