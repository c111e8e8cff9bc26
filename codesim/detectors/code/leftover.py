"""What the first pass left over: units that are still open, and which of them may be the same."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from codesim.detectors.code.context import Files
from codesim.detectors.code.filepairs import FileMatch
from codesim.detectors.code.matching import UnitMatch, View

# Partners tried per unit, by the operations that both have.
_TRIED = 4
_ALIKE = 0.3
# An operation that so many units have tells them apart no more; it would only cost.
_MAX_UNITS = 400
# A unit of which more than this is covered has found its match.
_DONE = 0.97
# What is only contained in something larger must be more than an idiom, in bits.
_CONTAINED_BITS = 8.0
# A unit of the same class goes before an equally similar one.
_SAME_CLASS = 0.2


class Covered:
    """What is covered on each side, and who is whose partner, while the pass goes on."""

    def __init__(self, left: View, right: View, pairs: Sequence[FileMatch]) -> None:
        self.views = left, right
        self.nodes: tuple[set[int], set[int]] = (set(), set())
        self.partners: dict[tuple[int, int], list[UnitMatch]] = defaultdict(list)
        self.classes: Counter[tuple[Files, str, str]] = Counter()
        for pair in pairs:
            self.nodes[0].update(pair.left_nodes)
            self.nodes[1].update(pair.right_nodes)
            for match in pair.matches:
                self.partners[match.left, match.right].append(match)
                self.classes[self._owners(match.left, match.right)] += 1
        # Units that have a match which says which unit of the other side they are.
        self.met: tuple[set[int], set[int]] = set(), set()

    def _owners(self, u: int, v: int) -> tuple[Files, str, str]:
        left, right = (view.profile for view in self.views)
        files = int(left.unit_file[u]), int(right.unit_file[v])
        return files, _owner(left.units[u].name), _owner(right.units[v].name)

    def same_class(self, u: int, v: int) -> bool:
        """True when other methods of these two classes are partners."""
        return self.classes[self._owners(u, v)] > 0

    def is_open(self, side: int, unit: int) -> bool:
        """True while enough of a unit is left over to look for."""
        view = self.views[side]
        first, last = view.profile.unit_start[unit : unit + 2].tolist()
        total = view.unit_mass(unit)
        known = [n for n in range(first, last) if n in self.nodes[side]]
        return total > 0 and float(view.mass[known].sum()) < _DONE * total

    def is_much(self, nodes: tuple[set[int], set[int]]) -> bool:
        """True when nodes of both sides carry more information than an idiom."""
        sides = zip(self.views, nodes, strict=True)
        least = min(float(view.mass[sorted(each)].sum()) for view, each in sides)
        return least >= _CONTAINED_BITS

    def fresh(self, side: int, nodes: set[int]) -> float:
        """Share of some nodes' information that nothing covers yet."""
        mass = self.views[side].mass
        whole = float(mass[sorted(nodes)].sum())
        new = sorted(nodes - self.nodes[side])
        return float(mass[new].sum()) / whole if whole > 0 else 0.0


def _owner(name: str) -> str:
    return name.rpartition(".")[0]


def candidates_left(
    left: View, right: View, allowed: set[Files], state: Covered
) -> set[tuple[int, int]]:
    """Units left over in allowed files with the units of most operations in common."""
    by_right: dict[int, set[int]] = defaultdict(set)
    for f, g in allowed:
        by_right[g].add(f)
    l_rest = _left_over(left, 0, {f for f, _ in allowed}, state)
    r_rest = _left_over(right, 1, {g for _, g in allowed}, state)
    where: dict[int, list[int]] = defaultdict(list)
    for u, labels in l_rest.items():
        for label in labels:
            where[label].append(u)
    l_size = {u: sum(labels.values()) for u, labels in l_rest.items()}
    scores: dict[tuple[int, int], float] = {}
    for v, labels in r_rest.items():
        files = by_right[int(right.profile.unit_file[v])]
        common: dict[int, float] = defaultdict(float)
        for label, weight in labels.items():
            units = where.get(label, ())
            for u in units if len(units) <= _MAX_UNITS else ():
                common[u] += min(weight, l_rest[u][label])
        size = sum(labels.values())
        for u, weight in common.items():
            alike = weight / math.sqrt(l_size[u] * size)
            if alike >= _ALIKE and int(left.profile.unit_file[u]) in files:
                scores[u, v] = alike + _SAME_CLASS * state.same_class(u, v)
    return _best(scores, 0) | _best(scores, 1)


def _left_over(
    view: View, side: int, files: Iterable[int], state: Covered
) -> dict[int, dict[int, float]]:
    """Operations of every open unit with their information, by label of depth 1."""
    found: dict[int, dict[int, float]] = {}
    for file in sorted(files):
        for unit in range(*view.profile.files[file].units):
            if not state.is_open(side, unit):
                continue
            labels: dict[int, float] = defaultdict(float)
            one = view.side(unit)
            for node in range(one.size):
                labels[one.labels[1][1][node]] += max(one.mass[node], 0.0) or one.free_bits[node]
            if labels:
                found[unit] = labels
    return found


def _best(scores: dict[tuple[int, int], float], side: int) -> set[tuple[int, int]]:
    ranked: dict[int, list[tuple[float, tuple[int, int]]]] = defaultdict(list)
    for units, score in scores.items():
        ranked[units[side]].append((-score, units))
    return {units for rows in ranked.values() for _, units in sorted(rows)[:_TRIED]}
