"""Words that are one letter away from a usual one and that nobody else writes."""

from __future__ import annotations

from collections.abc import Iterator

from codesim.detectors.leftovers.rarity import Rarity

# Keys beside each other on most keyboards.
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
# A word of a third of all projects is usual.
_USUAL_SHARE = 3
# One letter makes other words of shorter ones.
_LEAST_LETTERS = 6


def is_typo(word: str, rarity: Rarity) -> bool:
    """True for a word absent from the commons that one slip of the fingers makes of a usual one."""
    return bool(usual_word(word, rarity))


def usual_word(word: str, rarity: Rarity) -> str:
    """The most usual word one slip away; empty when there is none.

    A first letter is hardly ever wrong, and other endings are other forms of a word.
    """
    if rarity.commons.problem or len(word) < _LEAST_LETTERS:
        return ""
    if not (word.isascii() and word.isalpha()):
        return ""
    nearby = sorted(set(_slips(word)) - {word})
    counts = rarity.frequencies([("word", other) for other in nearby])
    best = max(zip(counts, nearby, strict=True), key=lambda pair: (pair[0], pair[1]))
    return best[1] if best[0] * _USUAL_SHARE >= rarity.projects else ""


def _slips(word: str) -> Iterator[str]:
    """What was meant, had two letters been swapped, one left out, hit twice, or its neighbour hit.

    These are most slips (Damerau, 1964); other single letters make other words.
    """
    for at in range(1, len(word)):
        head, letter, tail = word[:at], word[at], word[at + 1 :]
        if letter == head[-1]:
            yield head + tail
        if not tail:
            break
        yield head + tail[0] + letter + tail[1:]
        for other in _BESIDE.get(letter, ""):
            yield head + other + tail
        for other in _ALL:
            yield head + other + letter + tail


def _beside() -> dict[str, str]:
    return {
        letter: row[max(0, at - 1) : at] + row[at + 1 : at + 2]
        for row in _ROWS
        for at, letter in enumerate(row)
    }


_BESIDE, _ALL = _beside(), "".join(sorted("".join(_ROWS)))
