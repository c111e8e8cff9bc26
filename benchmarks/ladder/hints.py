"""L3: type hints dropped here, added there."""

from __future__ import annotations

import ast

from benchmarks.ladder.chance import Chance
from benchmarks.ladder.scopes import Function, functions, parameters

_DROPPED = 0.6
_ADDED = 0.4
_HINTS = ("object", "int", "float", "'Any'", "tuple", "'Optional[int]'")


def exchange(trees: dict[str, ast.Module], chance: Chance) -> None:
    """Hints of parameters and results say nothing at run time, save in a file that reads them."""
    for path in sorted(trees):
        if "__annotations__" in ast.unparse(trees[path]) or "get_type_hints" in ast.unparse(
            trees[path]
        ):
            continue
        for function in functions(trees[path]):
            # A decorator may read hints: typed dispatch, command lines.
            if not function.decorator_list:
                _exchange(function, chance)


def _exchange(function: Function, chance: Chance) -> None:
    hinted = any(arg.annotation for arg in parameters(function)) or function.returns
    if hinted and chance.often(_DROPPED):
        function.returns = None
        for arg in parameters(function):
            arg.annotation = None
    elif not hinted and chance.often(_ADDED):
        for arg in parameters(function):
            if arg.arg not in {"self", "cls"}:
                arg.annotation = _hint(chance)


def _hint(chance: Chance) -> ast.expr:
    return ast.parse(chance.choice(_HINTS), mode="eval").body
