"""Names that only count the rounds of a loop, so that a while loop is a for loop over a range."""

from __future__ import annotations

import collections
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from codesim.detectors.code import arithmetic, control, idioms, iteration
from codesim.detectors.code.syntax import ATTRIBUTE, IDENTIFIER, KIND_NAMES

if TYPE_CHECKING:
    from codesim.detectors.code.builder import Builder

_COMPARISON, _AUGMENTED, _ASSIGNMENT, _CONTINUE, _BREAK, _RETURN, _IF, _NOT = (
    KIND_NAMES.index(name)
    for name in (
        "comparison_operator", "augmented_assignment", "assignment", "continue_statement",
        "break_statement", "return_statement", "if_statement", "not_operator",
    )
)  # fmt: skip
_STATEMENT, _BLOCK, _SUBSCRIPT, _DELETE = (
    frozenset(i for i, kind in enumerate(KIND_NAMES) if kind == name)
    for name in ("expression_statement", "block", "subscript", "delete_statement")
)
_LEAVING = frozenset((_CONTINUE, _BREAK, _RETURN))
_ROUNDS_OF_ITS_OWN = frozenset(
    KIND_NAMES.index(name)
    for name in ("for_statement", "while_statement", "function_definition", "class_definition")
)
# Methods that change how many elements a collection has.
_CHANGING = frozenset(
    ("append", "extend", "insert", "add", "update", "pop", "popleft", "popitem", "remove",
     "discard", "clear", "appendleft")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Counter:
    """A name that a while loop counts with. ``bound`` and ``step`` are syntax nodes; ``guarded``
    tells that the test is the first statement of the body, which leaves the loop.
    """

    name: str
    bound: int
    operator: str  # how the name stands to the bound while the loop runs: < <= > >= !=
    step: int
    down: bool
    guarded: bool


_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "!=": "!="}
_NEGATED = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!="}


def while_counter(b: Builder, test: int, body: int) -> Counter | None:
    """The counter of ``while i < n: ...; i += 1`` in any of its spellings."""
    guarded = opposite = b.text(test) in ("True", "1")
    if guarded:
        test = _leaving_test(b, body)
    while test >= 0 and b.kind[test] == _NOT and b.kids[test]:
        test, opposite = b.kids[test][0], not opposite
    if test < 0 or b.kind[test] != _COMPARISON or len(b.kids[test]) != 2:
        return None
    operator = b.syntax.operator(test)
    if opposite:
        operator = _NEGATED.get(operator, "")
    left, right = b.kids[test]
    for name, bound, way in ((left, right, operator), (right, left, _TURNED.get(operator, ""))):
        step = _step(b, body, b.text(name)) if b.kind[name] == IDENTIFIER else None
        if step is None or b.text(name) not in b.scope.env:
            continue
        down = step[1]
        ways = {">", ">="} if down else {"<", "<="}
        if b.text(step[0]) == "1":
            ways.add("!=")  # a longer step may pass the bound by
        counts = _only_counts(b, body, b.text(name), b.text(step[0]))
        counts = counts and not _changes(b, body, (bound, step[0]), b.text(name))
        if counts and way in ways:
            return Counter(b.text(name), bound, way, step[0], down, guarded)
    return None


def _leaving_test(b: Builder, body: int) -> int:
    """The test of ``if test: break`` at the top of a loop, or -1."""
    first = b.kids[body][0] if b.kids[body] else -1
    if first < 0 or b.kind[first] != _IF or len(b.kids[first]) != 2:
        return -1
    test, block = b.kids[first]
    only = b.kids[block]
    return test if len(only) == 1 and b.kind[only[0]] == _BREAK else -1


def _step(b: Builder, body: int, name: str) -> tuple[int, bool] | None:
    """(step, whether it counts down) of ``name += step`` among the statements of a body."""
    for statement in b.kids[body]:
        for node in b.kids[statement][:1]:
            found = _counted(b, node, name)
            if found is not None:
                return found
    return None


def _counted(b: Builder, node: int, name: str) -> tuple[int, bool] | None:
    kids = b.kids[node]
    if len(kids) != 2 or b.kind[kids[0]] != IDENTIFIER or b.text(kids[0]) != name:
        return None
    if b.kind[node] == _AUGMENTED:
        operator, step = b.syntax.operator(node), kids[1]
    elif b.kind[node] == _ASSIGNMENT and len(b.kids[kids[1]]) == 2:
        held, step = b.kids[kids[1]]
        if b.kind[held] != IDENTIFIER or b.text(held) != name:
            return None
        operator = b.syntax.operator(kids[1]) + "="
    else:
        return None
    return (step, operator == "-=") if operator in ("+=", "-=") else None


