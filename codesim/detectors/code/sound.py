"""Whether a file graph that somebody else stored is one: every index in it leads somewhere.

A graph of ours is always sound. One that comes out of a file which others may have written is
checked before anything follows its indices.
"""

from __future__ import annotations

import numpy as np

from codesim.detectors.code.graph import FEATURES, KEYWORD, OPS, FileGraph, Ints, Unit


def check_graph(graph: FileGraph) -> None:
    """Raises ValueError, with what is wrong, for a graph that is not sound."""
    nodes, names, words = len(graph.op), len(graph.names), len(graph.words)
    _within("operation", graph.op, nodes, 0, len(OPS))
    _within("name", graph.name, nodes, -1, names)
    _within("variable", graph.var, nodes, -1, names)
    _within("line", graph.line, nodes, 0, graph.lines + 1)
    _check_edges(graph, nodes, names)
    _within("effect", graph.sinks, len(graph.sinks), 0, nodes)
    tokens = len(graph.token_kind)
    _within("token", graph.token_kind, tokens, 0, 1 << 31)
    _within("word", graph.token_name, tokens, -1, words)
    _within("line", graph.token_line, tokens, 0, graph.lines + 1)
    _within("unit", graph.token_unit, tokens, 0, len(graph.units))
    if any(len(name) < 2 for name in graph.names):
        raise ValueError("a name is none")
    for unit in graph.units:
        _check_unit(unit, nodes, graph.lines)


def _check_edges(graph: FileGraph, nodes: int, names: int) -> None:
    start = graph.edge_start
    edges = len(graph.edge_input)
    _within("edge", start, nodes + 1, 0, edges + 1)
    if start[0] or start[-1] != edges or np.any(np.diff(start) < 0):
        raise ValueError("an edge is missing")
    _within("input", graph.edge_input, edges, 0, nodes)
    _within("place", graph.edge_place, edges, 0, KEYWORD + names)


def _check_unit(unit: Unit, nodes: int, lines: int) -> None:
    first, last = unit.nodes
    ends = (*unit.params, *unit.returns)
    top, bottom = unit.lines
    if not (0 <= first <= last <= nodes and all(0 <= each < nodes for each in ends)):
        raise ValueError("a unit has nodes that are not there")
    if not 0 <= top <= bottom <= max(1, lines):
        raise ValueError("a unit has lines that are not there")
    if len(unit.features) != len(FEATURES):
        raise ValueError("a unit has other features")


def _within(what: str, column: Ints, length: int, low: int, high: int) -> None:
    """One dimension, so long, and every number in ``low..high - 1``."""
    if column.ndim != 1 or len(column) != length:
        raise ValueError(f"a column has another length: {what}")
    if len(column) and not (low <= column.min() and column.max() < high):
        raise ValueError(f"a number leads nowhere: {what}")
