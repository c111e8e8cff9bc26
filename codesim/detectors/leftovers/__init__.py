"""The leftovers detector and its parts: what one side still says of the other."""

from codesim.detectors.leftovers.detector import LeftoversDetector

__all__ = ["LeftoversDetector"]
