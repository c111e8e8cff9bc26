"""A few numbers of a matrix at fixed places, and the part of a matrix that a pair looks at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from codesim.detectors.weights.values import Values

# Runs of this many numbers in a row, at these shares of the matrix: the correlation of unrelated
# samples has a standard deviation of 1 / sqrt(8192) = 0.011.
_RUN = 2048
PLACES = (0.07, 0.37, 0.61, 0.93)
ONE_PLACE = (0.37,)
# Squares of this side, at places that a transpose has too.
_SIDE = 64
_SQUARES = ((0.11, 0.83), (0.79, 0.23))

# Rows longer than this are read in part where little of them is asked for.
_LONG_ROW = 1 << 15
_LITTLE = 4
# Larger numbers are no weights, and their fourth powers leave the range of float32.
LARGEST = 1e8

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Window:
    """Some rows and columns of a matrix, or their transpose: how one side of a pair is looked at.

    ``first`` to ``last`` are rows and ``low`` to ``high`` columns as stored, all columns unless it
    is said.
    """

    values: Values
    first: int
    last: int
    transposed: bool = False
    low: int = 0
    high: int = -1

    def __post_init__(self) -> None:
        if self.high < 0:
            object.__setattr__(self, "high", self.values.columns)

    @classmethod
    def of(cls, values: Values) -> Window:
        """A whole matrix as it is stored."""
        return cls(values, 0, values.rows)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns as they are looked at."""
        rows, columns = self.last - self.first, self.high - self.low
        return (columns, rows) if self.transposed else (rows, columns)

    @property
    def is_whole(self) -> bool:
        """True where nothing of the matrix is left out."""
        return (self.last - self.first, self.high - self.low) == self.values.shape

    def turned(self) -> Window:
        """The transpose."""
        return replace(self, transposed=not self.transposed)

    def rows(self, first: int, last: int) -> Window:
        """Some rows, as they are looked at."""
        if self.transposed:
            return replace(self, low=self.low + first, high=self.low + last)
        return replace(self, first=self.first + first, last=self.first + last)

    def block(self, rows: Range, columns: Range) -> Tensor:
        """A rectangle as float32."""
        if self.transposed:
            return self._stored(columns, rows).T
        return self._stored(rows, columns)

    def _stored(self, rows: Range, columns: Range) -> Tensor:
        low, high = self.low + columns[0], self.low + columns[1]
        width = self.values.columns
        if self.values.is_plain and width > max(_LONG_ROW, _LITTLE * (high - low)):
            starts = [row * width for row in range(self.first + rows[0], self.first + rows[1])]
            runs = [self.values.run(start + low, start + high).float() for start in starts]
            return torch.stack(runs) if runs else torch.zeros(0, high - low)
        first, last = self.first + rows[0], self.first + rows[1]
        if self.values.is_plain:
            return self.values.raw(first, last)[:, low:high].float()
        return self.values.read(first, last)[:, low:high]

    def runs(self) -> Tensor:
        """Numbers of a few rows, cheap to read; not to be compared with those of a transpose."""
        return torch.cat([self._run(*place).reshape(-1) for place in self.run_places(PLACES)])

    def run(self) -> Tensor:
        """Numbers of one place only, for where each place costs a way to a server."""
        (place,) = self.run_places(ONE_PLACE)
        return self._run(*place).reshape(-1)

    def run_places(self, places: Sequence[float]) -> list[tuple[Range, Range]]:
        """Rows and columns of runs at these shares of the matrix."""
        rows, columns = self.shape
        size = _RUN if len(places) > 1 else 2 * _RUN
        width = max(1, min(columns, size))
        height = max(1, min(rows, size // width))
        corners = [
            (int(place * (rows - height)), int(place * (columns - width))) for place in places
        ]
        return [((top, top + height), (left, left + width)) for top, left in corners]

    def span(self, rows: Range, columns: Range) -> tuple[int, int]:
        """Start and size of the bytes that a rectangle as stored is read from."""
        first, last = self.first + rows[0], self.first + rows[1]
        start, size = self.values.span(first, last)
        if last - first == 1 and self.values.is_plain and self.values.columns:
            width = size // self.values.columns
            return start + (self.low + columns[0]) * width, (columns[1] - columns[0]) * width
        return start, size

    def _run(self, rows: Range, columns: Range) -> Tensor:
        """A rectangle; of a single row, only the numbers that are asked for are read."""
        if self.transposed or rows[1] - rows[0] != 1 or not self.values.is_plain:
            return self.block(rows, columns)
        start = (self.first + rows[0]) * self.values.columns + self.low
        return self.values.run(start + columns[0], start + columns[1]).float()

    def squares(self) -> Tensor:
        """Numbers of a few squares, at the same places for a matrix and for its transpose."""
        rows, columns = self.shape
        found = []
        for down, across in _SQUARES:
            top, left = int(down * max(0, rows - _SIDE)), int(across * max(0, columns - _SIDE))
            block = self.block((top, min(rows, top + _SIDE)), (left, min(columns, left + _SIDE)))
            found.append(block.reshape(-1))
        return torch.cat(found)


def cleaned(block: Tensor) -> Tensor:
    """A block with zeros for what is no weight: NaN, infinities and numbers beyond LARGEST."""
    return torch.where(block.abs() <= LARGEST, block, torch.zeros((), dtype=block.dtype))


def standardised(sample: Tensor) -> Tensor:
    """A sample less its mean, of length 1; zeros where it is constant or not finite. Products of
    two such samples are Pearson's correlation.
    """
    sample = sample.float()
    good = torch.isfinite(sample)
    count = int(good.sum())
    if count < 2:
        return torch.zeros_like(sample)
    zero = torch.zeros((), dtype=sample.dtype)
    mean = torch.where(good, sample, zero).sum(dtype=torch.float64) / count
    centred = torch.where(good, sample - mean.float(), zero)
    length = float(centred.double().square().sum().sqrt())
    # Rounding leaves this much of the mean in a constant sample.
    if length <= 1e-6 * abs(float(mean)) * count**0.5 or length == 0.0:
        return torch.zeros_like(sample)
    return centred / length


def correlation(one: Tensor, two: Tensor) -> float:
    """Pearson's r of two samples; 0 where one is constant."""
    return float(standardised(one) @ standardised(two))
