"""Rows that go into the join, and pairs that come out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Rows:
    """Parallel arrays, one row for each (document, kind, value), which are distinct.

    ``weight`` is information in thousandths of a bit: whole numbers, so that every engine adds them
    to the same sums.
    """

    document: npt.NDArray[np.int32]
    kind: npt.NDArray[np.int16]
    value: npt.NDArray[np.uint64]
    weight: npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Policy:
    """Which pairs are candidates.

    A value in more than ``most_documents`` documents pairs nobody; a pair shares at least
    ``least_shared`` values; ``keep`` are the best partners of each document in each kind.
    """

    most_documents: int
    least_shared: int
    keep: int


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of documents, by kind and then the heaviest first; ``left`` is less than ``right``.

    ``shared`` counts values, ``weight`` adds, for each, the smaller weight of the two sides.
    """

    kind: Numbers
    left: Numbers
    right: Numbers
    shared: Numbers
    weight: Numbers
