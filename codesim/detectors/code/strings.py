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
_CONVERSION = KIND_NAMES.index("type_conversion")
_SPECIFIER = KIND_NAMES.index("format_specifier")
_FIELD = re.compile(r"\{([^{}!:]*)(?:!(\w))?(?::([^{}]*))?\}")
_PERCENT = re.compile(r"%(?:\(([^)]*)\))?([-#0 +]*)([\d*]*(?:\.[\d*]+)?)([a-zA-Z%])")
_PLAIN_SPEC = re.compile(r"(?:.?[<>=^])?[-+ ]?#?[\d,_{}*]*[ds]")
_PREFIX = re.compile(rb"[A-Za-z]{0,3}")
_TEXT_LIMIT = 400


def is_string(b: Builder, i: int) -> bool:
    """True for a string literal, also one in parts."""
    return b.kind[i] in _STRINGS


def string(b: Builder, i: int) -> int:
    """A string by its content; one with interpolations is formatting. Bytes are no text."""
    pieces, inputs = _pieces(b, i)
    text = "".join(pieces)
    if not inputs:
        text = f"b'{text[:_TEXT_LIMIT]}'" if _is_bytes(b, i) else text[:_TEXT_LIMIT]
        return b.graph.node(_STRING, b.start[i], (), b.graph.intern(f"{TEXT}:{text}"))
    b.count("f-string")
    return _formatted(b, i, text, tuple(inputs))


def _is_bytes(b: Builder, i: int) -> bool:
    found = _PREFIX.match(b.syntax.source, b.start[i])
    return found is not None and b"b" in found.group().lower()


def _pieces(b: Builder, i: int) -> tuple[list[str], list[int]]:
    """Text with a field such as ``{:.2f}`` for each interpolation, and the values in them."""
    pieces: list[str] = []
    inputs: list[int] = []
    stack = [i]
    while stack:
        node = stack.pop()
        kind = b.kind[node]
        if kind == _CONTENT:
            pieces.append(b.text(node))
        elif kind == _INTERPOLATION:
            text, values = _interpolation(b, node)
            pieces.append(text)
            inputs.extend(values)
        else:
            stack.extend(reversed(b.kids[node]))
    return pieces, inputs


def _interpolation(b: Builder, node: int) -> tuple[str, list[int]]:
    """The field of one interpolation and the values it reads; its width may be one too."""
    kids = b.kids[node]
    if not kids:
        return "{}", []
    values = [b.value(kids[0])]
    said, conversion, spec = "", "", ""
    if b.text(b.syntax.end[kids[0]]) == "=":  # f"{x=}" shows what it is computed from
        said, conversion = f"{b.text(kids[0])}=", "r"
    for kid in kids[1:]:
        if b.kind[kid] == _CONVERSION:
            conversion = b.text(kid).strip("! ")
        elif b.kind[kid] == _SPECIFIER:
            spec = b.text(kid).removeprefix(":")
            for inner in b.kids[kid]:
                spec = spec.replace(b.text(inner), "{}", 1)
                values.extend(b.values(b.kids[inner][:1]))
    values[0] = _converted(b, b.start[kids[0]], values[0], conversion)
    return said + _field(spec), values


_CONVERSIONS = {"r": "repr", "a": "ascii"}


def _converted(b: Builder, at: int, value: int, conversion: str) -> int:
    """``{x!r}`` shows ``repr(x)``; a text is what is shown anyway."""
    name = _CONVERSIONS.get(conversion)
    if name is None:
        return value
    return b.graph.node(OP["call"], at, (value,), b.graph.intern(f"{BUILTIN}:{name}"))


def _field(spec: str) -> str:
    """A field with its width and precision; ``d`` and ``s`` only repeat what the value is."""
    spec = spec.strip()
    spec = spec[:-1] if _PLAIN_SPEC.fullmatch(spec) else spec
    return f"{{:{spec}}}" if spec else "{}"


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
    fields = list(_FIELD.finditer(text))
    counted = iter(range(len(fields)))
    inputs = [given.get(field[1] or str(next(counted)), -1) for field in fields]
    if min(inputs, default=0) < 0:  # an attribute or item inside a field
        inputs = list(given.values())
    else:
        shown = zip(inputs, fields, strict=True)
        inputs = [_converted(b, b.start[i], value, field[2] or "") for value, field in shown]
    text = _FIELD.sub(lambda field: _field(field[3] or ""), text)
    return _formatted(b, i, text, tuple(inputs))


def percent(b: Builder, i: int) -> int:
    """``"a %s" % x`` is ``f"a {x}"``; fields may have names."""
    b.count("format call")
    template, operand = b.kids[i]
    template_text = literal(b, template)
    value = b.value(operand)
    graph = b.graph
    inputs = graph.inputs[value] if graph.op[value] == OP["seq"] else (value,)
    fields = [found for found in _PERCENT.finditer(template_text) if found[4] != "%"]
    names = [found[1] for found in fields if found[1] is not None]
    if names and graph.op[value] == OP["dict"]:
        given = {_key(b, pair): graph.inputs[pair][-1] for pair in graph.inputs[value]
                 if graph.op[pair] == OP["pair"]}  # fmt: skip
        inputs = tuple(given[name] for name in names if name in given)
    if len(inputs) == len(fields):
        shown = zip(inputs, fields, strict=True)
        inputs = tuple(_converted(b, b.start[i], each, field[4]) for each, field in shown)
    return _formatted(b, i, _PERCENT.sub(_percent_field, template_text), inputs)


def _percent_field(found: re.Match[str]) -> str:
    """``%-5s`` is ``{:<5}``: with ``%`` a width puts its value to the right unless told."""
    _, flags, width, kind = found.groups()
    if kind == "%":
        return "%"
    side = "<" if "-" in flags else ">" if width and kind in "sra" else ""
    fill = "".join(flag for flag in "+ #0" if flag in flags)
    return _field(f"{side}{fill}{width}{'' if kind in 'diursa' else kind}")


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
        if b.graph_name(graph.name[shown[0]]) in _SHOWN and graph.op[shown[0]] == OP["call"]:
            return shown[0]
        return graph.node(OP["call"], b.start[i], shown, graph.intern(_STR))
    return graph.node(_FMT, b.start[i], shown, graph.intern(f"{TEXT}:{text[:_TEXT_LIMIT]}"))


def _is_str(b: Builder, value: int) -> bool:
    graph = b.graph
    called = graph.op[value] == OP["call"] and len(graph.inputs[value]) == 1
    return called and b.graph_name(graph.name[value]) == _STR


_STR = f"{BUILTIN}:str"
_SHOWN = frozenset(f"{BUILTIN}:{name}" for name in ("repr", "ascii"))  # texts already
