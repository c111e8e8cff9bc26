"""Numbers that multiply others: the scales of tensors stored in eight bits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import torch
from torch import Tensor

from codesim.detectors.weights.foresight import announce
from codesim.detectors.weights.sampling import Window
from codesim.detectors.weights.values import Values
from codesim.errors import SnapshotError
from codesim.formats import FormatError
from codesim.model import Skipped

_SCALED = frozenset(("I8", "F8_E4M3", "F8_E5M2", "F8_E4M3FNUZ", "F8_E5M2FNUZ"))
# Where a scale stands for the tensor X.weight, and what its numbers are divided by. Despite its
# name, ``scale_inv`` multiplies (DeepSeek-V3's ``weight_dequant``); the statistics of bitsandbytes
# are the largest absolute value of each row, which is stored as 127.
_COMPANIONS = (
    ("{name}_scale_inv", 1.0), ("{name}_scale", 1.0), ("{name}.scale", 1.0), ("{stem}.scale", 1.0),
    ("{stem}.scales", 1.0), ("{stem}.weight_scale", 1.0), ("{stem}.SCB", 127.0),
)  # fmt: skip
# The scales of an embedding of 256,000 rows, with room.
_MOST = 4_000_000


def with_scales(tensors: Sequence[Values], skipped: list[Skipped]) -> list[Values]:
    """Tensors that know their scales; scales themselves are left out."""
    named = {values.name: values for values in tensors}
    used: set[str] = set()
    found = []
    companions = [named.get(_companion(v, named)[0]) for v in tensors if v.record.dtype in _SCALED]
    windows = [Window.of(scale) for scale in companions if scale is not None]
    announce((window, (0, window.shape[0]), (0, window.shape[1])) for window in windows)
    for values in tensors:
        if values.record.dtype not in _SCALED:
            found.append(values)
            continue
        name, divisor = _companion(values, named)
        if not name:
            found.append(values)
            continue
        used.add(name)
        try:
            grid = _grid(named[name], values.shape)
        except (FormatError, SnapshotError) as error:
            skipped.append(Skipped(values.name, f"its scale {name} {error}"))
            continue
        found.append(replace(values, scale=grid / divisor))
    return [values for values in found if values.name not in used]


def _companion(values: Values, named: dict[str, Values]) -> tuple[str, float]:
    stem = values.name.removesuffix(".weight")
    for pattern, divisor in _COMPANIONS:
        name = pattern.format(name=values.name, stem=stem)
        if name != values.name and name in named:
            return name, divisor
    return "", 1.0


def _grid(scale: Values, shape: tuple[int, int]) -> Tensor:
    """A scale as a grid over rows and columns: for all, by row, by column, or by blocks."""
    elements = scale.rows * scale.columns
    if elements > _MOST:
        raise FormatError(f"has {elements:,} numbers, which is no scale")
    numbers = scale.read(0, scale.rows)
    if not bool(torch.isfinite(numbers).all()):
        raise FormatError("holds numbers that are not finite")
    rows, columns = shape
    if elements == 1:
        return numbers.reshape(1, 1)
    if elements == rows and 1 in scale.shape:
        return numbers.reshape(rows, 1)
    if scale.columns == columns and scale.rows == 1:
        return numbers.reshape(1, columns)
    if scale.rows <= rows and scale.columns <= columns and _fits(scale.shape, shape):
        return numbers
    raise FormatError("does not fit its shape")


def _fits(grid: tuple[int, int], shape: tuple[int, int]) -> bool:
    """Whether equal blocks, of which the last may be cut, make up so many."""
    return all(
        -(-size // -(-size // parts)) == parts for size, parts in zip(shape, grid, strict=True)
    )
