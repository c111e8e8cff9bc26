"""Python expressions that are plainly values, as trees: nothing is evaluated that could run."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable

from codesim.detectors.config.scalars import Spelled, flag, number, quoted
from codesim.detectors.config.tree import MAX_DEPTH, Node

_MAKERS = frozenset(("dict", "ConfigDict", "FrozenConfigDict", "CN", "CfgNode", "Dict", "edict"))
_WRAPPERS = frozenset(("list", "tuple", "Path", "str", "int", "float"))
_DTYPES = frozenset(("torch", "jnp", "np", "numpy", "tf"))
_SIGNS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul,
    ast.Div: operator.truediv, ast.FloorDiv: operator.floordiv,
}  # fmt: skip
# Numbers of configurations are smaller; larger ones are left alone, so that no sum is expensive.
_LARGEST = 1e15
_MOST_POWER = 64


def literal(node: ast.expr, depth: int = 0) -> Node | None:
    """The tree of an expression, or None where it is no plain value."""
    if depth > MAX_DEPTH:
        return None
    line = getattr(node, "lineno", 1)
    scalar = _scalar(node)
    if scalar is not None:
        return Node(line, scalar=scalar)
    if isinstance(node, ast.Call):
        return _call(node, depth)
    if isinstance(node, ast.Dict):
        return _mapping(list(zip(node.keys, node.values, strict=True)), line, depth)
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        items = [literal(each, depth + 1) for each in node.elts]
        known = [item for item in items if item is not None]
        return Node(line, items=known) if len(known) == len(items) else None
    return None


def _call(node: ast.Call, depth: int) -> Node | None:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
    name = node.func.id if isinstance(node.func, ast.Name) else name
    if name in _MAKERS and not node.args:
        pairs: list[tuple[ast.expr | None, ast.expr]] = [
            (ast.Constant(keyword.arg), keyword.value) for keyword in node.keywords if keyword.arg
        ]
        return _mapping(pairs, node.lineno, depth)
    if (name in _MAKERS or name in _WRAPPERS) and len(node.args) == 1 and not node.keywords:
        return literal(node.args[0], depth + 1)
    return None


def _mapping(pairs: list[tuple[ast.expr | None, ast.expr]], line: int, depth: int) -> Node | None:
    found: list[tuple[str, int, Node]] = []
    for key, value in pairs:
        inner = literal(value, depth + 1)
        if isinstance(key, ast.Constant) and inner is not None:
            found.append((str(key.value), getattr(value, "lineno", line), inner))
    return Node(line, pairs=found)


def _scalar(node: ast.expr) -> Spelled | None:
    if isinstance(node, ast.Constant):
        return _constant(node.value)
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return quoted(node.attr) if node.value.id in _DTYPES else None
    value = _sum(node, 0)
    return number(value) if value is not None else None


def _constant(value: object) -> Spelled | None:
    if value is None:
        return "null", "null"
    if isinstance(value, bool):
        return flag(value)
    if isinstance(value, int | float):
        return number(value)
    return quoted(value) if isinstance(value, str) else None


def _sum(node: ast.expr, depth: int) -> float | None:
    """A number that is written as a small calculation: ``4 * 1024``, ``-1``, ``2**16``."""
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return node.value if abs(node.value) <= _LARGEST else None  # type: ignore[arg-type, return-value]
    if depth > MAX_DEPTH:
        return None
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = _sum(node.operand, depth + 1)
        return -inner if inner is not None else None
    if not isinstance(node, ast.BinOp):
        return None
    left, right = _sum(node.left, depth + 1), _sum(node.right, depth + 1)
    if left is None or right is None or max(abs(left), abs(right)) > _LARGEST:
        return None
    return _calculated(node.op, left, right)


def _calculated(sign: ast.operator, left: float, right: float) -> float | None:
    if isinstance(sign, ast.Pow):
        small = 0 <= right <= _MOST_POWER and 0 <= left <= _MOST_POWER
        return left**right if small else None
    if type(sign) not in _SIGNS or (isinstance(sign, ast.Div | ast.FloorDiv) and right == 0):
        return None
    return _SIGNS[type(sign)](left, right)
