"""How rare something is, in bits, by what its words are worth among public projects."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np

from codesim.commons import Commons
from codesim.detectors.leftovers import patterns as p
from codesim.detectors.leftovers.commonness import fingerprint, public_words

# Without a table every word counts as one that half of the projects have.
_UNKNOWN_WORD = 2.0
# A word nobody has is rare, but one rare word is no proof: it may be a field's own.
_MOST_PER_WORD = 7.0
_MOST_PER_DIGIT = 3.3
# A sign of a script without spaces carries about this much.
_PER_SIGN = 2.0
_MOST = 40.0


class Rarity:
    """Looks things up in the commons; answers are remembered for one comparison."""

    def __init__(self, commons: Commons | None = None) -> None:
        self.commons = public_words() if commons is None else commons
        self.projects = max(1, len(self.commons.projects))
        self._seen: dict[tuple[str, str], int] = {}

    def frequencies(self, things: Iterable[tuple[str, str]]) -> list[int]:
        """In how many projects each (kind, text) is; 0 for what the table does not hold."""
        asked = list(things)
        new = sorted({thing for thing in asked if thing not in self._seen})
        if new:
            values = np.array([fingerprint(*thing) for thing in new], dtype=np.uint64)
            self._seen.update(zip(new, self.commons.frequency(values).tolist(), strict=True))
        return [self._seen[thing] for thing in asked]

    def is_common(self, kind: str, text: str) -> bool:
        """True for what two or more public projects have."""
        return self.frequencies([(kind, text)])[0] > 0

    def bits(self, text: str) -> float:
        """The information of a text: what each of its words says, each word once."""
        words = sorted(set(words_of(p.URL.sub(" ", text) if "://" in text else text)))
        return min(_MOST, sum(map(self._word_bits, words, self._word_frequencies(words))))

    def _word_frequencies(self, words: Sequence[str]) -> list[int]:
        return self.frequencies([("word", word) for word in words])

    def _word_bits(self, word: str, frequency: int) -> float:
        if word.isdigit():
            return min(_MOST_PER_WORD, _MOST_PER_DIGIT * len(word.strip("0")) / 2)
        if not word.isascii():
            return min(3 * _MOST_PER_WORD, _PER_SIGN * len(word))
        if self.commons.problem:
            return _UNKNOWN_WORD
        usual = 1.0 + math.log2((self.projects + 1) / (frequency + 1))
        # Only words of five letters and more are in the table; short ones are anybody's.
        return min(_MOST_PER_WORD, usual) if len(word) >= 5 else _SHORT[min(len(word), 4)]


# What a word of one to four letters is worth.
_SHORT = (0.0, 0.3, 0.7, 1.2, 1.7)


@lru_cache(maxsize=1 << 16)
def words_of(text: str) -> tuple[str, ...]:
    """The words of a text in small letters."""
    return tuple(word.lower() for word in p.WORD.findall(text))
