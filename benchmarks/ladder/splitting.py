"""Half of a file moves into a file of its own."""

from __future__ import annotations

import ast
import posixpath

from benchmarks.ladder.blocks import Block
from benchmarks.ladder.chance import Chance
from benchmarks.ladder.modules import import_from, imports, is_future, needs
from benchmarks.ladder.ownership import Trees
from benchmarks.ladder.scopes import FUNCTIONS, loads, stores

_FEWEST = 4
_WANTED = 0.5
_SUFFIXES = ("core", "parts", "ops", "base", "more", "extra", "inner", "blocks")
_TIED = {"__name__", "__file__", "__all__", "globals"}


def split(path: str, trees: Trees, chance: Chance) -> str | None:
    """Move definitions that need nothing of the rest; returns the path of the new file."""
    tree = trees[path]
    movable = _movable(tree)
    if len(movable) < _FEWEST or posixpath.basename(path) == "__init__.py":
        return None
    moved = _chosen(movable, _tied_names(tree, movable), chance)
    if not moved or len(moved) == len(movable):
        return None
    body = [s for s in tree.body if any(s is each for each in moved)]
    new_path = _free_path(path, trees, chance)
    new = ast.Module([*_needed_imports(tree, body), *_copied(tree, body), *body], [])
    trees[new_path] = new
    if path in needs(new_path, trees):
        del trees[new_path]
        return None
    names = sorted({name for statement in body for name in _names(statement)})
    rest = [s for s in tree.body if not any(s is each for each in moved)]
    place = _behind_imports(rest)
    line = import_from(path, new_path, names, trees)
    trees[path] = ast.Module([*rest[:place], line, *rest[place:]], [])
    return new_path


def _names(statement: ast.stmt) -> set[str]:
    if isinstance(statement, (*FUNCTIONS, ast.ClassDef)):
        return {statement.name}
    return set(stores(statement))


def _movable(tree: ast.Module) -> Block:
    changed = {
        name for node in ast.walk(tree) if isinstance(node, ast.Global) for name in node.names
    }
    bound = [name for statement in tree.body for name in _names(statement)]
    return [
        statement
        for statement in tree.body
        if isinstance(statement, (*FUNCTIONS, ast.ClassDef)) or _is_constant(statement)
        if not _names(statement) & (changed | _TIED)
        if all(bound.count(name) == 1 for name in _names(statement))
        if not set(loads(statement)) & (changed | _TIED)
    ]


def _is_constant(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Assign)
        and isinstance(statement.value, ast.Constant)
        and all(isinstance(target, ast.Name) for target in statement.targets)
    )


def _is_logger(statement: ast.stmt) -> bool:
    """A logger may stand in both files."""
    value = statement.value if isinstance(statement, ast.Assign) else None
    return (
        isinstance(value, ast.Call)
        and isinstance(value.func, ast.Attribute)
        and value.func.attr == "getLogger"
    )


def _tied_names(tree: ast.Module, movable: Block) -> set[str]:
    """Names of the file that only statements which stay can bind."""
    return {
        name
        for statement in tree.body
        if not any(statement is each for each in movable)
        if not isinstance(statement, ast.Import | ast.ImportFrom) and not _is_logger(statement)
        for name in _names(statement)
    }


def _chosen(movable: Block, tied: set[str], chance: Chance) -> Block:
    """About half of the definitions, each with all that it needs."""
    by_name = {name: statement for statement in movable for name in _names(statement)}
    total = sum(map(_length, movable))
    taken: Block = []
    order = list(movable)
    chance.shuffle(order)
    for statement in order:
        group = _closure(statement, by_name, tied)
        fresh = [each for each in group if not any(each is one for one in taken)]
        if group and sum(map(_length, [*taken, *fresh])) <= (_WANTED + 0.15) * total:
            taken += fresh
        if sum(map(_length, taken)) >= _WANTED * total:
            break
    return taken


def _closure(start: ast.stmt, by_name: dict[str, ast.stmt], tied: set[str]) -> Block:
    """A definition and everything of its file that it names; empty when some of that must stay."""
    found = [start]
    for statement in found:
        for name in loads(statement):
            if name in tied:
                return []
            other = by_name.get(name)
            if other is not None and not any(other is each for each in found):
                found.append(other)
    return found


def _length(statement: ast.stmt) -> int:
    return (statement.end_lineno or statement.lineno) - statement.lineno + 1


def _needed_imports(tree: ast.Module, body: Block) -> Block:
    used = {name for statement in body for name in loads(statement)}
    used |= {name for statement in _copied(tree, body) for name in loads(statement)}
    kept: Block = []
    for node in imports(tree):
        names = [a for a in node.names if (a.asname or a.name.partition(".")[0]) in used]
        if is_future(node) or any(alias.name == "*" for alias in node.names):
            kept.append(node)
        elif names and isinstance(node, ast.ImportFrom):
            kept.append(ast.ImportFrom(node.module, names, node.level))
        elif names:
            kept.append(ast.Import(names))
    return kept


def _copied(tree: ast.Module, body: Block) -> Block:
    used = {name for statement in body for name in loads(statement)}
    return [s for s in tree.body if _is_logger(s) and _names(s) & used]


def _free_path(path: str, trees: Trees, chance: Chance) -> str:
    stem = path.removesuffix(".py")
    suffixes = list(_SUFFIXES)
    chance.shuffle(suffixes)
    return next(
        found for suffix in [*suffixes, *map(str, range(len(trees) + 1))]
        if (found := f"{stem}_{suffix}.py") not in trees
    )  # fmt: skip


def _behind_imports(body: Block) -> int:
    places = [i for i, s in enumerate(body) if isinstance(s, ast.Import | ast.ImportFrom)]
    return places[-1] + 1 if places else 0
