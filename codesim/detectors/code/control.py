"""Control flow: branches, loops and exceptions, reduced to what they compute."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from codesim.detectors.code import comprehensions, operators
from codesim.detectors.code.graph import OP
from codesim.detectors.code.syntax import IDENTIFIER, KIND_NAMES

if TYPE_CHECKING:
    from codesim.detectors.code.builder import Builder
    from codesim.detectors.code.counters import Counter

_CARRY, _LOOP = OP["carry"], OP["loop"]
_FALSE = frozenset(("False", "0", "TYPE_CHECKING", "typing.TYPE_CHECKING", "None"))
_ASSIGNS = frozenset(
    i
    for i, n in enumerate(KIND_NAMES)
    if n in ("assignment", "augmented_assignment", "named_expression", "for_statement")
)
_AS = frozenset(i for i, n in enumerate(KIND_NAMES) if n == "as_pattern")
_NO_NAMES = frozenset(KIND_NAMES.index(n) for n in ("attribute", "subscript", "call"))
_ASKING = frozenset((IDENTIFIER, KIND_NAMES.index("call"), KIND_NAMES.index("attribute")))
_CALL_KIND, _IF = KIND_NAMES.index("call"), KIND_NAMES.index("if_statement")


def if_(b: Builder, i: int) -> bool:
    """All branches from the same values; names that differ afterwards become a choice."""
    clauses, otherwise = _clauses(b, i)
    before = b.scope.env
    ends: list[tuple[int, dict[str, int]]] = []  # environments of branches that go on
    for clause, test, body in clauses:
        b.count("if")
        if b.text(test) in _FALSE:
            continue
        tests, body = _nested(b, test, body) if len(b.kids[i]) == 2 else ([test], body)
        operators.branch(b, test, operators.all_of(b, test, tests))
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


def _nested(b: Builder, test: int, body: int) -> tuple[list[int], int]:
    """The tests of branches that hold nothing but the next one, and the body inside them all."""
    tests = [test]
    while len(b.kids[body]) == 1 and b.kind[only := b.kids[body][0]] == _IF:
        if len(b.kids[only]) != 2:
            break
        b.count("nested if")
        test, body = b.kids[only]
        tests.append(test)
    return tests, body


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
    """In a loop a list with less in it only waits to be filled, as what a filter leaves out."""
    if b.scope.loops:
        for kept, dropped in ((value, other), (other, value)):
            if comprehensions.adds_to(b, kept, dropped):
                return kept
    return operators.phi(b, i, other, value)


def is_settled(b: Builder, i: int) -> bool:
    """True for a test on literals alone: its outcome is known before anything runs."""
    return not any(b.kind[node] in _ASKING for node in range(i, b.syntax.end[i]))


def for_(b: Builder, i: int) -> bool:
    from codesim.detectors.code import counters, iteration, statements

    b.count("for")
    kids = b.kids[i]
    if len(kids) < 3:
        return statements.parts(b, i)
    target, iterable, body, *others = kids
    value = b.value(iterable)
    if not others and _is_idle(b, value, body):
        return False
    rounds = counters.for_counters(b, i, body, value)
    iteration.bind_item(b, i, target, value)
    b.scope.env.update({name: inside for name, (inside, _) in rounds.items()})
    _loop_body(b, i, body, counters={name: behind for name, (_, behind) in rounds.items()})
    for clause in others:
        if b.kids[clause]:
            b.block(b.kids[clause][-1])
    return False


def _is_idle(b: Builder, iterable: int, body: int) -> bool:
    """True for a loop over numbers that does nothing."""
    name = b.graph_name(b.graph.name[iterable])
    return name == "B:range" and all(
        KIND_NAMES[b.kind[node]] == "pass_statement" for node in b.kids[body]
    )


def _loop_body(
    b: Builder, i: int, body: int, test: int = -1, counters: Mapping[str, int] = {}
) -> None:
    """Read a body once; names that it changes enter it as values carried around the loop.

    ``counters`` are names that only count rounds, and what they stand for behind the loop.
    """
    before, around = b.scope.env, b.scope.sums
    b.scope.env, b.scope.sums = dict(before), {}
    for name in dict.fromkeys(bound_names(b, body)):
        held = before.get(name)
        if held is None or name in counters or comprehensions.is_empty(b, held):
            continue
        if comprehensions.adds_up(b, body, name, held):
            b.scope.sums[name] = held
        else:
            b.scope.env[name] = b.graph.node(_CARRY, b.start[i], (held,))
    if test >= 0:
        operators.condition(b, test)
    outside = b.scope.round
    b.scope.round = body
    b.scope.loops += 1
    b.block(body)
    b.scope.env = merge(b, i, b.scope.env, before) | b.scope.sums | dict(counters)
    b.scope.loops -= 1
    b.scope.round = outside
    b.scope.sums = around


def bound_names(b: Builder, body: int) -> Iterator[str]:
    """Names that something below this node rebinds, as often as it does, in order."""
    kind, kids = b.kind, b.kids
    for target in targets(b, body):
        stack = [target]
        while stack:
            part = stack.pop()
            if kind[part] == IDENTIFIER:
                yield b.text(part)
            elif kind[part] not in _NO_NAMES:
                stack.extend(kids[part])


def targets(b: Builder, body: int) -> Iterator[int]:
    """Syntax nodes that an assignment, a loop or an ``as`` below this node gives a value."""
    kind, kids = b.kind, b.kids
    for node in range(body, b.syntax.end[body]):
        if kind[node] in _ASSIGNS and kids[node]:
            yield kids[node][0]
        elif kind[node] in _AS and len(kids[node]) == 2:
            yield kids[node][1]


def while_(b: Builder, i: int) -> bool:
    """A while loop with a counter is a for loop over a range."""
    from codesim.detectors.code import counters, statements

    b.count("while")
    kids = b.kids[i]
    if len(kids) < 2:
        return statements.parts(b, i)
    test, body, *others = kids
    counter = counters.while_counter(b, test, body)
    if counter is not None:
        _while_counter(b, i, counter, body)
    else:
        b.graph.sink(_LOOP, b.start[i])
        _loop_body(b, i, body, -1 if b.text(test) in ("True", "1") else test)
    for clause in others:
        if b.kids[clause]:
            b.block(b.kids[clause][-1])
    return False


def _while_counter(b: Builder, i: int, counter: Counter, body: int) -> None:
    from codesim.detectors.code import counters, iteration

    if counter.guarded:
        b.kids[body] = b.kids[body][1:]
    value = counters.counted_range(b, i, counter)
    b.scope.env[counter.name] = iteration.item(b, i, value)
    _loop_body(b, i, body, counters={counter.name: b.scope.env[counter.name]})
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
