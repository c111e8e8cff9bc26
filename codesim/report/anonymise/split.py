"""A text as its words and the humps of its words, which is where a name can begin and end."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

# A run of letters and digits of any script; underscores and everything else stand between.
WORD = re.compile(r"[^\W_]+")
_LONGEST = 200


class Hump(NamedTuple):
    """A part of a word, from ``start`` to before ``end``; ``text`` is in small letters."""

    start: int
    end: int
    text: str


@lru_cache(maxsize=65536)
def humps(word: str) -> tuple[Hump, ...]:
    """The parts of one word: ``MiniTile2B`` is mini, tile, 2, b."""
    if len(word) > _LONGEST:  # data, no name
        return (Hump(0, len(word), word.lower()),)
    cuts = [0, *(n for n in range(1, len(word)) if _is_cut(word, n)), len(word)]
    return tuple(Hump(a, b, word[a:b].lower()) for a, b in pairwise(cuts))


def _is_cut(word: str, at: int) -> bool:
    before, here = word[at - 1], word[at]
    # A fraction is a number and no digit.
    if before.isalpha() != here.isalpha() or before.isdigit() != here.isdigit():
        return True
    if here.isupper():
        # HTMLPage is html, page: the last capital of a run belongs to what follows.
        return not before.isupper() or (at + 1 < len(word) and word[at + 1].islower())
    return False


def plain(text: str) -> str:
    """A name without separators, in small letters: what all ways of writing it have in common."""
    return "".join(part.lower() for part in WORD.findall(text))


def seams(text: str) -> frozenset[int]:
    """Where in ``plain(text)`` a separator stood: {4} of ``John Doe``."""
    ends, at = [], 0
    for part in WORD.findall(text):
        ends.append(at)
        at += len(part.lower())
    return frozenset(ends[1:])
