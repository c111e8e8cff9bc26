"""Many repositories as one right side: what a definition is searched among.

Each is profiled by itself, so that a name which one of them owns stays another's dependency; then
their units stand in one profile, and one join finds the partners of a definition among all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import accumulate

import numpy as np

from codesim.detectors.code.graph import Ints
from codesim.detectors.code.profile import CodeProfile, FileInfo, Nodes, Tokens


def together(profiles: Sequence[CodeProfile]) -> CodeProfile:
    """One profile that holds the files of many; each path begins with the name of its profile."""
    nodes = [profile.nodes for profile in profiles]
    units = _starts(len(profile.units) for profile in profiles)
    files = _starts(len(profile.files) for profile in profiles)
    firsts = _starts(len(each.op) for each in nodes)
    return CodeProfile(
        name="library",
        files=tuple(_file(p, info, units[i]) for i, p in enumerate(profiles) for info in p.files),
        units=tuple(unit for profile in profiles for unit in profile.units),
        unit_file=_shifted([profile.unit_file for profile in profiles], files),
        unit_start=_ends([profile.unit_start for profile in profiles], firsts),
        names=tuple(name for profile in profiles for name in profile.names),
        words=tuple(word for profile in profiles for word in profile.words),
        nodes=_nodes(profiles, units, firsts),
        tokens=_tokens(profiles),
        skipped=tuple(each for profile in profiles for each in profile.skipped),
    )


def _file(profile: CodeProfile, info: FileInfo, first: int) -> FileInfo:
    low, high = info.units
    return replace(info, path=f"{profile.name}/{info.path}", units=(low + first, high + first))


def _nodes(profiles: Sequence[CodeProfile], units: Sequence[int], firsts: Sequence[int]) -> Nodes:
    parts = [profile.nodes for profile in profiles]
    names = _starts(len(profile.names) for profile in profiles)

    def plain(column: Callable[[Nodes], Ints]) -> Ints:
        return np.concatenate([column(each) for each in parts])

    return Nodes(
        unit=_shifted([each.unit for each in parts], units),
        line=plain(lambda each: each.line),
        op=plain(lambda each: each.op),
        name=_shifted([each.name for each in parts], names),
        var=_shifted([each.var for each in parts], names),
        origin=_shifted([each.origin for each in parts], firsts),
        role=plain(lambda each: each.role),
        labels=np.concatenate([each.labels for each in parts], axis=2),
        bits=np.concatenate([each.bits for each in parts], axis=2),
        mass=np.concatenate([each.mass for each in parts]),
        own_bits=np.concatenate([each.own_bits for each in parts]),
        edge_start=_ends(
            [each.edge_start for each in parts], _starts(len(e.edge_input) for e in parts)
        ),
        edge_input=_shifted([each.edge_input for each in parts], firsts),
        edge_place=plain(lambda each: each.edge_place),
    )


def _tokens(profiles: Sequence[CodeProfile]) -> Tokens:
    parts = [profile.tokens for profile in profiles]
    words = _starts(len(profile.words) for profile in profiles)
    return Tokens(
        canonical=np.concatenate([each.canonical for each in parts]),
        exact=np.concatenate([each.exact for each in parts]),
        word=_shifted([each.word for each in parts], words),
        line=np.concatenate([each.line for each in parts]),
        bits=np.concatenate([each.bits for each in parts]),
        start=_ends([each.start for each in parts], _starts(len(e.line) for e in parts)),
    )


def _starts(counts: Iterable[int]) -> list[int]:
    return [0, *accumulate(counts)]


def _shifted(columns: Sequence[Ints], starts: Sequence[int]) -> Ints:
    """Columns of indices one after the other, each moved to where its table begins; -1 stays."""
    return np.concatenate(
        [np.where(c >= 0, c + s, c).astype(c.dtype) for c, s in zip(columns, starts, strict=False)]
    )


def _ends(columns: Sequence[Ints], starts: Sequence[int]) -> Ints:
    """Columns of ``start[i]:start[i + 1]`` ranges as one."""
    moved = [c[:-1] + s for c, s in zip(columns, starts, strict=False)]
    last = columns[-1][-1:] + starts[len(columns) - 1]
    return np.concatenate([*moved, last]).astype(columns[0].dtype)
