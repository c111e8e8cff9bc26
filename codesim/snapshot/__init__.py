"""Where bytes come from: every kind of source becomes a ``Snapshot``."""

from codesim.snapshot.limits import Limits
from codesim.snapshot.memory import snapshot_of
from codesim.snapshot.naming import effort, told_apart
from codesim.snapshot.opening import open_folder, open_snapshot, open_weights, with_weights

__all__ = [
    "Limits", "effort", "open_folder", "open_snapshot", "open_weights", "snapshot_of", "told_apart",
    "with_weights",
]  # fmt: skip
