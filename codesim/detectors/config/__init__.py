"""The config detector and its parts, from bytes to evidence."""

from codesim.detectors.config.detector import ConfigDetector

__all__ = ["ConfigDetector"]
