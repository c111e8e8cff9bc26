"""Rewriting every block of statements of every function."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

from benchmarks.ladder.chance import Fresh
from benchmarks.ladder.scopes import SCOPES, Function, functions, identifiers, own_nodes

_BLOCKS = ("body", "orelse", "finalbody")
Block = list[ast.stmt]


@dataclass(frozen=True)
class Around:
    """The function around a block: how often each name occurs in it, and which are shared with
    nested scopes, which must not be touched. In a ``try``, what ran before an error matters.
    """

    function: Function
    counts: Counter[str]
    shared: frozenset[str]
    parameters: frozenset[str]
    fresh: Fresh
    in_try: bool = False


Rewrite = Callable[[Block, Around], Block]


def rewrite_blocks(tree: ast.Module, rewrite: Rewrite) -> None:
    """Replace each block, the innermost first."""
    fresh = Fresh(identifiers(tree))
    for function in functions(tree):
        around = surroundings(function, fresh)
        function.body = _rewritten(function.body, around, rewrite)


def surroundings(function: Function, fresh: Fresh) -> Around:
    """What a rewrite has to know about a function."""
    names = [node.id for node in ast.walk(function) if isinstance(node, ast.Name)]
    shared = {
        inner.id
        for node in own_nodes(function)
        if isinstance(node, SCOPES)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Name)
    }
    for node in ast.walk(function):
        if isinstance(node, ast.Global | ast.Nonlocal):
            shared.update(node.names)
    parameters = {node.arg for node in ast.walk(function.args) if isinstance(node, ast.arg)}
    return Around(function, Counter(names), frozenset(shared), frozenset(parameters), fresh)


def _rewritten(block: Block, around: Around, rewrite: Rewrite) -> Block:
    for statement in block:
        if isinstance(statement, SCOPES):
            continue
        within = replace(around, in_try=True) if isinstance(statement, ast.Try) else around
        for name in _BLOCKS:
            inner = getattr(statement, name, None)
            if inner and isinstance(inner, list):
                setattr(statement, name, _rewritten(inner, within, rewrite))
        for part in (*getattr(statement, "handlers", []), *getattr(statement, "cases", [])):
            part.body = _rewritten(part.body, within, rewrite)
    return rewrite(block, around) or [ast.Pass()]


def single(statement: ast.stmt) -> tuple[str, ast.expr] | None:
    """Name and value of ``name = value``."""
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target = statement.targets[0]
        if isinstance(target, ast.Name):
            return target.id, statement.value
    return None


def assign(name: str, value: ast.expr) -> ast.Assign:
    """``name = value``."""
    return ast.Assign([ast.Name(name, ast.Store())], value, lineno=0)


def read(name: str) -> ast.Name:
    """``name`` as a value."""
    return ast.Name(name, ast.Load())


def statements(text: str) -> Block:
    """Statements from text."""
    return ast.parse(text).body


def leaves(block: Block) -> bool:
    """True when control never runs past the end of a block."""
    last = block[-1] if block else None
    if isinstance(last, ast.If):
        return leaves(last.body) and leaves(last.orelse)
    return isinstance(last, ast.Return | ast.Raise | ast.Continue | ast.Break)


def has(block: Block, *kinds: type[ast.AST]) -> bool:
    """True when some statement of a block contains such a node."""
    return any(isinstance(node, kinds) for statement in block for node in ast.walk(statement))
