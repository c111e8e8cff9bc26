"""Figures as plain numbers for the templates: where each mark, tick and cell of an SVG stands."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from codesim.report.document import PlotRecord, SeriesRecord

Point = tuple[float, float]

# The drawing in its own units, close to pixels, so that text keeps its size on a narrow page.
_WIDTH, _HEIGHT = 420, 280
_LEFT, _RIGHT, _TOP, _FOOT = 66, 408, 10, 234
FRAME = {
    "width": _WIDTH, "height": _HEIGHT,
    "left": _LEFT, "right": _RIGHT, "top": _TOP, "foot": _FOOT,
}  # fmt: skip
_HUES = 6
_TICKS = 5
# More marks than anyone can tell apart; the result document holds them all.
_MOST_POINTS = 4_000
_MOST_SERIES = 64
# Beyond this many points a line is drawn without a mark at each.
_MARKED = 40
# Far beyond any figure of ours; an edited result file must not make sums infinite.
_LARGEST = 1e150
# Kinds whose later series are lines to read the first against.
_READ_AGAINST = ("bars", "histogram", "qq")


@dataclass(frozen=True, slots=True)
class Tick:
    """A labelled place on an axis, in units of the drawing."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Box:
    """A bar or a cell; ``amount`` is the share of the largest value, below 0 for negative ones."""

    x: float
    y: float
    width: float
    height: float
    amount: float = 1.0


@dataclass(frozen=True, slots=True)
class SeriesView:
    """One series: the path of its line, the path of all its marks, or its bars."""

    name: str
    number: int
    line: str = ""
    marks: str = ""
    bars: Sequence[Box] = ()

    @property
    def look(self) -> str:
        """Classes of the stylesheet; dashes tell lines apart where colours do not."""
        return f"hue{self.number % _HUES} dash{self.number % 4}"


@dataclass(frozen=True, slots=True)
class PlotView:
    """One figure; ``record`` has its words and, for readers without eyes, its numbers."""

    record: PlotRecord
    series: Sequence[SeriesView]
    x_ticks: Sequence[Tick]
    y_ticks: Sequence[Tick]
    x_unit: str = ""
    y_unit: str = ""
    cells: Sequence[Box] = ()
    largest: float = 0.0
    cut: bool = False

    @property
    def points(self) -> int:
        """How many points the figure has."""
        return sum(len(series.points) for series in self.record.series)


@dataclass(frozen=True, slots=True)
class _Axis:
    """From values to units of the drawing."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 1)

    @property
    def power(self) -> int:
        """The power of ten that the labels leave out, 0 where they are short without."""
        exponent = math.floor(math.log10(max(abs(self.low), abs(self.high))))
        return 0 if -3 < exponent < 5 else exponent

    @property
    def unit(self) -> str:
        """What the name of the axis adds for that."""
        return f" (×1e{self.power})" if self.power else ""


def plot_view(record: PlotRecord) -> PlotView:
    """Everything that a template needs to draw one plot."""
    series = [_bounded(each) for each in record.series[:_MOST_SERIES]]
    cut = any(len(o.points) > len(s.points) for o, s in zip(record.series, series, strict=False))
    cut = cut or len(record.series) > len(series)
    if record.kind == "heat":
        return _heat(record, series, cut)
    points = [point for each in series for point in each.points]
    has_bars = record.kind in ("bars", "histogram")
    half = _half_width(series[0].points) if has_bars and series else 0.0
    x = _axis([v for px, _ in points for v in (px - half, px + half)], _LEFT, _RIGHT)
    whole = all(px.is_integer() for px, _ in points)
    # A small difference must look small, but for quantiles, which are read against their line.
    y = _axis([py for _, py in points], _FOOT, _TOP, zero=record.kind != "qq")
    views = [
        _series_view(record.kind, number, each, x, y, half) for number, each in enumerate(series)
    ]
    return PlotView(record, views, _ticks(x, whole), _ticks(y), x.unit, y.unit, cut=cut)


def _bounded(series: SeriesRecord) -> SeriesRecord:
    points = tuple(
        (min(max(x, -_LARGEST), _LARGEST), min(max(y, -_LARGEST), _LARGEST))
        for x, y in series.points[:_MOST_POINTS]
    )
    return SeriesRecord(series.name, points)


def _axis(values: Sequence[float], start: float, end: float, zero: bool = False) -> _Axis:
    """An axis with a little air around the values, or standing on zero."""
    low, high = min(values, default=0.0), max(values, default=1.0)
    if zero:
        low, high = min(low, 0.0), max(high, 0.0)
    if high - low <= 1e-9 * max(abs(low), abs(high)):
        room = max(abs(high) * 0.5, 1e-12) if high or low else 1.0
        low, high = low - room, high + room
    air = 0.04 * (high - low)
    floor = low if zero and low == 0.0 else low - air
    return _Axis(floor, high + air, start, end)


def _ticks(axis: _Axis, whole: bool = False) -> list[Tick]:
    """Round numbers along an axis; ``whole`` ones where it counts something."""
    step = _round_step((axis.high - axis.low) / _TICKS)
    step = max(step, 1.0) if whole else step
    first, last = math.ceil(axis.low / step), math.floor(axis.high / step)
    unit = 10.0**axis.power
    return [
        Tick(axis.at(number * step), _label(number * step / unit))
        for number in range(first, last + 1)
    ]


def _round_step(least: float) -> float:
    """The smallest of 1, 2 and 5 times a power of ten that is not below."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= least * (1 - 1e-9))


