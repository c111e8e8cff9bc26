"""Loop headers: indexes, enumerate, zip and items are ways to reach the same elements.

Canonical is direct iteration: an element is ``item(xs)``, and the place of an element is
``item(range(len(xs)))``, however the loop came by them. An index at such a place reads an element
of any list, as ``zip`` would.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from codesim.detectors.code import arithmetic
from codesim.detectors.code.graph import BUILTIN, MEMBER, OP
from codesim.detectors.code.syntax import KIND_NAMES

if TYPE_CHECKING:
    from codesim.detectors.code.builder import Builder

_CALL, _METHOD, _ITEM, _INDEX, _LOOP = (
    OP[name] for name in ("call", "method", "item", "index", "loop")
)
_PATTERNS = frozenset(
    i for i, n in enumerate(KIND_NAMES) if n in ("pattern_list", "tuple_pattern", "list_pattern")
)
_SPLAT = KIND_NAMES.index("list_splat_pattern")
# Calls that hand on the elements of their first argument as they are.
_COPIES = frozenset((f"{BUILTIN}:list", f"{BUILTIN}:tuple", f"{BUILTIN}:iter"))
_PROGRESS = ("X:tqdm.", "U:tqdm", "X:rich.progress.track")


def bind_item(b: Builder, i: int, target: int, iterable: int) -> None:
    """Bind a loop variable; the loop is a sink, so that its header is part of the evidence."""
    iterable = plain(b, iterable)
    if not _bind_parts(b, i, target, iterable, True):
        _bind(b, target, item(b, i, iterable))


def item(b: Builder, i: int, iterable: int) -> int:
    """One element of what a loop runs over, and the loop itself as a sink."""
    iterable = plain(b, iterable)
    source = _ranged(b, iterable)
    if source >= 0:
        b.count("index loop")
    else:
        source = _table(b, iterable)
    b.graph.sink(_LOOP, b.start[i], (source if source >= 0 else iterable,))
    return _element(b, b.start[i], iterable)


def items(b: Builder, i: int, iterables: tuple[int, ...]) -> list[int]:
    """One element of each of several that are zipped; they make one loop."""
    first, *others = iterables
    return [item(b, i, first), *(_element(b, b.start[i], plain(b, each)) for each in others)]


def _element(b: Builder, at: int, iterable: int) -> int:
    graph = b.graph
    table = _table(b, iterable)
    if table >= 0:
        return graph.node(_INDEX, at, (table, graph.node(_ITEM, at, (table,))))
    return graph.node(_ITEM, at, (iterable,))


def _table(b: Builder, iterable: int) -> int:
    """``d`` of ``d.values()``, or -1."""
    graph = b.graph
    called = graph.op[iterable] == _METHOD and len(graph.inputs[iterable]) == 1
    if not called or b.graph_name(graph.name[iterable]) != f"{MEMBER}:values":
        return -1
    return graph.inputs[iterable][0]


def plain(b: Builder, iterable: int) -> int:
    """What is looped over, without a copy, a progress bar or ``keys()`` around it."""
    graph = b.graph
    while graph.inputs[iterable]:
        name = b.graph_name(graph.name[iterable])
        inputs = graph.inputs[iterable]
        keys = graph.op[iterable] == _METHOD and name == f"{MEMBER}:keys"
        copied = graph.op[iterable] == _CALL and name in _COPIES
        places = graph.places[iterable]
        shown = graph.op[iterable] == _CALL and name.startswith(_PROGRESS)
        shown = shown and (places is None or places[0] == 0)
        if not (shown or (len(inputs) == 1 and (keys or copied))):
            break
        iterable = inputs[0]
    return iterable


def _bind(b: Builder, target: int, value: int) -> None:
    from codesim.detectors.code import statements

    statements.assign(b, target, value)


def _bind_parts(b: Builder, i: int, target: int, iterable: int, header: bool) -> bool:
    """Bind the parts of ``i, x`` in enumerate, ``x, y`` in zip and ``k, v`` in items."""
    graph = b.graph
    if b.kind[target] not in _PATTERNS or any(b.kind[t] == _SPLAT for t in b.kids[target]):
        return False
    targets = b.kids[target]
    if any(graph.op[value] == OP["star"] for value in graph.inputs[iterable]):
        return False
    name, inputs = b.graph_name(graph.name[iterable]), graph.inputs[iterable]
    op, at = graph.op[iterable], b.start[target]
    if op == _CALL and name == f"{BUILTIN}:enumerate" and len(targets) == 2 and inputs:
        b.count("enumerate")
        source = plain(b, inputs[0])
        place = place_of(b, at, source, inputs[1] if len(inputs) == 2 else -1)
        _bind_one(b, i, targets[1], source, header)
        _bind(b, targets[0], place)
        return True
    places = graph.places[iterable]
    if op == _CALL and name == f"{BUILTIN}:zip" and places is None and len(inputs) == len(targets):
        b.count("zip")
        for number, (part, value) in enumerate(zip(targets, inputs, strict=True)):
            _bind_one(b, i, part, plain(b, value), header and not number)
        return True
    if op == _METHOD and name == f"{MEMBER}:items" and len(inputs) == 1 and len(targets) == 2:
        key = graph.node(_ITEM, at, inputs)
        if header:
            graph.sink(_LOOP, b.start[i], inputs)
        _bind(b, targets[0], key)
        _bind(b, targets[1], graph.node(_INDEX, at, (inputs[0], key)))
        return True
    return False


def _bind_one(b: Builder, i: int, target: int, iterable: int, header: bool) -> None:
    if not _bind_parts(b, i, target, iterable, header):
        at = b.start[i]
        _bind(b, target, item(b, i, iterable) if header else _element(b, at, iterable))


def place_of(b: Builder, at: int, iterable: int, start: int = -1) -> int:
    """The place of an element, counted from ``start``."""
    graph = b.graph
    place = graph.node(_ITEM, at, (call_of(b, at, "range", call_of(b, at, "len", iterable)),))
    if start < 0 or arithmetic.is_number(b, start, 0):
        return place
    return arithmetic.arithmetic(b, at, "+", place, start)


def call_of(b: Builder, at: int, name: str, value: int) -> int:
    return b.graph.node(_CALL, at, (value,), b.graph.intern(f"{BUILTIN}:{name}"))


def _ranged(b: Builder, iterable: int) -> int:
    """``xs`` of ``range(len(xs))``, or -1."""
    graph = b.graph
    for name in ("range", "len"):
        if graph.op[iterable] != _CALL or len(graph.inputs[iterable]) != 1:
            return -1
        if b.graph_name(graph.name[iterable]) != f"{BUILTIN}:{name}":
            return -1
        iterable = graph.inputs[iterable][0]
    return iterable


def is_place(b: Builder, value: int) -> bool:
    """True for the place of an element in what a loop runs over."""
    graph = b.graph
    return graph.op[value] == _ITEM and _ranged(b, graph.inputs[value][0]) >= 0
