"""From paired nodes to matched regions: dense runs on both sides, scored like local alignments.

A paired node adds its information, an unpaired live node takes some away; what counts is the best
run on the left and, among its partners, the best run on the right. Scattered idioms, which any two
programs share, never make a run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from codesim.detectors.code.align import Pairing, align
from codesim.detectors.code.profile import HELPER, OWN
from codesim.detectors.code.side import Side
from codesim.sequences import maximal_segments

# Penalty for an unpaired node, as a share of its information (a local alignment's gap cost).
_GAP = 0.8
# The n-th repetition of one operation on the same kind of inputs says less than the first.
REPEAT = 0.5
_SURE = 0.8
# Units of which this share is one run on both sides are one and the same definition.
_MOSTLY = 0.5


@dataclass(frozen=True, slots=True)
class Region:
    """A dense run of paired nodes. ``score`` is in bits; nodes are indexes inside the units.

    ``pairs`` holds the (left node, right node) of the run that are sure enough to vote for renames.
    """

    score: float
    left: tuple[int, ...]
    right: tuple[int, ...]
    left_lines: tuple[int, int]
    right_lines: tuple[int, int]
    pairs: tuple[tuple[int, int], ...]


def regions(left: Side, right: Side, least: float) -> list[Region]:
    """Matched regions of two units whose score is at least ``least`` bits, best first.

    The pairing starts from the smaller unit whichever side it is on, so that exchanging the sides
    exchanges the result and changes nothing else.
    """
    if (right.size, right.labels[0][1]) < (left.size, left.labels[0][1]):
        return [_swapped(region) for region in _directed(right, left, least)]
    return _directed(left, right, least)


def in_context(left: Side, right: Side) -> Region | None:
    """Everything that pairs between two units which are taken for the same, dense or not."""
    if (right.size, right.labels[0][1]) < (left.size, left.labels[0][1]):
        found = in_context(right, left)
        return None if found is None else _swapped(found)
    pairing = align(left, right, related=True)
    _drop_helpers(left, right, pairing)
    pairs = [pair for pair in sorted(pairing.partner.items()) if _counts(left, right, pair)]
    if not pairs:
        return None
    score = sum(_evidence(left, right, pairing).values())
    return _of_pairs(left, right, pairing, pairs, score)


def narrowed(
    left: Side, right: Side, region: Region, l_kept: set[int], r_kept: set[int]
) -> Region | None:
    """A region reduced to some of its nodes; None where one side has none left."""
    l_nodes = tuple(n for n in region.left if n in l_kept)
    r_nodes = tuple(n for n in region.right if n in r_kept)
    if not l_nodes or not r_nodes:
        return None
    return replace(
        region,
        left=l_nodes,
        right=r_nodes,
        left_lines=_lines(left, l_nodes),
        right_lines=_lines(right, r_nodes),
        pairs=tuple((a, b) for a, b in region.pairs if a in l_kept and b in r_kept),
    )


def _drop_helpers(left: Side, right: Side, pairing: Pairing) -> None:
    """Two helpers are compared where they stand, not where they are called."""
    for a in [a for a, b in pairing.partner.items() if left.role[a] == right.role[b] == HELPER]:
        del pairing.partner[a]


def _swapped(region: Region) -> Region:
    return Region(
        score=region.score,
        left=region.right,
        right=region.left,
        left_lines=region.right_lines,
        right_lines=region.left_lines,
        pairs=tuple(sorted((b, a) for a, b in region.pairs)),
    )


def _directed(left: Side, right: Side, least: float) -> list[Region]:
    pairing = align(left, right)
    _drop_helpers(left, right, pairing)
    if not pairing.partner:
        return []
    left_bits = _evidence(left, right, pairing)
    right_bits: dict[int, float] = {}
    for a, b in pairing.partner.items():
        right_bits[b] = max(right_bits.get(b, 0.0), left_bits[a])
    found = []
    for nodes, score in _runs(left, left_bits, least):
        region = _region(left, right, pairing, right_bits, nodes, score)
        if region is not None and region.score >= least:
            found.append(region)
    found.sort(key=lambda r: (-r.score, r.left_lines))
    if found and _share(left, found[0].left) >= _MOSTLY <= _share(right, found[0].right):
        return [_completed(left, right, pairing, found[0])]
    return found


def _share(side: Side, nodes: tuple[int, ...]) -> float:
    total = sum(side.mass)
    return sum(side.mass[n] for n in nodes) / total if total > 0 else 0.0


def _completed(left: Side, right: Side, pairing: Pairing, best: Region) -> Region:
    """Between units that mostly agree, whatever pairs outside the best run belongs to it."""
    pairs = [pair for pair in sorted(pairing.partner.items()) if _counts(left, right, pair)]
    return _of_pairs(left, right, pairing, pairs, best.score)


def _of_pairs(
    left: Side, right: Side, pairing: Pairing, pairs: Sequence[tuple[int, int]], score: float
) -> Region:
    l_nodes = tuple(a for a, _ in pairs)
    r_nodes = tuple(sorted({b for _, b in pairs}))
    return Region(
        score=score,
        left=l_nodes,
        right=r_nodes,
        left_lines=_lines(left, l_nodes),
        right_lines=_lines(right, r_nodes),
        pairs=tuple(pair for pair in pairs if pairing.trust[pair[0]] >= _SURE),
    )


def _region(
    left: Side,
    right: Side,
    pairing: Pairing,
    right_bits: dict[int, float],
    nodes: list[int],
    score: float,
) -> Region | None:
    partners = {pairing.partner[a] for a in nodes if a in pairing.partner}
    runs = _runs(right, {b: right_bits[b] for b in partners}, 0.0)
    if not runs:
        return None
    best_nodes, best = max(runs, key=lambda run: run[1])
    inside = set(best_nodes)
    pairs = tuple(
        (a, pairing.partner[a])
        for a in nodes
        if pairing.partner.get(a, -1) in inside and _counts(left, right, (a, pairing.partner[a]))
    )
    if not pairs:
        return None
    return _of_pairs(left, right, pairing, pairs, min(score, best))


def whole(
    left: Side, right: Side, left_lines: tuple[int, int], right_lines: tuple[int, int]
) -> Region:
    """The region of two units that are the same throughout: every node pairs with its twin."""
    l_own, r_own = left.own, right.own
    nodes = dict(zip(l_own, r_own, strict=False))
    kept = {a: left.labels[0][0][a] == right.labels[0][0][b] for a, b in nodes.items()}
    bits = _evidence(left, right, Pairing(nodes, dict.fromkeys(nodes, 1.0), kept))
    return Region(
        score=sum(bits.values()),
        left=l_own,
        right=r_own,
        left_lines=left_lines,
        right_lines=right_lines,
        pairs=tuple(nodes.items()),
    )


def widened(left: Side, right: Side, region: Region) -> Region:
    """A region whose tokens are equal covers every node on its lines."""
    return replace(
        region,
        left=between(left, region.left_lines),
        right=between(right, region.right_lines),
    )


def between(side: Side, lines: tuple[int, int]) -> tuple[int, ...]:
    """The nodes of the unit itself that stand on some lines."""
    return tuple(
        n for n in range(side.size) if side.role[n] == OWN and lines[0] <= side.lines[n] <= lines[1]
    )


def _counts(left: Side, right: Side, pair: tuple[int, int]) -> bool:
    """False for a pair that a base explains on either side."""
    return not (left.aside[pair[0]] or right.aside[pair[1]])


def _lines(side: Side, nodes: tuple[int, ...]) -> tuple[int, int]:
    lines = [side.lines[n] for n in nodes]
    return min(lines), max(lines)


def _evidence(left: Side, right: Side, pairing: Pairing) -> dict[int, float]:
    """Information that each pair adds, in bits."""
    seen: dict[int, int] = {}
    used: set[int] = set()
    counted: set[int] = set()
    found: dict[int, float] = {}
    for a in sorted(pairing.partner, key=lambda n: (left.role[n], n)):
        b = pairing.partner[a]
        if left.origin[a] in counted:
            found[a] = 0.0
            continue
        counted.add(left.origin[a])
        label = left.labels[1][1][a]
        repeats = seen[label] = seen.get(label, 0) + 1
        bits = left.own_bits[a] if pairing.kept[a] else left.free_bits[a]
        weight = pairing.trust[a] * (1.0 if repeats == 1 else REPEAT / (repeats - 1))
        if right.origin[b] in used:
            weight *= 0.25
        used.add(right.origin[b])
        found[a] = bits * weight
    return found


def _runs(side: Side, bits: dict[int, float], least: float) -> list[tuple[list[int], float]]:
    """Maximal runs in line order, with their scores."""
    order = sorted(range(side.size), key=lambda n: (side.lines[n], n))
    scores = [bits[n] if n in bits else -_GAP * side.mass[n] for n in order]
    return [
        ([n for n in order[run.first : run.last] if n in bits], run.score)
        for run in maximal_segments(scores, least)
    ]
