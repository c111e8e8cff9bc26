"""Files of any kind that are the same byte for byte, also where their bytes are not at hand."""

from codesim.detectors.files.detector import FilesDetector

__all__ = ["FilesDetector"]
