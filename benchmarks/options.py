"""What every benchmark is told, and the one error that a person can act on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


class BenchmarkError(Exception):
    """A benchmark cannot run here: what is missing and how to get it."""


@dataclass(frozen=True)
class Options:
    """``limit`` bounds the work (0: the benchmark's own full size); ``seed`` picks every sample.

    ``left`` and ``right`` name a copy and its original, as codesim's command line does; ``names``
    is a list of their definitions. A benchmark that needs none of them does not look.
    """

    data: Path
    limit: int = 0
    seed: int = 0
    peers: bool = True
    held_out: bool = False
    raw: Path | None = None
    left: str = ""
    right: str = ""
    names: Path | None = None

    def size(self, full: int) -> int:
        """How many items to take when the full benchmark takes ``full``."""
        return min(full, self.limit) if self.limit else full
