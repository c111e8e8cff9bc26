"""L4: branches inverted, early returns and ternaries exchanged with else and if."""

from __future__ import annotations

import ast
from typing import TypeGuard

from benchmarks.ladder.blocks import Around, Block, assign, leaves, rewrite_blocks, single
from benchmarks.ladder.chance import Chance

_INVERTED = 0.6
_RETURNS = 0.6
_TERNARIES = 0.6
_OPPOSITE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip


def rewrite(trees: dict[str, ast.Module], chance: Chance) -> None:
    """Rewrite branches of every function, each kind with its own chance."""

    def block(statements: Block, around: Around) -> Block:
        out: Block = []
        for place, statement in enumerate(statements):
            rest = statements[place + 1 :]
            if isinstance(statement, ast.If) and rest and _may_nest(statement, rest):
                if chance.often(_RETURNS):
                    nested = ast.If(statement.test, statement.body, block(rest, around))
                    return [*out, _inverted(nested, chance)]
            elif _leaves_early(statement) and chance.often(_RETURNS):
                out.append(ast.If(statement.test, statement.body, []))
                out.extend(statement.orelse)
                continue
            out.extend(_rewritten(statement, chance))
        return out

    for path in sorted(trees):
        rewrite_blocks(trees[path], block)


def _leaves_early(statement: ast.stmt) -> TypeGuard[ast.If]:
    """True for ``if c: return x`` with an else that could as well follow it."""
    return isinstance(statement, ast.If) and bool(statement.orelse) and leaves(statement.body)


def _may_nest(statement: ast.If, rest: Block) -> bool:
    """An early exit whose rest may go into an else: short, so that nesting stays readable."""
    return not statement.orelse and leaves(statement.body) and len(rest) <= 6


def _rewritten(statement: ast.stmt, chance: Chance) -> Block:
    if isinstance(statement, ast.If):
        joined = _as_ternary(statement)
        if joined and chance.often(_TERNARIES):
            return [joined]
        return [_inverted(statement, chance)]
    value = getattr(statement, "value", None)
    if isinstance(value, ast.IfExp) and chance.often(_TERNARIES):
        return _from_ternary(statement, value)
    return [statement]


def _inverted(statement: ast.If, chance: Chance) -> ast.If:
    """``if c: A else: B`` as ``if not c: B else: A``."""
    if not statement.orelse or not chance.often(_INVERTED):
        return statement
    return ast.If(negated(statement.test), statement.orelse, statement.body)


def negated(test: ast.expr) -> ast.expr:
    """The opposite of a condition; only comparisons that any type answers are turned around."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return test.operand
    if isinstance(test, ast.Compare) and len(test.ops) == 1:
        opposite = _OPPOSITE.get(type(test.ops[0]))
        if opposite:
            return ast.Compare(test.left, [opposite()], test.comparators)
    return ast.UnaryOp(ast.Not(), test)


def _from_ternary(statement: ast.stmt, value: ast.IfExp) -> Block:
    if isinstance(statement, ast.Return):
        return [ast.If(value.test, [ast.Return(value.body)], [ast.Return(value.orelse)])]
    found = single(statement)
    if not found:
        return [statement]
    name = found[0]
    return [ast.If(value.test, [assign(name, value.body)], [assign(name, value.orelse)])]


def _as_ternary(statement: ast.If) -> ast.stmt | None:
    if len(statement.body) != 1 or len(statement.orelse) != 1:
        return None
    one, two = statement.body[0], statement.orelse[0]
    if isinstance(one, ast.Return) and isinstance(two, ast.Return) and one.value and two.value:
        return ast.Return(ast.IfExp(statement.test, one.value, two.value))
    first, second = single(one), single(two)
    if first and second and first[0] == second[0]:
        return assign(first[0], ast.IfExp(statement.test, first[1], second[1]))
    return None
