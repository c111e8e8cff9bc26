"""The second pass: what is left over in files that stand together, matched with context.

A small definition alone is no evidence, and a definition full of insertions is no dense run; within
two files that already stand together both are worth a match. What is found here completes the
picture: it covers, and it never adds to the strength.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from codesim.detectors.code.context import contexts
from codesim.detectors.code.filepairs import FileMatch, file_mass
from codesim.detectors.code.leftover import Covered, candidates_left
from codesim.detectors.code.matching import (
    UnitMatch,
    View,
    context_match,
    narrowed_match,
)

# One side of a match must be this much the same, and both sides together (geometric mean) this
# much: inserted code lowers one side only.
_ONE_SIDE = 0.9
_BOTH_SIDES = 0.75
# Less new than this is no reason to touch a match of units that have better partners.
_FURTHER = 0.1
# A match of the first pass with less than this of both units is a passage, and stays one.
_PARTNERS = 0.45
# Of a file that is not matched to this share on one side, what is left over stays apart.
_MOSTLY = 0.75
# What stands in a matched class, or in the same files, is preferred to what does not.
_SAME_CLASS = 0.2
_SAME_NAME = 0.05
# Part of a match that must be new on each side.
_FRESH = 0.5


def completed(left: View, right: View, pairs: Sequence[FileMatch], noise: float) -> list[FileMatch]:
    """The pairs with what context adds to them, and pairs that only context shows.

    ``noise`` is the information below which chance explains a match that stands alone.
    """
    allowed = contexts(left, right, pairs, noise)
    if not allowed:
        return list(pairs)
    state = Covered(left, right, pairs)
    tried = candidates_left(left, right, allowed, state)
    tried |= {
        (match.left, match.right)
        for pair in pairs
        if (pair.left, pair.right) in allowed and not pair.identical
        for match in pair.matches
    }
    found = [
        _Trial.of(left, right, u, v)
        for u, v in sorted(tried)
        if state.is_open(0, u) or state.is_open(1, v)
    ]
    accepted = _assigned([each for each in found if each is not None], state)
    return _merged(left, right, pairs, accepted, state)


@dataclass(frozen=True, slots=True)
class _Trial:
    """A match to consider, the nodes that it would cover, and how much of each unit it is."""

    match: UnitMatch
    nodes: tuple[set[int], set[int]]
    shares: tuple[float, float]

    @staticmethod
    def of(left: View, right: View, u: int, v: int) -> _Trial | None:
        match = context_match(left, right, u, v)
        return None if match is None else _Trial.of_match(left, right, match)

    @staticmethod
    def of_match(left: View, right: View, match: UnitMatch) -> _Trial:
        u, v, region = match.left, match.right, match.region
        return _Trial(
            match,
            (_origins(left, u, region.left), _origins(right, v, region.right)),
            (left.unit_share(u, region.left), right.unit_share(v, region.right)),
        )

    @property
    def alike(self) -> float:
        """How far the two units are the same: geometric mean of both sides."""
        return math.sqrt(self.shares[0] * self.shares[1])


def _origins(view: View, unit: int, nodes: Sequence[int]) -> set[int]:
    first = int(view.profile.unit_start[unit])
    return set(view.nodes.origin[[first + n for n in nodes]].tolist())


def _assigned(trials: Sequence[_Trial], state: Covered) -> list[_Trial]:
    """The trials that hold, partners of the first pass first, then the most alike."""

    def order(trial: _Trial) -> tuple[bool, float, int, int]:
        u, v = trial.match.left, trial.match.right
        names = [s.profile.units[n].name for s, n in zip(state.views, (u, v), strict=True)]
        bonus = _SAME_CLASS * state.same_class(u, v) + _SAME_NAME * (names[0] == names[1])
        return (u, v) not in state.partners, -(trial.alike + bonus), u, v

    accepted = []
    for trial in sorted(trials, key=order):
        if not _holds(trial, state):
            continue
        accepted.append(_narrowed(trial, state))
        u, v = trial.match.left, trial.match.right
        for known, nodes in zip(state.nodes, accepted[-1].nodes, strict=True):
            known |= nodes
        state.met[0].add(u)
        state.met[1].add(v)
    return accepted


def _holds(trial: _Trial, state: Covered) -> bool:
    u, v = trial.match.left, trial.match.right
    fresh = state.fresh(0, trial.nodes[0]), state.fresh(1, trial.nodes[1])
    if (u, v) in state.partners:
        met = u in state.met[0] or v in state.met[1]
        return max(trial.shares) >= _PARTNERS and max(fresh) > _FURTHER * met
    if min(fresh) < _FRESH:
        return False
    if trial.alike >= _BOTH_SIDES:
        return True
    if max(trial.shares) < _ONE_SIDE:
        return False
    strangers = u not in state.met[0] and v not in state.met[1]
    near = trial.alike >= _PARTNERS or state.same_class(u, v)
    return (strangers and near) or state.is_much(trial.nodes)


def _narrowed(trial: _Trial, state: Covered) -> _Trial:
    """What a trial adds, where one of its units is known to be another one for the most part."""
    match = trial.match
    old = state.partners.get((match.left, match.right), [])
    match = replace(match, bits=sum(each.bits for each in old))
    if match.left not in state.met[0] and match.right not in state.met[1]:
        return replace(trial, match=match)
    kept = []
    for side, unit, nodes in (
        (0, match.left, match.region.left),
        (1, match.right, match.region.right),
    ):
        view = state.views[side]
        first = int(view.profile.unit_start[unit])
        before = {n for each in old for n in (each.region.left, each.region.right)[side]}
        kept.append(
            {
                n for n in nodes
                if n in before or int(view.nodes.origin[first + n]) not in state.nodes[side]
            }
        )  # fmt: skip
    narrowed = narrowed_match(*state.views, match, kept[0], kept[1])
    return _Trial.of_match(*state.views, narrowed) if narrowed is not None else trial


def _merged(
    left: View, right: View, pairs: Sequence[FileMatch], accepted: Sequence[_Trial], state: Covered
) -> list[FileMatch]:
    """The pairs with the matches that stand in files which are now matched for the most part."""
    by_files = {(p.left, p.right): replace(p, matches=list(p.matches)) for p in pairs}
    whole = [
        _file_shares(view, nodes) for view, nodes in zip(state.views, state.nodes, strict=True)
    ]
    for trial in accepted:
        match = trial.match
        f = int(left.profile.unit_file[match.left])
        g = int(right.profile.unit_file[match.right])
        if max(whole[0].get(f, 0.0), whole[1].get(g, 0.0)) < _MOSTLY:
            continue
        pair = by_files.setdefault((f, g), FileMatch(f, g))
        pair.matches = [
            m for m in pair.matches if (m.left, m.right) != (match.left, match.right)
        ] + [match]
        pair.left_nodes = pair.left_nodes | trial.nodes[0]
        pair.right_nodes = pair.right_nodes | trial.nodes[1]
    standing = {(pair.left, pair.right) for pair in pairs}
    added = [pair for files, pair in by_files.items() if files not in standing]
    added.sort(key=lambda pair: (-_covered(left, right, pair), pair.left, pair.right))
    return [*(by_files[pair.left, pair.right] for pair in pairs), *added]


def _covered(left: View, right: View, pair: FileMatch) -> float:
    """Information that a pair covers on both sides: its rank, where no match stands alone."""
    return sum(
        float(view.mass[sorted(nodes)].sum())
        for view, nodes in ((left, pair.left_nodes), (right, pair.right_nodes))
    )


def _file_shares(view: View, nodes: set[int]) -> dict[int, float]:
    """Covered share of every file."""
    chosen = sorted(nodes)
    covered: dict[int, float] = defaultdict(float)
    files = view.profile.unit_file[view.nodes.unit[chosen]].tolist()
    for file, mass in zip(files, view.mass[chosen].tolist(), strict=True):
        covered[file] += mass
    return {f: mass / max(file_mass(view, f), 1e-9) for f, mass in covered.items()}
