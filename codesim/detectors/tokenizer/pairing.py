"""Which tokenizer of the left is compared with which of the right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from codesim.detectors.tokenizer.base import Upstream
from codesim.detectors.tokenizer.finding import Finding, examine
from codesim.detectors.tokenizer.known import expected_anywhere, known
from codesim.detectors.tokenizer.profile import Tokenizer
from codesim.detectors.tokenizer.recognise import origin_of

# Tokens of a vocabulary looked at before two are compared in full.
_SAMPLED = 64


@dataclass(frozen=True, slots=True)
class Sketch:
    """What tells quickly whether two tokenizers are alike."""

    contents: frozenset[str]
    tokens: frozenset[tuple[str, int | None]]
    vocabulary: frozenset[tuple[str, int]]


def findings(
    left: Sequence[Tokenizer], right: Sequence[Tokenizer], base: Upstream, most: int
) -> list[Finding]:
    """One-to-one pairs, the most telling first, at most so many."""
    ours, theirs = [list(map(_sketch, side)) for side in (left, right)]
    ranked = sorted(
        (-_alike(one, two), left[a].folder, right[b].folder, a, b)
        for a, one in enumerate(ours)
        for b, two in enumerate(theirs)
    )
    pairs: list[tuple[int, int]] = []
    for _, _, _, a, b in sorted(ranked, key=_unsided):
        if len(pairs) < most and all(a != x and b != y for x, y in pairs):
            pairs.append((a, b))
    lefts = {a: origin_of(left[a]) for a, _ in pairs}
    rights = {b: origin_of(right[b]) for _, b in pairs}
    found = [examine(left[a], right[b], (lefts[a], rights[b]), base) for a, b in pairs]
    return sorted(found, key=lambda each: (-each.bits, each.left.folder, each.right.folder))


def _unsided(ranked: tuple[float, str, str, int, int]) -> tuple[float, tuple[str, ...]]:
    """An order that stays when the sides are swapped."""
    return ranked[0], tuple(sorted(ranked[1:3]))


def _sketch(tokenizer: Tokenizer) -> Sketch:
    vocabulary = tokenizer.reading.vocabulary
    step = max(1, len(vocabulary.tokens) // _SAMPLED) if vocabulary else 1
    sampled = (
        zip(vocabulary.tokens[::step], vocabulary.ids[::step], strict=True) if vocabulary else ()
    )
    return Sketch(
        contents=frozenset(
            content
            for file in tokenizer.files
            for content in (*file.contents, file.canonical)
            if content
        ),
        tokens=frozenset((special.text, special.id) for special in tokenizer.specials),
        vocabulary=frozenset(sampled),
    )


def _alike(left: Sketch, right: Sketch) -> float:
    """More for equal files, then for tokens of one's own, then for a vocabulary in common."""
    shared = left.tokens & right.tokens
    own = sum(1 for text, number in shared if not _ordinary(text, number))
    overlap = len(left.vocabulary & right.vocabulary) / max(
        1, min(len(left.vocabulary), len(right.vocabulary))
    )
    return 10.0 * len(left.contents & right.contents) + own + overlap + 0.01 * min(len(shared), 50)


def _ordinary(text: str, number: int | None) -> bool:
    return expected_anywhere(text) or (number is not None and bool(known().base_of(text, number)))
