"""Functions, classes and imports: where units begin and names come from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codesim.detectors.code.graph import LOCAL, OP, Unit
from codesim.detectors.code.scope import ClassScope, Scope
from codesim.detectors.code.syntax import IDENTIFIER, KIND_NAMES

if TYPE_CHECKING:
    from codesim.detectors.code.builder import Builder

_PARAM, _SELF = OP["param"], OP["self"]
# Decorators that change how a name is reached, not what is computed.
_PROPERTIES = frozenset(("property", "cached_property", "functools.cached_property"))
_TRANSPARENT = _PROPERTIES | {"staticmethod", "classmethod"}


def function(b: Builder, i: int) -> bool:
    """A function is read later, when every global of the file is known."""
    name = _name(b, i)
    b.defined.add(name)
    b.scope.env.pop(name, None)
    b.deferred.append((_function, i, b.scope, _qualified(b, name)))
    return False


def class_(b: Builder, i: int) -> bool:
    name = _name(b, i)
    b.defined.add(name)
    b.scope.env.pop(name, None)
    b.deferred.append((_class, i, b.scope, _qualified(b, name)))
    return False


def decorated(b: Builder, i: int) -> bool:
    """The definition; its decorators are read as part of it."""
    kids = b.kids[i]
    return b.run(kids[-1]) if kids else False


def _name(b: Builder, i: int) -> str:
    for kid in b.kids[i]:
        if b.kind[kid] == IDENTIFIER:
            return b.text(kid)
    return "?"


def _qualified(b: Builder, name: str) -> str:
    if b.unit.role in ("module", "cell"):
        return name
    return f"{b.unit.name}.{name}"


def _decorators(b: Builder, i: int) -> list[int]:
    before = i - 1
    # The decorated definition directly encloses this node; its decorators stand before it.
    while before >= 0 and not (
        KIND_NAMES[b.kind[before]] == "decorated_definition" and b.kids[before][-1] == i
    ):
        if b.start[i] - b.start[before] > 4000 or i - before > 400:
            return []
        before -= 1
    return b.kids[before][:-1] if before >= 0 else []


def _begin(b: Builder, i: int, name: str, role: str, scope: Scope) -> list[int]:
    decorators = _decorators(b, i) if _is_decorated(b, i) else []
    first = b.line(b.start[decorators[0] if decorators else i])
    last = b.line(max(b.syntax.stop[i] - 1, 0))
    b.begin(Unit(name, role, (first, max(first, last))), scope)
    return decorators


def _is_decorated(b: Builder, i: int) -> bool:
    source, at = b.syntax.source, b.start[i]
    line_start = source.rfind(b"\n", 0, at) + 1
    before = source[max(0, line_start - 400) : at]
    return b"@" in before


def _function(b: Builder, i: int, outer: Scope, name: str) -> None:
    owner = outer.owner if outer.is_class else None
    role = "method" if owner is not None else "function"
    enclosing = None if outer is b.module else outer
    if owner is not None:
        enclosing = outer.outer
    # A function inside a method still sees that method's self.
    scope = Scope({}, enclosing, "" if owner else outer.self_name, owner or outer.owner)
    decorators = _begin(b, i, name, role, scope)
    static = any(b.text(d).strip("@ ").startswith("staticmethod") for d in decorators)
    if owner is not None and any(b.text(d).strip("@ ") in _PROPERTIES for d in decorators):
        owner.properties.add(name.rpartition(".")[2])
    parameters, body = None, b.kids[i][-1] if b.kids[i] else i
    for kid in b.kids[i]:
        if KIND_NAMES[b.kind[kid]] == "parameters":
            parameters = kid
    if parameters is not None:
        _parameters(b, parameters, owner is not None and not static)
    _decorate(b, decorators)
    b.block(body)
    b.finish()


def _decorate(b: Builder, decorators: list[int]) -> None:
    for decorator in decorators:
        if b.kids[decorator] and b.text(b.kids[decorator][0]) not in _TRANSPARENT:
            if "dataclass" in b.text(decorator):  # its fields say the same
                continue
            value = b.value(b.kids[decorator][0])
            if _is_library_call(b, value):  # @torch.no_grad() is with torch.no_grad():
                b.graph.sinks.append(value)
                continue
            b.graph.sink(OP["decorate"], b.start[decorator], (value,))


def _is_library_call(b: Builder, value: int) -> bool:
    graph = b.graph
    return graph.op[value] == OP["call"] and b.graph_name(graph.name[value]).startswith("X:")


def _parameters(b: Builder, parameters: int, method: bool) -> None:
    graph = b.graph
    found: list[int] = []
    for kid in b.kids[parameters]:
        name_node = kid
        while b.kind[name_node] != IDENTIFIER and b.kids[name_node]:
            name_node = b.kids[name_node][0]
        if b.kind[name_node] != IDENTIFIER:
            continue
        name = b.text(name_node)
        at = b.start[name_node]
        if method and not found and not b.scope.self_name:
            b.scope.self_name = name
            b.bind(name, graph.node(_SELF, at))
            continue
        node = graph.node(_PARAM, at, (), graph.intern(f"{LOCAL}:{name}"))
        b.bind(name, node)
        found.append(node)
        if "default" in KIND_NAMES[b.kind[kid]] and len(b.kids[kid]) > 1:
            graph.sink(OP["default"], at, (b.value(b.kids[kid][-1]),))
    b.unit.params = tuple(found)


def _class(b: Builder, i: int, outer: Scope, name: str) -> None:
    owner = ClassScope(name)
    b.classes.append(owner)
    scope = Scope({}, None if outer is b.module else outer, "", owner, is_class=True)
    decorators = _begin(b, i, name, "class", scope)
    for kid in b.kids[i]:
        if KIND_NAMES[b.kind[kid]] == "argument_list":
            for base in b.kids[kid]:
                value = b.value(
                    b.kids[base][-1]
                    if len(b.kids[base]) == 2 and KIND_NAMES[b.kind[base]] == "keyword_argument"
                    else base
                )
                b.graph.sink(OP["base"], b.start[base], (value,))
    owner.fields = any("dataclass" in b.text(decorator) for decorator in decorators)
    _decorate(b, decorators)
    waiting = len(b.deferred)
    if b.kids[i] and KIND_NAMES[b.kind[b.kids[i][-1]]] == "block":
        b.block(b.kids[i][-1])
    b.finish()
    _methods_next(b, waiting)


def is_field(b: Builder, kids: list[int]) -> bool:
    """True for a hinted name in the body of a dataclass."""
    owner = b.scope.owner
    in_body = b.unit.role == "class" and owner is not None and owner.fields
    return in_body and bool(kids) and b.kind[kids[0]] == IDENTIFIER


def field(b: Builder, target: int, value: int) -> None:
    """A field of a dataclass is a parameter that its ``__init__`` stores."""
    graph = b.graph
    name, at = b.text(target), b.start[target]
    b.defined.add(name)
    parameter = graph.node(OP["param"], at, (), graph.intern(f"{LOCAL}:{name}"))
    if value >= 0:
        graph.sink(OP["default"], at, (value,))
    graph.sink(OP["store"], at, (parameter,), b.self_name(name))
    b.bind(name, parameter)
    if b.scope.owner is not None:
        b.scope.owner.stores.setdefault(name, []).append(parameter)


def class_attribute(b: Builder, target: int, name: str, value: int) -> None:
    """``x = v`` in a class body is what ``self.x = v`` in its ``__init__`` would be."""
    from codesim.detectors.code import calls

    b.defined.add(name)
    if b.scope.owner is None or calls.is_logger(b, value):
        return
    for each in b.alternatives(value):
        b.graph.sink(OP["store"], b.start[target], (each,), b.self_name(name))
    b.scope.owner.stores.setdefault(name, []).append(value)


def _methods_next(b: Builder, waiting: int) -> None:
    """Read the methods of this class next, so that their nodes stand together."""
    fresh = [b.deferred.pop() for _ in range(len(b.deferred) - waiting)]
    b.deferred.extendleft(fresh)


def import_(b: Builder, i: int) -> bool:
    for kid in b.kids[i]:
        if KIND_NAMES[b.kind[kid]] == "aliased_import" and len(b.kids[kid]) == 2:
            path, alias = b.kids[kid]
            b.imports.module(_path(b, path), b.text(alias))
        else:
            b.imports.module(_path(b, kid), None)
    return False


def import_from(b: Builder, i: int) -> bool:
    kids = b.kids[i]
    if not kids:
        return False
    module = _path(b, kids[0])
    for kid in kids[1:]:
        kind = KIND_NAMES[b.kind[kid]]
        if kind == "aliased_import" and len(b.kids[kid]) == 2:
            path, alias = b.kids[kid]
            b.imports.member(module, _path(b, path), b.text(alias))
        elif kind == "wildcard_import":
            b.imports.stars.append(module)
        elif kind == "dotted_name":
            b.imports.member(module, _path(b, kid), None)
    return False


def _path(b: Builder, i: int) -> str:
    return "".join(b.text(i).split())
