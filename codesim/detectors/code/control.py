"""Control flow: branches, loops and exceptions, reduced to what they compute."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codesim.detectors.code import comprehensions, operators
from codesim.detectors.code.graph import BUILTIN, NUMBER, OP
from codesim.detectors.code.syntax import IDENTIFIER, KIND_NAMES

if TYPE_CHECKING:
    from codesim.detectors.code.builder import Builder

_CARRY, _LOOP, _ITEM, _CONST = OP["carry"], OP["loop"], OP["item"], OP["const"]
CONSTANTS = frozenset(
    i for i, n in enumerate(KIND_NAMES) if n in ("true", "false", "none", "integer", "string")
)
_FALSE = frozenset(("False", "0", "TYPE_CHECKING", "typing.TYPE_CHECKING", "None"))
_ASSIGNS = frozenset(
    i
    for i, n in enumerate(KIND_NAMES)
    if n in ("assignment", "augmented_assignment", "named_expression", "for_statement")
)
_CALL_KIND = KIND_NAMES.index("call")


def if_(b: Builder, i: int) -> bool:
    """All branches from the same values; names that differ afterwards become a choice."""
    clauses, otherwise = _clauses(b, i)
    before = b.scope.env
    ends: list[tuple[int, dict[str, int]]] = []  # environments of branches that go on
    for clause, test, body in clauses:
        b.count("if")
        if b.text(test) in _FALSE:
            continue
        operators.condition(b, test)
        b.scope.env = dict(before)
        if not b.block(body):
            ends.append((clause, b.scope.env))
    b.scope.env = dict(before)
    if otherwise < 0 or not b.block(otherwise):
        ends.append((i, b.scope.env))
    if not ends:
        return True
    clause, after = ends.pop()
    while ends:
        clause, env = ends.pop()
        after = merge(b, clause, env, after)
    b.scope.env = after
    return False


def _clauses(b: Builder, i: int) -> tuple[list[tuple[int, int, int]], int]:
    """(clause, test, body) of every branch with a test, and the body of ``else`` or -1."""
    kids = b.kids[i]
    found = [(i, kids[0], kids[1])] if len(kids) > 1 else []
    otherwise = -1
    for clause in kids[2:]:
        inner = b.kids[clause]
        if KIND_NAMES[b.kind[clause]] == "elif_clause" and len(inner) == 2:
            found.append((clause, inner[0], inner[1]))
        elif inner:
            otherwise = inner[-1]
    return found, otherwise


def merge(b: Builder, i: int, first: dict[str, int], second: dict[str, int]) -> dict[str, int]:
    """Values behind a join; a name bound on one side only keeps that value."""
    merged = dict(second)
    for name, value in first.items():
        other = second.get(name)
        if other is None:
            merged[name] = value
        elif other != value:
            merged[name] = _joined(b, i, other, value)
            b.bind(name, merged[name]) if not name.startswith("self.") else None
    return merged


def _joined(b: Builder, i: int, other: int, value: int) -> int:
    """An empty list on one side only waits to be filled on the other."""
    for kept, dropped in ((value, other), (other, value)):
        if comprehensions.is_empty(b, dropped) and not comprehensions.is_empty(b, kept):
            return kept
    return operators.phi(b, i, other, value)


def for_(b: Builder, i: int) -> bool:
    from codesim.detectors.code import statements

    b.count("for")
    kids = b.kids[i]
    if len(kids) < 3:
        return statements.parts(b, i)
    target, iterable, body, *others = kids
    value = b.value(iterable)
    statements.bind_item(b, i, target, value)
    _loop_body(b, i, body)
    for clause in others:
        if b.kids[clause]:
            b.block(b.kids[clause][-1])
    return False


def _loop_body(b: Builder, i: int, body: int, test: int = -1, counter: str = "") -> None:
    """Read a body once; names that it changes enter it as values carried around the loop."""
    before = b.scope.env
    b.scope.env = dict(before)
    for name in _assigned(b, body):
        held = before.get(name)
        if held is not None and name != counter and not comprehensions.is_empty(b, held):
            b.scope.env[name] = b.graph.node(_CARRY, b.start[i], (held,))
    if test >= 0:
        operators.condition(b, test)
    b.scope.loops += 1
    b.block(body)
    b.scope.loops -= 1
    if counter:
        b.scope.env[counter] = before[counter]
    b.scope.env = merge(b, i, b.scope.env, before)


def _assigned(b: Builder, body: int) -> list[str]:
    """Names that an assignment below this node rebinds, in order of appearance."""
    kind, kids = b.kind, b.kids
    found: dict[str, None] = {}
    for node in range(body, b.syntax.end[body]):
        if kind[node] in _ASSIGNS and kids[node]:
            stack = [kids[node][0]]
            while stack:
                target = stack.pop()
                if kind[target] == IDENTIFIER:
                    found[b.text(target)] = None
                elif KIND_NAMES[kind[target]] not in ("attribute", "subscript", "call"):
                    stack.extend(kids[target])
    return list(found)


def while_(b: Builder, i: int) -> bool:
    """A while loop with a counter is a for loop over a range."""
    from codesim.detectors.code import statements

    b.count("while")
    kids = b.kids[i]
    if len(kids) < 2:
        return statements.parts(b, i)
    test, body, *others = kids
    counter = _counter(b, test, body)
    if counter is not None:
        _while_counter(b, i, counter, body)
    else:
        b.graph.sink(_LOOP, b.start[i])
        _loop_body(b, i, body, -1 if b.text(test) in ("True", "1") else test)
    for clause in others:
        if b.kids[clause]:
            b.block(b.kids[clause][-1])
    return False


def _counter(b: Builder, test: int, body: int) -> tuple[str, int, bool, int] | None:
    """(name, bound, inclusive, step node) of ``while name < bound: ...; name += step``."""
    kids = b.kids[test]
    if KIND_NAMES[b.kind[test]] != "comparison_operator" or len(kids) != 2:
        return None
    operator = b.syntax.operator(test)
    if operator not in ("<", "<=") or b.kind[kids[0]] != IDENTIFIER:
        return None
    name = b.text(kids[0])
    if name not in b.scope.env:
        return None
    for statement in b.kids[body]:
        inner = b.kids[statement]
        if len(inner) == 1 and KIND_NAMES[b.kind[inner[0]]] == "augmented_assignment":
            target, step = b.kids[inner[0]]
            if b.text(target) == name and b.syntax.operator(inner[0]) == "+=":
                return name, kids[1], operator == "<=", step
    return None


def _while_counter(b: Builder, i: int, counter: tuple[str, int, bool, int], body: int) -> None:
    name, bound, inclusive, step = counter
    graph = b.graph
    at = b.start[i]
    last = b.value(bound)
    one = graph.node(_CONST, at, (), graph.intern(f"{NUMBER}:1"))
    if inclusive:
        last = graph.node(OP["+"], b.start[bound], (last, one), -1, (0, 0))
    start = b.scope.env[name]
    span: tuple[int, ...] = (start, last)
    if b.text(step) != "1":
        span = (start, last, b.value(step))
    elif graph.name[start] >= 0 and b.graph_name(graph.name[start]) == f"{NUMBER}:0":
        span = (last,)
    value = graph.node(OP["call"], at, span, graph.intern(f"{BUILTIN}:range"))
    graph.sink(_LOOP, at, (value,))
    item = graph.node(_ITEM, at, (value,))
    b.scope.env[name] = item
    _loop_body(b, i, body, counter=name)
    b.unit.features[0] -= 2  # the counter's two statements are the loop header of the other form


def with_(b: Builder, i: int) -> bool:
    """``with f() as x`` binds the value of ``f()``."""
    from codesim.detectors.code import calls, statements

    *headers, body = b.kids[i]
    for header in headers:
        for item in b.kids[header]:
            value_node = b.kids[item][0] if b.kids[item] else item
            if KIND_NAMES[b.kind[value_node]] == "as_pattern" and len(b.kids[value_node]) == 2:
                source, target = b.kids[value_node]
                value = b.value(source)
                statements.assign(b, b.kids[target][0] if b.kids[target] else target, value)
            else:
                value = b.value(value_node)
            if calls.is_effect(b, value) or b.kind[value_node] == _CALL_KIND:
                b.graph.sinks.append(value)
    return b.block(body)


def try_(b: Builder, i: int) -> bool:
    """The body runs; handlers are read from the values before it."""
    kids = b.kids[i]
    before = dict(b.scope.env)
    ended = b.block(kids[0]) if kids else False
    after = b.scope.env
    for clause in kids[1:]:
        name = KIND_NAMES[b.kind[clause]]
        if name == "except_clause":
            b.scope.env = dict(before)
            for part in b.kids[clause][:-1]:
                b.graph.sink(OP["except"], b.start[part], (b.value(part),))
            if b.kids[clause]:
                b.block(b.kids[clause][-1])
            b.scope.env = after
        elif b.kids[clause]:
            b.scope.env = after
            ended = b.block(b.kids[clause][-1]) or ended
            after = b.scope.env
    b.scope.env = after
    return ended and len(kids) == 1


def match(b: Builder, i: int) -> bool:
    """Each case is a branch on the subject."""
    kids = b.kids[i]
    for subject in kids[:-1]:
        b.graph.sinks.append(b.value(subject))
    before = b.scope.env
    for case in b.kids[kids[-1]] if kids else ():
        b.scope.env = dict(before)
        if b.kids[case]:
            b.block(b.kids[case][-1])
    b.scope.env = before
    return False
