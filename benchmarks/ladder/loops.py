"""L4: loops and comprehensions exchanged, counted for loops and while loops too."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from benchmarks.ladder.blocks import Around, Block, assign, has, read, rewrite_blocks, single
from benchmarks.ladder.chance import Chance
from benchmarks.ladder.scopes import COMPREHENSIONS, loads, stores

_SHARE = 0.7


def rewrite(trees: dict[str, ast.Module], chance: Chance) -> None:
    """Rewrite loops of every function where nothing else can tell."""

    def block(statements: Block, around: Around) -> Block:
        out: Block = []
        for statement in statements:
            made = None
            if out and chance.often(_SHARE):
                made = _as_comprehension(out[-1], statement, around)
            if made:
                out[-1] = made
                continue
            out.extend(_rewritten(statement, around, chance))
        return out

    for path in sorted(trees):
        rewrite_blocks(trees[path], block)


def _rewritten(statement: ast.stmt, around: Around, chance: Chance) -> Block:
    found = single(statement)
    if found and isinstance(found[1], ast.ListComp) and chance.often(_SHARE):
        return _as_loop(found[0], found[1], around) or [statement]
    if isinstance(statement, ast.For) and chance.often(_SHARE):
        return _as_while(statement, around) or [statement]
    return [statement]


def _as_comprehension(first: ast.stmt, loop: ast.stmt, around: Around) -> ast.stmt | None:
    """``xs = []`` and a loop that only appends to it, as ``xs = [...]``."""
    found = single(first)
    if not (
        found
        and isinstance(found[1], ast.List)
        and not found[1].elts
        and isinstance(loop, ast.For)
        and not loop.orelse
        and len(loop.body) == 1
    ):
        return None
    body, tests = loop.body[0], []
    if isinstance(body, ast.If) and not body.orelse and len(body.body) == 1:
        tests, body = [body.test], body.body[0]
    value = _appended(body, found[0])
    targets = stores(loop.target)
    if value is None or found[0] in [*loads(loop.iter), *loads(value), *map(ast.unparse, tests)]:
        return None
    # After a loop its variable lives on; after a comprehension it does not.
    inside = loads(loop) + stores(loop)
    if any(around.counts[name] > inside.count(name) or name in around.shared for name in targets):
        return None
    if has([loop], ast.Yield, ast.YieldFrom, ast.Await, ast.NamedExpr, *COMPREHENSIONS):
        return None
    return assign(
        found[0], ast.ListComp(value, [ast.comprehension(loop.target, loop.iter, tests, 0)])
    )


def _appended(statement: ast.stmt, name: str) -> ast.expr | None:
    call = statement.value if isinstance(statement, ast.Expr) else None
    if (
        isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr == "append"
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == name
        and len(call.args) == 1
    ):
        return call.args[0]
    return None


def _as_loop(name: str, value: ast.ListComp, around: Around) -> Block | None:
    """``xs = [f(t) for t in s]`` as an empty list and a loop, under a name of its own."""
    if len(value.generators) != 1 or value.generators[0].is_async:
        return None
    if has([ast.Expr(value)], ast.Lambda, ast.NamedExpr, ast.Await):
        return None
    if sum(isinstance(node, COMPREHENSIONS) for node in ast.walk(value)) > 1:
        return None
    generator = value.generators[0]
    fresh = {old: around.fresh.name() for old in stores(generator.target)}
    made = around.fresh.name()
    rename = _Rename(fresh)
    append = ast.Attribute(read(made), "append", ast.Load())
    body: Block = [ast.Expr(ast.Call(append, [rename.visit(value.elt)], []))]
    for test in reversed(generator.ifs):
        body = [ast.If(rename.visit(test), body, [])]
    loop = ast.For(rename.visit(generator.target), generator.iter, body, [], lineno=0)
    return [assign(made, ast.List([], ast.Load())), loop, assign(name, read(made))]


class _Rename(ast.NodeTransformer):
    def __init__(self, names: dict[str, str]) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.expr:
        node.id = self.names.get(node.id, node.id)
        return node


def _as_while(loop: ast.For, around: Around) -> Block | None:
    """``for i in range(n)`` as a counter and ``while i < n``."""
    bounds = _range(loop.iter)
    if bounds is None or not isinstance(loop.target, ast.Name) or loop.orelse:
        return None
    name = loop.target.id
    inside = loads(loop).count(name) + 1
    stays = around.counts[name] == inside and name not in around.shared | around.parameters
    if not stays or stores(ast.Module(loop.body, [])).count(name) or _continues(loop.body):
        return None
    first, last = bounds
    limit = around.fresh.name("limit")
    test = ast.Compare(read(name), [ast.Lt()], [read(limit)])
    step = ast.AugAssign(ast.Name(name, ast.Store()), ast.Add(), ast.Constant(1))
    return [
        assign(name, first), assign(limit, last),
        ast.While(test, [*loop.body, step], []),
    ]  # fmt: skip


def _range(node: ast.expr) -> tuple[ast.expr, ast.expr] | None:
    """Start and stop of a range with step one."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
        return None
    if (
        node.func.id != "range"
        or node.keywords
        or any(isinstance(a, ast.Starred) for a in node.args)
    ):
        return None
    if len(node.args) == 1:
        return ast.Constant(0), node.args[0]
    return (node.args[0], node.args[1]) if len(node.args) == 2 else None


def _continues(body: Sequence[ast.stmt]) -> bool:
    """True when a continue of this very loop would jump over the counter."""
    for statement in body:
        if isinstance(statement, ast.Continue):
            return True
        if isinstance(statement, ast.For | ast.While | ast.AsyncFor):
            continue
        for name in ("body", "orelse", "finalbody", "handlers", "cases"):
            if _continues(getattr(statement, name, None) or []):
                return True
    return False
