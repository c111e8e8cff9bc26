"""Strings and the three ways to format them, as one operation."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codesim.detectors.code.graph import OP, TEXT
from codesim.detectors.code.syntax import KIND_NAMES

if TYPE_CHECKING:
    from codesim.detectors.code.builder import Builder

_STRING, _FMT = OP["string"], OP["fmt"]
_STRINGS = {i for i, name in enumerate(KIND_NAMES) if name in ("string", "concatenated_string")}
_INTERPOLATION = KIND_NAMES.index("interpolation")
_CONTENT = KIND_NAMES.index("string_content")
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")
_PERCENT = re.compile(r"%(?:\([^)]*\))?[-#0 +]*[\d*]*(?:\.[\d*]+)?[a-zA-Z]")
_TEXT_LIMIT = 400


def is_string(b: Builder, i: int) -> bool:
    """True for a string literal, also one in parts."""
    return b.kind[i] in _STRINGS


def string(b: Builder, i: int) -> int:
    """A string by its content; one with interpolations is formatting."""
    pieces, inputs = _pieces(b, i)
    text = "".join(pieces)
    name = b.graph.intern(f"{TEXT}:{text[:_TEXT_LIMIT]}")
    if not inputs:
        return b.graph.node(_STRING, b.start[i], (), name)
    b.count("f-string")
    return b.graph.node(_FMT, b.start[i], tuple(inputs), name)


def _pieces(b: Builder, i: int) -> tuple[list[str], list[int]]:
    """Text with ``{}`` for each interpolation, and the interpolated values."""
    pieces: list[str] = []
    inputs: list[int] = []
    stack = [i]
    while stack:
        node = stack.pop()
        kind = b.kind[node]
        if kind == _CONTENT:
            pieces.append(b.text(node))
        elif kind == _INTERPOLATION:
            pieces.append("{}")
            if b.kids[node]:
                inputs.append(b.value(b.kids[node][0]))
        else:
            stack.extend(reversed(b.kids[node]))
    return pieces, inputs


def literal(b: Builder, i: int) -> str:
    """The text of a string literal without interpolations."""
    return "".join(_pieces(b, i)[0])


def format_call(b: Builder, i: int, template: int, arguments: int) -> int:
    """``"a {}".format(x)`` is ``f"a {x}"``."""
    b.count("format call")
    text = _PLACEHOLDER.sub("{}", literal(b, template))
    inputs = []
    for node in b.kids[arguments]:
        keyword = KIND_NAMES[b.kind[node]] == "keyword_argument"
        inputs.append(b.value(b.kids[node][-1] if keyword and b.kids[node] else node))
    return _formatted(b, i, text, tuple(inputs))


def percent(b: Builder, i: int) -> int:
    """``"a %s" % x`` is ``f"a {x}"``."""
    b.count("format call")
    template, operand = b.kids[i]
    text = _PERCENT.sub("{}", literal(b, template))
    value = b.value(operand)
    graph = b.graph
    inputs = graph.inputs[value] if graph.op[value] == OP["seq"] else (value,)
    return _formatted(b, i, text, inputs)


def _formatted(b: Builder, i: int, text: str, inputs: tuple[int, ...]) -> int:
    name = b.graph.intern(f"{TEXT}:{text[:_TEXT_LIMIT]}")
    return b.graph.node(_FMT, b.start[i], inputs, name)
