"""From information in bits to a strength with an error rate."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from codesim.model import Strength

# Of a smaller configuration it is not known what else might have stood there.
_FEW = 16


@dataclass(frozen=True, slots=True)
class Steps:
    """How many bits beyond chance each strength asks for.

    Two unrelated repositories offer as many chances for a coincidence as the product of their
    settings, so what chance gives grows with the logarithm of that product.

    Set on 529 pairs of public packages, each half of them weighed with a table made of the other
    half: 11 pairs are weak or more, and each of those 11 joins packages with a common source or
    framework; the best of the other 518 has 3.3 bits. The pairs are those that the steps were
    chosen on, and too few to show the rates of the two upper steps, which are extrapolated.
    """

    slope: float = 0.8
    weak: float = 3.5
    moderate: float = 7.0
    strong: float = 16.0
    very_strong: float = 40.0
    # Very strong asks for so many rare agreements under keys that no public project has: values of
    # known keys are chosen from what is usual for them.
    own_keys: int = 4
    # All agreements that are not rare together, and all that go with a public architecture: each
    # hangs on the others, so that a hundred say no more than a few.
    usual_most: float = 4.0
    stock_most: float = 8.0
    # One shared block in two large configurations says less than the same block being most of one.
    scatter: float = 10.0

    def chance(self, left: int, right: int) -> float:
        """Bits that coincidence may reach between repositories with so many settings."""
        return self.slope * math.log2(max(_FEW, left) * max(_FEW, right))


# What further pairs of configurations add beyond the best one, per bit that is new in them, and how
# many do: two programs of one framework share a little in very many files.
_FURTHER = 0.25
_OTHERS = 10


@dataclass(frozen=True, slots=True)
class Bits:
    """What one pair of configurations says: rare agreements, usual ones, and those of stock."""

    rare: float = 0.0
    usual: float = 0.0
    stock: float = 0.0


def surprise(
    found: Sequence[Bits], covered: float, settings: tuple[int, int], steps: Steps
) -> float:
    """Bits beyond chance of all pairs together; ``found`` begins with the best pair."""
    if not found:
        return 0.0
    best, *others = (bits.rare for bits in found)
    total = best + _FURTHER * sum(sorted(others, reverse=True)[:_OTHERS])
    total += min(steps.usual_most, sum(bits.usual for bits in found))
    total += min(steps.stock_most, sum(bits.stock for bits in found))
    return total - steps.chance(*settings) - steps.scatter * (1.0 - covered)


def strength_of(surprise_: float, own_keys: int, steps: Steps) -> Strength:
    """The strength of so many bits beyond chance, with so many keys that nobody else has."""
    if surprise_ >= steps.very_strong and own_keys < steps.own_keys:
        return Strength.STRONG
    for strength, least in (
        (Strength.VERY_STRONG, steps.very_strong),
        (Strength.STRONG, steps.strong),
        (Strength.MODERATE, steps.moderate),
        (Strength.WEAK, steps.weak),
    ):
        if surprise_ >= least:
            return strength
    return Strength.NONE
