"""Unit matches gathered into file pairs, each position counted once per side."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

import numpy as np

from codesim.detectors.code.matching import UnitMatch, View, pair_matches
from codesim.detectors.code.profile import HELPER

# Between files that already share this much beyond noise, plainer matches count too.
_CONTEXT_BITS = 12.0
_SMALL_LEAST = 1.5
_SMALL_SHARE = 0.6
# A file that was split or merged has a few partners; one like a whole library has hundreds.
_PARTNERS = 8
_MAX_SMALL = 120
# A match must bring this share of its mass anew on one side, or this many bits: what was matched
# before is not counted again.
_FRESH = 0.5
_FRESH_BITS = 8.0
# A class body with this much of its own says itself which class it is.
_OWN_BITS = 16.0
# Beyond this share in inlined helpers a match waits until definitions have found their own.
_BORROWED = 0.3


@dataclass(slots=True)
class FileMatch:
    """Accepted matches of one file pair and the nodes they cover on each side."""

    left: int
    right: int
    matches: list[UnitMatch] = field(default_factory=list)
    left_nodes: set[int] = field(default_factory=set)
    right_nodes: set[int] = field(default_factory=set)
    identical: bool = False
    noise: float = 0.0

    @property
    def bits(self) -> float:
        """Information of all accepted matches."""
        return sum(match.bits for match in self.matches)

    @property
    def excess(self) -> float:
        """Information beyond what chance explains, in bits."""
        return sum(max(0.0, match.bits - self.noise) for match in self.matches)


def file_matches(
    left: View,
    right: View,
    found: Iterable[UnitMatch],
    noise: float,
    same: Sequence[FileMatch] = (),
) -> list[FileMatch]:
    """File pairs with their accepted matches, the most informative first.

    ``same`` are pairs found before; ``noise`` is the information below which chance explains a
    match that stands alone.
    """
    by_files: dict[tuple[int, int], list[UnitMatch]] = defaultdict(list)
    for match in found:
        by_files[files_of(left, right, match)].append(match)
    votes = {files: sum(m.bits for m in matches) for files, matches in by_files.items()}
    gathered = [
        _gather(left, right, FileMatch(*files, noise=noise), matches)
        for files, matches in sorted(by_files.items(), key=lambda item: (-votes[item[0]], item[0]))
    ]
    convincing = [pair for pair in gathered if pair.excess > 0]
    company = _company(convincing)
    for pair in convincing:
        if (pair.left, pair.right) in company:
            _add_small_units(left, right, pair)
        elif pair.excess < _CONTEXT_BITS:
            _keep_strong(left, right, pair)
    for pair in convincing:
        _settle_classes(left, right, pair)
    convincing.extend(pair for pair in same if pair.matches)
    convincing.sort(key=lambda pair: (-pair.excess, -pair.bits, pair.left, pair.right))
    return convincing


def _company(pairs: Sequence[FileMatch]) -> set[tuple[int, int]]:
    """File pairs that are worth looking through: convincing, and among the best of both files."""
    met: Counter[tuple[int, int]] = Counter()
    found = set()
    for pair in sorted(pairs, key=lambda p: (-p.excess, p.left, p.right)):
        if pair.excess < _CONTEXT_BITS:
            continue
        if max(met[0, pair.left], met[1, pair.right]) < _PARTNERS:
            found.add((pair.left, pair.right))
        met[0, pair.left] += 1
        met[1, pair.right] += 1
    return found


def _keep_strong(left: View, right: View, pair: FileMatch) -> None:
    kept = [match for match in pair.matches if match.bits >= pair.noise]
    pair.matches, pair.left_nodes, pair.right_nodes = [], set(), set()
    for match in kept:
        _accept(left, right, pair, match)


def _settle_classes(left: View, right: View, pair: FileMatch) -> None:
    """Drop class headers that pair with another class than their methods do.

    ``class X(nn.Module)`` is the same line in every file; the methods say which class is which.
    """
    owners: Counter[tuple[str, str]] = Counter()
    for match in pair.matches:
        one, two = left.profile.units[match.left], right.profile.units[match.right]
        if one.role == two.role == "method":
            owners[one.name.rpartition(".")[0], two.name.rpartition(".")[0]] += 1
    best: dict[tuple[int, str], tuple[int, str]] = {}
    for (old, new), count in sorted(owners.items()):
        best[0, old] = max(best.get((0, old), (0, "")), (count, new))
        best[1, new] = max(best.get((1, new), (0, "")), (count, old))

    def belongs(match: UnitMatch) -> bool:
        one, two = left.profile.units[match.left], right.profile.units[match.right]
        if not one.role == two.role == "class" or match.bits >= _OWN_BITS:
            return True
        return (
            best.get((0, one.name), (0, two.name))[1] == two.name
            and best.get((1, two.name), (0, one.name))[1] == one.name
        )

    pair.matches = [match for match in pair.matches if belongs(match)]


def _gather(left: View, right: View, pair: FileMatch, matches: list[UnitMatch]) -> FileMatch:
    # Definitions that stand on both sides pair with each other before an inlined helper does.
    def order(match: UnitMatch) -> tuple[bool, float, int, int]:
        borrowed = inlined_share(left, right, match) > _BORROWED
        return borrowed, -match.bits, match.left, match.right

    for match in sorted(matches, key=order):
        _accept(left, right, pair, match)
    return pair


def files_of(left: View, right: View, match: UnitMatch) -> tuple[int, int]:
    """The files that the two units of a match stand in."""
    return int(left.profile.unit_file[match.left]), int(right.profile.unit_file[match.right])


def inlined_share(left: View, right: View, match: UnitMatch) -> float:
    """Share of a match's pairs that lie in helpers which one side inlined."""
    one, two = left.side(match.left), right.side(match.right)
    pairs = match.region.pairs
    inlined = sum(one.role[a] == HELPER or two.role[b] == HELPER for a, b in pairs)
    return inlined / len(pairs) if pairs else 0.0


