"""Which names a scope binds, and what stands in it directly."""

from __future__ import annotations

import ast
from collections.abc import Iterator

Function = ast.FunctionDef | ast.AsyncFunctionDef
Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
Scope = ast.Module | ast.ClassDef | Function | ast.Lambda | Comprehension
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
SCOPES = (ast.ClassDef, *FUNCTIONS, ast.Lambda, *COMPREHENSIONS)


def parameters(node: Function | ast.Lambda) -> list[ast.arg]:
    """All parameters in order."""
    args = node.args
    stars = [arg for arg in (args.vararg, args.kwarg) if arg]
    return [*args.posonlyargs, *args.args, *args.kwonlyargs, *stars]


def outside(node: ast.AST) -> list[ast.AST]:
    """The parts of a nested scope that are evaluated in the scope around it."""
    if isinstance(node, ast.ClassDef):
        return [*node.decorator_list, *node.bases, *node.keywords]
    if isinstance(node, ast.Lambda):
        return [d for d in (*node.args.defaults, *node.args.kw_defaults) if d]
    if isinstance(node, FUNCTIONS):
        defaults = [d for d in (*node.args.defaults, *node.args.kw_defaults) if d]
        hints = [arg.annotation for arg in parameters(node) if arg.annotation]
        returns = [node.returns] if node.returns else []
        return [*node.decorator_list, *defaults, *hints, *returns]
    if isinstance(node, COMPREHENSIONS):
        return [node.generators[0].iter]
    return []


def inside(node: Scope) -> list[ast.AST]:
    """The parts of a scope that are evaluated in it."""
    if isinstance(node, ast.Lambda):
        return [node.body]
    if isinstance(node, COMPREHENSIONS):
        around = set(map(id, outside(node)))
        parts: list[ast.AST] = []
        for child in ast.iter_child_nodes(node):
            grandchildren = ast.iter_child_nodes(child)
            parts.extend(grandchildren if isinstance(child, ast.comprehension) else [child])
        return [part for part in parts if id(part) not in around]
    return list(node.body)


def own_nodes(scope: Scope) -> Iterator[ast.AST]:
    """Every node of a scope, nested scopes only as one node each."""
    stack = list(reversed(inside(scope)))
    while stack:
        node = stack.pop()
        yield node
        nested = isinstance(node, SCOPES)
        stack.extend(reversed(outside(node) if nested else list(ast.iter_child_nodes(node))))


def bound(scope: Scope) -> dict[str, bool]:
    """Names bound by a scope; True where an import binds them."""
    found: dict[str, bool] = {}
    if isinstance(scope, (*FUNCTIONS, ast.Lambda)):
        found.update((arg.arg, False) for arg in parameters(scope))
    foreign: set[str] = set()
    for node in own_nodes(scope):
        foreign |= _declared(node)
        for name, imported in _binds(node):
            found[name] = imported or found.get(name, False)
    if not isinstance(scope, COMPREHENSIONS):
        found.update((name, False) for name in _walrus(scope))
    return {name: how for name, how in found.items() if name not in foreign}


def _declared(node: ast.AST) -> set[str]:
    return set(node.names) if isinstance(node, ast.Global | ast.Nonlocal) else set()


def _binds(node: ast.AST) -> Iterator[tuple[str, bool]]:
    if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
        yield node.id, False
    elif isinstance(node, (*FUNCTIONS, ast.ClassDef)):
        yield node.name, False
    elif isinstance(node, ast.Import | ast.ImportFrom):
        for alias in node.names:
            yield alias.asname or alias.name.partition(".")[0], True
    elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
        yield node.name, False
    elif isinstance(node, ast.MatchMapping) and node.rest:
        yield node.rest, False


def _walrus(scope: Scope) -> Iterator[str]:
    """Names that a walrus inside a comprehension binds in the scope around it."""
    for node in own_nodes(scope):
        if isinstance(node, COMPREHENSIONS):
            for inner in ast.walk(node):
                if isinstance(inner, ast.NamedExpr):
                    yield inner.target.id


def identifiers(tree: ast.AST) -> set[str]:
    """Every identifier that occurs anywhere, whatever it names."""
    found: set[str] = set()
    for node in ast.walk(tree):
        for field in ("id", "attr", "arg", "name", "asname"):
            value = getattr(node, field, None)
            if isinstance(value, str):
                found.update(value.split("."))
        found |= _declared(node)
    return found


def functions(tree: ast.AST) -> list[Function]:
    """Every function and method, also nested ones, in the order of the file."""
    return [node for node in ast.walk(tree) if isinstance(node, FUNCTIONS)]


def loads(node: ast.AST) -> list[str]:
    """Names read anywhere below a node, in the order of the tree."""
    return [
        inner.id
        for inner in ast.walk(node)
        if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Load)
    ]


def stores(node: ast.AST) -> list[str]:
    """Names bound or deleted anywhere below a node."""
    return [name for inner in ast.walk(node) for name, _ in _binds(inner)]
