"""Two models compared: aligned, measured in one pass, judged."""

from __future__ import annotations

from collections.abc import Sequence

from codesim.detectors.weights.alignment import Aligned, aligned
from codesim.detectors.weights.evidence import Finding
from codesim.detectors.weights.models import Model
from codesim.detectors.weights.moments import Moments
from codesim.detectors.weights.relation import judged
from codesim.detectors.weights.stream import measured
from codesim.detectors.weights.values import Values
from codesim.detectors.weights.verdict import NONE
from codesim.errors import SnapshotError
from codesim.formats import FormatError
from codesim.model import Skipped

_NOTHING = "no tensor of the left has a counterpart of its shape on the right"


def compared(
    left: Model, right: Model, bases: Sequence[Model] = (), device: str | None = None
) -> Finding:
    """What is said of two models; a state instead of a verdict where nothing can be."""
    state = _missing(left, right)
    if state:
        return Finding(left, right, bases, state=state)
    sides = readable("left", left), readable("right", right)
    (ours, lost), (theirs, more) = sides
    pairs = aligned(ours, theirs)

    def measure(chosen: Sequence[Aligned]) -> Sequence[Moments]:
        return measured(chosen, device)

    known = [readable("base", base)[0] for base in bases if base.has_values]
    every = list(zip(pairs, measure(pairs), strict=True))
    usable = [(pair, sums) for pair, sums in every if not sums.problem]
    pairs, sums = [pair for pair, _ in usable], [each for _, each in usable]
    unread = (*lost, *more, *_unread(every))
    whole = "partial" not in (left.state, right.state) and not unread
    verdict = judged(pairs, sums, ours, theirs, known, measure, whole)
    state = "" if pairs or verdict.relation != NONE else _NOTHING
    return Finding(left, right, bases, pairs, verdict, state, unread=unread)


def readable(side: str, model: Model) -> tuple[tuple[Values, ...], tuple[Skipped, ...]]:
    """The tensors of a model whose first and last row can be read, and why others cannot."""
    found, lost = [], []
    for values in model.tensors:
        try:
            values.read(0, 1)
            values.read(values.rows - 1, values.rows)
        except (FormatError, SnapshotError) as error:
            lost.append(Skipped(f"{side}: {values.name}", str(error)))
        else:
            found.append(values)
    return tuple(found), tuple(lost)


def _unread(every: Sequence[tuple[Aligned, Moments]]) -> tuple[Skipped, ...]:
    """Tensors that could not be read to their end, and numbers that are none."""
    found = [
        Skipped(f"{pair.names[0]} ~ {pair.names[1]}", f"not read to the end: {each.problem}")
        for pair, each in every if each.problem
    ]  # fmt: skip
    lost = sum(each.unusable for _, each in every)
    if lost:
        within = sum(each.unusable > 0 for _, each in every)
        where = f"{within:,} pair{'' if within == 1 else 's'} of tensors"
        reason = "not finite on one side or the other, and left out of every sum"
        found.append(Skipped(f"{lost:,} numbers in {where}", reason))
    return tuple(found)


def _missing(left: Model, right: Model) -> str:
    """What each side lacks, where one has nothing to compare; empty where both have."""
    return "; ".join(
        f"{side}: {state_of(model)}"
        for side, model in (("left", left), ("right", right))
        if not model.has_values
    )


def state_of(model: Model) -> str:
    """Why a model has no values that could be compared."""
    if model.state == "none" and any("pointer" in each.reason for each in model.skipped):
        return (
            "only pointers to files of weights; download these first, such as with `git lfs pull` "
            "or `hf download`, and compare the folder"
        )
    if model.state == "none" and model.skipped:
        return _rejected(model.skipped)
    return _STATES.get(model.state, model.state)


def _rejected(skipped: Sequence[Skipped]) -> str:
    """Why the first file was not read, and how many more were not."""
    first, more = skipped[0], len(skipped) - 1
    said = f"{first.what}: {first.reason}" + (f", and {more} more" if more else "")
    return f"no file of weights that is read ({said})"


_STATES = {
    "none": "no file of weights",
    "index only": "only the names of tensors, without values",
    "unreadable": "no values in a form that is read",
}
