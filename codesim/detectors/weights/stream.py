"""One pass over aligned pairs of any size, in bounded memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from codesim.detectors.weights.alignment import Aligned
from codesim.detectors.weights.compiled import CompiledSums, is_there
from codesim.detectors.weights.folding import folded
from codesim.detectors.weights.moments import Moments, together, turned
from codesim.detectors.weights.sampling import Window
from codesim.detectors.weights.sums import Sums, scaled
from codesim.detectors.weights.values import BLOCK_ELEMENTS
from codesim.detectors.weights.workers import in_order, one_thread_each
from codesim.errors import SnapshotError
from codesim.formats import FormatError, product

OnBlock = Callable[[int, int, Tensor, Tensor], None]
"""Number of the pair, first row, and these rows of either side as float32."""

# What is read at once: far more than it costs to ask for it, and still in the last cache.
_PIECE = 1 << 20
# What one worker does before it takes up the next; sums are added in the order of these.
_SEGMENT = 1 << 25
# A strip of a transposed matrix, gathered in memory: 80 MB as float32.
_STRIP = 20_000_000
# A block on a GPU: large enough to fill it.
_GPU_BLOCK = 1 << 24
_CPU_BLOCK = BLOCK_ELEMENTS
# From so many pairs of numbers on, loading a compiler and compiling takes less than it saves.
_WORTH = 1 << 29


@dataclass(frozen=True, slots=True)
class _Segment:
    """Some rows of a pair, in the orientation in which its left is stored."""

    pair: int
    left: Window
    right: Window
    first: int
    last: int
    height: int


def measured(
    pairs: Sequence[Aligned], device: str | None = None, on_block: OnBlock | None = None
) -> list[Moments]:
    """The moments of every pair, in their order; the same ones however many processors there are.

    On a CUDA device where there is one and ``device`` names no other. ``on_block`` is called with
    every block, in order.
    """
    place = torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu"))
    pieces = [[pair] if on_block is not None else folded(pair) for pair in pairs]
    segments = [
        segment
        for number, each in enumerate(pieces) for piece in each
        for segment in _segments(number, piece, place)
    ]  # fmt: skip

    compiled = place.type == "cpu" and on_block is None and _is_worth(pairs) and is_there()

    def work(segment: _Segment) -> Moments:
        return _of_segment(segment, _sums(segment, place, compiled), on_block)

    if place.type == "cpu" and on_block is None:
        parts = in_order(work, segments)
    else:
        with one_thread_each():
            parts = [work(segment) for segment in segments]
    found: list[list[Moments]] = [[] for _ in pairs]
    for segment, part in zip(segments, parts, strict=True):
        found[segment.pair].append(part)
    return [
        _joined(pair, each != [pair], part)
        for pair, each, part in zip(pairs, pieces, found, strict=True)
    ]


def _is_worth(pairs: Sequence[Aligned]) -> bool:
    """Whether there is enough to add up for a compiler."""
    return sum(product(pair.left.shape) for pair in pairs) >= _WORTH


def _joined(pair: Aligned, is_folded: bool, parts: Sequence[Moments]) -> Moments:
    if not parts:
        return Moments(*pair.left.shape)
    shape = pair.left.turned().shape if pair.left.transposed else pair.left.shape
    found = scaled(together(_without_sides(parts) if is_folded else parts))
    found.rows, found.columns = shape
    return turned(found) if pair.left.transposed else found


def _without_sides(parts: Sequence[Moments]) -> list[Moments]:
    """Sums of pieces of a folded matrix, whose rows and columns are not its own."""
    return [
        replace(part, row_dots=None, column_dots=None, row_energy=None, column_energy=None)
        for part in parts
    ]


def _segments(number: int, pair: Aligned, device: torch.device) -> Iterator[_Segment]:
    """The parts of a pair; the left is looked at as it is stored, the right as that demands."""
    left, right = pair.left, pair.right
    if left.transposed:
        left, right = left.turned(), right.turned()
    rows, columns = left.shape
    if not rows or not columns:
        return
    size = _STRIP if right.transposed else _SEGMENT
    most = _whole_steps(_CPU_BLOCK if device.type == "cpu" else _GPU_BLOCK, columns)
    height = max(most, _whole_steps(size, columns))
    for first in range(0, rows, height):
        yield _Segment(number, left, right, first, min(rows, first + height), most)


def _step(columns: int) -> int:
    """Rows of a block that stays in the cache."""
    return max(1, BLOCK_ELEMENTS // columns)


def _whole_steps(elements: int, columns: int) -> int:
    """The most rows of so many elements that are a multiple of a step."""
    step = _step(columns)
    return max(1, elements // columns // step) * step


def _sums(segment: _Segment, device: torch.device, compiled: bool) -> Sums | CompiledSums:
    rows, columns = segment.last - segment.first, segment.left.shape[1]
    place = (rows, columns, _step(columns), segment.left.shape[0], segment.first)
    return CompiledSums(*place) if compiled else Sums(*place, device)


@np.errstate(over="ignore", invalid="ignore")  # such blocks are seen, and summed again
def _of_segment(segment: _Segment, sums: Sums | CompiledSums, on_block: OnBlock | None) -> Moments:
    columns, step = segment.left.shape[1], segment.height
    try:
        right, left = _Reader(segment.right, segment), _Reader(segment.left, segment)
        piece = max(step, _whole_steps(_PIECE, columns))
        if isinstance(sums, CompiledSums):
            step = piece
        for top in range(segment.first, segment.last, piece):
            bottom = min(segment.last, top + piece)
            a, b = left.rows(top, bottom), right.rows(top, bottom)
            for at in range(0, bottom - top, step):
                one, two = a[at : at + step], b[at : at + step]
                sums.add(top - segment.first + at, one, two)
                if on_block is not None:
                    on_block(segment.pair, top + at, one.float(), two.float())
            del a, b, one, two  # their memory is in the cache, and the next piece takes it
    except (FormatError, SnapshotError) as error:
        sums.found.problem = str(error)
    return sums.moments()


class _Reader:
    """Gives rows of a window in any number type; those of a transpose are gathered at once."""

    def __init__(self, window: Window, segment: _Segment) -> None:
        self.window = window
        self.first = segment.first
        self.strip = _strip(window, segment.first, segment.last) if window.transposed else None

    def rows(self, first: int, last: int) -> Tensor:
        if self.strip is not None:
            return self.strip[first - self.first : last - self.first]
        window = self.window
        top, bottom = window.first + first, window.first + last
        values = window.values
        block = values.raw(top, bottom) if values.is_plain else values.read(top, bottom)
        return block if window.is_whole else block[:, window.low : window.high]


def _strip(window: Window, first: int, last: int) -> Tensor:
    """Rows of a transpose: columns of what is stored, which is read once from end to end."""
    height, width = last - first, window.shape[1]
    found = torch.empty(height, width)
    step = max(1, _PIECE // max(1, window.values.columns))
    for at in range(0, width, step):
        end = min(width, at + step)
        found[:, at:end] = window.block((first, last), (at, end))
    return found
