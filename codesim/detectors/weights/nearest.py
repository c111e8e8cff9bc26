"""Which rows of one matrix lie nearest to which of another."""

from __future__ import annotations

import torch
from torch import Tensor

# Rows that are matched at once.
_ROWS = 1024
_EPSILON = 1e-12


def mutual(one: Tensor, two: Tensor, signed: bool) -> tuple[Tensor, Tensor]:
    """Rows that are each other's nearest by cosine, as two lists of places."""
    forward = nearest(one, two, signed)
    backward = nearest(two, one, signed)
    ours = torch.arange(len(one))
    both = backward[forward] == ours if len(one) else ours.bool()
    return ours[both], forward[both]


def nearest(one: Tensor, two: Tensor, signed: bool) -> Tensor:
    """For each row of one the row of two with the largest cosine, or the largest in size."""
    if not len(one) or not len(two):
        return torch.zeros(0, dtype=torch.long)
    a, b = _units(one), _units(two)
    found = []
    for first in range(0, len(a), _ROWS):
        c = a[first : first + _ROWS] @ b.T
        found.append((c if signed else c.abs()).argmax(1))
    return torch.cat(found)


def agreeing(sides: tuple[Tensor, Tensor], ours: Tensor, theirs: Tensor) -> Tensor:
    """Which matches a projection that was held out makes too."""
    if not len(sides[0]) or not len(sides[1]):
        return torch.zeros(len(ours), dtype=torch.bool)
    return nearest(sides[0][ours], sides[1], signed=False) == theirs


def signs_of(sides: tuple[Tensor, Tensor], ours: Tensor, theirs: Tensor) -> Tensor:
    """The sign of the product of each matched pair of rows."""
    return torch.where((sides[0][ours] * sides[1][theirs]).sum(1) < 0, -1.0, 1.0)


def _units(rows: Tensor) -> Tensor:
    return rows / rows.norm(dim=1, keepdim=True).clamp_min(_EPSILON)
