"""Imports between the files of a repository, and what a file binds at its top level."""

from __future__ import annotations

import ast
import posixpath
from collections.abc import Iterator

from benchmarks.ladder.ownership import Trees, module_path, submodule

Import = ast.Import | ast.ImportFrom


def imports(tree: ast.Module) -> list[Import]:
    """Plain imports at the top level."""
    return [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]


def is_future(node: ast.stmt) -> bool:
    """True for ``from __future__ import ...``."""
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


def targets(path: str, trees: Trees) -> Iterator[tuple[ast.ImportFrom, str]]:
    """Imports of a file from others of the repository, with what they import from."""
    for node in ast.walk(trees[path]):
        if isinstance(node, ast.ImportFrom):
            target = module_path(path, node, trees)
            if target:
                yield node, target


def needs(path: str, trees: Trees) -> set[str]:
    """Files that a file imports, directly or through others."""
    found: set[str] = set()
    waiting = [path]
    while waiting:
        current = waiting.pop()
        for node, target in targets(current, trees):
            modules = {submodule(target, alias.name, trees) for alias in node.names} | {target}
            for module in modules:
                if module in trees and module not in found:
                    found.add(str(module))
                    waiting.append(str(module))
    return found


def import_from(path: str, target: str, names: list[str], trees: Trees) -> ast.stmt:
    """An import of names from a file of the same folder, relative where the folder is a package."""
    folder, stem = posixpath.dirname(path), posixpath.basename(target).removesuffix(".py")
    relative = any(
        isinstance(node, ast.ImportFrom) and node.level
        for other, tree in trees.items()
        if posixpath.dirname(other) == folder
        for node in ast.walk(tree)
    )
    package = relative or posixpath.join(folder, "__init__.py") in trees
    module = f".{stem}" if package else ".".join([*filter(None, folder.split("/")), stem])
    return ast.parse(f"from {module} import {', '.join(names)}").body[0]


def used_as_module(path: str, trees: Trees) -> bool:
    """True when some file imports this one whole, by whatever form."""
    dotted = path.removesuffix(".py").replace("/", ".")
    for other, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Import) and any(a.name == dotted for a in node.names):
                return True
        for node, target in targets(other, trees):
            if any(submodule(target, a.name, trees) == path or a.name == "*" for a in node.names):
                return True
    return False
