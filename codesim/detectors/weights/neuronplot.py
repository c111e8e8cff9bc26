"""The figure of neurons that agree, over what unrelated models reach."""

from __future__ import annotations

from collections.abc import Sequence

from codesim.detectors.weights.cohort import Cohort
from codesim.detectors.weights.verdict import Verdict
from codesim.model import Plot, Series

# The largest share of neurons that independent models of one data set and recipe matched after
# alignment, in the first layer (29 of 352) and in the others (8 of 352).
_FIRST_LAYER, _LATER_LAYERS = 0.082, 0.023


def neurons(verdict: Verdict, cohort: Cohort | None = None) -> Plot | None:
    """Neurons that two independent matchings pair alike, over what unrelated models reach: those of
    the cohort, or without one the models that codesim was measured on.
    """
    shares = verdict.matched
    if not shares:
        return None
    others = [pair.verdict.matched for pair in cohort.pairs if pair.counts] if cohort else []
    others = [each for each in others if each]
    band = _cohort(others, len(shares)) if others else (_measured(len(shares)),)
    whose = (
        f"The lines are the least and the most of {len(others)} pairs with the cohort, layer by"
        " layer."
        if others
        else "The line is the largest share among independent models of one data set; no cohort"
        " says what chance gives for these two."
    )
    return Plot(
        "Neurons that agree after alignment",
        "bars",
        "layer",
        "share of neurons",
        (Series("left and right", tuple((float(n), m) for n, m in enumerate(shares))), *band),
        "A neuron agrees where its up and its down projection confirm the match that its gate "
        f"made. {whose}",
    )


def _measured(layers: int) -> Series:
    points = ((float(n), _LATER_LAYERS if n else _FIRST_LAYER) for n in range(layers))
    return Series("most of the independent models measured", tuple(points))


def _cohort(others: Sequence[Sequence[float]], layers: int) -> tuple[Series, ...]:
    """The band of the cohort: its largest and its smallest share in each layer that it has."""
    by_layer = [[each[n] for each in others if n < len(each)] for n in range(layers)]
    return tuple(
        Series(name, tuple((float(n), pick(each)) for n, each in enumerate(by_layer) if each))
        for name, pick in (("most of the cohort", max), ("least of the cohort", min))
    )
