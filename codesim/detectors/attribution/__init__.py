"""The attribution detector and its parts: licences, notices, credits and mentions."""

from codesim.detectors.attribution.detector import AttributionDetector

__all__ = ["AttributionDetector"]
