"""Matches that stand inside another: module code around the functions, a class around its methods.

What stands inside has lines of its own, and the outer match is shown on the lines around it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from codesim.report.document import FragmentRecord, MatchRecord
from codesim.report.html.shown import MatchView


def is_inside(inner: MatchRecord, outer: MatchRecord) -> bool:
    """Whether both sides of ``inner`` stand in those of ``outer``, and one of them is smaller."""
    sides = ((inner.left, outer.left), (inner.right, outer.right))
    return all(_within(one, two) for one, two in sides) and any(
        (one.start, one.end) != (two.start, two.end) for one, two in sides
    )


def _within(inner: FragmentRecord, outer: FragmentRecord) -> bool:
    if outer.start is None or outer.end is None:
        return True
    if inner.start is None or inner.end is None:
        return False
    return outer.start <= inner.start and inner.end <= outer.end


def size(match: MatchRecord) -> float:
    """Lines that are alike; a whole file is larger than any part of it."""
    return match.similarity * min(_lengths(match)) if match.similarity else 0.0


def _lengths(match: MatchRecord) -> list[float]:
    return [
        float("inf") if part.start is None or part.end is None else part.end - part.start + 1.0
        for part in (match.left, match.right)
    ]


def inner_first(matches: Sequence[MatchView]) -> list[MatchView]:
    """The largest first, but each only after those that stand inside it."""
    by_size = sorted(matches, key=lambda match: (-size(match.record), match.number))
    placed: dict[int, MatchView] = {}
    for match in by_size:
        placed.update((each.number, each) for each in _with_inner(match, by_size, placed))
    return list(placed.values())


def _with_inner(
    match: MatchView, among: Sequence[MatchView], placed: dict[int, MatchView]
) -> Iterator[MatchView]:
    """``match`` after what stands inside it, shortest first, without what is ``placed``."""
    if match.number in placed:
        return
    inner = [each for each in among if is_inside(each.record, match.record)]
    # What stands inside another one of these is shorter than it on one side, and longer on none.
    yield from sorted((each for each in inner if each.number not in placed), key=_extent)
    yield match


def _extent(match: MatchView) -> tuple[float, int]:
    return sum(_lengths(match.record)), match.number
