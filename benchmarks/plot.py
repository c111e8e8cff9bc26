"""The plot of calibration: what unrelated pairs reach, and what each step of strength asks for.

A small writer of SVG, so that the same results give the same bytes everywhere.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from benchmarks.inside import steps
from benchmarks.ours import STEPS
from benchmarks.unrelated import Result

_WIDTH, _HEIGHT = 960, 560
# Of one panel: its place in the picture, and the values at its borders.
_TOP, _BOTTOM, _PANEL, _LEFT, _GAP = 112, 490, 340, 70, 110
_MOST_CHANCES, _MOST_BITS = 24.0, 56.0
# Pairs closer than this are drawn as one dot, whose area is their number.
_COLUMN, _ROW, _SMALLEST, _LARGEST = 1.0, 2.0, 2.2, 13.0
_COLOURS = ("#a86f00", "#c04e00", "#b0457f", "#5b2a6e")
_INK, _FAINT, _DOT = "#222222", "#d9d9d9", "#0072b2"


@dataclass(frozen=True)
class Panel:
    """One list of packages."""

    title: str
    found: Sequence[Result]
    number: int

    def x(self, chances: float) -> float:
        """Place of a number of chances, given as its logarithm."""
        left = _LEFT + self.number * (_PANEL + _GAP)
        return left + _PANEL * min(chances, _MOST_CHANCES) / _MOST_CHANCES

    @staticmethod
    def y(bits: float) -> float:
        """Place of an amount of information."""
        return _BOTTOM - (_BOTTOM - _TOP) * min(bits, _MOST_BITS) / _MOST_BITS


def chances(found: Result) -> float:
    """How many unit pairs there are, as a logarithm of base 2."""
    return math.log2(max(1, found.left_units) * max(1, found.right_units))


def drawn(lists: Sequence[tuple[str, Sequence[Result]]]) -> str:
    """An SVG with one panel for each list of packages."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        f'width="{_WIDTH}" height="{_HEIGHT}" font-family="sans-serif" font-size="12" '
        f'fill="{_INK}" role="img">',
        "<title>Best match of unrelated pairs by size, and the steps of strength</title>",
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#ffffff"/>',
        _text(_LEFT, 28, "Best match of two unrelated repositories, by size", size=17),
        _text(
            _LEFT,
            48,
            "Area of a dot: number of pairs; at 0 no match was aligned. A line: what a step"
            " asks of a match that is",
        ),
        _text(
            _LEFT,
            64,
            f"the whole of one side; of one that covers less it asks for up to"
            f" {steps().scatter:.0f} bits more.",
        ),
    ]
    for number, (title, found) in enumerate(lists):
        parts += _panel(Panel(title, found, number))
    return "\n".join([*parts, "</svg>"]) + "\n"


def _panel(panel: Panel) -> list[str]:
    title = f"{panel.title}, {len(panel.found):,} pairs"
    return [
        _text(panel.x(0), _TOP - 14, title, size=13, weight="bold"),
        *_axes(panel),
        *_steps(panel),
        *_dots(panel),
    ]


def _axes(panel: Panel) -> list[str]:
    parts = []
    for bits in range(0, int(_MOST_BITS) + 1, 10):
        y = panel.y(bits)
        parts.append(_line(panel.x(0), y, panel.x(_MOST_CHANCES), y, _FAINT))
        parts.append(_text(panel.x(0) - 8, y + 4, str(bits), anchor="end"))
    for logarithm in range(0, int(_MOST_CHANCES) + 1, 6):
        x = panel.x(logarithm)
        parts.append(_line(x, _BOTTOM, x, _BOTTOM + 5, _INK))
        parts.append(_text(x, _BOTTOM + 28, f"{2**logarithm:,}", anchor="middle"))
    middle = panel.x(_MOST_CHANCES / 2)
    parts.append(_text(middle, _BOTTOM + 48, "pairs of definitions compared", anchor="middle"))
    if panel.number == 0:
        middle = (_TOP + _BOTTOM) / 2
        parts.append(
            f'<text transform="translate(22 {middle:.1f}) rotate(-90)" text-anchor="middle">'
            "bits of the best match</text>"
        )
    return parts


def _steps(panel: Panel) -> list[str]:
    """What a step asks of a match that is the whole of one side; of less it asks for more."""
    asked = steps()
    needed = (asked.weak, asked.moderate, asked.strong, asked.very_strong)
    parts = []
    for step, bits, colour in zip(STEPS, needed, _COLOURS, strict=True):
        ends = bits, bits + asked.slope * _MOST_CHANCES
        parts.append(
            _line(
                panel.x(0), panel.y(ends[0]), panel.x(_MOST_CHANCES), panel.y(ends[1]), colour, 1.6
            )
        )
        beside = panel.x(_MOST_CHANCES) + 6, panel.y(ends[1]) + 4
        parts.append(_text(*beside, step.word, colour=colour))
    return parts


def _dots(panel: Panel) -> list[str]:
    cells = Counter(
        (round(chances(each) / _COLUMN), round(each.bits / _ROW)) for each in panel.found
    )
    most = max(cells.values(), default=1)
    parts = []
    for (column, row), count in sorted(cells.items()):
        radius = max(_SMALLEST, _LARGEST * math.sqrt(count / most))
        x, y = panel.x(column * _COLUMN), panel.y(row * _ROW)
        parts.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{_DOT}" '
            f'fill-opacity="0.55"><title>{count} pairs</title></circle>'
        )
    return parts


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, width: float = 1.0) -> str:
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
        f'stroke="{colour}" stroke-width="{width}"/>'
    )


def _text(
    x: float,
    y: float,
    words: str,
    *,
    anchor: str = "start",
    size: int = 12,
    weight: str = "normal",
    colour: str = _INK,
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" '
        f'font-weight="{weight}" fill="{colour}">{escape(words)}</text>'
    )
