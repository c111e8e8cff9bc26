"""Arithmetic in one form: literals folded, divisions by them turned into products."""

from __future__ import annotations

import operator as operators
from collections.abc import Callable
from typing import TYPE_CHECKING

from codesim.detectors.code.graph import COMMUTATIVE, NUMBER, OP
from codesim.detectors.code.numerals import MOST_DIGITS, plain

if TYPE_CHECKING:
    from codesim.detectors.code.builder import Builder

_CONST, _SEQ, _POWER, _NEG = OP["const"], OP["seq"], OP["**"], OP["neg"]
_FOLDED: dict[str, Callable[[float, float], object]] = {
    "+": operators.add, "-": operators.sub, "*": operators.mul, "/": operators.truediv,
    "**": operators.pow,
}  # fmt: skip
# What ``+`` puts one behind the other; of anything else the order of two terms says nothing.
_ORDERED = frozenset(OP[name] for name in ("seq", "collect", "extend", "string", "fmt"))
# No literal in model code is such a power, and no literal list in two halves is so long.
_MOST_POWER, MOST_PARTS = 64, 64


def arithmetic(b: Builder, at: int, operator: str, left: int, right: int) -> int:
    """An operation on two values in one form: ``x / 2`` is ``x * 0.5``, ``a + -b`` is ``a - b``."""
    graph = b.graph
    if operator in _FOLDED:
        folded = _folded(b, at, operator, left, right)
        if folded >= 0:
            return folded
        if operator == "/":
            operator, left, right = _division(b, at, left, right)
        elif operator in ("+", "-"):
            operator, left, right = _difference(b, operator, left, right)
    if operator == "+" and graph.op[left] == graph.op[right] == _SEQ:
        parts = graph.inputs[left] + graph.inputs[right]
        if len(parts) <= MOST_PARTS:
            return graph.node(_SEQ, at, parts)
    if operator == "**" and is_number(b, right, 1):
        return left
    op = OP.get(operator, OP["unknown"])
    if operator == "+" and (_is_ordered(b, left) or _is_ordered(b, right)):
        return joined(b, at, left, right)
    return graph.node(op, at, (left, right), -1, (0, 0) if op in COMMUTATIVE else None)


def joined(b: Builder, at: int, left: int, right: int) -> int:
    """Two sequences, one behind the other."""
    return b.graph.node(OP["+"], at, (left, right))


def is_joined(b: Builder, node: int) -> bool:
    """True for a sum of which the order matters."""
    return b.graph.op[node] == OP["+"] and b.graph.places[node] is None


def _is_ordered(b: Builder, node: int) -> bool:
    return b.graph.op[node] in _ORDERED or is_joined(b, node)


def _folded(b: Builder, at: int, operator: str, left: int, right: int) -> int:
    """Arithmetic on two literals done now, or -1: ``10 ** -6`` is ``1e-6``."""
    one = _float(b, left)
    two = _float(b, right) if one is not None else None
    if one is None or two is None or (operator == "**" and abs(two) > _MOST_POWER):
        return -1
    try:
        value = _FOLDED[operator](one, two)
    except (ArithmeticError, ValueError):
        return -1
    if not isinstance(value, int | float):
        return -1
    # Behind so many digits a whole number is compared as the operation that gives it.
    whole = isinstance(value, int)
    return -1 if whole and abs(value) >= 10 ** (MOST_DIGITS - 1) else number(b, at, repr(value))


def _division(b: Builder, at: int, left: int, right: int) -> tuple[str, int, int]:
    """A division by a literal or by a constant power multiplies by the inverse."""
    graph = b.graph
    divisor = _float(b, right)
    if divisor:
        return "*", left, number(b, at, repr(1.0 / divisor))
    exponent = _float(b, graph.inputs[right][1]) if graph.op[right] == _POWER else None
    if exponent is None:
        return "/", left, right
    base, inverse = graph.inputs[right][0], number(b, at, repr(-exponent))
    if is_number(b, left, 1):
        return "**", base, inverse
    return "*", left, graph.node(_POWER, at, (base, inverse))


def _difference(b: Builder, operator: str, left: int, right: int) -> tuple[str, int, int]:
    """``a + -b`` and ``-b + a`` are ``a - b``; ``a - -b`` is ``a + b``."""
    graph = b.graph
    if graph.op[right] == _NEG:
        return ("-" if operator == "+" else "+"), left, graph.inputs[right][0]
    if operator == "+" and graph.op[left] == _NEG:
        return "-", right, graph.inputs[left][0]
    return operator, left, right


def number(b: Builder, at: int, text: str) -> int:
    """The node of a literal number."""
    return b.graph.node(_CONST, at, (), b.graph.intern(f"{NUMBER}:{plain(text)}"))


def _float(b: Builder, node: int) -> float | None:
    graph = b.graph
    if graph.op[node] != _CONST:
        return None
    text = b.graph_name(graph.name[node])[2:]
    try:
        return int(text) if text.lstrip("-").isdigit() else float(text)
    except ValueError:
        return None


def is_number(b: Builder, node: int, value: int) -> bool:
    """True for the literal of a whole number."""
    return b.graph.op[node] == _CONST and b.graph_name(b.graph.name[node]) == f"{NUMBER}:{value}"


def is_literal(b: Builder, node: int) -> bool:
    """True for a literal number."""
    return _float(b, node) is not None


def negative(b: Builder, at: int, value: int) -> int:
    """``-x``, as a literal where ``x`` is one."""
    literal = _float(b, value)
    if literal is not None:
        return number(b, at, repr(-literal))
    return b.graph.node(_NEG, at, (value,))


def is_none(b: Builder, node: int) -> bool:
    """True for the literal None."""
    return b.graph.op[node] == _CONST and b.graph_name(b.graph.name[node]) == f"{NUMBER}:None"
