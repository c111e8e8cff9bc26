"""Tensors whose numbers cannot be had, or are none: each costs itself alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from codesim.detectors.weights.alignment import Aligned
from codesim.detectors.weights.foresight import is_far
from codesim.detectors.weights.models import Model
from codesim.detectors.weights.moments import Moments
from codesim.errors import SnapshotError
from codesim.formats import FormatError
from codesim.model import Skipped


def legible(side: str, model: Model) -> tuple[Model, tuple[Skipped, ...]]:
    """A model without tensors whose first or last row cannot be read, and why these cannot.

    What is far away is not asked for that: a file that is lost there is noticed while it is read.
    """
    if is_far(model.tensors):
        return model, ()
    found, lost = [], []
    for values in model.tensors:
        try:
            values.read(0, 1)
            values.read(values.rows - 1, values.rows)
        except (FormatError, SnapshotError) as error:
            lost.append(Skipped(f"{side}: {values.name}", str(error)))
        else:
            found.append(values)
    return (replace(model, tensors=tuple(found)) if lost else model), tuple(lost)


def unread(pairs: Sequence[Aligned], sums: Sequence[Moments]) -> tuple[Skipped, ...]:
    """Tensors that could not be read to their end, and numbers that are none."""
    found = [
        Skipped(f"{pair.names[0]} ~ {pair.names[1]}", f"not read to the end: {each.problem}")
        for pair, each in zip(pairs, sums, strict=True) if each.problem
    ]  # fmt: skip
    lost = sum(each.unusable for each in sums)
    if lost:
        within = sum(each.unusable > 0 for each in sums)
        where = f"{within:,} pair{'' if within == 1 else 's'} of tensors"
        reason = "not finite on one side or the other, or beyond 1e8, and left out of every sum"
        found.append(Skipped(f"{lost:,} numbers in {where}", reason))
    return tuple(found)
