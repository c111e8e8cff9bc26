"""Matrices in the coordinates of a residual stream, as it is stored or turned."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from codesim.detectors.weights.sampling import Window, cleaned
from codesim.detectors.weights.values import Values
from codesim.detectors.weights.workers import in_order

# Rows of a matrix that are looked at, such as those of an embedding.
MOST_ROWS = 16_384
# Units that are turned at once: of rows, and of columns, of which each costs a read of all rows.
_ROWS, _COLUMNS = 1024, 4096


@dataclass(frozen=True, slots=True)
class Frame:
    """The first ``count`` coordinates of a stream of ``width``, after ``turn`` of shape
    (width, count) where there is one, before it multiplied by ``gain``, shape (width,).
    """

    width: int
    count: int
    turn: Tensor | None = None
    gain: Tensor | None = None

    def of(self, values: Values, writes: bool) -> Tensor:
        """Units by coordinates; what writes to the stream has its units in columns. No units where
        a matrix has no such side.
        """
        size, units = (values.rows, values.columns) if writes else (values.columns, values.rows)
        if size != self.width:
            return torch.zeros(0, self.count)
        units = units if writes else min(units, MOST_ROWS)
        step = _COLUMNS if writes else _ROWS
        window = Window.of(values).turned() if writes else Window.of(values)
        found = torch.empty(units, self.count)
        turn = self._turn()

        def fill(first: int) -> None:
            last = min(units, first + step)
            found[first:last] = self._seen(window, (first, last), turn)

        in_order(fill, range(0, units, step))
        return found

    def _turn(self) -> Tensor | None:
        if self.turn is None or self.gain is None:
            return self.turn
        return self.turn * self.gain[:, None]

    def _seen(self, window: Window, units: tuple[int, int], turn: Tensor | None) -> Tensor:
        """Some units. Only the coordinates that are asked for are decoded."""
        if turn is None:
            part = cleaned(window.block(units, (0, self.count)))
            return part if self.gain is None else part * self.gain[: self.count]
        step = _ROWS if window.transposed else self.width
        total = torch.zeros(units[1] - units[0], self.count)
        for first in range(0, self.width, step):
            last = min(self.width, first + step)
            total.addmm_(cleaned(window.block(units, (first, last))), turn[first:last])
        return total
