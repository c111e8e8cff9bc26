"""Statements: how values move into names, attributes and control flow.

Every handler returns True when control never goes on behind the statement.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from codesim.detectors.code import (
    arithmetic,
    calls,
    cases,
    comprehensions,
    control,
    definitions,
    operators,
)
from codesim.detectors.code.graph import GLOBAL, MEMBER, NUMBER, OP
from codesim.detectors.code.syntax import ATTRIBUTE, IDENTIFIER, KIND_NAMES

if TYPE_CHECKING:
    from codesim.detectors.code.builder import Builder

_INDEX, _CONST, _SEQ = OP["index"], OP["const"], OP["seq"]
_KIND = {name: KIND_NAMES.index(name) for name in ("subscript", "call", "assignment")}
_HINTS = frozenset(i for i, name in enumerate(KIND_NAMES) if name == "type")
_PATTERNS = frozenset(
    i
    for i, name in enumerate(KIND_NAMES)
    if name in ("pattern_list", "tuple_pattern", "list_pattern", "tuple", "list", "expression_list")
)
_SPLATS = frozenset(
    i for i, n in enumerate(KIND_NAMES) if n in ("list_splat_pattern", "list_splat")
)
_TUPLES = frozenset(
    i for i, n in enumerate(KIND_NAMES) if n in ("expression_list", "tuple", "list")
)
_STRING_KINDS = frozenset(
    i for i, n in enumerate(KIND_NAMES) if n in ("string", "concatenated_string")
)


def expression(b: Builder, i: int) -> bool:
    """A bare expression: an effect when it is a call, nothing when it is a docstring or a print."""
    kids = b.kids[i] if KIND_NAMES[b.kind[i]] == "expression_statement" else [i]
    for node in kids:
        kind = b.kind[node]
        if kind == _KIND["assignment"]:
            assignment(b, node)
        elif kind == _KIND["call"]:
            _effect(b, node)
        elif KIND_NAMES[kind] == "augmented_assignment":
            augmented(b, node)
        elif kind not in _STRING_KINDS:
            value = b.value(node)
            inputs = b.graph.inputs[value] if b.graph.op[value] == _SEQ else (value,)
            b.graph.sinks.extend(inputs)
    return False


def _effect(b: Builder, i: int) -> None:
    if calls.is_telling(b, i):
        b.count("logging")
        return
    callee, *rest = b.kids[i]
    if b.kind[callee] == ATTRIBUTE and rest and len(b.kids[callee]) >= 2:
        obj, attr = b.kids[callee][0], b.kids[callee][-1]
        if b.kind[obj] == IDENTIFIER and comprehensions.collecting(
            b, b.text(obj), b.text(attr), b.kids[rest[0]]
        ):
            return
    b.graph.sinks.append(b.value(i))


def assignment(b: Builder, i: int) -> int:
    """``a = b = value``; an annotation alone binds nothing. Returns the value, or -1."""
    kids = [kid for kid in b.kids[i] if b.kind[kid] not in _HINTS]
    is_field = len(kids) < len(b.kids[i]) and definitions.is_field(b, kids)
    if len(kids) < 2:
        _declare(b, kids)
        if is_field:
            definitions.field(b, kids[0], -1)
        return -1
    target, right = kids[0], kids[-1]
    if is_field:
        value = b.value(right)
        definitions.field(b, target, value)
        return value
    if b.kind[right] == _KIND["assignment"]:
        value = assignment(b, right)
        if value < 0:
            return -1
        assign(b, target, value)
        return value
    if b.kind[target] in _PATTERNS and b.kind[right] in _TUPLES:
        targets, values = b.kids[target], b.kids[right]
        if len(targets) == len(values) and not any(
            b.kind[t] in _SPLATS for t in (*targets, *values)
        ):
            b.count("tuple assignment")
            computed = b.values(values)
            for each, value in zip(targets, computed, strict=True):
                assign(b, each, value)
            return b.graph.node(_SEQ, b.start[right], computed)
    value = b.value(right)
    assign(b, target, value)
    return value


def _declare(b: Builder, kids: list[int]) -> None:
    """A field that a class only annotates is a name of its own all the same."""
    if b.unit.role == "class" and kids and b.kind[kids[0]] == IDENTIFIER:
        b.defined.add(b.text(kids[0]))


def assign(b: Builder, target: int, value: int) -> None:
    """Give a target its value; effectful values stay alive even when the name is never read."""
    kind = b.kind[target]
    if kind == IDENTIFIER:
        _assign_name(b, target, value)
    elif kind == ATTRIBUTE and len(b.kids[target]) >= 2:
        _assign_attribute(b, target, value)
    elif kind == _KIND["subscript"] and len(b.kids[target]) >= 2:
        _assign_item(b, target, value)
    elif kind in _PATTERNS:
        unpack(b, b.kids[target], value)
    elif b.kids[target]:
        assign(b, b.kids[target][0], value)


def _assign_name(b: Builder, target: int, value: int) -> None:
    name = b.text(target)
    if calls.is_effect(b, value):
        b.graph.sinks.append(value)
    if b.unit.role == "class":
        definitions.class_attribute(b, target, name, value)
    elif b.is_outward(name) and not calls.is_logger(b, value):
        for each in b.alternatives(value):
            b.graph.sink(OP["define"], b.start[target], (each,), b.graph.intern(f"{GLOBAL}:{name}"))
    b.unit.features[_LOCAL] += 1
    b.bind(name, value)


def _assign_attribute(b: Builder, target: int, value: int) -> None:
    from codesim.detectors.code import expressions

    obj, attr = b.kids[target][0], b.kids[target][-1]
    name = b.text(attr)
    graph = b.graph
    if not expressions.is_self(b, obj):
        receiver = b.value(obj)
        reference = graph.intern(f"{MEMBER}:{name}")
        for each in b.alternatives(value):
            graph.sink(OP["store-attr"], b.start[attr], (receiver, each), reference)
        return
    for each in b.alternatives(value):
        graph.sink(OP["store"], b.start[attr], (each,), b.self_name(name))
    b.scope.env[f"self.{name}"] = value
    if b.scope.owner is not None:
        b.scope.owner.stores.setdefault(name, []).append(value)


def _assign_item(b: Builder, target: int, value: int) -> None:
    kids = b.kids[target]
    if b.kind[kids[0]] == IDENTIFIER and len(kids) == 2:
        name = b.text(kids[0])
        if b.scope.loops and comprehensions.set_item(b, name, b.value(kids[1]), value, target):
            return
    b.graph.sink(OP["set-item"], b.start[kids[1]], (*b.values(kids), value))


def unpack(b: Builder, targets: list[int], value: int) -> None:
    """``a, b = value`` reads ``value[0]`` and ``value[1]``; from a literal it reads its parts."""
    graph = b.graph
    starred = any(b.kind[target] in _SPLATS for target in targets)
    inputs = graph.inputs[value]
    if graph.op[value] == _SEQ and len(inputs) == len(targets) and not starred:
        for target, part in zip(targets, inputs, strict=True):
            assign(b, target, part)
        return
    if calls.is_effect(b, value):
        graph.sinks.append(value)
    for place, target in enumerate(targets):
        if b.kind[target] == IDENTIFIER and b.text(target) == "_":
            b.bound.add("_")
            continue
        at = b.start[target]
        key = graph.node(_CONST, at, (), graph.intern(f"{NUMBER}:{place}"))
        assign(b, target, graph.node(_INDEX, at, (value, key)))


def augmented(b: Builder, i: int) -> None:
    """``a += b`` is ``a = a + b``; on a local list it collects."""
    kids = b.kids[i]
    if len(kids) != 2:
        return
    b.count("augmented assignment")
    target, right = kids
    operator = b.syntax.operator(i).rstrip("=")
    value = b.value(right)
    graph = b.graph
    if b.kind[target] == IDENTIFIER and b.text(target) in b.scope.sums:
        comprehensions.added(b, b.text(target), value, right)
        return
    if operator == "+" and b.kind[target] == IDENTIFIER and graph.op[value] == _SEQ:
        held = b.scope.env.get(b.text(target))
        if held is not None and b.scope.loops and comprehensions.is_collection(b, held):
            b.bind(b.text(target), comprehensions.appended(b, right, held, graph.inputs[value]))
            return
    assign(b, target, arithmetic.arithmetic(b, b.start[right], operator, b.value(target), value))


def return_(b: Builder, i: int) -> bool:
    """One sink per value that may be returned."""
    b.unit.features[_RETURN] += 1
    graph = b.graph
    if not b.kids[i]:
        return True
    value = b.value(b.kids[i][0])
    for each in b.alternatives(value):
        if not arithmetic.is_none(b, each):  # what a function without a return gives
            graph.sink(OP["return"], b.start[i], (each,))
    b.unit.returns = (*b.unit.returns, value)
    return True


def raise_(b: Builder, i: int) -> bool:
    b.count("raise")
    for value in b.values(b.kids[i][:1]):
        b.graph.sink(OP["raise"], b.start[i], (value,))
    return True


def assert_(b: Builder, i: int) -> bool:
    """A branch that raises; an assertion on literals alone checks nothing."""
    if b.kids[i] and not control.is_settled(b, b.kids[i][0]):
        b.count("assert")
        operators.condition(b, b.kids[i][0])
    return False


def delete(b: Builder, i: int) -> bool:
    """Deleting a local name has no effect worth keeping; deleting an item has."""
    for node in b.kids[i]:
        if b.kind[node] not in _PATTERNS and b.kind[node] != IDENTIFIER:
            b.graph.sink(OP["delete"], b.start[i], (b.value(node),))
    return False


def global_(b: Builder, i: int) -> bool:
    b.scope.globals.update(b.text(node) for node in b.kids[i])
    return False


def nothing(_b: Builder, _i: int) -> bool:
    return False


def leave(_b: Builder, _i: int) -> bool:
    return True


def parts(b: Builder, i: int) -> bool:
    """What the parser could not place: read its parts as statements."""
    return b.block(i) and False


_RETURN, _LOCAL = 12, 13

HANDLERS: dict[str, Callable[[Builder, int], bool]] = {
    "expression_statement": expression, "return_statement": return_, "raise_statement": raise_,
    "assert_statement": assert_, "delete_statement": delete, "global_statement": global_,
    "nonlocal_statement": nothing, "pass_statement": nothing, "comment": nothing,
    "break_statement": leave, "continue_statement": leave, "print_statement": nothing,
    "type_alias_statement": nothing, "identifier": nothing, "type": nothing,
    "if_statement": control.if_, "for_statement": control.for_, "while_statement": control.while_,
    "with_statement": control.with_, "try_statement": control.try_,
    "match_statement": cases.match, "block": parts, "module": parts, "end": parts,
    "function_definition": definitions.function, "class_definition": definitions.class_,
    "decorated_definition": definitions.decorated, "import_statement": definitions.import_,
    "import_from_statement": definitions.import_from, "future_import_statement": nothing,
}  # fmt: skip
