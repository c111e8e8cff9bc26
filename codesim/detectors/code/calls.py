"""Calls to graph nodes: who is called decides how much a copier could have renamed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codesim.detectors.code import comprehensions, idioms, library, strings
from codesim.detectors.code.graph import (
    BUILTIN,
    DEFINITION,
    EXTERNAL,
    GLOBAL,
    KEYWORD,
    KEYWORD_NAME,
    MEMBER,
    OP,
)
from codesim.detectors.code.scope import TELLING, TELLING_METHODS, TELLING_ROOTS
from codesim.detectors.code.syntax import ATTRIBUTE, IDENTIFIER, KIND_NAMES

if TYPE_CHECKING:
    from codesim.detectors.code.builder import Builder

_CALL, _VALUE_CALL, _METHOD, _SUPER = (
    OP[name] for name in ("call", "value-call", "method", "super-call")
)
_COLLECT = OP["collect"]
_APPLIED = frozenset(("map", "filter"))
_KEYWORD_ARGUMENT = KIND_NAMES.index("keyword_argument")


def call(b: Builder, i: int) -> int:
    """A call by the kind of its callee: path, builtin, own definition, method, or a value."""
    from codesim.detectors.code import expressions

    kids = b.kids[i]
    if len(kids) != 2:
        return expressions.unknown(b, i)
    b.unit.features[_FEATURE_CALL] += 1
    callee, arguments = kids
    kind = b.kind[callee]
    if kind == ATTRIBUTE and len(b.kids[callee]) >= 2:
        return _attribute_call(b, i, callee, arguments)
    if kind == IDENTIFIER:
        name = b.text(callee)
        if name not in b.scope.env:
            return _named_call(b, i, name, arguments)
    inputs, places = _arguments(b, arguments, (b.value(callee),))
    return b.graph.node(_VALUE_CALL, b.start[i], inputs, -1, places)


def _named_call(b: Builder, i: int, name: str, arguments: int) -> int:
    from codesim.detectors.code import expressions

    node = expressions.reference(b, name, i)
    graph = b.graph
    own = graph.op[node] != OP["ref"] or b.graph_name(graph.name[node])[0] != BUILTIN
    if name in _APPLIED and not own and KIND_NAMES[b.kind[arguments]] == "argument_list":
        value = comprehensions.applied(b, i, name, b.kids[arguments])
        if value >= 0:
            return value
    inputs, places = _arguments(b, arguments, ())
    if name == "zip" and not own:
        inputs, places = idioms.without(b, "strict", inputs, places)
    if graph.op[node] != OP["ref"]:  # a captured variable of an enclosing function
        return graph.node(_VALUE_CALL, b.start[i], (node, *inputs), -1, _shift(places))
    reference = graph.name[node]
    if own:
        return _reached(b, i, reference, inputs, places)
    value = -1
    if places is None:
        value = _plain_builtin(b, i, name, inputs)
    elif name == "dict":
        value = idioms.keywords_as_dictionary(b, i, inputs, places)
    return value if value >= 0 else graph.node(_CALL, b.start[i], inputs, reference, places)


def _plain_builtin(b: Builder, i: int, name: str, inputs: tuple[int, ...]) -> int:
    """A call of a builtin by places alone that something else says as well, or -1."""
    graph = b.graph
    if any(graph.op[value] == OP["star"] for value in inputs):
        return -1
    if len(inputs) == 1:
        parts = graph.inputs[inputs[0]]
        if graph.op[inputs[0]] == _COLLECT and name in ("tuple", "list", "set"):
            return inputs[0]
        if name == "dict" and graph.op[inputs[0]] == _COLLECT and len(parts) == 1:
            key_value = graph.inputs[parts[0]]
            if graph.op[parts[0]] == OP["seq"] and len(key_value) == 2:
                return graph.node(OP["collect-map"], b.start[i], key_value)
        if name == "dict" and _is_zip_of_two(b, inputs[0]):
            return comprehensions.zipped(b, i, parts)
    if name in ("setattr", "getattr") and len(inputs) == (3 if name == "setattr" else 2):
        return _dynamic_attribute(b, i, name, inputs)
    return idioms.builtin(b, i, name, inputs)


def _is_zip_of_two(b: Builder, node: int) -> bool:
    graph = b.graph
    inputs = graph.inputs[node]
    return (
        graph.op[node] == _CALL
        and b.graph_name(graph.name[node]) == "B:zip"
        and graph.places[node] is None
        and len(inputs) == 2
        and all(graph.op[value] != OP["star"] for value in inputs)
    )


def _reached(
    b: Builder, i: int, reference: int, inputs: tuple[int, ...], places: tuple[int, ...] | None
) -> int:
    """A call of something that is no builtin: ``from torch import cat`` names a library too."""
    name = b.graph_name(reference)
    if name[0] == EXTERNAL:
        return idioms.function(b, b.start[i], name[2:], inputs, places)
    return b.graph.node(_CALL, b.start[i], inputs, reference, places)


def on_item(b: Builder, function: int, item: int) -> int:
    """The call of a function that is passed on by name, as in ``map(torch.sin, xs)``."""
    from codesim.detectors.code import expressions

    graph = b.graph
    at, kind = b.start[function], b.kind[function]
    if kind == ATTRIBUTE and len(b.kids[function]) >= 2:
        path = expressions.dotted(b, function)
        if path is not None:
            return idioms.function(b, at, path, (item,), None)
        obj, attr = b.kids[function][0], b.kids[function][-1]
        if b.kind[obj] == IDENTIFIER and b.text(obj) in _TYPES:  # str.strip
            return idioms.method(b, at, b.text(attr), (item,), None)
        if expressions.is_self(b, obj):
            return graph.node(_CALL, at, (item,), b.self_name(b.text(attr)))
    value = b.value(function)
    if graph.op[value] == OP["ref"]:
        return _reached(b, function, graph.name[value], (item,), None)
    return graph.node(_VALUE_CALL, at, (value, item))


_TYPES = frozenset(("str", "bytes", "dict", "list", "set"))


def _dynamic_attribute(b: Builder, i: int, name: str, inputs: tuple[int, ...]) -> int:
    """``setattr(x, "size", 1)`` is ``x.size = 1``."""
    graph = b.graph
    key = graph.name[inputs[1]]
    if graph.op[inputs[1]] == OP["string"] and key >= 0:
        text = b.graph_name(key)[2:]
        if text.isidentifier():
            reference = graph.intern(f"{MEMBER}:{text}")
            if name == "getattr":
                return graph.node(OP["attr"], b.start[i], inputs[:1], reference)
            return graph.sink(OP["store-attr"], b.start[i], (inputs[0], inputs[2]), reference)
    return graph.node(_CALL, b.start[i], inputs, graph.intern(f"B:{name}"))


def _attribute_call(b: Builder, i: int, callee: int, arguments: int) -> int:
    from codesim.detectors.code import expressions

    graph = b.graph
    obj, attr = b.kids[callee][0], b.kids[callee][-1]
    at = b.start[attr]
    name = b.text(attr)
    path = expressions.dotted(b, callee)
    if path is not None:
        inputs, places = _arguments(b, arguments, ())
        if name != "__init__" or not _passes_self(b, arguments):
            return idioms.function(b, at, path, inputs, places)
    if expressions.is_self(b, obj):
        return _self_call(b, at, name, arguments)
    if name == "__init__" and _passes_self(b, arguments):  # Base.__init__(self, ...)
        inputs, places = _arguments(b, arguments, (), 1)
        return graph.node(_SUPER, at, inputs, graph.intern(f"{MEMBER}:{name}"), places)
    if _is_super(b, obj):
        inputs, places = _arguments(b, arguments, ())
        return graph.node(_SUPER, at, inputs, graph.intern(f"{MEMBER}:{name}"), places)
    if name == "format" and strings.is_string(b, obj):
        return strings.format_call(b, i, obj, arguments)
    inputs, places = _arguments(b, arguments, (b.value(obj),))
    return idioms.method(b, at, name, inputs, places)


def _passes_self(b: Builder, arguments: int) -> bool:
    """True when the first argument is the ``self`` of this method."""
    from codesim.detectors.code import expressions

    kids = b.kids[arguments]
    return bool(kids) and expressions.is_self(b, kids[0])


def _self_call(b: Builder, at: int, name: str, arguments: int) -> int:
    """A method of the class, or a module stored on self: a call of something of our own."""
    graph = b.graph
    inputs, places = _arguments(b, arguments, ())
    stored = b.scope.env.get(f"self.{name}")
    node = graph.node(_CALL, at, inputs, b.self_name(name), places)
    if stored is not None:
        graph.inputs[node] = (*inputs, stored)
        graph.places[node] = (*(places or range(len(inputs))), DEFINITION)
    elif b.scope.owner is not None:
        b.scope.owner.reads.append((node, name))
    return node


def _is_super(b: Builder, obj: int) -> bool:
    kids = b.kids[obj]
    return (
        KIND_NAMES[b.kind[obj]] == "call"
        and bool(kids)
        and b.kind[kids[0]] == IDENTIFIER
        and b.text(kids[0]) == "super"
    )


def _arguments(
    b: Builder, arguments: int, first: tuple[int, ...], skipped: int = 0
) -> tuple[tuple[int, ...], tuple[int, ...] | None]:
    """Inputs and places: positional arguments in order, keywords by name in any order."""
    kind = b.kind
    if KIND_NAMES[kind[arguments]] != "argument_list":  # f(x for x in y)
        return (*first, b.value(arguments)), None
    inputs = list(first)
    keywords: list[tuple[str, int]] = []
    for node in b.kids[arguments][skipped:]:
        if kind[node] == _KEYWORD_ARGUMENT and len(b.kids[node]) == 2:
            key, value = b.kids[node]
            keywords.append((b.text(key), b.value(value)))
        else:
            inputs.append(b.value(node))
    if not keywords:
        return tuple(inputs), None
    places = list(range(len(inputs)))
    for name, value in sorted(keywords):
        inputs.append(value)
        places.append(KEYWORD + b.graph.intern(f"{KEYWORD_NAME}:{name}"))
    return tuple(inputs), tuple(places)


def _shift(places: tuple[int, ...] | None) -> tuple[int, ...] | None:
    if places is None:
        return None
    return (0, *(place if place >= KEYWORD else place + 1 for place in places))


def is_telling(b: Builder, i: int) -> bool:
    """True for a call that only prints or logs."""
    callee = b.kids[i][0] if b.kids[i] else i
    if b.kind[callee] == IDENTIFIER:
        return b.text(callee) in TELLING
    if b.kind[callee] != ATTRIBUTE or len(b.kids[callee]) < 2:
        return False
    root = callee
    while b.kind[root] == ATTRIBUTE and b.kids[root]:
        last = root
        root = b.kids[root][0]
    name = b.text(root) if b.kind[root] == IDENTIFIER else ""
    if name in TELLING_ROOTS:
        return True
    owner = b.text(b.kids[last][-1])  # self.logger.info(...)
    return owner in TELLING_ROOTS and b.text(b.kids[callee][-1]) in TELLING_METHODS


def is_logger(b: Builder, node: int) -> bool:
    """True for what only serves to tell a person something: ``logging.getLogger(...)``."""
    reference = b.graph_name(b.graph.name[node])
    return reference.startswith(("X:logging.", "X:warnings."))


def is_effect(b: Builder, node: int) -> bool:
    """True for a value whose computation may matter even when nobody uses it."""
    graph = b.graph
    op = graph.op[node]
    if op == _METHOD:
        if graph.op[graph.inputs[node][0]] == OP["string"]:
            return False
        return b.graph_name(graph.name[node])[2:] not in library.TENSOR_METHODS
    if op in (_VALUE_CALL, _SUPER):
        return True
    if op != _CALL:
        return False
    reference = b.graph_name(graph.name[node])
    return reference.startswith((GLOBAL, "S", "U"))


_FEATURE_CALL = 14
