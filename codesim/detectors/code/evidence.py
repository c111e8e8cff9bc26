"""Matches of two profiles in the nouns of a report."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from codesim.detectors.code.filepairs import FileMatch, covered_share, file_mass
from codesim.detectors.code.matching import UnitMatch, View
from codesim.detectors.code.pieces import pieces
from codesim.detectors.code.profile import CodeProfile
from codesim.detectors.code.renames import changed_names
from codesim.detectors.code.why import clone_type, why
from codesim.model import CloneType, FilePair, Fragment, Match, Rename, Strength
from codesim.text import percent


def file_pair(left: View, right: View, pair: FileMatch) -> FilePair:
    """One file pair with its matches in reading order of the left file."""
    l_file, r_file = left.profile.files[pair.left], right.profile.files[pair.right]
    l_covered = _share(left, pair.left, pair.left_nodes)
    r_covered = _share(right, pair.right, pair.right_nodes)
    matches = (
        (_identical(left, right, pair),)
        if pair.identical
        else _in_reading_order(
            match
            for found in sorted(
                pair.matches, key=lambda m: (m.region.left_lines, m.region.right_lines)
            )
            for match in _matches(left, right, found)
        )
    )
    return FilePair(
        left=Fragment(l_file.path),
        right=Fragment(r_file.path),
        left_coverage=l_covered,
        right_coverage=r_covered,
        similarity=_similarity(left, right, pair),
        matches=matches,
    )


def _identical(left: View, right: View, pair: FileMatch) -> Match:
    l_file, r_file = left.profile.files[pair.left], right.profile.files[pair.right]
    return Match(
        left=Fragment(l_file.path, (1, max(1, l_file.lines - 1)), "whole file"),
        right=Fragment(r_file.path, (1, max(1, r_file.lines - 1)), "whole file"),
        clone_type=CloneType.EXACT,
        similarity=1.0,
        why="identical files, byte for byte",
    )


def _share(view: View, file: int, nodes: set[int]) -> float:
    total = file_mass(view, file)
    return round(min(1.0, _covered(view, file, nodes) / total), 4) if total > 0 else 0.0


def _covered(view: View, file: int, nodes: set[int]) -> float:
    """Information of the nodes that stand in this file; helpers may stand in another."""
    first, last = view.profile.files[file].units
    low, high = view.profile.unit_start[first], view.profile.unit_start[last]
    inside = sorted(node for node in nodes if low <= node < high)
    return float(view.mass[inside].sum()) if inside else 0.0


def _similarity(left: View, right: View, pair: FileMatch) -> float:
    """Covered information of both sides over all information of both sides (Dice)."""
    covered = _covered(left, pair.left, pair.left_nodes)
    covered += _covered(right, pair.right, pair.right_nodes)
    total = file_mass(left, pair.left) + file_mass(right, pair.right)
    return round(min(1.0, covered / total), 4) if total > 0 else 0.0


def _in_reading_order(matches: Iterable[Match]) -> tuple[Match, ...]:
    return tuple(
        sorted(matches, key=lambda match: (match.left.lines or (), match.right.lines or ()))
    )


def _matches(left: View, right: View, found: UnitMatch) -> list[Match]:
    """A match for each piece of code; all pieces of a unit are alike in the same way."""
    kind = clone_type(found)
    names = () if kind is CloneType.EXACT else changed_names(left, right, found)
    similarity = 1.0 if kind is CloneType.EXACT else _alike(left, right, found)
    reason = why(left, right, found, len(names))
    return [
        Match(
            left=_fragment(left, found.left, l_lines),
            right=_fragment(right, found.right, r_lines),
            clone_type=kind,
            similarity=similarity,
            why=reason,
            names=names,
        )
        for l_lines, r_lines in pieces(left, right, found)
    ]


def _alike(left: View, right: View, found: UnitMatch) -> float:
    """Share of the information between the first and last matched line that is matched."""
    covered = total = 0.0
    for view, unit, nodes, lines in (
        (left, found.left, found.region.left, found.region.left_lines),
        (right, found.right, found.region.right, found.region.right_lines),
    ):
        side = view.side(unit)
        inside = [n for n in range(side.size) if lines[0] <= side.lines[n] <= lines[1]]
        reached = {side.origin[n] - side.first for n in nodes}
        covered += sum(side.mass[n] for n in inside if n in reached)
        total += sum(side.mass[n] for n in inside)
    return round(max(min(1.0, covered / total if total else 0.0), found.tokens.similarity), 4)


def _fragment(view: View, unit: int, lines: tuple[int, int]) -> Fragment:
    file = view.profile.files[int(view.profile.unit_file[unit])]
    label = view.profile.label(unit)
    for number, first, last in file.cells:
        if first <= lines[0] <= last:
            label = f"cell {number}" if label.startswith("cell ") else f"{label} (cell {number})"
    return Fragment(file.path, lines, label)


def coverage(left: View, right: View, pairs: Sequence[FileMatch]) -> tuple[float, float]:
    """Share of each repository that some match covers."""
    l_nodes: set[int] = set()
    r_nodes: set[int] = set()
    for pair in pairs:
        l_nodes |= pair.left_nodes
        r_nodes |= pair.right_nodes
    return covered_share(left, sorted(l_nodes)), covered_share(right, sorted(r_nodes))


def summary(
    strength: Strength,
    shares: tuple[float, float],
    pairs: Sequence[FilePair],
    found: Sequence[Rename],
    empty: str,
) -> str:
    """The line that a terminal shows for the code of two repositories."""
    if empty:
        return empty
    if not pairs:
        return "no match beyond chance"
    left, right = (percent(round(share, 4)) for share in shares)  # as exact as the facts
    if strength is Strength.NONE:
        return f"a few matches, too little to be evidence: {right} of right, {left} of left"
    text = f"{right} of right is in left, {left} of left is in right"
    consistent = sum(map(_is_consistent, found))
    if consistent:
        text += f"; {consistent} name{'s' if consistent != 1 else ''} renamed consistently"
    return text


def _is_consistent(rename: Rename) -> bool:
    """A name of the repository that became one other name wherever it was met."""
    defined = rename.role in ("class", "function", "method")
    return rename.role != "variable" and rename.consistency == 1.0 and (rename.votes > 1 or defined)


def sameness(strength: Strength, files: int) -> str:
    """The sentence for two sides with the same Python files."""
    what = (
        "the only Python file is the same"
        if files == 1
        else f"all {files} Python files are the same"
    )
    small = "; too small to be evidence" if strength is Strength.NONE else ""
    return f"identical: {what}, byte for byte{small}"


def emptiness(left: CodeProfile, right: CodeProfile) -> str:
    """Why there is nothing to compare; empty when there is."""
    said = []
    for skipped, what in ((False, "no Python code"), (True, "no Python code that could be read")):
        sides = [
            name
            for name, side in (("left", left), ("right", right))
            if not side.files and bool(side.skipped) is skipped
        ]
        if sides:
            said.append(f"{what} on the {' and the '.join(sides)}")
    return "; ".join(said)
