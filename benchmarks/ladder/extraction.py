"""L4: runs of assignments become functions of their own."""

from __future__ import annotations

import ast

from benchmarks.ladder.blocks import Block, read
from benchmarks.ladder.chance import Chance, Fresh
from benchmarks.ladder.scopes import (
    FUNCTIONS,
    SCOPES,
    Function,
    bound,
    identifiers,
    loads,
    parameters,
    stores,
)

_SHARE = 0.5
_LONGEST = 5
_MOST_INPUTS = 6
_WORDS = ("prepare", "derive", "arrange", "settle", "compose")


def extract(trees: dict[str, ast.Module], chance: Chance) -> None:
    """Move one run of many a function into a helper in front of it."""
    for path in sorted(trees):
        tree = trees[path]
        fresh = Fresh(identifiers(tree))
        body: Block = []
        for statement in tree.body:
            for function in _direct(statement):
                helper = _extracted(function, fresh, chance) if chance.often(_SHARE) else None
                if helper:
                    body.append(helper)
            body.append(statement)
        tree.body = body


def _direct(statement: ast.stmt) -> list[Function]:
    """Functions of a module and methods of its classes."""
    if isinstance(statement, ast.ClassDef):
        return [inner for inner in statement.body if isinstance(inner, FUNCTIONS)]
    return [statement] if isinstance(statement, FUNCTIONS) else []


def _extracted(function: Function, fresh: Fresh, chance: Chance) -> ast.FunctionDef | None:
    runs = _runs(function)
    if not runs:
        return None
    first, last = chance.choice(runs)
    run, rest = function.body[first:last], function.body[last:]
    written = list(dict.fromkeys(name for s in run for name in _targets(s)))
    later = {name for statement in rest for name in loads(statement)}
    outputs = [name for name in written if name in later]
    inputs = _inputs(function, first, run)
    if not outputs or inputs is None or len(inputs) > _MOST_INPUTS:
        return None
    name = fresh.name("_" + chance.choice(_WORDS))
    helper = _helper(name, inputs, run, outputs)
    targets: list[ast.expr] = [ast.Name(each, ast.Store()) for each in outputs]
    target = targets[0] if len(targets) == 1 else ast.Tuple(targets, ast.Store())
    call = ast.Call(read(name), [read(each) for each in inputs], [])
    function.body[first:last] = [ast.Assign([target], call, lineno=0)]
    return helper


def _helper(name: str, inputs: list[str], run: Block, outputs: list[str]) -> ast.FunctionDef:
    values: list[ast.expr] = [read(each) for each in outputs]
    value = values[0] if len(values) == 1 else ast.Tuple(values, ast.Load())
    helper = ast.parse(f"def {name}({', '.join(inputs)}): pass").body[0]
    assert isinstance(helper, ast.FunctionDef)
    helper.body = [*run, ast.Return(value)]
    return helper


def _targets(statement: ast.stmt) -> list[str]:
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    return [
        node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)
    ]


def _runs(function: Function) -> list[tuple[int, int]]:
    """Half-open ranges of two to five statements that may stand elsewhere."""
    shared = {
        node.id
        for scope in ast.walk(function)
        if isinstance(scope, SCOPES) and scope is not function
        for node in ast.walk(scope)
        if isinstance(node, ast.Name)
    }
    free = [_is_free(statement, shared) for statement in function.body]
    found: list[tuple[int, int]] = []
    start = 0
    for place, good in enumerate([*free, False]):
        if not good:
            if place - start >= 2:
                found.append((start, min(place, start + _LONGEST)))
            start = place + 1
    return found


def _is_free(statement: ast.stmt, shared: set[str]) -> bool:
    if not isinstance(statement, ast.Assign):
        return False
    for target in statement.targets:
        names = target.elts if isinstance(target, ast.Tuple) else [target]
        if not all(isinstance(name, ast.Name) and name.id not in shared for name in names):
            return False
    return not any(_binds_to_place(node) for node in ast.walk(statement))


def _binds_to_place(node: ast.AST) -> bool:
    """True for what means something else in another function."""
    if isinstance(node, ast.Name):
        return node.id in {"super", "__class__", "locals", "vars"}
    if isinstance(node, ast.Attribute):
        return node.attr.startswith("__") and not node.attr.endswith("__")
    return isinstance(node, ast.Yield | ast.YieldFrom | ast.Await | ast.NamedExpr)


def _inputs(function: Function, first: int, run: Block) -> list[str] | None:
    """Locals that the run reads; None when one may not be bound yet."""
    own = bound(function)
    sure = {arg.arg for arg in parameters(function)}
    for statement in function.body[:first]:
        sure.update(_targets(statement))
    needed: list[str] = []
    made: set[str] = set()
    for statement in run:
        for name in loads(statement):
            if name in own and name not in made and name not in needed:
                needed.append(name)
        made.update(_targets(statement))
    # A run that deletes or conditionally binds is not free, so what is left must be sure.
    return needed if set(needed) <= sure and not _deleted(function) & set(needed) else None


def _deleted(function: Function) -> set[str]:
    deletes = [node for node in ast.walk(function) if isinstance(node, ast.Delete)]
    return {name for node in deletes for name in stores(node)}
