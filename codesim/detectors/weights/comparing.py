"""Two models compared: aligned, measured in one pass, judged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from codesim.detectors.weights.alignment import Aligned, aligned
from codesim.detectors.weights.evidence import Finding
from codesim.detectors.weights.foresight import announce_runs
from codesim.detectors.weights.lost import Readable, readable
from codesim.detectors.weights.models import Model
from codesim.detectors.weights.moments import Moments
from codesim.detectors.weights.relation import judged
from codesim.detectors.weights.stream import measured
from codesim.detectors.weights.unread import legible, unread
from codesim.detectors.weights.verdict import NONE, Verdict
from codesim.detectors.weights.workers import one_thread_each
from codesim.errors import SnapshotError
from codesim.formats import FormatError
from codesim.model import Skipped

Measure = Callable[[Sequence[Aligned]], Sequence[Moments]]
NO_COUNTERPART = "no tensor of the left has a counterpart of its shape on the right"


def compared(
    left: Model, right: Model, bases: Sequence[Model] = (), device: str | None = None
) -> Finding:
    """What is said of two models; a state instead of a verdict where nothing can be."""
    state = missing(left, right)
    if state:
        return Finding(left, right, bases, state=state)
    for model in (left, right):
        announce_runs(model.tensors)
    (one, lost), (two, more) = legible("left", left), legible("right", right)
    known = tuple(legible("base", base)[0] for base in bases)
    pairs = aligned(one.tensors, two.tensors)

    def measure(chosen: Sequence[Aligned]) -> Sequence[Moments]:
        return measured(chosen, device)

    with one_thread_each():
        held = Readable(one, two, known, tuple(pairs), tuple(measure(pairs)))
        told = (*lost, *more, *unread(held.pairs, held.moments))
        rest = whole(held)
        if held.pairs and not rest.pairs:
            return Finding(rest.left, rest.right, bases, state=_nothing(rest), unread=told)
        # Models of another width have no pairs, and neurons that can be matched all the same.
        unpaired = "" if rest.pairs else NO_COUNTERPART
        return found_in(rest, lambda some: _judged(some, measure, not told), told, unpaired)


def whole(held: Readable) -> Readable:
    """Without what was lost while it was measured: files, and pairs that did not come to an end."""
    if not any(sums.problem for sums in held.moments):
        return held
    rest = readable(held)
    kept = [each for each in zip(rest.pairs, rest.moments, strict=True) if not each[1].problem]
    return replace(rest, pairs=tuple(p for p, _ in kept), moments=tuple(m for _, m in kept))


def found_in(
    held: Readable,
    judge: Callable[[Readable], Verdict],
    lost: Sequence[Skipped] = (),
    unpaired: str = "",
) -> Finding:
    """The verdict on what can be read, which says ``unpaired`` where nothing is related and no pair
    was there. A file that is lost meanwhile takes its tensors with it, and nothing else.
    """
    while held.pairs or unpaired:
        try:
            said = judge(held)
        except (FormatError, SnapshotError):
            before, held = held, readable(held)
            if held.tensors == before.tensors:
                raise
        else:
            state = unpaired if said.relation == NONE else ""
            return Finding(held.left, held.right, held.bases, held.pairs, said, state, unread=lost)
    return Finding(held.left, held.right, held.bases, state=_nothing(held), unread=lost)


def _nothing(held: Readable) -> str:
    return missing(held.left, held.right) or "nothing that both have could be read to its end"


def _judged(held: Readable, measure: Measure, complete: bool) -> Verdict:
    known = [base.tensors for base in held.bases if base.has_values]
    sides = held.left.tensors, held.right.tensors
    whole = held.is_whole and complete
    return judged(held.pairs, held.moments, *sides, known, measure, whole)


def missing(left: Model, right: Model) -> str:
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
    if model.state in ("none", "partial") and model.skipped:
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
    "unreadable": "no values in a form that is read, or single numbers only",
}
