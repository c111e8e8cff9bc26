"""Calls that only spell an operation: ``torch.softmax(x, -1)`` and ``x.softmax(dim=-1)`` are one.

``library`` holds the tables. Everything here is a rewrite that leaves the result as it is wherever
both spellings work, so that it may be undone without looking at types.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from codesim.detectors.code import arithmetic, library
from codesim.detectors.code.graph import BUILTIN, EXTERNAL, KEYWORD, KEYWORD_NAME, MEMBER, OP

if TYPE_CHECKING:
    from codesim.detectors.code.builder import Builder

_CALL, _METHOD, _SEQ, _STAR, _REF = (OP[name] for name in ("call", "method", "seq", "star", "ref"))
# Modules whose functions compute on values alone; ``torch.distributed.gather`` is another thing.
_MODULES = frozenset(
    ("torch", "torch.nn.functional", "torch.functional", "torch.special", "torch.Tensor", "numpy",
     "math")
)  # fmt: skip
_ROOTS = frozenset(("torch", "numpy", "math"))
Inputs: TypeAlias = tuple[int, ...]
Places: TypeAlias = tuple[int, ...] | None


def function(b: Builder, at: int, path: str, inputs: Inputs, places: Places) -> int:
    """A call of a library function: an operator, a method of its first value, or itself."""
    graph = b.graph
    module, _, last = path.rpartition(".")
    root = module.partition(".")[0]
    if root in _ROOTS:
        if module in _MODULES:
            value = _value_function(b, at, root, last, inputs, places)
            if value >= 0:
                return value
        short = f"{root}.{last}"
        if short in library.SAME_FUNCTION:
            path = short = library.SAME_FUNCTION[short]
        if short in library.SIZES_FUNCTIONS:
            inputs, places = _sizes(b, inputs, places, 0)
        parameters = library.PATH_ARGUMENTS.get(path, library.FUNCTION_ARGUMENTS.get(short))
        if parameters:
            inputs, places = _named(b, parameters, 0, inputs, places)
    return graph.node(_CALL, at, inputs, graph.intern(f"{EXTERNAL}:{path}"), places)


def _value_function(
    b: Builder, at: int, root: str, last: str, inputs: Inputs, places: Places
) -> int:
    """A function that is an operator or a method of its first value, or -1."""
    if places is None:
        value = _operator(b, at, last, inputs)
        if value >= 0:
            return value
    if root == "torch" or last == "expand_dims":
        last = library.METHOD_OF.get(last, last)
        given = bool(inputs) and (places is None or places[0] == 0)
        if last in library.TENSOR_METHODS and given and b.graph.op[inputs[0]] != _STAR:
            b.count("function of a value")
            return method(b, at, last, inputs, places)
    return -1


def _operator(b: Builder, at: int, name: str, inputs: Inputs) -> int:
    """The operator that a call spells, or -1."""
    if any(b.graph.op[value] == _STAR for value in inputs):
        return -1
    operator = library.OPERATORS.get(name) if len(inputs) == 2 else None
    if operator is not None:
        b.count("operator spelled out")
        return arithmetic.arithmetic(b, at, operator, *inputs)
    power = library.POWERS.get(name) if len(inputs) == 1 else None
    if power is not None:
        b.count("operator spelled out")
        return arithmetic.arithmetic(b, at, "**", inputs[0], arithmetic.number(b, at, power))
    return -1


def method(b: Builder, at: int, name: str, inputs: Inputs, places: Places) -> int:
    """A call of a method; the first input is the value that it is called on."""
    graph = b.graph
    if places is None:
        value = _spelled(b, at, name, inputs)
        if value >= 0:
            return value
    name = library.SAME_METHOD.get(name, name)
    if name in library.SIZES_METHODS:
        inputs, places = _sizes(b, inputs, places, 1)
    parameters = library.METHOD_ARGUMENTS.get(name)
    if parameters and len(inputs) > 1:
        inputs, places = _named(b, parameters, 1, inputs, places)
    return graph.node(_METHOD, at, inputs, graph.intern(f"{MEMBER}:{name}"), places)


def _spelled(b: Builder, at: int, name: str, inputs: Inputs) -> int:
    """A method without keywords that something shorter says as well, or -1."""
    graph = b.graph
    if len(inputs) == 1:
        return _without_arguments(b, at, name, inputs)
    if len(inputs) > 2 or graph.op[inputs[1]] == _STAR:
        starred = any(graph.op[value] == _STAR for value in inputs[1:])
        return _get(b, at, inputs) if name == "get" and len(inputs) == 3 and not starred else -1
    if name in library.OPERATOR_METHODS or name == "pow":
        return _operator(b, at, name, inputs)
    if name == "size":
        return graph.node(OP["index"], at, (_attribute(b, at, "shape", inputs[0]), inputs[1]))
    return _cast(b, at, inputs) if name == "to" else -1


def _without_arguments(b: Builder, at: int, name: str, inputs: Inputs) -> int:
    if name in library.POWERS:
        return _operator(b, at, name, inputs)
    attribute = _ATTRIBUTES.get(name)
    return -1 if attribute is None else _attribute(b, at, attribute, inputs[0])


# Methods without arguments that are attributes as well.
_ATTRIBUTES = {"size": "shape", "dim": "ndim", "t": "T"}


def _attribute(b: Builder, at: int, name: str, value: int) -> int:
    return b.graph.node(OP["attr"], at, (value,), b.graph.intern(f"{MEMBER}:{name}"))


def _cast(b: Builder, at: int, inputs: Inputs) -> int:
    """``x.to(torch.float32)`` is ``x.float()``, ``x.to("cuda")`` is ``x.cuda()``."""
    graph = b.graph
    said = b.graph_name(graph.name[inputs[1]])[2:]
    op = graph.op[inputs[1]]
    short = library.CASTS.get(said) if op == _REF else None
    if op == OP["string"] and said in library.DEVICES:
        short = said
    if short is None:
        return -1
    return graph.node(_METHOD, at, inputs[:1], graph.intern(f"{MEMBER}:{short}"))


def _get(b: Builder, at: int, inputs: Inputs) -> int:
    """``d.get(k, None)`` is ``d.get(k)``."""
    if not arithmetic.is_none(b, inputs[2]):
        return -1
    return b.graph.node(_METHOD, at, inputs[:2], b.graph.intern(f"{MEMBER}:get"))


def _sizes(b: Builder, inputs: Inputs, places: Places, first: int) -> tuple[Inputs, Places]:
    """``x.view((a, b))`` is ``x.view(a, b)``."""
    graph = b.graph
    if len(inputs) != first + 1 or places is not None or graph.op[inputs[first]] != _SEQ:
        return inputs, places
    return (*inputs[:first], *graph.inputs[inputs[first]]), None


def _named(
    b: Builder, parameters: tuple[str, ...], first: int, inputs: Inputs, places: Places
) -> tuple[Inputs, Places]:
    """Arguments by name where the parameters are known, so that giving the name changes nothing."""
    graph = b.graph
    if any(graph.op[value] == _STAR for value in inputs):
        return inputs, places
    found = list(range(len(inputs))) if places is None else list(places)
    for number, place in enumerate(found):
        if place < KEYWORD:
            if first <= place < first + len(parameters):
                found[number] = _keyword(b, parameters[place - first])
            continue
        b.count("named argument")
        name = b.graph_name(place - KEYWORD)[2:]
        borrowed = library.BORROWED.get(name)
        if borrowed in parameters:
            found[number] = _keyword(b, borrowed)
    return inputs, tuple(found)


def _keyword(b: Builder, name: str) -> int:
    return KEYWORD + b.graph.intern(f"{KEYWORD_NAME}:{name}")


def without(b: Builder, name: str, inputs: Inputs, places: Places) -> tuple[Inputs, Places]:
    """Arguments without a keyword that only asks for a check."""
    if places is None:
        return inputs, places
    kept = [
        (value, place)
        for value, place in zip(inputs, places, strict=True)
        if place < KEYWORD or b.graph_name(place - KEYWORD) != f"{KEYWORD_NAME}:{name}"
    ]
    values = tuple(value for value, _ in kept)
    named = any(place >= KEYWORD for _, place in kept)
    return values, tuple(place for _, place in kept) if named else None


def builtin(b: Builder, i: int, name: str, inputs: Inputs) -> int:
    """A call of a builtin without keywords that something else says as well, or -1."""
    graph = b.graph
    if not inputs:
        return graph.node(_EMPTY[name], b.start[i]) if name in _EMPTY else -1
    if name == "range" and 2 <= len(inputs) <= 3:
        return _range(b, i, inputs)
    if name in ("tuple", "list") and len(inputs) == 1 and graph.op[inputs[0]] == _SEQ:
        return inputs[0]
    if name == "isinstance" and len(inputs) == 2 and graph.op[inputs[1]] == _SEQ:
        return _any_of(b, i, inputs[0], graph.inputs[inputs[1]])
    shaped = graph.op[inputs[0]] == OP["attr"] and len(inputs) == 1
    if name == "len" and shaped and b.graph_name(graph.name[inputs[0]]) == f"{MEMBER}:shape":
        return _attribute(b, b.start[i], "ndim", graph.inputs[inputs[0]][0])
    return -1


_EMPTY = {"list": _SEQ, "tuple": _SEQ, "dict": OP["dict"]}


def _range(b: Builder, i: int, inputs: Inputs) -> int:
    """``range(0, n, 1)`` is ``range(n)``."""
    if len(inputs) == 3 and arithmetic.is_number(b, inputs[2], 1):
        inputs = inputs[:2]
    if len(inputs) == 2 and arithmetic.is_number(b, inputs[0], 0):
        inputs = inputs[1:]
    return b.graph.node(_CALL, b.start[i], inputs, b.graph.intern(f"{BUILTIN}:range"))


def _any_of(b: Builder, i: int, value: int, kinds: Inputs) -> int:
    """``isinstance(x, (A, B))`` is ``isinstance(x, A) or isinstance(x, B)``."""
    graph = b.graph
    name = graph.intern(f"{BUILTIN}:isinstance")
    parts = tuple(graph.node(_CALL, b.start[i], (value, kind), name) for kind in kinds)
    if len(parts) == 1:
        return parts[0]
    return graph.node(OP["or"], b.start[i], parts, -1, (0,) * len(parts))


def keywords_as_dictionary(b: Builder, i: int, inputs: Inputs, places: tuple[int, ...]) -> int:
    """``dict(a=x)`` is ``{"a": x}``, or -1 when values are given in another way too."""
    graph = b.graph
    if any(place < KEYWORD for place in places):
        return -1
    b.count("call of dict")
    pairs = []
    for place, value in zip(places, inputs, strict=True):
        name = graph.intern(f"T:{b.graph_name(place - KEYWORD)[2:]}")
        key = graph.node(OP["string"], b.start[i], (), name)
        pairs.append(graph.node(OP["pair"], b.start[i], (key, value)))
    return graph.node(OP["dict"], b.start[i], tuple(pairs), -1, (0,) * len(pairs))
