"""Code around definitions, in the pieces in which it stands.

The code of a module, or of a class, stands around functions that are units of their own. A match of
it from the first line to the last would show those as matched too.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

import numpy as np

from codesim.detectors.code.graph import Ints
from codesim.detectors.code.matching import UnitMatch, View

Lines = tuple[int, int]  # first and last, or two that stand for each other
_AROUND = ("module", "class")


def pieces(left: View, right: View, found: UnitMatch) -> list[tuple[Lines, Lines]]:
    """The left and right lines of a match, without what stands between its own lines.

    Each piece stands with the one on the other side with which it shares most; own lines that share
    nothing are no piece.
    """
    region = found.region
    ones = _runs(left, found.left, region.left_lines)
    twos = _runs(right, found.right, region.right_lines)
    shared = _shared(_links(left, right, found), ones, twos)
    if len(ones) == len(twos) == 1 or not shared:
        return [(region.left_lines, region.right_lines)]
    best_right: dict[int, int] = {}
    best_left: dict[int, int] = {}
    for a, b in sorted(shared, key=lambda pair: (-len(shared[pair]), pair)):
        best_right.setdefault(a, b)
        best_left.setdefault(b, a)
    joined = sorted({*best_right.items(), *((a, b) for b, a in best_left.items())})
    often = Counter(a for a, _ in joined), Counter(b for _, b in joined)
    # Of a stretch that stands with several, each has the part with which it shares something.
    return [
        (
            _part(shared[a, b], 0) if often[0][a] > 1 else ones[a],
            _part(shared[a, b], 1) if often[1][b] > 1 else twos[b],
        )
        for a, b in joined
    ]


def _part(links: Sequence[Lines], side: int) -> Lines:
    lines = [link[side] for link in links]
    return min(lines), max(lines)


def _runs(view: View, unit: int, lines: Lines) -> list[Lines]:
    """Stretches of ``lines`` that hold words of the unit, cut where other units have lines."""
    profile = view.profile
    if profile.units[unit].role not in _AROUND:
        return [lines]
    own = _token_lines(view, unit, unit + 1, lines)
    first, last = profile.files[int(profile.unit_file[unit])].units
    others = np.setdiff1d(_token_lines(view, first, last, lines), own)
    if not own.size or not others.size:
        return [lines]
    cuts = np.flatnonzero(np.diff(np.searchsorted(others, own))) + 1
    return [(int(part[0]), int(part[-1])) for part in np.split(own, cuts)]


def _token_lines(view: View, first: int, last: int, lines: Lines) -> Ints:
    """Lines, each once, on which the units from ``first`` up to ``last`` have words."""
    tokens = view.profile.tokens
    found = np.unique(tokens.line[tokens.start[first] : tokens.start[last]])
    inside: Ints = found[(found >= lines[0]) & (found <= lines[1])]
    return inside


def _links(left: View, right: View, found: UnitMatch) -> Iterable[tuple[int, int]]:
    """Lines that stand for each other: of word and word where all are the same, or of nodes."""
    region = found.region
    if found.tokens.exact or found.tokens.renamed:
        ones = _all_lines(left, found.left, region.left_lines)
        twos = _all_lines(right, found.right, region.right_lines)
        if len(ones) == len(twos):
            return zip(ones, twos, strict=True)
    one, two = left.side(found.left), right.side(found.right)
    return ((one.lines[a], two.lines[b]) for a, b in region.pairs)


def _all_lines(view: View, unit: int, lines: Lines) -> list[int]:
    """The line of each word of the unit."""
    tokens = view.profile.tokens
    found = tokens.line[tokens.start[unit] : tokens.start[unit + 1]]
    every: list[int] = found[(found >= lines[0]) & (found <= lines[1])].tolist()
    return every


def _shared(
    links: Iterable[Lines], ones: Sequence[Lines], twos: Sequence[Lines]
) -> dict[Lines, list[Lines]]:
    """The links between each two stretches, by their places."""
    starts = [start for start, _ in ones], [start for start, _ in twos]
    shared: dict[Lines, list[Lines]] = defaultdict(list)
    for x, y in links:
        a, b = bisect_right(starts[0], x) - 1, bisect_right(starts[1], y) - 1
        if a >= 0 <= b and x <= ones[a][1] and y <= twos[b][1]:
            shared[a, b].append((x, y))
    return shared
