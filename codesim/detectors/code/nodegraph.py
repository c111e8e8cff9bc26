"""The nodes of a repository: file graphs joined, helpers inlined, labels hashed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain

import numpy as np
import numpy.typing as npt

from codesim.detectors.code.graph import EXTERNAL, KEYWORD, OP, OPS, FileGraph, Ints, Unit
from codesim.detectors.code.inline import Copies, Linked, inline_helpers
from codesim.detectors.code.labels import Graph, WeisfeilerLehman
from codesim.detectors.code.names import FREE, Resolver, hash64
from codesim.detectors.code.profile import HELPER, OWN, SEES_HELPER, Nodes, joined

# Values whose name carries nothing: a parameter, an attribute of self and a global of the
# repository turn into each other when a method becomes a function.
_FREE_VALUES = tuple(OP[name] for name in ("param", "self-attr", "ref"))
_NO_NAME_BITS = {
    "param": 0.2, "self": 0.1, "const": 0.0, "string": 0.0, "ref": 0.0, "call": 1.0, "attr": 0.5,
    "method": 0.5, "self-attr": 0.3, "seq": 0.5, "carry": 0.5, "phi": 1.0, "index": 1.0,
    "store": 1.0, "token": 1.2, "define": 1.0, "return": 1.0,
    "default": 0.5, "item": 1.0, "star": 1.0,
}  # fmt: skip
_OP_BITS = np.array([_NO_NAME_BITS.get(name, 2.0) for name in OPS], dtype=np.float32)
_OP_HASH = np.array([hash64(f"op:{name}") for name in OPS], dtype=np.uint64)


def linked_nodes(
    graphs: list[FileGraph],
    names: list[str],
    name_maps: list[Ints],
    units: list[Unit],
    unit_offset: Ints,
    resolver: Resolver,
) -> tuple[Nodes, Ints]:
    sizes = np.array([len(graph.op) for graph in graphs], dtype=np.int64)
    offset = np.concatenate(([0], np.cumsum(sizes))).astype(np.int32)
    full = Graph(
        op=joined([graph.op for graph in graphs]),
        name=joined([table[graph.name] for graph, table in zip(graphs, name_maps, strict=True)]),
        edge_start=_edge_starts(graphs),
        edge_input=joined([graph.edge_input + o for graph, o in zip(graphs, offset, strict=False)]),
        edge_place=joined(
            [_places(graph, table) for graph, table in zip(graphs, name_maps, strict=True)]
        ),
    )
    sinks = joined([graph.sinks + o for graph, o in zip(graphs, offset, strict=False)])
    linked = Linked(
        graph=full,
        line=joined([graph.line for graph in graphs]),
        var=joined([table[graph.var] for graph, table in zip(graphs, name_maps, strict=True)]),
        unit=_unit_of_nodes(graphs, unit_offset, len(full.op)),
        names=names,
        units=_moved(graphs, offset),
        unit_file=np.repeat(np.arange(len(graphs)), np.diff(unit_offset)).astype(np.int32),
        own_paths=frozenset(
            i for i, n in enumerate(names) if n[0] == EXTERNAL and resolver.is_own(n[2:])
        ),
    )
    return _finished(linked, inline_helpers(linked), sinks, resolver, len(units))


def _moved(graphs: list[FileGraph], offset: Ints) -> list[Unit]:
    """Units with node numbers of the repository."""
    return [
        replace(
            unit,
            nodes=(unit.nodes[0] + o, unit.nodes[1] + o),
            params=tuple(p + o for p in unit.params),
            returns=tuple(r + o for r in unit.returns),
        )
        for graph, o in zip(graphs, offset.tolist(), strict=False)
        for unit in graph.units
    ]


def _finished(
    linked: Linked, copies: Copies, sinks: Ints, resolver: Resolver, unit_count: int
) -> tuple[Nodes, Ints]:
    """Labels over the graph and its copies; dead code dropped; nodes in unit order."""
    graph = linked.graph
    size = len(graph.op)
    counts = np.array([len(inputs) for inputs in copies.inputs], dtype=np.int64)
    whole = Graph(
        op=_with(graph.op, copies.op),
        name=_with(graph.name, copies.name),
        edge_start=_with(graph.edge_start, (graph.edge_start[-1] + np.cumsum(counts)).tolist()),
        edge_input=_with(graph.edge_input, list(chain.from_iterable(copies.inputs))),
        edge_place=_with(graph.edge_place, list(chain.from_iterable(copies.places))),
    )
    columns = _Columns(
        unit=_with(linked.unit, copies.unit),
        line=_with(linked.line, copies.line),
        var=_with(linked.var, copies.var),
        origin=_with(np.arange(size, dtype=np.int32), copies.origin),
        role=_with(
            np.zeros(size, dtype=np.int32), [SEES_HELPER if own else HELPER for own in copies.own]
        ),
    )
    # A copy stands or falls with its original: dead code stays dead.
    live = _live(graph, sinks)[columns.origin]
    live = _live_inputs(whole, live)
    return _compact(whole, columns, live, _labels(whole, list(linked.names), resolver), unit_count)


def _with(column: Ints, more: list[int]) -> Ints:
    return np.concatenate((column, np.array(more, dtype=np.int32))) if more else column


@dataclass(frozen=True, slots=True)
class _Columns:
    unit: Ints
    line: Ints
    var: Ints
    origin: Ints
    role: Ints


def _edge_starts(graphs: list[FileGraph]) -> Ints:
    starts = [np.zeros(1, dtype=np.int32)]
    total = 0
    for graph in graphs:
        starts.append(graph.edge_start[1:] + total)
        total += len(graph.edge_input)
    return joined(starts)


def _places(graph: FileGraph, table: Ints) -> Ints:
    """Keyword places carry a file's name number; give them the repository's."""
    place = graph.edge_place
    keyword = place >= KEYWORD
    if not keyword.any():
        return place
    place = place.copy()
    place[keyword] = table[place[keyword] - KEYWORD] + KEYWORD
    return place


def _unit_of_nodes(graphs: list[FileGraph], unit_offset: Ints, size: int) -> Ints:
    unit = np.zeros(size, dtype=np.int32)
    at = 0
    for graph, first in zip(graphs, unit_offset, strict=False):
        for number, each in enumerate(graph.units):
            low, high = each.nodes
            unit[at + low : at + high] = first + number
        at += len(graph.op)
    return unit


def _live(graph: Graph, sinks: Ints) -> npt.NDArray[np.bool_]:
    """Nodes that some effect depends on: the rest is dead code."""
    live = np.zeros(len(graph.op), dtype=np.bool_)
    frontier = sinks
    while len(frontier):
        live[frontier] = True
        inputs = graph.inputs_of(frontier)
        frontier = np.unique(inputs[~live[inputs]])
    return live


def _live_inputs(graph: Graph, live: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Drop copies that lost an input, so that edges of live nodes end at live nodes."""
    while True:
        nodes = np.flatnonzero(live)
        counts = np.diff(graph.edge_start)[nodes]
        lost = np.repeat(nodes, counts)[~live[graph.inputs_of(nodes)]]
        if not len(lost):
            return live
        live[lost] = False


