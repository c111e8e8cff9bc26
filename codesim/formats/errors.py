"""The one error of all readers."""

from __future__ import annotations


class FormatError(ValueError):
    """Why a file is not read, in words that complete a sentence: ``model.gguf: is cut short``."""
