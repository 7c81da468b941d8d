"""Rules of the engine broken on purpose, each by one function of `tariffs` replaced by name.

A name is looked for in the pricing modules, and replaced wherever the same function is held, so that it does not
matter which module calls it. A name that is gone, or stands for two things, is an error of the list, never a pass.
"""

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, timedelta
from decimal import Decimal
from typing import Any

import pytest

import tariffs
from tariffs.tariff import Taxes

Break = tuple[str, str, Callable[[Any], Any]]
HAIR = Decimal("0.000000001")
NEVER = {"min_duration": Decimal(10**9)}
MODULES = [tariffs] + [
    importlib.import_module(f"tariffs.{found.name}")
    for found in pkgutil.iter_modules(tariffs.__path__)
    if not found.ispkg  # the packages read, check and explain; the price is made in the modules beside them
]


class NameIsGone(Exception):
    """A function that a break replaces is not in `tariffs` any more: name its successor in BREAKS."""


def break_rule(monkeypatch: pytest.MonkeyPatch, name: str, breaking: Callable[[Any], Any]) -> None:
    """Replace the function `name` by what `breaking` makes of it, in every module that holds it."""
    owners = [m for m in MODULES if getattr(vars(m).get(name), "__module__", None) == m.__name__]
    if len(owners) != 1:
        raise NameIsGone(f"{name} is defined in {[m.__name__ for m in owners]}, expected in one module of tariffs")
    original = vars(owners[0])[name]
    broken = breaking(original)
    for module in MODULES:
        for attribute, value in list(vars(module).items()):
            if value is original:
                monkeypatch.setattr(module, attribute, broken)


def _restrictions(change: Callable[[Any], dict[str, Any]]) -> Callable[[Any], Any]:
    """Break the restrictions of every element before the engine makes its tests of them."""
    return lambda original: lambda limits: original(replace(limits, **change(limits)))


def _moved(field: str, by: Any) -> Callable[[Any], Any]:
    def change(limits: Any) -> dict[str, Any]:
        value = getattr(limits, field)
        return {} if value is None else {field: value + by}

    return _restrictions(change)


def _without(*names: str) -> Callable[[Any], Any]:
    return _restrictions(lambda limits: dict.fromkeys(names))


def _lost(dimension: str) -> Callable[[Any], Any]:
    def broken(original: Any) -> Any:
        def apply(priced: list[Any]) -> Any:
            priced[:] = [p for p in priced if p.dimension != dimension]
            return original(priced)

        return apply

    return broken


def _steps_in_groups(key: Callable[[Any, int], Any]) -> Callable[[Any], Any]:
    """Apply step_size to groups of what was priced instead of once to the whole session."""

    def broken(original: Any) -> Any:
        def apply(priced: list[Any]) -> Any:
            groups: dict[Any, list[Any]] = {}
            for position, p in enumerate(priced):
                groups.setdefault(key(p, position), []).append(p)
            return any([original(group) for group in groups.values()])

        return apply

    return broken


def _answer(change: Callable[[Any, Any], dict[str, Any]]) -> Callable[[Any], Any]:
    """Break the finished breakdown, knowing the charge it was made of."""

    def broken(original: Any) -> Any:
        def total_up(cdr: Any, charge: Any) -> Any:
            found = original(cdr, charge)
            return replace(found, **change(found, charge))

        return total_up

    return broken


def _tax_on_the_total(found: Any, charge: Any) -> dict[str, Any]:
    if not charge.priced:
        return {}
    net = found.total_cost.excl_vat
    return {"total_cost": replace(found.total_cost, incl_vat=net * charge.priced[0].option.vat_factor)}


def _tax_rounded(found: Any, charge: Any) -> dict[str, Any]:
    return {"total_cost": replace(found.total_cost, incl_vat=round(found.total_cost.incl_vat, 2))}


def _flat_each_period(original: Any) -> Any:
    def take(charge: Any, stretch: Any, option: Any) -> None:
        charge.flat = None
        original(charge, stretch, option)

    return take


def _last_flat(original: Any) -> Any:
    def take(charge: Any, stretch: Any, option: Any) -> None:
        charge.priced[:] = [p for p in charge.priced if p.dimension != "FLAT"]
        charge.flat = None
        original(charge, stretch, option)

    return take


