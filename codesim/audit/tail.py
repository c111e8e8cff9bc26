"""How often chance reaches a score among pairs of one cohort."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

# The tail of the scores begins above this share of all pairs.
_BODY = 0.75
# Scores that so small a share of the tail reaches tell its decay; others lie too near its start.
_DEEP = 0.34
# Among so large a share of the highest scores a gap is looked for, and so much higher are those
# above it than those below: what chance gives comes in every size, what was copied stands apart.
_TOP = 0.10
_GAP = 1.75
# So many of the highest scores, or so large a share, may be of copies: they do not tell the decay,
# and are judged by it.
_SPARED, _SPARED_SHARE = 5.0, 0.001
# Scores below this many bits differ by nothing that counts.
_NOTHING = 4.0


@dataclass(frozen=True, slots=True)
class Tail:
    """Scores that chance gives, and their decay beyond the highest of them.

    ``scores`` ascend, without the few highest, which may be of copies; ``reaching[i]`` is how many
    of ``population`` pairs, those few included, score ``scores[i]`` or more. Above ``body``, which
    the share ``share`` of the pairs exceeds, the share that exceeds a score falls by e with every
    ``scale`` bits; a scale of 0 says that nothing is known.
    """

    scores: tuple[float, ...]
    reaching: tuple[float, ...]
    population: float
    body: float = 0.0
    share: float = 0.0
    scale: float = 0.0

    @classmethod
    def of(cls, scored: Sequence[tuple[float, float]]) -> Tail:
        """From scores with the number of pairs that each stands for.

        Scores are information in bits, for which chance has an exponential tail (Karlin and
        Altschul, 1990). Works on one task are no random sequences, so the slowest decay that their
        scores allow is taken. What lies above a gap is no part of it.
        """
        ordered = sorted(scored)
        population = sum(weight for _, weight in ordered)
        by_chance = _below_gap(ordered, population)
        scores = tuple(score for score, _ in by_chance)
        reaching = tuple(accumulate(weight for _, weight in reversed(by_chance)))[::-1]
        spared = max(_SPARED, _SPARED_SHARE * population)
        kept = sum(count > spared for count in reaching)
        scores, reaching = scores[:kept], reaching[:kept]
        found = cls(scores, reaching, population)
        above = [count for count in reaching if count <= (1 - _BODY) * population]
        if not above:
            return found
        first = len(scores) - len(above)
        body = scores[first - 1] if first else 0.0
        share = above[0] / population
        slopes = [
            (score - body) / math.log(above[0] / count)
            for score, count in zip(scores[first:], above, strict=True)
            if score > body and count <= _DEEP * above[0]
        ]
        return cls(scores, reaching, population, body, share, max(slopes, default=0.0))

    def rate(self, score: float) -> float:
        """The share of pairs that reach a score by chance."""
        place = bisect_left(self.scores, score)
        counted = self.reaching[place] if place < len(self.scores) else 0.0
        if counted:
            return counted / self.population
        if not self.scale:
            return 0.0
        decay = math.exp(-(score - self.body) / self.scale)
        return min(self.reaching[-1] / self.population, self.share * decay)

    def reach(self, rate: float) -> float | None:
        """The score above which chance is rarer than a rate; None where nothing is known."""
        if not self.scale or rate <= 0 or not self.scores:
            return None
        enough = [n for n, count in enumerate(self.reaching) if count <= rate * self.population]
        if enough:
            return self.scores[max(0, enough[0] - 1)]
        return max(self.scores[-1], self.body + self.scale * math.log(self.share / rate))


def _below_gap(
    ordered: Sequence[tuple[float, float]], population: float
) -> Sequence[tuple[float, float]]:
    """Scores without those that stand apart at the top: above the widest gap there."""
    reached, best, kept = 0.0, _GAP, len(ordered)
    for place in range(len(ordered) - 1, 0, -1):
        reached += ordered[place][1]
        if reached > _TOP * population:
            break
        ratio = ordered[place][0] / max(ordered[place - 1][0], _NOTHING)
        if ratio >= best:
            best, kept = ratio, place
    return ordered[:kept]
