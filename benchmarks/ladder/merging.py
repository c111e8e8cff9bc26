"""Two files become one."""

from __future__ import annotations

import ast
import posixpath

from benchmarks.ladder.blocks import Block
from benchmarks.ladder.modules import Import, imports, is_future, needs, targets, used_as_module
from benchmarks.ladder.ownership import Trees
from benchmarks.ladder.scopes import bound

_KEPT = {"__init__.py", "__main__.py", "setup.py", "conftest.py"}


def merged(first: str, second: str, trees: Trees) -> bool:
    """Append the second file to the first, where no name can then mean two things."""
    if not _may_merge(first, second, trees):
        return False
    one, two = trees[first], trees[second]
    before, after = (two, one) if second in needs(first, trees) else (one, two)
    inner = {id(node) for path in (first, second) for node in _between(path, first, second, trees)}
    lines = [node for tree in (one, two) for node in imports(tree) if id(node) not in inner]
    body: Block = [*filter(is_future, lines), *(n for n in lines if not is_future(n))]
    body += [*_rest(before), *_rest(after)]
    exported = [name for tree in (one, two) for name in _exported(tree)]
    if exported:
        body.append(ast.parse(f"__all__ = {exported!r}").body[0])
    stem = posixpath.basename(first).removesuffix(".py")
    for other in trees:
        for node, target in targets(other, trees):
            if target == second and node.module:
                node.module = ".".join([*node.module.split(".")[:-1], stem])
    trees[first] = ast.Module(body, [])
    del trees[second]
    return True


def _between(path: str, first: str, second: str, trees: Trees) -> list[ast.ImportFrom]:
    return [node for node, target in targets(path, trees) if target in {first, second}]


def _may_merge(first: str, second: str, trees: Trees) -> bool:
    if posixpath.dirname(first) != posixpath.dirname(second):
        return False
    if {posixpath.basename(first), posixpath.basename(second)} & _KEPT:
        return False
    if used_as_module(first, trees) or used_as_module(second, trees):
        return False
    text = ast.unparse(trees[first]) + ast.unparse(trees[second])
    return (
        "__main__" not in text
        and not _clash(first, second, trees)
        and _inner_imports_are_plain(first, second, trees)
        and not _in_circle(first, second, trees)
    )


def _clash(first: str, second: str, trees: Trees) -> bool:
    """True when a name is bound by both files, unless the same import binds it."""
    one, two = bound(trees[first]), bound(trees[second])
    both = (one.keys() & two.keys()) - {"__all__"}
    inner = {
        alias.name
        for path in (first, second)
        for node in _between(path, first, second, trees)
        for alias in node.names
    }
    same = _spelled(imports(trees[first])) & _spelled(imports(trees[second]))
    return any(
        name not in inner and not (one[name] and two[name] and _binding(name, same))
        for name in both
    )


def _spelled(lines: list[Import]) -> set[tuple[str, str]]:
    """Every imported name with the spelling of its import."""
    found = set()
    for node in lines:
        origin = f"{'.' * node.level}{node.module}" if isinstance(node, ast.ImportFrom) else ""
        for alias in node.names:
            found.add((alias.asname or alias.name.partition(".")[0], f"{origin} {alias.name}"))
    return found


def _binding(name: str, same: set[tuple[str, str]]) -> bool:
    return any(bound_name == name for bound_name, _ in same)


def _inner_imports_are_plain(first: str, second: str, trees: Trees) -> bool:
    """Imports between the two can go only where they stand at the top and rename nothing."""
    for path in (first, second):
        top = {id(node) for node in imports(trees[path])}
        for node in _between(path, first, second, trees):
            if id(node) not in top or any(
                alias.asname or alias.name == "*" for alias in node.names
            ):
                return False
    return True


def _in_circle(first: str, second: str, trees: Trees) -> bool:
    """True when a third file would import the merged one and be imported by it."""
    needed = needs(first, trees) | needs(second, trees)
    if first in needs(first, trees) or second in needs(second, trees):
        return True
    return any({first, second} & needs(other, trees) for other in needed - {first, second})


def _rest(tree: ast.Module) -> Block:
    return [
        statement
        for statement in tree.body
        if not isinstance(statement, ast.Import | ast.ImportFrom) and not _is_export(statement)
    ]


def _is_export(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "__all__"


def _exported(tree: ast.Module) -> list[str]:
    for statement in tree.body:
        if isinstance(statement, ast.Assign) and _is_export(statement):
            items = getattr(statement.value, "elts", [])
            return [str(item.value) for item in items if isinstance(item, ast.Constant)]
    return []
