"""Many files linked into one profile: names resolved, labels hashed, units listed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from codesim.detectors.code.graph import Ints, Unit

Hashes = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float32]
DEPTH = 3
# Roles of a node: the unit's own, a copy that sees an inlined helper's result, a helper's copy.
OWN, SEES_HELPER, HELPER = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Nodes:
    """Live graph nodes of a repository, in unit order.

    ``labels[family, depth]`` are Weisfeiler-Lehman hashes (depth 0 to 3) with names kept (family 0)
    or free (family 1); ``bits`` the information of the subtree of each; ``mass`` what the node
    itself adds with free names, ``own_bits`` what it adds with names kept.
    ``role`` is 0 for nodes of the unit, 1 for copies of them that see an inlined helper's result, 2
    for copies of the helper's nodes; ``origin`` is the node that a copy stands for, whose mass is
    the only one counted. ``name`` and ``var`` index ``Profile.names``. Edges are grouped by
    consumer as in FileGraph.
    """

    unit: Ints
    line: Ints
    op: Ints
    name: Ints
    var: Ints
    origin: Ints
    role: Ints
    labels: npt.NDArray[np.uint64]
    bits: Floats
    mass: Floats
    own_bits: Floats
    edge_start: Ints
    edge_input: Ints
    edge_place: Ints


@dataclass(frozen=True, slots=True)
class Tokens:
    """Tokens of a repository, ordered by unit and then by place in the file.

    ``canonical`` blanks every name that the repository or a local scope owns; ``exact`` keeps it.
    ``word`` indexes ``Profile.words`` or is -1. ``start[u]:start[u + 1]`` are the tokens of unit u.
    """

    canonical: Hashes
    exact: Hashes
    word: Ints
    line: Ints
    bits: Floats
    start: Ints


@dataclass(frozen=True, slots=True)
class FileInfo:
    """One file of a profile; ``units`` is the half-open range of its units."""

    path: str
    blob_id: str
    lines: int
    units: tuple[int, int]
    cells: tuple[tuple[int, int, int], ...]
    degraded: str


@dataclass(frozen=True, slots=True)
class CodeProfile:
    """What the code detector keeps of one snapshot."""

    name: str
    files: tuple[FileInfo, ...]
    units: tuple[Unit, ...]
    unit_file: Ints
    unit_start: Ints  # unit_start[u]:unit_start[u + 1] are the live nodes of unit u
    names: tuple[str, ...]
    words: tuple[str, ...]
    nodes: Nodes
    tokens: Tokens
    skipped: tuple[tuple[str, str], ...]

    def label(self, unit: int) -> str:
        """What a reader calls a unit."""
        found = self.units[unit]
        return found.name if found.role not in ("module",) else "module level"


def joined(parts: list[Ints], dtype: npt.DTypeLike = np.int32) -> Ints:
    """One column from the columns of many files."""
    return np.concatenate(parts).astype(dtype) if parts else np.zeros(0, dtype=dtype)
