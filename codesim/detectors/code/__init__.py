"""The code detector and its parts, from bytes to evidence."""

from codesim.detectors.code.detector import CodeDetector

__all__ = ["CodeDetector"]
