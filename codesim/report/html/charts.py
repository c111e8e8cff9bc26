"""Pictures as plain numbers for the templates; each picture has a macro in charts.html.j2.

Sizes are in units of the drawing, close to pixels. Nothing here knows a kind of evidence: the same
pictures serve one comparison and a whole cohort.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log

from codesim.report.columns import cells as columns_of
from codesim.report.columns import shorten
from codesim.text import percent

# Of monospaced text at 11 units: the advance of one character, and the longest label.
_ADVANCE, _LONGEST = 6.7, 34
# Labels of columns are 11 units tall and lean by 45 degrees: narrower cells would let them meet.
_CELL, _SMALL_CELL, _MOST_LARGE = 34, 16, 24
# The most rows or columns of a heat map that anyone can read.
MOST_CELLS = 60
# Text on the full colour keeps a contrast of 4.5, so the full colour is not opaque.
_PALEST, _FULLEST = 0.06, 0.6


@dataclass(frozen=True, slots=True)
class HeatCell:
    """One cell by place; ``share`` 0..1 is its colour, ``says`` its words, ``target`` its link."""

    row: int
    column: int
    share: float
    says: str
    target: str = ""


@dataclass(frozen=True, slots=True)
class DrawnCell:
    x: float
    y: float
    opacity: float
    figure: str
    says: str
    target: str


@dataclass(frozen=True, slots=True)
class Label:
    x: float
    y: float
    text: str
    whole: str


@dataclass(frozen=True, slots=True)
class HeatMap:
    width: float
    height: float
    left: float
    top: float
    cell: float
    rows: Sequence[Label]
    columns: Sequence[Label]
    cells: Sequence[DrawnCell]


def heat_map(rows: Sequence[str], columns: Sequence[str], cells: Iterable[HeatCell]) -> HeatMap:
    """Rows against columns; at most MOST_CELLS of either are drawn."""
    rows, columns = rows[:MOST_CELLS], columns[:MOST_CELLS]
    size = _CELL if max(len(rows), len(columns)) <= _MOST_LARGE else _SMALL_CELL
    left = _reach(rows) + 10
    # Labels of columns lean by 45 degrees.
    lean = _reach(columns) * 0.72
    top = lean + 20  # and a letter is tall across its line
    drawn = [
        DrawnCell(
            round(left + cell.column * size, 1),
            round(top + cell.row * size, 1),
            round(_PALEST + (_FULLEST - _PALEST) * cell.share, 3),
            _figure(cell.share) if size == _CELL else "",
            cell.says,
            cell.target,
        )
        for cell in cells
        if cell.row < len(rows) and cell.column < len(columns)
    ]
    middle = size / 2
    return HeatMap(
        width=round(left + len(columns) * size + lean + 8, 1),
        height=round(top + len(rows) * size + 4, 1),
        left=round(left, 1),
        top=round(top, 1),
        cell=size,
        rows=[
            Label(round(left - 8, 1), round(top + n * size + middle + 4, 1), short(name), name)
            for n, name in enumerate(rows)
        ],
        columns=[
            Label(round(left + n * size + middle, 1), round(top - 8, 1), short(name), name)
            for n, name in enumerate(columns)
        ],
        cells=drawn,
    )


def short(name: str) -> str:
    """A name as long as a label may be; its middle goes first."""
    return shorten(name, _LONGEST)


def _reach(names: Sequence[str]) -> float:
    return _ADVANCE * max((columns_of(short(name)) for name in names), default=0)


def _figure(share: float) -> str:
    return percent(share).removesuffix(" %")


@dataclass(frozen=True, slots=True)
class Strip:
    """One file from its first to its last line, as parts of 1000: what is matched."""

    name: str
    lines: int
    total: int
    parts: Sequence[tuple[float, float]]

    @property
    def share(self) -> float:
        return self.lines / self.total if self.total else 0.0


def strip(name: str, total: int, spans: Iterable[tuple[int, int]]) -> Strip:
    """A file of ``total`` lines with the matched ``spans``, which may overlap."""
    parts: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if parts and start <= parts[-1][1] + 1:
            parts[-1] = (parts[-1][0], max(parts[-1][1], end))
        else:
            parts.append((start, end))
    unit = 1000 / max(total, 1)
    return Strip(
        name,
        sum(end - start + 1 for start, end in parts),
        total,
        [
            (round((start - 1) * unit, 1), round((end - start + 1) * unit, 1))
            for start, end in parts
        ],
    )


@dataclass(frozen=True, slots=True)
class Portion:
    """One part of a bar of 1000: a word, how many, and a number for its look."""

    word: str
    amount: int
    look: int
    x: float
    width: float


def portions(counts: Iterable[tuple[str, int, int]]) -> list[Portion]:
    """A bar cut by word, amount and look, in the given order."""
    given = [each for each in counts if each[1]]
    total = sum(amount for _, amount, _ in given) or 1
    found: list[Portion] = []
    x = 0.0
    for word, amount, look in given:
        width = 1000 * amount / total
        found.append(Portion(word, amount, look, round(x, 1), round(width, 1)))
        x += width
    return found


@dataclass(frozen=True, slots=True)
class Bin:
    x: float
    y: float
    width: float
    height: float
    says: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A named place on the axis; the name ends before ``text_x``, or begins there: ``anchor``."""

    x: float
    y: float
    text: str
    text_x: float
    anchor: str


