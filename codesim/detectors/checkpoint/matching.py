"""Two inventories: which template stands where which stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from codesim.detectors.checkpoint.names import Indices, Template
from codesim.detectors.checkpoint.public import Block
from codesim.detectors.checkpoint.renaming import Pair, Rule, Side, rules_between
from codesim.detectors.checkpoint.sheet import Group, Sheet
from codesim.detectors.checkpoint.structure import rules_by_structure

# An inventory of more templates is compared by equal names only: nobody wrote that many.
_MOST_TEMPLATES = 1_500
# Structure alone is believed where it explains nearly all of both sides: parts of models are built
# alike everywhere.
_WHOLE = 0.9
# And so many names at least.
_FEWEST = 4
_TELLING = 0.5


@dataclass(frozen=True, slots=True)
class TemplateMatch:
    """Two templates that stand for each other; ``rule`` is empty where the name is the same.

    ``mapped`` counts tensors of the same layer, the right one ``offset`` further.
    """

    left: Template
    right: Template
    rule: Pair
    mapped: int
    offset: int
    public: Block | None
    in_base: bool
    by_structure: bool = False

    @property
    def is_novel(self) -> bool:
        """Whether neither a public architecture nor the base explains it."""
        return self.public is None and not self.in_base


@dataclass(frozen=True, slots=True)
class Match:
    """All that two inventories share by name."""

    left: Sheet
    right: Sheet
    templates: tuple[TemplateMatch, ...]

    @property
    def mapped(self) -> int:
        """How many tensors of one side stand for one of the other."""
        return sum(match.mapped for match in self.templates)

    @property
    def is_whole(self) -> bool:
        """Whether every tensor of both sides is mapped."""
        sizes = {len(side.inventory.tensors) for side in (self.left, self.right)}
        return sizes == {self.mapped}


def match_of(left: Sheet, right: Sheet) -> Match:
    """What two inventories share by name, up to renaming."""
    found = sorted(
        (each for rule in _rules(left, right) for each in _matches(rule, left, right)),
        key=lambda match: (match.left, match.right),
    )
    return Match(left, right, tuple(found))


def _rules(left: Sheet, right: Sheet) -> list[Rule]:
    if max(len(left.groups), len(right.groups)) > _MOST_TEMPLATES:
        same = tuple((t, t) for t in sorted(left.groups.keys() & right.groups.keys()))
        return [Rule((), (), same)]
    one = {template: group.signature for template, group in left.groups.items()}
    two = {template: group.signature for template, group in right.groups.items()}
    named = rules_between(one, two)
    equal = [rule for rule in named if not (rule.left or rule.right)]
    sizes = [len(side.inventory.tensors) for side in (left, right)]
    by_name = _mapped(named, left, right)
    if by_name == max(sizes):
        return named
    best, most = named, int(_WHOLE * max(sizes))
    # Where names explain little, the few renamings they suggest are chance.
    for rules in (named, equal) if by_name >= _TELLING * max(sizes) else (equal, named):
        rest = _rest(rules, one, two)
        found = rules_by_structure(*rest)
        mapped = _mapped([*rules, *found], left, right)
        if mapped > most and sum(len(rule.mapped) for rule in found) >= _FEWEST:
            best, most = [*rules, *found], mapped
    return best


def _rest(rules: list[Rule], left: Side, right: Side) -> tuple[Side, Side]:
    ours, theirs = dict(left), dict(right)
    for rule in rules:
        for one, two in rule.mapped:
            del ours[one], theirs[two]
    return ours, theirs


def _mapped(rules: list[Rule], left: Sheet, right: Sheet) -> int:
    return sum(
        _aligned(left.groups[one], right.groups[two])[0]
        for rule in rules
        for one, two in rule.mapped
    )


def _matches(rule: Rule, left: Sheet, right: Sheet) -> Iterator[TemplateMatch]:
    ours, theirs = left.public, right.public
    for one, two in rule.mapped:
        mapped, offset = _aligned(left.groups[one], right.groups[two])
        if mapped:
            yield TemplateMatch(
                left=one,
                right=two,
                rule=(rule.left, rule.right),
                mapped=mapped,
                offset=offset,
                public=_either(ours.get(one), theirs.get(two)),
                in_base=one in left.base or two in right.base,
                by_structure=rule.by_structure,
            )


def _either(left: Block | None, right: Block | None) -> Block | None:
    """The block of a pair of templates, the same whichever side is left."""
    found = [block for block in (left, right) if block is not None]
    return min(found, key=lambda block: (block.architecture, block.prefix), default=None)


def _aligned(left: Group, right: Group) -> tuple[int, int]:
    """How many tensors stand for each other, and how much further the right layers are."""
    same = len(left.tensors.keys() & right.tensors.keys())
    if len(left.tensors) == len(right.tensors) and same < len(left.tensors):
        first, second = sorted(left.tensors), sorted(right.tensors)
        moved = {_step(one, two) for one, two in zip(first, second, strict=True)}
        if len(moved) == 1 and None not in moved:
            return len(first), moved.pop() or 0
    return same, 0


def _step(left: Indices, right: Indices) -> int | None:
    """How much further one layer number is; None where others differ as well."""
    steps = {two - one for one, two in zip(left, right, strict=False) if one != two}
    return steps.pop() if len(steps) == 1 and len(left) == len(right) else None
