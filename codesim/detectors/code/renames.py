"""The rename map: which left name stands where which right name stands.

Every aligned position votes. A map that is nearly one-to-one across a whole repository is strong
evidence by itself: two authors do not disagree about every name in the same places.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain, islice

from codesim.detectors.code.filepairs import FileMatch
from codesim.detectors.code.graph import OP, UNKNOWN
from codesim.detectors.code.matching import UnitMatch, View
from codesim.model import Rename

Vote = tuple[str, str, str]  # role, left name, right name
Pair = tuple[bool, str, str]  # local, left name, right name

# A name that meets many partners was not renamed, it was reused. Local names are reused all the
# time; a name of the repository that stands for two others is shown with both, as ambiguous.
_MIN_CONSISTENCY = 0.5
_MIN_AMBIGUOUS, _MIN_VOTES = 0.25, 2
# A definition whose larger part is matched lends its name to the map.
_MOSTLY = 0.4
_DEFINED = ("class", "function", "method")
_ROLES = (*_DEFINED, "attribute", "variable")
_CALL = OP["call"]


def renames(left: View, right: View, pairs: Iterable[FileMatch]) -> tuple[Rename, ...]:
    """Renamed names with votes and consistency, the most telling first."""
    votes: Counter[Pair] = Counter()
    roles: defaultdict[Pair, Counter[str]] = defaultdict(Counter)
    for pair in pairs:
        for match in pair.matches:
            for role, old, new in chain(
                _unit_votes(left, right, match), _node_votes(left, right, match)
            ):
                names = (role == "variable", old, new)
                votes[names] += 1
                roles[names][role] += 1
    return _table(votes, {names: _role(found) for names, found in roles.items()})


def changed_names(left: View, right: View, match: UnitMatch) -> tuple[tuple[str, str], ...]:
    """The names of one match that stand where the other side mostly has another one, sorted."""
    votes = Counter((old, new) for _, old, new in _node_votes(left, right, match))
    if match.tokens.renamed:
        l_words, r_words = left.profile.words, right.profile.words
        votes = Counter((l_words[a], r_words[b]) for a, b in match.tokens.words)
    # The name of the definition itself; that of the class around a method is no part of the match.
    votes.update((old, new) for _, old, new in islice(_unit_votes(left, right, match), 1))
    by_left: Counter[str] = Counter()
    by_right: Counter[str] = Counter()
    for (old, new), count in votes.items():
        by_left[old] += count
        by_right[new] += count
    return tuple(
        sorted(
            (old, new)
            for (old, new), count in votes.items()
            if old != new and 2 * count > by_left[old] and 2 * count > by_right[new]
        )
    )


def _table(votes: Counter[Pair], roles: dict[Pair, str]) -> tuple[Rename, ...]:
    """What was renamed often enough; local names are counted apart from all others."""
    by_left: Counter[tuple[bool, str]] = Counter()
    by_right: Counter[tuple[bool, str]] = Counter()
    for (local, old, new), count in votes.items():
        by_left[local, old] += count
        by_right[local, new] += count
    found = []
    for names, count in votes.items():
        local, old, new = names
        consistency = count / (by_left[local, old] + by_right[local, new] - count)
        ambiguous = not local and count >= _MIN_VOTES and consistency >= _MIN_AMBIGUOUS
        if old != new and (consistency >= _MIN_CONSISTENCY or ambiguous):
            found.append(Rename(old, new, count, round(consistency, 4), roles[names]))
    return tuple(
        sorted(
            found, key=lambda r: (_ROLES.index(r.role), -r.votes, -r.consistency, r.left, r.right)
        )
    )


def _role(found: Counter[str]) -> str:
    """A definition says best what a name is; its uses vote too."""
    best = min(found, key=lambda role: (role not in _DEFINED, -found[role], role))
    return "function" if best == "called" else best


def _unit_votes(left: View, right: View, match: UnitMatch) -> Iterator[Vote]:
    """The names of matched definitions and of the classes around them."""
    one, two = left.profile.units[match.left], right.profile.units[match.right]
    if (
        left.unit_share(match.left, match.region.left) < _MOSTLY
        or right.unit_share(match.right, match.region.right) < _MOSTLY
    ):
        return
    if one.role == two.role == "class":
        yield "class", _last(one.name), _last(two.name)
    elif one.role in _CALLABLE and two.role in _CALLABLE:
        role = "method" if one.role == two.role == "method" else "function"
        yield role, _last(one.name), _last(two.name)
        if role == "method":
            yield "class", _owner(one.name), _owner(two.name)


_CALLABLE = ("function", "method")


def _last(name: str) -> str:
    return name.rpartition(".")[2]


def _owner(name: str) -> str:
    return name.rpartition(".")[0].rpartition(".")[2]


def _node_votes(left: View, right: View, match: UnitMatch) -> Iterator[Vote]:
    l_names, r_names = left.profile.names, right.profile.names
    l_first = int(left.profile.unit_start[match.left])
    r_first = int(right.profile.unit_start[match.right])
    for a, b in match.region.pairs:
        l_var, r_var = left.nodes.var[l_first + a], right.nodes.var[r_first + b]
        if l_var >= 0 and r_var >= 0:
            yield "variable", l_names[l_var][2:], r_names[r_var][2:]
        l_name, r_name = left.nodes.name[l_first + a], right.nodes.name[r_first + b]
        if l_name < 0 or r_name < 0:
            continue
        vote = _name_vote(l_names[l_name], r_names[r_name], int(left.nodes.op[l_first + a]))
        if vote is not None:
            yield vote


def _name_vote(one: str, two: str, op: int) -> Vote | None:
    """A vote when both names are of a kind that a copier can rename."""
    kinds = one[0] + two[0]
    if "V" in kinds:
        return ("variable", one[2:], two[2:]) if kinds == "VV" else None
    if not set(kinds) <= set("SMGXU") or (one[0] == two[0] == UNKNOWN and one == two):
        return None
    role = "attribute"
    if op == _CALL:
        role = "attribute" if kinds == "SS" else "called"
    elif kinds[0] in "GX":
        role = "called"
    return role, _last(one[2:]), _last(two[2:])
