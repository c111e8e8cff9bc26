"""Base code and public code leave both sides of the fraction: what they explain is set aside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from codesim.detectors.code.filepairs import file_matches
from codesim.detectors.code.graph import Ints
from codesim.detectors.code.matching import View, unit_matches
from codesim.detectors.code.profile import CodeProfile
from codesim.detectors.code.rarity import Rarity
from codesim.detectors.code.stored import recalled_nodes
from codesim.detectors.code.upstream import Explained
from codesim.model import Excluded

if TYPE_CHECKING:
    from codesim.detectors.code.detector import CodeDetector


def set_aside(
    left: CodeProfile,
    right: CodeProfile,
    base: Sequence[CodeProfile],
    detector: CodeDetector,
) -> tuple[View, View, tuple[Excluded, ...]]:
    """Both sides without what the base explains, and a list of what that was."""
    asides: list[set[int]] = [set(), set()]
    excluded = []
    for number, each in enumerate(base, 1):
        amounts = []
        for side, profile in enumerate((left, right)):
            nodes = explained_nodes(profile, each, detector)
            asides[side] |= nodes
            amounts.append(lines_of(profile, nodes))
        if any(amounts):
            excluded.append(
                Excluded(
                    f"base code {each.name or number}",
                    f"{amounts[0]:,} lines of left, {amounts[1]:,} lines of right",
                    "explained by a base that both sides may share",
                )
            )
    rarity = Rarity((left, right), cohort=detector.cohort)
    views = [
        View(profile, np.array(sorted(nodes), dtype=np.int32), rarity)
        for profile, nodes in zip((left, right), asides, strict=True)
    ]
    return views[0], views[1], tuple(excluded)


def without(
    left: View, right: View, upstream: Sequence[Explained]
) -> tuple[View, View, tuple[Excluded, ...]]:
    """Both sides without what known public projects explain, and a list of what that was."""
    excluded = tuple(
        Excluded(
            f"public code: {each.project.name} {each.project.version} ({each.project.licence})",
            f"{lines_of(left.profile, each.left):,} lines of left, "
            f"{lines_of(right.profile, each.right):,} lines of right",
            "both sides may have it from this project; name it with --base to be exact",
        )
        for each in upstream
    )
    views = []
    for view, nodes in (
        (left, set().union(*(each.left for each in upstream))),
        (right, set().union(*(each.right for each in upstream))),
    ):
        aside = nodes | set(np.flatnonzero(view.aside).tolist())
        views.append(View(view.profile, np.array(sorted(aside), dtype=np.int32), view.rarity))
    return views[0], views[1], excluded


def explained_nodes(profile: CodeProfile, base: CodeProfile, detector: CodeDetector) -> set[int]:
    """Nodes of a profile that some region or definition of the base accounts for."""
    made_with = (detector.candidates_per_unit, detector.min_region_bits)
    found = recalled_nodes(made_with, profile, base, lambda: _explained(profile, base, detector))
    return set(found.tolist())


def _explained(profile: CodeProfile, base: CodeProfile, detector: CodeDetector) -> Ints:
    one, two = View(profile), View(base)
    least = detector.min_region_bits
    found = unit_matches(one, two, detector.candidates_per_unit, least)
    nodes: set[int] = set()
    for pair in file_matches(one, two, found, least):
        nodes |= pair.left_nodes
    known = {_text(base, unit) for unit in range(len(base.units))} - {b""}
    for unit in range(len(profile.units)):
        if _text(profile, unit) in known:
            nodes.update(range(*profile.unit_start[unit : unit + 2].tolist()))
    return np.array(sorted(nodes), dtype=np.int32)


def _text(profile: CodeProfile, unit: int) -> bytes:
    first, last = profile.tokens.start[unit : unit + 2].tolist()
    return profile.tokens.canonical[first:last].tobytes()


def lines_of(profile: CodeProfile, nodes: set[int]) -> int:
    """How many lines hold some of these nodes."""
    chosen: Ints = np.array(sorted(nodes), dtype=np.int32)
    files = profile.unit_file[profile.nodes.unit[chosen]].astype(np.int64)
    return len(np.unique(files << 32 | profile.nodes.line[chosen]))
