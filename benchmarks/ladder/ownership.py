"""Which module-level names, attributes and parameters a repository owns, across its files."""

from __future__ import annotations

import ast
import posixpath
from dataclasses import dataclass, field

from benchmarks.ladder.external import ATTRIBUTES
from benchmarks.ladder.scopes import FUNCTIONS, Function, bound, functions, own_nodes, parameters

Trees = dict[str, ast.Module]


def module_path(path: str, node: ast.ImportFrom, trees: Trees) -> str | None:
    """The file or package folder that ``from X import`` names, when it is in the repository."""
    parts = node.module.split(".") if node.module else []
    folder = ""
    if node.level:
        folder = posixpath.dirname(path)
        for _ in range(node.level - 1):
            folder = posixpath.dirname(folder)
    stem = posixpath.join(folder, *parts) if parts else folder
    for found in (f"{stem}.py", posixpath.join(stem, "__init__.py")):
        if found in trees:
            return found
    return stem if any(other.startswith(f"{stem}/") for other in trees) and stem else None


def submodule(target: str, name: str, trees: Trees) -> str | None:
    """The file that ``from target import name`` names, when that is a module."""
    folder = target.removesuffix("/__init__.py")
    found = f"{folder}/{name}.py"
    return found if not target.endswith(f"/{name}.py") and found in trees else None


@dataclass
class Ownership:
    """What is renameable, by name; ``modules`` by file."""

    trees: Trees
    modules: dict[str, dict[str, bool]] = field(default_factory=dict)
    aliases: dict[str, dict[str, str]] = field(default_factory=dict)
    classes: dict[str, list[ast.ClassDef]] = field(default_factory=dict)
    callables: dict[str, list[Function]] = field(default_factory=dict)
    attributes: set[str] = field(default_factory=set)
    made_by: dict[str, set[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._modules()
        for tree in self.trees.values():
            self._definitions(tree)
        self.attributes = {
            name
            for name in self.attributes
            if name not in ATTRIBUTES and not (name.startswith("__") and name.endswith("__"))
        }

    def _modules(self) -> None:
        """A name is owned where it is defined, and wherever it is imported from such a place."""
        for path, tree in self.trees.items():
            self.modules[path] = {n: not imported for n, imported in bound(tree).items()}
            self.aliases[path] = {}
        changed = True
        while changed:
            changed = False
            for path in self.trees:
                changed |= self._imported(path)

    def _imported(self, path: str) -> bool:
        changed = False
        for node in ast.walk(self.trees[path]):
            if not isinstance(node, ast.ImportFrom):
                continue
            target = module_path(path, node, self.trees)
            for alias in node.names if target else []:
                changed |= self._one_import(path, str(target), alias)
        return changed

    def _one_import(self, path: str, target: str, alias: ast.alias) -> bool:
        own, there = self.modules[path], self.modules.get(target, {})
        name = alias.asname or alias.name
        module = submodule(target, alias.name, self.trees)
        if alias.name == "*":
            missing = [n for n, owned in there.items() if owned and not own.get(n)]
            own.update(dict.fromkeys(missing, True))
            return bool(missing)
        if module:
            new = name not in self.aliases[path]
            self.aliases[path][name] = module
            own[name] = True
            return new
        if there.get(alias.name) and not own.get(name):
            own[name] = True
            return True
        return False

    def _definitions(self, tree: ast.Module) -> None:
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                self.classes.setdefault(node.name, []).append(node)
                members = bound(node)
                self.attributes.update(name for name, imported in members.items() if not imported)
            elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
                self.attributes.add(node.attr)
            elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
                self._made(node.targets, node.value)
            elif isinstance(node, ast.Call):
                self._registered(node)
        for function in functions(tree):
            self.callables.setdefault(function.name, []).append(function)

    def _made(self, targets: list[ast.expr], call: ast.Call) -> None:
        for target in targets:
            if isinstance(target, ast.Attribute):
                self.made_by.setdefault(target.attr, set()).add(ast.unparse(call.func))

    def _registered(self, call: ast.Call) -> None:
        name = registered(call)
        if name:
            self.attributes.add(str(name.value))

    def methods(self, class_: ast.ClassDef) -> dict[str, Function]:
        """Methods defined directly in a class."""
        return {n.name: n for n in own_nodes(class_) if isinstance(n, FUNCTIONS)}


def registered(call: ast.Call) -> ast.Constant | None:
    """The string by which a buffer, parameter or submodule becomes an attribute."""
    named = isinstance(call.func, ast.Attribute) and call.func.attr in {
        "register_buffer", "register_parameter", "add_module",
    }  # fmt: skip
    first = call.args[0] if call.args else None
    if named and isinstance(first, ast.Constant) and isinstance(first.value, str):
        return first if first.value.isidentifier() else None
    return None


def parameter_names(ownership: Ownership) -> set[str]:
    """Every parameter of every function, method and class of the repository."""
    return {
        arg.arg
        for found in ownership.callables.values()
        for function in found
        for arg in parameters(function)
    }
