"""Reads a flat syntax tree into the value graph, one unit at a time."""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from collections.abc import Callable
from typing import TypeAlias

from codesim.detectors.code.graph import (
    DEFINITION,
    FEATURE,
    LOCAL,
    OP,
    SELF,
    FileGraph,
    GraphWriter,
    Unit,
)
from codesim.detectors.code.scope import ClassScope, Imports, Scope
from codesim.detectors.code.syntax import KIND_NAMES, Syntax

Deferred: TypeAlias = tuple[Callable[..., None], int, Scope, str]


class Builder:
    """State of reading one file: the syntax, the graph so far, and the unit being read."""

    def __init__(self, syntax: Syntax, cells: tuple[tuple[int, int, int], ...] = ()) -> None:
        self.syntax = syntax
        self.kind = syntax.kind
        self.kids = syntax.kids
        self.start = syntax.start
        self.graph = GraphWriter()
        self.imports = Imports()
        self.units: list[Unit] = []
        self.defined: set[str] = set()
        self.bound: set[str] = set()
        self.classes: list[ClassScope] = []
        self.deferred: deque[Deferred] = deque()
        self.globals_read: list[tuple[int, str]] = []
        self.scope = Scope({})
        self.module = self.scope
        self.unit = Unit("", "module", (1, 1))
        self.cells = cells
        self.newlines = _newlines(syntax.source)

    # -- names ---------------------------------------------------------------------------------

    def text(self, node: int) -> str:
        """Source text of an identifier."""
        syntax = self.syntax
        return syntax.source[syntax.start[node] : syntax.stop[node]].decode("utf-8", "replace")

    def line(self, at: int) -> int:
        """1-based line of a byte offset."""
        return bisect_right(self.newlines, at) + 1

    def count(self, feature: str) -> None:
        """Count one construct of the current unit."""
        self.unit.features[FEATURE[feature]] += 1

    # -- reading -------------------------------------------------------------------------------

    def value(self, node: int) -> int:
        """The graph node of an expression."""
        return EXPRESSIONS[self.kind[node]](self, node)

    def values(self, nodes: list[int]) -> tuple[int, ...]:
        """The graph nodes of several expressions."""
        kind = self.kind
        return tuple([EXPRESSIONS[kind[node]](self, node) for node in nodes])

    def run(self, node: int) -> bool:
        """Read one statement; True when control never goes on behind it."""
        return STATEMENTS[self.kind[node]](self, node)

    def block(self, node: int) -> bool:
        """Read the statements of a block; True when control never leaves it at the end."""
        kind, kids = self.kind, self.kids
        features = self.unit.features
        for child in kids[node]:
            features[0] += 1
            if STATEMENTS[kind[child]](self, child):
                return True
        return False

    def bind(self, name: str, value: int) -> None:
        """A local name now stands for a value."""
        self.scope.env[name] = value
        self.bound.add(name)
        graph = self.graph
        if graph.var[value] < 0:
            graph.var[value] = graph.intern(f"{LOCAL}:{name}")

    def is_outward(self, name: str) -> bool:
        """True when a name bound here can be read elsewhere: module level, global, class body."""
        scope = self.scope
        return scope is self.module or name in scope.globals or self.unit.role == "class"

    def alternatives(self, value: int) -> tuple[int, ...]:
        """The values a phi node chooses from, so that early returns and else branches agree."""
        if self.graph.op[value] != OP["phi"]:
            return (value,)
        return self.graph.inputs[value]

    # -- the file ------------------------------------------------------------------------------

    def begin(self, unit: Unit, scope: Scope) -> None:
        """Start a unit; nodes from here on belong to it."""
        size = len(self.graph.op)
        unit.nodes = (size, size)
        self.units.append(unit)
        self.unit = unit
        self.scope = scope

    def finish(self) -> None:
        """End the current unit."""
        self.unit.nodes = (self.unit.nodes[0], len(self.graph.op))

    def file(self) -> None:
        """Read the whole file: the module body first, then everything it defines."""
        lines = len(self.newlines) + 1
        self.begin(Unit("module", "module", (1, lines)), self.scope)
        self._module_body()
        self.finish()
        while self.deferred:
            read, node, scope, name = self.deferred.popleft()
            read(self, node, scope, name)
        self._read_back()

    def _module_body(self) -> None:
        cells = deque(self.cells)
        for child in self.kids[0] if self.kind else ():
            while cells and self.line(self.start[child]) > cells[0][2]:
                cells.popleft()
            if cells and self.unit.lines != cells[0][1:]:
                self.finish()
                self.begin(Unit(f"cell {cells[0][0]}", "cell", cells[0][1:]), self.scope)
            self.unit.features[0] += 1
            self.run(child)

    def _read_back(self) -> None:
        """Give reads of ``self.x`` and of module constants an edge to their only definition."""
        graph = self.graph
        for owner in self.classes:
            for node, attribute in owner.reads:
                if attribute in owner.properties and graph.op[node] == OP["self-attr"]:
                    graph.op[node] = OP["call"]  # reading a property calls its method
                stored = owner.stores.get(attribute, ())
                if len(stored) == 1 and stored[0] != node:
                    self._prepend(node, stored[0])
        for node, name in self.globals_read:
            value = self.module.env.get(name)
            if value is not None and value != node and graph.op[value] not in (OP["phi"],):
                self._prepend(node, value)

    def _prepend(self, node: int, value: int) -> None:
        graph = self.graph
        old, places = graph.inputs[node], graph.places[node]
        graph.inputs[node] = (*old, value)
        graph.places[node] = (*(places or range(len(old))), DEFINITION)

    def self_name(self, attribute: str) -> int:
        """Name reference of an attribute of self."""
        return self.graph.intern(f"{SELF}:{attribute}")

    def graph_name(self, reference: int) -> str:
        """The spelling of a name reference; empty for none."""
        return self.graph.spelling[reference] if reference >= 0 else ""


def _newlines(source: bytes) -> list[int]:
    found: list[int] = []
    at = source.find(b"\n")
    while at >= 0:
        found.append(at)
        at = source.find(b"\n", at + 1)
    return found


def _tables() -> tuple[list[Callable[..., int]], list[Callable[..., bool]]]:
    from codesim.detectors.code import expressions, statements

    values = [expressions.HANDLERS.get(name, expressions.unknown) for name in KIND_NAMES]
    runs = [statements.HANDLERS.get(name, statements.expression) for name in KIND_NAMES]
    return values, runs


EXPRESSIONS: list[Callable[..., int]] = []
STATEMENTS: list[Callable[..., bool]] = []


def build(syntax: Syntax, cells: tuple[tuple[int, int, int], ...] = ()) -> FileGraph:
    """The value graph and tokens of one parsed file."""
    from codesim.detectors.code.record import file_graph

    if not EXPRESSIONS:
        values, runs = _tables()
        EXPRESSIONS.extend(values)
        STATEMENTS.extend(runs)
    builder = Builder(syntax, cells)
    builder.file()
    return file_graph(builder)
