"""From the builder's lists to the arrays of a FileGraph."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from codesim.detectors.code.graph import OP, FileGraph, Ints, Unit
from codesim.detectors.code.lexer import fallback_tokens
from codesim.detectors.code.tokens import owners, tokens

if TYPE_CHECKING:
    from codesim.detectors.code.builder import Builder


def file_graph(b: Builder) -> FileGraph:
    """Pack what the builder collected."""
    graph = b.graph
    newlines = np.array(b.newlines, dtype=np.int64)
    counts = np.fromiter(map(len, graph.inputs), dtype=np.int32, count=len(graph.inputs))
    kind, token_name, offset, words = tokens(b.syntax)
    token_line = _lines(newlines, offset)
    return FileGraph(
        names=list(graph.names),
        units=b.units,
        op=_ints(graph.op),
        name=_ints(graph.name),
        var=_ints(graph.var),
        line=_lines(newlines, _ints(graph.at)),
        edge_start=np.concatenate(([0], np.cumsum(counts))).astype(np.int32),
        edge_input=_ints(list(chain.from_iterable(graph.inputs))),
        edge_place=_ints(
            list(
                chain.from_iterable(
                    range(len(inputs)) if places is None else places
                    for inputs, places in zip(graph.inputs, graph.places, strict=True)
                )
            )
        ),
        sinks=_ints(sorted(set(graph.sinks))),
        words=words,
        token_kind=kind,
        token_name=token_name,
        token_line=token_line,
        token_unit=owners(b.units, token_line),
        aliases=dict(b.imports.paths),
        bound=b.bound,
        defined=b.defined,
        lines=len(b.newlines) + 1,
        degraded=_errors(b),
    )


def _errors(b: Builder) -> str:
    errors = b.syntax.errors
    if not errors:
        return ""
    line = b.line(errors[0][0])
    return f"syntax error near line {line}; what could not be parsed there is not compared"


def degraded_graph(text: str, reason: str) -> FileGraph:
    """A file that takes part through its tokens alone: one node per token, without edges."""
    found = fallback_tokens(text)
    newlines = np.array([i for i, ch in enumerate(text) if ch == "\n"], dtype=np.int64)
    lines = len(newlines) + 1
    none = _ints([])
    line = _lines(newlines, found.offset)
    size = len(found.kind)
    absent = np.full(size, -1, dtype=np.int32)
    return FileGraph(
        names=[], units=[Unit("module", "text", (1, lines), nodes=(0, size))],
        op=np.full(size, OP["token"], dtype=np.int32), name=absent, var=absent, line=line,
        edge_start=np.zeros(size + 1, dtype=np.int32), edge_input=none, edge_place=none,
        sinks=np.arange(size, dtype=np.int32), words=found.words, token_kind=found.kind,
        token_name=found.name, token_line=line, token_unit=np.zeros(size, dtype=np.int32),
        aliases=found.aliases, bound=found.bound, defined=found.defined, lines=lines,
        degraded=reason,
    )  # fmt: skip


def _ints(values: list[int]) -> Ints:
    return np.array(values, dtype=np.int32)


def _lines(newlines: np.ndarray[tuple[int], np.dtype[np.int64]], offsets: Ints) -> Ints:
    return (np.searchsorted(newlines, offsets) + 1).astype(np.int32)
