"""A strength promises how seldom chance reaches it; the cohort itself shows what chance reaches."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from codesim.audit.messages import Compared, Found
from codesim.model import Strength

# What each strength promises: the share of pairs of unrelated works that reach it, at most.
_PROMISED = {
    Strength.WEAK: 1 / 20, Strength.MODERATE: 1 / 100, Strength.STRONG: 1 / 1000,
    Strength.VERY_STRONG: 1 / 100_000,
}  # fmt: skip
# Many pairs are many chances: so many false ones may be expected in the whole audit.
_EXPECTED = {Strength.STRONG: 0.1, Strength.VERY_STRONG: 0.01}
# The tail of the scores begins above this share of the sample.
_BODY = 0.75
# The highest score of the sample may be that of a pair that only seems unconnected.
_SPARED = 1


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
    """Scores, by kind and ascending, of pairs of the cohort that nothing connects.

    ``population`` is the number of all pairs that an audit could find. ``leading`` are kinds that
    weigh by the cohort; ``elsewhere`` counts, for every other kind, pairs that reach a strength in
    it while no leading kind is strong in this cohort.
    """

    scores: Mapping[str, tuple[float, ...]]
    least: int
    population: int
    leading: frozenset[str]
    elsewhere: Mapping[tuple[str, Strength], int]

    @classmethod
    def of(
        cls,
        sampled: Sequence[Compared],
        chosen: Sequence[Compared],
        population: int,
        leading: frozenset[str],
        least: int,
    ) -> Chance:
        """From sampled pairs, of which fewer than ``least`` say nothing, and from chosen ones."""
        scores: dict[str, list[float]] = {}
        for each in sampled:
            for found in each.found:
                scores.setdefault(found.kind, []).append(found.score)
        ordered = {kind: tuple(sorted(found)) for kind, found in scores.items()}
        alone = cls(ordered, least, population, leading, {})
        elsewhere: Counter[tuple[str, Strength]] = Counter()
        for each in (*sampled, *chosen):
            if not alone._is_led(each):
                for found in each.found:
                    elsewhere.update((found.kind, s) for s in _PROMISED if raw(found) >= s)
        return cls(ordered, least, population, leading, elsewhere)

    def judged(self, each: Compared) -> tuple[Judged, ...]:
        """What is said of a pair, lowered as far as chance reaches the same in this cohort."""
        led = self._is_led(each)
        return tuple(self._judged(found, led) for found in each.found)

    def _is_led(self, each: Compared) -> bool:
        """Whether a leading kind is strong, also in this cohort."""
        leading = [found for found in each.found if found.kind in self.leading]
        return any(self._judged(found, True).strength >= Strength.STRONG for found in leading)

    def _judged(self, found: Found, led: bool) -> Judged:
        scores = self.scores.get(found.kind, ())
        if len(scores) < self.least:
            return Judged(found, raw(found))
        above = round(bisect_left(scores, found.score) / len(scores), 6)
        rates = [(self._tail(scores, found.score), "score as much by chance")]
        if found.kind not in self.leading:
            # The pair itself is one of them where nothing leading connects it.
            others = self.elsewhere.get((found.kind, raw(found)), 0) - (not led)
            told = "have as much while their code is not strongly alike"
            rates.append((max(0, others) / self.population, told))
        rate, what = max(rates)
        held = min(raw(found), self._allowed(rate))
        expected = f"about {_number(rate * self.population)} {what}"
        of = f"of the {self.population:,} pairs of this cohort"
        note = f"lowered from {raw(found).word}: {of} {expected}"
        return Judged(found, held, note if held < raw(found) else "", above)

    def _tail(self, scores: Sequence[float], score: float) -> float:
        """The share of unrelated pairs that reach a score: counted, and above what was counted by
        the slowest exponential decay that the scores of the sample allow.

        Scores are information in bits, for which chance has an exponential tail (Karlin and
        Altschul, 1990); works on one task are no random sequences, so its rate is taken from them.
        """
        reached = len(scores) - bisect_left(scores, score)
        if reached:
            return reached / len(scores)
        body = scores[int(_BODY * len(scores))]
        tail = [each for each in scores if each > body][::-1][_SPARED:]
        if not tail:
            return 0.0
        count = len(tail) + _SPARED
        scale = max(
            (each - body) / math.log((count + 1) / (rank + _SPARED))
            for rank, each in enumerate(tail, 1)
        )
        share = count / len(scores)
        return min(1 / len(scores), share * math.exp(-(score - body) / scale)) if scale else 0.0

    def _allowed(self, rate: float) -> Strength:
        """The strongest word whose promise holds at a rate of chance, in an audit of this size."""
        kept = [
            strength
            for strength, most in _PROMISED.items()
            if rate <= most and rate * self.population <= _EXPECTED.get(strength, math.inf)
        ]
        return max(kept, default=Strength.NONE)


def raw(found: Found) -> Strength:
    """The strength of a finding as if the pair stood alone."""
    return Strength[found.strength.upper().replace(" ", "_")]


def strength_of(judged: Sequence[Judged]) -> Strength:
    """The strongest kind; kinds are never blended."""
    return max((each.strength for each in judged), default=Strength.NONE)


def _number(value: float) -> str:
    """A count as people say it: 0.3, 4, 120."""
    return f"{value:.1g}" if value < 1 else f"{value:,.0f}"
