"""Expressions to graph nodes. Each handler takes the builder and a syntax node."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from codesim.detectors.code import (
    arithmetic,
    calls,
    comprehensions,
    idioms,
    indexing,
    iteration,
    library,
    operators,
    strings,
)
from codesim.detectors.code.graph import (
    BUILTIN,
    EXTERNAL,
    GLOBAL,
    LOCAL,
    MEMBER,
    NUMBER,
    OP,
    UNKNOWN,
)
from codesim.detectors.code.numerals import plain
from codesim.detectors.code.scope import BUILTINS, CONVENTIONS, Scope
from codesim.detectors.code.syntax import ATTRIBUTE, IDENTIFIER

if TYPE_CHECKING:
    from codesim.detectors.code.builder import Builder

_REF, _CONST, _ATTR, _SELF_ATTR = OP["ref"], OP["const"], OP["attr"], OP["self-attr"]
_INDEX, _ITEM, _SEQ, _SET, _DICT, _PAIR = (
    OP[name] for name in ("index", "item", "seq", "set", "dict", "pair")
)
_PHI, _LAMBDA, _PARAM, _STAR = OP["phi"], OP["lambda"], OP["param"], OP["star"]
_NEG, _NOT, _INV, _YIELD = OP["neg"], OP["not"], OP["inv"], OP["yield"]


def identifier(b: Builder, i: int) -> int:
    """A local value, or a reference to a global name by its owner."""
    name = b.text(i)
    found = b.scope.env.get(name)
    if found is not None:
        return found
    return reference(b, name, i)


def reference(b: Builder, name: str, i: int) -> int:
    """A node for a name that is not local."""
    graph = b.graph
    at = b.start[i]
    path = b.imports.paths.get(name)
    if path is not None:
        return graph.node(_REF, at, (), graph.intern(f"{EXTERNAL}:{path}"))
    if b.scope.outer is not None and b.scope.captures(name):
        node = graph.node(_PARAM, at, (), graph.intern(f"{LOCAL}:{name}"))
        b.scope.env[name] = node
        return node
    if name in b.defined or name in b.module.env:
        node = graph.node(_REF, at, (), graph.intern(f"{GLOBAL}:{name}"))
        b.globals_read.append((node, name))
        return node
    star = b.imports.star()
    if star and name not in BUILTINS:
        return graph.node(_REF, at, (), graph.intern(f"{EXTERNAL}:{star}.{name}"))
    if name in CONVENTIONS:
        return graph.node(_REF, at, (), graph.intern(f"{EXTERNAL}:{CONVENTIONS[name]}"))
    kind = BUILTIN if name in BUILTINS else UNKNOWN
    return graph.node(_REF, at, (), graph.intern(f"{kind}:{name}"))


def dotted(b: Builder, i: int) -> str | None:
    """The dotted path of an attribute chain that starts at an import, or None."""
    parts: list[str] = []
    while b.kind[i] == ATTRIBUTE:
        obj, attr = b.kids[i][0], b.kids[i][-1]
        parts.append(b.text(attr))
        i = obj
    if b.kind[i] != IDENTIFIER:
        return None
    root = b.text(i)
    if root in b.scope.env:
        return None
    path = b.imports.paths.get(root)
    if path is None and not (root in b.defined or root in b.module.env):
        path = CONVENTIONS.get(root)
    if path is None:
        return None
    parts.append(path)
    return ".".join(reversed(parts))


def attribute(b: Builder, i: int) -> int:
    """``np.pi`` by its path, ``self.x`` by its last store, else an attribute of a value."""
    kids = b.kids[i]
    if len(kids) < 2:
        return unknown(b, i)
    graph = b.graph
    obj, attr = kids[0], kids[-1]
    path = dotted(b, i)
    if path is not None:
        return _library_value(b, b.start[attr], path)
    name = b.text(attr)
    if is_self(b, obj):
        return self_attribute(b, name, attr)
    return graph.node(_ATTR, b.start[attr], (b.value(obj),), graph.intern(f"{MEMBER}:{name}"))


def _library_value(b: Builder, at: int, path: str) -> int:
    """A constant of a library under one of its names; ``np.newaxis`` is None."""
    graph = b.graph
    if path == "numpy.newaxis":
        return graph.node(_CONST, at, (), graph.intern(f"{NUMBER}:None"))
    path = library.SAME_PATH.get(path, path)
    return graph.node(_REF, at, (), graph.intern(f"{EXTERNAL}:{path}"))


def path_value(b: Builder, names: list[int]) -> int:
    """The value of a dotted name, given its identifiers."""
    graph = b.graph
    value = identifier(b, names[0])
    said = b.graph_name(graph.name[value])
    for node in names[1:]:
        name, at = b.text(node), b.start[node]
        if said.startswith(f"{EXTERNAL}:"):
            said = f"{said}.{name}"
            value = graph.node(_REF, at, (), graph.intern(said))
        else:
            value = graph.node(_ATTR, at, (value,), graph.intern(f"{MEMBER}:{name}"))
    return value


def is_self(b: Builder, i: int) -> bool:
    """True for the first parameter of a method."""
    return bool(b.scope.self_name) and b.kind[i] == IDENTIFIER and b.text(i) == b.scope.self_name


def self_attribute(b: Builder, name: str, attr: int) -> int:
    """What this method stored there before, or a node that the class body explains later."""
    found = b.scope.env.get(f"self.{name}")
    if found is not None:
        return found
    node = b.graph.node(_SELF_ATTR, b.start[attr], (), b.self_name(name))
    if b.scope.owner is not None:
        b.scope.owner.reads.append((node, name))
    return node


def subscript(b: Builder, i: int) -> int:
    """``x[:, None]`` adds an axis; ``xs[i]`` at the place of a loop is the element itself.

    Any ``xs[i]`` in a loop over ``range(len(...))`` is read as an element of ``xs``, whatever the
    length was taken of: who walks two lists by one place holds them to be equally long.
    """
    kids = b.kids[i]
    if len(kids) < 2:
        return unknown(b, i)
    at = b.start[kids[1]]
    axis = indexing.added_axis(b, kids[1:])
    if axis is not None:
        place = arithmetic.number(b, at, str(axis))
        return idioms.method(b, at, "unsqueeze", (b.value(kids[0]), place), None)
    inputs = b.values(indexing.without_whole_axes(b, kids))
    if len(inputs) == 2 and iteration.is_place(b, inputs[1]):
        return b.graph.node(_ITEM, at, inputs[:1])
    return b.graph.node(_INDEX, at, inputs)


def lambda_(b: Builder, i: int) -> int:
    b.count("lambda")
    outer = b.scope
    b.scope = Scope(dict(outer.env), outer.outer, outer.self_name, outer.owner)
    kids = b.kids[i]
    if len(kids) > 1:
        for name in parameter_names(b, kids[0]):
            b.bind(name, b.graph.node(_PARAM, b.start[i], (), b.graph.intern(f"{LOCAL}:{name}")))
    body = b.value(kids[-1]) if kids else unknown(b, i)
    b.scope = outer
    return b.graph.node(_LAMBDA, b.start[i], (body,))


def parameter_names(b: Builder, i: int) -> list[str]:
    """Names bound by a parameter list, in order."""
    found = []
    for kid in b.kids[i]:
        while b.kind[kid] != IDENTIFIER and b.kids[kid]:
            kid = b.kids[kid][0]
        if b.kind[kid] == IDENTIFIER:
            found.append(b.text(kid))
    return found


def sequence(b: Builder, i: int) -> int:
    return b.graph.node(_SEQ, b.start[i], b.values(b.kids[i]))


def set_(b: Builder, i: int) -> int:
    inputs = b.values(b.kids[i])
    return b.graph.node(_SET, b.start[i], inputs, -1, (0,) * len(inputs))


def dictionary(b: Builder, i: int) -> int:
    inputs = b.values(b.kids[i])
    return b.graph.node(_DICT, b.start[i], inputs, -1, (0,) * len(inputs))


def pair(b: Builder, i: int) -> int:
    return b.graph.node(_PAIR, b.start[i], b.values(b.kids[i]))


def star(b: Builder, i: int) -> int:
    return b.graph.node(_STAR, b.start[i], b.values(b.kids[i][:1]))


def first_kid(b: Builder, i: int) -> int:
    """Parentheses, await and the like are transparent."""
    return b.value(b.kids[i][0]) if b.kids[i] else unknown(b, i)


def constant(b: Builder, i: int) -> int:
    """A number in one spelling: ``1.``, ``1.0`` and ``1`` are the same value to most code."""
    return b.graph.node(_CONST, b.start[i], (), b.graph.intern(f"{NUMBER}:{plain(b.text(i))}"))


def walrus(b: Builder, i: int) -> int:
    kids = b.kids[i]
    if len(kids) != 2:
        return unknown(b, i)
    b.count("walrus")
    value = b.value(kids[1])
    b.bind(b.text(kids[0]), value)
    return value


def yield_(b: Builder, i: int) -> int:
    return b.graph.sink(_YIELD, b.start[i], b.values(b.kids[i]))


def unknown(b: Builder, i: int) -> int:
    """Anything without a rule of its own: an operation on its parts."""
    return b.graph.node(OP["unknown"], b.start[i], b.values(b.kids[i]))


HANDLERS: dict[str, Callable[[Builder, int], int]] = {
    "identifier": identifier, "attribute": attribute, "subscript": subscript,
    "slice": indexing.slice_, "binary_operator": operators.binary,
    "boolean_operator": operators.boolean, "not_operator": operators.not_,
    "comparison_operator": operators.comparison, "conditional_expression": operators.conditional,
    "lambda": lambda_, "list": sequence, "tuple": sequence, "expression_list": sequence,
    "pattern_list": sequence, "set": set_, "dictionary": dictionary, "pair": pair,
    "list_splat": star, "dictionary_splat": star, "parenthesized_expression": first_kid,
    "await": first_kid, "unary_operator": operators.unary, "integer": constant, "float": constant,
    "true": constant, "false": constant, "none": constant, "ellipsis": constant,
    "named_expression": walrus, "yield": yield_, "call": calls.call, "string": strings.string,
    "concatenated_string": strings.string, "list_comprehension": comprehensions.collect,
    "set_comprehension": comprehensions.collect, "generator_expression": comprehensions.collect,
    "dictionary_comprehension": comprehensions.collect, "as_pattern": first_kid,
}  # fmt: skip
