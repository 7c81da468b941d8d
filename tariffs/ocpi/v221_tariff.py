"""OCPI 2.2.1, mod_tariffs: the Tariff object, read into a `Tariff`; a `TariffDialect` says where a version differs.

A tariff with anything malformed that a price needs cannot be used at all: pricing by what is left of it would be
cheaper or dearer than the truth without anyone noticing.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from tariffs.findings import Finding, Severity
from tariffs.ocpi.decoding import is_shared
from tariffs.ocpi.reading import NEEDED_BUT_MISSING, Json, Reader, kind_of, meant_field, plain_amount, printable
from tariffs.quantity import ZERO
from tariffs.tariff import UNRESTRICTED, PriceComponent, PriceLimit, Restrictions, Tariff, TariffElement, Taxes

DAYS: Final = {
    day: number
    for number, day in enumerate(("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"))
}
FIELDS: Final = frozenset(
    (
        *("country_code", "party_id", "id", "currency", "type", "tariff_alt_text", "tariff_alt_url", "min_price"),
        *("max_price", "elements", "start_date_time", "end_date_time", "energy_mix", "last_updated"),
    )
)
REQUIRED: Final = ("country_code", "party_id", "id", "last_updated")
_TEXTS: Final = ("country_code", "party_id", "tariff_alt_url")
_ELEMENT: Final = frozenset(("price_components", "restrictions"))
COMPONENT: Final = frozenset(("type", "price", "vat", "step_size"))
_COMPONENT_TYPES: Final = frozenset(("ENERGY", "FLAT", "PARKING_TIME", "TIME"))
_NUMBERS: Final = (
    *("min_kwh", "max_kwh", "min_current", "max_current", "min_power", "max_power"),
    *("min_duration", "max_duration"),
)
RESTRICTIONS: Final = frozenset(
    (*_NUMBERS, "start_time", "end_time", "start_date", "end_date", "day_of_week", "reservation")
)
_MOST_STEP: Final = 10**15
_KEPT: Final = 1024
_Known = tuple[Tariff | None, tuple[Finding, ...], tuple[str, ...]]
TaxReader = Callable[[Json, tuple[TariffElement, ...], Reader], Taxes]
TariffReader = Callable[[Json, int, Reader, "TariffDialect"], Tariff | None]


@dataclass(frozen=True, slots=True, eq=False)
class TariffDialect:
    """What a version of OCPI says differently in a Tariff, and the tariffs of that version read already."""

    fields: frozenset[str]
    required: tuple[str, ...]
    limit: tuple[str, str] | None
    """How a price limit calls its sides before and after taxes; None where there are no limits and no validity."""
    component: frozenset[str]
    restrictions: frozenset[str]
    """Those it has; `booking` among them is kept out of pricing all the same (pricing rule 31)."""
    taxes: TaxReader
    known: dict[str, _Known] = field(default_factory=dict)
    of_shared: dict[int, tuple[Json, _Known]] = field(default_factory=dict)
    """Of tariffs that the decoder gives to many records; the object is kept beside its id, so no other can have it."""


def tariff_in_cdr(item: Json, index: int, r: Reader, dialect: TariffDialect) -> Tariff | None:
    """Read the tariff at `$.tariffs[index]` of a CDR. Equal contents are read once: a month has few tariffs."""
    shared = dialect.of_shared.get(id(item))
    if shared is not None and shared[0] is item:
        known = shared[1]
    else:
        known = _known_by_content(item, dialect)
        if is_shared(item):
            if len(dialect.of_shared) >= _KEPT:
                dialect.of_shared.clear()
            dialect.of_shared[id(item)] = (item, known)
    return _told(known, index, r)


def new_tariff_in_cdr(item: Json, index: int, r: Reader, dialect: TariffDialect) -> Tariff | None:
    """Read the tariff at `$.tariffs[index]` as `tariff_in_cdr` does, and neither look it up nor keep it."""
    return _told(_known(item, dialect), index, r)


def _told(known: _Known, index: int, r: Reader) -> Tariff | None:
    """The tariff of a CDR, with what there is to say about it at its place."""
    tariff, findings, missing = known
    for f in findings:
        path = f"$.tariffs[{index}]{f.path.removeprefix('$')}"
        if f.code == "malformed-record":
            r.malformed(path, f.message)
        else:
            r.once(f.code, f.severity, path, f.message)
    if missing:
        r.missing.extend(f"tariffs[{index}].{name}" for name in missing)
    return tariff


def _known_by_content(item: Json, dialect: TariffDialect) -> _Known:
    key = repr(item)
    known = dialect.known.get(key)
    if known is None:
        known = _known(item, dialect)
        if len(dialect.known) >= _KEPT:
            dialect.known.clear()
        dialect.known[key] = known
    return known


def _known(item: Json, dialect: TariffDialect) -> _Known:
    own = Reader()
    return (read(item, own, dialect), tuple(own.findings), tuple(own.missing))


def read(obj: Json, r: Reader, dialect: TariffDialect) -> Tariff | None:
    """Read a Tariff object, or None when something that a price needs cannot be read."""
    r.unknown_fields(obj, dialect.fields, "$")
    r.require(obj, dialect.required, "")
    kind = start = end = None
    limits: list[PriceLimit | None] = [None, None]
    if dialect.limit is not None:
        start, end = r.instant(obj, "start_date_time", "$"), r.instant(obj, "end_date_time", "$")
        kind = r.text(obj, "type", "$")
        limits = [_limit(obj, key, r, dialect.limit) for key in ("min_price", "max_price")]
    currency = r.text(obj, "currency", "$")
    if obj.get("currency") in (None, ""):
        r.malformed("$.currency", NEEDED_BUT_MISSING)
    identity = r.text(obj, "id", "$")
    if obj.get("elements") is None:
        r.malformed("$.elements", NEEDED_BUT_MISSING)
    elements = tuple([_element(item, index, r, dialect) for index, item in r.objects(obj, "elements", "$")])
    taxes = dialect.taxes(obj, elements, r)
    usable = r.malformed_count == 0
    # From here on nothing that a price needs: malformed ones are reported and left out.
    country_code, party_id, alt_url = r.texts(obj, _TEXTS, "$")
    last_updated: datetime | None = r.instant(obj, "last_updated", "$")
    if r.placeholders:
        r.missing.extend(path.removeprefix("$.") for path in r.placeholders)
    if not usable or currency is None:
        return None
    return Tariff(
        id=identity or "",
        currency=currency,
        elements=elements,
        country_code=country_code,
        party_id=party_id,
        type=kind,
        min_price=limits[0],
        max_price=limits[1],
        start=start,
        end=end,
        alt_url=alt_url,
        last_updated=last_updated,
        taxes=taxes,
    )


def _limit(obj: Json, key: str, r: Reader, sides: tuple[str, str]) -> PriceLimit | None:
    price = r.object(obj, key, "$")
    if price is None:
        return None
    before, after = sides
    r.unknown_fields(price, frozenset(sides), f"$.{key}")
    excl = r.number(price, before, f"$.{key}")
    if excl is None and price.get(before) is None:
        r.missing.append(f"{key}.{before}")
    return PriceLimit(excl, r.number(price, after, f"$.{key}"))


def _element(item: Json, index: int, r: Reader, dialect: TariffDialect) -> TariffElement:
    is_plain = item.keys() <= _ELEMENT
    path = f"$.elements[{index}]"
    if not is_plain:
        r.unknown_fields(item, _ELEMENT, path)
    components = _plain_components(item.get("price_components"), dialect)
    if not components:
        components = _components(item, path, r, dialect)
    restrictions = item.get("restrictions")
    if restrictions is None or restrictions == []:
        unknown = () if is_plain else _misspelt_restrictions(item)
        return TariffElement(components, Restrictions(unknown=unknown) if unknown else UNRESTRICTED)
    found = r.object(item, "restrictions", path)
    return TariffElement(
        components, _restrictions(found, f"{path}.restrictions", r, dialect) if found else UNRESTRICTED
    )


def _misspelt_restrictions(item: Json) -> tuple[str, ...]:
    """A key such as `restriction`: whatever it restricts is not heeded, which pricing reports with its money."""
    return tuple(
        printable(key)
        for key, value in item.items()
        if key not in _ELEMENT and value not in (None, [], {}) and meant_field(key, _ELEMENT) == "restrictions"
    )


def _plain_components(items: object, dialect: TariffDialect) -> tuple[PriceComponent, ...]:
    """Components with nothing to say about any of them, as nearly all are; else none."""
    if type(items) is not list:
        return ()
    found: list[PriceComponent] = []
    for item in items:
        if type(item) is not dict:
            return ()
        kind, price, step = item.get("type"), plain_amount(item.get("price")), item.get("step_size")
        if price is None or type(kind) is not str or kind not in _COMPONENT_TYPES:
            return ()
        if type(step) is not int or not 0 <= step < _MOST_STEP:
            return ()
        vat = None
        if len(item) != 3:
            vat = plain_amount(item.get("vat"))
            if vat is None or len(item) != 4 or "vat" not in dialect.component:
                return ()
        found.append(PriceComponent(kind, price or ZERO, vat, step))
    return tuple(found)


def _components(item: Json, path: str, r: Reader, dialect: TariffDialect) -> tuple[PriceComponent, ...]:
    if not item.get("price_components"):
        r.missing.append(f"{path.removeprefix('$.')}.price_components")
    found = r.objects(item, "price_components", path)
    return tuple([_component(c, f"{path}.price_components[{n}]", r, dialect) for n, c in found])


def _component(item: Json, path: str, r: Reader, dialect: TariffDialect) -> PriceComponent:
    r.unknown_fields(item, dialect.component, path)
    kind = r.text(item, "type", path)
    if kind not in _COMPONENT_TYPES and type(item.get("type")) in (str, type(None)):
        named = printable(kind) if kind else "no type at all"
        r.malformed(f"{path}.type", f"OCPI prices ENERGY, FLAT, PARKING_TIME and TIME, not {named}")
    price = r.number(item, "price", path)
    if item.get("price") is None:
        r.malformed(f"{path}.price", NEEDED_BUT_MISSING)
    vat = r.number(item, "vat", path) if "vat" in dialect.component else None
    return PriceComponent(kind or "", price or ZERO, vat, _step_size(item, path, r))


def _step_size(item: Json, path: str, r: Reader) -> int:
    """Wh or seconds; 1 where it is missing (the default that OCPI states)."""
    step = r.number(item, "step_size", path)
    if step is None:
        if item.get("step_size") is None:
            r.missing.append(f"{path.removeprefix('$.')}.step_size")
        return 1
    if step < 0 or step != step.to_integral_value():
        r.malformed(f"{path}.step_size", "no whole number of Wh or seconds")
        return 0
    return int(step)


def _restrictions(item: Json, path: str, r: Reader, dialect: TariffDialect) -> Restrictions:
    unknown: tuple[str, ...] = ()
    if not item.keys() <= RESTRICTIONS or not item.keys() <= dialect.restrictions:
        unknown = _odd_restrictions(item, path, r, dialect)
    numbers = {key: r.number(item, key, path) for key in _NUMBERS if key in item}
    return Restrictions(
        start_time=r.time_of_day(item, "start_time", path),
        end_time=r.time_of_day(item, "end_time", path),
        start_date=r.local_date(item, "start_date", path) if "start_date" in item else None,
        end_date=r.local_date(item, "end_date", path) if "end_date" in item else None,
        day_of_week=_days(item, path, r) if "day_of_week" in item else None,
        reservation=r.text(item, "reservation", path) if "reservation" in item else None,
        unknown=unknown,
        **numbers,
    )


def _odd_restrictions(item: Json, path: str, r: Reader, dialect: TariffDialect) -> tuple[str, ...]:
    """Report what this version of OCPI does not have; return what no version has that we price."""
    for key in sorted(RESTRICTIONS - dialect.restrictions):
        if key in item:
            r.once("unknown-field", Severity.INFORMATION, f"{path}.{key}", "a field of a later version of OCPI; heeded")
    r.unknown_fields(item, RESTRICTIONS | dialect.restrictions, path)
    return tuple(
        printable(key) for key, value in item.items() if key not in RESTRICTIONS and value is not None and value != []
    )


def _days(item: Json, path: str, r: Reader) -> frozenset[int] | None:
    value = item.get("day_of_week")
    if value is None or value == []:
        return None
    if type(value) is not list:
        r.malformed(f"{path}.day_of_week", f"{kind_of(value)} where OCPI has an array of days")
        return None
    days = [DAYS.get(day) if isinstance(day, str) else None for day in value]
    if None in days:
        r.malformed(f"{path}.day_of_week", "a day that is none of MONDAY to SUNDAY")
    return frozenset([day for day in days if day is not None])


def _taxes(obj: Json, elements: tuple[TariffElement, ...], r: Reader) -> Taxes:
    return Taxes.ADDED


DIALECT: Final = TariffDialect(FIELDS, REQUIRED, ("excl_vat", "incl_vat"), COMPONENT, RESTRICTIONS, _taxes)
