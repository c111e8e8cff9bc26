"""A constant factor between two models: all weights doubled, or with the other sign."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

import torch

from codesim.detectors.weights.alignment import Aligned
from codesim.detectors.weights.residual import RESTORED, Residual
from codesim.detectors.weights.sampling import Window

# A factor is looked at where it is at least this far from 1; training moves the slopes of whole
# tensors by less, or by another amount in each.
_FAR = 0.02
# With a change besides; noise on the left alone moves slopes of this correlation by 0.02.
_FURTHER = 0.05
# Share of the square of a tensor that rounding to bfloat16 leaves at most.
_ROUNDING = 4.0**-8
# One factor for all: how far that of a tensor may be from the median, and the correlation that
# makes a slope one.
_SAME, _CLOSE = 0.01, 0.99
# Tensors that share a factor by accident are few, and of few numbers.
_LEAST = 64


@dataclass(frozen=True, slots=True)
class Factors:
    """Right over left of every pair, 1 where nothing is to be undone, and the words for it."""

    by_pair: tuple[float, ...]
    words: str


def factors(found: Sequence[Residual]) -> Factors | None:
    """The factors that explain all related tensors; None where they need none."""
    used = [r for r in found if not r.excluded and r.moments.count >= _LEAST and _is_like(r)]
    if not used or any(r.pair.how == RESTORED for r in used):
        return None
    sizes = [_factor(r) for r in used]
    middle = median(abs(size) for size in sizes)
    one = all(abs(abs(size) / middle - 1) <= _SAME for size in sizes)
    exact = all(_is_exact(r) for r in used)
    if max(abs(size - 1) for size in sizes) < (_FAR if exact else _FURTHER) or not (one or exact):
        return None
    places = {id(r) for r in used}
    by_pair = tuple(_rounded(_factor(r)) if id(r) in places else 1.0 for r in found)
    return Factors(by_pair, _words(sorted({_rounded(size) for size in sizes}), one))


def undone(pair: Aligned, factor: float) -> Aligned:
    """A pair whose right side is divided by a factor."""
    if factor == 1.0:
        return pair
    values = pair.right.values
    scale = torch.ones(1, 1) if values.scale is None else values.scale
    window: Window = replace(pair.right, values=replace(values, scale=scale / factor))
    return replace(pair, right=window)


def _factor(r: Residual) -> float:
    return r.moments.ab / r.moments.aa


def _is_like(r: Residual) -> bool:
    """True for tensors that a factor explains nearly."""
    sums = r.moments
    return sums.aa > 0 and sums.bb > 0 and abs(sums.ab) >= _CLOSE * math.sqrt(sums.aa * sums.bb)


def _is_exact(r: Residual) -> bool:
    sums = r.moments
    return sums.bb - sums.ab**2 / sums.aa <= _ROUNDING * sums.bb


def _rounded(size: float) -> float:
    """A factor to four digits: doubling is 2, whatever rounding made of it."""
    return float(f"{size:.4g}")


def _words(sizes: Sequence[float], one: bool) -> str:
    if len(sizes) == 1:
        return f"multiplied by {sizes[0]:g}"
    if {abs(size) for size in sizes} == {1.0}:
        return "with the other sign in some tensors"
    if one and min(sizes) > 0:
        return f"multiplied by about {median(sizes):.3g}"
    return f"multiplied by a factor for each tensor ({sizes[0]:.3g} to {sizes[-1]:.3g})"