def _only_counts(b: Builder, body: int, name: str, step: str) -> bool:
    """True when every round gives the name the next value once, and nothing else does.

    The step is a statement of the body. Whoever leaves a round before it steps first.
    """
    own = next(node for node in b.kids[body] if _steps(b, node, name, step))
    before = [node for node in _inside(b, body) if node < own]
    early = [node for node in before if _steps(b, node, name, step)]
    leaving = [node for node in before if b.kind[node] == _CONTINUE]
    in_front = _in_front(b, body)
    bound = sum(each == name for each in control.bound_names(b, body))
    return early == [in_front.get(node, -1) for node in leaving] and bound == 1 + len(early)


def _inside(b: Builder, body: int) -> Iterator[int]:
    """Syntax nodes of a body without those of the loops and definitions in it."""
    node = body
    while node < b.syntax.end[body]:
        inner = b.kind[node] in _ROUNDS_OF_ITS_OWN
        if not inner:
            yield node
        node = b.syntax.end[node] if inner else node + 1


def _steps(b: Builder, statement: int, name: str, step: str) -> bool:
    """True for the statement ``name += step``."""
    if b.kind[statement] not in _STATEMENT or not b.kids[statement]:
        return False
    found = _counted(b, b.kids[statement][0], name)
    return found is not None and b.text(found[0]) == step


def _in_front(b: Builder, body: int) -> dict[int, int]:
    """For each statement the one in front of it in the same block."""
    blocks = [node for node in _inside(b, body) if b.kind[node] in _BLOCK]
    return {after: before for block in blocks for before, after in pairwise(b.kids[block])}


def _changes(b: Builder, body: int, read: tuple[int, ...], counter: str) -> bool:
    """True when a body may change what the bound or the step of its loop is computed from."""
    names = {b.text(node) for each in read for node in _read(b, each)}
    if counter in names:
        return True
    if any(b.text(target) in names for target in control.targets(b, body)):
        return True
    if not names.isdisjoint(control.bound_names(b, body)):
        return True
    for node in range(body, b.syntax.end[body]):
        kids = b.kids[node]
        if b.kind[node] == ATTRIBUTE and len(kids) == 2 and b.text(kids[1]) in _CHANGING:
            if b.text(kids[0]) in names:
                return True
        elif b.kind[node] in _DELETE and any(b.text(part) in names for part in _read(b, node)):
            return True
    return False


def _read(b: Builder, i: int) -> Iterator[int]:
    """Names, attributes and items that an expression reads."""
    for node in range(i, b.syntax.end[i]):
        if b.kind[node] in (IDENTIFIER, ATTRIBUTE) or b.kind[node] in _SUBSCRIPT:
            yield node


def counted_range(b: Builder, i: int, counter: Counter) -> int:
    """The range that a while loop counts through."""
    at = b.start[i]
    last, step = b.value(counter.bound), b.value(counter.step)
    if counter.operator in ("<=", ">="):
        way = "-" if counter.down else "+"
        last = arithmetic.arithmetic(b, at, way, last, arithmetic.number(b, at, "1"))
    if counter.down:
        step = arithmetic.negative(b, at, step)
    return idioms.builtin(b, i, "range", (b.scope.env[counter.name], last, step))


def for_counters(b: Builder, i: int, body: int, iterable: int) -> dict[str, tuple[int, int]]:
    """Names that a for loop only counts its rounds with: their values inside and behind it."""
    found: dict[str, tuple[int, int]] = {}
    at = b.start[i]
    for name in _counting_rounds(b, body):
        start = b.scope.env.get(name, -1)
        if start < 0 or not arithmetic.is_literal(b, start):
            continue
        source = iteration.plain(b, iterable)
        rounds = iteration.call_of(b, at, "len", source)
        if not arithmetic.is_number(b, start, 0):
            rounds = arithmetic.arithmetic(b, at, "+", rounds, start)
        found[name] = (iteration.place_of(b, at, source, start), rounds)
    return found


def _counting_rounds(b: Builder, body: int) -> list[str]:
    """Names that every round gives the next number: bound once, and no way past it."""
    names: list[str] = []
    for statement in b.kids[body]:
        for node in b.kids[statement][:1]:
            kids = b.kids[node]
            name = b.text(kids[0]) if kids and b.kind[kids[0]] == IDENTIFIER else ""
            step = _counted(b, node, name) if name else None
            if step is not None and not step[1] and b.text(step[0]) == "1":
                names.append(name)
    if not names:
        return []
    if any(b.kind[node] in _LEAVING for node in range(body, b.syntax.end[body])):
        return []
    bound = collections.Counter(control.bound_names(b, body))
    return [name for name in names if bound[name] == 1]
