"""What goes wrong between two sides that tell the same charge: each function plants one discrepancy into a story.

A function returns None where the charge does not suit it, and another charge is drawn.
"""

from dataclasses import dataclass, replace
from random import Random

from clearing.demo.amounts import UNIT_E8, plain
from clearing.demo.cost import Claim, claim, cost
from clearing.demo.fleet import Fleet, token
from clearing.demo.json_text import Raw, Record
from clearing.demo.price_lists import PRICE_LISTS, Component, Element
from clearing.demo.records import (
    COST_FIELDS,
    Telling,
    cdr_id,
    claimed_fields,
    cpo_cdr,
    emsp_cdr,
    instant_text,
    money,
    session_id,
)
from clearing.demo.story import Sent, Story, clean, delivers, emsp_record, emsp_telling
from clearing.demo.traffic import Charge
from clearing.demo.world import OPERATORS

_SKEW_S = 3600
_LATER_S = 1043  # no multiple of a quarter of an hour, so that nobody can take it for a wrong clock


@dataclass(frozen=True, slots=True)
class Scene:
    """What a plant may draw from besides its charge."""

    fleet: Fleet
    rng: Random


def worth(story: Story, units: int) -> bool:
    """Whether the charge costs at least so many units of its currency, excluding VAT."""
    return story.charge.claim.excl_e8 >= units * UNIT_E8


def raised(charge: Charge, by_e8: int) -> Claim:
    """Return the claim of a charge with another price for its energy."""
    vat = next(c.vat_permille or 0 for e in charge.price_list.elements for c in e.components if c.dimension == "ENERGY")
    more = by_e8 * vat // 1000
    parts = tuple(
        (name, excl + by_e8, incl + by_e8 + more) if name == "ENERGY" else (name, excl, incl)
        for name, excl, incl in charge.claim.parts
    )
    return Claim(parts, charge.claim.excl_e8 + by_e8, charge.claim.incl_e8 + by_e8 + more)


def missing_at_emsp(story: Story, scene: Scene) -> Story | None:
    """The e-MSP has no record."""
    return replace(story, emsp=()).finding("missing-at-emsp", "cpo").with_end("waiting")


def missing_at_cpo(story: Story, scene: Scene) -> Story | None:
    """The CPO has no record."""
    return replace(story, cpo=(), judged=()).finding("missing-at-cpo", "emsp")


def repeated_delivery(story: Story, scene: Scene) -> Story | None:
    """The CPO delivers the record twice: other order of keys, other spelling of a number, later last_updated."""
    record = dict(reversed(story.cpo[0].record.items()))
    record["total_energy"] = Raw(f"{record['total_energy']}00")
    record["last_updated"] = instant_text(story.charge.end + 90_000)
    again = replace(story.judged[0], end="repeated")
    return replace(story, cpo=(*story.cpo, Sent(record, True)), judged=(*story.judged, again)).finding(
        "repeated-delivery"
    )


