"""From information in bits to a strength with an error rate."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from codesim.model import Strength


@dataclass(frozen=True, slots=True)
class Steps:
    """How many bits beyond chance each strength asks for.

    Two unrelated repositories offer ``units x units`` chances for a coincidence, so that the best
    match of an unrelated pair grows with the logarithm of that product, as in an E-value (Karlin
    and Altschul, 1990). ``slope`` is what each doubling of the chances costs in bits. The values
    were set on unrelated packages of 300 to 30,000 lines (``python -m benchmarks unrelated``):
    the best match of 1,442 pairs had 28 bits, and with these values none of the pairs is weak, nor
    any of 1,109 pairs of other packages. Very strong lies beyond what that many pairs can show.
    """

    slope: float = 0.8
    weak: float = 5.0
    moderate: float = 9.0
    strong: float = 14.0
    very_strong: float = 30.0
    # Every script has a training loop and an argument parser; one passage that two programs share
    # says less than the same passage being most of one of them. What is not matched on the better
    # covered side costs up to this many bits.
    scatter: float = 40.0
    # Nobody compares two definitions blindly: they play the same role somewhere, as if each were
    # the best of this many.
    fewest: int = 64
    # A side of more units than this may hold a part of something else. Smaller ones should agree
    # as a whole, so that what is not matched on the other side costs as much again: classes of
    # one role in one library share passages of 30 to 55 bits and up to 0.9 of one of them.
    small: int = 16
    # Matches this far above chance are listed, also where they decide nothing.
    listed: float = 8.0

    def among(self, pairs: int) -> Steps:
        """Steps that promise of the best of so many pairs what these promise of one pair.

        Among ``pairs`` unrelated repositories there are as many chances that one of them reaches a
        step, as in an E-value. So each step asks for the bits at which that many times fewer pairs
        are left: by the rates of the steps themselves, in between and beyond them as straight
        lines of the logarithm.
        """
        wanted = (self.weak, self.moderate, self.strong, self.very_strong)
        rates = [math.log2(step.rate) for step in Strength if step is not Strength.NONE]
        further = [_bits_at(rate - math.log2(max(1, pairs)), rates, wanted) for rate in rates]
        weak, moderate, strong, very_strong = further
        return replace(self, weak=weak, moderate=moderate, strong=strong, very_strong=very_strong)

    def chance(self, left_units: int, right_units: int) -> float:
        """Bits that coincidence alone may reach between repositories of these sizes."""
        return self.slope * math.log2(max(1, left_units) * max(1, right_units))

    def noise(self, left_units: int, right_units: int) -> float:
        """A match below this is expected between unrelated repositories of these sizes."""
        return self.listed + self.chance(left_units, right_units)


def _bits_at(rate: float, rates: Sequence[float], bits: Sequence[float]) -> float:
    """Bits at a falling rate (as logarithms), on the line through the two nearest known points."""
    at = next((i for i in range(1, len(rates)) if rate >= rates[i]), len(rates) - 1)
    slope = (bits[at] - bits[at - 1]) / (rates[at] - rates[at - 1])
    return bits[at] + slope * (rate - rates[at])


# What the best of the other matches add: they are not independent of the first, and their number
# grows with size.
_FURTHER = 0.25
_OTHERS = 10


def strength_of(
    bits: Sequence[float],
    covered: tuple[float, float],
    units: tuple[int, int],
    steps: Steps,
    whole: tuple[float, float] = (0.0, 0.0),
) -> Strength:
    """The strength of all matches together, by their information in bits.

    ``covered`` is the matched share of either side, ``units`` how many units each side has. Only
    what a match has beyond noise counts, so that size alone adds nothing. ``whole`` are the bits of
    the best pair of files that agree from end to end, and the share that all such files are.
    """
    surprise = max(_local(bits, covered, units, steps), _complete(*whole, units, steps))
    for strength, least in (
        (Strength.VERY_STRONG, steps.very_strong),
        (Strength.STRONG, steps.strong),
        (Strength.MODERATE, steps.moderate),
        (Strength.WEAK, steps.weak),
    ):
        if surprise >= least:
            return strength
    return Strength.NONE


def _local(
    bits: Sequence[float], covered: tuple[float, float], units: tuple[int, int], steps: Steps
) -> float:
    """Bits beyond chance of matches that may stand anywhere."""
    if not bits:
        return 0.0
    noise = steps.noise(*units)
    best, *others = sorted(bits, reverse=True)
    further = _FURTHER * sum(max(0.0, each - noise) for each in others[:_OTHERS])
    chance = steps.chance(*(max(steps.fewest, side) for side in units))
    return best + further - chance - steps.scatter * _missing(covered, units, steps)


def _missing(covered: tuple[float, float], units: tuple[int, int], steps: Steps) -> float:
    """Share that is not matched: of the better covered side, and of the other where it is small."""
    low, high = sorted(covered)
    small = min(1.0, steps.small / max(1, *units))
    return 1.0 - high + small * (1.0 - low)


def _complete(bits: float, share: float, units: tuple[int, int], steps: Steps) -> float:
    """Bits beyond chance of files that agree from end to end."""
    return bits - steps.chance(*units) - steps.scatter * (1.0 - share)
