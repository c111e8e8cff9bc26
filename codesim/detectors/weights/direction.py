"""Which of two related models came first."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from codesim.detectors.weights.residual import RESTORED, Residual
from codesim.detectors.weights.verdict import LEFT_TO_RIGHT, RIGHT_TO_LEFT, UNDECIDED

# A change that has nothing to do with the parent leaves a slope of 1 of the child on it; training
# that goes on for as long again moves it by less than this in the models measured.
_SLOPE = 0.15
# Training that makes all weights larger or smaller moves both slopes by as much: not more than this
# share of the distance of the other from 1 is left to it.
_NEARER = 0.5
# Siblings that were tuned from one model differ by less than this in how far their slopes are from
# 1: a smaller difference names no direction.
_LEAST = 0.02
# Bootstrap standard errors between the two directions.
_ERRORS = 3.0
_DRAWS = 500
# Standard errors within which a slope is 1 and beyond which it is not.
_AT_ONE, _NOT_AT_ONE = 4.0, 8.0


@dataclass(frozen=True, slots=True)
class Slopes:
    """Mean least-squares slopes over tensors of right on left and of left on right, and how much
    closer the first is to 1 than the second, in bootstrap standard errors over tensors.
    """

    right: float
    left: float
    lead: float

    @property
    def direction(self) -> str:
        """The side whose slope is near 1 and clearly nearer than the other's is the parent."""
        right, left = abs(self.right - 1), abs(self.left - 1)
        if abs(right - left) < _LEAST:
            return UNDECIDED
        if self.lead > _ERRORS and right < min(_SLOPE, _NEARER * left):
            return LEFT_TO_RIGHT
        if self.lead < -_ERRORS and left < min(_SLOPE, _NEARER * right):
            return RIGHT_TO_LEFT
        return UNDECIDED


def slopes(residuals: Sequence[Residual]) -> Slopes:
    """Slopes of tensors that changed."""
    if not residuals:
        return Slopes(0.0, 0.0, 0.0)
    both = torch.tensor([r.moments.slopes for r in residuals], dtype=torch.float64)
    right, left = both.mean(0).tolist()
    lead = abs(left - 1) - abs(right - 1)
    if len(both) < 3:
        return Slopes(right, left, 0.0)
    chance = torch.Generator().manual_seed(0)
    chosen = torch.randint(len(both), (_DRAWS, len(both)), generator=chance)
    drawn: Tensor = (both[chosen].mean(1) - 1).abs()
    error = float((drawn[:, 1] - drawn[:, 0]).std())
    return Slopes(right, left, lead / max(error, 1e-12))


def of_noise(residuals: Sequence[Residual]) -> str:
    """The side on which the other has a slope of 1 and not the other way round.

    Noise that knows nothing of the parent leaves the slope at 1 up to its standard error, which the
    elements themselves say; noise on both copies of a third model moves both slopes away from 1.
    """
    if any(r.pair.how == RESTORED for r in residuals):
        return slopes(residuals).direction
    ab = sum(r.moments.ab for r in residuals)
    sides = [sum(getattr(r.moments, name) for r in residuals) for name in ("aa", "bb")]
    off = []
    for name, total in zip(("aa", "bb"), sides, strict=True):
        energy = sum(getattr(r.moments, name) * r.moments.sigma**2 for r in residuals)
        off.append(abs(ab / total - 1) * total / math.sqrt(energy) if energy > 0 else 0.0)
    right, left = off
    if right < _AT_ONE and left > _NOT_AT_ONE:
        return LEFT_TO_RIGHT
    if left < _AT_ONE and right > _NOT_AT_ONE:
        return RIGHT_TO_LEFT
    return UNDECIDED


def of_pruned(residuals: Sequence[Residual]) -> str:
    """The side that has the zeros was made from the other."""
    right = sum(r.probe.zero_right for r in residuals)
    left = sum(r.probe.zero_left for r in residuals)
    if right == left:
        return UNDECIDED
    return LEFT_TO_RIGHT if right > left else RIGHT_TO_LEFT


def of_quantised(residuals: Sequence[Residual]) -> str:
    """The side that repeats its numbers more was made from the other."""
    score = sum(r.probe.distinct for r in residuals) / math.sqrt(max(1, len(residuals)))
    if abs(score) < 2 * _ERRORS:
        return UNDECIDED
    return LEFT_TO_RIGHT if score > 0 else RIGHT_TO_LEFT
