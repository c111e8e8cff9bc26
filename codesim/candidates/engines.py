"""One question, several engines: which of them answers, and what each needs."""

from __future__ import annotations

from codesim.candidates.join import joined
from codesim.candidates.rows import Flags, Pairs, Policy, Rows
from codesim.errors import CodesimError


def candidate_pairs(rows: Rows, old: Flags, policy: Policy, engine: str = "auto") -> Pairs:
    """The pairs of documents that share enough rare values, as ``policy`` says.

    ``old`` has one flag per document: two old documents never make a pair, though both count when
    it comes to how many documents have a value. Every engine gives the same pairs, ties included.
    Raises ValueError for rows that are none, CodesimError for an engine that is not known.
    """
    rows.check(len(old))
    if engine not in {"auto", "numpy"}:
        raise CodesimError(f"unknown engine {engine!r}; this version knows: numpy")
    return joined(rows, old, policy)