@dataclass(frozen=True, slots=True)
class _Labelled:
    labels: npt.NDArray[np.uint64]
    bits: npt.NDArray[np.float32]
    mass: npt.NDArray[np.float32]
    own_bits: npt.NDArray[np.float32]


def _labels(graph: Graph, names: list[str], resolver: Resolver) -> _Labelled:
    resolved = [resolver.label(name) for name in names]
    owned = np.array([label.owned for label in resolved] + [False])
    values = np.array(
        [[label.kept for label in resolved] + [FREE], [label.free for label in resolved] + [FREE]],
        dtype=np.uint64,
    )
    bits = np.array(
        [
            [label.kept_bits for label in resolved] + [0.0],
            [label.free_bits for label in resolved] + [0.0],
        ],
        dtype=np.float32,
    )
    keyword_hash = np.array([hash64(f"K:{name[2:]}") for name in names] + [0], dtype=np.uint64)
    is_free_value = np.isin(graph.op, _FREE_VALUES)
    families = []
    for family in (0, 1):
        label = _OP_HASH[graph.op] ^ values[family][graph.name]
        free = is_free_value & (values[family][graph.name] == FREE)
        label[free] = np.uint64(FREE)
        own = _OP_BITS[graph.op] + bits[family][graph.name]
        own[free] = 0.3
        keep_keywords = owned[graph.name] if family else np.ones(len(graph.op), dtype=np.bool_)
        families.append(WeisfeilerLehman(graph, label, own, keyword_hash, keep_keywords).run())
    labels = np.stack([family[0] for family in families])
    subtree = np.stack([family[1] for family in families])
    return _Labelled(labels, subtree, subtree[1, 0].copy(), subtree[0, 0].copy())


def _compact(
    graph: Graph,
    columns: _Columns,
    live: npt.NDArray[np.bool_],
    labelled: _Labelled,
    unit_count: int,
) -> tuple[Nodes, Ints]:
    """Keep live nodes only, in unit order."""
    kept = np.flatnonzero(live)
    kept = kept[np.argsort(columns.unit[kept], kind="stable")]
    renumber = np.full(len(live), -1, dtype=np.int32)
    renumber[kept] = np.arange(len(kept), dtype=np.int32)
    counts = (graph.edge_start[1:] - graph.edge_start[:-1])[kept]
    edges = graph.edges_of(kept)
    nodes = Nodes(
        unit=columns.unit[kept],
        line=columns.line[kept],
        op=graph.op[kept],
        name=graph.name[kept],
        var=columns.var[kept],
        origin=renumber[columns.origin[kept]],
        role=columns.role[kept],
        labels=labelled.labels[:, :, kept],
        bits=labelled.bits[:, :, kept],
        mass=np.where(columns.role[kept] == OWN, labelled.mass[kept], 0).astype(np.float32),
        own_bits=labelled.own_bits[kept],
        edge_start=np.concatenate(([0], np.cumsum(counts))).astype(np.int32),
        edge_input=renumber[graph.edge_input[edges]],
        edge_place=graph.edge_place[edges],
    )
    unit_start = np.searchsorted(nodes.unit, np.arange(unit_count + 1)).astype(np.int32)
    return nodes, unit_start