def _energy_of_the_period_too(original: Any) -> Any:
    def run_up(stretches: list[Any]) -> None:
        original(stretches)
        for stretch in stretches:
            stretch.kwh_before += stretch.volumes.get("ENERGY", Decimal(0))

    return run_up


def _side_by_side_counts(original: Any) -> Any:
    def run_up(stretches: list[Any]) -> None:
        running = Decimal(0)
        for stretch in stretches:
            stretch.kwh_before = running
            running += stretch.volumes.get("ENERGY", Decimal(0))

    return run_up


def _timeline(change: Callable[[Any, Any], dict[str, Any]]) -> Callable[[Any], Any]:
    def broken(original: Any) -> Any:
        def walk(cdr: Any) -> Any:
            found = original(cdr)
            return replace(found, **change(cdr, found))

        return walk

    return broken


def _selection(change: Callable[[list[Any]], list[Any]]) -> Callable[[Any], Any]:
    def broken(original: Any) -> Any:
        def in_force(*args: Any, **options: Any) -> Any:
            found = original(*args, **options)
            return replace(found, tariffs=tuple(change(list(found.tariffs))))

        return in_force

    return broken


def _neighbours(found: list[Any]) -> list[Any]:
    return [tariff or next((t for t in found if t), None) for tariff in found]


def _taxed_as(one: Taxes, other: Taxes) -> Callable[[Any], Any]:
    return lambda original: (
        lambda amount, option: original(amount, replace(option, taxes=other) if option.taxes is one else option)
    )


def _limit(change: Callable[[Any], dict[str, Any]]) -> Callable[[Any], Any]:
    def broken(original: Any) -> Any:
        def limit(net: Any, gross: Any, tariff: Any, *args: Any, **options: Any) -> Any:
            return original(net, gross, replace(tariff, **change(tariff)), *args, **options)

        return limit

    return broken


def _net_limits_only(tariff: Any) -> dict[str, Any]:
    limits = {"min_price": tariff.min_price, "max_price": tariff.max_price}
    return {name: replace(price, incl_vat=None) for name, price in limits.items() if price}


def _elements_turned(original: Any) -> Any:
    return lambda options, moment: original(options[::-1], moment)


def _window_wraps_never(limits: Any) -> dict[str, Any]:
    start, end = limits.start_time, limits.end_time
    return dict(NEVER) if start is not None and end and end < start else {}


def _midnight_is_a_start(limits: Any) -> dict[str, Any]:
    return dict(NEVER) if limits.end_time == 0 and limits.start_time != 0 else {}


def _equal_times_never(limits: Any) -> dict[str, Any]:
    return dict(NEVER) if limits.start_time is not None and limits.start_time == limits.end_time else {}


def _other_end(original: Any) -> Any:
    return lambda low, high, *a, **o: original(high, low, *a, **o)


def _exact_multiple_goes_up(original: Any) -> Any:
    return lambda quantity, step: original(quantity + HAIR, step) if step and quantity > 0 else original(quantity, step)


