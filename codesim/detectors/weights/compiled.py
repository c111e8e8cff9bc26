"""The sums of one pass by a compiled loop: what ``Sums`` gives, for large models on a processor."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch
from torch import Tensor

from codesim.detectors.weights.moments import Moments
from codesim.detectors.weights.sampling import LARGEST
from codesim.detectors.weights.sums import TOO_MUCH, every_of

Array = Any
# Rows after which sums along columns are handed on, and numbers of such a group at most.
_ROWS, _NUMBERS = 64, 1 << 20


def is_there() -> bool:
    """Whether a compiler is installed that works with this NumPy, and is not switched off."""
    try:
        import numba
    except ImportError:
        return False
    return not numba.config.DISABLE_JIT


class CompiledSums:
    """Takes blocks of consecutive rows of A and B and gives their moments; see ``Sums``."""

    def __init__(self, rows: int, columns: int, step: int, whole: int, before: int) -> None:
        from codesim.detectors.weights import kernel

        self.kernel = kernel
        self.found = Moments(rows, columns)
        self.step = step
        self.every = every_of(whole, step)
        self.before = before
        self.added = 0
        self.group = max(1, min(_ROWS, _NUMBERS // columns))
        self.sums = np.zeros(len(kernel.SUMS))
        self.rows = np.zeros((2, rows))
        self.columns = np.zeros((2, columns))

    def add(self, first: int, a: Tensor, b: Tensor) -> None:
        """Rows from ``first`` on, of any number type, shape (rows, columns)."""
        if a.dtype != b.dtype:
            a, b = a.float(), b.float()
        one, two = _numbers(a), _numbers(b)
        at, end = 0, len(one)
        while at < end:
            at += self._take(first + at, one[at:], two[at:], TOO_MUCH)
            if at < end:
                last = min(end, at + self.group)
                good = self._good(a[at:last].float(), b[at:last].float())
                at += self._take(first + at, *good, math.inf)
        self.added += end

    def _take(self, first: int, one: Array, two: Array, most: float) -> int:
        """Add rows as far as they are numbers; how many that were."""
        place = (self.before + first, self.step, self.every, self.group)
        rows = self.rows[:, first : first + len(one)]
        taken: int = self.kernel.summed(one, two, place, most, self.sums, rows, self.columns)
        return taken

    def _good(self, a: Tensor, b: Tensor) -> tuple[Array, Array]:
        """Zeros on both sides where either is no number, which are counted."""
        good = (a.abs() <= LARGEST) & (b.abs() <= LARGEST)
        self.found.unusable += int((~good).sum())
        zero = torch.zeros(())
        return torch.where(good, a, zero).numpy(), torch.where(good, b, zero).numpy()

    def moments(self) -> Moments:
        """Everything so far."""
        found = self.found
        for name, value in zip(self.kernel.SUMS, self.sums.tolist(), strict=True):
            setattr(found, name, value)
        found.sampled = int(found.sampled)
        found.count = self.added * found.columns - found.unusable
        # Zeros that stand for what is no number are equal.
        found.equal = int(found.equal) - found.unusable
        found.row_dots, energy = map(torch.from_numpy, self.rows)
        found.ab = float(found.row_dots.sum())
        found.column_dots, found.column_energy = map(torch.from_numpy, self.columns)
        numbers = torch.arange(self.before, self.before + self.added)
        found.row_energy = energy[: self.added][numbers // self.step % self.every == 0]
        return found


def _numbers(block: Tensor) -> Array:
    """The numbers of a block as the loop takes them."""
    block = block.contiguous()
    if block.dtype == torch.bfloat16:
        return block.view(torch.int16).numpy().view(np.uint16)
    if block.dtype == torch.float16:
        return block.view(torch.int16).numpy()
    return block.float().numpy()
