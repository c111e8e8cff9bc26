"""The join in numpy: enough for thousands of documents, and needs nothing that is not there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from codesim.candidates.rows import Flags, Pairs, Policy, Rows, sorted_pairs

Ints = npt.NDArray[np.int64]

# Cells counted at once, a block of documents against all others: 8 bytes each, for the number and
# for the weight of what they share.
_CELLS = 1 << 21
# Shared values laid out at once: about 40 bytes each. Smaller pieces cost calls, larger ones leave
# the cache of the processor (measured with ``python -m benchmarks index``).
_PIECE = 1 << 19


# A multiplication that spreads values over parts, whatever made them, and 2**6 parts at most.
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_MOST_PART_BITS = 6


@dataclass(frozen=True, slots=True)
class _Groups:
    """Rows of one kind, by value and then by place; ``end`` is where the group of a row ends.

    A place is a document's number in another order: those that may be the first of a pair come
    before those of the archive.
    """

    place: npt.NDArray[np.int32]
    weight: npt.NDArray[np.int32]
    end: npt.NDArray[np.int32]


def joined(rows: Rows, old: Flags, policy: Policy) -> Pairs:
    """The candidate pairs of ``rows``; see ``candidate_pairs``.

    Values are grouped by one sort, then a block of documents at a time counts what it shares with
    all others, so that memory depends on the rows and on ``keep``, not on how many pairs share
    something. Raises ValueError where a document has a value twice.
    """
    document = np.argsort(old, kind="stable")
    place = np.empty(len(old), dtype=np.int32)
    place[document] = np.arange(len(old), dtype=np.int32)
    new = int(len(old) - np.count_nonzero(old))
    found = [np.zeros((5, 0), dtype=np.int64)]
    for kind in np.unique(rows.kind).tolist():
        groups = _groups(rows, kind, place, policy.most_documents)
        kept = _Kept(document, policy.keep)
        for first, second, shared, weight in _blocks(groups, new, len(old), policy.least_shared):
            kept.add(first, second, shared, weight)
        pairs = kept.pairs()
        found.append(np.vstack((np.full((1, pairs.shape[1]), kind), pairs)))
    return sorted_pairs(list(np.concatenate(found, axis=1)))


def _groups(rows: Rows, kind: int, place: npt.NDArray[np.int32], most: int) -> _Groups:
    """Rows of one kind whose value is in two documents or more, and in ``most`` at most.

    Values are sorted one part at a time, so that no more than a part is held twice.
    """
    part, parts = _parts(rows, kind)
    size = np.count_nonzero(part < parts)
    groups = _Groups(*(np.empty(size, dtype=np.int32) for _ in range(3)))
    done = 0
    for each in range(parts):
        owner, weight, end = _grouped(rows, np.flatnonzero(part == each), place, most)
        here = slice(done, done + len(owner))
        groups.place[here], groups.weight[here], groups.end[here] = owner, weight, end + done
        done += len(owner)
    return _Groups(groups.place[:done], groups.weight[:done], groups.end[:done])


def _parts(rows: Rows, kind: int) -> tuple[npt.NDArray[np.uint8], int]:
    """In which part the value of each row falls, none where it is of another kind; how many."""
    mine = rows.kind == kind
    pieces = int(np.count_nonzero(mine)) // _PIECE
    bits = min(max(pieces.bit_length(), 1), _MOST_PART_BITS)
    spread = rows.value * _SPREAD
    spread >>= np.uint64(64 - bits)
    part = spread.astype(np.uint8)
    part[~mine] = 1 << _MOST_PART_BITS
    return part, 1 << bits


def _grouped(
    rows: Rows, chosen: Ints, place: npt.NDArray[np.int32], most: int
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32], Ints]:
    """Place, weight and end of group, for some rows that are all rows of their values."""
    owner = place[rows.document[chosen]]
    if np.any(owner[1:] < owner[:-1]):
        chosen = chosen[np.argsort(owner, kind="stable")]
    value = rows.value[chosen]
    order = np.argsort(value, kind="stable")
    value = value[order]
    first = np.flatnonzero(np.concatenate(([True], value[1:] != value[:-1]))[: len(value)])
    count = np.diff(first, append=len(value))
    usable = (count >= 2) & (count <= most)
    chosen = chosen[order[np.repeat(usable, count)]]
    count = count[usable]
    end = np.repeat(np.cumsum(count), count)
    owner = place[rows.document[chosen]]
    if np.any((owner[1:] == owner[:-1]) & (end[1:] == end[:-1])):
        raise ValueError("a document has a value twice")
    return owner, rows.weight[chosen], end


def _blocks(
    groups: _Groups, new: int, documents: int, least: int
) -> Iterator[tuple[Ints, Ints, Ints, Ints]]:
    """For each block of places: pairs (first, second), their shared values and their weight."""
    low = 0
    for high, rows in _row_blocks(groups.place, new, documents):
        wide = documents - low
        shared, weight = _counted(groups, rows, low, (high - low) * wide, wide)
        cells = np.flatnonzero(shared >= least)
        yield cells // wide + low, cells % wide + low, shared[cells], weight[cells]
        low = high


def _row_blocks(
    place: npt.NDArray[np.int32], new: int, documents: int
) -> Iterator[tuple[int, npt.NDArray[np.int32]]]:
    """Up to which place a block goes, and its rows in order."""
    if new * documents <= _CELLS:
        yield new, np.flatnonzero(place < new).astype(np.int32)
        return
    by_place = np.argsort(place, kind="stable").astype(np.int32)
    begins = np.searchsorted(place[by_place], np.arange(new + 1))
    low = 0
    while low < new:
        # All partners of a document have higher places, so that the last blocks are long.
        high = min(new, low + max(1, _CELLS // (documents - low)))
        yield high, np.sort(by_place[begins[low] : begins[high]])
        low = high


def _counted(
    groups: _Groups, rows: npt.NDArray[np.int32], low: int, cells: int, wide: int
) -> tuple[Ints, Ints]:
    """Number and weight of the values that the places from ``low`` on share with each other place.

    One cell per pair, ``wide`` of them for each place.
    """
    shared = np.zeros(cells, dtype=np.int64)
    weight = np.zeros(cells, dtype=np.float64)
    for own, count in _pieces(rows, groups.end):
        # The rows after the own one in its group: their number, from the place of each in a list.
        shift = own + 1 - (np.cumsum(count) - count)
        other = np.repeat(shift, count) + np.arange(count.sum())
        cell = np.repeat((groups.place[own].astype(np.int64) - low) * wide - low, count)
        cell += groups.place[other]
        both = np.minimum(np.repeat(groups.weight[own], count), groups.weight[other])
        shared += np.bincount(cell, minlength=cells)
        # Sums of integers are exact in a double up to 2**53.
        weight += np.bincount(cell, both, minlength=cells)
    return shared, weight.astype(np.int64)


def _pieces(
    rows: npt.NDArray[np.int32], end: npt.NDArray[np.int32]
) -> Iterator[tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]]:
    """Runs of rows and how many rows follow each in its group, about ``_PIECE`` in all."""
    for begin in range(0, len(rows), _PIECE):
        some = rows[begin : begin + _PIECE]
        count = end[some] - some - 1
        total = np.cumsum(count, dtype=np.int64)
        low = 0
        while low < len(some):
            done = total[low - 1] if low else 0
            high = max(low + 1, int(np.searchsorted(total, done + _PIECE, side="right")))
            yield some[low:high], count[low:high]
            low = high


class _Kept:
    """The heaviest pairs of every document among those seen so far.

    A pair that is not among the heaviest of either side now will not be later, so that it can go.
    """

    def __init__(self, document: npt.NDArray[np.intp], keep: int) -> None:
        self._document = document
        self._keep = keep
        self._kept = np.zeros((4, 0), dtype=np.int64)
        self._fresh: list[Ints] = []
        self._size = 0

    def add(self, first: Ints, second: Ints, shared: Ints, weight: Ints) -> None:
        """Pairs of places, none of them seen before."""
        one, two = self._document[first], self._document[second]
        fresh = np.vstack((np.minimum(one, two), np.maximum(one, two), shared, weight))
        self._fresh.append(fresh)
        self._size += fresh.shape[1]
        if self._size > max(_CELLS, 2 * self._kept.shape[1]):
            self.pairs()

    def pairs(self) -> Ints:
        """Left, right, shared and weight of the pairs that are kept, one column each."""
        every = np.concatenate([self._kept, *self._fresh], axis=1)
        left, right, _, weight = every
        documents = len(self._document)
        kept = _among_best(left, right, weight, documents, self._keep)
        self._kept, self._fresh, self._size = every[:, kept], [], 0
        return self._kept


def _among_best(left: Ints, right: Ints, weight: Ints, documents: int, keep: int) -> Flags:
    """Pairs among the ``keep`` heaviest of their left or of their right document."""
    if np.bincount(np.concatenate((left, right)), minlength=1).max() <= keep:
        return np.ones(len(left), dtype=np.bool_)
    kept = np.zeros(len(left), dtype=np.bool_)
    one, two = np.concatenate((left, right)), np.concatenate((right, left))
    order = np.lexsort((two, -np.concatenate((weight, weight)), one))
    ranked = one[order]
    first = np.searchsorted(ranked, np.arange(documents))
    best = order[np.arange(len(order)) - first[ranked] < keep]
    kept[best % len(left)] = True
    return kept
