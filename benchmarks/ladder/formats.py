"""L3: f-strings become calls of format, and the other way round."""

from __future__ import annotations

import ast
import string

from benchmarks.ladder.chance import Chance

_SHARE = 0.8
_CONVERSIONS = {-1: "", 115: "!s", 114: "!r", 97: "!a"}


def exchange(trees: dict[str, ast.Module], chance: Chance) -> None:
    """Rewrite most formatted strings into the other form."""
    for path in sorted(trees):
        _Exchange(chance).visit(trees[path])


class _Exchange(ast.NodeTransformer):
    def __init__(self, chance: Chance) -> None:
        self.chance = chance

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.expr:
        made = _as_call(node)
        return made if made and self.chance.often(_SHARE) else node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        made = _as_f_string(node)
        return made if made and self.chance.often(_SHARE) else node


def _as_call(node: ast.JoinedStr) -> ast.expr | None:
    text, args = "", []
    for part in node.values:
        if isinstance(part, ast.Constant):
            text += str(part.value).replace("{", "{{").replace("}", "}}")
        elif isinstance(part, ast.FormattedValue):
            spec = _spec(part.format_spec)
            if spec is None:
                return None
            text += "{" + _CONVERSIONS[part.conversion] + (f":{spec}" if spec else "") + "}"
            args.append(part.value)
    if not args:
        return None
    return ast.Call(ast.Attribute(ast.Constant(text), "format", ast.Load()), args, [])


def _spec(node: ast.expr | None) -> str | None:
    """A format spec without inner fields; None for one that has them."""
    if node is None:
        return ""
    parts = node.values if isinstance(node, ast.JoinedStr) else []
    if all(isinstance(part, ast.Constant) for part in parts):
        return "".join(str(part.value) for part in parts if isinstance(part, ast.Constant))
    return None


def _as_f_string(node: ast.Call) -> ast.expr | None:
    function = node.func
    if not (
        isinstance(function, ast.Attribute)
        and function.attr == "format"
        and isinstance(function.value, ast.Constant)
        and isinstance(function.value.value, str)
        and not node.keywords
        and all(isinstance(arg, ast.Name | ast.Attribute) for arg in node.args)
    ):
        return None
    try:
        fields = list(string.Formatter().parse(function.value.value))
    except ValueError:
        return None
    if sum(name is not None for _, name, _, _ in fields) != len(node.args):
        return None
    return _joined(fields, node.args)


def _joined(
    fields: list[tuple[str, str | None, str | None, str | None]], args: list[ast.expr]
) -> ast.expr | None:
    values: list[ast.expr] = []
    waiting = list(args)
    for text, name, spec, conversion in fields:
        if text:
            values.append(ast.Constant(text))
        if name is None:
            continue
        if name or "{" in (spec or ""):
            return None
        code = ord(conversion) if conversion else -1
        inner = ast.JoinedStr([ast.Constant(spec)]) if spec else None
        values.append(ast.FormattedValue(waiting.pop(0), code, inner))
    return ast.JoinedStr(values)
