"""Pairs of windows of one shape, by the correlation of samples."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import torch
from rapidfuzz.fuzz import ratio
from torch import Tensor

from codesim.detectors.weights.sampling import Window, standardised
from codesim.detectors.weights.values import Values
from codesim.errors import SnapshotError
from codesim.formats import FormatError
from codesim.sequences.assign import assign

# Short samples are alike only beyond so many standard deviations.
_DEVIATIONS = 6.0
# Of equal content, that of equal names is taken. Norms of neighbouring layers are alike by
# themselves, so that names weigh more for vectors.
_NAME, _NAME_OF_VECTOR = 0.05, 0.5
# More pairs of one shape than this are compared under equal names first.
MOST_PAIRS = 1 << 22

Sampler = Callable[[Window], Tensor]


@dataclass(frozen=True, slots=True)
class Aligned:
    """Two windows of the same shape. ``sampled`` is the correlation of a sample of them, ``how``
    what paired them: ``same shape``, ``transposed``, ``part``, ``repeated`` by content, or ``name``
    or ``order`` where content is silent. ``runner_up`` is the largest correlation that either had
    with another, in size.
    """

    left: Window
    right: Window
    sampled: float
    how: str
    runner_up: float = 0.0

    @property
    def names(self) -> tuple[str, str]:
        """The names of the tensors that the windows look at."""
        return self.left.values.name, self.right.values.name

    @property
    def is_supported(self) -> bool:
        """True where content, and not only a name, says that they belong together."""
        return self.how not in ("name", "order")


@dataclass(frozen=True, slots=True)
class Search:
    """What pairs are called, and the least correlation that makes one."""

    how: str
    least: float

    def limit(self, numbers: int) -> float:
        """For samples of so many numbers."""
        return float(max(self.least, _DEVIATIONS / max(numbers, 1) ** 0.5))


def unused(
    left: Sequence[Values], right: Sequence[Values], found: Sequence[Aligned]
) -> tuple[list[Values], list[Values]]:
    """What no pair holds yet."""
    ours = {id(pair.left.values) for pair in found}
    theirs = {id(pair.right.values) for pair in found}
    return [v for v in left if id(v) not in ours], [v for v in right if id(v) not in theirs]


def by_shape(windows: Sequence[Window]) -> dict[tuple[int, int], list[Window]]:
    found: dict[tuple[int, int], list[Window]] = {}
    for window in windows:
        found.setdefault(window.shape, []).append(window)
    return found


def stacked(windows: Sequence[Window], sampler: Sampler) -> Tensor:
    """Standardised samples of windows of one shape, each in a row."""
    samples = [_sample(window, sampler) for window in windows]
    length = max(map(len, samples))
    return torch.stack([s if len(s) == length else torch.zeros(length) for s in samples])


def _sample(window: Window, sampler: Sampler) -> Tensor:
    """A sample; one zero, which is like nothing, where the numbers cannot be read."""
    try:
        return standardised(sampler(window))
    except (FormatError, SnapshotError):
        return torch.zeros(1)


def correlations(ours: Tensor, theirs: Tensor) -> Tensor:
    """Correlations of standardised samples. The last digits depend on how many there are; they are
    cut off, so that results do not. 0 where no sample of a side could be read.
    """
    if ours.shape[1] != theirs.shape[1]:
        return torch.zeros(len(ours), len(theirs), dtype=torch.float64)
    return (ours @ theirs.T).double().round(decimals=5)


def matched(
    ours: Sequence[Window], theirs: Sequence[Window], sampler: Sampler, search: Search
) -> list[Aligned]:
    found: list[Aligned] = []
    if len(ours) * len(theirs) > MOST_PAIRS:
        found = _same_names(ours, theirs, sampler, search)
        used = {id(window.values) for pair in found for window in (pair.left, pair.right)}
        ours, theirs = ([w for w in s if id(w.values) not in used] for s in (ours, theirs))
        if not ours or not theirs or len(ours) * len(theirs) > MOST_PAIRS:
            return found
    stack = stacked(theirs, sampler)
    r = correlations(stacked(ours, sampler), stack)
    weights = _weights(ours, theirs, r, search.limit(stack.shape[1]))
    return found + [
        Aligned(ours[i], theirs[j], float(r[i, j]), search.how, _runner_up(r, i, j))
        for i, j in assign(weights)
    ]


def _same_names(
    ours: Sequence[Window], theirs: Sequence[Window], sampler: Sampler, search: Search
) -> list[Aligned]:
    named = {window.values.name: window for window in theirs}
    found = []
    for one in ours:
        two = named.get(one.values.name)
        if two is not None:
            a, b = stacked([one, two], sampler)
            r = float(correlations(a[None], b[None]))
            if abs(r) >= search.limit(len(a)):
                found.append(Aligned(one, two, r, search.how))
    return found


def _weights(
    ours: Sequence[Window], theirs: Sequence[Window], r: Tensor, limit: float
) -> Mapping[tuple[int, int], float]:
    """Content above what chance gives, and a little for names."""
    worth = (_NAME_OF_VECTOR if min(ours[0].shape) == 1 else _NAME) / 100
    return {
        (i, j): 1.0
        + abs(float(r[i, j]))
        + worth * ratio(ours[i].values.name, theirs[j].values.name)
        for i, j in (r.abs() >= limit).nonzero().tolist()
    }


def _runner_up(r: Tensor, i: int, j: int) -> float:
    row, column = r[i].abs().clone(), r[:, j].abs().clone()
    row[j] = column[i] = 0.0
    return max(float(row.max()), float(column.max()))
