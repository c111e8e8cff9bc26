"""L1: comments go with the reformatting, docstrings here."""

from __future__ import annotations

import ast

from benchmarks.ladder.chance import Chance

_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def strip(trees: dict[str, ast.Module], chance: Chance) -> None:  # noqa: ARG001
    """Drop every docstring, save in a file that reads them at run time."""
    for tree in trees.values():
        attributes = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        if "__doc__" in attributes:
            continue
        for node in ast.walk(tree):
            if isinstance(node, _DOCUMENTED):
                node.body = _without_docstring(node.body, isinstance(node, ast.Module))


def _without_docstring(body: list[ast.stmt], may_be_empty: bool) -> list[ast.stmt]:
    first = body[0] if body else None
    if not (
        isinstance(first, ast.Expr)
        and isinstance(first.value, ast.Constant)
        and isinstance(first.value.value, str)
    ):
        return body
    rest = body[1:]
    return rest if rest or may_be_empty else [ast.Pass()]
