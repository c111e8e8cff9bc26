"""The best partners of every document, whatever engine found the pairs."""

from __future__ import annotations

import numpy as np

from codesim.candidates.nouns import Flags, Numbers, Pairs


def best_partners(pairs: Pairs, keep: int) -> Pairs:
    """Pairs that are among the ``keep`` heaviest of their kind for the one or the other document.

    Ties are broken by the numbers of the documents.
    """
    kept = _best(pairs.kind, pairs.left, pairs.right, pairs.weight, keep)
    kept |= _best(pairs.kind, pairs.right, pairs.left, pairs.weight, keep)
    chosen = np.flatnonzero(kept)
    order = np.lexsort((
        pairs.right[chosen], pairs.left[chosen], -pairs.weight[chosen], pairs.kind[chosen],
    ))  # fmt: skip
    chosen = chosen[order]
    return Pairs(
        pairs.kind[chosen], pairs.left[chosen], pairs.right[chosen], pairs.shared[chosen],
        pairs.weight[chosen],
    )  # fmt: skip


def _best(kind: Numbers, own: Numbers, other: Numbers, weight: Numbers, keep: int) -> Flags:
    order = np.lexsort((other, -weight, own, kind))
    flags = np.zeros(len(order), dtype=np.bool_)
    if not len(order):
        return flags
    k, o = kind[order], own[order]
    starts = np.concatenate(([True], (k[1:] != k[:-1]) | (o[1:] != o[:-1])))
    first = np.flatnonzero(starts)
    rank = np.arange(len(order)) - np.repeat(first, np.diff(np.concatenate((first, [len(order)]))))
    flags[order] = rank < keep
    return flags
