"""Unit pairs worth aligning: a join on rare fingerprints, never all pairs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from codesim.detectors.code.features import Features
from codesim.detectors.code.graph import Ints

# A fingerprint that stands in more unit pairs than this hardly distinguishes any of them.
_MAX_PAIRS = 400
_MAX_PLACES = 20_000
_MIN_BITS = 14.0


@dataclass(frozen=True, slots=True)
class Candidates:
    """Unit pairs with the information of the fingerprints they share, best first."""

    left: Ints
    right: Ints
    bits: npt.NDArray[np.float64]


def candidates(left: Features, right: Features, keep: int) -> Candidates:
    """The best ``keep`` partners of each unit on either side."""
    l_first, l_count, r_first, r_count = _shared(left, right)
    full = l_count * r_count <= _MAX_PAIRS
    # What is repeated more often pairs the n-th place with the n-th, so that it is still found.
    longest = np.minimum(np.maximum(l_count, r_count), _MAX_PLACES)
    pairs = np.where(full, l_count * r_count, longest)
    # Repeated on one side means boilerplate of that repository.
    weight = left.bits[l_first] - np.log2(np.maximum(l_count, r_count))
    which = np.repeat(np.arange(len(pairs)), pairs)
    inner = np.arange(pairs.sum()) - np.repeat(np.cumsum(pairs) - pairs, pairs)
    place = np.where(full[which], inner // r_count[which], inner % l_count[which])
    l_unit = left.unit[l_first[which] + place].astype(np.int64)
    r_unit = right.unit[r_first[which] + inner % r_count[which]].astype(np.int64)
    key = l_unit << 32 | r_unit
    keys, group = np.unique(key, return_inverse=True)
    shared = np.maximum(weight, 0).astype(np.float64)[which]
    bits: npt.NDArray[np.float64] = np.bincount(group, shared, len(keys)).astype(np.float64)
    enough = bits >= _MIN_BITS
    keys, bits = keys[enough], bits[enough]
    l_unit, r_unit = (keys >> 32).astype(np.int32), (keys & 0xFFFFFFFF).astype(np.int32)
    kept = _best(l_unit, bits, keep) | _best(r_unit, bits, keep)
    order = np.lexsort((r_unit[kept], l_unit[kept], -bits[kept]))
    return Candidates(l_unit[kept][order], r_unit[kept][order], bits[kept][order])


def _shared(left: Features, right: Features) -> tuple[npt.NDArray[np.int64], ...]:
    """First row and row count of each shared value on the left, then on the right."""
    l_values, l_first, l_count = np.unique(left.value, return_index=True, return_counts=True)
    r_values, r_first, r_count = np.unique(right.value, return_index=True, return_counts=True)
    _, l_at, r_at = np.intersect1d(l_values, r_values, assume_unique=True, return_indices=True)
    return l_first[l_at], l_count[l_at], r_first[r_at], r_count[r_at]


def _best(unit: Ints, bits: npt.NDArray[np.float64], keep: int) -> npt.NDArray[np.bool_]:
    """True for the ``keep`` highest rows of each unit."""
    order = np.lexsort((-bits, unit))
    ranked = unit[order]
    first = np.searchsorted(ranked, ranked, side="left")
    flags = np.zeros(len(unit), dtype=np.bool_)
    flags[order] = np.arange(len(unit)) - first < keep
    return flags
