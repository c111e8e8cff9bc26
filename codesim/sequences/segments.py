"""All maximal scoring runs of a sequence, in linear time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Segment:
    """A half-open run of a sequence and the sum of its scores."""

    first: int
    last: int
    score: float


@dataclass(slots=True)
class _Candidate:
    """A run that may still grow: ``low`` is the sum before it, ``high`` the sum at its end, and
    ``before`` the last earlier candidate with a lower ``low`` (-1 for none).
    """

    first: int
    last: int
    low: float
    high: float
    before: int


def maximal_segments(scores: Sequence[float], least: float) -> list[Segment]:
    """Disjoint runs of maximal sum, left to right, whose sum is at least ``least``.

    Ruzzo and Tompa, "A linear time algorithm for finding all maximal scoring subsequences",
    ISMB 1999.
    """
    stack: list[_Candidate] = []
    total = 0.0
    for at, score in enumerate(scores):
        before = total
        total += score
        if score > 0:
            _push(stack, _Candidate(at, at + 1, before, total, -1))
    return [Segment(c.first, c.last, c.high - c.low) for c in stack if c.high - c.low >= least]


def _push(stack: list[_Candidate], new: _Candidate) -> None:
    """Add a run, merging it with earlier ones as long as that makes a better run."""
    while True:
        found = len(stack) - 1
        # Candidates between a candidate and its ``before`` are no lower than itself.
        while found >= 0 and stack[found].low >= new.low:
            found = stack[found].before
        if found < 0 or stack[found].high >= new.high:
            new.before = found
            stack.append(new)
            return
        new.first, new.low = stack[found].first, stack[found].low
        del stack[found:]
