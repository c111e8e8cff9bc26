"""Which checkpoints of the left are compared in full with which of the right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from codesim.detectors.checkpoint.names import Indices, Template
from codesim.detectors.checkpoint.sheet import Sheet

# Equal names say most; structure and size tell renamed ones apart.
_NAMES, _SEGMENTS, _STRUCTURE, _SIZE = 4.0, 2.0, 2.0, 1.0


@dataclass(frozen=True, slots=True)
class Sketch:
    """What tells quickly whether two checkpoints are alike."""

    path: str
    templates: frozenset[Template]
    segments: frozenset[str]
    layers: Counter[tuple[str, tuple[Indices, ...]]]
    size: int | None


def promising(left: Sequence[Sheet], right: Sequence[Sheet], most: int) -> list[tuple[int, int]]:
    """Pairs by their places, at most so many: for each checkpoint its best partner first, then the
    next best pairs.
    """
    everything = [(n, m) for n in range(len(left)) for m in range(len(right))]
    if len(everything) <= most:
        return everything
    ours, theirs = (list(map(_sketch, side)) for side in (left, right))
    ranked = sorted(
        everything,
        key=lambda pair: (
            -_alike(ours[pair[0]], theirs[pair[1]]),
            sorted((ours[pair[0]].path, theirs[pair[1]].path)),
            pair,
        ),
    )
    used: tuple[set[int], set[int]] = (set(), set())
    first = []
    for one, two in ranked:
        if one not in used[0] and two not in used[1]:
            used[0].add(one)
            used[1].add(two)
            first.append((one, two))
    chosen = set(first)
    return [*first, *(pair for pair in ranked if pair not in chosen)][:most]


def _sketch(sheet: Sheet) -> Sketch:
    return Sketch(
        path=sheet.inventory.path,
        templates=frozenset(sheet.groups),
        segments=frozenset(segment for template in sheet.groups for segment in template),
        layers=Counter((t[-1], tuple(sorted(g.tensors))) for t, g in sheet.groups.items()),
        size=sheet.inventory.total_size,
    )


def _alike(left: Sketch, right: Sketch) -> float:
    layers = 2 * (left.layers & right.layers).total()
    return (
        _NAMES * _share(left.templates, right.templates)
        + _SEGMENTS * _share(left.segments, right.segments)
        + _STRUCTURE * layers / max(1, left.layers.total() + right.layers.total())
        + _SIZE * (left.size is not None and left.size == right.size)
    )


def _share(left: frozenset[object], right: frozenset[object]) -> float:
    return len(left & right) / max(1, min(len(left), len(right)))
