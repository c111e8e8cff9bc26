"""Operators, comparisons and choices to graph nodes, in one canonical direction."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from codesim.detectors.code import expressions, strings
from codesim.detectors.code.arithmetic import arithmetic, is_number, negative, number
from codesim.detectors.code.graph import OP
from codesim.detectors.code.syntax import BINARY, BOOLEAN, NUMBERS

if TYPE_CHECKING:
    from codesim.detectors.code.builder import Builder

_AND, _OR = OP["and"], OP["or"]
_PHI, _NEG, _NOT, _INV = OP["phi"], OP["neg"], OP["not"], OP["inv"]
_SEQ = OP["seq"]
# Who asks for one of more members keeps them in a table.
_MOST_MEMBERS = 8


def binary(b: Builder, i: int) -> int:
    """An operator chain, read from the left without recursion; ``"..." % x`` is formatting."""
    chain: list[tuple[str, int]] = []
    while b.kind[i] == BINARY and len(b.kids[i]) == 2:
        left, right = b.kids[i]
        operator = b.syntax.operator(i)
        if operator == "%" and strings.is_string(b, left):
            break
        chain.append((operator, right))
        i = left
    parts = [i, *(right for _, right in reversed(chain))]
    if chain and _joins_texts(b, chain, parts):
        return strings.concatenation(b, i, parts)
    if b.kind[i] == BINARY:
        value = strings.percent(b, i) if len(b.kids[i]) == 2 else expressions.unknown(b, i)
    else:
        value = b.value(i)
    for operator, right in reversed(chain):
        value = arithmetic(b, b.start[right], operator, value, b.value(right))
    return value


def _joins_texts(b: Builder, chain: list[tuple[str, int]], parts: list[int]) -> bool:
    """True for a sum of which one part is a text."""
    return all(operator == "+" for operator, _ in chain) and any(
        strings.is_string(b, part) for part in parts
    )


def boolean(b: Builder, i: int) -> int:
    """``a and b and c`` is one operation on a set of values."""
    op = OP.get(b.syntax.operator(i), OP["and"]) if len(b.kids[i]) == 2 else OP["and"]
    parts: list[int] = []
    node = i
    while b.kind[node] == BOOLEAN and len(b.kids[node]) == 2:
        if OP.get(b.syntax.operator(node), -1) != op:
            break
        parts.append(b.kids[node][1])
        node = b.kids[node][0]
    parts.append(node) if node != i else parts.extend(b.kids[i])
    return _joined(b, b.start[i], op, b.values(parts[::-1]))


def not_(b: Builder, i: int) -> int:
    return negated(b, i, b.value(b.kids[i][0]) if b.kids[i] else expressions.unknown(b, i))


def negated(b: Builder, i: int, value: int) -> int:
    """``not`` pushed inwards: two cancel out, and De Morgan's laws hold."""
    graph = b.graph
    op = graph.op[value]
    if op == _NOT:
        return graph.inputs[value][0]
    if op in (_AND, _OR):
        parts = tuple(negated(b, i, part) for part in graph.inputs[value])
        return _joined(b, b.start[i], _OR if op == _AND else _AND, parts)
    return graph.node(_NOT, b.start[i], (value,))


# operator -> (canonical operation, swap the sides, negate)
_COMPARE = {
    "<": ("lt", False, False), ">": ("lt", True, False),
    "<=": ("lt", True, True), ">=": ("lt", False, True),
    "==": ("eq", False, False), "!=": ("eq", False, True), "<>": ("eq", False, True),
    "in": ("in", False, False), "not in": ("in", False, True),
    "is": ("is", False, False), "is not": ("is", False, True),
}  # fmt: skip


def comparison(b: Builder, i: int) -> int:
    """Comparisons in one direction; a chain is the conjunction of its links."""
    kids = b.kids[i]
    links: list[int] = []
    left = b.value(kids[0])
    for before, after in pairwise(kids):
        at = b.syntax.end[before]
        right = b.value(after)
        op, swap, negate = _COMPARE.get(_operator(b, at, after), ("unknown", False, False))
        links.append(_link(b, after, op, (right, left) if swap else (left, right), negate))
        left = right
    if len(links) == 1:
        return links[0]
    return b.graph.node(OP["and"], b.start[i], tuple(links), -1, (0,) * len(links))


def _link(b: Builder, i: int, op: str, sides: tuple[int, int], negate: bool) -> int:
    """One comparison; membership in a literal is a choice of equalities."""
    graph = b.graph
    at = b.start[i]
    if op == "in" and graph.op[sides[1]] in (_SEQ, OP["set"]):
        members = graph.inputs[sides[1]]
        if 0 < len(members) <= _MOST_MEMBERS:
            node = one_of(b, i, sides[0], members)
            return negated(b, i, node) if negate else node
    if op == "lt":
        op, sides, negate = _emptiness(b, i, sides, negate)
    node = graph.node(OP[op], at, sides, -1, (0, 0) if op == "eq" else None)
    return graph.node(_NOT, at, (node,)) if negate else node


