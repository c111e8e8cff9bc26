"""What a submission shares with many others: habits that its author has, and no act of copying."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterator, Sequence
from itertools import islice

import msgspec

from codesim.audit.messages import Compared, Found

# The habits of a submission are what it shares with those in these places, the best first. The
# first may be another copy; further ones are fewer than a report needs to be careful.
_PLACES = slice(1, 5)
# Who has so much of the other's work in common may have copied it and tells less of habits, down to
# nothing: from this share on, and to this one.
_FROM, _TO = 0.25, 0.75
# So much of a score stays: people who share one passage with several others have no habit either.
_KEPT = 1 / 3


def beyond(
    pairs: Sequence[tuple[int, int]], found: Sequence[Compared], kinds: Container[str]
) -> list[Compared]:
    """The same comparisons, in which scores of some kinds count what goes beyond both backgrounds.

    The score of a pair is taken as the habits of one side, plus those of the other, plus what the
    two have between them, which alone is of interest: the social relations model of pairs (Kenny
    and La Voie, 1984), and in speaker verification the normalisation of scores by both sides.
    """
    shared: dict[tuple[int, str], list[tuple[float, int]]] = defaultdict(list)
    for (left, right), each in zip(pairs, found, strict=True):
        for one in each.found:
            if one.kind in kinds:
                told = _of_habit(one) * one.score
                shared[left, one.kind].append((told, right))
                shared[right, one.kind].append((told, left))
    for known in shared.values():
        known.sort(reverse=True)

    def habits(member: int, kind: str, other: int) -> float:
        rest = (score for score, partner in shared[member, kind] if partner != other)
        return sum(islice(rest, _PLACES.start, _PLACES.stop)) / (_PLACES.stop - _PLACES.start)

    def without(left: int, right: int, each: Compared) -> Iterator[Found]:
        for one in each.found:
            if one.kind not in kinds:
                yield one
                continue
            background = habits(left, one.kind, right) + habits(right, one.kind, left)
            score = round(max(_KEPT * one.score, one.score - background), 2)
            yield msgspec.structs.replace(one, score=score)

    return [
        Compared(tuple(without(left, right, each)))
        for (left, right), each in zip(pairs, found, strict=True)
    ]


def _of_habit(found: Found) -> float:
    """How much of a score tells of habits, by the larger share that one side has of the other."""
    share = max(found.left_coverage or 0.0, found.right_coverage or 0.0)
    return min(1.0, max(0.0, (_TO - share) / (_TO - _FROM)))
