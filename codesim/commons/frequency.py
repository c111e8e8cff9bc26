"""Document frequencies in about four bytes each: leading bits choose a bucket, 24 more are stored.

This is a quotient filter without its run bits (Bender et al., "Don't Thrash", 2012): a value is
taken for one that it is not with a probability of at most one in eight million.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from codesim.commons.record import Bytes, DamagedError, Words

Values = npt.NDArray[np.uint64]

# Stored of a value beside its bucket; with the frequency in the low byte an entry has 32 bits.
_STORED_BITS = 24
_LOW = np.uint32(8)
# About one entry per bucket: more buckets cost a byte each, fewer cost time.
_LEAST_BUCKET_BITS, _MOST_BUCKET_BITS = 8, 20
# Values looked up at once, so that what belongs to them stays in the cache of one core.
_CHUNK = 1 << 15


def spread(values: Values) -> Values:
    """A bijection after which the leading bits depend on all bits, whoever made the values."""
    values = np.asarray(values, dtype=np.uint64)
    values = (values ^ (values >> np.uint64(32))) * np.uint64(0x9E3779B97F4A7C15)
    return (values ^ (values >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)


def pack(values: Values, frequency: Bytes) -> tuple[int, Bytes, Words]:
    """Bucket bits, load per bucket and entries of distinct values with their frequencies."""
    bits = min(max(len(values).bit_length() - 1, _LEAST_BUCKET_BITS), _MOST_BUCKET_BITS)
    key = spread(values)
    # Two values may fall on one entry; the more frequent comes first and stays.
    order = np.lexsort((255 - frequency.astype(np.int64), key))
    bucket, stored = _parts(key[order], bits)
    entries = stored << _LOW | frequency[order]
    place = bucket.astype(np.int64) << _STORED_BITS | stored
    _, first = np.unique(place, return_index=True)
    load = np.bincount(bucket[first], minlength=1 << bits)
    if load.max() > 255:
        raise ValueError("fingerprints are not spread over the buckets")
    return bits, load.astype(np.uint8), entries[first]


class Frequencies:
    """Looks values up in packed frequencies, which may be memory-mapped."""

    def __init__(self, bits: int, load: Bytes, entries: Words) -> None:
        self._bits = bits
        self._entries = entries
        self._start = np.concatenate(([0], np.cumsum(load, dtype=np.int32))).astype(np.int32)
        if self._start[-1] != len(entries):
            raise DamagedError("its buckets do not hold its entries")

    def of(self, values: Values) -> Bytes:
        """In how many projects each value is; 0 where it is unknown or in one only."""
        values = np.ascontiguousarray(values, dtype=np.uint64)
        found = np.zeros(len(values), dtype=np.uint8)
        for low in range(0, len(values), _CHUNK):
            self._fill(values[low : low + _CHUNK], found[low : low + _CHUNK])
        return found

    def _fill(self, values: Values, found: Bytes) -> None:
        bucket, stored = _parts(spread(values), self._bits)
        at, end = self._start[bucket], self._start[bucket + 1]
        open_ = np.flatnonzero(at < end)
        at, end, stored = at[open_], end[open_], stored[open_]
        while len(open_):
            entry = self._entries[at]
            seen = entry >> _LOW
            hit = np.flatnonzero(seen == stored)
            found[open_[hit]] = entry[hit].astype(np.uint8)
            at = at + 1
            # Entries of a bucket ascend, so that a larger one ends the search.
            going = np.flatnonzero((seen < stored) & (at < end))
            open_, at, end, stored = open_[going], at[going], end[going], stored[going]


def _parts(key: Values, bits: int) -> tuple[npt.NDArray[np.int32], Words]:
    bucket = (key >> np.uint64(64 - bits)).astype(np.int32)
    stored = (key >> np.uint64(64 - bits - _STORED_BITS)).astype(np.uint32)
    return bucket, stored & np.uint32((1 << _STORED_BITS) - 1)
