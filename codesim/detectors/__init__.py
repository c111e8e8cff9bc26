"""The table of detectors: one kind of evidence each, in the order of a report."""

from __future__ import annotations

from typing import Any

from codesim.detectors.attribution import AttributionDetector
from codesim.detectors.checkpoint import CheckpointDetector
from codesim.detectors.code import CodeDetector
from codesim.detectors.config import ConfigDetector
from codesim.detectors.files import FilesDetector
from codesim.detectors.leftovers import LeftoversDetector
from codesim.detectors.tokenizer import TokenizerDetector
from codesim.model import Detector

# Attribution comes last: it reads what the others have found.
DETECTORS: tuple[Detector[Any], ...] = (
    CodeDetector(),
    ConfigDetector(),
    TokenizerDetector(),
    CheckpointDetector(),
    FilesDetector(),
    LeftoversDetector(),
    AttributionDetector(),
)

__all__ = ["DETECTORS"]
