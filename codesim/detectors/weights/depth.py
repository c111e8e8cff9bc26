"""Which layer of one model stands where which of the other does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from codesim.detectors.weights.alignment import Aligned
from codesim.detectors.weights.roles import stack_of
from codesim.detectors.weights.values import Values
from codesim.detectors.weights.verdict import LEFT_TO_RIGHT, RIGHT_TO_LEFT

Place = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Depth:
    """The layer map, right place and left place, and the side that repeats or lacks layers."""

    layers: tuple[tuple[Place, Place], ...]
    repeated: str = ""
    removed: str = ""

    @property
    def names(self) -> tuple[tuple[str, str], ...]:
        """Left and right names of the layers that stand for each other."""
        return tuple((f"{one[0]}{one[1]}", f"{two[0]}{two[1]}") for two, one in self.layers)

    @property
    def direction(self) -> str:
        """The side that repeats layers, or lacks some, was made from the other."""
        side = self.repeated or self.removed
        return LEFT_TO_RIGHT if side == "right" else RIGHT_TO_LEFT


def depth(
    related: Sequence[Aligned],
    left: Sequence[Values],
    right: Sequence[Values],
    is_whole: bool = True,
) -> Depth:
    """The layer map of related tensors. Both sides vote: each layer goes to the one of the other
    side with which it shares most tensors. Nothing is called removed where a side is not whole.
    """
    votes = Counter(
        (two, one)
        for pair in related
        if (one := stack_of(pair.names[0])) and (two := stack_of(pair.names[1]))
    )
    if not votes:
        return Depth(())
    forward = {pair[0]: _most(votes, pair[0], 0) for pair in votes}
    backward = {pair[1]: _most(votes, pair[1], 1) for pair in votes}
    pairs = {*forward.items(), *((two, one) for one, two in backward.items())}
    layers = tuple(sorted(pair for pair in pairs if votes[pair] > 1))
    ours, theirs = Counter(o for _, o in layers), Counter(t for t, _ in layers)
    if max(ours.values(), default=0) > 1 or max(theirs.values(), default=0) > 1:
        side = "right" if max(ours.values()) >= max(theirs.values()) else "left"
        return Depth(layers, repeated=side)
    removed = _removed(set(ours), set(theirs), left, right) if is_whole else ""
    return Depth(layers, removed=removed)


def _most(votes: Counter[tuple[Place, Place]], place: Place, side: int) -> Place:
    options = [(count, pair[1 - side]) for pair, count in votes.items() if pair[side] == place]
    return max(options, key=lambda each: (each[0], (each[1][0], -each[1][1])))[1]


def _removed(
    ours: set[Place], theirs: set[Place], left: Sequence[Values], right: Sequence[Values]
) -> str:
    """The side that has no layer for some of the other's in the same stack."""
    more = [_more(ours, left), _more(theirs, right)]
    if more[0] and not more[1]:
        return "right"
    return "left" if more[1] and not more[0] else ""


def _more(mapped: set[Place], values: Sequence[Values]) -> bool:
    stacks = {stack for stack, _ in mapped}
    every = {place for v in values if (place := stack_of(v.name)) and place[0] in stacks}
    return len(every) > len(mapped)
