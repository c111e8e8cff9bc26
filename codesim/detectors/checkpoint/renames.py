"""The rules of a match in the words of a report."""

from __future__ import annotations

from codesim.detectors.checkpoint.matching import Match
from codesim.detectors.checkpoint.names import LAYER, Template, written
from codesim.detectors.checkpoint.renaming import Pair
from codesim.model import Rename

PREFIX, SEGMENT, OFFSET = "tensor prefix", "tensor segment", "layer offset"
# Which side is the copy is not known: a prefix that one side lacks was added by the other.
NO_PREFIX = "(added prefix)"


def renames_of(match: Match) -> tuple[Rename, ...]:
    """Every renaming with the tensors that it explains, most first."""
    votes: dict[tuple[str, str, str], int] = {}
    for each in match.templates:
        for key in _keys(each.rule, each.left, each.right, each.offset):
            votes[key] = votes.get(key, 0) + each.mapped
    lefts, rights = _sums(votes, 0), _sums(votes, 1)
    found = []
    for (left, right, role), count in votes.items():
        rivals = lefts[left, role] + rights[right, role] - count
        found.append(Rename(left, right, count, round(count / rivals, 4), role))
    return tuple(sorted(found, key=lambda r: (-r.votes, r.role, sorted((r.left, r.right)), r.left)))


def _sums(votes: dict[tuple[str, str, str], int], side: int) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for key, count in votes.items():
        found[key[side], key[2]] = found.get((key[side], key[2]), 0) + count
    return found


def _keys(rule: Pair, left: Template, right: Template, offset: int) -> list[tuple[str, str, str]]:
    found = []
    if rule[0] != rule[1]:
        one, two = shortened(rule)
        inside = one != rule[0] or LAYER in (*one, *two)
        role = SEGMENT if inside else PREFIX
        found.append((written(one) or NO_PREFIX, written(two) or NO_PREFIX, role))
    if offset:
        first = written(left[: left.index(LAYER) + 1]) + f" + {-offset}" * (offset < 0)
        second = written(right[: right.index(LAYER) + 1]) + f" + {offset}" * (offset > 0)
        found.append((first, second, OFFSET))
    return found


def shortened(rule: Pair) -> Pair:
    """A rule without the segments that both heads begin or end with."""
    one, two = rule
    while one and two and one[0] == two[0]:
        one, two = one[1:], two[1:]
    while one and two and one[-1] == two[-1]:
        one, two = one[:-1], two[:-1]
    return one, two
