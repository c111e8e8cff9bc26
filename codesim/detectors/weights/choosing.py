"""Which tensors of two models a screen looks into, and where: little is read to know."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from codesim.detectors.weights.alignment import CONTENT, of_shape
from codesim.detectors.weights.foresight import announce_runs
from codesim.detectors.weights.matching import Aligned, Search
from codesim.detectors.weights.names import by_name
from codesim.detectors.weights.roles import is_excluded, place_of, role_of, stack_of
from codesim.detectors.weights.sampling import ONE_PLACE, Window
from codesim.detectors.weights.values import Values

T = TypeVar("T")

# Of each of so many tensors so many bytes in a row. In a model of 8 billion parameters these are 8
# rows, so that the sign test has 192 units, and its p-value can be as small as 1e-41.
TENSORS = 32
_BYTES = 64 << 10
# Where content chose the pair out of many, its p-value is multiplied by how many there were: of 64
# tensors of a shape 24 pairs cost a factor of 1e67, which twice the rows pay for and these do not.
_BYTES_OF_CONTENT = 128 << 10
# Of the tensors that are looked into so many have rows for the sign test, as far as there are such.
_FREE = 24
# Tensors of a side that a sample of 8 KiB is taken of, where names do not pair them.
_SAMPLED = 256
# Where in a matrix the bytes are taken: not where tables have their common words, nor their end.
_PLACE = 0.37
# A row beyond this is no row of a matrix, and could only be read as a whole.
_LONGEST_ROW = 1 << 20


@dataclass(frozen=True, slots=True)
class Pairing:
    """Pairs to choose from, of so many matrices of the side that has fewer."""

    pairs: tuple[Aligned, ...]
    tried: int

    @property
    def by_content(self) -> bool:
        """True where a sample of the values paired them, so that all of them are alike."""
        return any(pair.is_supported for pair in self.pairs)

    @property
    def is_most(self) -> bool:
        """True where they stand for at least half of the smaller side."""
        return 2 * len(self.pairs) >= self.tried > 0


def named(left: Sequence[Values], right: Sequence[Values]) -> Pairing:
    """Pairs that have shape, layer and role in common, and with nothing else. Nothing is read."""
    ours, theirs = ([v for v in side if is_usable(v)] for side in (left, right))
    keys = [[_key(values) for values in side] for side in (ours, theirs)]
    counts = [Counter(each) for each in keys]
    by_key = dict(zip(keys[1], theirs, strict=True))
    found = [
        Aligned(Window.of(one), Window.of(by_key[key]), 0.0, "name")
        for key, one in zip(keys[0], ours, strict=True)
        if counts[0][key] == counts[1][key] == 1
    ]
    return Pairing(tuple(found), min(len(ours), len(theirs)))


def alike(left: Sequence[Values], right: Sequence[Values]) -> Pairing:
    """Pairs of equal shape that a small sample supports; where it supports none, by names."""
    ours, theirs = (spread([v for v in side if is_usable(v)], _SAMPLED) for side in (left, right))
    for side in (ours, theirs):
        announce_runs(side, ONE_PLACE)
    found = of_shape(ours, theirs, Window.of, Window.run, Search("same shape", CONTENT))
    place = {id(values): number for number, values in enumerate(ours)}
    found.sort(key=lambda pair: place[id(pair.left.values)])
    if not found:
        pairs = by_name(ours, theirs)
        found = [Aligned(Window.of(one), Window.of(two), 0.0, how) for one, two, how in pairs]
    return Pairing(tuple(found), min(len(ours), len(theirs)))


def is_usable(values: Values) -> bool:
    """True for a matrix that may say something, of which some rows can be read by themselves."""
    shape = values.record.shape or ()
    if is_excluded(values.name, shape) or values.heads or not all(values.shape):
        return False
    return 0 < values.span(0, 1)[1] <= _LONGEST_ROW


def _key(values: Values) -> tuple[object, ...]:
    return (*place_of(values.name), values.shape)


def chosen(pairs: Sequence[Aligned], free_rows: FreeRows) -> list[Aligned]:
    """The parts of pairs that are looked into: most of them, as far as there are such, have rows
    whose sign training leaves free; these and the others are spread over the model.
    """
    free = [pair for pair in pairs if free_rows.of(pair)]
    taken = {id(pair) for pair in free}
    rest = [pair for pair in pairs if id(pair) not in taken]
    some = spread(free, max(_FREE, TENSORS - len(rest)))
    return [part(pair) for pair in [*some, *spread(rest, TENSORS - len(some))]]


def part(pair: Aligned) -> Aligned:
    """The same rows of both sides, as many as the bytes hold."""
    windows = pair.left, pair.right
    rows = pair.left.shape[0]
    longest = max(window.values.span(0, 1)[1] for window in windows)
    size = _BYTES_OF_CONTENT if pair.is_supported else _BYTES
    many = min(rows, max(1, size // longest))
    first = int(_PLACE * (rows - many))
    left, right = (window.rows(first, first + many) for window in windows)
    return replace(pair, left=left, right=right)


def spread(some: Sequence[T], most: int) -> list[T]:
    """At most so many of a sequence, evenly."""
    if len(some) <= most:
        return list(some)
    return [some[int((place + 0.5) * len(some) / most)] for place in range(most)]


class FreeRows:
    """Which pairs have rows that are units whose sign training leaves free: value channels, and
    neurons behind a gate in their up projection.
    """

    def __init__(self, left: Sequence[Values], right: Sequence[Values]) -> None:
        self._layers: tuple[_Layers, _Layers] = (_layers(left), _layers(right))

    def of(self, pair: Aligned) -> bool:
        """True where the first of the two names that states a role says so."""
        for name, layers in zip(pair.names, self._layers, strict=True):
            role, place = role_of(name), stack_of(name)
            if role == "value":
                return place is not None
            if role == "up":
                mates = layers.get((place, place_of(name)[0]), {}) if place else {}
                return _is_gated(pair.left.values.shape, mates)
        return False


_Layers = dict[tuple[object, tuple[int, ...]], dict[str, tuple[int, int]]]


def _layers(side: Sequence[Values]) -> _Layers:
    """The shapes in each layer, and of each expert, by role."""
    found: _Layers = {}
    for values in side:
        role, place = role_of(values.name), stack_of(values.name)
        if role and place:
            found.setdefault((place, place_of(values.name)[0]), {})[role] = values.shape
    return found


def _is_gated(shape: tuple[int, int], mates: Mapping[str, tuple[int, int]]) -> bool:
    """Whether the layer of an up projection has a gate of its shape, and a down projection that
    takes its rows as columns.
    """
    down = mates.get("down", (0, shape[0]))
    return mates.get("gate") == shape and down[1] == shape[0]
