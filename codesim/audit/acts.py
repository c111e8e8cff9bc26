"""How many acts of copying stand behind the pairs of a group that hold the same work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from codesim.audit.clusters import components
from codesim.audit.messages import Compared

# Both sides have this share of what is not common in the cohort from the other one.
_SAME = 0.95


def acts(pairs: Sequence[tuple[int, int]], found: Sequence[Compared]) -> list[float]:
    """For how many independent pairs each pair stands, in order.

    Of works that are one and the same, every pair scores as much as the next: n of them came about
    by n - 1 acts and make n(n - 1)/2 pairs, which say nothing more about what chance gives.
    """
    same = [pair for pair, each in zip(pairs, found, strict=True) if _is_same(each)]
    groups = components(same)
    group = {member: number for number, members in enumerate(groups) for member in members}
    inside = [
        group[left] if left in group and group[left] == group.get(right) else None
        for left, right in pairs
    ]
    counts = Counter(number for number in inside if number is not None)
    return [
        1.0 if number is None else (len(groups[number]) - 1) / counts[number] for number in inside
    ]


def _is_same(each: Compared) -> bool:
    shares = [
        share
        for found in each.found
        for share in (found.left_coverage, found.right_coverage)
        if share is not None
    ]
    return bool(shares) and min(shares) >= _SAME