def _accept(left: View, right: View, pair: FileMatch, match: UnitMatch, both: bool = False) -> bool:
    l_nodes, r_nodes = _nodes(left, right, match)
    l_fresh = _fresh(left, l_nodes, pair.left_nodes)
    r_fresh = _fresh(right, r_nodes, pair.right_nodes)
    fresh = min(l_fresh, r_fresh) if both else max(l_fresh, r_fresh)
    if fresh < _FRESH and (both or fresh * match.bits < _FRESH_BITS):
        return False
    # What an earlier match said already is not evidence a second time.
    pair.matches.append(replace(match, bits=match.bits * fresh))
    pair.left_nodes |= l_nodes
    pair.right_nodes |= r_nodes
    return True


def _fresh(view: View, nodes: set[int], known: set[int]) -> float:
    """Share of some nodes' information that no earlier match covers."""
    whole = _mass(view, nodes)
    return _mass(view, nodes - known) / whole if whole > 0 else 0.0


def _nodes(left: View, right: View, match: UnitMatch) -> tuple[set[int], set[int]]:
    l_first = int(left.profile.unit_start[match.left])
    r_first = int(right.profile.unit_start[match.right])
    l_origin, r_origin = left.nodes.origin, right.nodes.origin
    return (
        {int(l_origin[l_first + n]) for n in match.region.left},
        {int(r_origin[r_first + n]) for n in match.region.right},
    )


def _mass(view: View, nodes: set[int]) -> float:
    return float(view.mass[sorted(nodes)].sum()) if nodes else 0.0


def _add_small_units(left: View, right: View, pair: FileMatch) -> None:
    """Compare what is left of two files that mostly agree: what stands together moves together."""
    l_units = _unmatched(left, pair.left, {m.left for m in pair.matches})
    r_units = _unmatched(right, pair.right, {m.right for m in pair.matches})
    if not l_units or not r_units:
        return
    found: list[UnitMatch] = []
    for u in l_units:
        for v in r_units:
            if not _alike(left, right, u, v):
                continue
            for match in pair_matches(left, right, u, v, _SMALL_LEAST):
                if (
                    left.unit_share(u, match.region.left) >= _SMALL_SHARE
                    and right.unit_share(v, match.region.right) >= _SMALL_SHARE
                ):
                    found.append(match)
    for match in sorted(found, key=lambda m: (-m.bits, abs(m.left - m.right), m.left, m.right)):
        _accept(left, right, pair, match, both=True)


def _unmatched(view: View, file: int, matched: set[int]) -> list[int]:
    first, last = view.profile.files[file].units
    units = (u for u in range(first, last) if u not in matched and view.side(u).size)
    # Of what is set aside as a whole no share can match.
    return [u for u in islice(units, _MAX_SMALL) if view.unit_mass(u) > 0]


def _alike(left: View, right: View, u: int, v: int) -> bool:
    """True when two units are of a size and share some label, so that they can match at all."""
    small, large = sorted((left.unit_mass(u), right.unit_mass(v)))
    if small < _SMALL_SHARE * large * _SMALL_SHARE:
        return False
    return not left.side(u).plain.isdisjoint(right.side(v).plain)


def file_mass(view: View, file: int) -> float:
    """Information of one file that is not set aside, in bits."""
    first, last = view.profile.files[file].units
    span = slice(int(view.profile.unit_start[first]), int(view.profile.unit_start[last]))
    return float(view.mass[span].sum())


def covered_share(view: View, nodes: Iterable[int]) -> float:
    """Share of a side's mass that some match covers."""
    total = float(view.mass.sum())
    chosen = np.fromiter(nodes, dtype=np.int64)
    return float(view.mass[chosen].sum()) / total if total > 0 and len(chosen) else 0.0
