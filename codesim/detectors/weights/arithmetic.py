"""The few operations of the streaming pass, as fast as a processor or a GPU gives them.

Of 64k numbers in the cache, NumPy compares, multiplies and takes inner products in a half to a
tenth of the time that Torch needs on a processor; Torch converts and adds up faster. Both see the
same memory.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

# Inner products of more than 10,000 numbers are shared out among threads by OpenBLAS, where workers
# then wait for one another and the last digits depend on how many processors there are.
_RUN, _MOST_RUN = 4096, 8192
# For shorter rows a call for each costs more than it saves.
_FEW = 16

Lane = Any
"""What the operations take: an array of NumPy on a processor, else a tensor."""


@dataclass(frozen=True, slots=True)
class Room:
    """Room for a block of so many rows: A, B, D = B - A, a scratch copy, and which elements agree.
    Each is a tensor and, in ``lanes``, what the operations take.
    """

    a: Tensor
    b: Tensor
    d: Tensor
    p: Tensor
    same: Tensor
    lanes: tuple[Lane, ...]

    @classmethod
    def of(
        cls, rows: int, columns: int, device: torch.device, lane: Callable[[Tensor], Lane]
    ) -> Room:
        """Room that holds nothing yet."""
        a, b, d, p = (torch.empty(rows, columns, device=device) for _ in range(4))
        same = torch.empty(rows, columns, dtype=torch.bool, device=device)
        return cls(a, b, d, p, same, tuple(map(lane, (a, b, d, p, same))))


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """What is done with blocks: ``lane`` makes of a tensor what the others take. Those with a third
    argument, and ``absolute`` with a second, write there.
    """

    lane: Callable[[Tensor], Lane]
    subtract: Callable[[Lane, Lane, Lane], object]
    multiply: Callable[[Lane, Lane, Lane], object]
    absolute: Callable[[Lane, Lane], object]
    dot: Callable[[Lane, Lane], float]
    row_dots: Callable[[Lane, Lane, Tensor], object]
    agree: Callable[[Lane, Lane, Lane], int]
    zeros: Callable[[Lane, Lane], int]


def _dot(one: Lane, two: Lane) -> float:
    a, b = one.reshape(-1), two.reshape(-1)
    whole = len(a) // _RUN * _RUN
    found = np.vecdot(a[:whole].reshape(-1, _RUN), b[:whole].reshape(-1, _RUN))
    total = float(found.sum(dtype=np.float64))
    return total if whole == len(a) else total + float(np.dot(a[whole:], b[whole:]))


def _row_dots(one: Lane, two: Lane, out: Tensor) -> None:
    columns = one.shape[1]
    parts = -(-columns // _MOST_RUN)
    if columns < _FEW:
        np.einsum("ij,ij->i", one, two, out=out.numpy())
    elif parts > 1 and columns % parts == 0:
        split = (len(one), parts, columns // parts)
        np.vecdot(one.reshape(split), two.reshape(split)).sum(1, out=out.numpy())
    else:
        np.vecdot(one, two, out=out.numpy())


def _agree(one: Lane, two: Lane, out: Lane) -> int:
    return int(np.count_nonzero(np.equal(one, two, out=out)))


def _zeros(one: Lane, same: Lane) -> int:
    """Elements that are 0 and not among ``same``."""
    zero = np.equal(one, 0)
    return int(np.count_nonzero(np.greater(zero, same, out=zero)))


PROCESSOR = Arithmetic(
    Tensor.numpy, np.subtract, np.multiply, np.absolute, _dot, _row_dots, _agree, _zeros
)
# Any device of Torch.
TORCH = Arithmetic(
    lane=lambda tensor: tensor,
    subtract=lambda one, two, out: torch.sub(one, two, out=out),
    multiply=lambda one, two, out: torch.mul(one, two, out=out),
    absolute=lambda one, out: torch.abs(one, out=out),
    dot=lambda one, two: float(torch.linalg.vecdot(one, two).sum(dtype=torch.float64)),
    row_dots=lambda one, two, out: out.copy_(torch.linalg.vecdot(one, two)),
    agree=lambda one, two, out: int(torch.eq(one, two, out=out).sum()),
    zeros=lambda one, same: int(((one == 0) & ~same).sum()),
)
