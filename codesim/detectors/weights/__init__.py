"""Whether the values of one model's weights came from those of another. Needs PyTorch."""

from codesim.detectors.weights.detector import WeightsDetector

__all__ = ["WeightsDetector"]
