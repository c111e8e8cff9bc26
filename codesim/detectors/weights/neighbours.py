"""Rows of one matrix and their nearest in another, by cosine."""

from __future__ import annotations

import torch
from torch import Tensor

from codesim.detectors.weights.workers import in_order

# Rows that are compared with all of the other side at once: products of 30 MB for 14,336 of these.
_ROWS = 512
_EPSILON = 1e-12


def mutual(one: Tensor, two: Tensor, signed: bool) -> tuple[Tensor, Tensor]:
    """Rows that are each other's nearest, as two lists of places. ``signed``: the largest cosine,
    else the largest in size.
    """
    if not len(one) or not len(two):
        nothing = torch.zeros(0, dtype=torch.long)
        return nothing, nothing
    lengths, theirs = _inverse_lengths(one), _inverse_lengths(two)

    def look(first: int) -> tuple[Tensor, Tensor, Tensor]:
        found = _cosines(one[first : first + _ROWS], two, theirs, signed)
        forward = found.argmax(1)
        found *= lengths[first : first + _ROWS, None]
        best = found.max(0)
        return forward, best.values, best.indices + first

    parts = in_order(look, range(0, len(one), _ROWS))
    forward = torch.cat([part[0] for part in parts])
    block = torch.stack([part[1] for part in parts]).argmax(0)
    backward = torch.stack([part[2] for part in parts])[block, torch.arange(len(two))]
    ours = torch.arange(len(one))
    both = backward[forward] == ours
    return ours[both], forward[both]


def nearest(one: Tensor, two: Tensor, places: Tensor, signed: bool) -> Tensor:
    """For the rows of one at these places the row of two with the largest cosine, or the largest in
    size.
    """
    if not len(places) or not len(two):
        return torch.zeros(0, dtype=torch.long)
    lengths = _inverse_lengths(two)

    def look(first: int) -> Tensor:
        rows = one[places[first : first + _ROWS]]
        return _cosines(rows, two, lengths, signed).argmax(1)

    return torch.cat(in_order(look, range(0, len(places), _ROWS)))


def agreeing(sides: tuple[Tensor, Tensor], ours: Tensor, theirs: Tensor) -> Tensor:
    """Which matches a projection that was held out makes too."""
    if not len(sides[0]) or not len(sides[1]):
        return torch.zeros(len(ours), dtype=torch.bool)
    return nearest(*sides, ours, signed=False) == theirs


def signs_of(sides: tuple[Tensor, Tensor], ours: Tensor, theirs: Tensor) -> Tensor:
    """The sign of the product of each matched pair of rows."""
    found = torch.ones(len(ours))
    for first in range(0, len(ours), _ROWS):
        few = slice(first, first + _ROWS)
        dots = torch.linalg.vecdot(sides[0][ours[few]], sides[1][theirs[few]])
        found[few][dots < 0] = -1.0
    return found


def _cosines(rows: Tensor, two: Tensor, lengths: Tensor, signed: bool) -> Tensor:
    """Cosines, or their size, times the length of each of ``rows``."""
    found = rows @ two.T
    found *= lengths
    return found if signed else found.abs_()


def _inverse_lengths(rows: Tensor) -> Tensor:
    return 1 / rows.norm(dim=1).clamp_min(_EPSILON)