def one_of(b: Builder, i: int, value: int, members: tuple[int, ...]) -> int:
    """A value that equals one of several."""
    graph = b.graph
    at = b.start[i]
    equal = tuple(graph.node(OP["eq"], at, (value, m), -1, (0, 0)) for m in members)
    return equal[0] if len(equal) == 1 else _joined(b, at, _OR, equal)


def at_least(b: Builder, i: int, value: int, low: int) -> int:
    """``value >= low``."""
    return _link(b, i, "lt", (value, low), True)


def both(b: Builder, i: int, tests: list[int]) -> int:
    """All of some conditions, as one."""
    return tests[0] if len(tests) == 1 else _joined(b, b.start[i], _AND, tuple(tests))


def either(b: Builder, i: int, tests: list[int]) -> int:
    """One of some conditions, as one."""
    return tests[0] if len(tests) == 1 else _joined(b, b.start[i], _OR, tuple(tests))


def _emptiness(
    b: Builder, i: int, sides: tuple[int, int], negate: bool
) -> tuple[str, tuple[int, int], bool]:
    """``len(xs) > 0`` and ``len(xs) >= 1`` are ``len(xs) != 0``, as a length is never negative."""
    low, high = sides
    if _measured(b, high) >= 0 and is_number(b, low, 0):
        return "eq", (high, low), not negate
    if _measured(b, low) >= 0 and is_number(b, high, 1):
        return "eq", (low, number(b, b.start[i], "0")), negate
    return "lt", sides, negate


def _operator(b: Builder, at: int, after: int) -> str:
    words = []
    while at < after:
        words.append(b.text(at))
        at = b.syntax.end[at]
    return " ".join(" ".join(words).split())


def conditional(b: Builder, i: int) -> int:
    """A ternary is a branch and a choice, as an if statement would be."""
    kids = b.kids[i]
    if len(kids) != 3:
        return expressions.unknown(b, i)
    b.count("ternary")
    if b.text(kids[0]) == b.text(kids[1]):  # x if x else y
        return _joined(b, b.start[i], _OR, b.values([kids[0], kids[2]]))
    condition(b, kids[1])
    return phi(b, i, b.value(kids[0]), b.value(kids[2]))


def phi(b: Builder, i: int, first: int, second: int) -> int:
    """One of several values, in no order; nested choices are flattened."""
    if first == second:
        return first
    inputs = tuple(dict.fromkeys(b.alternatives(first) + b.alternatives(second)))[:8]
    return b.graph.node(_PHI, b.start[i], inputs, -1, (0,) * len(inputs))


def condition(b: Builder, i: int) -> None:
    """A branch on a condition."""
    branch(b, i, b.value(i))


def branch(b: Builder, i: int, value: int) -> None:
    """A branch on a value, whichever way round it is written."""
    graph = b.graph
    # Which branch comes first says nothing: of a condition and its negation one form is kept.
    value = _truth(b, i, value)
    if graph.op[value] == _NOT or graph.op[value] == _OR:
        value = negated(b, i, value)
    graph.sink(OP["branch"], b.start[i], (value,))


def _truth(b: Builder, i: int, value: int) -> int:
    """Where only truth counts, a length that is not 0 is a container that is not empty."""
    graph = b.graph
    op = graph.op[value]
    if op == _NOT:
        inner = graph.inputs[value][0]
        found = _truth(b, i, inner)
        return value if found == inner else negated(b, i, found)
    if op in (_AND, _OR):
        parts = tuple(_truth(b, i, part) for part in graph.inputs[value])
        return value if parts == graph.inputs[value] else _joined(b, b.start[i], op, parts)
    if op == OP["eq"] and is_number(b, graph.inputs[value][1], 0):
        container = _measured(b, graph.inputs[value][0])
        return value if container < 0 else graph.node(_NOT, b.start[i], (container,))
    container = _measured(b, value)
    return value if container < 0 else container


def _measured(b: Builder, value: int) -> int:
    """``xs`` of ``len(xs)``, or -1."""
    graph = b.graph
    if graph.op[value] != OP["call"] or len(graph.inputs[value]) != 1:
        return -1
    return graph.inputs[value][0] if b.graph_name(graph.name[value]) == "B:len" else -1


def _joined(b: Builder, at: int, op: int, parts: tuple[int, ...]) -> int:
    """``and`` or ``or`` of some values; the same operation inside is part of it."""
    graph = b.graph
    flat: list[int] = []
    for part in parts:
        flat.extend(graph.inputs[part] if graph.op[part] == op else (part,))
    return graph.node(op, at, tuple(flat), -1, (0,) * len(flat))


def all_of(b: Builder, i: int, tests: list[int]) -> int:
    """The condition of branches nested in each other."""
    return both(b, i, list(b.values(tests)))


def unary(b: Builder, i: int) -> int:
    operator = b.text(i)[:1]
    kids = b.kids[i]
    if not kids or operator == "+":
        return expressions.first_kid(b, i)
    if operator == "-" and b.kind[kids[0]] in NUMBERS:
        return expressions.constant(b, i)
    if operator == "-":
        return negative(b, b.start[i], b.value(kids[0]))
    return b.graph.node(_INV, b.start[i], (b.value(kids[0]),))
