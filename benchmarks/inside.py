"""What the evidence of the code detector does not say and a measurement needs.

With ``library``, the only module here that looks behind the public interface; a test fails when
that moves.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from benchmarks.ours import code_detector
from codesim.detectors.code import CodeDetector
from codesim.detectors.code.base import set_aside
from codesim.detectors.code.elsewhere import with_moved_helpers
from codesim.detectors.code.filepairs import FileMatch, file_mass, file_matches, inlined_share
from codesim.detectors.code.matching import View, unit_matches
from codesim.detectors.code.strength import Steps


@dataclass(frozen=True)
class Matched:
    """Two profiles with everything that was matched between their files."""

    left: View
    right: View
    pairs: tuple[FileMatch, ...]


def matched(left: Any, right: Any) -> Matched:
    """Match two profiles as a comparison without base does."""
    detector = _detector()
    one, two, _ = set_aside(left, right, (), detector)
    return Matched(one, two, tuple(with_moved_helpers(one, two, detector._pairs(one, two))))


def left_coverage(found: Matched, path: str, counts: Callable[[str], bool]) -> float:
    """Weighted share of a left file that is matched with right files that count, together."""
    files = [file.path for file in found.left.profile.files]
    number = files.index(path)
    rights = [file.path for file in found.right.profile.files]
    nodes: set[int] = set()
    for pair in found.pairs:
        if counts(rights[pair.right]):
            nodes |= pair.left_nodes
    first, last = found.left.profile.files[number].units
    low, high = found.left.profile.unit_start[first], found.left.profile.unit_start[last]
    inside = sorted(node for node in nodes if low <= node < high)
    total = file_mass(found.left, number)
    return min(1.0, float(found.left.mass[inside].sum()) / total) if total > 0 and inside else 0.0


def best_bits(left: Any, right: Any) -> float:
    """Information of the best match of two profiles, also of one that chance explains."""
    detector = _detector()
    one, two, _ = set_aside(left, right, (), detector)
    best = unit_matches(one, two, detector.candidates_per_unit, detector.min_region_bits)
    return max((match.bits for match in best), default=0.0)


@dataclass(slots=True)
class Answers:
    """Partners of one left unit on the right: with the information of the match of the two units
    alone, and in the order of the file pairs that they stand in, as a report lists them.
    """

    bits: dict[int, float] = field(default_factory=dict)
    in_context: list[int] = field(default_factory=list)


def answers(left: Any, right: Any) -> dict[int, Answers]:
    """What a comparison finds for every left unit, as far as aligned candidates go."""
    detector = _detector()
    one, two, _ = set_aside(left, right, (), detector)
    matches = unit_matches(one, two, detector.candidates_per_unit, detector.min_region_bits)
    found: dict[int, Answers] = defaultdict(Answers)
    for match in matches:
        # What lies in a helper that one side inlined says nothing of the two units themselves.
        own = match.bits * (1.0 - inlined_share(one, two, match))
        bits = found[match.left].bits
        bits[match.right] = max(own, bits.get(match.right, 0.0))
    noise = detector.steps.noise(len(left.units), len(right.units))
    for pair in file_matches(one, two, matches, noise):
        for match in sorted(pair.matches, key=lambda m: (-m.bits, m.left, m.right)):
            if match.right not in found[match.left].in_context:
                found[match.left].in_context.append(match.right)
    return dict(found)


def steps() -> Steps:
    """What each step of strength asks for."""
    return _detector().steps


def _detector() -> CodeDetector:
    detector = code_detector()
    assert isinstance(detector, CodeDetector)
    return detector
