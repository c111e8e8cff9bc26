"""The table of detectors: one kind of evidence each, in the order of a report."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from codesim.model import Detector

if TYPE_CHECKING:
    DETECTORS: tuple[Detector[Any], ...]

# By folder. Attribution comes last: it reads what the others have found.
_TABLE = (
    ("code", "CodeDetector"),
    ("config", "ConfigDetector"),
    ("tokenizer", "TokenizerDetector"),
    ("checkpoint", "CheckpointDetector"),
    ("files", "FilesDetector"),
    ("leftovers", "LeftoversDetector"),
    ("attribution", "AttributionDetector"),
)

__all__ = ["DETECTORS"]


def __getattr__(name: str) -> Any:
    """Made on first use, so that who needs one detector does not load all."""
    if name != "DETECTORS":
        raise AttributeError(f"module 'codesim.detectors' has no attribute {name!r}")
    made = [
        getattr(importlib.import_module(f"codesim.detectors.{folder}"), kind)()
        for folder, kind in _TABLE
    ]
    globals()[name] = tuple(made)
    return globals()[name]
