"""Profiles of small texts, and what of them should not depend on spelling."""

from __future__ import annotations

from collections import Counter

import numpy as np

import codesim
from codesim.detectors.code import CodeDetector
from codesim.detectors.code.profile import DEPTH, CodeProfile

KEPT, FREE_NAMES = 0, 1


def profile_of(code: str | bytes, path: str = "module.py") -> CodeProfile:
    """The profile of a repository of one file."""
    data = code if isinstance(code, bytes) else code.encode()
    return profile_of_files({path: data})


def profile_of_files(files: dict[str, bytes]) -> CodeProfile:
    """The profile of a repository."""
    return CodeDetector().profile(codesim.snapshot_of(files, "tested"))


def computed(profile: CodeProfile, family: int = FREE_NAMES) -> Counter[int]:
    """How often each computation occurs, with own names free (or kept), wherever it stands."""
    nodes = profile.nodes
    own = np.flatnonzero(nodes.role == 0)
    return Counter(nodes.labels[family, DEPTH][own].tolist())


def words_of(profile: CodeProfile, unit: int) -> list[str]:
    """The words among the tokens of one unit."""
    first, last = profile.tokens.start[unit : unit + 2].tolist()
    return [profile.words[word] for word in profile.tokens.word[first:last].tolist() if word >= 0]


def units_of(profile: CodeProfile) -> list[tuple[str, str, tuple[int, int]]]:
    """Name, role and lines of each unit, in order of appearance."""
    return sorted(((u.name, u.role, u.lines) for u in profile.units), key=lambda u: (u[2], u[0]))