def _label(value: float) -> str:
    return f"{value:.4g}".replace("e-0", "e-").replace("e+0", "e")


def _half_width(points: Sequence[Point]) -> float:
    """Half the distance of neighbouring bars."""
    places = sorted({x for x, _ in points})
    steps = [b - a for a, b in pairwise(places)]
    return min(steps) / 2 if steps else 0.5


def _series_view(
    kind: str, number: int, series: SeriesRecord, x: _Axis, y: _Axis, half: float
) -> SeriesView:
    first = number == 0
    drawn = [(x.at(px), y.at(py)) for px, py in series.points]
    if first and half:
        bars = [_bar(point, x, y, half) for point in series.points]
        return SeriesView(series.name, number, bars=bars)
    is_line = kind == "line" or (kind in _READ_AGAINST and not first)
    line = "M" + "L".join(f"{px:g} {py:g}" for px, py in drawn) if is_line and drawn else ""
    marked = not is_line or (kind == "line" and len(drawn) <= _MARKED)
    return SeriesView(series.name, number, line, _marks(drawn, number) if marked else "")


def _bar(point: Point, x: _Axis, y: _Axis, half: float) -> Box:
    left, right = x.at(point[0] - 0.9 * half), x.at(point[0] + 0.9 * half)
    top, foot = sorted((y.at(point[1]), y.at(0.0)))
    return Box(left, top, max(round(right - left, 1), 0.5), round(foot - top, 1))


# A shape of its own for each series: circle, square, triangle, diamond.
_SHAPES = (
    "m-3 0a3 3 0 1 0 6 0a3 3 0 1 0 -6 0",
    "m-2.7 -2.7h5.4v5.4h-5.4z",
    "m0 -3.6l3.3 6h-6.6z",
    "m0 -3.8l3.8 3.8l-3.8 3.8l-3.8 -3.8z",
)


def _marks(drawn: Sequence[Point], number: int) -> str:
    shape = _SHAPES[number % len(_SHAPES)]
    return "".join(f"M{px:g} {py:g}{shape}" for px, py in drawn)


def legend_mark(number: int) -> str:
    """The mark of a series, in the middle of a box of 10 by 10."""
    return f"M5 5{_SHAPES[number % len(_SHAPES)]}"


def _heat(record: PlotRecord, series: Sequence[SeriesRecord], cut: bool) -> PlotView:
    """A cell for each point; its columns are those of all rows together."""
    columns = sorted({x for each in series for x, _ in each.points})[:_MOST_SERIES]
    cut = cut or len({x for each in series for x, _ in each.points}) > len(columns)
    place = {value: number for number, value in enumerate(columns)}
    wide = (_RIGHT - _LEFT) / max(len(columns), 1)
    high = (_FOOT - _TOP) / max(len(series), 1)
    # Chance looks pale: the full colour stands for 1 at least.
    largest = max([1.0, *(abs(value) for each in series for _, value in each.points)])
    cells = [
        Box(
            round(_LEFT + place[x] * wide, 1), round(_TOP + row * high, 1),
            round(wide, 1), round(high, 1), round(value / largest, 2),
        )
        for row, each in enumerate(series) for x, value in each.points if x in place
    ]  # fmt: skip
    rows = [Tick(_TOP + (row + 0.5) * high, each.name) for row, each in enumerate(series)]
    heads = [Tick(_LEFT + (n + 0.5) * wide, _label(value)) for n, value in enumerate(columns)]
    return PlotView(
        record, (), _thinned(heads), _thinned(rows), cells=cells, largest=largest, cut=cut
    )


def _thinned(ticks: Sequence[Tick]) -> Sequence[Tick]:
    """At most a dozen labels, evenly spread."""
    return ticks[:: max(1, -(-len(ticks) // 12))]


def figures(record: PlotRecord, most: int = 400) -> Iterator[tuple[str, str, str]]:
    """Series, x and y of every point as text, at most so many."""
    left = most
    for series in record.series:
        for x, y in series.points[:left]:
            yield series.name, _plain(x), _plain(y)
        left -= min(left, len(series.points))


def _plain(value: float) -> str:
    return f"{value:.6g}"
