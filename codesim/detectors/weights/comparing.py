"""Two models compared: aligned, measured in one pass, judged."""

from __future__ import annotations

from collections.abc import Sequence

from codesim.detectors.weights.alignment import Aligned, aligned
from codesim.detectors.weights.evidence import Finding
from codesim.detectors.weights.models import Model
from codesim.detectors.weights.moments import Moments
from codesim.detectors.weights.relation import judged
from codesim.detectors.weights.stream import measured
from codesim.model import Skipped


def compared(
    left: Model, right: Model, bases: Sequence[Model] = (), device: str | None = None
) -> Finding:
    """What is said of two models; a state instead of a verdict where nothing can be."""
    state = _missing(left, right)
    if state:
        return Finding(left, right, bases, state=state)
    pairs = aligned(left.tensors, right.tensors)
    if not pairs:
        state = "no tensor of the left has a counterpart of its shape on the right"
        return Finding(left, right, bases, state=state)

    def measure(chosen: Sequence[Aligned]) -> Sequence[Moments]:
        return measured(chosen, device)

    known = [base.tensors for base in bases if base.has_values]
    whole = "partial" not in (left.state, right.state)
    verdict = judged(pairs, measure(pairs), left.tensors, right.tensors, known, measure, whole)
    return Finding(left, right, bases, pairs, verdict)


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
