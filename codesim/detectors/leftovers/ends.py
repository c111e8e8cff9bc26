"""Paths found by how they end, in time that does not grow with how many end alike."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable


class Ends:
    """An index of paths, read from behind: ``b/c.py`` finds ``a/b/c.py`` and not ``ab/c.py``.

    ``paths`` are (end, path): what is searched, and what is found.
    """

    def __init__(self, paths: Iterable[tuple[str, str]]) -> None:
        self._sorted = sorted((end[::-1] + "/", path) for end, path in paths)

    def first(self, end: str) -> str:
        """A path that ends in these parts, the shortest of its folder first; else empty."""
        wanted = end[::-1] + "/"
        at = bisect_left(self._sorted, (wanted, ""))
        if at < len(self._sorted) and self._sorted[at][0].startswith(wanted):
            return self._sorted[at][1]
        return ""
