"""Subscripts: slices, axes added with None, and axes that are taken whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from codesim.detectors.code.graph import OP
from codesim.detectors.code.syntax import ATTRIBUTE, COLON, KIND_NAMES, NUMBERS

if TYPE_CHECKING:
    from codesim.detectors.code.builder import Builder

_SLICE = OP["slice"]
_SLICE_KIND, _NONE, _ELLIPSIS = (KIND_NAMES.index(name) for name in ("slice", "none", "ellipsis"))
_NEW_AXIS = ("np.newaxis", "numpy.newaxis", "None")


def slice_(b: Builder, i: int) -> int:
    """Lower bound, upper bound and step keep their places when one is left out.

    A lower bound of 0 may be left out too, unless the step may count down.
    """
    given = dict(_bounds(b, i))
    forward = 2 not in given or b.kind[given[2]] in NUMBERS
    if forward and 0 in given and b.text(given[0]) == "0":
        del given[0]
    return b.graph.node(_SLICE, b.start[i], b.values(list(given.values())), -1, tuple(given))


def _bounds(b: Builder, i: int) -> Iterator[tuple[int, int]]:
    """(place, syntax node) of what stands between the colons of a slice."""
    place = 0
    child, last = i + 1, b.syntax.end[i]
    while child < last:
        if b.kind[child] == COLON:
            place += 1
        elif child in b.kids[i]:
            yield place, child
        child = b.syntax.end[child]


def _is_whole(b: Builder, node: int) -> bool:
    """True for a bare colon."""
    return b.kind[node] == _SLICE_KIND and not b.kids[node]


def _is_new(b: Builder, node: int) -> bool:
    kind = b.kind[node]
    return kind == _NONE or (kind == ATTRIBUTE and b.text(node) in _NEW_AXIS)


def added_axis(b: Builder, indexes: list[int]) -> int | None:
    """The axis that ``x[:, None]`` adds and nothing more; None for another subscript."""
    new = [number for number, node in enumerate(indexes) if _is_new(b, node)]
    if len(new) != 1:
        return None
    before, after = indexes[: new[0]], indexes[new[0] + 1 :]
    if not all(_is_whole(b, node) for node in after):
        return None
    if len(before) == 1 and b.kind[before[0]] == _ELLIPSIS:
        return -1 - len(after)
    return len(before) if all(_is_whole(b, node) for node in before) else None


def without_whole_axes(b: Builder, kids: list[int]) -> list[int]:
    """A subscript without the bare colons at its end, which take what is there anyway."""
    last = len(kids)
    while last > 2 and _is_whole(b, kids[last - 1]):
        last -= 1
    ellipsis = any(b.kind[node] == _ELLIPSIS for node in kids[1:last])
    return kids if ellipsis else kids[:last]
