"""The fingerprints of every unit, from both views, with their information."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from codesim.detectors.code.commonness import whole_definitions
from codesim.detectors.code.graph import Ints
from codesim.detectors.code.profile import DEPTH, CodeProfile
from codesim.sequences import kgrams

# A fingerprint below this much information is shared by chance in any two repositories.
MIN_BITS = 10.0
# Above this, more structure under a node does not make a coincidence any less likely.
MAX_BITS = 32.0
TOKEN_K = 14
_TOKEN_WINDOW = 5
# Tokens repeat within a definition; about half of their information is new.
_PLAIN_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Features:
    """Fingerprints of units: parallel arrays sorted by fingerprint, one row per (unit, value)."""

    value: npt.NDArray[np.uint64]
    unit: Ints
    bits: npt.NDArray[np.float32]


Flags = npt.NDArray[np.bool_]


def features(profile: CodeProfile, aside: Flags, hidden: Flags) -> Features:
    """All fingerprints that carry enough information, without nodes and units that are out."""
    nodes = profile.nodes
    values, units, bits = [], [], []
    for family in (0, 1):
        for depth in range(1, DEPTH + 1):
            information = nodes.bits[family, depth]
            fresh = information > nodes.bits[family, depth - 1]
            chosen = np.flatnonzero((information >= MIN_BITS) & fresh & ~aside)
            values.append(nodes.labels[family, depth][chosen])
            units.append(nodes.unit[chosen])
            bits.append(np.minimum(information[chosen], MAX_BITS))
    for rows in (_token_features(profile, hidden), _whole_units(profile, hidden)):
        for column, part in zip((values, units, bits), rows, strict=True):
            column.append(part)
    return _sorted(np.concatenate(values), np.concatenate(units), np.concatenate(bits))


def _token_features(
    profile: CodeProfile, hidden: Flags
) -> tuple[npt.NDArray[np.uint64], Ints, npt.NDArray[np.float32]]:
    """k-grams of canonical tokens inside one unit, thinned by hash value."""
    tokens = profile.tokens
    grams = kgrams(tokens.canonical, TOKEN_K)
    owner = np.repeat(np.arange(len(tokens.start) - 1, dtype=np.int32), np.diff(tokens.start))
    whole = owner[: len(grams)] == owner[TOKEN_K - 1 :] if len(grams) else np.zeros(0, dtype=bool)
    whole &= ~hidden[owner[: len(grams)]]
    # Modular thinning keeps the same share of k-grams as winnowing with this window, position-free.
    chosen = np.flatnonzero(whole & ((grams >> np.uint64(40)) % np.uint64(_TOKEN_WINDOW) == 0))
    total = np.concatenate(([0.0], np.cumsum(tokens.bits)))
    information = (total[chosen + TOKEN_K] - total[chosen]).astype(np.float32)
    enough = information >= MIN_BITS
    chosen, information = chosen[enough], information[enough]
    return grams[chosen], owner[chosen], np.minimum(information, MAX_BITS)


def _whole_units(
    profile: CodeProfile, hidden: Flags
) -> tuple[npt.NDArray[np.uint64], Ints, npt.NDArray[np.float32]]:
    """One fingerprint for each whole definition, so that plain code is found where it is equal."""
    tokens = profile.tokens
    total = np.concatenate(([0.0], np.cumsum(tokens.bits)))
    information = _PLAIN_SHARE * (total[tokens.start[1:]] - total[tokens.start[:-1]])
    values = whole_definitions(profile)
    chosen = np.flatnonzero((information >= MIN_BITS) & (values != 0) & ~hidden)
    bits = np.minimum(information[chosen], MAX_BITS).astype(np.float32)
    return values[chosen], chosen.astype(np.int32), bits


def _sorted(value: npt.NDArray[np.uint64], unit: Ints, bits: npt.NDArray[np.float32]) -> Features:
    order = np.lexsort((unit, value))
    value, unit, bits = value[order], unit[order], bits[order]
    if len(value):
        first = np.ones(len(value), dtype=np.bool_)
        first[1:] = (value[1:] != value[:-1]) | (unit[1:] != unit[:-1])
        value, unit, bits = value[first], unit[first], bits[first]
    return Features(value, unit.astype(np.int32), bits.astype(np.float32))
