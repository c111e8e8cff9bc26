"""L3: temporaries inlined where they are used next, and introduced for inner values."""

from __future__ import annotations

import ast

from benchmarks.ladder.blocks import Around, Block, assign, read, rewrite_blocks, single
from benchmarks.ladder.chance import Chance
from benchmarks.ladder.effects import effects, impure_names
from benchmarks.ladder.scopes import loads

_INLINED = 0.6
_INTRODUCED = 0.35
_HOLDERS = (ast.Assign, ast.Return, ast.Expr, ast.AugAssign, ast.AnnAssign)
_WORTH = (ast.Call, ast.BinOp, ast.Subscript)


def move(trees: dict[str, ast.Module], chance: Chance) -> None:
    """Inline some temporaries, then introduce others."""
    impure = impure_names(trees)

    def rewrite(block: Block, around: Around) -> Block:
        out: Block = []
        for statement in block:
            if (
                out
                and not around.in_try
                and _inlines(out[-1], statement, around, impure)
                and chance.often(_INLINED)
            ):
                name, value = single(out.pop()) or ("", ast.Constant(None))
                statement = _Replace(name, value).visit(statement)
            out.extend(_introduced(statement, around, chance, impure))
        return out

    for path in sorted(trees):
        rewrite_blocks(trees[path], rewrite)


def _inlines(first: ast.stmt, second: ast.stmt, around: Around, impure: frozenset[str]) -> bool:
    """True when a local is written once, read once, and that in the very next statement."""
    found = single(first)
    if not found or not isinstance(second, _HOLDERS) or second.value is None:
        return False
    name, value = found
    # Two places in the whole function: the assignment and this use.
    once = around.counts[name] == 2 and name not in around.shared | around.parameters
    if not once or loads(second).count(name) != 1 or not _always_evaluated(second.value, name):
        return False
    mine = effects(value, impure)
    others = effects(second.value, impure)
    return not mine.fixed and not others.fixed and not others.writes


def _always_evaluated(value: ast.expr, name: str) -> bool:
    """True unless the use hides where evaluation is conditional, repeated or delayed."""
    if isinstance(value, ast.Name):
        return value.id == name
    if isinstance(value, ast.BoolOp):
        return _always_evaluated(value.values[0], name)
    if isinstance(value, ast.IfExp):
        return _always_evaluated(value.test, name)
    if isinstance(
        value,
        ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp | ast.Compare,
    ):
        return False
    parts = [
        part for part in ast.iter_child_nodes(value) if isinstance(part, ast.expr | ast.keyword)
    ]
    return any(
        _always_evaluated(part.value if isinstance(part, ast.keyword) else part, name)
        for part in parts
    )


class _Replace(ast.NodeTransformer):
    def __init__(self, name: str, value: ast.expr) -> None:
        self.name, self.value = name, value

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self.value if node.id == self.name and isinstance(node.ctx, ast.Load) else node


def _introduced(
    statement: ast.stmt, around: Around, chance: Chance, impure: frozenset[str]
) -> Block:
    """``f(g(x), y)`` as ``t = g(x)`` and ``f(t, y)``."""
    if not isinstance(statement, ast.Assign | ast.Return) or not isinstance(
        statement.value, ast.Call | ast.BinOp
    ):
        return [statement]
    value = statement.value
    place = value.args[0] if isinstance(value, ast.Call) and value.args else None
    place = value.left if isinstance(value, ast.BinOp) else place
    if not isinstance(place, _WORTH) or isinstance(place, ast.Starred):
        return [statement]
    if effects(value, impure).fixed or not chance.often(_INTRODUCED):
        return [statement]
    name = around.fresh.name()
    if isinstance(value, ast.BinOp):
        value.left = read(name)
    else:
        value.args[0] = read(name)
    return [assign(name, place), statement]
