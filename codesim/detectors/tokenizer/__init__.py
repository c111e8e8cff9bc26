"""Tokenizers: what two repositories hold in common beyond every public vocabulary."""

from codesim.detectors.tokenizer.detector import TokenizerDetector

__all__ = ["TokenizerDetector"]
