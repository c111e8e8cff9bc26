"""Which tensors of two models a screen looks into, and where: little is read to know."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
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
    held = [Counter(map(_key, side)) for side in (ours, theirs)]
    by_key = {_key(values): values for values in theirs}
    found = [
        Aligned(Window.of(one), Window.of(by_key[_key(one)]), 0.0, "name")
        for one in ours
        if held[0][_key(one)] == held[1][_key(one)] == 1
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


def chosen(
    pairs: Sequence[Aligned], left: Sequence[Values], right: Sequence[Values]
) -> list[Aligned]:
    """The parts of pairs that are looked into: most of them, as far as there are such, have rows
    whose sign training leaves free; these and the others are spread over the model.
    """
    free = [pair for pair in pairs if rows_are_free(pair, left, right)]
    rest = [pair for pair in pairs if not rows_are_free(pair, left, right)]
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


def rows_are_free(pair: Aligned, left: Sequence[Values], right: Sequence[Values]) -> bool:
    """True where each row is a unit whose sign training leaves free: a value channel, or a neuron
    behind a gate in its up projection.
    """
    for name, side in zip(pair.names, (left, right), strict=True):
        role = role_of(name)
        if role == "value":
            return stack_of(name) is not None
        if role == "up":
            return _is_gated(name, pair.left.values.shape, side)
    return False


def _is_gated(name: str, shape: tuple[int, int], side: Sequence[Values]) -> bool:
    """Whether the layer of an up projection has a gate of its shape, and a down projection that
    takes its rows as columns.
    """
    stack, numbers = stack_of(name), place_of(name)[0]
    mates = {
        role_of(values.name): values.shape
        for values in side
        if stack and stack_of(values.name) == stack and place_of(values.name)[0] == numbers
    }
    down = mates.get("down", (0, shape[0]))
    return mates.get("gate") == shape and down[1] == shape[0]
