"""Names that must keep their spelling, because text or foreign code may name them."""

from __future__ import annotations

import ast

from benchmarks.ladder.callees import Owner, foreign
from benchmarks.ladder.external import KEYWORDS
from benchmarks.ladder.ownership import Ownership
from benchmarks.ladder.scoped import Scoped, is_kwargs, string

_BY_NAME = {"getattr", "setattr", "hasattr", "delattr"}
_BY_KEY = {"get", "pop", "setdefault"}


class Pins(Scoped):
    """Collects, from one file, what the whole repository must not rename."""

    def __init__(self, path: str, ownership: Ownership) -> None:
        super().__init__(path, ownership)
        self.parameters: set[str] = set()
        self.attributes: set[str] = set()
        self.modules: set[str] = set()
        self.prefixes: set[str] = set()
        self.keys: set[str] = set()
        self.dict_keywords: set[str] = set()
        self.unpacks = False

    def visit_Call(self, node: ast.Call) -> None:  # noqa: N802
        unknown = self.callee(node).owner is Owner.UNKNOWN
        is_dict = isinstance(node.func, ast.Name) and node.func.id == "dict"
        for keyword in node.keywords:
            if keyword.arg is None:
                self.unpacks |= not (is_dict or is_kwargs(keyword.value))
            elif is_dict:
                self.dict_keywords.add(keyword.arg)
            elif unknown and keyword.arg in KEYWORDS:
                self.parameters.add(keyword.arg)
        self._by_text(node)
        self.generic_visit(node)

    def _by_text(self, node: ast.Call) -> None:
        function = node.func
        if isinstance(function, ast.Name) and function.id in _BY_NAME and len(node.args) > 1:
            if isinstance(node.args[1], ast.JoinedStr):
                self.prefixes.add(string(node.args[1].values[0]) or "")
        elif isinstance(function, ast.Attribute) and function.attr in _BY_KEY and node.args:
            self._key(function.value, node.args[0])

    def visit_Subscript(self, node: ast.Subscript) -> None:  # noqa: N802
        self._key(node.value, node.slice)
        self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> None:  # noqa: N802
        if len(node.ops) == 1 and isinstance(node.ops[0], ast.In | ast.NotIn):
            self._key(node.comparators[0], node.left)
        self.generic_visit(node)

    def visit_Dict(self, node: ast.Dict) -> None:  # noqa: N802
        for key in node.keys:
            self.keys.add(string(key) or "")
        self.generic_visit(node)

    def _key(self, holder: ast.expr, key: ast.expr) -> None:
        name = string(key) or ""
        if not is_kwargs(holder):
            self.keys.add(name)
        elif name in KEYWORDS:
            self.parameters.add(name)

    def visit_Attribute(self, node: ast.Attribute) -> None:  # noqa: N802
        if isinstance(node.value, ast.Attribute):
            makers = self.ownership.made_by.get(node.value.attr, set())
            if makers and all(map(foreign, makers)):
                self.attributes.add(node.attr)
        self.generic_visit(node)

    def visit_Import(self, node: ast.Import) -> None:  # noqa: N802
        self.modules.update(alias.name.replace(".", "/") + ".py" for alias in node.names)


def pinned(ownership: Ownership) -> tuple[set[str], set[str], set[str]]:
    """Parameters, attributes and file paths that keep their names."""
    found = [Pins(path, ownership) for path in sorted(ownership.trees)]
    for pins in found:
        pins.run()
    keys = set().union(*(pins.keys for pins in found))
    parameters = set().union(*(pins.parameters for pins in found))
    dictionaries = set().union(*(pins.dict_keywords for pins in found))
    parameters |= keys if any(pins.unpacks for pins in found) else keys & dictionaries
    prefixes = tuple(prefix for pins in found for prefix in pins.prefixes)
    attributes = set().union(*(pins.attributes for pins in found))
    if prefixes:
        attributes |= {name for name in ownership.attributes if name.startswith(prefixes)}
    return parameters, attributes, set().union(*(pins.modules for pins in found))
