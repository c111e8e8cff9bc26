"""Pairs by name and order, where content is silent, and the map of names that were changed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from rapidfuzz.fuzz import ratio
from rapidfuzz.process import cdist

from codesim.detectors.weights.values import Values
from codesim.model import Rename
from codesim.sequences.assign import assign

_NUMBER = re.compile(r"\d+")
# Names less alike than this are paired by their order only, where either side has as many.
_ALIKE = 60.0
# What equal numbers in two names are worth beside the likeness of their letters, 0 to 100.
_SAME_LAYER = 40.0
# More of one shape are paired by equal names and by order only.
_MOST = 512

Named = tuple[Values, Values, str]


def by_name(left: Sequence[Values], right: Sequence[Values]) -> list[Named]:
    """Tensors of equal shape: of equal names, then of similar ones, then in their order."""
    named = {values.name: values for values in right}
    found: list[Named] = []
    for one in left:
        two = named.get(one.name)
        if two is not None and two.shape == one.shape:
            found.append((one, two, "name"))
            del named[one.name]
    used = {id(pair[0]) for pair in found}
    ours = _by_shape(values for values in left if id(values) not in used)
    theirs = _by_shape(values for values in right if named.get(values.name) is values)
    for shape in sorted(ours.keys() & theirs.keys()):
        found += _similar(ours[shape], theirs[shape])
    return found


def _by_shape(tensors: Iterable[Values]) -> dict[tuple[int, int], list[Values]]:
    """In the order in which people count: layer 2 before layer 10."""
    found: dict[tuple[int, int], list[Values]] = {}
    for values in sorted(tensors, key=lambda v: (_numbers(v.name), v.name)):
        found.setdefault(values.shape, []).append(values)
    return found


def _numbers(name: str) -> tuple[int, ...]:
    return tuple(int(number[:9]) for number in _NUMBER.findall(name))


def _similar(ours: Sequence[Values], theirs: Sequence[Values]) -> list[Named]:
    in_order = len(ours) == len(theirs)
    if max(len(ours), len(theirs)) > _MOST:
        pairs = zip(ours, theirs, strict=True) if in_order else ()
        return [(one, two, "order") for one, two in pairs]
    alike = cdist([v.name for v in ours], [v.name for v in theirs], scorer=ratio)
    weights = {}
    for i, one in enumerate(ours):
        for j, two in enumerate(theirs):
            likeness = float(alike[i, j])
            if likeness >= _ALIKE or in_order:
                same = _numbers(one.name) == _numbers(two.name)
                weights[i, j] = 1.0 + likeness + _SAME_LAYER * same + (0.5 if i == j else 0.0)
    return [
        (ours[i], theirs[j], "name" if alike[i, j] >= _ALIKE else "order")
        for i, j in assign(weights)
    ]


def renames(pairs: Iterable[tuple[str, str]]) -> tuple[Rename, ...]:
    """Which names of tensors became which, by pattern: numbers are written as ``*``."""
    votes = Counter((_pattern(one), _pattern(two)) for one, two in pairs)
    left = Counter[str]()
    right = Counter[str]()
    for (one, two), count in votes.items():
        left[one] += count
        right[two] += count
    return tuple(
        Rename(one, two, count, count / (left[one] + right[two] - count), "tensor")
        for (one, two), count in sorted(votes.items(), key=lambda item: (-item[1], item[0]))
        if one != two
    )


def _pattern(name: str) -> str:
    return _NUMBER.sub("*", name)
