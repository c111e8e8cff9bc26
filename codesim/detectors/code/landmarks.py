"""Fingerprints by which a repository is found among many: few, disguise-proof and weighed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from codesim.detectors.code.commonness import whole_definitions
from codesim.detectors.code.features import MAX_BITS, MIN_BITS
from codesim.detectors.code.profile import DEPTH, OWN, CodeProfile, Hashes
from codesim.detectors.code.rarity import Rarity

Floats = npt.NDArray[np.float64]

# Tokens repeat within a definition; about half of their information is new (as in features).
_PLAIN_SHARE = 0.5
_FREE = 1  # the family of labels in which names do not matter
_MIX = np.uint64(0xD6E8FEB86659FD93)


@dataclass(frozen=True, slots=True)
class Landmarks:
    """Distinct fingerprints, ascending; ``weight`` is the information of each in thousandths of a
    bit, less where many public projects have it.
    """

    value: Hashes
    weight: npt.NDArray[np.int32]


def landmarks(profile: CodeProfile, keep: int, rarity: Rarity | None = None) -> Landmarks:
    """Computations with free names, and whole definitions, thinned to 1 in ``keep``.

    Which ones stay depends on their value alone, so that the same code keeps the same ones wherever
    it stands (FracMinHash: Irber et al., 2022). Whole definitions are few and all stay.
    """
    labels, label_bits = _labels(profile, keep)
    wholes, whole_bits = _wholes(profile)
    value = np.concatenate((labels, wholes))
    bits = np.concatenate((label_bits, whole_bits))
    value, first = np.unique(value, return_index=True)
    weights = (rarity or Rarity()).weights(value)
    return Landmarks(value, np.rint(1000 * bits[first] * weights).astype(np.int32))


def _labels(profile: CodeProfile, keep: int) -> tuple[Hashes, Floats]:
    nodes = profile.nodes
    values, bits = [], []
    for depth in range(1, DEPTH + 1):
        information = nodes.bits[_FREE, depth]
        # Deeper is only worth another fingerprint where there is more to see.
        chosen = (information >= MIN_BITS) & (information > nodes.bits[_FREE, depth - 1])
        chosen &= (nodes.role == OWN) & _kept(nodes.labels[_FREE, depth], keep)
        values.append(nodes.labels[_FREE, depth][chosen])
        bits.append(np.minimum(information[chosen], MAX_BITS).astype(np.float64))
    return np.concatenate(values), np.concatenate(bits)


def _wholes(profile: CodeProfile) -> tuple[Hashes, Floats]:
    tokens = profile.tokens
    total = np.concatenate(([0.0], np.cumsum(tokens.bits, dtype=np.float64)))
    information = _PLAIN_SHARE * (total[tokens.start[1:]] - total[tokens.start[:-1]])
    values = whole_definitions(profile)
    chosen = (information >= MIN_BITS) & (values != 0)
    return values[chosen], np.minimum(information[chosen], MAX_BITS)


def _kept(values: Hashes, keep: int) -> npt.NDArray[np.bool_]:
    """The same 1 in ``keep`` of all values, whatever bits they were made of."""
    return (values * _MIX) >> np.uint64(40) < np.uint64((1 << 24) // keep)
