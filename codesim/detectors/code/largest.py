"""The largest units of files with equal bytes: all nodes pair, and none needs to be looked at."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from codesim.detectors.code.matching import (
    UnitMatch,
    View,
    both_bits,
    whole_bits,
    whole_match,
)
from codesim.detectors.code.profile import OWN
from codesim.detectors.code.regions import REPEAT, Region
from codesim.detectors.code.tokenview import token_run

# Lists of the nodes of a unit take about 2 kB for each node. Units of more nodes than this are data
# or made by a program; the largest class body that a person wrote had 6,000 (transformers).
_MANY = 20_000


def equal_match(left: View, right: View, u: int, v: int) -> UnitMatch:
    """The match of two units that stand in files of equal bytes."""
    ours, theirs = _own(left, u), _own(right, v)
    if len(ours) != len(theirs) or len(ours) <= _MANY:
        return whole_match(left, right, u, v)
    first = int(left.profile.unit_start[u])
    nodes = tuple((ours - first).tolist())
    score = _information(left, right, ours, theirs)
    region = Region(
        score=score,
        left=nodes,
        right=tuple((theirs - int(right.profile.unit_start[v])).tolist()),
        left_lines=left.extent(u),
        right_lines=right.extent(v),
        # Every name stands where it stood: nothing that a vote could tell.
        pairs=(),
    )
    run = token_run(left.profile, right.profile, u, v, region)
    bits = max(both_bits(left, right, u, v, score, run), whole_bits(left, u, run))
    return UnitMatch(u, v, region, run, bits)


Indexes = npt.NDArray[np.int64]


def _own(view: View, unit: int) -> Indexes:
    """Nodes of the unit itself, without copies of inlined helpers."""
    first, last = view.profile.unit_start[unit : unit + 2].tolist()
    own: Indexes = first + np.flatnonzero(view.nodes.role[first:last] == OWN)
    return own


def _information(view: View, other: View, nodes: Indexes, twins: Indexes) -> float:
    """Information of nodes that all pair; repetition says less, as in regions."""
    labels = view.nodes.labels
    kept = labels[0, 0, nodes] == other.nodes.labels[0, 0, twins]
    bits = np.where(kept, view.nodes.own_bits[nodes], view.nodes.bits[1, 0, nodes])
    order = np.argsort(labels[1, 1, nodes], kind="stable")
    ranked = labels[1, 1, nodes][order]
    repeats = np.empty(len(nodes), dtype=np.int64)
    repeats[order] = np.arange(len(nodes)) - np.searchsorted(ranked, ranked)
    share = np.where(repeats == 0, 1.0, REPEAT / np.maximum(1, repeats))
    return float((bits * view.weight[nodes] * share).sum())
