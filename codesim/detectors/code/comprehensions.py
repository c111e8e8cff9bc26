"""Comprehensions and the loops that build the same collection, as one operation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codesim.detectors.code import arithmetic
from codesim.detectors.code.graph import BUILTIN, MEMBER, OP, TEXT
from codesim.detectors.code.scope import Scope
from codesim.detectors.code.syntax import IDENTIFIER, KIND_NAMES

if TYPE_CHECKING:
    from codesim.detectors.code.builder import Builder

_COLLECT, _COLLECT_MAP, _ITEM = OP["collect"], OP["collect-map"], OP["item"]
_FOR = KIND_NAMES.index("for_in_clause")
_IF = KIND_NAMES.index("if_clause")
_AUGMENTED = KIND_NAMES.index("augmented_assignment")
_PAIR_KIND = KIND_NAMES.index("pair")


def collect(b: Builder, i: int) -> int:
    """The collected element, whatever the kind of collection; loops and filters are sinks."""
    from codesim.detectors.code import iteration, operators

    b.count("comprehension")
    outer = b.scope
    b.scope = Scope(dict(outer.env), outer.outer, outer.self_name, outer.owner)
    kids = b.kids[i]
    for clause in kids[1:]:
        inner = b.kids[clause]
        if b.kind[clause] == _FOR and len(inner) >= 2:
            iteration.bind_item(b, clause, inner[0], b.value(inner[-1]))
        elif b.kind[clause] == _IF and inner:
            operators.condition(b, inner[0])
    element = kids[0]
    if b.kind[element] == _PAIR_KIND:
        node = b.graph.node(_COLLECT_MAP, b.start[i], b.values(b.kids[element]))
    else:
        node = b.graph.node(_COLLECT, b.start[element], (b.value(element),))
    b.scope = outer
    return node


def applied(b: Builder, i: int, name: str, arguments: list[int]) -> int:
    """``map(f, xs)`` and ``filter(f, xs)`` as comprehensions, or -1 for another shape of call."""
    from codesim.detectors.code import iteration, operators

    if len(arguments) != 2 or any(KIND_NAMES[b.kind[node]] in _NO_VALUES for node in arguments):
        return -1
    function, iterable = arguments
    b.count("map or filter")
    graph = b.graph
    item = iteration.item(b, i, b.value(iterable))
    if name == "filter" and b.text(function) == "None":
        operators.branch(b, i, item)
        return graph.node(_COLLECT, b.start[i], (item,))
    value = _call_of(b, function, item)
    if name == "map":
        return graph.node(_COLLECT, b.start[function], (value,))
    operators.branch(b, i, value)
    return graph.node(_COLLECT, b.start[function], (item,))


def zipped(b: Builder, i: int, sides: tuple[int, ...]) -> int:
    """``dict(zip(keys, values))`` as a dictionary comprehension."""
    from codesim.detectors.code import iteration

    parts = tuple(iteration.items(b, i, sides))
    return b.graph.node(_COLLECT_MAP, b.start[i], parts)


_NO_VALUES = ("keyword_argument", "list_splat", "dictionary_splat")


def _call_of(b: Builder, function: int, item: int) -> int:
    """The value of calling an expression on one item: a lambda is read with it as parameter."""
    from codesim.detectors.code import calls, expressions

    kids = b.kids[function]
    if KIND_NAMES[b.kind[function]] == "lambda" and len(kids) == 2:
        names = expressions.parameter_names(b, kids[0])
        if len(names) == 1:
            outer = b.scope
            b.scope = Scope(dict(outer.env), outer.outer, outer.self_name, outer.owner)
            b.bind(names[0], item)
            value = b.value(kids[1])
            b.scope = outer
            return value
    return calls.on_item(b, function, item)


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


def adds_up(b: Builder, body: int, name: str, held: int) -> bool:
    """True for a name that starts at 0 or "" and to which a loop does nothing but add."""
    graph = b.graph
    if not (arithmetic.is_number(b, held, 0) or b.graph_name(graph.name[held]) == f"{TEXT}:"):
        return False
    seen = [
        node
        for node in range(body, b.syntax.end[body])
        if b.kind[node] == IDENTIFIER and b.text(node) == name
    ]
    if len(seen) != 1 or b.kind[seen[0] - 1] != _AUGMENTED:
        return False
    return b.syntax.operator(seen[0] - 1) == "+="


def added(b: Builder, name: str, value: int, i: int) -> None:
    """``t += v`` for every round is ``sum(v ...)``, and of texts ``"".join(v ...)``."""
    graph = b.graph
    held = b.scope.env[name]
    collected = graph.node(_COLLECT, b.start[i], (value,))
    if graph.op[held] == OP["string"]:
        reference = graph.intern(f"{MEMBER}:join")
        total = graph.node(OP["method"], b.start[i], (held, collected), reference)
    else:
        total = graph.node(OP["call"], b.start[i], (collected,), graph.intern(f"{BUILTIN}:sum"))
    b.scope.sums[name] = total
    b.bind(name, total)


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
