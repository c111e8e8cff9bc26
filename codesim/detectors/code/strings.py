"""Strings and the three ways to format them, as one operation."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codesim.detectors.code.graph import BUILTIN, OP, TEXT
from codesim.detectors.code.syntax import KIND_NAMES

if TYPE_CHECKING:
    from codesim.detectors.code.builder import Builder

_STRING, _FMT = OP["string"], OP["fmt"]
_STRINGS = {i for i, name in enumerate(KIND_NAMES) if name in ("string", "concatenated_string")}
_INTERPOLATION = KIND_NAMES.index("interpolation")
_CONTENT = KIND_NAMES.index("string_content")
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")
_PERCENT = re.compile(r"%(?:\([^)]*\))?[-#0 +]*[\d*]*(?:\.[\d*]+)?[a-zA-Z]")
_NAMED_PERCENT = re.compile(r"%\(([^)]*)\)")
_TEXT_LIMIT = 400


def is_string(b: Builder, i: int) -> bool:
    """True for a string literal, also one in parts."""
    return b.kind[i] in _STRINGS


def string(b: Builder, i: int) -> int:
    """A string by its content; one with interpolations is formatting."""
    pieces, inputs = _pieces(b, i)
    text = "".join(pieces)
    if not inputs:
        return b.graph.node(_STRING, b.start[i], (), b.graph.intern(f"{TEXT}:{text[:_TEXT_LIMIT]}"))
    b.count("f-string")
    return _formatted(b, i, text, tuple(inputs))


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
    """``"a {}".format(x)`` is ``f"a {x}"``; fields may have numbers or names."""
    b.count("format call")
    given: dict[str, int] = {}
    for node in b.kids[arguments]:
        kids = b.kids[node]
        if KIND_NAMES[b.kind[node]] == "keyword_argument" and len(kids) == 2:
            given[b.text(kids[0])] = b.value(kids[1])
        else:
            given[str(len(given))] = b.value(node)
    text = literal(b, template)
    fields = [found.group()[1:-1].partition(":")[0].partition("!")[0]
              for found in _PLACEHOLDER.finditer(text)]  # fmt: skip
    counted = iter(range(len(fields)))
    inputs = [given.get(field or str(next(counted)), -1) for field in fields]
    if min(inputs, default=0) < 0:  # an attribute or item inside a field
        inputs = list(given.values())
    return _formatted(b, i, _PLACEHOLDER.sub("{}", text), tuple(inputs))


def percent(b: Builder, i: int) -> int:
    """``"a %s" % x`` is ``f"a {x}"``; fields may have names."""
    b.count("format call")
    template, operand = b.kids[i]
    template_text = literal(b, template)
    text = _PERCENT.sub("{}", template_text)
    value = b.value(operand)
    graph = b.graph
    inputs = graph.inputs[value] if graph.op[value] == OP["seq"] else (value,)
    names = _NAMED_PERCENT.findall(template_text)
    if names and graph.op[value] == OP["dict"]:
        given = {_key(b, pair): graph.inputs[pair][-1] for pair in graph.inputs[value]}
        inputs = tuple(given[name] for name in names if name in given)
    return _formatted(b, i, text, inputs)


def _key(b: Builder, pair: int) -> str:
    graph = b.graph
    inputs = graph.inputs[pair]
    return b.graph_name(graph.name[inputs[0]])[2:] if inputs else ""


def concatenation(b: Builder, i: int, parts: list[int]) -> int:
    """``"a " + x`` and ``"a " + str(x)`` are ``f"a {x}"``: next to a text stands a text."""
    b.count("concatenation")
    pieces: list[str] = []
    inputs: list[int] = []
    for part in parts:
        if is_string(b, part):
            more, values = _pieces(b, part)
            pieces.extend(more)
            inputs.extend(values)
            continue
        value = b.value(part)
        formatted = b.graph.op[value] == _FMT
        pieces.append(b.graph_name(b.graph.name[value])[2:] if formatted else "{}")
        inputs.extend(b.graph.inputs[value] if formatted else (value,))
    if not inputs:
        name = b.graph.intern(f"{TEXT}:{''.join(pieces)[:_TEXT_LIMIT]}")
        return b.graph.node(_STRING, b.start[i], (), name)
    return _formatted(b, i, "".join(pieces), tuple(inputs))


def _formatted(b: Builder, i: int, text: str, inputs: tuple[int, ...]) -> int:
    """One formatting operation; a text that is put into a text needs no ``str`` around it."""
    graph = b.graph
    shown = tuple(graph.inputs[v][0] if _is_str(b, v) else v for v in inputs)
    if text == "{}" and len(shown) == 1:
        return graph.node(OP["call"], b.start[i], shown, graph.intern(_STR))
    return graph.node(_FMT, b.start[i], shown, graph.intern(f"{TEXT}:{text[:_TEXT_LIMIT]}"))


def _is_str(b: Builder, value: int) -> bool:
    graph = b.graph
    called = graph.op[value] == OP["call"] and len(graph.inputs[value]) == 1
    return called and b.graph_name(graph.name[value]) == _STR


_STR = f"{BUILTIN}:str"
