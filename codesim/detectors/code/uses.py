"""Uses of values in one unit, by what they do."""

from __future__ import annotations

from collections import defaultdict, deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from codesim.detectors.code.align import Side


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
