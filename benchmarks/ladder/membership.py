"""L4: methods become functions, and functions that one class uses become its methods.

The repository is taken for the whole world: a public method that only its own class calls may go.
"""

from __future__ import annotations

import ast
from collections import Counter
from dataclasses import dataclass

from benchmarks.ladder.blocks import Block, read
from benchmarks.ladder.chance import Chance, Fresh
from benchmarks.ladder.external import ATTRIBUTES
from benchmarks.ladder.scopes import functions, identifiers, loads

_OUT = 0.5
_IN = 0.5


@dataclass(frozen=True)
class Uses:
    """How often names occur in the whole repository, in each role."""

    defined: Counter[str]
    attributes: Counter[str]
    names: Counter[str]
    texts: frozenset[str]


def move(trees: dict[str, ast.Module], chance: Chance) -> None:
    """Move definitions across the border of their class where every use is in sight."""
    uses = _uses(trees)
    for path in sorted(trees):
        tree = trees[path]
        fresh = Fresh(identifiers(tree))
        body: Block = []
        for statement in tree.body:
            if isinstance(statement, ast.ClassDef):
                body.extend(_methods_out(statement, uses, fresh, chance))
            body.append(statement)
        tree.body = body
        _functions_in(tree, uses, chance)


def _uses(trees: dict[str, ast.Module]) -> Uses:
    nodes = [node for tree in trees.values() for node in ast.walk(tree)]
    texts = {n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)}
    imported = {alias.name for n in nodes if isinstance(n, ast.ImportFrom) for alias in n.names}
    return Uses(
        defined=Counter(f.name for tree in trees.values() for f in functions(tree)),
        attributes=Counter(n.attr for n in nodes if isinstance(n, ast.Attribute)),
        names=Counter(n.id for n in nodes if isinstance(n, ast.Name)),
        texts=frozenset(texts | imported),
    )


def _is_private_to(node: ast.AST) -> bool:
    """True for what only means something inside a class."""
    if isinstance(node, ast.Name):
        return node.id in {"super", "__class__"}
    if isinstance(node, ast.Attribute):
        return node.attr.startswith("__") and not node.attr.endswith("__")
    return False


def _self_calls(class_: ast.ClassDef) -> dict[str, list[ast.Call]]:
    """``self.name(...)`` inside the methods of a class, by name."""
    found: dict[str, list[ast.Call]] = {}
    for method in _methods(class_):
        for node in ast.walk(method):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id == "self"
            ):
                found.setdefault(node.func.attr, []).append(node)
    return found


def _methods(class_: ast.ClassDef) -> list[ast.FunctionDef]:
    """Methods whose first parameter is ``self``."""
    return [
        node
        for node in class_.body
        if isinstance(node, ast.FunctionDef) and node.args.args and node.args.args[0].arg == "self"
    ]


def _methods_out(class_: ast.ClassDef, uses: Uses, fresh: Fresh, chance: Chance) -> Block:
    calls = _self_calls(class_)
    out: Block = []
    for method in _methods(class_):
        name = method.name
        here = calls.get(name, [])
        free = (
            not method.decorator_list
            and not name.startswith("__")
            and name not in ATTRIBUTES
            and name not in uses.texts
            and uses.defined[name] == 1
            and not uses.names[name]
            and len(here) == uses.attributes[name] > 0
            and all(isinstance(d, ast.Constant) for d in method.args.defaults)
            and not any(_is_private_to(node) for node in ast.walk(method))
        )
        if not free or len(class_.body) < 2 or not chance.often(_OUT):
            continue
        class_.body.remove(method)
        method.name = fresh.name(name)
        for call in here:
            call.func = read(method.name)
            call.args.insert(0, read("self"))
        out.append(method)
    return out


def _functions_in(tree: ast.Module, uses: Uses, chance: Chance) -> None:
    """A private function that only the methods of one class call becomes a static method."""
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    for function in [node for node in tree.body if isinstance(node, ast.FunctionDef)]:
        homes = [(c, _calls(c, function.name)) for c in classes]
        homes = [(class_, calls) for class_, calls in homes if calls]
        if len(homes) != 1 or not _may_enter(function, len(homes[0][1]), uses):
            continue
        if chance.often(_IN):
            class_, calls = homes[0]
            for call in calls:
                call.func = ast.Attribute(read("self"), function.name, ast.Load())
            tree.body.remove(function)
            function.decorator_list = [read("staticmethod")]
            class_.body.append(function)


def _may_enter(function: ast.FunctionDef, calls: int, uses: Uses) -> bool:
    name = function.name
    return (
        name.startswith("_")
        and not name.startswith("__")
        and not function.decorator_list
        and uses.defined[name] == 1
        and uses.names[name] == calls
        and not uses.attributes[name]
        and name not in uses.texts
        and name not in loads(function)
        and not any(_is_private_to(node) for node in ast.walk(function))
    )


def _calls(class_: ast.ClassDef, name: str) -> list[ast.Call]:
    """Calls of a function in methods that have ``self``."""
    return [
        node
        for method in _methods(class_)
        if not any(
            isinstance(d, ast.Name) and d.id == "staticmethod" for d in method.decorator_list
        )
        for node in ast.walk(method)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name
    ]
