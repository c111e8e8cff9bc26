"""L2: everything that the repository owns gets another name, the same one everywhere."""

from __future__ import annotations

import ast
import copy
import posixpath
from collections.abc import Callable, Mapping

from benchmarks.ladder.callees import Callee, Owner
from benchmarks.ladder.external import BUILTINS, KEYWORDS
from benchmarks.ladder.ownership import (
    Ownership,
    Trees,
    module_path,
    parameter_names,
    registered,
    submodule,
)
from benchmarks.ladder.pins import pinned
from benchmarks.ladder.scoped import Scoped, is_kwargs, string
from benchmarks.ladder.scopes import FUNCTIONS, SCOPES, Scope, bound, identifiers, parameters
from benchmarks.ladder.words import renames

_KEPT = {"self", "cls", "_"}
_KEPT_FILES = {"__init__", "__main__", "setup", "conftest"}
_BY_NAME = {"getattr", "setattr", "hasattr", "delattr"}
_LISTS_OF_NAMES = {"__all__", "__slots__"}


def renamed(trees: Trees) -> tuple[Trees, dict[str, str], Mapping[str, str]]:
    """The renamed files, where each file went, and every new name by the old one."""
    plan = Plan(Ownership(trees))
    # What is changed is a copy: the plan goes on reading the old names.
    renamers = [Renamer(path, plan, copy.deepcopy(trees[path])) for path in sorted(trees)]
    moved = {path: plan.path(path) for path in sorted(trees)}
    for renamer in renamers:
        renamer.run()
    used = {name: plan.new[name] for renamer in renamers for name in renamer.used}
    used |= {_stem(old): _stem(new) for old, new in moved.items() if old != new}
    return {moved[renamer.path]: renamer.tree for renamer in renamers}, moved, used


class Plan:
    """What is renamed in the whole repository, and to what."""

    def __init__(self, ownership: Ownership) -> None:
        self.ownership = ownership
        self.pinned, attributes, self.pinned_files = pinned(ownership)
        self.attributes = ownership.attributes - attributes
        self.parameters = parameter_names(ownership) - self.pinned
        owned = set(self.attributes) | {_stem(path) for path in ownership.trees}
        taken = set(BUILTINS)
        for tree in ownership.trees.values():
            taken |= identifiers(tree)
            owned |= set(bound(tree))
            for node in ast.walk(tree):
                if isinstance(node, SCOPES):
                    owned |= set(bound(node))
        self.new = renames((name for name in owned if name.isidentifier()), taken)

    def path(self, path: str) -> str:
        """Where a file goes; folders stay, since files outside may point into them."""
        stem = _stem(path)
        if stem in _KEPT_FILES or path in self.pinned_files or not stem.isidentifier():
            return path
        return posixpath.join(posixpath.dirname(path), f"{self.new[stem]}.py")

    def unknown_keyword(self, name: str) -> bool:
        """True when a keyword of a callable that nobody knows is taken for one of ours."""
        return name in self.parameters and name not in KEYWORDS


def _stem(path: str) -> str:
    return posixpath.basename(path).removesuffix(".py")


