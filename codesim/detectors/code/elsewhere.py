"""Matches that reach into another file, because one side moved a helper there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from codesim.detectors.code.filepairs import FileMatch, files_of, inlined_share
from codesim.detectors.code.matching import UnitMatch, View
from codesim.detectors.code.regions import Region
from codesim.detectors.code.tokenview import token_run

Files = tuple[int, int]


def with_moved_helpers(left: View, right: View, pairs: Sequence[FileMatch]) -> list[FileMatch]:
    """The pairs with what they matched in an inlined helper shown where the helper stands.

    A match that lies almost wholly in a helper is shown there instead of at its call; a helper in
    another file adds a pair with that file.
    """
    by_files = {(pair.left, pair.right): replace(pair, matches=[]) for pair in pairs}
    for pair in pairs:
        shown = by_files[pair.left, pair.right]
        for match in pair.matches:
            reached = list(_reaching(left, right, match))
            if not reached or inlined_share(left, right, match) < _BORROWED:
                shown.matches.append(match)
            for reach in reached:
                _add(left, right, by_files, reach, shown)
    return [pair for pair in by_files.values() if pair.matches and _stands(left, right, pair)]


# Of a match that lies in helpers by this share, the call is not what matched.
_BORROWED = 0.7


def _stands(left: View, right: View, pair: FileMatch) -> bool:
    """False for a pair of which one side has nothing in the file itself."""
    for view, file, nodes in (
        (left, pair.left, pair.left_nodes),
        (right, pair.right, pair.right_nodes),
    ):
        if not any(view.profile.unit_file[view.nodes.unit[n]] == file for n in nodes):
            return False
    return True


def _reaching(left: View, right: View, match: UnitMatch) -> Iterator[UnitMatch]:
    """The parts of a match whose nodes stand for helpers, as matches of those helpers."""
    if not match.region.pairs:
        return
    one, two = left.side(match.left), right.side(match.right)
    groups: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for a, b in match.region.pairs:
        l_origin, r_origin = one.origin[a], two.origin[b]
        units = (int(left.nodes.unit[l_origin]), int(right.nodes.unit[r_origin]))
        if units != (match.left, match.right):
            groups[units].append((l_origin, r_origin))
    for (u, v), pairs in sorted(groups.items()):
        yield _match(left, right, u, v, pairs)


def _match(left: View, right: View, u: int, v: int, pairs: list[tuple[int, int]]) -> UnitMatch:
    l_first, r_first = int(left.profile.unit_start[u]), int(right.profile.unit_start[v])
    inside = tuple(sorted({(a - l_first, b - r_first) for a, b in pairs}))
    l_nodes = tuple(sorted({a for a, _ in inside}))
    r_nodes = tuple(sorted({b for _, b in inside}))
    one, two = left.side(u), right.side(v)
    region = Region(
        score=sum(one.free_bits[a] for a in l_nodes),
        left=l_nodes,
        right=r_nodes,
        left_lines=(min(one.lines[a] for a in l_nodes), max(one.lines[a] for a in l_nodes)),
        right_lines=(min(two.lines[b] for b in r_nodes), max(two.lines[b] for b in r_nodes)),
        pairs=inside,
    )
    tokens = token_run(left.profile, right.profile, u, v, region)
    return UnitMatch(u, v, region, tokens, region.score)


def _add(
    left: View,
    right: View,
    by_files: dict[Files, FileMatch],
    match: UnitMatch,
    shown: FileMatch,
) -> None:
    """Show a match of a helper, unless its file pair shows those lines already."""
    files = files_of(left, right, match)
    pair = by_files.setdefault(files, FileMatch(*files))
    if pair.identical or len(match.region.pairs) < _LEAST_PAIRS:
        return
    l_first = int(left.profile.unit_start[match.left])
    r_first = int(right.profile.unit_start[match.right])
    l_nodes = {l_first + a for a in match.region.left}
    r_nodes = {r_first + b for b in match.region.right}
    known = pair is not shown and l_nodes <= pair.left_nodes and r_nodes <= pair.right_nodes
    if known or any(_same_units(match, other) for other in pair.matches):
        return
    pair.matches.append(match)
    pair.left_nodes |= l_nodes
    pair.right_nodes |= r_nodes


# Fewer pairs than this are a constant or a name.
_LEAST_PAIRS = 3


def _same_units(one: UnitMatch, two: UnitMatch) -> bool:
    return (one.left, one.right) == (two.left, two.right)
