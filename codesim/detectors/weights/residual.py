"""What the difference of two aligned matrices looks like, and what change leaves such a one."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from codesim.detectors.weights.alignment import Aligned
from codesim.detectors.weights.moments import Moments
from codesim.detectors.weights.probe import Probe

# Sampling errors that a statistic may stand off: with hundreds of tensors one in a million.
_ERRORS = 5.0
# The Tracy-Widom distribution for real matrices lies below this with 1 - 1e-5 of its mass.
_TRACY_WIDOM = 6.0


@dataclass(frozen=True, slots=True)
class Spectrum:
    """Singular values of a residual D of m by n, largest first. ``edge``: the largest over
    sigma (sqrt m + sqrt n), which is 1 for white noise (Bai and Yin, 1993). ``rank``: how many
    stand before the widest gap among the first quarter; ``gap``: the ratio at it;
    ``rest``: the edge of what is left without them.
    """

    values: tuple[float, ...]
    edge: float
    rank: int
    gap: float
    rest: float
    shape: tuple[int, int]


def spectrum(residual: Tensor) -> Spectrum:
    """The spectrum of a block of a residual."""
    d = residual.double()
    m, n = d.shape
    values = torch.linalg.svdvals(d)
    total = float((values**2).sum())
    if total <= 0:
        return Spectrum((), 0.0, 0, 1.0, 0.0, (m, n))
    most = max(1, min(64, min(m, n) // 4))
    tail = values.clamp_min(1e-12 * float(values[0]))
    ratios = tail[:most] / tail[1 : most + 1] if len(values) > most else torch.ones(1)
    rank = int(ratios.argmax()) + 1
    rest = values[rank:]
    energy = float((rest**2).sum())
    return Spectrum(
        tuple(values.tolist()),
        _edge(float(values[0]), total, m, n, 0),
        rank,
        float(ratios.max()),
        _edge(float(rest[0]), energy, m, n, rank) if energy > 0 else 0.0,
        (m, n),
    )


def _edge(largest: float, energy: float, m: int, n: int, removed: int) -> float:
    """The largest singular value over that of white noise of the same energy."""
    m, n = m - removed, n - removed
    return largest / (math.sqrt(energy / (m * n)) * (math.sqrt(m) + math.sqrt(n)))


def noise_edge(m: int, n: int) -> float:
    """The largest edge that white noise of m by n shows: the Tracy-Widom law (Johnstone, 2001)."""
    centre = (math.sqrt(m) + math.sqrt(n)) ** 2
    width = (math.sqrt(m) + math.sqrt(n)) * (1 / math.sqrt(m) + 1 / math.sqrt(n)) ** (1 / 3)
    return math.sqrt(1 + _TRACY_WIDOM * width / centre)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a kind of change may differ by beyond the sampling error of its statistics."""

    # Excess kurtosis, relative unevenness of rows and columns, and correlations of white noise.
    kurtosis: float = 0.05
    evenness: float = 0.15
    size_correlation: float = 0.02
    # Elements within rounding of each other: all but those that another path rounded twice.
    rounded: float = 0.998
    # Pruning below this share is not worth its name.
    zeros: float = 0.1
    # What pruning leaves, it leaves as it is.
    pruned_equal: float = 0.9
    # Fourth moments of the errors of a quantiser and of normal noise are 1.8 and 2.82: the middle.
    flat: float = 2.3
    # Fine-tuning shows gaps up to 1.4 in the trained models, adapters of any rank above 100, and
    # above 2 under noise as large as themselves.
    gap: float = 2.0
    # Below it a correlation is not used even where it is not chance.
    unrelated: float = 0.05
    # Coefficient of variation of sigma over tensors beyond sampling error, for one scalar.
    one_sigma: float = 0.02


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Residual:
    """One aligned pair with all that is known of its difference; ``change`` names its kind.

    ``excluded``: any two models have it alike, by its name or by its content.
    """

    pair: Aligned
    moments: Moments
    probe: Probe
    spectrum: Spectrum | None
    excluded: bool
    change: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "excluded", self.excluded or self.probe.fixed)


RESTORED = "restored"
IDENTICAL, ROUNDED, PRUNED, QUANTISED = "identical", "rounded", "pruned", "quantised"
WHITE, LOW_RANK, CHANGED, UNRELATED = "noise", "low rank", "changed", "unrelated"
# Of a tensor that was looked into only in part.
ALIKE = "alike in part"


def change_of(residual: Residual, limits: Limits) -> str:
    """The kind of change of one tensor, the most specific first."""
    found, seen = residual.moments, residual.probe
    if found.count and found.equal >= found.count:
        return IDENTICAL
    if abs(found.correlation) < max(limits.unrelated, _ERRORS / math.sqrt(max(found.count, 1))):
        return UNRELATED
    if seen.rounded >= limits.rounded or _is_turned_rounding(residual):
        return ROUNDED
    kept = limits.pruned_equal * (1 - seen.zeros)
    if seen.zeros >= limits.zeros and _equal_share(residual) > kept:
        return PRUNED
    if is_white(residual, limits):
        return WHITE
    if seen.groups and seen.flat < limits.flat and abs(seen.distinct) > _ERRORS:
        return QUANTISED
    return LOW_RANK if is_low_rank(residual, limits) else CHANGED


def _equal_share(residual: Residual) -> float:
    return residual.moments.equal / max(residual.moments.count, 1)


def _is_turned_rounding(residual: Residual) -> bool:
    """Rounding that was spread over all elements by undoing a rotation."""
    found = residual.moments
    return residual.pair.how == RESTORED and found.d2 < 4.0**-8 * min(found.aa, found.bb)


def is_white(residual: Residual, limits: Limits) -> bool:
    """True for a difference that is independent normal noise of one variance in the matrix."""
    found, seen, shape = residual.moments, residual.probe, residual.spectrum
    if found.d2 <= 0:
        return False
    error = _ERRORS / math.sqrt(max(seen.elements, 1))
    # Sums along rows that lack numbers are smaller for that alone.
    evenness = seen.evenness if found.unusable else found.evenness
    return (
        (shape is None or shape.edge < noise_edge(*shape.shape))
        and any(
            noise.sigma > 0
            and abs(noise.kurtosis) < limits.kurtosis + math.sqrt(24.0) * error
            and abs(noise.size_correlation) < limits.size_correlation + error
            for noise in seen.noise
        )
        and all(
            abs(value - 1) < limits.evenness + _ERRORS / math.sqrt(2 * max(size - 1, 1))
            for value, size in zip(evenness, (found.rows, found.columns), strict=True)
        )
    )


def is_low_rank(residual: Residual, limits: Limits) -> bool:
    """True for a difference of few singular values, with nothing or noise beside them."""
    shape = residual.spectrum
    if shape is None or shape.rank > max(1, min(shape.shape) // 4):
        return False
    return shape.gap >= limits.gap and (shape.gap >= 10 or shape.rest < noise_edge(*shape.shape))
