"""Choices that look random and never change."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterable


class Chance(random.Random):
    """A generator seeded by what it is for, so that one pass does not disturb another."""

    def __init__(self, purpose: str, seed: int = 0) -> None:
        digest = hashlib.blake2b(f"{purpose}:{seed}".encode(), digest_size=8).digest()
        super().__init__(int.from_bytes(digest, "big"))

    def often(self, share: float) -> bool:
        """True in about this share of the calls."""
        return self.random() < share


class Fresh:
    """Names that nothing in a file uses yet."""

    _WORDS = ("part", "item", "piece", "entry", "step", "value", "chunk", "node", "cell", "slot")

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = set(taken)
        self._count = 0

    def name(self, word: str = "") -> str:
        """A new name, by a word or by one of a few plain ones."""
        while True:
            stem = word or self._WORDS[self._count % len(self._WORDS)]
            made = f"{stem}_{self._count}" if self._count else stem
            self._count += 1
            if made not in self._taken:
                self._taken.add(made)
                return made
