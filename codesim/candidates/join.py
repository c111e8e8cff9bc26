"""The one seam between those who want candidates and the engines that find them."""

from __future__ import annotations

from codesim.candidates.arrays import join_arrays
from codesim.candidates.nouns import Flags, Pairs, Policy, Rows
from codesim.candidates.ranking import best_partners
from codesim.errors import CodesimError


def candidate_pairs(rows: Rows, old: Flags, policy: Policy, engine: str = "auto") -> Pairs:
    """Pairs that share rare values, the best partners of every document; none of two old ones.

    ``old`` has one flag for each document. ``engine`` is ``numpy`` or ``auto``; every engine gives
    the same pairs. Raises CodesimError for an engine that is not known.
    """
    if engine not in ("auto", "numpy"):
        raise CodesimError(f"--engine {engine} is not known; the engines are: auto, numpy")
    return best_partners(join_arrays(rows, old, policy), policy.keep)
