"""What differs in a match once names are renamed back, and which lines stand for each other.

The words of both sides are linked like a structural diff does it (difftastic; and patience diff,
Cohen 2008, for the lines that anchor it): the right speaks with the names of the left, and layout,
comments and type hints are no words.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from rapidfuzz.distance import LCSseq

from codesim.report.html.highlight import Line
from codesim.report.html.tokens import Token, tokens, word_of
from codesim.report.spans import Span

Link = tuple[int, int]
# A line with fewer words stands in too many places to anchor anything.
_ANCHOR_WORDS = 3
# The longest common subsequence keeps one bit per pair of words: 25 MB.
_MOST_CELLS = 200_000_000
# Below this share of linked words everything would be marked, and marks would say nothing.
_FEWEST_LINKED = 0.35
# So many words in common are no accident, however long the two lines are.
_SURE = 3


@dataclass(frozen=True, slots=True)
class Mark:
    """A word to be marked: ``names`` where it was renamed, ``differs`` where it has no partner."""

    piece: int
    start: int
    end: int
    names: tuple[str, str] | None
    differs: bool


@dataclass(slots=True)
class Canonical:
    """One match: marks by line of either side, and pairs of lines that stand for each other."""

    left: dict[int, list[Mark]] = field(default_factory=lambda: defaultdict(list))
    right: dict[int, list[Mark]] = field(default_factory=lambda: defaultdict(list))
    lines: list[Link] = field(default_factory=list)
    marked: bool = True


class NameMap:
    """The renames of one kind of evidence: left names that a right name may stand for."""

    def __init__(self, renames: Iterable[tuple[str, str, int]]) -> None:
        self._of: dict[str, dict[str, int]] = defaultdict(dict)
        for left, right, votes in renames:
            for one, two in _segments(left, right):
                self._of[two][one] = max(votes, self._of[two].get(one, 0))

    def within(
        self, known: Iterable[tuple[str, str]], left: set[str], right: set[str]
    ) -> dict[str, str]:
        """Left name by right name in one match, of which ``known`` names are certain."""
        found = {two: one for one, two in known if one in left and two in right}
        for two in sorted((right & self._of.keys()) - found.keys() - left):
            here = [(-votes, one) for one, votes in self._of[two].items() if one in left]
            if here:
                found[two] = min(here)[1]
        return found


def _segments(left: str, right: str) -> Iterator[tuple[str, str]]:
    """A renamed template of tensor names, part by part."""
    ones, twos = left.split("."), right.split(".")
    if len(ones) != len(twos):
        ones, twos = [left], [right]
    yield from (pair for pair in zip(ones, twos, strict=True) if pair[0] != pair[1])


def canonical(
    lines: tuple[Sequence[Line], Sequence[Line]],
    spans: tuple[Span, Span],
    names: NameMap,
    known: Iterable[tuple[str, str]],
    python: tuple[bool, bool] = (True, True),
) -> Canonical:
    """Compare the two sides of one match word by word."""
    left, right = (
        tokens(text, *span, hinted) for text, span, hinted in zip(lines, spans, python, strict=True)
    )
    renamed = names.within(known, _names(left), _names(right))
    # Numbers for words: what stands for what must not hang on how a process hashes text.
    numbers: dict[str, int] = {}
    one = [numbers.setdefault(word_of(token), len(numbers)) for token in left]
    back = (renamed.get(token.text) if token.is_name else None for token in right)
    two = [
        numbers.setdefault(name or word_of(token), len(numbers))
        for name, token in zip(back, right, strict=True)
    ]
    links = _supported(left, right, _links(left, right, one, two))
    found = Canonical(lines=_lines(left, right, links))
    found.marked = 2 * len(links) >= _FEWEST_LINKED * (len(left) + len(right))
    _mark(found.left, left, {a for a, _ in links}, {o: (o, t) for t, o in renamed.items()}, found)
    _mark(found.right, right, {b for _, b in links}, {t: (o, t) for t, o in renamed.items()}, found)
    return found


def _names(found: Iterable[Token]) -> set[str]:
    return {token.text for token in found if token.is_name}


def _mark(
    marks: dict[int, list[Mark]],
    found: Sequence[Token],
    linked: set[int],
    renamed: Mapping[str, tuple[str, str]],
    match: Canonical,
) -> None:
    for index, token in enumerate(found):
        names = renamed.get(token.text) if token.is_name else None
        differs = match.marked and index not in linked
        if names or differs:
            mark = Mark(token.piece, token.start, token.end, names, differs)
            marks[token.line].append(mark)


def _links(
    left: Sequence[Token], right: Sequence[Token], one: Sequence[int], two: Sequence[int]
) -> list[Link]:
    """Words that stand for each other, both sides in order."""
    found: list[Link] = []
    a = b = 0
    for start_a, start_b, length in [*_anchors(left, right, one, two), (len(one), len(two), 0)]:
        found += _between(one, two, (a, start_a), (b, start_b))
        found += ((start_a + n, start_b + n) for n in range(length))
        a, b = start_a + length, start_b + length
    return found


def _between(
    one: Sequence[int], two: Sequence[int], left: tuple[int, int], right: tuple[int, int]
) -> Iterator[Link]:
    size_a, size_b = left[1] - left[0], right[1] - right[0]
    if not size_a or not size_b or size_a * size_b > _MOST_CELLS:
        return
    for step in LCSseq.opcodes(one[slice(*left)], two[slice(*right)]):
        if step.tag == "equal":
            for n in range(step.src_end - step.src_start):
                yield left[0] + step.src_start + n, right[0] + step.dest_start + n


def _anchors(
    left: Sequence[Token], right: Sequence[Token], one: Sequence[int], two: Sequence[int]
) -> list[tuple[int, int, int]]:
    """Whole lines that occur once on both sides, the longest chain in order: starts and length."""
    places_a, places_b = _once(left, one), _once(right, two)
    shared = sorted((places_a[words], places_b[words], len(words))
                    for words in places_a.keys() & places_b.keys())  # fmt: skip
    return [shared[index] for index in _rising([place[1] for place in shared])]


def _once(found: Sequence[Token], words: Sequence[int]) -> dict[tuple[int, ...], int]:
    starts = [n for n, token in enumerate(found) if not n or found[n - 1].line != token.line]
    lines = [(tuple(words[a:b]), a) for a, b in pairwise([*starts, len(found)])]
    count = Counter(line for line, _ in lines)
    return {n: at for n, at in lines if count[n] == 1 and len(n) >= _ANCHOR_WORDS}


def _rising(values: Sequence[int]) -> list[int]:
    """Indices of a longest rising subsequence (patience sorting)."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for index, value in enumerate(values):
        at = bisect_left(tails, value)
        before.append(ends[at - 1] if at else -1)
        tails[at : at + 1], ends[at : at + 1] = [value], [index]
    chain: list[int] = []
    at = ends[-1] if ends else -1
    while at >= 0:
        chain.append(at)
        at = before[at]
    return chain[::-1]


