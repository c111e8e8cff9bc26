"""Figures and fixed words as people read them, the same in every format."""

from __future__ import annotations

from collections import Counter

from codesim.report.document import PairRecord, StrengthWord
from codesim.report.spans import Span, own_lengths
from codesim.text import figures

NOT_PROOF = "Similarity is evidence for a person to judge, not proof of copying."
COVERED_MEANS = "Percentages weigh rare code more; lines are counted plainly."
# Of a match without lines: the file as a whole, or a part of it that lines do not tell.
WHOLE_FILE, NO_LINES = "whole file", "not by line"
MOST_TELLING = "Matching files, most telling first"

STRENGTHS: tuple[StrengthWord, ...] = ("none", "weak", "moderate", "strong", "very strong")

CLONE_WORDS = {1: "exact", 2: "renamed", 3: "edited", 4: "restructured"}
CLONE_MEANINGS = {
    1: "the same but for layout and comments",
    2: "the same once names are renamed back",
    3: "statements added, removed or changed",
    4: "written differently, computes the same",
}


# The sentence of a detector and the bar beside it have one rule.
percent = figures.percent


def count(number: int, noun: str, plural: str | None = None) -> str:
    """``1 file``, ``1,204 files``."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def extent(pair: PairRecord, left: int, right: int) -> str:
    """How much of both files is matched: ``12 / 9`` lines, or what there is instead of lines."""
    if left or right or not pair.matches:
        return f"{left:,} / {right:,}"
    whole = any(match.left.label in ("", WHOLE_FILE) for match in pair.matches)
    return WHOLE_FILE if whole else NO_LINES


def disguise(pair: PairRecord) -> str:
    """The word for how most of the matched lines of a pair are alike; empty without matches.

    A line counts for the smallest match around it, so that module code is not taken for the
    functions that stand in it.
    """
    if not pair.matches:
        return ""
    weights: Counter[int] = Counter()
    spans: list[Span] = []
    kinds: list[int] = []
    for match in pair.matches:
        start, end = match.left.start, match.left.end
        if start is None or end is None:
            weights[match.clone_type] += 1
        else:
            spans.append((start, max(start, end)))
            kinds.append(match.clone_type)
    for kind, lines in zip(kinds, own_lengths(spans), strict=True):
        weights[kind] += lines
    return CLONE_WORDS[min(weights, key=lambda kind: (-weights[kind], kind))]
