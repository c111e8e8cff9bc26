"""Which names of the left stand where which names of the right stand, by renaming path segments.

A rule says that everything below one head stands, with the same endings, below another. Rules are
taken greedily, the one that explains most first, so that a few of them explain whole subtrees: a
prefix that was put in front, a module that got another name, a level that was left out.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from codesim.detectors.checkpoint.names import LAYER, Indices, Template, starts_with

# What lies below a template: the numbers of its layers, and the shapes it has, where known.
Signature = tuple[tuple[Indices, ...], tuple[tuple[int, ...] | None, ...]]
Side = Mapping[Template, Signature]
Pair = tuple[Template, Template]

# An ending that more names have tells no head from another, and would cost a square of them.
_MOST_HEADS = 40
_MOST_RULES = 60
# Modules that are left for pairing one by one.
_MOST_MODULES = 200
# A head that stands for another explains at least so many names, unless they are all it has.
_FEWEST = 2
# Names below one module are taken for renamed ones when this much of their letters agrees.
_ALIKE = 0.2
# Where no head says that they belong together, half of it.
_ALIKE_AT_ROOT = 0.5
# How much a pair of names counts: with the same layers and shapes, and without.
_FULL, _PART = 4, 1


@dataclass(frozen=True, slots=True)
class Rule:
    """``left`` heads what ``right`` heads on the other side; the empty rule is no renaming.

    ``by_structure``: the names say nothing, only where they stand.
    """

    left: Template
    right: Template
    mapped: tuple[Pair, ...]
    by_structure: bool = False


def rules_between(left: Side, right: Side) -> list[Rule]:
    """Rules that map templates of the left to templates of the right, each in at most one."""
    same = tuple((template, template) for template in sorted(left.keys() & right.keys()))
    rules = [Rule((), (), same)] if same else []
    rest = dict(left), dict(right)
    _take(same, rest)
    for pair in _promising(*rest):
        mapped = _mapped(pair, *rest)
        _take(mapped, rest)
        rules.append(Rule(*pair, mapped))
    return rules + _single(*rest, rules)


def _take(mapped: Iterable[Pair], rest: tuple[dict[Template, Signature], ...]) -> None:
    for one, two in mapped:
        del rest[0][one], rest[1][two]


def _mapped(heads: Pair, left: Side, right: Side) -> tuple[Pair, ...]:
    """The names below two heads that end alike."""
    first, second = heads
    found = []
    for one in sorted(left):
        two = second + one[len(first) :]
        if len(one) > len(first) and starts_with(one, first) and two in right:
            found.append((one, two))
    return tuple(found)


def _promising(left: Side, right: Side) -> Iterator[Pair]:
    """Heads in the order in which they explain most of what is left then. What was explained
    meanwhile is taken from a rule when it comes up, which can only move it back.
    """
    waiting = [
        (_order(heads, mapped, left, right), heads, mapped)
        for heads, mapped in _candidates(left, right).items()
        if len(mapped) >= _FEWEST
    ]
    heapq.heapify(waiting)
    rules = 0
    while waiting and rules < _MOST_RULES:
        order, heads, mapped = heapq.heappop(waiting)
        still = [(one, two) for one, two in mapped if one in left and two in right]
        if len(still) < _FEWEST:
            continue
        now = _order(heads, still, left, right)
        if now != order:
            heapq.heappush(waiting, (now, heads, still))
            continue
        rules += 1
        yield heads


def _candidates(left: Side, right: Side) -> dict[Pair, list[Pair]]:
    found: dict[Pair, list[Pair]] = {}
    heads = _heads(right)
    for one in sorted(left):
        for depth in range(len(one) - 1):
            others = heads.get(one[depth:], ())
            for two in others if len(others) <= _MOST_HEADS else ():
                head = two[: len(two) - len(one) + depth]
                if _differ(one[:depth], head):
                    found.setdefault((one[:depth], head), []).append((one, two))
    return found


def _heads(side: Side) -> dict[Template, list[Template]]:
    """Names by their endings of at least two segments."""
    found: dict[Template, list[Template]] = {}
    for template in side:
        for depth in range(len(template) - 1):
            found.setdefault(template[depth:], []).append(template)
    return found


def _differ(left: Template, right: Template) -> bool:
    """Heads that end in the same segment are a rule about the shorter heads above."""
    return not (left and right and left[-1] == right[-1])


def _order(
    heads: Pair,
    mapped: list[Pair],
    left: Side,
    right: Side,
) -> tuple[int, int, float, list[Template]]:
    """Most explained, most of the path kept, most alike; the same whichever side is left."""
    weight = sum(_FULL if left[one] == right[two] else _PART for one, two in mapped)
    one, two = heads
    return (-weight, -_kept(one, two), -_alike(".".join(one), ".".join(two)), sorted(heads))


def _kept(left: Template, right: Template) -> int:
    """How many segments two paths have in common at their beginning."""
    kept = 0
    while kept < min(len(left), len(right)) and left[kept] == right[kept]:
        kept += 1
    return kept


def _single(left: Side, right: Side, rules: list[Rule]) -> list[Rule]:
    """Modules with one or two parameters below a head that is already explained: each is paired
    with the one that has the same parameters and is named most alike.
    """
    known = _parents(rules)
    ours, theirs = _modules(left), _modules(right)
    candidates = []
    for one, endings in ours.items():
        places = {rule.right + one[len(rule.left) : -1] for rule in rules if _is_in(one, rule)}
        for two, others in theirs.items():
            if endings.keys() != others.keys():
                continue
            if two[:-1] not in places and not _same_place(one[:-1], two[:-1], known):
                continue
            same = endings == others
            alike = _alike(one[-1], two[-1])
            least = _ALIKE if one[:-1] else _ALIKE_AT_ROOT
            if alike >= least or (same and _shaped(endings) and len(endings) > 1):
                candidates.append((-same, -alike, sorted((one, two)), one, two))
    return list(_chosen(sorted(candidates), ours))


def _chosen(
    candidates: list[tuple[int, float, list[Template], Template, Template]],
    ours: Mapping[Template, Mapping[Template, Signature]],
) -> Iterator[Rule]:
    used: tuple[set[Template], set[Template]] = (set(), set())
    for _, _, _, one, two in candidates:
        if one not in used[0] and two not in used[1]:
            used[0].add(one)
            used[1].add(two)
            yield Rule(one, two, tuple((one + end, two + end) for end in sorted(ours[one])))


def _modules(side: Side) -> dict[Template, dict[Template, Signature]]:
    """The parameters of each module, by the last segment of their names."""
    found: dict[Template, dict[Template, Signature]] = {}
    for template, signature in side.items():
        if len(template) > 1 and template[-2] != LAYER:
            found.setdefault(template[:-1], {})[template[-1:]] = signature
        else:
            found.setdefault(template, {})[()] = signature
    return dict(list(found.items())[:_MOST_MODULES])


def _parents(rules: list[Rule]) -> set[Pair]:
    """Heads that stand for each other in some pair of mapped names."""
    found: set[Pair] = {((), ())}
    for rule in rules:
        for one, two in rule.mapped:
            for depth in range(1, min(len(one), len(two))):
                found.add((one[:-depth], two[:-depth]))
    return found


def _is_in(module: Template, rule: Rule) -> bool:
    return len(module) > len(rule.left) and starts_with(module, rule.left)


def _same_place(left: Template, right: Template, known: set[Pair]) -> bool:
    """Whether two heads are known to stand for each other, or would but for their last segment."""
    if left == right or (left, right) in known:
        return True
    return bool(left and right) and (left[:-1], right[:-1]) in known


def _shaped(endings: Mapping[Template, Signature]) -> bool:
    return all(None not in shapes for _, shapes in endings.values())


def _alike(left: str, right: str) -> float:
    """How much of two names agrees in order, 0 to 1."""
    from rapidfuzz.distance import Indel

    return float(Indel.normalized_similarity(left, right))