@dataclass(frozen=True, slots=True)
class Histogram:
    """Bars of counts with named marks on the axis."""

    bins: Sequence[Bin]
    x_ticks: Sequence[Label]
    y_ticks: Sequence[Label]
    marks: Sequence[Mark]


# The drawing is 640 by 306, its axes from 56 to 610 and from 256 up to 80; marks are named above.
HISTOGRAM = {"width": 640, "height": 306, "left": 56, "right": 610, "top": 80, "foot": 256}
# Names of marks: what a character takes at up to 18 units, which is 10 pixels on a phone, lines of
# names, and their distance.
_MARK_ADVANCE, _MARK_LINES, _MARK_LINE = 10, 4, 18


def histogram(
    edges: Sequence[float], counts: Sequence[int], marks: Iterable[tuple[float, str]] = ()
) -> Histogram:
    """``counts`` between neighbouring ``edges``, all above zero, on a logarithmic axis, with
    ``marks`` such as the steps of strength.
    """
    low, high, most = edges[0], edges[-1], max([1, *counts])
    wide = (HISTOGRAM["right"] - HISTOGRAM["left"]) / log(high / low)
    tall = (HISTOGRAM["foot"] - HISTOGRAM["top"]) / most

    def at(value: float) -> float:
        return round(HISTOGRAM["left"] + log(min(max(value, low), high) / low) * wide, 1)

    bins = [
        Bin(
            at(start), round(HISTOGRAM["foot"] - count * tall, 1),
            max(round(at(end) - at(start) - 1, 1), 0.5), round(count * tall, 1),
            f"{start:,g} to {end:,g}: {count:,}",
        )
        for start, end, count in zip(edges, edges[1:], counts, strict=False)
    ]  # fmt: skip
    foot = float(HISTOGRAM["foot"])
    steps = range(0, len(edges), max(1, -(-len(edges) // 10)))
    heights = sorted({0, most // 2, most})
    return Histogram(
        bins,
        [Label(at(edges[n]), foot + 22, f"{edges[n]:,g}", "") for n in steps],
        [Label(HISTOGRAM["left"] - 6, round(foot - n * tall, 1), f"{n:,}", "") for n in heights],
        _marks((at(x), name) for x, name in marks),
    )


def _marks(marks: Iterable[tuple[float, str]]) -> list[Mark]:
    """Names beside their marks, from the left; those that would meet go on lines of their own."""
    ends = [0.0] * _MARK_LINES
    found = []
    for x, name in marks:
        width = 8 + _MARK_ADVANCE * len(name)
        is_before = x >= width
        start, end = (x - width, x) if is_before else (x, x + width)
        line = next((n for n, last in enumerate(ends) if last <= start), _MARK_LINES - 1)
        ends[line] = end
        y = 18.0 + _MARK_LINE * line
        found.append(Mark(x, y, name, x - 4 if is_before else x + 4, _ANCHORS[is_before]))
    return found


_ANCHORS = ("start", "end")
