"""L3: assignments merged into tuples, tuples split, augmented assignments written out."""

from __future__ import annotations

import ast

from benchmarks.ladder.blocks import Around, Block, assign, read, rewrite_blocks, single
from benchmarks.ladder.chance import Chance
from benchmarks.ladder.effects import effects, impure_names
from benchmarks.ladder.scopes import loads

_MERGED = 0.35
_SPLIT = 0.7
_WRITTEN_OUT = 0.7
_MOST_MERGED = 3


def merge_and_split(trees: dict[str, ast.Module], chance: Chance) -> None:
    """Split what is merged, then merge what is independent, each with some chance."""
    impure = impure_names(trees)

    def rewrite(block: Block, around: Around) -> Block:
        out: Block = []
        for statement in block:
            out.extend(_split(statement, around, chance))
        out = [_written_out(statement, around, chance) for statement in out]
        return out if around.in_try else _merged(out, chance, impure)

    for path in sorted(trees):
        rewrite_blocks(trees[path], rewrite)


def _split(statement: ast.stmt, around: Around, chance: Chance) -> Block:
    """``a, b = x, y`` as two statements, by way of a temporary when y reads a."""
    if not (
        isinstance(statement, ast.Assign)
        and len(statement.targets) == 1
        and isinstance(statement.targets[0], ast.Tuple)
        and isinstance(statement.value, ast.Tuple)
        and len(statement.targets[0].elts) == len(statement.value.elts)
        and chance.often(_SPLIT)
    ):
        return [statement]
    targets, values = statement.targets[0].elts, statement.value.elts
    names = [target.id for target in targets if isinstance(target, ast.Name)]
    if len(names) < len(targets) or any(isinstance(value, ast.Starred) for value in values):
        return [statement]
    later = [set(loads(ast.Tuple(values[place + 1 :]))) for place in range(len(values))]
    if not any(name in reads for name, reads in zip(names, later, strict=True)):
        return [assign(name, value) for name, value in zip(names, values, strict=True)]
    kept = [around.fresh.name("old") for _ in names]
    first = [assign(name, value) for name, value in zip(kept, values, strict=True)]
    return [*first, *(assign(name, read(old)) for name, old in zip(names, kept, strict=True))]


def _written_out(statement: ast.stmt, around: Around, chance: Chance) -> ast.stmt:
    """``x += y`` as ``x = x + y`` for a local, and the reverse for numbers."""
    if isinstance(statement, ast.AugAssign) and isinstance(statement.target, ast.Name):
        name = statement.target.id
        own = name not in around.parameters and name not in around.shared
        if (own or _is_number(statement.value)) and chance.often(_WRITTEN_OUT):
            return assign(name, ast.BinOp(read(name), statement.op, statement.value))
        return statement
    found = single(statement)
    if not found or not isinstance(found[1], ast.BinOp) or not chance.often(_WRITTEN_OUT):
        return statement
    name, value = found[0], found[1]
    same = isinstance(value.left, ast.Name) and value.left.id == name
    if same and _is_number(value.right):
        return ast.AugAssign(ast.Name(name, ast.Store()), value.op, value.right)
    return statement


def _is_number(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, int | float)


def _merged(block: Block, chance: Chance, impure: frozenset[str]) -> Block:
    out: Block = []
    waiting: list[tuple[str, ast.expr]] = []
    for statement in block:
        found = single(statement)
        joins = found and _independent(waiting, found, impure)
        if found and joins and len(waiting) < _MOST_MERGED and chance.often(_MERGED):
            waiting.append(found)
            continue
        out.extend(_flushed(waiting))
        waiting = [found] if found and not isinstance(found[1], ast.Yield | ast.Await) else []
        if not waiting:
            out.append(statement)
    return [*out, *_flushed(waiting)]


def _independent(
    waiting: list[tuple[str, ast.expr]], found: tuple[str, ast.expr], impure: frozenset[str]
) -> bool:
    if not waiting or isinstance(found[1], ast.Tuple):
        return False
    mine = effects(assign(*found), impure)
    return not any(effects(assign(*other), impure).before(mine) for other in waiting)


def _flushed(waiting: list[tuple[str, ast.expr]]) -> Block:
    if len(waiting) < 2:
        return [assign(name, value) for name, value in waiting]
    targets: list[ast.expr] = [ast.Name(name, ast.Store()) for name, _ in waiting]
    target = ast.Tuple(targets, ast.Store())
    return [ast.Assign([target], ast.Tuple([v for _, v in waiting], ast.Load()), lineno=0)]
