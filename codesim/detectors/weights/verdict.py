"""What is said about two models: a relation, a direction, a grade, and one plain sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from codesim.detectors.weights.symmetry import SymmetryTest

# The ladder, from the closest relation to none.
IDENTICAL = "identical"
RE_ENCODED = "re-encoded"
NOISED = "noised copy"
QUANTISED = "quantised"
PRUNED = "pruned"
LOW_RANK = "LoRA-merged"
LAYERS_REMOVED = "layer-pruned"
UP_SCALED = "up-scaled"
MERGED = "merged"
TUNED = "fine-tuned"
DERIVED = "derived"
SHARED_BASE = "shared base"
SHARED_START = "shared initialisation"
NONE = "no evidence"
# What a screen says in place of all of these but the last: it reads too little to tell them apart.
SCREENED = "alike in a screen"

Figures = Mapping[str, str | int | float | bool | None]

LEFT_TO_RIGHT, RIGHT_TO_LEFT, UNDECIDED = "left to right", "right to left", "undecided"


@dataclass(frozen=True, slots=True)
class Row:
    """One aligned pair of tensors. Slopes are those of least squares, right on left and back;
    ``singular`` are the largest singular values of the difference of a block.
    """

    left: str
    right: str
    how: str
    change: str
    elements: int
    correlation: float
    sigma: float
    spread: float
    slopes: tuple[float, float]
    edge: float | None = None
    rank: int | None = None
    singular: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """The relation of two models.

    ``direction``: which side was made from the other, where that can be told. ``grade``: A for an
    exact test on tensors as they are stored, B for evidence that rests on matching or on a base,
    C for description, empty for none. ``log10_p`` is the p-value of independent initialisation
    (after Bonferroni), and of nothing else. ``figures`` are numbers by name, ``notes`` sentences on
    what was and was not compared, ``coefficients`` those of a merge, by tensor and parent.
    ``matched`` is the share of neurons of each layer that agree after alignment, where that was
    looked for.
    """

    relation: str
    grade: str
    direction: str
    log10_p: float
    p: str
    sentence: str
    rows: tuple[Row, ...] = ()
    tests: tuple[SymmetryTest, ...] = ()
    figures: Figures = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    coefficients: tuple[tuple[str, tuple[float, ...]], ...] = ()
    layers: tuple[tuple[str, str], ...] = ()
    matched: tuple[float, ...] = ()


def reached(matched: Sequence[float]) -> float:
    """The share of matched neurons that at least half of the layers reach. The first layer is left
    out, since models of one data set are alike there.
    """
    later = sorted(matched[1:] or matched, reverse=True)
    return later[(len(later) + 1) // 2 - 1] if later else 0.0
