"""Which documents share rare values: the one join behind an audit and an index."""

from codesim.candidates.join import candidate_pairs
from codesim.candidates.nouns import Pairs, Policy, Rows

__all__ = ["Pairs", "Policy", "Rows", "candidate_pairs"]
