"""L4: small functions and methods written out where they are called."""

from __future__ import annotations

import ast
import copy
from collections import Counter
from dataclasses import dataclass

from benchmarks.ladder.blocks import Around, Block, assign, read, rewrite_blocks
from benchmarks.ladder.chance import Chance, Fresh
from benchmarks.ladder.external import ATTRIBUTES
from benchmarks.ladder.scopes import (
    FUNCTIONS,
    SCOPES,
    Function,
    bound,
    functions,
    loads,
    parameters,
)

_SHARE = 0.7
_LONGEST = 5


@dataclass(frozen=True)
class Small:
    """A function that can be written out: straight-line assignments and one result."""

    function: Function
    is_method: bool


def inline(trees: dict[str, ast.Module], chance: Chance) -> None:
    """Inline calls, and drop private functions that nothing names any more."""
    names = Counter(function.name for tree in trees.values() for function in functions(tree))
    for path in sorted(trees):
        small = _small(trees[path], names)

        def rewrite(block: Block, around: Around, small: dict[str, Small] = small) -> Block:
            out: Block = []
            for statement in block:
                out.extend(_inlined(statement, around, small, chance))
            return out

        rewrite_blocks(trees[path], rewrite)
    _drop_unused(trees)


def _small(tree: ast.Module, names: Counter[str]) -> dict[str, Small]:
    found: dict[str, Small] = {}
    for statement in tree.body:
        if isinstance(statement, ast.ClassDef):
            for inner in statement.body:
                if isinstance(inner, ast.FunctionDef) and _is_small(inner, names, method=True):
                    found["." + inner.name] = Small(inner, is_method=True)
        elif isinstance(statement, ast.FunctionDef) and _is_small(statement, names, method=False):
            found[statement.name] = Small(statement, is_method=False)
    return found


def _is_small(function: ast.FunctionDef, names: Counter[str], method: bool) -> bool:
    args = function.args
    *body, last = function.body
    if names[function.name] != 1 or function.decorator_list or len(function.body) > _LONGEST:
        return False
    if args.vararg or args.kwarg or args.posonlyargs or function.name.startswith("__"):
        return False
    if method and (not args.args or args.args[0].arg != "self" or function.name in ATTRIBUTES):
        return False
    defaults = [*args.defaults, *(d for d in args.kw_defaults if d)]
    if not all(isinstance(default, ast.Constant) for default in defaults):
        return False
    if not isinstance(last, ast.Return) or last.value is None:
        return False
    if not all(isinstance(s, ast.Assign) and isinstance(s.targets[0], ast.Name) for s in body):
        return False
    inside = [node for statement in function.body for node in ast.walk(statement)]
    calls_itself = function.name in loads(function)
    return not calls_itself and not any(_ties(node) for node in inside)


def _ties(node: ast.AST) -> bool:
    """True for what cannot be written out elsewhere without more thought."""
    if isinstance(node, ast.Name) and node.id in {"super", "__class__", "locals", "vars"}:
        return True
    return isinstance(node, (*SCOPES, ast.Yield, ast.YieldFrom, ast.Await, ast.NamedExpr))


def _inlined(statement: ast.stmt, around: Around, small: dict[str, Small], chance: Chance) -> Block:
    if not isinstance(statement, ast.Assign | ast.Return) or not isinstance(
        statement.value, ast.Call
    ):
        return [statement]
    call = statement.value
    found = _target(call, small, around)
    if found is None or found.function is around.function or not chance.often(_SHARE):
        return [statement]
    given = _given(call, found)
    own = bound(around.function)
    free = set(loads(found.function)) - set(bound(found.function))
    if given is None or any(name in own for name in free):
        return [statement]
    before, value = _written_out(found, given, around.fresh)
    statement.value = value
    return [*before, statement]


def _target(call: ast.Call, small: dict[str, Small], around: Around) -> Small | None:
    if isinstance(call.func, ast.Name) and call.func.id not in bound(around.function):
        return small.get(call.func.id)
    if isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name):
        args = around.function.args.args
        if args and args[0].arg == "self" == call.func.value.id:
            return small.get("." + call.func.attr)
    return None


def _given(call: ast.Call, small: Small) -> dict[str, ast.expr] | None:
    """The value of every parameter, in the order of evaluation."""
    args = small.function.args
    names = [arg.arg for arg in args.args][small.is_method :]
    if any(isinstance(arg, ast.Starred) for arg in call.args) or len(call.args) > len(names):
        return None
    given: dict[str, ast.expr] = dict(zip(names, call.args, strict=False))
    for keyword in call.keywords:
        if keyword.arg is None or keyword.arg in given:
            return None
        given[keyword.arg] = keyword.value
    defaults = dict(zip([a.arg for a in args.args][::-1], args.defaults[::-1], strict=False))
    defaults.update((a.arg, d) for a, d in zip(args.kwonlyargs, args.kw_defaults, strict=True) if d)
    wanted = [arg.arg for arg in parameters(small.function)][small.is_method :]
    for name in wanted:
        if name not in given and name in defaults:
            given[name] = defaults[name]
    return given if set(given) == set(wanted) else None


def _written_out(small: Small, given: dict[str, ast.expr], fresh: Fresh) -> tuple[Block, ast.expr]:
    before: Block = []
    names: dict[str, ast.expr] = {"self": read("self")} if small.is_method else {}
    function = copy.deepcopy(small.function)
    changed = {name for name in bound(function) if name not in given and name not in names}
    assigned = {n for s in function.body[:-1] for n in _assigned(s)}
    for name, value in given.items():
        if isinstance(value, ast.Constant) and name not in assigned:
            names[name] = value
            continue
        new = fresh.name()
        before.append(assign(new, value))
        names[name] = read(new)
    names.update((name, read(fresh.name())) for name in sorted(changed))
    replace = _Replace(names)
    *body, last = function.body
    before.extend(replace.visit(statement) for statement in body)
    assert isinstance(last, ast.Return)
    assert last.value is not None
    return before, replace.visit(last.value)


def _assigned(statement: ast.stmt) -> list[str]:
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    return [target.id for target in targets if isinstance(target, ast.Name)]


class _Replace(ast.NodeTransformer):
    def __init__(self, names: dict[str, ast.expr]) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.expr:
        new = self.names.get(node.id)
        if isinstance(new, ast.Name):
            return ast.Name(new.id, node.ctx)
        return copy.deepcopy(new) if new is not None else node


def _drop_unused(trees: dict[str, ast.Module]) -> None:
    used: Counter[str] = Counter()
    for tree in trees.values():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                used[node.value] += 1
            for field in ("id", "attr"):
                used[getattr(node, field, "")] += 1
            if isinstance(node, ast.alias):
                used[node.name] += 1
    for tree in trees.values():
        tree.body = [s for s in tree.body if not _is_unused(s, used)] or tree.body


def _is_unused(statement: ast.stmt, used: Counter[str]) -> bool:
    return (
        isinstance(statement, FUNCTIONS)
        and statement.name.startswith("_")
        and not statement.name.startswith("__")
        and not statement.decorator_list
        and not used[statement.name]
    )
