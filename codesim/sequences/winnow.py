"""k-grams of a hashed sequence and their winnowing (Schleimer, Wilkerson and Aiken, 2003)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Hashes = npt.NDArray[np.uint64]
_BASE = np.uint64(0x100000001B3)


def kgrams(sequence: Hashes, k: int) -> Hashes:
    """One hash per run of ``k`` items; empty when the sequence is shorter."""
    size = len(sequence) - k + 1
    if size <= 0:
        return np.zeros(0, dtype=np.uint64)
    hashed = np.zeros(size, dtype=np.uint64)
    for offset in range(k):
        hashed = hashed * _BASE + sequence[offset : offset + size]
        hashed ^= hashed >> np.uint64(29)
    return hashed * np.uint64(0x9E3779B97F4A7C15)


def winnow(hashes: Hashes, window: int) -> npt.NDArray[np.int64]:
    """Positions of the least hash in every run of ``window`` hashes, sorted.

    Two sequences that share ``window + k - 1`` items share at least one chosen k-gram. A sequence
    shorter than the window keeps its least hash.
    """
    if len(hashes) == 0:
        return np.zeros(0, dtype=np.int64)
    if len(hashes) <= window:
        return np.array([int(np.argmin(hashes))], dtype=np.int64)
    views = np.lib.stride_tricks.sliding_window_view(hashes, window)
    return np.unique(np.argmin(views, axis=1) + np.arange(len(views)))