class Renamer(Scoped):
    """Renames one file in place."""

    def __init__(self, path: str, plan: Plan, tree: ast.Module) -> None:
        super().__init__(path, plan.ownership, tree)
        self.plan = plan
        self.used: set[str] = set()

    def new(self, name: str) -> str:
        """The new name, noted as used."""
        if name not in self.plan.new or (name.startswith("__") and name.endswith("__")):
            return name
        self.used.add(name)
        return self.plan.new[name]

    def name(self, name: str) -> str:
        """The new name of a variable, when it is ours to rename here."""
        how = self.owner(name)
        ours = (
            how == "ours"
            or (how == "local" and name not in self.plan.pinned)
            or (how == "member" and name in self.plan.attributes)
        )
        return self.new(name) if ours and name not in _KEPT else name

    def attribute(self, name: str) -> str:
        """The new name of an attribute of some value."""
        return self.new(name) if name in self.plan.attributes else name

    def enter(self, scope: Scope) -> None:
        if isinstance(scope, (*FUNCTIONS, ast.Lambda)):
            # Every name is read before any is changed: the scope knows the old ones.
            for arg in parameters(scope):
                arg.arg = self.name(arg.arg)

    def leave(self, scope: Scope) -> None:
        if isinstance(scope, (*FUNCTIONS, ast.ClassDef)):
            scope.name = self.name(scope.name)
        if isinstance(scope, FUNCTIONS):
            for hint in (*(arg.annotation for arg in parameters(scope)), scope.returns):
                for node in ast.walk(hint) if hint else []:
                    self._rewrite(node, self.name)

    def visit_Name(self, node: ast.Name) -> None:  # noqa: N802
        node.id = self.name(node.id)

    def visit_Attribute(self, node: ast.Attribute) -> None:  # noqa: N802
        root: ast.expr = node.value
        while isinstance(root, ast.Attribute):
            root = root.value
        module = self._module(node.value)
        if module:
            own = self.ownership.modules[module].get(node.attr)
            node.attr = self.new(node.attr) if own else node.attr
        elif not (isinstance(root, ast.Name) and self.owner(root.id) == "theirs"):
            node.attr = self.attribute(node.attr)
        self.visit(node.value)

    def _module(self, value: ast.expr) -> str | None:
        if isinstance(value, ast.Name) and self.owner(value.id) == "ours":
            return self.ownership.aliases[self.path].get(value.id)
        return None

    def visit_Call(self, node: ast.Call) -> None:  # noqa: N802
        callee = self.callee(node)
        for keyword in node.keywords:
            if keyword.arg and self._renames(keyword.arg, callee):
                keyword.arg = self.new(keyword.arg)
        self._strings(node)
        self.generic_visit(node)

    def _renames(self, keyword: str, callee: Callee) -> bool:
        if callee.owner is Owner.THEIRS:
            return False
        if callee.fields:
            return keyword in self.plan.attributes
        if keyword in callee.takes:
            return keyword in self.plan.parameters
        return self.plan.unknown_keyword(keyword)

    def _strings(self, node: ast.Call) -> None:
        function, args = node.func, node.args
        name = registered(node)
        if name:
            name.value = self.attribute(str(name.value))
        elif isinstance(function, ast.Name) and function.id in _BY_NAME and len(args) > 1:
            self._rewrite(args[1], self.attribute)
        elif isinstance(function, ast.Attribute) and is_kwargs(function.value) and args:
            self._rewrite(args[0], self._key)

    def _key(self, name: str) -> str:
        return self.new(name) if self.plan.unknown_keyword(name) else name

    def _rewrite(self, node: ast.AST, by: Callable[[str], str]) -> None:
        text = string(node)
        if text and isinstance(node, ast.Constant):
            node.value = by(text)

    def visit_Subscript(self, node: ast.Subscript) -> None:  # noqa: N802
        if is_kwargs(node.value):
            self._rewrite(node.slice, self._key)
        self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> None:  # noqa: N802
        if len(node.ops) == 1 and is_kwargs(node.comparators[0]):
            self._rewrite(node.left, self._key)
        self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> None:  # noqa: N802
        targets = [t.id for t in node.targets if isinstance(t, ast.Name)]
        if _LISTS_OF_NAMES & set(targets):
            items = node.value.keys if isinstance(node.value, ast.Dict) else [node.value]
            for item in [inner for each in items if each for inner in ast.walk(each)]:
                self._rewrite(item, self.attribute if "__slots__" in targets else self.name)
        self.generic_visit(node)

    def visit_Global(self, node: ast.Global) -> None:  # noqa: N802
        owned = self.ownership.modules[self.path]
        node.names = [self.new(name) if owned.get(name) else name for name in node.names]

    def visit_Nonlocal(self, node: ast.Nonlocal) -> None:  # noqa: N802
        node.names = [self.name(name) for name in node.names]

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:  # noqa: N802
        node.name = self.name(node.name) if node.name else None
        self.generic_visit(node)

    def visit_MatchAs(self, node: ast.MatchAs) -> None:  # noqa: N802
        node.name = self.name(node.name) if node.name else None
        self.generic_visit(node)

    def visit_MatchStar(self, node: ast.MatchStar) -> None:  # noqa: N802
        node.name = self.name(node.name) if node.name else None

    def visit_MatchMapping(self, node: ast.MatchMapping) -> None:  # noqa: N802
        node.rest = self.name(node.rest) if node.rest else None
        self.generic_visit(node)

    def visit_MatchClass(self, node: ast.MatchClass) -> None:  # noqa: N802
        node.kwd_attrs = [self.attribute(name) for name in node.kwd_attrs]
        self.generic_visit(node)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:  # noqa: N802
        target = module_path(self.path, node, self.ownership.trees)
        for alias in node.names if target else []:
            self._import(str(target), alias)
        if target and node.module and not target.endswith("/__init__.py") and target[-3:] == ".py":
            parts = node.module.split(".")
            node.module = ".".join([*parts[:-1], _stem(self.plan.path(target))])

    def _import(self, target: str, alias: ast.alias) -> None:
        module = submodule(target, alias.name, self.ownership.trees)
        old = alias.asname or alias.name
        if module:
            alias.name = _stem(self.plan.path(module))
            alias.asname = self.new(old) if self.new(old) != alias.name else None
        elif self.ownership.modules.get(target, {}).get(alias.name):
            alias.name = self.new(alias.name)
            alias.asname = self.new(old) if alias.asname else None
