"""Scaled sketches of projects: FracMinHash (Irber et al., 2022), as in sourmash.

Of every project the same 1 in 2**scale_bits of all possible fingerprints is kept. Which ones does
not depend on the project, so that the share of a sampled set is an unbiased estimate of the share
of the whole set, however different the sizes.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from codesim.commons.frequency import Values, spread
from codesim.commons.record import Bytes, DamagedError, Words

# 1 in 8: a definition of ten lines has about 80 fingerprints, so ten of it are in the sample.
SCALE_BITS = 3
_KEPT_BITS = 32


def sample(values: Values, scale_bits: int) -> Words:
    """The sorted distinct sample of some values, 32 bits of each.

    One of them is taken for a foreign one with a probability of 1 in 50,000 per project.
    """
    key = spread(values)
    chosen = key[key >> np.uint64(64 - scale_bits) == 0] if scale_bits else key
    return np.unique((chosen >> np.uint64(64 - scale_bits - _KEPT_BITS)).astype(np.uint32))


def merge(sketches: Sequence[Words]) -> tuple[Words, Bytes]:
    """All sketches as one sorted column, and whose each hash is."""
    if not sketches:
        return np.zeros(0, dtype=np.uint32), np.zeros(0, dtype=np.uint8)
    sampled = np.concatenate(list(sketches))
    owner = np.repeat(np.arange(len(sketches)), [len(each) for each in sketches])
    order = np.lexsort((owner, sampled))
    return sampled[order], owner[order].astype(np.uint8)


class Sketches:
    """Counts how many of some sampled hashes each project has."""

    def __init__(self, sampled: Words, owner: Bytes, projects: int) -> None:
        if len(owner) and int(owner.max()) >= projects:
            raise DamagedError("its sketches belong to projects that it does not list")
        self._sampled, self._owner = sampled, owner
        self.sizes = np.bincount(owner, minlength=projects)

    def shared(self, sampled: Words) -> npt.NDArray[np.int64]:
        """Per project: how many of these distinct hashes its sketch holds."""
        first = np.searchsorted(self._sampled, sampled, "left")
        count = np.searchsorted(self._sampled, sampled, "right") - first
        ends = np.cumsum(count)
        total = int(ends[-1]) if len(ends) else 0
        rows = np.arange(total) + np.repeat(first - (ends - count), count)
        return np.bincount(self._owner[rows], minlength=len(self.sizes))
