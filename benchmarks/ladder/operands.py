"""L4: operands of commutative operations swapped, comparisons turned around."""

from __future__ import annotations

import ast

from benchmarks.ladder.chance import Chance
from benchmarks.ladder.effects import is_plain

_SHARE = 0.5
_MIRROR: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.Gt, ast.Gt: ast.Lt, ast.LtE: ast.GtE, ast.GtE: ast.LtE, ast.Eq: ast.Eq,
    ast.NotEq: ast.NotEq,
}  # fmt: skip
_ARITHMETIC = (ast.Mult, ast.Sub, ast.Div, ast.Pow, ast.FloorDiv)
_TEXT = (ast.JoinedStr, ast.List, ast.Tuple, ast.ListComp)


def swap(trees: dict[str, ast.Module], chance: Chance) -> None:
    """Swap where both sides are free of effects and ``+`` is surely not concatenation."""
    for path in sorted(trees):
        _Swap(chance).visit(trees[path])


class _Swap(ast.NodeTransformer):
    def __init__(self, chance: Chance) -> None:
        self.chance = chance

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        product = isinstance(node.op, ast.Mult) and _calm(node.left, node.right)
        addition = isinstance(node.op, ast.Add) and _is_number(node.left, node.right)
        if (product or addition) and self.chance.often(_SHARE):
            node.left, node.right = node.right, node.left
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        self.generic_visit(node)
        mirror = _MIRROR.get(type(node.ops[0])) if len(node.ops) == 1 else None
        right = node.comparators[0]
        if mirror and _calm(node.left, right) and self.chance.often(_SHARE):
            return ast.Compare(right, [mirror()], [node.left])
        return node


def _calm(left: ast.expr, right: ast.expr) -> bool:
    """True when at most one side calls anything, so that the order of calls cannot change."""
    calls = [any(isinstance(n, ast.Call) for n in ast.walk(side)) for side in (left, right)]
    return is_plain(left) or is_plain(right) or not all(calls)


def _is_number(left: ast.expr, right: ast.expr) -> bool:
    """True when a side is arithmetic: a number, or a product or difference of no texts."""
    sides = [left, right]
    if any(_is_text(inner) for side in sides for inner in ast.walk(side)):
        return False
    if not _calm(left, right):
        return False
    return any(
        (isinstance(side, ast.Constant) and isinstance(side.value, int | float))
        or (isinstance(side, ast.BinOp) and isinstance(side.op, _ARITHMETIC))
        for side in sides
    )


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, _TEXT) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str | bytes)
    )
