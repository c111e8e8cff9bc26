"""Which files of a large snapshot are read when not all can be."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, takewhile

from codesim.model import Entry


def nearest(
    entries: Sequence[Entry], most_files: int, most_bytes: int, skipped: list[tuple[str, str]]
) -> list[Entry]:
    """The first files within the budget, those nearest the top first; in path order.

    What is left out is added to ``skipped`` as one line.
    """
    ranked = sorted(entries, key=lambda each: (each.path.count("/"), each.path))
    read = accumulate(each.size or 0 for each in ranked)
    within = takewhile(lambda total: total <= most_bytes, read)
    fitting = min(most_files, sum(1 for _ in within))
    if fitting < len(ranked):
        left_out = len(ranked) - fitting
        what = f"{left_out:,} further text file{'s' * (left_out != 1)}"
        reason = f"only the first {fitting:,} files are read, those nearest the top first"
        skipped.append((what, reason))
    return sorted(ranked[:fitting], key=lambda each: each.path)
