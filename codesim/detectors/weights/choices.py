"""How many alignments of two models there were to choose from."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from codesim.detectors.weights.alignment import Aligned
from codesim.detectors.weights.roles import place_of
from codesim.detectors.weights.values import Values

# Offsets at which a part of a fused tensor is looked for.
_OFFSETS = 100
_LOG_10 = math.log(10)
# One factor of two pays for having both ways, by name and by content (Bonferroni with weights).
_TWO_WAYS = math.log10(2)


def log10_choices(
    pairs: Sequence[Aligned], left: Sequence[Values] = (), right: Sequence[Values] = ()
) -> float:
    """log10 of how many alignments there were, by which a p-value is multiplied.

    Names alone give one. Where content decided instead, the n pairs of a shape may have been any n
    of the L tensors of the left that have it, against any n of the R on the right in any order:
    C(L, n) R! / (R - n)!. A tensor that repeats one that is taken had all of them to choose from,
    and a part of a fused tensor any offset.
    """
    if all(place_of(pair.names[0]) == place_of(pair.names[1]) for pair in pairs):
        return _TWO_WAYS
    once = Counter(_shape(pair.left.shape) for pair in pairs if pair.how != "repeated")
    sizes = [Counter(_shape(values.shape) for values in side) for side in (left, right)]
    ways = sum(
        _assignments(max(sizes[0][shape], n), max(sizes[1][shape], n), n)
        for shape, n in once.items()
    )
    for pair in pairs:
        if pair.how == "repeated":
            shape = _shape(pair.left.shape)
            ways += math.log10(max(sizes[0][shape], sizes[1][shape], 1))
        elif pair.how == "part":
            ways += math.log10(_OFFSETS)
    return _TWO_WAYS + ways


def _shape(shape: tuple[int, int]) -> tuple[int, int]:
    """A shape and its transpose are one: either way was looked for."""
    return (min(shape), max(shape))


def _assignments(left: int, right: int, pairs: int) -> float:
    chosen = _log_factorial(left) - _log_factorial(pairs) - _log_factorial(left - pairs)
    return (chosen + _log_factorial(right) - _log_factorial(right - pairs)) / _LOG_10


def _log_factorial(number: int) -> float:
    return math.lgamma(number + 1)
