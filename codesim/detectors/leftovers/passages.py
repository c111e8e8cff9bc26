"""Neighbouring rare lines are one passage: who takes a docstring takes all of its lines."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from codesim.detectors.leftovers.found import Dangling, Shared, Worth

# Things that stand this close on both sides are one passage, which may come from elsewhere as one.
_NEAR = 12
# A cut on one side may open a gap on the other. In text as people write it one or two rounds do.
_ROUNDS = 8
# What the next best of a passage adds to its best: it is not independent of it.
_WITHIN = 0.2
# Docstrings and messages travel with a tutorial or a library from one teacher to many pupils, so
# that one passage, however long, is worth little beyond chance: at most weak. The stock data
# collator of one library had 24.7 bits in two repositories that have nothing to do with each other.
MOST_QUOTED = 12.0
# What a passage holds besides of one hand: a slip, a name, a place. This is not taught.
_TELLING = frozenset(("typo", "handle", "e-mail", "path", "tracking id", "odd character"))
_MOST_TELLING = 20.0
_SPEECH = frozenset(("comment", "message", "TODO", "commented-out code"))


def in_passages(shared: Iterable[Shared]) -> list[Shared]:
    """The same things with lines that follow each other on both sides taken as one, rarest first.

    A passage goes by its rarest line.
    """
    found = list(shared)
    made = [each for each in found if each.kind not in _SPEECH]
    for run in _runs([each for each in found if each.kind in _SPEECH]):
        made.append(run[0] if len(run) == 1 else _passage(run))
    return sorted(made, key=lambda each: (-each.bits, each.kind, each.text))


def _passage(run: Sequence[Shared]) -> Shared:
    best = min(run, key=lambda each: (-each.bits, each.kind, each.text))
    one, two = [each.left[1] for each in run], [each.right[1] for each in run]
    left, right = (run[0].left[0], min(one)), (run[0].right[0], min(two))
    reach = max(one) - min(one), max(two) - min(two)
    why = f"{len(run)} rare lines of one passage, {best.why}"
    bits = round(_together([each.bits for each in run]), 2)
    return Shared("passage", best.text, left, right, bits, why, reach)


def worths(shared: Iterable[Shared], dangling: Iterable[Dangling]) -> list[Worth]:
    """Bits of what is left over, each passage once."""
    return [*map(_worth, _runs(shared)), *(Worth(0.0, each.bits) for each in dangling)]


def _worth(run: Sequence[Shared]) -> Worth:
    telling = [each.bits for each in run if each.kind in _TELLING]
    quoted = [each.bits for each in run if each.kind not in _TELLING]
    return Worth(min(MOST_QUOTED, _together(quoted)), min(_MOST_TELLING, _together(telling)))


def _together(bits: Sequence[float]) -> float:
    best = max(bits, default=0.0)
    return best + _WITHIN * (math.fsum(bits) - best)


def _runs(shared: Iterable[Shared]) -> Iterator[list[Shared]]:
    """Things that stand in one stretch on both sides, without a gap on either."""
    groups: dict[tuple[str, str], list[Shared]] = defaultdict(list)
    for each in shared:
        groups[each.left[0], each.right[0]].append(each)
    for _, group in sorted(groups.items()):
        parts = [group]
        for _ in range(_ROUNDS):
            finer = [stretch for part in parts for stretch in _cut(part)]
            if len(finer) == len(parts):
                break
            parts = finer
        yield from parts


def _cut(part: Sequence[Shared]) -> list[list[Shared]]:
    """What stands in the same stretch of the left and in the same stretch of the right."""
    one = _stretches([(each.left[1], each.left[1] + each.reach[0]) for each in part])
    two = _stretches([(each.right[1], each.right[1] + each.reach[1]) for each in part])
    cells: dict[tuple[int, int], list[Shared]] = defaultdict(list)
    for left, right, each in zip(one, two, part, strict=True):
        cells[left, right].append(each)
    return [cells[cell] for cell in sorted(cells)]


def _stretches(spans: Sequence[tuple[int, int]]) -> list[int]:
    """For each span of lines the number of the stretch it is in."""
    numbers = [0] * len(spans)
    number, reached = 0, 0
    for at in sorted(range(len(spans)), key=lambda n: spans[n]):
        start, end = spans[at]
        if start - reached > _NEAR:
            number += 1
        reached = max(reached, end)
        numbers[at] = number
    return numbers
