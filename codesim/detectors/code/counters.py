"""Names that only count the rounds of a loop, so that a while loop is a for loop over a range."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from codesim.detectors.code import arithmetic, idioms, iteration
from codesim.detectors.code.syntax import IDENTIFIER, KIND_NAMES

if TYPE_CHECKING:
    from codesim.detectors.code.builder import Builder

_COMPARISON, _AUGMENTED, _ASSIGNMENT, _CONTINUE, _BREAK, _RETURN, _IF, _NOT = (
    KIND_NAMES.index(name)
    for name in (
        "comparison_operator", "augmented_assignment", "assignment", "continue_statement",
        "break_statement", "return_statement", "if_statement", "not_operator",
    )
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
        counts = _only_counts(b, body, b.text(name), b.text(step[0]))
        if counts and way in ((">", ">=") if down else ("<", "<=", "!=")):
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
    """True when nothing in a body gives the name another value than the next one."""
    for node in range(body, b.syntax.end[body]):
        if b.kind[node] in (_AUGMENTED, _ASSIGNMENT) and b.kids[node]:
            found = _counted(b, node, name)
            if b.text(b.kids[node][0]) == name and (found is None or b.text(found[0]) != step):
                return False
    return True


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
    for statement in b.kids[body]:
        for node in b.kids[statement][:1]:
            if b.kind[node] not in (_AUGMENTED, _ASSIGNMENT) or not b.kids[node]:
                continue
            name = b.text(b.kids[node][0])
            start = b.scope.env.get(name, -1)
            step = _counted(b, node, name)
            if start < 0 or step is None or step[1] or b.text(step[0]) != "1":
                continue
            if not arithmetic.is_literal(b, start) or not _counts_rounds(b, body, name):
                continue
            source = iteration.plain(b, iterable)
            rounds = iteration.call_of(b, at, "len", source)
            if not arithmetic.is_number(b, start, 0):
                rounds = arithmetic.arithmetic(b, at, "+", rounds, start)
            found[name] = (iteration.place_of(b, at, source, start), rounds)
    return found


def _counts_rounds(b: Builder, body: int, name: str) -> bool:
    """True when every round counts once: one assignment of the name, and no way past it."""
    assigned = 0
    for node in range(body, b.syntax.end[body]):
        kind = b.kind[node]
        if kind in (_CONTINUE, _BREAK, _RETURN):
            return False
        if kind in (_AUGMENTED, _ASSIGNMENT) and b.kids[node]:
            assigned += b.text(b.kids[node][0]) == name
    return assigned == 1
