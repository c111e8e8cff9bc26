"""Matrices with very long sides, seen as others: what is kept for each side would fill memory."""

from __future__ import annotations

from dataclasses import replace

from codesim.detectors.weights.alignment import Aligned
from codesim.detectors.weights.sampling import Window
from codesim.detectors.weights.values import DTYPES

# Vocabularies are shorter; vectors that hold a whole model, and tables stored as two rows, are not.
_LONGEST = 1 << 20
# A row of the matrix that is summed instead.
_WIDTH = 4096


def folded(pair: Aligned) -> list[Aligned]:
    """The pair, or the same numbers in rows of moderate length and what is left over, where a side
    is too long and the numbers of both are stored one after the other.
    """
    windows = (pair.left, pair.right)
    if max(pair.left.shape) <= _LONGEST or not all(map(_is_run, windows)):
        return [pair]
    rows, columns = pair.left.shape
    height, rest = divmod(rows * columns, _WIDTH)
    cuts = [(0, height, _WIDTH)] + ([(height * _WIDTH, 1, rest)] if rest else [])
    return [replace(pair, left=_cut(pair.left, *cut), right=_cut(pair.right, *cut)) for cut in cuts]


def _is_run(window: Window) -> bool:
    values = window.values
    whole = window.high - window.low == values.columns
    return values.is_plain and whole and not window.transposed and values.record.start is not None


def _cut(window: Window, before: int, rows: int, columns: int) -> Window:
    """So many numbers of a run, ``before`` after its first."""
    record = window.values.record
    first = window.first * window.values.columns + before
    start = (record.start or 0) + first * DTYPES[record.dtype].itemsize
    return Window.of(
        replace(window.values, record=replace(record, shape=(rows, columns), start=start))
    )
