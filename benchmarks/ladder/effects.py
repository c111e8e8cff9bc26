"""What a statement reads and writes, and whether it may be moved at all."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from benchmarks.ladder.external import words
from benchmarks.ladder.scopes import FUNCTIONS, functions, loads, stores

# Methods that change their object, by custom of the standard library and of tensor libraries.
_MUTATORS = words(
    """
    add add_module append appendleft backward clear close discard extend flush insert pop popitem
    popleft put read readline readlines register_buffer register_parameter remove reverse seed seek
    send setdefault shuffle sort step train update write writelines zero_grad manual_seed eval
    load_state_dict register_module register_forward_hook get_nowait cuda apply requires_grad_
    """
)
_IMPURE = words("print open next input exec setattr delattr iter super locals vars")
_IMPURE_ROOTS = words("random time sys os logging logger warnings subprocess")


@dataclass(frozen=True)
class Effects:
    """Names, ``.attribute`` and ``[]`` stand for what is read and written."""

    reads: frozenset[str]
    writes: frozenset[str]
    fixed: bool

    def before(self, later: Effects) -> bool:
        """True when ``later`` must stay behind this one."""
        return bool(
            self.fixed
            or later.fixed
            or self.writes & (later.reads | later.writes)
            or self.reads & later.writes
        )


def effects(node: ast.AST, impure: frozenset[str]) -> Effects:
    """Effects of a statement or expression. ``impure`` names functions that change something."""
    reads, writes = set(loads(node)), set(stores(node))
    fixed = False
    for inner in ast.walk(node):
        if isinstance(inner, ast.Attribute):
            (reads if isinstance(inner.ctx, ast.Load) else writes).add(f".{inner.attr}")
        elif isinstance(inner, ast.Subscript):
            (reads if isinstance(inner.ctx, ast.Load) else writes).add("[]")
        elif isinstance(inner, ast.AugAssign) and isinstance(inner.target, ast.Name):
            reads.add(inner.target.id)
        fixed |= isinstance(inner, ast.Await | ast.Yield | ast.YieldFrom | ast.Starred)
        fixed |= isinstance(inner, ast.Call) and _changes(inner, impure)
    return Effects(frozenset(reads), frozenset(writes), fixed)


def _changes(call: ast.Call, impure: frozenset[str]) -> bool:
    function = call.func
    if isinstance(function, ast.Name):
        return function.id in _IMPURE or function.id in impure
    if not isinstance(function, ast.Attribute):
        return True
    root: ast.AST = function
    while isinstance(root, ast.Attribute | ast.Call | ast.Subscript):
        root = root.func if isinstance(root, ast.Call) else root.value
    if isinstance(root, ast.Name) and root.id in _IMPURE_ROOTS:
        return True
    name = function.attr
    return name in _MUTATORS or name in impure or (name.endswith("_") and name[:1] != "_")


def impure_names(trees: dict[str, ast.Module]) -> frozenset[str]:
    """Functions and methods of a repository that may change more than their own locals."""
    found: set[str] = set()
    defined = [function for tree in trees.values() for function in functions(tree)]
    for function in defined:
        if _touches(function):
            found.add(function.name)
    grown = True
    while grown:
        size = len(found)
        names = frozenset(found)
        for function in defined:
            if function.name not in found and any(
                isinstance(node, ast.Call) and _changes(node, names) for node in ast.walk(function)
            ):
                found.add(function.name)
        grown = len(found) > size
    return frozenset(found)


def _touches(function: ast.AST) -> bool:
    """True for a function that stores outside itself; a constructor may fill its own object."""
    constructor = isinstance(function, FUNCTIONS) and function.name == "__init__"
    for node in ast.walk(function):
        if isinstance(node, ast.Global | ast.Nonlocal | ast.Yield | ast.YieldFrom | ast.Await):
            return True
        if isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(node.ctx, ast.Load):
            own = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
            if not (own and constructor):
                return True
    return False


def is_plain(node: ast.AST) -> bool:
    """True for a name, a constant or an attribute of a name: free to evaluate twice."""
    if isinstance(node, ast.Attribute):
        return isinstance(node.value, ast.Name)
    return isinstance(node, ast.Name | ast.Constant)
