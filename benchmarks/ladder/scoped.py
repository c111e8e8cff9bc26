"""A walk that knows, at every place, whom a name belongs to."""

from __future__ import annotations

import ast

from benchmarks.ladder.callees import Callee, callee
from benchmarks.ladder.ownership import Ownership
from benchmarks.ladder.scopes import SCOPES, Scope, bound, inside, outside


class Scoped(ast.NodeVisitor):
    """Visits each part of a file in the scope that evaluates it."""

    def __init__(self, path: str, ownership: Ownership, tree: ast.Module | None = None) -> None:
        self.path = path
        self.ownership = ownership
        self.tree = tree or ownership.trees[path]
        self._stack: list[tuple[Scope, dict[str, bool]]] = []

    def run(self) -> None:
        """Visit the whole file."""
        self._within(self.tree)

    def owner(self, name: str) -> str:
        """Whose a name is here: ours, theirs, local, member (of the class around it), unknown."""
        for depth in range(len(self._stack) - 1, -1, -1):
            scope, names = self._stack[depth]
            is_class = isinstance(scope, ast.ClassDef)
            if name not in names or (is_class and depth < len(self._stack) - 1):
                continue
            if is_class and not names[name]:
                return "member"
            if isinstance(scope, ast.Module) or names[name]:
                return "ours" if self.ownership.modules[self.path].get(name) else "theirs"
            return "local"
        return "unknown"

    def callee(self, call: ast.Call) -> Callee:
        """What a call goes to."""
        classes = [scope for scope, _ in self._stack if isinstance(scope, ast.ClassDef)]
        return callee(call, self.ownership, self.owner, classes[-1] if classes else None)

    def visit(self, node: ast.AST) -> None:
        """Visit a node; a nested scope in its own names."""
        if isinstance(node, SCOPES):
            for part in outside(node):
                self.visit(part)
            self._within(node)
            self.leave(node)
        else:
            super().visit(node)

    def enter(self, scope: Scope) -> None:
        """Called inside a scope, before its parts."""

    def leave(self, scope: Scope) -> None:
        """Called around a scope, after its parts."""

    def _within(self, scope: Scope) -> None:
        self._stack.append((scope, bound(scope)))
        self.enter(scope)
        for part in inside(scope):
            self.visit(part)
        self._stack.pop()


def string(node: ast.AST | None) -> str | None:
    """The value of a string constant."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return None


def is_kwargs(node: ast.AST) -> bool:
    """True for the name that collects further keyword arguments, by custom."""
    return isinstance(node, ast.Name) and node.id.endswith("kwargs")
