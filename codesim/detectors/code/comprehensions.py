"""Comprehensions and the loops that build the same collection, as one operation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codesim.detectors.code import arithmetic
from codesim.detectors.code.graph import BUILTIN, MEMBER, OP, TEXT
from codesim.detectors.code.scope import Scope
from codesim.detectors.code.syntax import IDENTIFIER, KIND_NAMES

if TYPE_CHECKING:
    from codesim.detectors.code.builder import Builder

_COLLECT, _COLLECT_MAP, _SEQ = OP["collect"], OP["collect-map"], OP["seq"]
_FOR = KIND_NAMES.index("for_in_clause")
_IF = KIND_NAMES.index("if_clause")
_AUGMENTED = KIND_NAMES.index("augmented_assignment")
_PAIR_KIND = KIND_NAMES.index("pair")
_MOST_CHOICES = 8  # as many as a phi keeps
_FAR = 2_000  # nodes; a list begun so far above is hardly one that is being written out


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

    A list that starts empty and is appended to in a loop becomes what a comprehension gives; one
    that is appended to outside of loops becomes the list written out.
    """
    held = b.scope.env.get(name)
    if held is None or len(arguments) != 1 or method not in ("append", "extend", "add"):
        return False
    if KIND_NAMES[b.kind[arguments[0]]] in _NO_VALUES or not is_collection(b, held):
        return False
    if b.graph.op[held] == _SEQ and _is_shared(b, name, held):
        return False
    graph = b.graph
    value = b.value(arguments[0])
    at = b.start[arguments[0]]
    if method == "add":
        fresh = graph.node(_COLLECT, at, (value,))
        b.bind(name, fresh if is_empty(b, held) else _either(b, arguments[0], held, fresh))
    elif method == "append":
        b.bind(name, appended(b, arguments[0], held, (value,)))
    elif graph.op[value] == _SEQ:
        b.bind(name, appended(b, arguments[0], held, graph.inputs[value]))
    else:
        fresh = value if graph.op[value] == _COLLECT else graph.node(OP["extend"], at, (value,))
        joined = fresh if is_empty(b, held) else arithmetic.joined(b, at, held, fresh)
        b.bind(name, joined)
    return True


def _is_shared(b: Builder, name: str, held: int) -> bool:
    """True for a list that something else may hold as well, so that to append is an effect."""
    graph = b.graph
    if b.is_outward(name):
        return bool(graph.inputs[held])
    if b.scope.loops:
        return False
    return len(graph.op) - held > _FAR or any(held in used for used in graph.inputs[held + 1 :])


def appended(b: Builder, i: int, held: int, values: tuple[int, ...]) -> int:
    """A list with some values put behind what it holds.

    What one round of a loop appends stays together, in order; what comes from elsewhere is joined
    to it.
    """
    graph = b.graph
    at, inputs = b.start[i], graph.inputs[held]
    if not values:
        return held
    if graph.op[held] == OP["phi"] and len(inputs) <= _MOST_CHOICES:
        parts = [appended(b, i, each, values) for each in inputs]
        return graph.node(OP["phi"], at, tuple(parts), -1, (0,) * len(parts))
    if arithmetic.is_joined(b, held) and _takes_more(b, inputs[1], len(values)):
        return arithmetic.joined(b, at, inputs[0], appended(b, i, inputs[1], values))
    if is_empty(b, held):
        return _list_of(b, at, values)
    if _takes_more(b, held, len(values)):
        return _list_of(b, at, inputs + values)
    return arithmetic.joined(b, at, held, _list_of(b, at, values))


def _takes_more(b: Builder, held: int, more: int) -> bool:
    """True for a list that this round, or these statements outside of loops, began."""
    if len(b.graph.inputs[held]) + more > arithmetic.MOST_PARTS:
        return False
    if b.graph.op[held] == _SEQ:
        return not b.scope.loops
    return b.scope.loops > 0 and b.scope.made.get(held) == b.scope.round


def _list_of(b: Builder, at: int, values: tuple[int, ...]) -> int:
    node = b.graph.node(_COLLECT if b.scope.loops else _SEQ, at, values)
    b.scope.made[node] = b.scope.round
    return node


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
    if held is None or not is_collection(b, held) or not b.scope.loops:
        return False
    if b.graph.op[held] == _SEQ and not is_empty(b, held):
        return False
    fresh = b.graph.node(_COLLECT_MAP, b.start[i], (key, value))
    b.bind(name, fresh if is_empty(b, held) else _either(b, i, held, fresh))
    return True


def is_collection(b: Builder, held: int) -> bool:
    """True for a list, set or dictionary that this function began itself."""
    graph = b.graph
    op = graph.op[held]
    if op in (_COLLECT, _COLLECT_MAP, OP["extend"], _SEQ):
        return True
    if op == OP["phi"]:
        return all(is_collection(b, part) for part in graph.inputs[held])
    if arithmetic.is_joined(b, held):
        return is_collection(b, graph.inputs[held][1])
    if op == OP["call"] and not graph.inputs[held]:
        return b.graph_name(graph.name[held]) in ("B:list", "B:dict", "B:set")
    return op in (OP["dict"], OP["set"]) and not graph.inputs[held]


def is_empty(b: Builder, held: int) -> bool:
    """True for a collection that holds nothing yet."""
    return not b.graph.inputs[held] and is_collection(b, held)


def adds_to(b: Builder, more: int, held: int) -> bool:
    """True for a collection that is another one with something put to it."""
    graph = b.graph
    if is_empty(b, held):
        return is_collection(b, more) and not is_empty(b, more)
    while arithmetic.is_joined(b, more) and is_collection(b, more):
        more = graph.inputs[more][0]
        if more == held:
            return True
    return False


def _either(b: Builder, i: int, held: int, fresh: int) -> int:
    from codesim.detectors.code import operators

    return operators.phi(b, i, held, fresh)
