"""Which templates stand for each other by their place alone, where every name was changed.

Two trees of modules are aligned from the root down: children are paired that are built alike, by
what lies below them, and among several of these the ones whose names mean the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from codesim.detectors.checkpoint.names import Template
from codesim.detectors.checkpoint.renaming import Pair, Rule, Side
from codesim.detectors.checkpoint.words import PARAMETERS, likeness

# Modules nest about ten deep; deeper names are there to exhaust a recursion.
_DEEPEST = 40
# The largest public model has 300 templates; an inventory of many more takes a second.
_MOST_TEMPLATES = 600
# Children that are built alike are paired by name where there are so few, else in order.
_MOST_ALIKE = 60
# Children that are not built alike are aligned where they share this much of what lies below.
_SHARED = 0.8
# An equal subtree elsewhere has at least so many parameters.
_FEWEST = 3


@dataclass(slots=True)
class Node:
    """A module, or with ``template`` a parameter. Equal ``layout`` means built alike."""

    path: Template
    layout: int
    template: Template | None = None
    children: list[Node] = field(default_factory=list)
    below: Counter[int] = field(default_factory=Counter)


Layouts = dict[object, int]


def rules_by_structure(left: Side, right: Side) -> list[Rule]:
    """Rules for the templates that the structure of both sides pairs, whatever their names."""
    if not left or not right or not _even(left, right):
        return []
    known: Layouts = {}
    pairs = list(_aligned(*_trees(left, right, known)))
    rest = [_without(side, {pair[n] for pair in pairs}) for n, side in enumerate((left, right))]
    if rest[0] and rest[1]:
        pairs += _elsewhere(*_trees(rest[0], rest[1], known))
    return list(_rules(pairs))


def _trees(left: Side, right: Side, known: Layouts) -> tuple[Node, Node]:
    shaped = _shaped(left) and _shaped(right)
    one, two = (_grown((), sorted(side), side, shaped, known) for side in (left, right))
    return one, two


def _shaped(side: Side) -> bool:
    return all(None not in shapes for _, shapes in side.values())


def _even(left: Side, right: Side) -> bool:
    """Whether the sides have about the same parameters, and trees that can be walked."""
    if max(len(left), len(right)) > _MOST_TEMPLATES or max(map(len, (*left, *right))) > _DEEPEST:
        return False
    ours, theirs = (Counter(_kind(t, s[t], False) for t in s) for s in (left, right))
    return 2 * (ours & theirs).total() >= _SHARED * (len(left) + len(right))


def _kind(template: Template, signature: object, shaped: bool) -> object:
    last = template[-1] if template[-1] in PARAMETERS else ""
    indices, shapes = signature if isinstance(signature, tuple) else ((), ())
    return (last, indices, shapes if shaped else ())


def _grown(
    path: Template, below: Sequence[Template], side: Side, shaped: bool, known: Layouts
) -> Node:
    """The tree of some templates below a path; levels with one child are taken together."""
    if len(below) == 1:
        kind = _kind(below[0], side[below[0]], shaped)
        number = known.setdefault(kind, len(known))
        return Node(below[0], number, below[0], below=Counter((number,)))
    groups: dict[Template, list[Template]] = {}
    for template in below:
        groups.setdefault(template[: len(path) + 1], []).append(template)
    if len(groups) == 1 and len(min(below, key=len)) > len(path):
        ((head, inner),) = groups.items()
        return _grown(head, inner, side, shaped, known)
    children = [
        _grown(head, inner, side, shaped, known)
        for (head, inner) in _split(groups, path)
    ]  # fmt: skip
    layout = known.setdefault(tuple(sorted(c.layout for c in children)), len(known))
    total: Counter[int] = Counter()
    for child in children:
        total += child.below
    return Node(path, layout, None, children, total)


def _split(
    groups: Mapping[Template, list[Template]], path: Template
) -> Iterator[tuple[Template, list[Template]]]:
    """Groups, of which a parameter that also heads others is one of its own."""
    for head, inner in groups.items():
        if head == path or (head in inner and len(inner) > 1):
            yield head, [head]
            inner = [each for each in inner if each != head]
        if inner:
            yield head, inner


def _aligned(left: Node, right: Node) -> Iterator[Pair]:
    """Parameters below two nodes in pairs."""
    if left.template and right.template:
        if left.layout == right.layout:
            yield left.template, right.template
        return
    for one, two in _paired(left, right):
        yield from _aligned(one, two)


def _paired(left: Node, right: Node) -> Iterator[tuple[Node, Node]]:
    """Children of two nodes: first those that are built alike, then those that nearly are."""
    ours, theirs = _by_layout(left.children), _by_layout(right.children)
    rest: tuple[list[Node], list[Node]] = ([], [])
    for layout in sorted(ours.keys() | theirs.keys()):
        found = list(_likest(ours.get(layout, []), theirs.get(layout, [])))
        yield from found
        done = {id(node) for pair in found for node in pair}
        for nodes, side in zip(rest, (ours, theirs), strict=True):
            nodes.extend(node for node in side.get(layout, []) if id(node) not in done)
    inner = [[node for node in nodes if node.children][:_MOST_ALIKE] for nodes in rest]
    ranked = sorted(
        (-_overlap(one, two), sorted((one.path, two.path)), n, m)
        for n, one in enumerate(inner[0])
        for m, two in enumerate(inner[1])
        if _overlap(one, two) >= _SHARED
    )
    yield from _greedily(((n, m) for *_, n, m in ranked), inner[0], inner[1])


def _by_layout(nodes: Iterable[Node]) -> dict[int, list[Node]]:
    found: dict[int, list[Node]] = {}
    for node in nodes:
        found.setdefault(node.layout, []).append(node)
    return found


def _likest(ours: Sequence[Node], theirs: Sequence[Node]) -> Iterator[tuple[Node, Node]]:
    """Nodes that are built alike: by what their names mean, else in their order."""
    if max(len(ours), len(theirs)) > _MOST_ALIKE:
        yield from zip(ours, theirs, strict=False)
        return
    ranked = sorted(
        (-likeness(one.path, two.path), sorted((one.path, two.path)), n, m)
        for n, one in enumerate(ours)
        for m, two in enumerate(theirs)
    )
    yield from _greedily(((n, m) for *_, n, m in ranked), ours, theirs)


def _greedily(
    ranked: Iterable[tuple[int, int]], ours: Sequence[Node], theirs: Sequence[Node]
) -> Iterator[tuple[Node, Node]]:
    used: tuple[set[int], set[int]] = (set(), set())
    for one, two in ranked:
        if one not in used[0] and two not in used[1]:
            used[0].add(one)
            used[1].add(two)
            yield ours[one], theirs[two]


def _overlap(left: Node, right: Node) -> float:
    both = left.below.total() + right.below.total()
    return 2 * (left.below & right.below).total() / both


def _elsewhere(left: Node, right: Node) -> Iterator[Pair]:
    """What is built alike in other places, the largest parts first."""
    sides = [_by_layout(_parts(node)) for node in (left, right)]
    used: tuple[set[Template], set[Template]] = (set(), set())
    shared = sorted(
        sides[0].keys() & sides[1].keys(),
        key=lambda layout: (-sides[0][layout][0].below.total(), layout),
    )
    for layout in shared:
        free = [
            [node for node in side[layout] if not taken.intersection(_parameters(node))]
            for side, taken in zip(sides, used, strict=True)
        ]
        for one, two in _likest(*free):
            for pair in _aligned(one, two):
                used[0].add(pair[0])
                used[1].add(pair[1])
                yield pair


def _parts(node: Node) -> Iterator[Node]:
    if node.below.total() >= _FEWEST:
        yield node
        for child in node.children:
            yield from _parts(child)


def _parameters(node: Node) -> Iterator[Template]:
    if node.template:
        yield node.template
    for child in node.children:
        yield from _parameters(child)


def _without(side: Side, gone: set[Template]) -> Side:
    return {template: side[template] for template in side if template not in gone}


def _rules(pairs: Iterable[Pair]) -> Iterator[Rule]:
    """One rule for the parameters of each module."""
    found: dict[Pair, list[Pair]] = {}
    for one, two in sorted(pairs):
        ends = one[-1] == two[-1] and one[-1] in PARAMETERS
        heads = (one[:-1], two[:-1]) if ends and len(one) > 1 and len(two) > 1 else (one, two)
        found.setdefault(heads, []).append((one, two))
    for heads, mapped in found.items():
        yield Rule(*heads, tuple(mapped), by_structure=True)
