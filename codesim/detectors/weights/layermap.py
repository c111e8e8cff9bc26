"""Every layer of one model against every layer of the other, from samples."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from codesim.detectors.weights.alignment import Aligned
from codesim.detectors.weights.figures import depth_of
from codesim.detectors.weights.roles import place_of
from codesim.detectors.weights.sampling import Window, standardised
from codesim.model import Plot, Series

# Modules of a layer that are looked at, those that most layers have.
_MODULES = 2
_MOST_LAYERS = 64


def layer_plot(pairs: Sequence[Aligned]) -> Plot | None:
    """The mean sampled correlation of the same modules of any two layers; None for one layer."""
    sides = [_modules(pairs, side) for side in (0, 1)]
    common = Counter({name: len(sides[0][name]) for name in sides[0] if name in sides[1]})
    chosen = [name for name, _ in sorted(common.items(), key=lambda item: (-item[1], item[0]))]
    maps = [_map(sides[0][name], sides[1][name]) for name in chosen[:_MODULES]]
    rows = sorted({row for found in maps for row, _ in found})
    columns = sorted({column for found in maps for _, column in found})
    if len(rows) < 2 or len(columns) < 2:
        return None
    return Plot(
        "Layers against layers",
        "heat",
        "layer of right",
        "layer of left",
        tuple(
            Series(f"{row}", tuple((float(column), _mean(maps, row, column)) for column in columns))
            for row in rows
        ),
        f"Sampled correlation of {' and '.join(chosen[:_MODULES])}. A diagonal is the same "
        "order of layers; a step in it is a layer that was left out or repeated.",
    )


def _modules(pairs: Sequence[Aligned], side: int) -> dict[str, dict[int, Window]]:
    """Windows of one side by module, as the left names it, and layer, as their own side does."""
    found: dict[str, dict[int, Window]] = {}
    for pair in pairs:
        module, layer = place_of(pair.names[0])[1], depth_of(pair.names[side])
        if layer >= 0 and min(pair.left.shape) > 1:
            windows = found.setdefault(module, {})
            if len(windows) < _MOST_LAYERS:
                windows.setdefault(layer, (pair.left, pair.right)[side])
    return found


def _map(left: Mapping[int, Window], right: Mapping[int, Window]) -> dict[tuple[int, int], float]:
    """Correlations of all windows of the most frequent shape."""
    shape = Counter(window.shape for window in left.values()).most_common(1)[0][0]
    rows, ours = _samples(left, shape)
    columns, theirs = _samples(right, shape)
    if not rows or not columns:
        return {}
    scores = (ours @ theirs.T).tolist()
    return {
        (row, column): scores[i][j]
        for i, row in enumerate(rows)
        for j, column in enumerate(columns)
    }


def _samples(side: Mapping[int, Window], shape: tuple[int, int]) -> tuple[list[int], Tensor]:
    layers = sorted(layer for layer, window in side.items() if window.shape == shape)
    samples = [standardised(side[layer].squares()) for layer in layers]
    return layers, torch.stack(samples) if samples else torch.zeros(0, 0)


def _mean(maps: Sequence[Mapping[tuple[int, int], float]], row: int, column: int) -> float:
    found = [each[row, column] for each in maps if (row, column) in each]
    return sum(found) / len(found) if found else 0.0
