"""What opening one source may cost. Every limit that is hit is said aloud."""

from __future__ import annotations

import time
from dataclasses import dataclass

from codesim.errors import SnapshotError


@dataclass(frozen=True, slots=True)
class Limits:
    """Budgets for one source; sizes in bytes, times in seconds."""

    # A depth-1 fetch of the largest model libraries ends within a minute on a slow line.
    deadline: float = 300.0
    # On disk while fetching. A repository without its weights stays far below this.
    disk: int = 500_000_000
    # Files listed. A tree of 113 KB can name 10^10 of them.
    entries: int = 100_000
    # One file, when read. The largest notebooks with outputs stay below; weights do not.
    file: int = 64_000_000
    # One path, and the folders in it.
    path: int = 4_096
    depth: int = 256
    # Archives: bytes after decompression, members, and decompressed bytes per byte of archive.
    inflated: int = 500_000_000
    members: int = 20_000
    ratio: int = 200


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment on the monotonic clock after which a source is given up."""

    seconds: float
    at: float

    @classmethod
    def after(cls, seconds: float) -> Deadline:
        return cls(seconds, time.monotonic() + seconds)

    @property
    def left(self) -> float:
        return self.at - time.monotonic()

    def check(self, doing: str) -> None:
        """Raise SnapshotError when the time is over."""
        if self.left <= 0:
            raise SnapshotError(
                f"{doing} did not end within {self.seconds:g} s and was stopped; "
                "try again, or give a smaller source"
            )
