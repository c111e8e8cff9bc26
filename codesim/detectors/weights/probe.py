"""A bounded block of an aligned pair, and what its single elements say about the change."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import torch
from torch import Tensor

from codesim.detectors.weights.alignment import Aligned
from codesim.detectors.weights.fixed import is_fixed
from codesim.detectors.weights.sampling import Window, cleaned

# A corner of this many rows and columns keeps the rank of a change and the shape of noise.
SIDE = 512
# Sub-groups in which a quantiser is expected to keep one step; the smallest in use.
_GROUP = 32
# So many numbers at least have to be finer than the noise for its shape to be seen on them.
_FINE = 0.1
# Half a unit in the last place, relative to the power of two below the number.
_EIGHT_BITS = ("F8_E4M3", "F8_E5M2")
# Half the smallest step of these, which counts where no scale brings numbers up to it.
_HALF_LEAST = {"F8_E4M3": 2.0**-10, "F8_E5M2": 2.0**-17}
_FINE_FORMATS = ("F64", "F32", "F16", "BF16")
# The smallest step of e4m3 beside its largest number, 2^-9 / 448, and room for the scale.
_LEAST = 2.0**-17
_SLACK = 1.01
_PRECISION = {"BF16": 2.0**-8, "F16": 2.0**-11, "F8_E4M3": 2.0**-4, "F8_E5M2": 2.0**-3}


@dataclass(frozen=True, slots=True)
class Noise:
    """D as normal noise of one ``sigma`` and the rounding of the side that was made, in units of
    the standard deviation that both together give each element: its excess kurtosis, and the
    correlation of its size with that of the element of the parent.
    """

    kurtosis: float
    size_correlation: float
    sigma: float


@dataclass(frozen=True, slots=True)
class Probe:
    """Shares and shapes of the elements of a block, with D = right - left.

    ``rounded``: share of elements whose change is within the rounding of the coarser format.
    ``zero_left`` and ``zero_right``: share that only that side has as zero. ``flat``: mean fourth
    moment of D within groups of 32 elements over the squared second, 1.8 for the error of a
    quantiser and 2.8 for normal noise; ``groups`` is how many there were. ``bits``: the precision
    that the error of each group says. ``noise``: D seen as noise added to the left, and to the
    right. ``distinct``: see ``_repeats``. ``evenness``: that of ``Moments`` in the block, for each
    row and column over the elements that are finite. ``fixed``: see ``is_fixed``.
    """

    elements: int
    rounded: float
    zero_left: float
    zero_right: float
    flat: float
    groups: int
    bits: float
    noise: tuple[Noise, Noise]
    distinct: float
    evenness: tuple[float, float] = (1.0, 1.0)
    fixed: bool = False
    pair: Aligned | None = field(default=None, repr=False, compare=False)

    @property
    def residual(self) -> Tensor:
        """D in the block, read again: to keep that of every tensor would take as much memory as
        many models do.
        """
        if self.pair is None:
            return torch.zeros(0, 0)
        a, b = corner(self.pair)
        return b - a

    @property
    def zeros(self) -> float:
        """The larger share of elements that one side alone has as zero."""
        return max(self.zero_left, self.zero_right)


def probe(pair: Aligned) -> Probe:
    """What the corner of a pair says."""
    one, two = (_PRECISION.get(w.values.record.dtype, 2.0**-24) for w in (pair.left, pair.right))
    a, b, good = _corner(pair)
    found = examined(a, b, (one, two), good)
    steps = _steps(pair.left, a, pair.right), _steps(pair.right, b, pair.left)
    if steps[0] is not None and steps[1] is not None:
        within = (b - a).abs() <= (steps[0] + steps[1]) * _SLACK
        found = replace(found, rounded=_share(within))
    return replace(found, pair=pair, fixed=is_fixed(pair))


def _steps(window: Window, values: Tensor, other: Window) -> Tensor | None:
    """The largest error of each number, where the other side is of a coarse format."""
    dtype = window.values.record.dtype
    if dtype in _FINE_FORMATS and other.values.record.dtype in _EIGHT_BITS:
        return values.abs() * _PRECISION.get(dtype, 2.0**-24)
    return _half_steps(window, values)


def _half_steps(window: Window, values: Tensor) -> Tensor | None:
    """The largest error of each number of a coarse format, so that two roundings of one model are
    told from training; None for formats that are fine, or whose steps are not known here.
    """
    dtype, scale = window.values.record.dtype, window.values.scale
    if dtype in _EIGHT_BITS:
        # Below the smallest normal number the step no longer shrinks.
        least = _HALF_LEAST[dtype] if scale is None else float(values.abs().max()) * _LEAST
        return (values.abs() * _PRECISION[dtype]).clamp_min(least)
    if dtype != "I8" or scale is None or window.transposed or not window.is_whole:
        return None
    rows, columns = values.shape
    down, across = (-(-s // p) for s, p in zip(window.shape, scale.shape, strict=True))
    grid = scale.double()[torch.arange(rows) // down][:, torch.arange(columns) // across]
    return grid.abs() / 2


def corner(pair: Aligned) -> tuple[Tensor, Tensor]:
    """The first rows and columns of both sides in float64, zero where either is no weight."""
    return _corner(pair)[:2]


def _corner(pair: Aligned) -> tuple[Tensor, Tensor, Tensor]:
    """The same, and where both are weights."""
    rows, columns = (min(SIDE, size) for size in pair.left.shape)
    a, b = (w.block((0, rows), (0, columns)).double() for w in (pair.left, pair.right))
    good = (cleaned(a) == a) & (cleaned(b) == b)
    return torch.where(good, a, 0.0), torch.where(good, b, 0.0), good


def examined(
    a: Tensor, b: Tensor, precision: tuple[float, float], good: Tensor | None = None
) -> Probe:
    """What two blocks of equal shape say; ``precision`` is that of the format of each side,
    ``good`` are the elements that are finite on both, all where it is None.
    """
    good = torch.ones_like(a, dtype=torch.bool) if good is None else good
    d = b - a
    size = torch.maximum(a.abs(), b.abs())
    changed = d != 0
    flat, groups, bits = _groups(d, size)
    # Either side may be the one that was made, and so was rounded last.
    noise = (
        _noise(d[good], a[good], _half_units(a[good], precision[1])),
        _noise(d[good], b[good], _half_units(b[good], precision[0])),
    )
    return Probe(
        elements=int(good.sum()),
        rounded=_share(d.abs() <= size * max(*precision, 2.0**-8) * 1.01 + 6e-8),
        zero_left=_share((a == 0) & changed),
        zero_right=_share((b == 0) & changed),
        flat=flat,
        groups=groups,
        bits=bits,
        noise=noise,
        distinct=_repeats(a, b),
        evenness=(_evenness(d, good, 1), _evenness(d, good, 0)),
    )


def _evenness(d: Tensor, good: Tensor, along: int) -> float:
    """How unevenly D is spread over rows or columns, 1 as white noise is; without those that have
    too few elements to say.
    """
    counts = good.sum(along).double()
    known = counts > d.shape[along] / 2
    energy = (d * d).sum(along)[known] / counts[known]
    if len(energy) < 2 or float(energy.mean()) <= 0:
        return 1.0
    expected = math.sqrt(2.0 * float((1 / counts[known]).mean()))
    return float(energy.std() / energy.mean()) / expected


def _share(mask: Tensor) -> float:
    return float(mask.double().mean()) if mask.numel() else 0.0


def _groups(d: Tensor, size: Tensor) -> tuple[float, int, float]:
    width = d.shape[1] // _GROUP * _GROUP
    if width == 0:
        return 3.0, 0, 0.0
    parts, values = d[:, :width].reshape(-1, _GROUP), size[:, :width].reshape(-1, _GROUP)
    second = (parts**2).mean(1)
    used = (second > 0) & ((parts != 0).sum(1) > _GROUP // 2)
    if not bool(used.any()):
        return 3.0, 0, 0.0
    parts, second, values = parts[used], second[used], values[used]
    flat = float(((parts**4).mean(1) / second**2).mean())
    # The error of a step s has a standard deviation of s / sqrt(12).
    levels = 2 * values.amax(1) / (math.sqrt(12) * second.sqrt())
    return flat, len(parts), float((levels + 1).log2().median())


def _repeats(a: Tensor, b: Tensor) -> float:
    """How many fewer different numbers a row of the right has than one of the left, in standard
    errors over the rows: what is quantised repeats itself.
    """
    counts = [1 + (side.abs().sort(1).values.diff(dim=1) > 0).sum(1) for side in (a, b)]
    fewer = (counts[0] - counts[1]).double()
    if len(fewer) < 2 or not bool((fewer != 0).any()):
        return 0.0
    error = float(fewer.std()) / math.sqrt(len(fewer))
    return float(fewer.mean()) / max(error, 1e-9)


def _half_units(values: Tensor, precision: float) -> Tensor:
    """Half a unit in the last place of each number, as its format rounds it."""
    exponent = torch.frexp(values.abs().clamp_min(1e-30)).exponent.double()
    return precision * 2.0 ** (exponent - 1)


def _noise(d: Tensor, parent: Tensor, half_units: Tensor) -> Noise:
    """Where rounding is coarser than the noise D is a few steps high and has no shape: there only
    numbers whose unit is below sigma are looked at, which says nothing of their noise.
    """
    if not d.numel():
        return Noise(0.0, 0.0, 0.0)
    rounding = half_units**2 / 3
    sigma2 = max(float((d * d).mean() - rounding.mean()), 0.0)
    fine = half_units < math.sqrt(sigma2) / 2
    if float(fine.double().mean()) >= _FINE and not bool(fine.all()):
        d, parent, rounding = d[fine], parent[fine], rounding[fine]
        sigma2 = max(float((d * d).mean() - rounding.mean()), 0.0)
    scaled = d / (sigma2 + rounding + 1e-60).sqrt()
    return Noise(_kurtosis(scaled), _correlation(scaled.abs(), parent.abs()), math.sqrt(sigma2))


def _kurtosis(x: Tensor) -> float:
    second = float((x * x).mean()) if x.numel() else 0.0
    return float((x**4).mean()) / second**2 - 3.0 if second > 0 else 0.0


def _correlation(one: Tensor, two: Tensor) -> float:
    a, b = one - one.mean(), two - two.mean()
    scale = float(a.norm() * b.norm())
    return float((a * b).sum()) / scale if scale > 0 else 0.0
