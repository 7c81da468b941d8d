"""The cost over a charge as a chart: one line for each power, told apart by dashes, with limits and takeovers."""

from collections.abc import Iterator
from decimal import ROUND_CEILING, Decimal

from clearing.documents.picture_labels import PictureWording
from clearing.documents.sketch import CONTENT, INK, LINE, MARGIN, SOFT, WHITE, Sketch
from tariffs.money import MINOR_DIGITS
from tariffs.picture import CostCurve, CurvePoint, TariffPicture

LEGEND_ROW = 12.0
_LEFT = 44.0
_HIGH = 250.0
_DASHES: tuple[tuple[float, ...] | None, ...] = (None, (6, 2.5), (1.5, 2))
_THICK = (1.4, 1.4, 1.6)
_STEPS = (1, 2, 5)
_LABELS_APART = 7.0
_HEADROOM = Decimal("1.04")


def digits_of(picture: TariffPicture) -> int:
    """Return with how many decimals costs are written: those of the currency."""
    return MINOR_DIGITS.get(picture.tariff.currency.upper(), 2)


class Chart:
    """The frame of a chart: hours to the right, money upwards."""

    def __init__(self, sketch: Sketch, top: float, seconds: int, most: Decimal, least: Decimal) -> None:
        self.sketch = sketch
        self.left, self.wide = MARGIN + _LEFT, CONTENT - _LEFT
        self.top, self.bottom = top, top + _HIGH
        self.seconds = seconds
        self.tick = _tick(most - least)
        self.high = (most * _HEADROOM / self.tick).to_integral_value(ROUND_CEILING) * self.tick
        self.low = -((-least / self.tick).to_integral_value(ROUND_CEILING)) * self.tick
        self.high = max(self.high, self.low + self.tick)

    def x(self, seconds: int) -> float:
        """Where a moment is."""
        return self.left + self.wide * seconds / self.seconds

    def y(self, cost: Decimal) -> float:
        """Where a cost is, to a hundredth of a point."""
        share = (cost - self.low) / (self.high - self.low)
        return self.bottom - _HIGH * int(share * 100_000) / 100_000

    def holds(self, spot: tuple[float, float]) -> bool:
        """Whether a short text at a spot stays within the frame."""
        x, y = spot
        return self.left + 8 < x < self.left + self.wide - 8 and self.top + 7 < y < self.bottom - 2

    def axes(self, say: PictureWording, unit: str) -> None:
        """Draw the grid with its figures and units."""
        value, places = self.low, max(0, -int(self.tick.as_tuple().exponent))
        while value <= self.high:
            y = self.y(value)
            self.sketch.line([(self.left, y), (self.left + self.wide, y)], colour=LINE, thick=0.4)
            self.sketch.text(self.left - 4, y + 2.5, say.wording.figure(value, places), 7, anchor="end")
            value += self.tick
        for hour in range(self.seconds // 3600 + 1):
            x = self.x(hour * 3600)
            self.sketch.line([(x, self.top), (x, self.bottom)], colour=LINE, thick=0.4)
            self.sketch.text(x, self.bottom + 10, str(hour), 7, anchor="middle")
        self.sketch.box(self.left, self.top, self.wide, _HIGH, None, edge=INK)
        self.sketch.text(MARGIN, self.top - 6, unit, 7.5)
        self.sketch.text(self.left + self.wide, self.bottom + 20, say("hours"), 7.5, anchor="end")


def _tick(span: Decimal) -> Decimal:
    """A round distance of grid lines: 1, 2 or 5 times a power of ten, so that there are at most eight."""
    power = Decimal(1).scaleb(span.adjusted() - 1) if span > 0 else Decimal("0.1")
    while True:
        for step in _STEPS:
            if span <= 8 * step * power:
                return (step * power).normalize() + 0
        power *= 10


def draw_curves(sketch: Sketch, top: float, picture: TariffPicture, say: PictureWording) -> float:
    """Draw the chart with its legend from `top` down and return where it ends."""
    if not picture.curves:
        sketch.text(MARGIN, top + 10, say("no-curves"), 8.5)
        return top + 20
    costs = [point.cost for curve in picture.curves for point in curve.points]
    longest = max(curve.points[-1].seconds for curve in picture.curves)
    limits = [
        (name, value) for name, value in (("min_price", picture.min_price), ("max_price", picture.max_price)) if value
    ]
    seen = [(name, value) for name, value in limits if value <= max(*costs, Decimal(0)) * 3 / 2 or name == "min_price"]
    most = max(*costs, *(value for _, value in seen), Decimal("0.01"))
    y = _legend(sketch, top, picture, say)
    chart = Chart(sketch, y + 18, longest, most, min(*costs, Decimal(0)))
    side = say("incl" if picture.includes_taxes else "excl")
    chart.axes(say, f"{picture.tariff.currency} {side}")
    for name, value in seen:
        _draw_limit(chart, say(name, amount=say.price(value)), value)
    taken: list[tuple[float, float]] = []
    for number, curve in enumerate(picture.curves):
        points = [(chart.x(point.seconds), chart.y(point.cost)) for point in curve.points]
        sketch.line(points, thick=_THICK[number], dashes=_DASHES[number])
    for curve in picture.curves:
        _draw_marks(chart, curve, taken)
    y = chart.bottom + 32
    for line in _notes(picture, say, [limit for limit in limits if limit not in seen]):
        sketch.text(MARGIN, y, line, 7.5, colour=SOFT)
        y += LEGEND_ROW
    return y


def _legend(sketch: Sketch, top: float, picture: TariffPicture, say: PictureWording) -> float:
    digits, currency = digits_of(picture), picture.tariff.currency
    y = top + 8
    for number, curve in enumerate(picture.curves):
        kw = say.number(curve.kw)
        power = say("kw", value=kw)
        if curve.amperes is not None:
            power = say("kw-amperes", value=kw, amperes=say.number(curve.amperes))
        words = say(
            "curve",
            power=power,
            time=_hours_and_minutes(curve.full.seconds),
            cost=f"{say.cost(curve.full.cost, digits)} {currency}",
            last=f"{say.cost(curve.points[-1].cost, digits)} {currency}",
        )
        sketch.line([(MARGIN, y - 2.5), (MARGIN + 34, y - 2.5)], thick=_THICK[number], dashes=_DASHES[number])
        sketch.text(MARGIN + 42, y, words, 8)
        y += LEGEND_ROW
    return y


def _hours_and_minutes(seconds: int) -> str:
    return f"{seconds // 3600}:{seconds // 60 % 60:02} h"


def _draw_limit(chart: Chart, words: str, value: Decimal) -> None:
    y = chart.y(value)
    chart.sketch.line([(chart.left, y), (chart.left + chart.wide, y)], thick=0.8, dashes=(10, 3, 2, 3))
    chart.sketch.text(chart.left + chart.wide - 3, y - 3, words, 7, anchor="end", bold=True)


def _draw_marks(chart: Chart, curve: CostCurve, taken: list[tuple[float, float]]) -> None:
    """A square where the battery is full, circles where elements take over, each with its numbers beside it."""
    x, y = chart.x(curve.full.seconds), chart.y(curve.full.cost)
    chart.sketch.box(x - 2.4, y - 2.4, 4.8, 4.8, INK, edge=INK)
    for takeover in curve.takeovers:
        if not takeover.point.seconds:
            continue
        x, y = _place(chart, takeover.point)
        chart.sketch.dot(x, y, 2.1, WHITE)
        words = ", ".join(str(element + 1) for element in takeover.elements)
        free = (spot for spot in _spots(x, y) if chart.holds(spot) and all(_is_apart(spot, other) for other in taken))
        spot = next(free, None)
        if spot is not None:
            taken.append(spot)
            chart.sketch.text(*spot, words, 6.5, bold=True, anchor="middle")


def _place(chart: Chart, point: CurvePoint) -> tuple[float, float]:
    return chart.x(point.seconds), chart.y(point.cost)


def _spots(x: float, y: float) -> Iterator[tuple[float, float]]:
    """Places for a number near a mark, the nearest first."""
    for step in range(4):
        yield x, y - 5 - step * _LABELS_APART
        yield x, y + 10 + step * _LABELS_APART


def _is_apart(spot: tuple[float, float], other: tuple[float, float]) -> bool:
    return abs(spot[0] - other[0]) > 14 or abs(spot[1] - other[1]) >= _LABELS_APART


def _notes(picture: TariffPicture, say: PictureWording, unseen: list[tuple[str, Decimal]]) -> Iterator[str]:
    first = sorted({e for c in picture.curves for t in c.takeovers if not t.point.seconds for e in t.elements})
    told = say("first-elements", elements=", ".join(str(e + 1) for e in first)) if first else say("first-none")
    yield say("marks", first=told)
    steps = ", ".join(f"{kind} {step} {'Wh' if kind == 'ENERGY' else 's'}" for kind, step in picture.step_sizes)
    yield say("steps", steps=steps) if steps else say("no-steps")
    for name, value in unseen:
        yield say("not-reached", limit=say(name, amount=say.price(value)))
