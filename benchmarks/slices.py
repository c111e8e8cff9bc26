"""Repositories of a wanted size, cut from packages: neighbouring files, as in a small project."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.packages import Pin, python_files

# Lines of a cut, from a course exercise to a framework.
SIZES = (300, 1_000, 3_000, 10_000, 30_000)
# A cut may be this much larger or smaller than wanted; files are never cut in two.
_TOLERANCE = 0.35
_MOST_LINES_PER_FILE = 4_000


@dataclass(frozen=True)
class Slice:
    """Some files of one package."""

    package: str
    number: int
    size: int
    files: Mapping[str, bytes]

    @property
    def name(self) -> str:
        """Package, wanted size and number."""
        return f"{self.package}/{self.size}/{self.number}"

    @property
    def lines(self) -> int:
        """Lines of all files."""
        return sum(map(lines_of, self.files.values()))


def lines_of(content: bytes) -> int:
    """Lines of a file."""
    return content.count(b"\n") + (not content.endswith(b"\n"))


def slices(pins: Sequence[Pin], size: int, each: int, data: Path) -> list[Slice]:
    """Up to ``each`` disjoint cuts of about ``size`` lines from every package."""
    found: list[Slice] = []
    for pin in pins:
        cuts = _cuts(python_files(pin, data), size)
        step = max(1, len(cuts) // each)
        found.extend(Slice(pin.name, i, size, cut) for i, cut in enumerate(cuts[::step][:each]))
    return found


def _cuts(files: Mapping[str, bytes], size: int) -> list[dict[str, bytes]]:
    low, high = size * (1 - _TOLERANCE), size * (1 + _TOLERANCE)
    cuts: list[dict[str, bytes]] = []
    current: dict[str, bytes] = {}
    total = 0
    for path in sorted(files):
        lines = lines_of(files[path])
        if lines > min(high, _MOST_LINES_PER_FILE):
            continue
        if total + lines > high:
            current, total = {}, 0
        current[path] = files[path]
        total += lines
        if total >= low:
            cuts.append(current)
            current, total = {}, 0
    return cuts
