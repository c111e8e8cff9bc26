"""Helpers of the same repository inlined one level, as extra nodes.

Extracting or inlining a helper must not hide a copy. Inlining only ever adds: the caller keeps its
own nodes, and beside them stand copies of the helper's nodes with arguments in place of parameters,
and copies of the few uses that see the result. Each copy remembers the node it stands for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from codesim.detectors.code.graph import COMMUTATIVE, KEYWORD, OP, Ints, Unit
from codesim.detectors.code.labels import DEPTH, Graph

# A helper larger than this stands on its own; a caller larger than this gains little.
_MAX_HELPER = 60
_MAX_CALLER = 1500
_MAX_CALLS = 16
_MAX_PLACE = 64
_CALL, _PHI = OP["call"], OP["phi"]
_OUTSIDE = frozenset(OP[name] for name in ("return", "default", "decorate", "param"))


@dataclass(slots=True)
class Copies:
    """Extra nodes: parallel lists; ``origin`` is the node each stands for, ``own`` is True for
    copies of the caller's own nodes. Inputs number original nodes first, then copies.
    """

    op: list[int] = field(default_factory=list)
    name: list[int] = field(default_factory=list)
    var: list[int] = field(default_factory=list)
    line: list[int] = field(default_factory=list)
    unit: list[int] = field(default_factory=list)
    origin: list[int] = field(default_factory=list)
    own: list[bool] = field(default_factory=list)
    inputs: list[tuple[int, ...]] = field(default_factory=list)
    places: list[tuple[int, ...]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Linked:
    """A repository's full graph with what inlining needs to know of it."""

    graph: Graph
    line: Ints
    var: Ints
    unit: Ints
    names: Sequence[str]
    units: Sequence[Unit]  # node ranges, params and returns in repository numbers
    unit_file: Ints
    own_paths: frozenset[int]  # name references that lead into the repository


def inline_helpers(linked: Linked) -> Copies:
    """Copies for every caller of a small helper."""
    copies = Copies()
    calls = _calls(linked)
    for caller in sorted(calls):
        first, last = linked.units[caller].nodes
        if last - first <= _MAX_CALLER:
            _Inliner(linked, copies, caller).run(calls[caller][:_MAX_CALLS])
    return copies


def _calls(linked: Linked) -> dict[int, list[tuple[int, int]]]:
    """Calls of small helpers by caller: (call node, helper)."""
    helpers: dict[str, list[int]] = defaultdict(list)
    near: dict[tuple[str, int], list[int]] = defaultdict(list)
    for number, unit in enumerate(linked.units):
        first, last = unit.nodes
        if unit.role in ("function", "method") and 0 < last - first <= _MAX_HELPER:
            name = unit.name.rpartition(".")[2]
            helpers[name].append(number)
            near[name, int(linked.unit_file[number])].append(number)
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    graph = linked.graph
    for node in np.flatnonzero(graph.op == _CALL).tolist():
        reference = int(graph.name[node])
        if reference < 0:
            continue
        spelled = linked.names[reference]
        if spelled[0] not in "GS" and reference not in linked.own_paths:
            continue
        caller = int(linked.unit[node])
        name = spelled[2:].rpartition(".")[2]
        file = int(linked.unit_file[caller])
        helper = _only(near.get((name, file), ())) or _only(helpers.get(name, ()))
        if helper is not None and helper != caller:
            found[caller].append((node, helper))
    return found


def _only(candidates: Sequence[int]) -> int | None:
    """A name is resolved when one helper has it: in the caller's file, else anywhere."""
    return candidates[0] if len(candidates) == 1 else None


class _Inliner:
    """Builds the copies of one caller."""

    def __init__(self, linked: Linked, copies: Copies, caller: int) -> None:
        self._linked = linked
        self._copies = copies
        self._caller = caller
        self._offset = len(linked.graph.op)
        # Caller node -> what stands for it where a helper's result is seen, and how far that is.
        self._instead: dict[int, int] = {}
        self._distance: dict[int, int] = {}

    def run(self, calls: list[tuple[int, int]]) -> None:
        helpers = dict(calls)
        first, last = self._linked.units[self._caller].nodes
        for node in range(first, last):
            inputs, places = self._edges(node)
            near = [self._distance[i] for i in inputs if i in self._instead]
            if node in helpers:
                self._inline(node, helpers[node], inputs, places)
            elif near and min(near) < DEPTH:
                self._distance[node] = min(near) + 1
                mapped = tuple(self._instead.get(i, i) for i in inputs)
                self._instead[node] = self._copy(node, mapped, places, own=True)

    def _inline(
        self, call: int, helper: int, inputs: tuple[int, ...], places: tuple[int, ...]
    ) -> None:
        linked = self._linked
        unit = linked.units[helper]
        mapped = self._arguments(unit, inputs, places)
        line = int(linked.line[call])
        for node in range(*unit.nodes):
            if node in mapped or int(linked.graph.op[node]) in _OUTSIDE:
                continue
            inner, inner_places = self._edges(node)
            moved = tuple(mapped.get(i, i) for i in inner)
            mapped[node] = self._copy(node, moved, inner_places, own=False, line=line)
        results = tuple(dict.fromkeys(mapped.get(r, r) for r in unit.returns))
        if len(results) > 1:
            copies = (0,) * len(results)
            self._instead[call] = self._append(_PHI, -1, call, results, copies, False, line)
        elif results:
            self._instead[call] = results[0]
        if results:
            self._distance[call] = 0

    def _arguments(
        self, unit: Unit, inputs: tuple[int, ...], places: tuple[int, ...]
    ) -> dict[int, int]:
        """Parameters of the helper and the values that this call gives them."""
        names = self._linked.names
        by_name = {
            names[int(self._linked.graph.name[p])][2:]: p
            for p in unit.params
            if self._linked.graph.name[p] >= 0
        }
        mapped: dict[int, int] = {}
        for place, value in zip(places, inputs, strict=True):
            value = self._instead.get(value, value)
            if place < min(_MAX_PLACE, len(unit.params)):
                mapped[unit.params[place]] = value
            elif place >= KEYWORD:
                parameter = by_name.get(names[place - KEYWORD][2:])
                if parameter is not None:
                    mapped[parameter] = value
        return mapped

    def _edges(self, node: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
        graph = self._linked.graph
        span = slice(int(graph.edge_start[node]), int(graph.edge_start[node + 1]))
        return tuple(graph.edge_input[span].tolist()), tuple(graph.edge_place[span].tolist())

    def _copy(
        self,
        node: int,
        inputs: tuple[int, ...],
        places: tuple[int, ...],
        own: bool,
        line: int | None = None,
    ) -> int:
        linked = self._linked
        op, name = int(linked.graph.op[node]), int(linked.graph.name[node])
        at = int(linked.line[node]) if line is None else line
        return self._append(op, name, node, inputs, places, own, at)

    def _append(
        self,
        op: int,
        name: int,
        origin: int,
        inputs: tuple[int, ...],
        places: tuple[int, ...],
        own: bool,
        line: int,
    ) -> int:
        copies = self._copies
        number = self._offset + len(copies.op)
        copies.op.append(op)
        copies.name.append(name)
        copies.var.append(int(self._linked.var[origin]))
        copies.line.append(line)
        copies.unit.append(self._caller)
        copies.origin.append(origin)
        copies.own.append(own)
        copies.inputs.append(inputs)
        copies.places.append(places if op not in COMMUTATIVE else (0,) * len(inputs))
        return number
