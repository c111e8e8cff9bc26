"""Two files beside each other: which lines belong to which match, and what stands in one row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from codesim.report.spans import Span


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of lines that belong to one match, counted from 1, or to none (0)."""

    owner: int
    start: int
    end: int

    @property
    def length(self) -> int:
        return self.end - self.start + 1


@dataclass(frozen=True, slots=True)
class Row:
    """What stands side by side: one match, or (owner 0) what lies between two such matches.

    A segment with an owner in a row of owner 0 is a match whose other side stands elsewhere.
    """

    owner: int
    left: Sequence[Segment]
    right: Sequence[Segment]


def segments(spans: Sequence[Span | None], total: int) -> list[Segment]:
    """The lines 1 to ``total``, each given to the first span that covers it."""
    owners = [0] * (total + 1)
    free = list(range(total + 2))  # free[line]: a line at or after it that may still be free
    for owner, span in enumerate(spans, 1):
        if span is None:
            continue
        line = _next_free(free, span[0])
        while line <= min(span[1], total):
            owners[line] = owner
            free[line] = line + 1
            line = _next_free(free, line)
    return list(_runs(owners))


def _next_free(free: list[int], line: int) -> int:
    line = min(line, len(free) - 1)
    while free[line] != line:
        free[line] = free[free[line]]  # halve the path, so that many overlaps stay cheap
        line = free[line]
    return line


def _runs(owners: list[int]) -> Iterator[Segment]:
    line = 1
    for owner, run in groupby(owners[1:]):
        length = sum(1 for _ in run)
        yield Segment(owner, line, line + length - 1)
        line += length


def rows(left: Sequence[Segment], right: Sequence[Segment]) -> list[Row]:
    """Rows from top to bottom of both files. The matches that keep their order on both sides
    (the heaviest such chain) stand beside each other; the others stand where each side has them.
    """
    found: list[Row] = []
    i = j = 0
    for next_i, next_j in [*_chain(left, right), (len(left), len(right))]:
        if next_i > i or next_j > j:
            found.append(Row(0, left[i:next_i], right[j:next_j]))
        if next_i < len(left):
            owner = left[next_i].owner
            found.append(Row(owner, left[next_i : next_i + 1], right[next_j : next_j + 1]))
        i, j = next_i + 1, next_j + 1
    return found


def _chain(left: Sequence[Segment], right: Sequence[Segment]) -> list[tuple[int, int]]:
    """Indices of the first segments of the heaviest set of matches in the same order."""
    at_right = _first_places(right)
    places = [(i, at_right[o]) for o, i in sorted(_first_places(left).items()) if o in at_right]
    places.sort()
    best: list[int] = []  # weight of the heaviest chain that ends here
    before: list[int] = []
    for index, (i, j) in enumerate(places):
        earlier = [k for k in range(index) if places[k][1] < j]
        previous = max(earlier, key=best.__getitem__, default=-1)
        weight = min(left[i].length, right[j].length)
        best.append(weight + (best[previous] if previous >= 0 else 0))
        before.append(previous)
    chain: list[tuple[int, int]] = []
    at = max(range(len(best)), key=best.__getitem__, default=-1)
    while at >= 0:
        chain.append(places[at])
        at = before[at]
    return chain[::-1]


def _first_places(found: Sequence[Segment]) -> dict[int, int]:
    places: dict[int, int] = {}
    for index, segment in enumerate(found):
        if segment.owner:
            places.setdefault(segment.owner, index)
    return places
