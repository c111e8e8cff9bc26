"""The steps of a program as a few functions that hand each other what they need."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from benchmarks.cohorts.author import Author, Placed


def grouped(author: Author, steps: Sequence[list[Placed]]) -> tuple[list[Placed], list[Placed]]:
    """Functions, and the lines that call them, from the lines of the steps in their order."""
    chance = author.chance
    cuts = sorted(chance.sample(range(2, len(steps) - 1), chance.choice((1, 1, 2, 3))))
    groups = [
        [line for step in steps[a:b] for line in step]
        for a, b in zip([0, *cuts], [*cuts, len(steps)], strict=True)
    ]
    functions: list[Placed] = []
    calls: list[Placed] = []
    for number, group in enumerate(groups):
        later = {name for each in groups[number + 1 :] for name in _names(each)[1]}
        before = [name for each in groups[:number] for name in _names(each)[0]]
        made, used = _names(group)
        takes = [name for name in dict.fromkeys(before) if name in used]
        gives = [name for name in made if name in later]
        name = _title(author, number, len(groups))
        functions += _function(name, takes, gives, group)
        call = f"{name}({', '.join(takes)})"
        calls.append((0, f"{', '.join(gives)} = {call}" if gives else call))
    return functions, calls


def _title(author: Author, number: int, count: int) -> str:
    """What a group is called: the first prepares, the last reports."""
    kind = "first" if number == 0 else "last" if number == count - 1 else "middle"
    name = author.one(f"group.{kind}")
    return f"{name}_{number}" if kind == "middle" and count > 3 else name


def _function(name: str, takes: list[str], gives: list[str], body: list[Placed]) -> list[Placed]:
    inner = [(depth + 1, text) for depth, text in body]
    while inner and not inner[-1][1]:
        inner.pop()
    end: list[Placed] = [(1, f"return {', '.join(gives)}")] if gives else []
    return [(0, f"def {name}({', '.join(takes)}):"), *inner, *end, (0, ""), (0, "")]


def _names(lines: Sequence[Placed]) -> tuple[list[str], set[str]]:
    """Names that some lines assign, in that order, and all names that they read."""
    tree = ast.parse("".join(f"{'    ' * depth}{text}\n" for depth, text in lines))
    used = {
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
    return list(dict.fromkeys(_stored(tree))), used


_OWN = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def _stored(node: ast.AST) -> Iterator[str]:
    """Names that are assigned here, not in functions and comprehensions, which keep their own."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef):
            yield child.name
        elif isinstance(child, ast.Name) and isinstance(child.ctx, ast.Store):
            yield child.id
        elif not isinstance(child, _OWN):
            yield from _stored(child)
