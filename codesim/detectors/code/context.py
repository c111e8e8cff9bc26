"""Which files may explain each other's rest, once strong evidence stands between some of them.

Units vote for file pairs in a first pass; here file pairs give back: what is left of files that
stand together is worth comparing, also where a definition alone would say nothing.
"""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from codesim.detectors.code.filepairs import FileMatch, file_mass
from codesim.detectors.code.matching import View

Files: TypeAlias = tuple[int, int]

# Information beyond noise that makes a file pair stand on its own.
_STANDS = 12.0
# A folder of which so much is matched with another folder was copied as a folder.
_FOLDER = 0.5
# A repository has few files that so many others name; they are no neighbourhood.
_MAX_NEIGHBOURS = 12


def contexts(left: View, right: View, pairs: Sequence[FileMatch], noise: float) -> set[Files]:
    """File pairs that what is left over may be looked for in.

    A small file that both sides have, byte for byte, is no company: ``noise`` holds for it too.
    """
    standing = {
        (pair.left, pair.right)
        for pair in pairs
        if sum(max(0.0, match.bits - noise) for match in pair.matches) >= _STANDS
    }
    if not standing:
        return set()
    l_near, r_near = _neighbours(left), _neighbours(right)
    found = set(standing)
    for f, g in standing:
        found.update((f, near) for near in r_near[g])
        found.update((near, g) for near in l_near[f])
    return found | _same_folders(left, right, pairs, standing)


def _neighbours(view: View) -> dict[int, set[int]]:
    """Files that define what another file names, in both directions."""
    profile = view.profile
    homes: dict[str, set[int]] = defaultdict(set)
    for number, unit in enumerate(profile.units):
        if unit.role in ("function", "class"):
            homes[unit.name.rpartition(".")[2]].add(int(profile.unit_file[number]))
    only = {name: next(iter(files)) for name, files in homes.items() if len(files) == 1}
    spelled = {
        number: only[name]
        for number, full in enumerate(profile.names)
        if full[0] in "XGU" and (name := full[2:].rpartition(".")[2]) in only
    }
    file = profile.unit_file[profile.nodes.unit].astype(np.int64)
    named = np.unique(
        file[profile.nodes.name >= 0] << 32 | profile.nodes.name[profile.nodes.name >= 0]
    )
    near: dict[int, set[int]] = defaultdict(set)
    for key in named.tolist():
        home = spelled.get(key & 0xFFFFFFFF)
        if home is not None and home != key >> 32:
            near[key >> 32].add(home)
            near[home].add(key >> 32)
    return defaultdict(set, {f: n for f, n in near.items() if len(n) <= _MAX_NEIGHBOURS})


def _same_folders(
    left: View, right: View, pairs: Sequence[FileMatch], standing: set[Files]
) -> set[Files]:
    """All file pairs of two folders of which one was matched for the most part with the other."""
    l_members, r_members = _folders(left), _folders(right)
    l_folder = {f: name for name, files in l_members.items() for f in files}
    r_folder = {f: name for name, files in r_members.items() for f in files}
    l_nodes: dict[tuple[str, str], set[int]] = defaultdict(set)
    r_nodes: dict[tuple[str, str], set[int]] = defaultdict(set)
    for pair in pairs:
        if (pair.left, pair.right) in standing:
            key = l_folder[pair.left], r_folder[pair.right]
            l_nodes[key] |= pair.left_nodes
            r_nodes[key] |= pair.right_nodes
    found: set[Files] = set()
    for (one, two), nodes in l_nodes.items():
        share = max(
            _share(left, l_members[one], nodes),
            _share(right, r_members[two], r_nodes[one, two]),
        )
        if share >= _FOLDER:
            found.update((f, g) for f in l_members[one] for g in r_members[two])
    return found


def _folders(view: View) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for number, file in enumerate(view.profile.files):
        found[posixpath.dirname(file.path)].append(number)
    return found


def _share(view: View, files: Sequence[int], nodes: set[int]) -> float:
    total = sum(file_mass(view, file) for file in files)
    return float(view.mass[sorted(nodes)].sum()) / total if total > 0 and nodes else 0.0
