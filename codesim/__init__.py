"""codesim: did this model repository come from that one? Evidence, never a verdict of guilt."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

# Eager and light. Bound here once, the function keeps the name that its own module also has.
from codesim.compare import compare

__version__ = "0.1.0"

if TYPE_CHECKING:
    from codesim.detectors import DETECTORS
    from codesim.errors import CodesimError, DetectorUnavailable, SnapshotError
    from codesim.model import (
        CloneType,
        Comparison,
        Detector,
        Entry,
        Evidence,
        Excluded,
        Fact,
        FilePair,
        Fragment,
        Match,
        Plot,
        Rename,
        Series,
        Skipped,
        Snapshot,
        Strength,
        Table,
    )
    from codesim.snapshot import open_snapshot, open_weights, snapshot_of

# Resolved on first use, so that `import codesim` and `codesim --help` load no numpy and no git.
_HOME = {
    "open_snapshot": "codesim.snapshot",
    "open_weights": "codesim.snapshot",
    "snapshot_of": "codesim.snapshot",
    "DETECTORS": "codesim.detectors",
    **dict.fromkeys(("CodesimError", "DetectorUnavailable", "SnapshotError"), "codesim.errors"),
    **dict.fromkeys(
        (
            "CloneType", "Comparison", "Detector", "Entry", "Evidence", "Excluded", "Fact",
            "FilePair", "Fragment", "Match", "Plot", "Rename", "Series", "Skipped", "Snapshot",
            "Strength", "Table",
        ),
        "codesim.model",
    ),
}  # fmt: skip

__all__ = [
    "DETECTORS", "CloneType", "CodesimError", "Comparison", "Detector", "DetectorUnavailable",
    "Entry", "Evidence", "Excluded", "Fact", "FilePair", "Fragment", "Match", "Plot", "Rename",
    "Series", "Skipped", "Snapshot", "SnapshotError", "Strength", "Table", "__version__",
    "compare", "open_snapshot", "open_weights", "snapshot_of",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'codesim' has no attribute {name!r}")
    value = getattr(importlib.import_module(_HOME[name]), name)
    globals()[name] = value
    return value
