"""The table of detectors: one kind of evidence each, in the order of a report."""

from __future__ import annotations

from typing import Any

from codesim.detectors.code import CodeDetector
from codesim.model import Detector

DETECTORS: tuple[Detector[Any], ...] = (CodeDetector(),)

__all__ = ["DETECTORS"]
