"""codesim as the benchmarks use it: the code detector, with one profile per unit of input."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from codesim import DETECTORS, Strength, snapshot_of
from codesim.model import Detector, Evidence

STEPS = (Strength.WEAK, Strength.MODERATE, Strength.STRONG, Strength.VERY_STRONG)


def code_detector() -> Detector[Any]:
    """The code detector with its shipped parameters."""
    return next(detector for detector in DETECTORS if detector.kind == "code")


class Profiles:
    """Profiles by name, each made once: a benchmark compares one input with many others."""

    def __init__(self) -> None:
        self.detector = code_detector()
        self._made: dict[str, Any] = {}

    def of(self, name: str, files: Mapping[str, bytes]) -> Any:
        """The profile of some files; the same name always means the same files."""
        if name not in self._made:
            self._made[name] = self.detector.profile(snapshot_of(files, name))
        return self._made[name]

    def compare(self, left: Any, right: Any, base: Sequence[Any] = ()) -> Evidence:
        """What the code detector says about two profiles."""
        return self.detector.compare(left, right, base)


def one_file(source: str, path: str = "unit.py") -> dict[str, bytes]:
    """A repository that holds one definition."""
    return {path: source.encode("utf-8", "surrogatepass")}
