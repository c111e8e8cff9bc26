"""What the files of a checkpoint say before any weight is read."""

from codesim.detectors.checkpoint.detector import CheckpointDetector

__all__ = ["CheckpointDetector"]
