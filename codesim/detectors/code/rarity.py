"""How rare each node of a profile is among public model code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from codesim.commons import Cohort, Commons
from codesim.commons.cohort import Weights
from codesim.detectors.code.commonness import contents, fingerprints, public_code
from codesim.detectors.code.graph import TEXT
from codesim.detectors.code.names import hash64
from codesim.detectors.code.profile import CodeProfile, Hashes

# A computation in so many independent projects belongs to everybody.
_EVERYBODY = 16.0
# What everybody writes still says a little: that it was written here.
_FLOOR = 0.05
# Depth at which a node is looked up: itself, its inputs and theirs.
_DEPTH = 2
_MIN_BITS = 5.0
# A shorter word is a letter or an abbreviation; the table does not count it.
_LETTERS = 4
# The label of a text before its content, as in nodegraph.
_STRING = hash64("op:string")
# A snapshot that holds this share of a known project is that project, or a copy of it.
_IS_PROJECT = 0.3


def text_value(word: str) -> int:
    """The fingerprint by which a word is counted where it stands as a text."""
    return _STRING ^ hash64(f"{TEXT}:{word}")


@dataclass(frozen=True, slots=True)
class _Same:
    """Something that equals itself alone, so that what is known of it can be remembered."""

    it: Any

    def __hash__(self) -> int:
        return id(self.it)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.it is self.it


# Of many pairs each side is asked about again and again.
@lru_cache(maxsize=64)
def _project(profile: _Same, commons: _Same) -> tuple[str, ...]:
    found = commons.it.recognise(fingerprints(profile.it))
    best = max(found, key=lambda share: (share.share, share.project.name), default=None)
    return (best.project.name,) if best is not None and best.share >= _IS_PROJECT else ()


class Rarity:
    """Rarity weights from the shipped table; uniform where there is no usable table.

    With a cohort, what other works on the same task share weighs less too.
    """

    def __init__(
        self,
        sides: Sequence[CodeProfile] = (),
        commons: Commons | None = None,
        cohort: Cohort | None = None,
    ) -> None:
        self.commons = public_code() if commons is None else commons
        self.cohort = cohort
        # Known projects that are one of the sides: what they have is not common for that.
        # A project that both sides are counts once in the table, and is taken off once.
        self._own = len({name for side in sides for name in self._known(side)})

    def weights(self, values: Hashes, floor: float = _FLOOR) -> Weights:
        """Weight 0..1 of fingerprints: 1 where no other project has it, falling with the logarithm
        of the number of projects, as an inverse document frequency (Spärck Jones, 1972).

        What public projects have weighs at least ``floor``, what the cohort has may weigh nothing.
        """
        counts = self.commons.frequency(values).astype(np.float64)
        others = np.maximum(counts - self._own, 1.0)
        public: Weights = np.maximum(floor, 1.0 - np.log(others) / np.log(_EVERYBODY))
        return public if self.cohort is None else np.minimum(public, self.cohort.weights(values))

    def of_units(self, profile: CodeProfile, wholes: Hashes) -> Weights:
        """Weight of every unit by the cohort alone: that of its whole text (``wholes``), or of its
        file to the letter, whichever more have.
        """
        if self.cohort is None:
            return np.ones(len(profile.units))
        files = self.cohort.weights(contents(profile))
        found: Weights = np.minimum(self.cohort.weights(wholes), files[profile.unit_file])
        return found

    def of_words(self, words: Sequence[str]) -> Weights:
        """Weight of names by how many projects write them as a text: keys, fields, arguments."""
        texts = np.array([text_value(word) for word in words], dtype=np.uint64)
        long = np.array([len(word) >= _LETTERS for word in words], dtype=np.bool_)
        return np.where(long, self.weights(texts), _FLOOR)

    def _known(self, profile: CodeProfile) -> tuple[str, ...]:
        """The known project that a side is, if it is one."""
        return _project(_Same(profile), _Same(self.commons)) if self.commons.projects else ()

    def of_nodes(self, profile: CodeProfile) -> Weights:
        """Weight of every node; one too plain to look up is as rare as its rarest use."""
        nodes = profile.nodes
        weight = self.weights(nodes.labels[1, _DEPTH])
        plain = nodes.bits[1, _DEPTH] < _MIN_BITS
        # Below any weight: what nothing uses inherits none.
        weight[plain] = -1.0
        consumer = np.repeat(np.arange(len(weight)), np.diff(nodes.edge_start))
        for _ in range(_DEPTH):
            inherited = np.full(len(weight), -1.0)
            np.maximum.at(inherited, nodes.edge_input, weight[consumer])
            weight[plain] = inherited[plain]
        weight[weight < 0.0] = 1.0
        return weight
