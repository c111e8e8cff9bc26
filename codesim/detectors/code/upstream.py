"""Matches that a known public project explains: both sides may have taken them from there."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import numpy as np

from codesim.commons import Commons, Project
from codesim.detectors.code.filepairs import FileMatch
from codesim.detectors.code.matching import View
from codesim.detectors.code.profile import Hashes

# A project explains a file pair when it has this share of what was matched there. The sample of a
# project is 1 in 8, so a share is known to about 0.1 for a hundred fingerprints.
_EXPLAINS = 0.6
# It explains a match only where that is this much more its own than the rest of either side. A side
# that is mostly the project, in this or another version, or cut from it, is the upstream: folders
# of timm and diffusers have 0.73 to 0.88. Then nothing is explained away.
_APART = 0.15
_MOSTLY_PROJECT = 0.6
# With fewer fingerprints than this the sample has too few to say anything.
_ENOUGH = 48
# What more projects than this have is boilerplate, which names the largest library, not a source.
_FEW = 5
_MIN_BITS = 7.0


@dataclass(slots=True)
class Explained:
    """Nodes of both sides that one public project accounts for."""

    project: Project
    left: set[int] = field(default_factory=set)
    right: set[int] = field(default_factory=set)
    folders: set[tuple[str, str]] = field(default_factory=set)


def explained(
    left: View, right: View, pairs: Sequence[FileMatch], commons: Commons
) -> list[Explained]:
    """What public projects explain of some file pairs, by project name."""
    if not commons.projects or not pairs:
        return []
    usual = [_shares(view, range(len(view.mass)), commons) for view in (left, right)]
    rest: dict[Project, float] = {}
    for side in usual:
        for project, share in side.items():
            rest[project] = max(rest.get(project, 0.0), share)
    found: dict[Project, Explained] = {}
    small: list[FileMatch] = []
    for pair in pairs:
        source = _source(left, right, pair, rest, commons)
        if source is not None:
            _explain(found, source, pair, _folders(left, right, pair))
        elif len(_values(left, pair.left_nodes)) < _ENOUGH:
            small.append(pair)
    # Pairs too small for the sample of a project go with the folder that they stand in.
    for pair in small:
        for each in list(found.values()):
            if _folders(left, right, pair) in each.folders:
                _explain(found, each.project, pair, _folders(left, right, pair))
    return sorted(found.values(), key=lambda each: each.project.name)


def _source(
    left: View,
    right: View,
    pair: FileMatch,
    rest: dict[Project, float],
    commons: Commons,
) -> Project | None:
    """The project that explains what was matched in a file pair."""
    one = _shares(left, pair.left_nodes, commons)
    two = _shares(right, pair.right_nodes, commons)
    both = {project: min(share, two.get(project, 0.0)) for project, share in one.items()}
    shares = sorted(both.items(), key=lambda item: (-item[1], item[0].name))
    for project, share in shares[:1]:
        elsewhere = rest.get(project, 0.0)
        if share >= max(_EXPLAINS, elsewhere + _APART) and elsewhere <= _MOSTLY_PROJECT:
            return project
    return None


def _folders(left: View, right: View, pair: FileMatch) -> tuple[str, str]:
    one, two = left.profile.files[pair.left].path, right.profile.files[pair.right].path
    return one.rpartition("/")[0], two.rpartition("/")[0]


def _explain(
    found: dict[Project, Explained],
    project: Project,
    pair: FileMatch,
    folders: tuple[str, str],
) -> None:
    each = found.setdefault(project, Explained(project))
    each.folders.add(folders)
    each.left |= pair.left_nodes
    each.right |= pair.right_nodes


def _shares(view: View, nodes: Collection[int], commons: Commons) -> dict[Project, float]:
    """Share of the telling fingerprints of some nodes that each known project has."""
    values = _values(view, nodes)
    values = values[commons.frequency(values) < _FEW]
    return {share.project: share.share for share in commons.explain(values)}


def _values(view: View, nodes: Collection[int]) -> Hashes:
    """Distinct telling fingerprints of some nodes, at every depth and of both families."""
    chosen = np.array(sorted(nodes), dtype=np.int64)
    bits = view.nodes.bits[:, 1:, chosen]
    return np.unique(view.nodes.labels[:, 1:, chosen][bits >= _MIN_BITS])
