"""Exact tests of independent initialisation, from symmetries that training respects.

A network computes the same when the neurons of an MLP are permuted, or when the row of the up
projection and the column of the down projection of one neuron change sign together. Initialisation
and the usual optimisers respect both, so that for two models initialised independently every such
relabelling of one is as likely as the models at hand. No simulation and no matching is needed.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

# Below this a p-value is printed as a bound.
SMALLEST_P = 1e-300
# Rows of products that are made at once.
_ROWS = 512
_LOG10_E = math.log10(math.e)


@dataclass(frozen=True, slots=True)
class SymmetryTest:
    """One exact test: its statistic in standard deviations under the null, the largest value that
    it can take here, and the logarithm to base 10 of an upper bound of its p-value.
    """

    name: str
    z: float
    ceiling: float
    units: int
    log10_p: float


def sign_test(dots: Sequence[Tensor], name: str = "sign") -> SymmetryTest | None:
    """Rademacher test of inner products, one for each unit whose sign is arbitrary.

    Given their absolute values the signs of t_i are independent and fair under the null, so that
    z = sum(t) / sqrt(sum(t^2)) is sub-Gaussian: P(|z| >= x) <= 2 exp(-x^2 / 2) for every sample
    size (Hoeffding, 1963).
    """
    t = torch.cat([each.double() for each in dots]) if dots else torch.zeros(0)
    energy = float((t * t).sum())
    units = int((t != 0).sum())
    if units < 2 or not 0 < energy < math.inf:
        return None
    z = float(t.sum()) / math.sqrt(energy)
    ceiling = float(t.abs().sum()) / math.sqrt(energy)
    return SymmetryTest(name, z, ceiling, units, _hoeffding(z))


def _hoeffding(z: float) -> float:
    return min(0.0, math.log10(2.0) - z * z / 2.0 * _LOG10_E)


def permutation_test(
    left: Tensor, right: Tensor, name: str = "permutation", draws: int = 999
) -> SymmetryTest | None:
    """Permutation test of equally labelled units: rows of ``left`` and ``right``, (units, values).

    T is the trace of C, the inner products of centred rows. Over all permutations of one side its
    mean is 0 and its variance ||C||^2 / (n - 1), exactly; ``draws`` random permutations of the same
    C give a p-value that is valid for every sample size, (1 + exceeding) / (1 + draws) (Phipson and
    Smyth, 2010). z beyond that is an effect size.
    """
    return order_test(products(left, right), name, draws)


def order_test(c: Tensor, name: str, draws: int = 999) -> SymmetryTest | None:
    """The permutation test of centred inner products C, shape (units, units). The draws are fixed
    by the name, so that those of two layers say nothing of each other.
    """
    n = len(c)
    if n < 4:
        return None
    energy = float(c.reshape(-1) @ c.reshape(-1))
    if not 0 < energy < math.inf:
        return None
    trace = float(c.diagonal().sum())
    spread = math.sqrt(energy / (n - 1))
    # No permutation reaches more than the sum of the largest product of every row.
    ceiling = float(c.amax(1).sum()) / spread
    return SymmetryTest(
        name, trace / spread, ceiling, n, _drawn(c, trace, draws, zlib.crc32(name.encode()))
    )


def products(left: Tensor, right: Tensor, total: Tensor | None = None) -> Tensor:
    """Doubly centred inner products of the rows of two matrices, shape (units, units), added to
    the ``total`` of other values of the same units.

    Computed as they come, in float32 for large ones, and kept in float64.
    """
    one, two = left - left.mean(0), right - right.mean(0)
    if total is None:
        total = torch.zeros(len(one), len(two), dtype=torch.float64)
    for first in range(0, len(one), _ROWS):
        total[first : first + _ROWS] += one[first : first + _ROWS] @ two.T
    return total


def _drawn(c: Tensor, trace: float, draws: int, seed: int) -> float:
    """log10 of the two-sided p-value by random permutations."""
    chance = torch.Generator().manual_seed(seed)
    n = len(c)
    units = torch.arange(n)
    sums = torch.stack([
        c[units, torch.randperm(n, generator=chance)].sum() for _ in range(draws)
    ])  # fmt: skip
    exceeding = int((sums.abs() >= abs(trace) * (1 - 1e-12)).sum())
    return math.log10((1 + exceeding) / (1 + draws))


def pooled(tests: Sequence[SymmetryTest], name: str) -> SymmetryTest | None:
    """Permutation tests of disjoint sets of units as one, by Fisher's method.

    Given both models up to relabelling, permutations of one layer say nothing of another, so that
    the p-values are independent and -2 sum(log p) is at most chi-squared with two degrees of
    freedom for each. z is the sum of the traces over the standard deviation of that sum.
    """
    if not tests:
        return None
    half = -math.log(10) * sum(test.log10_p for test in tests)
    return SymmetryTest(
        name,
        sum(test.z for test in tests) / math.sqrt(len(tests)),
        sum(test.ceiling for test in tests) / math.sqrt(len(tests)),
        sum(test.units for test in tests),
        _log10_gamma_tail(half, len(tests)),
    )


def _log10_gamma_tail(half: float, terms: int) -> float:
    """log10 P(chi-squared with 2k degrees > 2x) = -x + log sum of x^j / j!, j < k."""
    logs = [j * math.log(half) - math.lgamma(j + 1) if half > 0 else 0.0 for j in range(terms)]
    if half <= 0:
        return 0.0
    top = max(logs)
    total = top + math.log(sum(math.exp(each - top) for each in logs))
    return min(0.0, (total - half) * _LOG10_E)


def combined(tests: Sequence[SymmetryTest]) -> float:
    """log10 of the p-value of several tests together, by Bonferroni: the least, times their
    number. It holds however the tests depend on one another.
    """
    if not tests:
        return 0.0
    return min(0.0, min(test.log10_p for test in tests) + math.log10(len(tests)))


def p_text(log10_p: float) -> str:
    """A p-value as it is printed: never below 1e-300."""
    if log10_p <= math.log10(SMALLEST_P):
        return "<= 1e-300 (bound)"
    if log10_p > -3:
        return f"{10**log10_p:.2g}"
    exponent = math.floor(log10_p)
    return f"{10 ** (log10_p - exponent):.1f}e{exponent}"