# (what is broken, the function that is replaced, how)
BREAKS: tuple[Break, ...] = (
    ("end_time inclusive", "tests_of", _moved("end_time", 1)),
    ("start_time exclusive", "tests_of", _moved("start_time", 1)),
    ("a window over midnight never matches", "tests_of", _restrictions(_window_wraps_never)),
    ("end_time 00:00 is the start of the day", "tests_of", _restrictions(_midnight_is_a_start)),
    ("equal times never match", "tests_of", _restrictions(_equal_times_never)),
    ("end_date inclusive", "tests_of", _moved("end_date", timedelta(days=1))),
    ("start_date exclusive", "tests_of", _moved("start_date", timedelta(days=1))),
    ("day_of_week ignored", "tests_of", _without("day_of_week")),
    ("weekday in UTC", "clock_at", lambda original: lambda at, zone: replace(original(at, zone), weekday=at.weekday())),
    ("clock in UTC", "clock_at", lambda original: lambda at, zone: original(at, UTC)),
    ("max_kwh inclusive", "tests_of", _moved("max_kwh", HAIR)),
    ("min_kwh exclusive", "tests_of", _moved("min_kwh", HAIR)),
    ("energy of the period counts for its own threshold", "_run_up", _energy_of_the_period_too),
    ("equal starts count for each other", "_run_up", _side_by_side_counts),
    ("max_duration inclusive", "tests_of", _moved("max_duration", HAIR)),
    ("min_duration exclusive", "tests_of", _moved("min_duration", HAIR)),
    ("durations from the CDR's start", "walk", _timeline(lambda cdr, found: {"session_start": cdr.start})),
    ("max_power inclusive", "tests_of", _moved("max_power", HAIR)),
    ("min_current exclusive", "tests_of", _moved("min_current", HAIR)),
    ("a minimum looks at the highest load", "_at_least", _other_end),
    ("a maximum looks at the lowest load", "_less_than", _other_end),
    ("power and current ignored", "tests_of", _without("min_power", "max_power", "min_current", "max_current")),
    ("mean power ignored", "moment_of", lambda original: lambda *a, **o: replace(original(*a, **o), mean_power=None)),
    ("order of elements reversed", "choose", _elements_turned),
    ("unsorted periods stay as they are", "_in_order", lambda original: lambda stretches, findings: stretches),
    ("snapping off", "snapped_seconds", lambda original: lambda hours, wall: hours * 3600),
    ("snapping without the wall clock", "snapped_seconds", lambda original: lambda hours, wall: original(hours, None)),
    ("no step_size", "apply_steps", lambda original: lambda priced: False),
    ("step_size per period", "apply_steps", _steps_in_groups(lambda p, position: position)),
    ("step_size per component", "apply_steps", _steps_in_groups(lambda p, position: id(p.option))),
    ("TIME rounded beside parking", "apply_steps", _steps_in_groups(lambda p, position: p.dimension)),
    ("step_size of the first component", "_round_up", lambda original: lambda group, *a: original(group[::-1], *a)),
    ("an exact multiple goes up", "round_up_to_step", _exact_multiple_goes_up),
    ("FLAT in every period", "_take_flat", _flat_each_period),
    ("FLAT of the last period", "_take_flat", _last_flat),
    ("FLAT lost", "apply_steps", _lost("FLAT")),
    ("reservation FLAT lost", "apply_steps", _lost("RESERVATION_FLAT")),
    ("an expired reservation is a used one", "_outcome", lambda original: lambda *args: ("used", False)),
    ("a used reservation is an expired one", "_outcome", lambda original: lambda *args: ("expired", False)),
    ("min_price ignored", "limit", _limit(lambda tariff: {"min_price": None})),
    ("max_price ignored", "limit", _limit(lambda tariff: {"max_price": None})),
    ("limits with VAT ignored", "limit", _limit(_net_limits_only)),
    (
        "minimum for an unused reservation",
        "limit",
        lambda original: lambda *a, **o: original(*a, **{**o, "has_floor": True}),
    ),
    ("VAT on the total", "total_up", _answer(_tax_on_the_total)),
    ("VAT rounded to cents", "total_up", _answer(_tax_rounded)),
    (
        "credit not negated",
        "total_up",
        lambda original: lambda cdr, charge: original(replace(cdr, credit=False), charge),
    ),
    (
        "one tariff for all periods",
        "tariffs_in_force",
        _selection(lambda found: [next(filter(None, found), None)] * len(found)),
    ),
    ("a period without tariff_id is not free", "tariffs_in_force", _selection(_neighbours)),
    ("validity of tariffs ignored", "_is_valid", lambda original: lambda tariff, at: True),
    ("included taxes on top", "sides_of", _taxed_as(Taxes.INCLUDED, Taxes.ADDED)),
    ("no taxes are unknown ones", "sides_of", _taxed_as(Taxes.NONE, Taxes.ADDED_UNKNOWN)),
    ("unknown taxes are none", "sides_of", _taxed_as(Taxes.ADDED_UNKNOWN, Taxes.NONE)),
    ("unknown included taxes are none", "sides_of", _taxed_as(Taxes.INCLUDED_UNKNOWN, Taxes.NONE)),
    ("2.1.1 has no VAT, so none is due", "_never_known", lambda original: lambda charge: set()),
    ("a limit says nothing of an unknown side", "_meet_known_side", lambda original: lambda name, total, *rest: total),
    ("an unknown zone is UTC", "zone_of", lambda original: lambda *a, **o: original(*a, **{**o, "stated": "UTC"})),
    ("an unknown start is a known one", "_no_instant", lambda original: lambda moment: True),
    ("tariffs of other parties serve as well", "_of_party", lambda original: lambda cdr, tariffs: tariffs),
    ("another currency is priced", "_check_tariffs", lambda original: lambda charge: None),
)
