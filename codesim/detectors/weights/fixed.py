"""Tensors that architectures give and training does not: masks, position tables, identities.

Any two models have them alike, whatever they are called.
"""

from __future__ import annotations

import torch
from torch import Tensor

from codesim.detectors.weights.alignment import Aligned
from codesim.detectors.weights.sampling import LARGEST, Window
from codesim.formats import product

# What is looked at of each side: rows and columns from the first on.
_SIDE = 128
# Smaller ones are anything by chance.
_LEAST = 4
# Of the energy of a matrix that starts as the identity so much stays on the diagonal.
_DIAGONAL = 0.5
_EVEN = 0.3
# Rows of a table of positions that are padding, and the share of energy that rounding adds to them.
_PADDING = 2
_ROUNDING = 1e-3
_NEARLY_ALL = 0.95


def is_fixed(pair: Aligned) -> bool:
    """True where both sides hold what is no weight: at most two values, a triangle of zeros, equal
    rows or columns, an identity with or without noise, or sines of the position.
    """
    return all(_is_fixed(_block(window)) for window in (pair.left, pair.right))


def _block(window: Window) -> Tensor:
    """Some rows and columns; dimensions of one are left out, so that (1, positions, width) is a
    matrix of positions by width. NaN where a number is no weight.
    """
    values = window.values
    sizes = [size for size in values.record.shape or () if size > 1]
    if window.is_whole and values.is_plain and len(sizes) > 1 and values.rows == 1:
        rows, columns = sizes[0], product(tuple(sizes[1:]))
        most = min(rows, _SIDE)
        block = values.run(0, most * columns).float().view(most, columns)[:, :_SIDE]
    else:
        rows, columns = (min(_SIDE, size) for size in window.shape)
        block = window.block((0, rows), (0, columns))
    return torch.where(block.abs() <= LARGEST, block, torch.nan).double()


def _is_fixed(block: Tensor) -> bool:
    if min(block.shape) < _LEAST or bool(block.isnan().all()):
        return False
    flat = block[~block.isnan()]
    if len(flat.unique()) <= 2:
        return True
    known = block.nan_to_num()
    return (
        _is_repeated(known) or _is_triangle(known) or _is_identity(known)
        or _is_sines(known) or _is_sines(known.T)
    )  # fmt: skip


def _is_repeated(block: Tensor) -> bool:
    return bool((block == block[:1]).all() or (block == block[:, :1]).all())


def _is_triangle(block: Tensor) -> bool:
    halves = block.triu(1), block.tril(-1)
    return any(not bool(half.any()) for half in halves)


def _is_identity(block: Tensor) -> bool:
    """The diagonal holds most of the energy, of entries that are nearly equal."""
    diagonal = block.diagonal()
    energy, mean = float(block.square().sum()), float(diagonal.mean())
    return (
        float(diagonal.square().sum()) > _DIAGONAL * energy
        and float(diagonal.std()) < _EVEN * abs(mean)
    )  # fmt: skip


def _is_sines(block: Tensor) -> bool:
    """Every column is a sine of the row: x(t - 1) + x(t + 1) = 2 cos(w) x(t), for one w."""
    rows = block[_PADDING:]
    if len(rows) < 2 * _LEAST:
        return False
    middle, around = rows[1:-1], rows[:-2] + rows[2:]
    energy = middle.square().sum(0).clamp_min(1e-30)
    factor = (middle * around).sum(0) / energy
    left_over = (around - factor * middle).square().sum(0) / energy
    return float((left_over < _ROUNDING).double().mean()) >= _NEARLY_ALL
