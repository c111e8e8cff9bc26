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
# Who has this share of the other's work is no sign of habits.
_MOST = 0.5
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
            if one.kind in kinds and _part(one) < _MOST:
                shared[left, one.kind].append((one.score, right))
                shared[right, one.kind].append((one.score, left))
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


def _part(found: Found) -> float:
    """The larger share of what is not common that one side has from the other."""
    return max(found.left_coverage or 0.0, found.right_coverage or 0.0)
