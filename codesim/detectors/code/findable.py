"""What a profile of code can be found by among many others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from codesim.commons import Fingerprints
from codesim.detectors.code.base import explained_nodes, lines_of
from codesim.detectors.code.commonness import contents, fingerprints, whole_definitions
from codesim.detectors.code.matching import View
from codesim.detectors.code.profile import CodeProfile, Hashes
from codesim.detectors.code.rarity import Rarity, text_value
from codesim.model import Fragment

if TYPE_CHECKING:
    from codesim.detectors.code.detector import CodeDetector

# A definition of fewer tokens is too plain to be told from another of its kind.
_LEAST_TOKENS = 40


def found_by(
    profile: CodeProfile, base: Sequence[CodeProfile], detector: CodeDetector
) -> Fingerprints:
    """Fingerprints of what no base explains, with their information among public code."""
    view = View(profile, _explained(profile, base, detector), Rarity((profile,)))
    features = view.features()
    # The same value in several units is one value of the repository, at its best.
    values, first = np.unique(features.value, return_index=True)
    bits = np.maximum.reduceat(features.bits, first) if len(first) else np.zeros(0)
    kept = bits > 0
    return Fingerprints(values[kept], bits[kept].astype(np.float64))


def everything(profile: CodeProfile) -> Hashes:
    """All distinct values by which rarity is ever asked for, to count how common they are."""
    words = [text_value(name[2:]) for name in (*profile.names, *profile.words)]
    parts = (
        fingerprints(profile),
        contents(profile),
        View(profile).features().value,
        np.array(words, dtype=np.uint64),
    )
    found: Hashes = np.unique(np.concatenate(parts))
    return found


def parts(
    profile: CodeProfile, base: Sequence[CodeProfile], detector: CodeDetector
) -> Iterator[tuple[int, Fragment]]:
    """Whole definitions that no base explains, each with a number that equal ones share."""
    aside = np.zeros(len(profile.nodes.op), dtype=np.bool_)
    aside[_explained(profile, base, detector)] = True
    start = profile.tokens.start
    for unit, value in enumerate(whole_definitions(profile).tolist()):
        first, last = profile.unit_start[unit : unit + 2]
        low, high = start[unit : unit + 2].tolist()
        if not value or high - low < _LEAST_TOKENS or aside[first:last].any():
            continue
        lines = int(profile.tokens.line[low]), int(profile.tokens.line[high - 1])
        path = profile.files[int(profile.unit_file[unit])].path
        yield value, Fragment(path, lines, profile.label(unit))


def extent(
    profile: CodeProfile, base: Sequence[CodeProfile], detector: CodeDetector
) -> tuple[int, int]:
    """Lines of all files, and lines of code that a base explains."""
    nodes = set(_explained(profile, base, detector).tolist())
    return sum(file.lines for file in profile.files), lines_of(profile, nodes)


def _explained(
    profile: CodeProfile, base: Sequence[CodeProfile], detector: CodeDetector
) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    nodes = set().union(*(explained_nodes(profile, each, detector) for each in base))
    return np.array(sorted(nodes), dtype=np.int32)
