"""L4: files split and merged."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from benchmarks.ladder.chance import Chance
from benchmarks.ladder.merging import merged
from benchmarks.ladder.splitting import split

_SPLIT = 0.6
_MERGED = 0.35

Trees = dict[str, ast.Module]
Sources = Mapping[str, tuple[str, ...]]


def reorganise(trees: Trees, sources: Sources, chance: Chance) -> tuple[Trees, Sources]:
    """Split some files in two, then merge some pairs; sources are kept up to date."""
    trees, origin = dict(trees), dict(sources)
    for path in sorted(trees):
        if chance.often(_SPLIT):
            new = split(path, trees, chance)
            if new:
                origin[new] = origin[path]
    paths = sorted(trees)
    chance.shuffle(paths)
    for first, second in zip(paths[::2], paths[1::2], strict=False):
        if chance.often(_MERGED) and merged(first, second, trees):
            origin[first] = tuple(sorted({*origin[first], *origin.pop(second)}))
    return trees, {path: origin[path] for path in sorted(trees)}
