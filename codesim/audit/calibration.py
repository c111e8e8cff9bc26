"""A strength promises how seldom chance reaches it; the cohort itself shows what chance reaches."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from codesim.audit.messages import Compared, Found
from codesim.audit.tail import Tail
from codesim.model import Strength

# What each strength promises: the share of pairs of unrelated works that reach it, at most.
_PROMISED = {
    Strength.WEAK: 1 / 20, Strength.MODERATE: 1 / 100, Strength.STRONG: 1 / 1000,
    Strength.VERY_STRONG: 1 / 100_000,
}  # fmt: skip
# Many pairs are many chances: so many false ones may be expected in the whole audit.
_EXPECTED = {Strength.STRONG: 0.1, Strength.VERY_STRONG: 0.01}


@dataclass(frozen=True, slots=True)
class Judged:
    """What one kind of evidence says of a pair, with the strength that holds in this cohort.

    ``above`` is the share of the cohort's pairs that score less by chance, None where that is
    not known.
    """

    found: Found
    strength: Strength
    note: str = ""
    above: float | None = None


@dataclass(frozen=True, slots=True)
class Chance:
    """What chance gives in each kind, learned from the pairs of the cohort itself.

    ``known`` pairs were compared, fewer than ``least`` of which say nothing; ``population`` is the
    number of all pairs that an audit could find. ``leading`` are kinds that weigh by the cohort;
    ``elsewhere`` counts, for every other kind, pairs that reach a strength in it while no leading
    kind is strong in this cohort.
    """

    tails: Mapping[str, Tail]
    known: int
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
        standing: Sequence[float] = (),
    ) -> Chance:
        """From chosen pairs, and from sampled ones, which stand for all others.

        ``standing`` says for how many independent pairs each one counts, chosen ones first; one by
        default.
        """
        others = max(0, population - len(chosen)) / max(1, len(sampled))
        scored: dict[str, list[tuple[float, float]]] = {}
        pairs = (*chosen, *sampled)
        weights = [1.0] * len(chosen) + [max(1.0, others)] * len(sampled)
        for each, weight, share in zip(pairs, weights, standing or [1.0] * len(pairs), strict=True):
            for found in each.found:
                scored.setdefault(found.kind, []).append((found.score, weight * share))
        tails = {kind: Tail.of(found) for kind, found in scored.items()}
        alone = cls(tails, len(chosen) + len(sampled), least, population, leading, {})
        elsewhere: Counter[tuple[str, Strength]] = Counter()
        for each in pairs:
            if not alone._is_led(each):
                for found in each.found:
                    elsewhere.update((found.kind, s) for s in _PROMISED if raw(found) >= s)
        return replace(alone, elsewhere=elsewhere)

    def judged(self, each: Compared) -> tuple[Judged, ...]:
        """What is said of a pair, lowered as far as chance reaches the same in this cohort."""
        led = self._is_led(each)
        return tuple(self._judged(found, led) for found in each.found)

    def _is_led(self, each: Compared) -> bool:
        """Whether a leading kind is strong, also in this cohort."""
        leading = [found for found in each.found if found.kind in self.leading]
        return any(self._judged(found, True).strength >= Strength.STRONG for found in leading)

    def _judged(self, found: Found, led: bool) -> Judged:
        tail = self.tails.get(found.kind)
        if self.known < self.least or tail is None:
            return Judged(found, raw(found))
        rates = [(tail.rate(found.score), "score as much by chance")]
        above = round(1.0 - min(1.0, rates[0][0]), 6)
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

    def steps(self, kind: str) -> dict[str, float]:
        """The score above which each strength can hold in this cohort, where that is known."""
        tail = self.tails.get(kind)
        if tail is None or self.known < self.least:
            return {}
        found = {}
        for strength, most in _PROMISED.items():
            expected = _EXPECTED.get(strength, math.inf) / self.population
            score = tail.reach(min(most, expected))
            if score is not None:
                found[strength.word] = round(score, 2)
        return found

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
