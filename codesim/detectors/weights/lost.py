"""Files that stop giving their bytes while two models are compared: what they held is left out."""

from __future__ import annotations

from dataclasses import dataclass, replace

from codesim.detectors.weights.alignment import Aligned
from codesim.detectors.weights.models import Model, listed
from codesim.detectors.weights.moments import Moments
from codesim.detectors.weights.values import Values
from codesim.errors import SnapshotError
from codesim.formats import FormatError
from codesim.model import Skipped


@dataclass(frozen=True, slots=True)
class Readable:
    """Two models and bases without what was lost, and the pairs of what is left."""

    left: Model
    right: Model
    bases: tuple[Model, ...]
    pairs: tuple[Aligned, ...]
    moments: tuple[Moments, ...]

    @property
    def tensors(self) -> int:
        """How many tensors all models have."""
        return sum(len(model.tensors) for model in (self.left, self.right, *self.bases))

    @property
    def is_whole(self) -> bool:
        """False where a file of either side is missing, cut short or lost."""
        return "partial" not in (self.left.state, self.right.state)


def readable(held: Readable) -> Readable:
    """What can still be read. A pair whose sums have a problem stays where its files are there:
    that is told of the pair alone.
    """
    known: dict[int, str] = {}
    left, right, *bases = (_without(m, known) for m in (held.left, held.right, *held.bases))
    kept = [
        (pair, sums)
        for pair, sums in zip(held.pairs, held.moments, strict=True)
        if not any(_problem(window.values, known) for window in (pair.left, pair.right))
    ]
    pairs, moments = tuple(pair for pair, _ in kept), tuple(sums for _, sums in kept)
    return Readable(left, right, tuple(bases), pairs, moments)


def _without(model: Model, known: dict[int, str]) -> Model:
    """A model without the tensors that are lost, which are skipped with the reason."""
    lost: dict[str, list[str]] = {}
    for values in model.tensors:
        if problem := _problem(values, known):
            lost.setdefault(problem, []).append(values.name)
    if not lost:
        return model
    gone = {name for names in lost.values() for name in names}
    rest = tuple(values for values in model.tensors if values.name not in gone)
    return replace(
        model,
        tensors=rest,
        skipped=(*model.skipped, *(Skipped(listed(lost[why]), why) for why in sorted(lost))),
        bytes=sum(values.record.bytes or 0 for values in rest),
        state="partial",
    )


def _problem(values: Values, known: dict[int, str]) -> str:
    """Why the file of a tensor gives no more bytes; empty where it does."""
    source = values.source
    if id(source) not in known:
        known[id(source)] = ""
        try:
            source.at(max(0, source.size - 1), min(1, source.size))
        except (FormatError, SnapshotError) as error:
            known[id(source)] = str(error)
    return known[id(source)]
