"""Which of many documents share rare fingerprints: rows in, candidate pairs out, on any engine.

A document is a number here, and so are a kind of evidence and a fingerprint; this package knows
no file and no report.
"""

from codesim.candidates.connections import check_engine
from codesim.candidates.engines import candidate_pairs, stored_pairs
from codesim.candidates.rows import Pairs, Policy, Rows

__all__ = ["Pairs", "Policy", "Rows", "candidate_pairs", "check_engine", "stored_pairs"]
