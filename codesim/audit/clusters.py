"""Submissions that strong pairs connect."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from codesim.audit.submissions.times import moment_of
from codesim.model import Strength

Member = TypeVar("Member", str, int)


@dataclass(frozen=True, slots=True)
class Link:
    """A strong pair, by the names of its submissions."""

    left: str
    right: str
    strength: Strength


@dataclass(frozen=True, slots=True)
class Cluster:
    """Connected submissions, the earliest first where times are known, else by name."""

    members: tuple[str, ...]
    earliest: str
    strength: Strength
    pairs: int


def clusters(links: Sequence[Link], times: Mapping[str, str]) -> list[Cluster]:
    """The connected components of some links, the largest first.

    ``times`` are as given; a member is called the earliest only where every member has a time that
    can be read, and no other has the same.
    """
    found: list[Cluster] = []
    for members in components((link.left, link.right) for link in links):
        inside = [link for link in links if link.left in members]
        told = {name: moment_of(times.get(name, "")) for name in members}
        moments = {name: moment for name, moment in told.items() if moment is not None}
        known = len(moments) == len(members)
        ordered = sorted(members, key=lambda name: (moments[name] if known else _ANY, name))
        first = ordered[0]
        alone = known and sum(moments[name] == moments[first] for name in members) == 1
        strongest = max(link.strength for link in inside)
        found.append(Cluster(tuple(ordered), first if alone else "", strongest, len(inside)))
    return sorted(found, key=lambda each: (-len(each.members), -each.strength, each.members))


_ANY = datetime.min.replace(tzinfo=UTC)


def components(links: Iterable[tuple[Member, Member]]) -> list[set[Member]]:
    """What links connect, directly or over others."""
    group: dict[Member, set[Member]] = {}
    for left, right in links:
        one = group.setdefault(left, {left})
        two = group.setdefault(right, {right})
        if one is not two:
            one |= two
            for name in two:
                group[name] = one
    return list({id(each): each for each in group.values()}.values())
