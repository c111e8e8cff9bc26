"""When likeness is more than chance, and which equal numbers are worth a sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence

import torch

from codesim.detectors.weights import residual
from codesim.detectors.weights.classify import related_of
from codesim.detectors.weights.residual import Residual
from codesim.detectors.weights.roles import is_excluded
from codesim.detectors.weights.sampling import Window
from codesim.detectors.weights.values import Values

# Grade A: one in a million, over all models that anyone compares.
GRADE_A = -6.0
# Without an exact test only a correlation that no shared data makes counts, of so many elements,
# and in so large a share of the smaller model: unrelated models hold the same table or mask.
_STRONG, _ENOUGH, _WHOLE = 0.3, 1024, 0.5
# So many numbers have to differ from the most frequent one, and so many have to be different, for
# a tensor not to be a constant or a mask.
_VARIED, _DISTINCT = 16, 8
# As many rows as are looked at for that.
_MOST = 1 << 16
# Tables and masks that are computed, and so the same in any two models.
_FIXED = re.compile(
    r"rotary|inv_freq|position|mask|tril|num_batches|pos_?emb|(?:^|[._])(?:pos|pe)(?:[._]|$)",
    re.IGNORECASE,
)


def is_sure(
    found: Sequence[Residual],
    log10_p: float,
    left: Sequence[Values] = (),
    right: Sequence[Values] = (),
) -> bool:
    """True when an exact test rejects, or tensors agree as only copies do, and most of them."""
    if log10_p < GRADE_A:
        return True
    strong = [r for r in related_of(found) if abs(r.moments.correlation) >= _STRONG]
    if not any(r.moments.count >= _ENOUGH for r in strong):
        return False
    compared = sum(r.moments.count for r in found if not r.excluded)
    every = min((size for side in (left, right) if (size := _elements(side))), default=compared)
    return sum(r.moments.count for r in strong) >= _WHOLE * max(every, 1)


def _elements(side: Sequence[Values]) -> int:
    """The numbers of a side in tensors that could say something."""
    return sum(v.rows * v.columns for v in side if not is_excluded(v.name, v.record.shape or ()))


def equal_rows(found: Sequence[Residual]) -> list[Residual]:
    """Tensors that hold the same numbers, which are no constants, masks or tables."""
    return [r for r in found if r.change == residual.IDENTICAL and _is_varied(r)]


def all_equal(found: Sequence[Residual], size: int) -> bool:
    """True where nothing that was compared differs, and that is most of the smaller model."""
    same = sum(r.moments.count for r in found)
    return same >= _WHOLE * size and all(r.change == residual.IDENTICAL for r in found)


def min_size(left: Sequence[Values], right: Sequence[Values]) -> int:
    """All numbers of the smaller side."""
    return min(sum(v.rows * v.columns for v in side) for side in (left, right))


def _is_varied(r: Residual) -> bool:
    if any(_FIXED.search(name) for name in r.pair.names):
        return False
    window: Window = r.pair.left
    rows, columns = window.shape
    block = window.block((0, min(rows, max(1, _MOST // max(1, columns)))), (0, columns))
    _, counts = torch.unique(block, return_counts=True)
    return len(counts) >= _DISTINCT and int(counts.sum() - counts.max()) >= _VARIED
