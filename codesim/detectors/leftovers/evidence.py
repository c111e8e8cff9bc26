"""What is left over in the nouns of a report."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from codesim.detectors.leftovers.found import Dangling, Shared
from codesim.detectors.leftovers.passages import MOST_QUOTED
from codesim.detectors.leftovers.profile import LeftoversProfile
from codesim.model import CloneType, FilePair, Fragment, Match, Table
from codesim.text import display

# A table is for reading; the result counts all.
_MOST_ROWS = 200
# What stands in a table of a line or an address.
_MOST_SHOWN = 120
_NAMED = 3

Found = tuple[Fragment, Fragment, str, float]


def file_pairs(
    left: LeftoversProfile,
    right: LeftoversProfile,
    shared: Sequence[Shared],
    dangling: Sequence[Dangling],
) -> tuple[FilePair, ...]:
    """Files that share rare things or name what the other holds, those that say most first."""
    groups: dict[tuple[str, str], list[Found]] = defaultdict(list)
    for one, two, why, bits in (*map(_of_shared, shared), *map(_of_dangling, dangling)):
        groups[one.path, two.path].append((one, two, why, bits))
    sizes = [{f.path: len(f.items) + len(f.defined) for f in side.files} for side in (left, right)]
    ranked = sorted(groups.items(), key=lambda g: (-sum(f[3] for f in g[1]), g[0]))
    return tuple(_pair(paths, found, sizes) for paths, found in ranked)


def _of_shared(each: Shared) -> Found:
    one, two = (
        Fragment(path, (line, line + more), _label(each.kind, each.text))
        for (path, line), more in zip((each.left, each.right), each.reach, strict=True)
    )
    return one, two, f"the same {each.kind} on both sides, {each.why}", each.bits


def _of_dangling(each: Dangling) -> Found:
    here, there = (
        Fragment(path, (line, line), _label(each.kind, each.name))
        for path, line in (each.mentioned, each.stands)
    )
    one, two = (here, there) if each.side == "left" else (there, here)
    other = "right" if each.side == "left" else "left"
    return one, two, f"{each.side} names what only {other} has: {each.why}", each.bits


def _label(kind: str, text: str) -> str:
    return f"{kind} {_short(text)}"


def _short(text: str) -> str:
    text = display(text)
    return text if len(text) <= _MOST_SHOWN else text[: _MOST_SHOWN - 3] + "..."


def _pair(
    paths: tuple[str, str], found: Sequence[Found], sizes: Sequence[dict[str, int]]
) -> FilePair:
    ordered = sorted(found, key=lambda f: (f[0].lines, f[1].lines, f[0].label))
    count = len(ordered)
    l_size, r_size = (
        max(count, side.get(path, 0)) for side, path in zip(sizes, paths, strict=True)
    )
    return FilePair(
        left=Fragment(paths[0]),
        right=Fragment(paths[1]),
        left_coverage=round(count / l_size, 4),
        right_coverage=round(count / r_size, 4),
        similarity=round(2 * count / (l_size + r_size), 4),
        matches=tuple(Match(one, two, CloneType.EXACT, 1.0, why) for one, two, why, _ in ordered),
    )


def tables(shared: Sequence[Shared], dangling: Sequence[Dangling]) -> tuple[Table, ...]:
    """Names without a home, and rarities of both sides."""
    return tuple(filter(None, (_dangling_table(dangling), _shared_table(shared))))


def _dangling_table(dangling: Sequence[Dangling]) -> Table | None:
    if not dangling:
        return None
    rows = tuple(
        (
            f"only {'right' if each.side == 'left' else 'left'}",
            each.kind,
            _short(each.name),
            f"{each.side}: {_place(each.mentioned)}",
            _place(each.stands),
            each.why,
            f"{each.bits:.1f}",
        )
        for each in dangling[:_MOST_ROWS]
    )
    columns = ("state", "what", "name", "mentioned", "stands", "why", "bits")
    title = "Names that one side mentions and only the other side has"
    return Table(title, columns, rows, _note(len(dangling)))


def _shared_table(shared: Sequence[Shared]) -> Table | None:
    if not shared:
        return None
    rows = tuple(
        (
            "same",
            each.kind,
            _short(each.text),
            _place(each.left),
            _place(each.right),
            each.why,
            f"{each.bits:.1f}",
        )
        for each in shared[:_MOST_ROWS]
    )
    columns = ("state", "what", "text", "left", "right", "why", "bits")
    return Table("Rare things that both sides have", columns, rows, _note(len(shared)))


def _note(count: int) -> str:
    bits = (
        "Bits say how much information a thing carries beyond what public projects share; "
        f"of speech in one place {MOST_QUOTED:.0f} count at most."
    )
    more = f" {count - _MOST_ROWS:,} more are not listed." if count > _MOST_ROWS else ""
    return bits + more


def _place(place: tuple[str, int]) -> str:
    return f"{display(place[0])}:{place[1]}"


def summary(shared: Sequence[Shared], dangling: Sequence[Dangling], empty: str) -> str:
    """The line that a terminal shows."""
    if empty:
        return empty
    parts = []
    for side, other in (("left", "right"), ("right", "left")):
        names = [_short(each.name) for each in dangling if each.side == side]
        if names:
            count = f"{len(names)} thing{'s' if len(names) != 1 else ''}"
            listed = ", ".join(names[:_NAMED]) + (", ..." if len(names) > _NAMED else "")
            parts.append(f"{side} names {count} that only {other} has: {listed}")
    if shared:
        parts.append(f"{len(shared)} shared rarit{'ies' if len(shared) != 1 else 'y'}")
    return "; ".join(parts) or "nothing rare is left over"


def emptiness(left: LeftoversProfile, right: LeftoversProfile) -> str:
    """Why there is nothing to compare; empty when there is."""
    sides = [name for name, side in (("left", left), ("right", right)) if not side.files]
    return f"no text files on the {' and the '.join(sides)}" if sides else ""
