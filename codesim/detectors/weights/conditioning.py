"""What two models share beyond a base that both come from."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from codesim.detectors.weights.gram import Joint

# A copy of the left holds all of what the left changed in the base, and no honest sibling does.
_SLOPE = 0.05
# The slope has to stand this many standard errors from 0, where the base alone explains the right.
_AWAY = 6.0
_ERRORS = 3.0
_DRAWS = 500
# A side that differs from the base by less than the rounding of a short format is the base.
_IS_BASE = 2.0**-9
# Shared initialisation alone stands above this, and noise of three times the weights at it.
_RELATED = 0.2


@dataclass(frozen=True, slots=True)
class Conditioned:
    """Slopes of right - base on left - base and back, with bootstrap standard errors over tensors,
    and the correlation of the two. ``same`` says which side holds the base itself, ``to_base`` is
    the smaller correlation of a side with it.
    """

    slope: float
    error: float
    back: float
    back_error: float
    correlation: float
    tensors: int
    same: str = ""
    to_base: float = 1.0

    @property
    def is_related(self) -> bool:
        """True when both sides resemble the base, so that it may explain what they share."""
        return self.to_base >= _RELATED

    @property
    def is_open(self) -> bool:
        """True when neither all nor nothing can be ruled out: the changes drown in the noise."""
        slope, error = max((self.slope, self.error), (self.back, self.back_error))
        return 1 - _AWAY * error < slope < max(_AWAY * error, _SLOPE)

    @property
    def holds(self) -> bool:
        """True when one side holds the other's changes of the base in full."""
        return any(
            abs(slope - 1) <= max(_SLOPE, _ERRORS * error) and slope > _AWAY * error
            for slope, error in ((self.slope, self.error), (self.back, self.back_error))
        )


def conditioned(joints: Sequence[Joint], base: int = 0) -> Conditioned | None:
    """Both sides against one base, by its place among the further models."""
    if not joints:
        return None
    sums = torch.tensor([_against(joint.products, 2 + base) for joint in joints])
    aa, ab, bb, size = sums.sum(0).tolist()
    same = "left" if aa < _IS_BASE**2 * size else "right" if bb < _IS_BASE**2 * size else ""
    if aa <= 0 or bb <= 0:
        return Conditioned(0.0, 0.0, 0.0, 0.0, 0.0, len(joints), same or "left")
    chance = torch.Generator().manual_seed(0)
    chosen = torch.randint(len(sums), (_DRAWS, len(sums)), generator=chance)
    drawn = sums[chosen].sum(1)
    return Conditioned(
        ab / aa, _spread(drawn[:, 1] / drawn[:, 0]),
        ab / bb, _spread(drawn[:, 1] / drawn[:, 2]),
        ab / math.sqrt(aa * bb), len(joints), same, _to_base(joints, 2 + base),
    )  # fmt: skip


def _against(products: Tensor, base: int) -> tuple[float, float, float, float]:
    """Inner products of left - base and right - base, and the size of the base."""
    g = products
    c = float(g[base, base])
    aa = float(g[0, 0] - 2 * g[0, base]) + c
    bb = float(g[1, 1] - 2 * g[1, base]) + c
    ab = float(g[0, 1] - g[0, base] - g[1, base]) + c
    return max(aa, 0.0), ab, max(bb, 0.0), c


def _to_base(joints: Sequence[Joint], base: int) -> float:
    """The smaller of the cosines of both sides with the base."""
    g = torch.stack([joint.products for joint in joints]).sum(0)
    return min(float(g[side, base] / (g[side, side] * g[base, base]).sqrt()) for side in (0, 1))


def _spread(values: Tensor) -> float:
    good = values[torch.isfinite(values)]
    return float(good.std()) if len(good) > 1 else 0.0
