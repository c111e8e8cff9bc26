"""Weisfeiler-Lehman labels on a value graph, vectorised over a whole repository.

label_0 is the operation; label_k hashes the operation with label_{k-1} of its inputs and their
places, so that label_k stands for the computation down to depth k (Shervashidze et al., 2011).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from codesim.detectors.code.graph import KEYWORD, Ints

DEPTH = 3
Indexes = npt.NDArray[np.signedinteger[Any]]
_FREE_KEYWORD = np.uint64(0xD1B54A32D192ED03)


def mix(values: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """The finaliser of splitmix64: every input bit reaches every output bit."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes and edges of a repository, dead code included; edges grouped by consumer."""

    op: Ints
    name: Ints
    edge_start: Ints
    edge_input: Ints
    edge_place: Ints

    def edges_of(self, nodes: Indexes) -> npt.NDArray[np.int64]:
        """Indexes of the input edges of some nodes, in their order."""
        first = self.edge_start[nodes].astype(np.int64)
        count = self.edge_start[nodes + 1] - first
        if not len(count) or not count.sum():
            return np.zeros(0, dtype=np.int64)
        ends = np.cumsum(count)
        edges: npt.NDArray[np.int64] = np.arange(ends[-1])
        edges += np.repeat(first - (ends - count), count)
        return edges

    def inputs_of(self, nodes: Indexes) -> Ints:
        """Inputs of some nodes, with repetition."""
        return self.edge_input[self.edges_of(nodes)]


class WeisfeilerLehman:
    """One family of labels: the given labels at depth 0, refined three times."""

    def __init__(
        self,
        graph: Graph,
        label: npt.NDArray[np.uint64],
        bits: npt.NDArray[np.float32],
        keyword_hash: npt.NDArray[np.uint64],
        keep_keywords: npt.NDArray[np.bool_],
    ) -> None:
        self._graph = graph
        self._label = label
        self._bits = bits
        counts = graph.edge_start[1:] - graph.edge_start[:-1]
        self._users = np.flatnonzero(counts)
        self._starts = graph.edge_start[self._users]
        place = graph.edge_place
        hashed = mix(place.astype(np.uint64) + np.uint64(77))
        keyword = place >= KEYWORD
        if keyword.any():
            consumer = np.repeat(np.arange(len(counts)), counts)[keyword]
            names = keyword_hash[place[keyword] - KEYWORD]
            hashed[keyword] = np.where(keep_keywords[consumer], names, _FREE_KEYWORD)
        self._place = hashed

    def run(self) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.float32]]:
        """Labels and subtree information, each of shape (depth + 1, nodes)."""
        labels, bits = [self._label], [self._bits]
        for _ in range(DEPTH):
            labels.append(self._refined(labels[-1]))
            bits.append(self._summed(bits[-1]))
        return np.stack(labels), np.stack(bits)

    def _refined(self, previous: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
        refined = self._label.copy()
        if len(self._users):
            edges = mix(previous[self._graph.edge_input] ^ self._place)
            sums = np.add.reduceat(edges, self._starts)
            refined[self._users] = mix(self._label[self._users] + sums)
        return refined

    def _summed(self, previous: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        total = self._bits.copy()
        if len(self._users):
            total[self._users] += np.add.reduceat(previous[self._graph.edge_input], self._starts)
        return total
