"""Links file graphs into a repository profile.

Whatever needs the whole repository happens here, on concatenated arrays: who owns a name, which
nodes have an effect, and the Weisfeiler-Lehman labels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from codesim.detectors.code.graph import FileGraph, Ints, Unit
from codesim.detectors.code.names import Resolver
from codesim.detectors.code.nodegraph import linked_nodes
from codesim.detectors.code.profile import CodeProfile, FileInfo
from codesim.detectors.code.tokentable import linked_tokens


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file on its way into a profile."""

    path: str
    blob_id: str
    graph: FileGraph
    cells: tuple[tuple[int, int, int], ...] = ()


def link(
    files: Sequence[SourceFile], skipped: Sequence[tuple[str, str]] = (), name: str = ""
) -> CodeProfile:
    """One profile of all files of a snapshot, in the given order."""
    graphs = [file.graph for file in files]
    resolver = Resolver([file.path for file in files], graphs)
    names, name_maps = _merged([graph.names for graph in graphs])
    words, word_maps = _merged([graph.words for graph in graphs])
    units, infos, unit_offset = _units(files)
    nodes, unit_start = linked_nodes(graphs, names, name_maps, units, unit_offset, resolver)
    return CodeProfile(
        name=name,
        files=tuple(infos),
        units=tuple(units),
        unit_file=np.repeat(
            np.arange(len(files), dtype=np.int32), [len(graph.units) for graph in graphs]
        ),
        unit_start=unit_start,
        names=tuple(names),
        words=tuple(words),
        nodes=nodes,
        tokens=linked_tokens(graphs, words, word_maps, unit_offset, resolver),
        skipped=tuple(skipped),
    )


def _merged(tables: list[list[str]]) -> tuple[list[str], list[Ints]]:
    """One table of strings, and where each file's strings went."""
    numbers: dict[str, int] = {}
    maps = [
        np.array([numbers.setdefault(text, len(numbers)) for text in table] + [-1], dtype=np.int32)
        for table in tables
    ]
    return list(numbers), maps


def _units(files: Sequence[SourceFile]) -> tuple[list[Unit], list[FileInfo], Ints]:
    units: list[Unit] = []
    infos: list[FileInfo] = []
    offsets: list[int] = []
    for file in files:
        first = len(units)
        offsets.append(first)
        units.extend(file.graph.units)
        infos.append(
            FileInfo(
                file.path, file.blob_id, file.graph.lines, (first, len(units)), file.cells,
                file.graph.degraded,
            )
        )  # fmt: skip
    return units, infos, np.array([*offsets, len(units)], dtype=np.int32)