def _supported(left: Sequence[Token], right: Sequence[Token], links: Sequence[Link]) -> list[Link]:
    """Without links between lines that have next to nothing else in common."""
    sizes = [Counter(token.line for token in side) for side in (left, right)]
    votes = Counter((left[a].line, right[b].line) for a, b in links)

    def sure(line: int, other: int) -> bool:
        return votes[line, other] >= min(
            _SURE, (sizes[0][line] + 1) // 2, (sizes[1][other] + 1) // 2
        )

    return [(a, b) for a, b in links if sure(left[a].line, right[b].line)]


def _lines(left: Sequence[Token], right: Sequence[Token], links: Sequence[Link]) -> list[Link]:
    """Pairs of lines, each line once and both sides in order, with the most words in common.

    Links are in order, so only neighbours compete: pairs that share a line.
    """
    votes = Counter((left[a].line, right[b].line) for a, b in links)
    places = sorted(votes)
    best: list[tuple[int, int]] = [(0, -1)]  # of the first n places: words, and the last place used
    before: list[int] = []
    for n, (one, two) in enumerate(places):
        free = n
        while free and (places[free - 1][0] == one or places[free - 1][1] == two):
            free -= 1
        before.append(best[free][1])
        words = best[free][0] + votes[one, two]
        best.append(max(best[n], (words, n), key=lambda each: each[0]))
    chain: list[Link] = []
    at = best[-1][1]
    while at >= 0:
        chain.append(places[at])
        at = before[at]
    return chain[::-1]
