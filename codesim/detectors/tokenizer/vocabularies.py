"""Two vocabularies: what they share, under which ids, and in which order merges were learnt."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from codesim.detectors.tokenizer.base import Upstream
from codesim.detectors.tokenizer.profile import Vocabulary
from codesim.detectors.tokenizer.recognise import Origin

# Merges beyond this many say nothing new about the order.
_MOST_RANKED = 200_000
# Tokens of one letter stand in the order of bytes or letters everywhere.
_SHORTEST = 2
# Below this share of tokens under the same id, equal ids are those of the first, frequent pieces.
_LEAST_SHARE = 0.3
_LEAST_TOKENS = 50
# Bits per doubling of the tokens beyond the first ten, and what a vocabulary can say at most: it
# may come from a public tokenizer that nobody listed.
_PER_DOUBLING, _UNIT, _MOST_BITS = 4.0, 10, 30.0


@dataclass(frozen=True, slots=True)
class VocabularyFinding:
    """Figures of two vocabularies. ``prefix`` counts the first ids with equal tokens.

    ``unexplained`` counts the tokens under the same id that neither a public tokenizer nor a base
    has; ``possible`` those of the smaller side that could be; ``in_base`` those a base has.
    """

    sizes: tuple[int, int]
    shared: int
    same_id: int
    prefix: int
    unexplained: int
    possible: int
    in_base: int = 0

    @property
    def jaccard(self) -> float:
        """Shared tokens among all of both sides."""
        union = sum(self.sizes) - self.shared
        return self.shared / union if union else 0.0

    @property
    def bits(self) -> float:
        """What the unexplained agreement says."""
        if self.unexplained < max(_LEAST_TOKENS, _LEAST_SHARE * self.possible):
            return 0.0
        return min(_MOST_BITS, _PER_DOUBLING * math.log2(self.unexplained / _UNIT))


@dataclass(frozen=True, slots=True)
class MergeFinding:
    """Figures of two lists of merges; ``tau`` (Kendall) of the shared ones is 1 in one order."""

    sizes: tuple[int, int]
    shared: int
    prefix: int
    tau: float


def compare_vocabularies(
    left: Vocabulary, right: Vocabulary, origins: tuple[Origin, Origin], base: Upstream
) -> VocabularyFinding:
    """What two vocabularies share, beyond what explains it."""
    ours, theirs = left.by_token(), right.by_token()
    shared = [token for token in ours if token in theirs]
    same = [token for token in shared if ours[token] == theirs[token]]
    open_left = _unexplained(ours, origins[0], base)
    open_right = _unexplained(theirs, origins[1], base)
    return VocabularyFinding(
        sizes=(len(ours), len(theirs)),
        shared=len(shared),
        same_id=len(same),
        prefix=_prefix(left, right),
        unexplained=sum(1 for token in same if token in open_left and token in open_right),
        possible=min(len(open_left), len(open_right)),
        in_base=sum(1 for t in same if any(v.get(t) == ours[t] for v in base.vocabularies)),
    )


def compare_merges(left: Sequence[str], right: Sequence[str]) -> MergeFinding:
    """How far two lists of merges agree in order (Kendall's tau over the shared ones)."""
    place = {merge: at for at, merge in enumerate(right[:_MOST_RANKED])}
    places = [place[merge] for merge in dict.fromkeys(left[:_MOST_RANKED]) if merge in place]
    prefix = next(
        (at for at, (a, b) in enumerate(zip(left, right, strict=False)) if a != b),
        min(len(left), len(right)),
    )
    pairs = len(places) * (len(places) - 1) / 2
    tau = 1.0 - 2.0 * _inversions(places) / pairs if pairs else 1.0
    return MergeFinding((len(left), len(right)), len(places), prefix, tau)


def _unexplained(ids: dict[str, int], origin: Origin, base: Upstream) -> set[str]:
    """Tokens that say something and come from nowhere known."""
    return {
        token
        for token, number in ids.items()
        if len(token.strip("▁ĠĊ# ")) >= _SHORTEST
        and not (token.startswith("<0x") and token.endswith(">"))
        and not origin.explains(number)
        and not any(each.get(token) == number for each in base.vocabularies)
    }


def _prefix(left: Vocabulary, right: Vocabulary) -> int:
    both = zip(left.ids, left.tokens, right.ids, right.tokens, strict=False)
    for at, (number, token, other, partner) in enumerate(both):
        if number != other or token != partner:
            return at
    return min(len(left.ids), len(right.ids))


def _inversions(places: Sequence[int]) -> int:
    """Pairs that stand in the other order, counted bit by bit from the highest.

    Numbers that agree above a bit stand together, in the given order; every one before a zero in
    the bit is a pair in the other order.
    """
    import numpy as np

    values = np.argsort(np.argsort(np.asarray(places, dtype=np.int64), kind="stable"))
    count = 0
    for bit in reversed(range(len(values).bit_length())):
        ones = (values >> bit) & 1
        before = np.cumsum(ones)
        groups = values >> (bit + 1)
        starts = np.flatnonzero(np.r_[True, groups[1:] != groups[:-1]])
        offsets = np.repeat(before[starts] - ones[starts], np.diff(np.r_[starts, len(values)]))
        count += int((before - offsets)[ones == 0].sum())
        values = values[np.argsort(values >> bit, kind="stable")]
    return count
