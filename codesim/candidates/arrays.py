"""The join in memory, in chunks of pairs."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from codesim.candidates.nouns import Flags, Numbers, Pairs, Policy, Rows

# Pairs of places made at once: 30 MB each for a handful of columns.
_CHUNK = 4_000_000
# A key holds kind, left and right: 15, 24 and 24 bits.
_BITS = 24
_MASK = (1 << _BITS) - 1


def join_arrays(rows: Rows, old: Flags, policy: Policy) -> Pairs:
    """All pairs of documents that share enough rare values, in the order of kind, left, right."""
    totals = _Totals()
    for key, weight in _places(rows, old, policy.most_documents):
        totals.add(key, weight)
    key, shared, weight = totals.finished()
    enough = shared >= policy.least_shared
    key, shared, weight = key[enough], shared[enough], weight[enough]
    left, right = key >> _BITS & _MASK, key & _MASK
    return Pairs(key >> 2 * _BITS, left, right, shared, weight)


class _Totals:
    """Sums by key, added up chunk by chunk."""

    def __init__(self) -> None:
        nothing = np.zeros(0, np.int64)
        self._parts = [(nothing, nothing, nothing)]
        self._waiting = 0

    def add(self, key: Numbers, weight: Numbers) -> None:
        """One more shared value for each key."""
        self._parts.append(_summed(key, np.ones(len(key), np.int64), weight))
        self._waiting += len(self._parts[-1][0])
        if self._waiting > _CHUNK:
            self._parts = [self.finished()]
            self._waiting = 0

    def finished(self) -> tuple[Numbers, Numbers, Numbers]:
        """Keys that ascend, with their number of values and the sum of their weights."""
        key, shared, weight = (np.concatenate(column) for column in zip(*self._parts, strict=True))
        return _summed(key, shared, weight)


def _summed(key: Numbers, shared: Numbers, weight: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    order = np.argsort(key, kind="stable")
    key, shared, weight = key[order], shared[order], weight[order]
    if not len(key):
        return key, shared, weight
    first = np.flatnonzero(np.concatenate(([True], key[1:] != key[:-1])))
    return key[first], np.add.reduceat(shared, first), np.add.reduceat(weight, first)


def _places(rows: Rows, old: Flags, most: int) -> Iterator[tuple[Numbers, Numbers]]:
    """Key and weight of every two documents that have one value, in chunks."""
    order = np.lexsort((rows.document, rows.value, rows.kind))
    kind, value = rows.kind[order].astype(np.int64), rows.value[order]
    document, weight = rows.document[order].astype(np.int64), rows.weight[order].astype(np.int64)
    if not len(order):
        return
    starts = np.concatenate(([True], (kind[1:] != kind[:-1]) | (value[1:] != value[:-1])))
    first = np.flatnonzero(starts)
    size = np.diff(np.concatenate((first, [len(order)])))
    for count in np.unique(size[(size > 1) & (size <= most)]).tolist():
        one, two = np.triu_indices(count, 1)
        groups = first[size == count]
        step = max(1, _CHUNK // len(one))
        for low in range(0, len(groups), step):
            at = groups[low : low + step, None]
            left, right = (at + one).ravel(), (at + two).ravel()
            fresh = ~(old[document[left]] & old[document[right]])
            left, right = left[fresh], right[fresh]
            key = (kind[left] << _BITS | document[left]) << _BITS | document[right]
            yield key, np.minimum(weight[left], weight[right])
