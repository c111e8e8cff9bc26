"""Tensors that are parts of others: fused projections, longer vocabularies, wider matrices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product as every

from codesim.detectors.weights.matching import Aligned, Sampler, Search, by_shape, matched, unused
from codesim.detectors.weights.sampling import Window
from codesim.detectors.weights.values import Values

# Where parts of a fused tensor may begin: at sums of this many sizes of other tensors.
_MOST_SIZES = 12


def parts(
    left: Sequence[Values], right: Sequence[Values], found: Sequence[Aligned], search: Search
) -> list[Aligned]:
    """More pairs in which one tensor is a run of rows or columns of the other. ``found`` are those
    so far: a tensor of which parts are paired may have others.
    """
    ours, theirs = unused(left, right, found)
    taken = [
        window
        for pair in found
        for window in (pair.left, pair.right)
        if pair.how == search.how and not window.is_whole
    ]
    open_ours, open_theirs = (
        [*free, *(v for v in side if any(window.values is v for window in taken))]
        for free, side in ((ours, left), (theirs, right))
    )
    more = _inside(ours, open_theirs, taken, search)
    swapped = _inside(theirs, open_ours, taken, search)
    return more + [replace(pair, left=pair.right, right=pair.left) for pair in swapped]


def _overlap(one: Window, two: Window) -> bool:
    return (
        one.values is two.values
        and max(one.first, two.first) < min(one.last, two.last)
        and max(one.low, two.low) < min(one.high, two.high)
    )


def _inside(
    smalls: Sequence[Values],
    larges: Sequence[Values],
    taken: Sequence[Window],
    search: Search,
) -> list[Aligned]:
    sizes = {values.shape for values in (*smalls, *larges)}
    ones = [Window.of(values) for values in smalls]
    columns = [window.turned() for window in ones]
    found: list[Aligned] = []
    for sampler, windows, turn in (
        (Window.runs, ones, False),
        (Window.squares, ones, True),
        (Window.squares, columns, True),
    ):
        used = {id(window.values) for pair in found for window in (pair.left, pair.right)}
        free = [window for window in windows if id(window.values) not in used]
        wholes = [Window.of(values) for values in larges]
        places = [whole.turned() if turn else whole for whole in wholes]
        closed = [*taken, *(pair.right for pair in found)]
        found += _placed(free, places, sampler, sizes, closed, search)
    return [
        replace(pair, left=pair.left.turned(), right=pair.right.turned())
        if pair.left.transposed
        else pair
        for pair in found
    ]


def _placed(
    smalls: Sequence[Window],
    larges: Sequence[Window],
    sampler: Sampler,
    sizes: set[tuple[int, int]],
    closed: Sequence[Window],
    search: Search,
) -> list[Aligned]:
    """Small windows as rows of large ones, by content."""
    found: list[Aligned] = []
    for (rows, columns), ones in sorted(by_shape(smalls).items()):
        every_place = [
            large.rows(first, first + rows)
            for large in larges
            if large.shape[1] == columns and large.shape[0] > rows
            for first in _offsets(rows, large.shape, sizes)
        ]
        places = [p for p in every_place if not any(_overlap(p, one) for one in closed)]
        if places:
            found += matched(ones, places, sampler, search)
    return found


def _offsets(rows: int, large: tuple[int, int], sizes: set[tuple[int, int]]) -> list[int]:
    """Where so many rows may begin in a larger matrix: after one or two other tensors."""
    height, width = large
    known = {s[0] for s in sizes if s[1] == width} | {s[1] for s in sizes if s[0] == width}
    before = sorted(size for size in known if size < height)[:_MOST_SIZES]
    found = {a + b for a, b in every((0, *before), repeat=2)} | {height - rows}
    return sorted(first for first in found if first + rows <= height)
