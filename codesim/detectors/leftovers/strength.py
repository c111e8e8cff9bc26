"""From rare things in bits to a strength with an error rate."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from codesim.detectors.leftovers.found import Worth
from codesim.model import Strength

# Even of a few lines some are what everybody writes.
_SMALL = 100
# What the next best passages add to the best, and how many of them: they are not independent of it,
# as who takes one file takes all passages in it.
_FURTHER = 0.3
_OTHERS = 6
# Passages alone are moderate at most: a script of a library, taken by many, has dozens of them. Two
# unrelated repositories with one such script had 20.8 bits without this bound.
_MOST_TAUGHT = 12.0


@dataclass(frozen=True, slots=True)
class Steps:
    """How many bits beyond chance each strength asks for.

    Unrelated sides have the more in common the larger they are, so that what chance explains grows
    with the logarithm of their sizes, as in an E-value (Karlin and Altschul, 1990). Set on 1,711
    pairs of 59 public packages that the table of common words does not know, of which 4 are weak or
    more, 2 of these moderate (0.12 %) and none strong: 12.5, 12.0, 8.4 and 5.8 bits, the first
    three with the same comments and messages in several places. The bound on passages was set on
    3,916 pairs of 89 model repositories, families and copies among them: 37 are weak or more, 23
    moderate, 2 strong. These two are a proven copy, and two changed copies of one model's code.
    """

    slope: float = 0.8
    weak: float = 5.0
    moderate: float = 10.0
    strong: float = 20.0
    very_strong: float = 45.0

    def chance(self, left_size: int, right_size: int) -> float:
        """Bits that coincidence alone may reach between sides of these numbers of things."""
        return self.slope * math.log2(max(_SMALL, left_size) * max(_SMALL, right_size))

    def of(self, bits: float) -> Strength:
        """The step that so many bits beyond chance reach."""
        for strength, least in (
            (Strength.VERY_STRONG, self.very_strong),
            (Strength.STRONG, self.strong),
            (Strength.MODERATE, self.moderate),
            (Strength.WEAK, self.weak),
        ):
            if bits >= least:
                return strength
        return Strength.NONE


def surprise(worths: Sequence[Worth], sizes: tuple[int, int], steps: Steps) -> float:
    """Bits beyond chance of all rare things together; 0 where there are none."""
    if not worths:
        return 0.0
    beyond = _sum_of([sum(each) for each in worths]) - steps.chance(*sizes)
    return min(beyond, _MOST_TAUGHT + _sum_of([each.told for each in worths]))


def _sum_of(bits: Sequence[float]) -> float:
    best, *others = sorted(bits, reverse=True)
    return best + _FURTHER * math.fsum(others[:_OTHERS])
