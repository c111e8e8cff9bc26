"""What a call goes to: code of the repository, code of others, or something unknown."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

from benchmarks.ladder.external import ATTRIBUTES, BUILTINS
from benchmarks.ladder.ownership import Ownership
from benchmarks.ladder.scopes import Function, parameters

Resolve = Callable[[str], str]


class Owner(Enum):
    """Who decides which keyword names a callable takes."""

    OURS = "ours"
    THEIRS = "theirs"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Callee:
    """``takes`` are the keyword names that the definition spells out."""

    owner: Owner
    takes: frozenset[str] = frozenset()
    fields: bool = field(default=False)


_UNKNOWN = Callee(Owner.UNKNOWN)
_THEIRS = Callee(Owner.THEIRS)


def callee(
    call: ast.Call, ownership: Ownership, owner: Resolve, within: ast.ClassDef | None
) -> Callee:
    """Judge a call. ``owner`` says of a visible name whether it is ours, theirs or local."""
    function = call.func
    if isinstance(function, ast.Name) and function.id == "partial" and call.args:
        function = call.args[0]
    if isinstance(function, ast.Name):
        return _named(function.id, ownership, owner)
    if isinstance(function, ast.Attribute) and _is_super(function.value):
        return _inherited(function.attr, ownership, within)
    if isinstance(function, ast.Attribute):
        return _member(function, ownership, owner)
    return _UNKNOWN


def _named(name: str, ownership: Ownership, owner: Resolve) -> Callee:
    how = owner(name)
    if how == "theirs" or (how == "unknown" and name in BUILTINS and name != "dict"):
        return _THEIRS
    if how == "ours":
        return _defined(name, ownership)
    return _UNKNOWN


def _defined(name: str, ownership: Ownership) -> Callee:
    if name in ownership.classes:
        return _constructed(name, ownership, set())
    return _taking(ownership.callables.get(name, []))


def _constructed(name: str, ownership: Ownership, seen: set[str]) -> Callee:
    seen.add(name)
    for class_ in ownership.classes[name]:
        methods = ownership.methods(class_)
        made = [methods[name] for name in ("__new__", "__init__") if name in methods]
        if made:
            return _taking(made)
        for base in class_.bases:
            if isinstance(base, ast.Name) and base.id in ownership.classes and base.id not in seen:
                return _constructed(base.id, ownership, seen)
    return Callee(Owner.OURS, fields=True)


def _taking(found: list[Function]) -> Callee:
    if not found:
        return _UNKNOWN
    takes = {arg.arg for function in found for arg in parameters(function)}
    return Callee(Owner.OURS, frozenset(takes))


def _member(function: ast.Attribute, ownership: Ownership, owner: Resolve) -> Callee:
    root: ast.expr = function
    while isinstance(root, ast.Attribute):
        root = root.value
    if isinstance(root, ast.Name) and owner(root.id) == "theirs":
        return _THEIRS
    if function.attr in ownership.callables and function.attr not in ATTRIBUTES:
        return _taking(ownership.callables[function.attr])
    makers = ownership.made_by.get(function.attr, set())
    if makers and makers <= ownership.classes.keys():
        found = [m for n in makers for c in ownership.classes[n]
                 if (m := ownership.methods(c).get("forward"))]  # fmt: skip
        return _taking(found)
    return _THEIRS if makers and all(map(foreign, makers)) else _UNKNOWN


def foreign(maker: str) -> bool:
    """True for a dotted constructor such as ``nn.Linear``."""
    return "." in maker and not maker.startswith(("self.", "cls.", "super()"))


def _inherited(method: str, ownership: Ownership, within: ast.ClassDef | None) -> Callee:
    """``super().method(...)`` is ours only when every base class is."""
    known = ownership.classes.get(within.name, []) if within else []
    bases = known[0].bases if known else []
    names = [base.id for base in bases if isinstance(base, ast.Name)]
    if not names or len(names) < len(bases) or not all(n in ownership.classes for n in names):
        return _THEIRS
    if method == "__init__":
        return _constructed(names[0], ownership, set())
    return _taking(ownership.callables.get(method, []))


def _is_super(value: ast.expr) -> bool:
    return (
        isinstance(value, ast.Call)
        and isinstance(value.func, ast.Name)
        and value.func.id == "super"
    )
