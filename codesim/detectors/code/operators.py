"""Operators, comparisons and choices to graph nodes, in one canonical direction."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from codesim.detectors.code import expressions, strings
from codesim.detectors.code.graph import COMMUTATIVE, OP
from codesim.detectors.code.syntax import BINARY, BOOLEAN, NUMBERS

if TYPE_CHECKING:
    from codesim.detectors.code.builder import Builder

_AND, _OR = OP["and"], OP["or"]
_PHI, _NEG, _NOT, _INV = OP["phi"], OP["neg"], OP["not"], OP["inv"]


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
    if b.kind[i] == BINARY:
        value = strings.percent(b, i) if len(b.kids[i]) == 2 else expressions.unknown(b, i)
    else:
        value = b.value(i)
    for operator, right in reversed(chain):
        op = OP.get(operator, OP["unknown"])
        places = (0, 0) if op in COMMUTATIVE else None
        value = b.graph.node(op, b.start[right], (value, b.value(right)), -1, places)
    return value


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
    inputs = b.values(parts[::-1])
    return b.graph.node(op, b.start[i], inputs, -1, (0,) * len(inputs))


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
        return graph.node(_OR if op == _AND else _AND, b.start[i], parts, -1, (0,) * len(parts))
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
        inputs = (right, left) if swap else (left, right)
        places = (0, 0) if op == "eq" else None
        node = b.graph.node(OP[op], b.start[after], inputs, -1, places)
        links.append(b.graph.node(_NOT, b.start[after], (node,)) if negate else node)
        left = right
    if len(links) == 1:
        return links[0]
    return b.graph.node(OP["and"], b.start[i], tuple(links), -1, (0,) * len(links))


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
    condition(b, kids[1])
    return phi(b, i, b.value(kids[0]), b.value(kids[2]))


def phi(b: Builder, i: int, first: int, second: int) -> int:
    """One of several values, in no order; nested choices are flattened."""
    if first == second:
        return first
    inputs = tuple(dict.fromkeys(b.alternatives(first) + b.alternatives(second)))[:8]
    return b.graph.node(_PHI, b.start[i], inputs, -1, (0,) * len(inputs))


def condition(b: Builder, i: int) -> None:
    """A branch on a condition, whichever way round it is written."""
    value = b.value(i)
    graph = b.graph
    # Which branch comes first says nothing: of a condition and its negation one form is kept.
    if graph.op[value] == _NOT or graph.op[value] == _OR:
        value = negated(b, i, value)
    graph.sink(OP["branch"], b.start[i], (value,))


def unary(b: Builder, i: int) -> int:
    operator = b.text(i)[:1]
    kids = b.kids[i]
    if not kids or operator == "+":
        return expressions.first_kid(b, i)
    if operator == "-" and b.kind[kids[0]] in NUMBERS:
        return expressions.constant(b, i)
    op = _NEG if operator == "-" else _INV
    return b.graph.node(op, b.start[i], (b.value(kids[0]),))
