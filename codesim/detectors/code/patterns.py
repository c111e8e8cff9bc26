"""Patterns of ``case``: what they test of their subject, and the names that they give its parts.

A class is tested by ``isinstance``, a sequence by its length, a mapping by its keys; a captured
part is an item or an attribute of the subject, as if it had been read by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from codesim.detectors.code import arithmetic, control, expressions, operators
from codesim.detectors.code.graph import BUILTIN, MEMBER, OP
from codesim.detectors.code.syntax import IDENTIFIER, KIND_NAMES, NUMBERS

if TYPE_CHECKING:
    from codesim.detectors.code.builder import Builder

_SEQ, _INDEX, _CALL = OP["seq"], OP["index"], OP["call"]
_SPLAT, _KEYWORD, _CASE = (
    frozenset(i for i, kind in enumerate(KIND_NAMES) if kind == name)
    for name in ("splat_pattern", "keyword_pattern", "case_pattern")
)
# Types of which ``int(x)`` captures the value itself.
_WHOLE = frozenset(
    ("bool", "bytearray", "bytes", "dict", "float", "frozenset", "int", "list", "set", "str",
     "tuple")
)  # fmt: skip


def tests(b: Builder, patterns: list[int], subject: int) -> list[int]:
    """The conditions under which a case takes its subject; its names are bound on the way."""
    if len(patterns) == 1 and b.text(b.syntax.end[patterns[0]]) != ",":
        return _pattern(b, patterns[0], subject)
    return _parts(b, patterns[0], patterns, subject) if patterns else []


def _pattern(b: Builder, node: int, subject: int) -> list[int]:
    """The conditions of one pattern."""
    return _READ.get(KIND_NAMES[b.kind[node]], _equal)(b, node, subject)


def _wrapped(b: Builder, node: int, subject: int) -> list[int]:
    """One pattern with nothing around it but a sign; ``_`` takes anything."""
    kids = b.kids[node]
    return _pattern(b, kids[-1], subject) if kids else []


def _is_negative(b: Builder, number: int) -> bool:
    """True for a number right behind a minus sign, which is a node of its own in a pattern."""
    return b.text(number - 1) == "-"


def _equal(b: Builder, node: int, subject: int) -> list[int]:
    """A literal."""
    return [operators.one_of(b, node, subject, (_key(b, node),))]


def _same(b: Builder, node: int, subject: int) -> list[int]:
    """``None``, ``True`` and ``False`` are compared by identity."""
    return [b.graph.node(OP["is"], b.start[node], (subject, b.value(node)))]


def _number(b: Builder, node: int, subject: int) -> list[int]:
    """A number in two parts, as it is written."""
    value = arithmetic.number(b, b.start[node], b.text(node))
    return [operators.one_of(b, node, subject, (value,))]


def _named(b: Builder, node: int, subject: int) -> list[int]:
    """A name takes anything; a dotted name is a value to compare with."""
    names = b.kids[node]
    if len(names) > 1:
        value = expressions.path_value(b, names)
        return [operators.one_of(b, node, subject, (value,))]
    _capture(b, node, subject)
    return []


def _capture(b: Builder, node: int, value: int) -> None:
    from codesim.detectors.code import statements

    while b.kind[node] != IDENTIFIER and b.kids[node]:
        node = b.kids[node][0]
    if b.kind[node] == IDENTIFIER and b.text(node) != "_":
        statements.assign(b, node, value)


def _any(b: Builder, node: int, subject: int) -> list[int]:
    """One of several patterns; equal names stand for what any of them captures."""
    before = b.scope.env
    after: dict[str, int] | None = None
    ways: list[list[int]] = []
    for kid in b.kids[node]:
        b.scope.env = dict(before)
        ways.append(_pattern(b, kid, subject))
        after = b.scope.env if after is None else control.merge(b, node, b.scope.env, after)
    b.scope.env = before if after is None else after
    if not all(ways):
        return []
    return [operators.either(b, node, [operators.both(b, node, way) for way in ways])]


def _captured(b: Builder, node: int, subject: int) -> list[int]:
    """``pattern as name``."""
    kids = b.kids[node]
    found = _pattern(b, kids[0], subject) if kids else []
    if len(kids) == 2:
        _capture(b, kids[1], subject)
    return found


def _sequence(b: Builder, node: int, subject: int) -> list[int]:
    """``[x, y]``; parentheses around one pattern are no sequence."""
    kids = b.kids[node]
    grouped = KIND_NAMES[b.kind[node]] == "tuple_pattern" and len(kids) == 1
    if grouped and not _has_comma(b, node):
        return _pattern(b, kids[0], subject)
    return _parts(b, node, kids, subject)


def _has_comma(b: Builder, node: int) -> bool:
    return any(b.text(part) == "," for part in _children(b, node))


def _children(b: Builder, node: int) -> Iterator[int]:
    """All that stands directly below a node, signs and commas too."""
    child = node + 1
    while child < b.syntax.end[node]:
        yield child
        child = b.syntax.end[child]


def _parts(b: Builder, node: int, kids: list[int], subject: int) -> list[int]:
    """The conditions of a sequence: its length, and what each of its parts asks for."""
    graph = b.graph
    at = b.start[node]
    stars = [place for place, kid in enumerate(kids) if _is_star(b, kid)]
    inputs = graph.inputs[subject]
    if graph.op[subject] == _SEQ and not stars and len(inputs) == len(kids):
        pairs = zip(kids, inputs, strict=True)
        return [test for kid, part in pairs for test in _pattern(b, kid, part)]
    found = [] if kids and len(kids) == len(stars) else [_length(b, node, subject, kids, stars)]
    for place, kid in enumerate(kids):
        if stars and place == stars[0]:
            _capture(b, kid, _rest(b, at, subject, place, place + 1 - len(kids)))
            continue
        behind = bool(stars) and place > stars[0]
        key = arithmetic.number(b, at, str(place - len(kids) if behind else place))
        found += _pattern(b, kid, graph.node(_INDEX, at, (subject, key)))
    return found


def _is_star(b: Builder, node: int) -> bool:
    while b.kind[node] in _CASE and len(b.kids[node]) == 1:
        node = b.kids[node][0]
    return b.kind[node] in _SPLAT


def _length(b: Builder, node: int, subject: int, kids: list[int], stars: list[int]) -> int:
    """``len(subject) == 2``, or with a star ``len(subject) >= 1``."""
    graph = b.graph
    at = b.start[node]
    length = graph.node(_CALL, at, (subject,), graph.intern(f"{BUILTIN}:len"))
    number = arithmetic.number(b, at, str(len(kids) - len(stars)))
    if stars:
        return operators.at_least(b, node, length, number)
    return graph.node(OP["eq"], at, (length, number), -1, (0, 0))


def _rest(b: Builder, at: int, subject: int, first: int, last: int) -> int:
    """What a star takes: ``subject[first:last]``."""
    graph = b.graph
    bounds = [(place, arithmetic.number(b, at, str(value)))
              for place, value in ((0, first), (1, last)) if value]  # fmt: skip
    places, inputs = tuple(p for p, _ in bounds), tuple(value for _, value in bounds)
    return graph.node(_INDEX, at, (subject, graph.node(OP["slice"], at, inputs, -1, places)))


def _mapping(b: Builder, node: int, subject: int) -> list[int]:
    """``{"k": x}`` asks for the key and reads its item."""
    graph = b.graph
    at, kids = b.start[node], b.kids[node]
    if not kids:
        return [_isinstance(b, at, subject, graph.node(OP["ref"], at, (), graph.intern("B:dict")))]
    found: list[int] = []
    keys: list[int] = []
    for before, kid in zip([-1, *kids], kids, strict=False):
        if b.kind[kid] in _CASE and keys:
            found.append(graph.node(OP["in"], at, (keys[-1], subject)))
            found += _pattern(b, kid, graph.node(_INDEX, at, (subject, _key(b, before))))
        elif b.kind[kid] in _SPLAT:
            _capture(b, kid, graph.node(OP["unknown"], at, (subject, *keys)))
        else:
            keys.append(_key(b, kid))
    return found


def _key(b: Builder, node: int) -> int:
    if KIND_NAMES[b.kind[node]] == "dotted_name":
        return expressions.path_value(b, b.kids[node])
    if b.kind[node] in NUMBERS and _is_negative(b, node):
        return arithmetic.number(b, b.start[node], f"-{b.text(node)}")
    return b.value(node)


def _isinstance(b: Builder, at: int, subject: int, kind: int) -> int:
    return b.graph.node(_CALL, at, (subject, kind), b.graph.intern(f"{BUILTIN}:isinstance"))


def _class(b: Builder, node: int, subject: int) -> list[int]:
    """``C(x, y=z)`` asks for the class; places are read as items, names as attributes."""
    kids = b.kids[node]
    if not kids:
        return []
    graph = b.graph
    at = b.start[node]
    found = [_isinstance(b, at, subject, expressions.path_value(b, b.kids[kids[0]]))]
    whole = b.text(kids[0]) in _WHOLE
    for place, kid in enumerate(kids[1:]):
        inner = b.kids[kid][0] if b.kids[kid] else kid
        if b.kind[inner] in _KEYWORD and b.kids[inner]:
            name, *asked = b.kids[inner]
            reference = graph.intern(f"{MEMBER}:{b.text(name)}")
            part = graph.node(OP["attr"], at, (subject,), reference)
            found += [test for each in asked for test in _pattern(b, each, part)]
            continue
        key = arithmetic.number(b, at, str(place))
        found += _pattern(b, kid, subject if whole else graph.node(_INDEX, at, (subject, key)))
    return found


def _ignored(_b: Builder, _node: int, _subject: int) -> list[int]:
    return []


_READ: dict[str, Callable[[Builder, int, int], list[int]]] = {
    "case_pattern": _wrapped, "true": _same, "false": _same, "none": _same,
    "complex_pattern": _number, "dotted_name": _named, "union_pattern": _any,
    "as_pattern": _captured, "list_pattern": _sequence, "tuple_pattern": _sequence,
    "dict_pattern": _mapping, "class_pattern": _class, "splat_pattern": _ignored,
}  # fmt: skip
