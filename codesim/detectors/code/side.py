"""One unit as plain lists, for alignment: its nodes, and the uses of each of its values."""

from __future__ import annotations

from collections import defaultdict, deque
from functools import cached_property

import numpy as np

from codesim.commons.cohort import Weights
from codesim.detectors.code.profile import OWN, Nodes


class Side:
    """One unit's nodes as plain lists, read once per unit."""

    def __init__(self, nodes: Nodes, first: int, last: int, weight: Weights | None = None) -> None:
        self.first, self.last = first, last
        span = slice(first, last)
        self.labels = nodes.labels[:, :, span].tolist()
        self.bits = nodes.bits[:, :, span].tolist()
        self.lines = nodes.line[span].tolist()
        scale = weight[span] if weight is not None else np.ones(last - first)
        self.mass = (nodes.mass[span] * scale).tolist()
        self.own_bits = (nodes.own_bits[span] * scale).tolist()
        self.free_bits = (nodes.bits[1, 0, span] * scale).tolist()
        # Nodes that a base explains: they pair, but they are no part of any match.
        self.aside = (scale == 0.0).tolist()
        self.role = nodes.role[span].tolist()
        self.origin = nodes.origin[span].tolist()
        starts = nodes.edge_start[first : last + 1]
        low = int(starts[0])
        places = nodes.edge_place[low : int(starts[-1])].tolist()
        inputs = nodes.edge_input[low : int(starts[-1])].tolist()
        bounds = (starts - low).tolist()
        self.inputs = [
            [(places[e], inputs[e] - first) for e in range(bounds[n], bounds[n + 1])]
            for n in range(last - first)
        ]
        self.size = last - first

    @cached_property
    def own(self) -> tuple[int, ...]:
        """Nodes of the unit itself, without copies of inlined helpers."""
        return tuple(n for n in range(self.size) if self.role[n] == OWN)

    @cached_property
    def plain(self) -> frozenset[int]:
        """Labels of depth 1 with free names: two units that share none cannot be aligned."""
        return frozenset(self.labels[1][1])

    @cached_property
    def users(self) -> dict[int, list[int]]:
        """Consumers of each node inside the unit."""
        found: dict[int, list[int]] = defaultdict(list)
        for node, edges in enumerate(self.inputs):
            for _, source in edges:
                if 0 <= source < self.size:
                    found[source].append(node)
        return found


class Uses:
    """Uses of each value by operation, each read past once however often it is asked for."""

    def __init__(self, side: Side, taken: set[int]) -> None:
        self._side = side
        self._taken = taken
        self._queues: dict[int, dict[tuple[int, int], deque[int]]] = {}

    def like(self, left: Side, a: int, source: int) -> int | None:
        """The first free use of ``source`` that does what the left node ``a`` does."""
        found = [self._first(family, source, left.labels[family][0][a]) for family in (0, 1)]
        return min((b for b in found if b is not None), default=None)

    def _first(self, family: int, source: int, label: int) -> int | None:
        queue = self._of(source).get((family, label))
        while queue and queue[0] in self._taken:
            queue.popleft()
        return queue[0] if queue else None

    def _of(self, source: int) -> dict[tuple[int, int], deque[int]]:
        """Uses of one value, looked up when it is first asked for: most never are."""
        found = self._queues.get(source)
        if found is None:
            found = self._queues[source] = defaultdict(deque)
            for node in self._side.users.get(source, ()):
                for family in (0, 1):
                    found[family, self._side.labels[family][0][node]].append(node)
        return found
