"""Common runs of two sequences wherever they stand: greedy string tiling in one pass."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

# Places of one k-gram that are followed up; a run of equal items has as many places as items.
_MAX_PLACES = 24


@dataclass(frozen=True, slots=True)
class Tile:
    """A run of ``length`` equal items that starts at ``left`` and at ``right``."""

    left: int
    right: int
    length: int


def tiles(left: Sequence[Hashable], right: Sequence[Hashable], least: int) -> list[Tile]:
    """Disjoint common runs of at least ``least`` items, long ones first, sorted by ``left``.

    After Wise, "YAP3: improved detection of similarities in computer program and other texts",
    1996; runs are collected once and trimmed instead of searched again after every choice.
    """
    runs = sorted(_runs(left, right, least), key=lambda t: (-t.length, t.left, t.right))
    l_free, r_free = [True] * len(left), [True] * len(right)
    chosen: list[Tile] = []
    for run in runs:
        tile = _trimmed(run, l_free, r_free)
        if tile.length >= least:
            chosen.append(tile)
            for n in range(tile.length):
                l_free[tile.left + n] = r_free[tile.right + n] = False
    return sorted(chosen, key=lambda t: t.left)


def _runs(left: Sequence[Hashable], right: Sequence[Hashable], least: int) -> list[Tile]:
    where: dict[tuple[Hashable, ...], list[int]] = {}
    for at in range(len(right) - least + 1):
        places = where.setdefault(tuple(right[at : at + least]), [])
        if len(places) < _MAX_PLACES:
            places.append(at)
    found = []
    reached: dict[int, int] = {}  # diagonal -> end of its last run on the left
    for at in range(len(left) - least + 1):
        for other in where.get(tuple(left[at : at + least]), ()):
            diagonal = at - other
            if reached.get(diagonal, -1) > at:
                continue
            length = least
            while (
                at + length < len(left)
                and other + length < len(right)
                and left[at + length] == right[other + length]
            ):
                length += 1
            reached[diagonal] = at + length - least + 1
            found.append(Tile(at, other, length))
    return found


def _trimmed(run: Tile, l_free: list[bool], r_free: list[bool]) -> Tile:
    """The longest part of a run that no tile covers yet."""
    best = Tile(run.left, run.right, 0)
    first = 0
    for n in range(run.length + 1):
        if n == run.length or not (l_free[run.left + n] and r_free[run.right + n]):
            if n - first > best.length:
                best = Tile(run.left + first, run.right + first, n - first)
            first = n + 1
    return best
