"""What goes into the join and what comes out of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Rows:
    """One row per (document, kind, value), as parallel arrays; no such triple twice.

    ``document`` and ``kind`` are indexes, ``value`` is a fingerprint. ``weight`` is what sharing it
    says, in thousandths of a bit and not negative: integers, so that every engine sums alike.
    """

    document: npt.NDArray[np.int32]
    kind: npt.NDArray[np.int16]
    value: npt.NDArray[np.uint64]
    weight: npt.NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.value)

    def check(self, documents: int) -> None:
        """Raises ValueError where the arrays cannot be rows of so many documents."""
        for name, column in columns_of(self):
            wanted = ROW_TYPES[name]
            if column.ndim != 1 or column.dtype != wanted or len(column) != len(self):
                raise ValueError(f"{name} must be {len(self)} numbers of type {wanted}")
        if not len(self):
            return
        if self.document.min() < 0 or self.document.max() >= documents:
            raise ValueError(f"a document is not one of {documents}")
        if self.kind.min() < 0 or self.weight.min() < 0:
            raise ValueError("a kind or a weight is negative")


@dataclass(frozen=True, slots=True)
class Policy:
    """Which pairs are worth a closer look.

    A value in more than ``most_documents`` documents makes no pair: it hardly tells any of them
    from the rest, and its pairs grow with the square. A pair shares at least ``least_shared``
    values. Of those, the ``keep`` heaviest of each document and kind stay, also where they are
    heavy for one of the two only.
    """

    most_documents: int
    least_shared: int
    keep: int

    def __post_init__(self) -> None:
        for field in fields(self):
            if getattr(self, field.name) < 1:
                raise ValueError(f"{field.name} must be at least 1")


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of documents, sorted by kind, heaviest first, then by their numbers.

    ``left`` is always less than ``right``; ``shared`` counts the values they share, ``weight`` sums
    for each the smaller of its two weights.
    """

    kind: npt.NDArray[np.int16]
    left: npt.NDArray[np.int32]
    right: npt.NDArray[np.int32]
    shared: npt.NDArray[np.int64]
    weight: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.weight)


ROW_TYPES = {"document": np.int32, "kind": np.int16, "value": np.uint64, "weight": np.int32}
PAIR_TYPES = {
    "kind": np.int16, "left": np.int32, "right": np.int32, "shared": np.int64, "weight": np.int64,
}  # fmt: skip


def columns_of(table: Rows | Pairs) -> list[tuple[str, npt.NDArray[np.generic]]]:
    """The arrays of a table by name, in the order of its fields."""
    return [(field.name, getattr(table, field.name)) for field in fields(table)]


def sorted_pairs(columns: Sequence[npt.NDArray[np.integer]]) -> Pairs:
    """Pairs from kind, left, right, shared and weight, in the order that every engine gives."""
    kind, left, right, _, weight = columns
    order = np.lexsort((right, left, -weight, kind))
    typed = zip(columns, PAIR_TYPES.values(), strict=True)
    return Pairs(*(column[order].astype(dtype) for column, dtype in typed))
