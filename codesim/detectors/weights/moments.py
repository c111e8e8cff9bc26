"""What one pass over two aligned matrices yields: sums, and what follows from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor


@dataclass(slots=True)
class Moments:
    """Sums over a pair of matrices A and B of ``rows`` by ``columns``, with D = B - A.

    ``row_dots`` and ``column_dots`` are the inner products of equal rows and columns of A and B, in
    float64. ``count`` elements are finite on both sides, ``unusable`` are not and are in no sum;
    ``equal`` agree. Means and what only describes D are taken from ``sampled`` elements in whole
    rows, spread over the matrix, and scaled to all: ``a``, ``b``, ``d3``, ``d4``, the sums of
    absolute values, and ``zeroed`` (B is 0 and A is not). ``row_energy`` and ``column_energy`` are
    sums of squares of D along the sampled rows, of which there are ``len(row_energy)``, and along
    the columns within these. All four are None where rows or columns are so long that it was summed
    without them. ``problem`` says why a part could not be read, which is in no sum.
    """

    rows: int
    columns: int
    count: int = 0
    a: float = 0.0
    b: float = 0.0
    aa: float = 0.0
    bb: float = 0.0
    ab: float = 0.0
    d2: float = 0.0
    d3: float = 0.0
    d4: float = 0.0
    abs_d: float = 0.0
    abs_a: float = 0.0
    abs_da: float = 0.0
    equal: int = 0
    zeroed: float = 0.0
    unusable: int = 0
    sampled: int = 0
    problem: str = ""
    row_dots: Tensor | None = None
    column_dots: Tensor | None = None
    row_energy: Tensor | None = None
    column_energy: Tensor | None = None

    @property
    def correlation(self) -> float:
        """Pearson's r of all elements; 0 where a side is constant."""
        n = max(self.count, 1)
        cov = self.ab - self.a * self.b / n
        one, two = self.aa - self.a * self.a / n, self.bb - self.b * self.b / n
        scale = (max(one, 0.0) * max(two, 0.0)) ** 0.5
        return max(-1.0, min(1.0, cov / scale)) if scale > 1e-30 else 0.0

    @property
    def sigma(self) -> float:
        """Standard deviation of D."""
        n = max(self.count, 1)
        mean = (self.b - self.a) / n
        return max(self.d2 / n - mean * mean, 0.0) ** 0.5

    @property
    def spread(self) -> float:
        """Standard deviation of A."""
        n = max(self.count, 1)
        return max(self.aa / n - (self.a / n) ** 2, 0.0) ** 0.5

    @property
    def slopes(self) -> tuple[float, float]:
        """Least-squares slopes through the origin, of B on A and of A on B."""
        return (self.ab / self.aa if self.aa else 0.0, self.ab / self.bb if self.bb else 0.0)

    @property
    def excess_kurtosis(self) -> float:
        """Of D around zero: 0 for a normal distribution."""
        n = max(self.count, 1)
        second = self.d2 / n
        return self.d4 / n / second**2 - 3.0 if second > 0 else 0.0

    @property
    def size_correlation(self) -> float:
        """Correlation of |D| with |A|: rounding errors grow with the number, noise does not."""
        n = max(self.count, 1)
        cov = self.abs_da / n - self.abs_d / n * (self.abs_a / n)
        one = self.d2 / n - (self.abs_d / n) ** 2
        two = self.aa / n - (self.abs_a / n) ** 2
        return cov / (one * two) ** 0.5 if one > 0 and two > 0 else 0.0

    @property
    def evenness(self) -> tuple[float, float]:
        """Coefficient of variation of the row and column energies of D, in units of what white
        noise gives (the square root of 2 over the length of a row or column).
        """
        rows = 0 if self.row_energy is None else len(self.row_energy)
        return _evenness(self.row_energy, self.columns), _evenness(self.column_energy, rows)


def _evenness(energy: Tensor | None, length: int) -> float:
    if energy is None or len(energy) < 2 or length < 1:
        return 1.0
    mean = float(energy.mean())
    return float(energy.std()) / mean / (2.0 / length) ** 0.5 if mean > 0 else 0.0


def turned(found: Moments) -> Moments:
    """The same sums of the transposed matrices."""
    return replace(
        found,
        rows=found.columns,
        columns=found.rows,
        row_dots=found.column_dots,
        column_dots=found.row_dots,
        row_energy=found.column_energy,
        column_energy=found.row_energy,
    )


def together(parts: Sequence[Moments]) -> Moments:
    """The sums of a matrix from those of consecutive rows of it."""
    found = Moments(sum(part.rows for part in parts), parts[0].columns)
    for name in SUMS:
        setattr(found, name, sum(getattr(part, name) for part in parts))
    found.problem = next((part.problem for part in parts if part.problem), "")
    found.row_dots = _in_a_row([part.row_dots for part in parts])
    found.row_energy = _in_a_row([part.row_energy for part in parts])
    found.column_dots = _added([part.column_dots for part in parts])
    found.column_energy = _added([part.column_energy for part in parts])
    return found


SUMS = (
    "count", "a", "b", "aa", "bb", "ab", "d2", "d3", "d4", "abs_d", "abs_a", "abs_da", "equal",
    "zeroed", "unusable", "sampled",
)  # fmt: skip


def _in_a_row(parts: Sequence[Tensor | None]) -> Tensor | None:
    known = [part for part in parts if part is not None]
    return torch.cat(known) if known else None


def _added(parts: Sequence[Tensor | None]) -> Tensor | None:
    known = [part for part in parts if part is not None]
    if not known:
        return None
    total = known[0].clone()
    for part in known[1:]:
        total += part
    return total