def conflicting_content(story: Story, scene: Scene) -> Story | None:
    """The CPO delivers another content under the same id."""
    other = raised(story.charge, UNIT_E8 * 11 // 10)
    record = story.cpo[0].record | claimed_fields(other)
    judged = replace(story.judged[0], claim_e8=other.excl_e8, basis_e8=other.excl_e8)
    both = replace(story, cpo=(*story.cpo, Sent(record, True)), judged=(*story.judged, judged))
    return both.with_end("waiting").finding("conflicting-content").finding("conflicting-content")


def probable_duplicate(story: Story, scene: Scene) -> Story | None:
    """The CPO delivers the same charge under another id, which the e-MSP does not know."""
    name = f"{cdr_id(story.charge)}-BIS"
    record = story.cpo[0].record | {
        "id": name,
        "session_id": f"{session_id(story.charge)}-BIS",
        "last_updated": instant_text(story.charge.end + 7200),
    }
    del record["authorization_reference"]
    judged = replace(story.judged[0], end="waiting")
    both = replace(story, cpo=(*story.cpo, Sent(record, True)), judged=(*story.judged, judged))
    found = both.finding("probable-duplicate", "cpo")
    return replace(found, expected=(*story.expected, replace(found.expected[-1], cpo_cdr_id=name)))


def price_claim_differs(story: Story, scene: Scene) -> Story | None:
    """The CPO claims another price than its tariff makes."""
    if not worth(story, 2):
        return None
    changed = raised(story.charge, scene.rng.randrange(50, 300) * (UNIT_E8 // 100))
    judged = story.judged[0]
    basis = {"claimed": changed.excl_e8, "computed": judged.basis_e8, "lower": min(judged.basis_e8, changed.excl_e8)}
    judged = replace(judged, claim_e8=changed.excl_e8, basis_e8=basis[story.charge.pair.basis])
    told = replace(story.with_cpo(**claimed_fields(changed)), judged=(judged,))
    return told.finding("price-claim-differs", "both" if story.emsp else "cpo").with_end("waiting")


def clock_skew(story: Story, scene: Scene) -> Story | None:
    """The e-MSP's clock is an hour ahead."""
    told = emsp_record(story.charge, Telling(_SKEW_S, _SKEW_S))
    return replace(story, emsp=(told,)).finding("clock-skew")


def tariff_differs(story: Story, scene: Scene) -> Story | None:
    """The e-MSP's CDR names and applies another tariff of the CPO."""
    charge = story.charge
    for other in PRICE_LISTS[charge.pair.cpo]:
        exact = cost(other, charge.stretches)
        claimed = claim(other, exact, OPERATORS[charge.pair.cpo].decimals)
        apart = abs(claimed.excl_e8 - charge.claim.excl_e8)
        if other.power == charge.price_list.power and apart > UNIT_E8 // 2 and worth(story, 2):
            told = emsp_cdr(replace(charge, price_list=other, claim=claimed), emsp_telling(charge))
            return replace(story, emsp=(told,)).finding("tariff-differs").with_end("waiting")
    return None


def tariff_not_as_published(story: Story, scene: Scene) -> Story | None:
    """The CDR brings the tariff with another kWh price than the CPO published under the same id."""
    charge = story.charge
    if charge.price_list.id.endswith("FREE"):
        return None
    changed = replace(charge.price_list, elements=tuple(_dearer(element) for element in charge.price_list.elements))
    exact = cost(changed, charge.stretches)
    claimed = claim(changed, exact, OPERATORS[charge.pair.cpo].decimals)
    told = clean(replace(charge, price_list=changed, cost=exact, claim=claimed, embeds=True))
    return told.finding("tariff-not-as-published").with_end("waiting")


def _dearer(element: Element) -> Element:
    def price(component: Component) -> int:
        return component.price_e4 + (600 if component.dimension == "ENERGY" else 0)

    return replace(element, components=tuple(replace(c, price_e4=price(c)) for c in element.components))


def unknown_tariff(story: Story, scene: Scene) -> Story | None:
    """The CDR names a tariff that neither it nor the CPO has brought."""
    gone = replace(story.charge.price_list, id=f"{story.charge.pair.cpo[3:]}-RETIRED")
    told = clean(replace(story.charge, price_list=gone, embeds=False))
    judged = replace(told.judged[0], computed_e8=None, basis_e8=story.charge.claim.excl_e8)
    return replace(told, judged=(judged,)).finding("unknown-tariff").with_end("waiting")


def token_unknown(story: Story, scene: Scene) -> Story | None:
    """Both sides name a token that is not in the e-MSP's list."""
    number = int(story.charge.number)
    return (
        _with_token(story, token(story.charge.pair.emsp, f"FF{number:012X}", 90_000_000 + number, "RFID", None).written)
        .finding("token-unknown")
        .with_end("waiting")
    )


def token_blocked(story: Story, scene: Scene) -> Story | None:
    """Both sides name a token that the e-MSP's list calls invalid."""
    blocked = scene.fleet.blocked[story.charge.pair.emsp]
    chosen = blocked[scene.rng.randrange(len(blocked))]
    return _with_token(story, chosen.written).finding("token-blocked").with_end("waiting")


def _with_token(story: Story, written: Raw) -> Story:
    return story.with_cpo(cdr_token=written).with_emsp(cdr_token=written)


def unit_suspect_cpo(story: Story, scene: Scene) -> Story | None:
    """The CPO writes watt-hours where kWh belong."""
    record = cpo_cdr(story.charge, Telling(factor=1000))
    judged = replace(story.judged[0], kwh_e4=story.charge.energy_e4 * 1000)
    told = replace(story, cpo=(Sent(record),), judged=(judged,))
    return told.finding("unit-suspect").with_end("waiting")


def unit_suspect_emsp(story: Story, scene: Scene) -> Story | None:
    """The e-MSP writes watt-hours where kWh belong."""
    told = replace(emsp_telling(story.charge), factor=1000)
    return replace(story, emsp=(emsp_record(story.charge, told),)).finding("unit-suspect").with_end("waiting")


def energy_differs(story: Story, scene: Scene) -> Story | None:
    """The e-MSP's meter counts less energy."""
    if story.charge.energy_e4 < 6_0000:
        return None
    told = replace(emsp_telling(story.charge), energy_shift_e4=-scene.rng.randrange(1_2000, 2_5000))
    return replace(story, emsp=(emsp_record(story.charge, told),)).finding("energy-differs").with_end("waiting")


def time_differs(story: Story, scene: Scene) -> Story | None:
    """The e-MSP's record ends 17 minutes later."""
    told = replace(emsp_telling(story.charge), end_shift_s=_LATER_S)
    return replace(story, emsp=(emsp_record(story.charge, told),)).finding("time-differs").with_end("waiting")


def token_differs(story: Story, scene: Scene) -> Story | None:
    """The e-MSP names another contract."""
    tokens = scene.fleet.tokens[story.charge.pair.emsp]
    other = tokens[scene.rng.randrange(len(tokens))]
    if other.uid == story.charge.token.uid:
        return None
    return story.with_emsp(cdr_token=other.written).finding("token-differs").with_end("waiting")


def evse_differs(story: Story, scene: Scene) -> Story | None:
    """The e-MSP names another EVSE."""
    connectors = scene.fleet.connectors[story.charge.pair.cpo]
    other = connectors[scene.rng.randrange(len(connectors))]
    if other.uid == story.charge.connector.uid:
        return None
    if delivers(story.charge) == "cdr":
        told = story.with_emsp(cdr_location=other.location)
    else:
        told = story.with_emsp(evse_uid=other.uid, location_id=other.location_id)
    return told.finding("evse-differs").with_end("waiting")


def amount_differs(story: Story, scene: Scene) -> Story | None:
    """The e-MSP's CDR names another amount for the same energy, time and tariff."""
    energy = next(excl for name, excl, _ in story.charge.claim.parts if name == "ENERGY")
    if energy < 3 * UNIT_E8:
        return None
    other = raised(story.charge, -scene.rng.randrange(60, 150) * (UNIT_E8 // 100))
    return story.with_emsp(**claimed_fields(other)).finding("amount-differs").with_end("waiting")


def vat_differs(story: Story, scene: Scene) -> Story | None:
    """The e-MSP's CDR claims no VAT; the net amounts agree."""
    claimed = story.charge.claim
    if claimed.incl_e8 - claimed.excl_e8 < UNIT_E8 // 2:
        return None
    without = Claim(tuple((n, excl, excl) for n, excl, _ in claimed.parts), claimed.excl_e8, claimed.excl_e8)
    return story.with_emsp(**claimed_fields(without)).finding("vat-differs")


def currency_differs(story: Story, scene: Scene) -> Story | None:
    """The e-MSP's CDR, its tariff too, names another currency."""
    sterling = replace(story.charge, price_list=replace(story.charge.price_list, currency="GBP"))
    told = emsp_cdr(sterling, emsp_telling(story.charge))
    return replace(story, emsp=(told,)).finding("currency-differs").with_end("refused")


def ends_before_start(story: Story, scene: Scene) -> Story | None:
    """The CPO's record ends half an hour before it starts."""
    told = story.with_cpo(end_date_time=instant_text(story.charge.start - 1800))
    return told.finding("ends-before-start").with_end("refused")


def currency_not_agreed(story: Story, scene: Scene) -> Story | None:
    """Both sides name a currency that the agreement does not."""
    foreign = replace(story.charge.price_list, id=f"{story.charge.price_list.id}-USD", currency="USD")
    told = clean(replace(story.charge, price_list=foreign, embeds=True))
    return told.finding("currency-not-agreed").with_end("refused")


def unknown_currency(story: Story, scene: Scene) -> Story | None:
    """Both sides name a currency that does not exist."""
    foreign = replace(story.charge.price_list, id=f"{story.charge.price_list.id}-ZZZ", currency="ZZZ")
    told = clean(replace(story.charge, price_list=foreign, embeds=True))
    judged = replace(told.judged[0], row=replace(told.judged[0].row, currency=None))
    return replace(told, judged=(judged,)).finding("unknown-currency").with_end("waiting")


def not_a_number(story: Story, scene: Scene) -> Story | None:
    """The CPO's total_energy is NaN."""
    told = story.with_cpo(total_energy=Raw("NaN"))
    judged = replace(told.judged[0], kwh_e4=0)
    return replace(told, judged=(judged,)).finding("malformed-record").with_end("waiting")


def text_for_money(story: Story, scene: Scene) -> Story | None:
    """The CPO's total_cost is a word."""
    wrong: Record = money(story.charge.claim.excl_e8, story.charge.claim.incl_e8) | {"excl_vat": "n/a"}
    told = story.with_cpo(total_cost=wrong)
    judged = replace(told.judged[0], claim_e8=None, basis_e8=story.charge.cost.total.excl_e8)
    return replace(told, judged=(judged,)).finding("malformed-record").with_end("waiting")


def impossible_date(story: Story, scene: Scene) -> Story | None:
    """The CPO's end_date_time is no date."""
    wrong = instant_text(story.charge.end)
    told = story.with_cpo(end_date_time=f"{wrong[:8]}32{wrong[10:]}")
    return told.finding("malformed-record").with_end("waiting")


def incomplete_record(story: Story, scene: Scene) -> Story | None:
    """The CPO leaves out how the driver was authorised, which OCPI requires and nothing here needs."""
    return story.with_cpo(auth_method=None).finding("incomplete-record")


def no_claim(story: Story, scene: Scene) -> Story | None:
    """The CPO names no cost at all; the charge is billed as computed."""
    told = story.with_cpo(**dict.fromkeys(COST_FIELDS))
    judged = replace(told.judged[0], claim_e8=None, basis_e8=story.charge.cost.total.excl_e8, computed_e8=None)
    return replace(told, judged=(judged,)).finding("incomplete-record")


def unknown_field(story: Story, scene: Scene) -> Story | None:
    """The CPO sends a field that OCPI does not know."""
    return story.with_cpo(charger_firmware="4.2.1").finding("unknown-field")


def number_as_string(story: Story, scene: Scene) -> Story | None:
    """The CPO sends its total_energy as text."""
    return story.with_cpo(total_energy=plain(story.charge.energy_e4, 4, least=3)).finding("number-as-string")
