"""Two files beside each other: which lines belong to which match, and what stands in one row."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
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


class Unshown:
    """The lines on one side of matches that have no row."""

    def __init__(self, spans: Iterable[Span | None]) -> None:
        known = [span for span in spans if span]
        self._starts = sorted(start for start, _ in known)
        self._ends = sorted(end for _, end in known)

    def within(self, segment: Segment) -> int:
        """How many of them have lines in ``segment``."""
        return bisect_right(self._starts, segment.end) - bisect_left(self._ends, segment.start)


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


Links = Callable[[int], Sequence[tuple[int, int]]]


def _unlinked(_: int) -> Sequence[tuple[int, int]]:
    return ()


def rows(left: Sequence[Segment], right: Sequence[Segment], links: Links = _unlinked) -> list[Row]:
    """Rows from top to bottom of both files. The matches that keep their order on both sides
    (the heaviest such chain) stand beside each other; the others stand where each side has them.
    ``links`` are, for a match in several segments, the lines that stand for each other.
    """
    found: list[Row] = []
    i = j = 0
    for next_i, next_j in [*_chain(left, right, links), (len(left), len(right))]:
        if next_i > i or next_j > j:
            found.append(Row(0, left[i:next_i], right[j:next_j]))
        if next_i < len(left):
            owner = left[next_i].owner
            found.append(Row(owner, left[next_i : next_i + 1], right[next_j : next_j + 1]))
        i, j = next_i + 1, next_j + 1
    return found


def _chain(
    left: Sequence[Segment], right: Sequence[Segment], links: Links
) -> list[tuple[int, int]]:
    """Indices of the segments of the heaviest set of matches in the same order."""
    places = sorted(_places(left, right, links))
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


def _places(
    left: Sequence[Segment], right: Sequence[Segment], links: Links
) -> Iterator[tuple[int, int]]:
    """Indices of segments that stand for each other, at most one for each on the left."""
    ones, twos = _by_owner(left), _by_owner(right)
    for owner in sorted(ones.keys() & twos.keys()):
        here, there = ones[owner], twos[owner]
        several = len(here) > 1 or len(there) > 1
        linked = _linked([left[i] for i in here], [right[j] for j in there], links, several)
        yield from ((here[a], there[b]) for a, b in linked)


def _linked(
    left: Sequence[Segment], right: Sequence[Segment], links: Links, several: bool
) -> list[tuple[int, int]]:
    """For each segment the one with which it shares most; of those that share none, the first."""
    starts = [segment.start for segment in left], [segment.start for segment in right]
    shared: Counter[tuple[int, int]] = Counter()
    for x, y in links(left[0].owner) if several else ():
        a, b = bisect_right(starts[0], x) - 1, bisect_right(starts[1], y) - 1
        if a >= 0 <= b and x <= left[a].end and y <= right[b].end:
            shared[a, b] += 1
    best: dict[int, int] = {}
    for a, b in sorted(shared, key=lambda pair: (-shared[pair], pair)):
        best.setdefault(a, b)
    return list(best.items()) or [(0, 0)]


def _by_owner(found: Sequence[Segment]) -> dict[int, list[int]]:
    places: dict[int, list[int]] = defaultdict(list)
    for index, segment in enumerate(found):
        if segment.owner:
            places[segment.owner].append(index)
    return places
