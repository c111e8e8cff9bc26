"""A strength promises how seldom chance reaches it; the cohort itself shows what chance reaches."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from codesim.audit.messages import Compared, Found
from codesim.model import Strength

# What each strength promises, as pairs of unrelated works that reach it, at most.
_PROMISED = {Strength.WEAK: 1 / 20, Strength.MODERATE: 1 / 100, Strength.STRONG: 1 / 1000}


@dataclass(frozen=True, slots=True)
class Judged:
    """What one kind of evidence says of a pair, with the strength that holds in this cohort.

    ``above`` is the share of the sampled pairs that score less, None without a sample.
    """

    found: Found
    strength: Strength
    note: str = ""
    above: float | None = None


@dataclass(frozen=True, slots=True)
class Chance:
    """Scores, by kind and ascending, of pairs of the cohort that nothing connects."""

    scores: Mapping[str, tuple[float, ...]]
    least: int

    @classmethod
    def of(cls, sampled: Sequence[Compared], least: int) -> Chance:
        """The scores of sampled pairs; fewer than ``least`` say nothing."""
        scores: dict[str, list[float]] = {}
        for each in sampled:
            for found in each.found:
                scores.setdefault(found.kind, []).append(found.score)
        return cls({kind: tuple(sorted(found)) for kind, found in scores.items()}, least)

    def judged(self, found: Found) -> Judged:
        """A finding, lowered as far as pairs that nothing connects reach the same score."""
        strength = Strength[found.strength.upper().replace(" ", "_")]
        scores = self.scores.get(found.kind, ())
        if len(scores) < self.least:
            return Judged(found, strength)
        reached = len(scores) - bisect_left(scores, found.score)
        above = round(1.0 - reached / len(scores), 6)
        held = min(strength, _allowed(reached / len(scores)))
        note = ""
        if held < strength:
            note = f"lowered from {strength.word}: {reached} of {len(scores)} sampled pairs of this "
            note += "cohort that nothing connects score as much"
        return Judged(found, held, note, above)


def _allowed(rate: float) -> Strength:
    """The strongest word whose promise a rate of chance keeps."""
    if rate == 0.0:
        return Strength.VERY_STRONG
    kept = [strength for strength, most in _PROMISED.items() if rate <= most]
    return max(kept, default=Strength.NONE)


def strength_of(judged: Sequence[Judged]) -> Strength:
    """The strongest kind; kinds are never blended."""
    return max((each.strength for each in judged), default=Strength.NONE)
