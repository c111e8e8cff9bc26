"""Comprehensions and the loops that build the same collection, as one operation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codesim.detectors.code.graph import OP
from codesim.detectors.code.scope import Scope
from codesim.detectors.code.syntax import KIND_NAMES

if TYPE_CHECKING:
    from codesim.detectors.code.builder import Builder

_COLLECT, _COLLECT_MAP, _ITEM = OP["collect"], OP["collect-map"], OP["item"]
_FOR = KIND_NAMES.index("for_in_clause")
_IF = KIND_NAMES.index("if_clause")
_PAIR_KIND = KIND_NAMES.index("pair")


def collect(b: Builder, i: int) -> int:
    """The collected element, whatever the kind of collection; loops and filters are sinks."""
    from codesim.detectors.code import operators, statements

    b.count("comprehension")
    outer = b.scope
    b.scope = Scope(dict(outer.env), outer.outer, outer.self_name, outer.owner)
    kids = b.kids[i]
    for clause in kids[1:]:
        inner = b.kids[clause]
        if b.kind[clause] == _FOR and len(inner) >= 2:
            statements.bind_item(b, clause, inner[0], b.value(inner[-1]))
        elif b.kind[clause] == _IF and inner:
            operators.condition(b, inner[0])
    element = kids[0]
    if b.kind[element] == _PAIR_KIND:
        node = b.graph.node(_COLLECT_MAP, b.start[i], b.values(b.kids[element]))
    else:
        node = b.graph.node(_COLLECT, b.start[element], (b.value(element),))
    b.scope = outer
    return node


def collecting(b: Builder, name: str, method: str, arguments: list[int]) -> bool:
    """Read ``xs.append(v)`` on a local list as collecting ``v``; False when it is not that.

    A list that starts empty and is appended to in a loop becomes what a comprehension gives.
    """
    held = b.scope.env.get(name)
    if held is None or len(arguments) != 1 or method not in ("append", "extend", "add"):
        return False
    graph = b.graph
    if not _is_collection(b, held):
        return False
    value = b.value(arguments[0])
    if method == "extend":
        fresh = value if graph.op[value] == _COLLECT else None
        if fresh is None:
            fresh = graph.node(OP["extend"], b.start[arguments[0]], (value,))
    else:
        fresh = graph.node(_COLLECT, b.start[arguments[0]], (value,))
    b.bind(name, _merged(b, held, fresh, arguments[0]))
    return True


def set_item(b: Builder, name: str, key: int, value: int, i: int) -> bool:
    """Read ``d[k] = v`` on a local dictionary that started empty as a dictionary comprehension."""
    held = b.scope.env.get(name)
    if held is None or not _is_collection(b, held) or not b.scope.loops:
        return False
    fresh = b.graph.node(_COLLECT_MAP, b.start[i], (key, value))
    b.bind(name, _merged(b, held, fresh, i))
    return True


def _is_collection(b: Builder, held: int) -> bool:
    graph = b.graph
    op = graph.op[held]
    if op in (_COLLECT, _COLLECT_MAP, OP["extend"]):
        return True
    if op == OP["phi"]:
        return all(_is_collection(b, part) for part in graph.inputs[held])
    if op == OP["call"] and not graph.inputs[held]:
        return b.graph_name(graph.name[held]) in ("B:list", "B:dict", "B:set")
    return op in (OP["seq"], OP["dict"], OP["set"]) and not graph.inputs[held]


def is_empty(b: Builder, held: int) -> bool:
    """True for a collection that holds nothing yet."""
    return not b.graph.inputs[held] and _is_collection(b, held)


def _merged(b: Builder, held: int, fresh: int, i: int) -> int:
    from codesim.detectors.code import operators

    if is_empty(b, held):
        return fresh
    return operators.phi(b, i, held, fresh)
