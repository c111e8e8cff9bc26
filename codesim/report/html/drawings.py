"""Pictures of order and of names: a timeline, which name became which, two files as one strip.

As in charts.py, nothing here knows a kind of evidence.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from codesim.report.html.charts import Label, short


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened on one side: a day and words."""

    day: date
    side: str
    says: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """Days from left to right, a lane for each side. Marks are labels with their words."""

    lanes: Sequence[Label]
    marks: Sequence[Label]
    ticks: Sequence[Label]
    height: int


# The drawing is 800 wide; lanes run from 90 to 780, each 44 high.
_LANES = {"left": 90, "right": 780, "lane": 44}


def timeline(events: Sequence[Event]) -> Timeline:
    """At least one event, in whatever order."""
    days = sorted(event.day for event in events)
    first, last = days[0], days[-1]
    unit = (_LANES["right"] - _LANES["left"]) / max((last - first).days, 1)

    def at(day: date) -> float:
        return round(_LANES["left"] + (day - first).days * unit, 1)

    sides = sorted({event.side for event in events})
    height = {side: 30 + n * _LANES["lane"] for n, side in enumerate(sides)}
    foot = 30 + len(sides) * _LANES["lane"]
    return Timeline(
        [Label(_LANES["left"], height[side], side, side) for side in sides],
        [
            Label(at(event.day), height[event.side], event.side, f"{event.day}: {event.says}")
            for event in sorted(events, key=lambda event: (event.day, event.side, event.says))
        ],
        [Label(at(day), foot, day.isoformat(), "") for day in dict.fromkeys((first, last))],
        foot + 16,
    )


@dataclass(frozen=True, slots=True)
class NameLink:
    """A line from a left name to a right name, as wide as its votes."""

    path: str
    width: float
    says: str


@dataclass(frozen=True, slots=True)
class RenameMap:
    lefts: Sequence[Label]
    rights: Sequence[Label]
    links: Sequence[NameLink]
    height: int


# The drawing is 760 wide; names end at 300 and begin at 460.
_MAP_LEFT, _MAP_RIGHT, _MAP_ROW, _MAP_TOP = 300, 460, 20, 16
_WIDEST, _THINNEST = 7.0, 1.5


def rename_map(renames: Sequence[tuple[str, str, int]]) -> RenameMap:
    """Left names, right names and the votes that join them, in the given order."""
    lefts = list(dict.fromkeys(left for left, _, _ in renames))
    rights = list(dict.fromkeys(right for _, right, _ in renames))
    most = max((votes for _, _, votes in renames), default=1) or 1

    def at(names: Sequence[str], name: str) -> int:
        return _MAP_TOP + names.index(name) * _MAP_ROW

    links = [
        NameLink(
            f"M{_MAP_LEFT + 8} {at(lefts, left) - 4}C{_MAP_LEFT + 80} {at(lefts, left) - 4} "
            f"{_MAP_RIGHT - 80} {at(rights, right) - 4} {_MAP_RIGHT - 8} {at(rights, right) - 4}",
            round(max(_THINNEST, _WIDEST * votes / most), 1),
            f"{left} became {right} in {votes:,} places",
        )
        for left, right, votes in renames
    ]
    return RenameMap(
        [Label(_MAP_LEFT, at(lefts, name), short(name), name) for name in lefts],
        [Label(_MAP_RIGHT, at(rights, name), short(name), name) for name in rights],
        links,
        _MAP_TOP + max(len(lefts), len(rights)) * _MAP_ROW,
    )


@dataclass(frozen=True, slots=True)
class Minimap:
    """Both files from top to bottom in 1000 units, and what joins them."""

    bars: Sequence[tuple[str, str, float, float]]
    ribbons: Sequence[tuple[str, str]]


_MAP_SHORTEST = 3.0


def minimap(
    matches: Iterable[tuple[str, tuple[int, int] | None, tuple[int, int] | None]],
    lengths: tuple[int, int],
) -> Minimap:
    """``matches`` are the look of each match and its lines on either side."""
    bars: list[tuple[str, str, float, float]] = []
    ribbons: list[tuple[str, str]] = []
    for look, left, right in matches:
        one, two = _reaches(left, lengths[0]), _reaches(right, lengths[1])
        bars += [(look, side, *part) for side, part in (("left", one), ("right", two)) if part]
        if one and two:
            (a, high), (b, tall) = one, two
            ribbons.append((look, f"M14 {a}L42 {b}V{round(b + tall, 1)}L14 {round(a + high, 1)}z"))
    return Minimap(bars, ribbons)


def _reaches(span: tuple[int, int] | None, total: int) -> tuple[float, float] | None:
    if span is None or not total:
        return None
    unit = 1000 / total
    return (
        round((span[0] - 1) * unit, 1),
        round(max((span[1] - span[0] + 1) * unit, _MAP_SHORTEST), 1),
    )
