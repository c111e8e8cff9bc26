"""One model as a weighted sum of others."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import torch
from torch import Tensor

from codesim.detectors.weights.gram import Joint

# What is left has to be this small a share of the distance to the nearest parent; an unrelated
# second parent leaves more than four fifths of it.
_LEFT_OVER = 0.05
# Below it a parent is not in the merge.
_LEAST = 0.03
# A weighted mean has coefficients that sum to 1 as nearly; spherical interpolation of models that
# differ has a larger sum.
_SUM = 0.02
# Rounding of the stored result, as a share of its square: half a unit of bfloat16, averaged.
_ROUNDING = 3e-6


@dataclass(frozen=True, slots=True)
class Merge:
    """Coefficients by parent (the other side first, then the further models in order): the median
    over tensors, how much they vary, each tensor's, and the share of the distance to the nearest
    parent that they leave unexplained. ``target`` is the side that was made.
    """

    target: str
    coefficients: tuple[float, ...]
    variation: float
    left_over: float
    by_tensor: tuple[tuple[str, tuple[float, ...]], ...]

    @property
    def is_merge(self) -> bool:
        """True when at least two parents explain the target as a sum of positive shares."""
        used = [c for c in self.coefficients if abs(c) >= _LEAST]
        return (
            self.left_over < _LEFT_OVER
            and len(used) >= 2
            and all(_LEAST <= c <= 1 for c in used)
            and 1 - _SUM <= sum(self.coefficients) < 1.5
        )

    @property
    def is_linear(self) -> bool:
        """True when the coefficients sum to 1."""
        return abs(sum(self.coefficients) - 1) <= _SUM


def merges(joints: Sequence[Joint]) -> list[Merge]:
    """Either side as a sum of the other and the further models; the better explained first."""
    found = [each for each in (_merge(joints, 1), _merge(joints, 0)) if each is not None]
    return sorted((each for each in found if each.is_merge), key=lambda each: each.left_over)


def _merge(joints: Sequence[Joint], target: int) -> Merge | None:
    rows, left_over, distance = [], 0.0, 0.0
    for joint in joints:
        order = [1 - target, *range(2, len(joint.products)), target]
        g = joint.products[order][:, order]
        solved = _solve(g)
        if solved is None:
            continue
        coefficients, rest, nearest = solved
        left_over += max(0.0, rest - _ROUNDING * float(g[-1, -1]))
        distance += nearest
        rows.append((joint.pair.names[0], coefficients))
    if len(rows) < 2 or distance <= 0:
        return None
    columns = list(zip(*(values for _, values in rows), strict=True))
    middle = tuple(median(column) for column in columns)
    spread = max(
        median(abs(value - each) for value in column)
        for column, each in zip(columns, middle, strict=True)
    )
    side = ("left", "right")[target]
    return Merge(side, middle, spread, left_over / distance, tuple(rows))


def _solve(g: Tensor) -> tuple[tuple[float, ...], float, float] | None:
    """Least squares of the last model on the others, on the first and the differences from it;
    None where two parents agree, so that their shares cannot be told apart.
    """
    count = len(g) - 1
    change = torch.eye(count + 1, dtype=torch.float64)
    change[1:count, 0] = -1
    h = change @ g @ change.T
    scale = h.diagonal().clamp_min(0).sqrt()
    if bool((scale[:count] <= 2e-3 * math.sqrt(float(h[0, 0]))).any()):
        return None
    unit = h / scale[:, None] / scale[None, :]
    if float(torch.linalg.cond(unit[:count, :count])) > 1e8:
        return None
    solved = torch.linalg.solve(unit[:count, :count], unit[:count, count]) * scale[count]
    differences = solved / scale[:count]
    rest = float(h[count, count] * (1 - unit[:count, count] @ solved / scale[count]))
    nearest = min(float(g[k, k] + g[count, count] - 2 * g[k, count]) for k in range(count))
    first = float(differences[0] - differences[1:].sum())
    return (first, *differences[1:].tolist()), max(rest, 0.0), max(nearest, 0.0)
