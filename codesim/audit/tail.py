"""How often chance reaches a score among pairs of one cohort."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

# The decay is told by the highest score and those that so many times more pairs reach: nearer ones
# differ by accident.
_APART = 5.0
# How much slower than exponential scores decay beyond what was seen. Works whose authors have
# habits in common are drawn from many distributions, whose sum has a heavier tail than each.
_SHAPE = 0.2
# Among so large a share of the highest scores a gap is looked for, and so much higher are those
# above it than those below: what chance gives comes in every size, what was copied stands apart.
_TOP = 0.10
_GAP = 1.75
# So many of the highest scores may be of copies, which do not tell the decay and are judged by it:
# as many as a share of the pairs or of the members, whichever is less.
_SPARED, _SPARED_PAIRS, _SPARED_MEMBERS = 5.0, 0.001, 0.15
# Scores below this many bits differ by nothing that counts.
_NOTHING = 4.0


@dataclass(frozen=True, slots=True)
class Tail:
    """Scores that chance gives, and their decay beyond the highest of them.

    ``scores`` ascend, without the few highest, which may be of copies; ``reaching[i]`` is how many
    of ``population`` pairs score ``scores[i]`` or more, but for those that stand apart above a gap.
    Beyond the last score the share that exceeds it falls by e within the first ``scale`` bits, then
    ever more slowly; with a scale of 0 nothing is known beyond it.
    """

    scores: tuple[float, ...]
    reaching: tuple[float, ...]
    population: float
    scale: float = 0.0

    @classmethod
    def of(cls, scored: Sequence[tuple[float, float]]) -> Tail:
        """From scores with the number of pairs that each stands for.

        Beyond a high score the excess is taken to have a generalised Pareto distribution (Pickands,
        1975), with the slowest decay that the scores allow. Random sequences would have an
        exponential one (Karlin and Altschul, 1990), but works on one task are none. What lies above
        a gap is no part of it.
        """
        ordered = sorted(scored)
        population = sum(weight for _, weight in ordered)
        by_chance, apart = _below_gap(ordered, population)
        scores = tuple(score for score, _ in by_chance)
        reaching = tuple(accumulate(weight for _, weight in reversed(by_chance)))[::-1]
        members = math.sqrt(2 * population)
        spared = min(_SPARED_PAIRS * population, _SPARED_MEMBERS * members) - apart
        kept = sum(count > max(_SPARED, spared) for count in reaching)
        scores, reaching = scores[:kept], reaching[:kept]
        scales = [
            (scores[-1] - score) * _SHAPE / (1 - (count / reaching[-1]) ** -_SHAPE)
            for score, count in zip(scores, reaching, strict=True)
            if count >= _APART * reaching[-1]
        ]
        return cls(scores, reaching, population, max(scales, default=0.0))

    def rate(self, score: float) -> float:
        """The share of pairs that reach a score by chance."""
        place = bisect_left(self.scores, score)
        if place < len(self.scores):
            return self.reaching[place] / self.population
        if not self.scale:
            return 0.0
        excess = _SHAPE * (score - self.scores[-1]) / self.scale
        return self.reaching[-1] / self.population * math.pow(1 + excess, -1 / _SHAPE)

    def reach(self, rate: float) -> float | None:
        """The score above which chance is rarer than a rate; None where nothing is known."""
        if not self.scale or rate <= 0:
            return None
        enough = [n for n, count in enumerate(self.reaching) if count <= rate * self.population]
        if enough:
            return self.scores[max(0, enough[0] - 1)]
        times = self.reaching[-1] / (rate * self.population)
        return self.scores[-1] + self.scale * (math.pow(times, _SHAPE) - 1) / _SHAPE


def _below_gap(
    ordered: Sequence[tuple[float, float]], population: float
) -> tuple[Sequence[tuple[float, float]], float]:
    """Scores without those that stand apart at the top, above the widest gap there; and how many
    pairs these are.
    """
    reached, best, kept, apart = 0.0, _GAP, len(ordered), 0.0
    for place in range(len(ordered) - 1, 0, -1):
        reached += ordered[place][1]
        if reached > _TOP * population:
            break
        ratio = ordered[place][0] / max(ordered[place - 1][0], _NOTHING)
        if ratio >= best:
            best, kept, apart = ratio, place, reached
    return ordered[:kept], apart
