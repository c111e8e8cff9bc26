"""A deterministic disguise for Python repositories, one level harder than the last.

L0 verbatim; L1 reformatted, comments and docstrings gone; L2 everything that the repository owns
renamed; L3 definitions and independent statements reordered, assignments merged and split,
temporaries, hints and string formats exchanged; L4 dead code and logging, branches and loops
rewritten, definitions extracted, inlined and moved, files split and merged.

Every level keeps what the code computes, as far as that can be told without running it. Nothing is
executed. The same input, level and seed give the same bytes.
"""

from __future__ import annotations

from benchmarks.ladder.disguise import LEVELS, Disguised, disguise

__all__ = ["LEVELS", "Disguised", "disguise"]
