"""Matches of two checkpoints in the nouns of a report."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import groupby

from codesim.detectors.checkpoint.figures import Figures, both_figures
from codesim.detectors.checkpoint.matching import Match, TemplateMatch
from codesim.detectors.checkpoint.names import written
from codesim.detectors.checkpoint.profile import Inventory, KnownFile
from codesim.detectors.checkpoint.renames import OFFSET, PREFIX
from codesim.detectors.checkpoint.weighing import same_size
from codesim.model import CloneType, Excluded, Fact, FilePair, Fragment, Rename
from codesim.model import Match as Shown

# Passages of one index that are shown, the longest ones.
_MOST_SHOWN = 30


def file_pair(match: Match) -> FilePair:
    """Two inventories with the passages that stand for each other."""
    left, right = match.left.inventory, match.right.inventory
    sizes = len(left.tensors), len(right.tensors)
    shown = sorted(_passages(match), key=lambda found: -found[0])[:_MOST_SHOWN]
    return FilePair(
        left=Fragment(left.path),
        right=Fragment(right.path),
        left_coverage=round(match.mapped / sizes[0], 4),
        right_coverage=round(match.mapped / sizes[1], 4),
        similarity=round(2 * match.mapped / sum(sizes), 4),
        matches=tuple(
            sorted((m for _, m in shown), key=lambda m: (m.left.lines or (0, 0), m.left.label))
        ),
    )


def _passages(match: Match) -> Iterator[tuple[int, Shown]]:
    """One match for each rule, in an index one for each run of lines."""
    for rule, group in groupby(
        sorted(match.templates, key=lambda each: (each.rule, each.left)), key=lambda e: e.rule
    ):
        found = list(group)
        pairs = sorted(pair for each in found for pair in _named(match, each))
        by_structure = any(each.by_structure for each in found)
        for lines_left, lines_right, count in _runs(match, pairs):
            label = written(rule[0]) or "all names", written(rule[1]) or "all names"
            kind = CloneType.EXACT if rule == ((), ()) else CloneType.RENAMED
            yield (
                count,
                Shown(
                    left=Fragment(match.left.inventory.path, lines_left, label[0]),
                    right=Fragment(match.right.inventory.path, lines_right, label[1]),
                    clone_type=kind,
                    similarity=1.0,
                    why=_why(count, kind, by_structure),
                ),
            )


def _why(count: int, kind: CloneType, by_structure: bool) -> str:
    tensors = f"{count:,} tensor{'s' if count != 1 else ''}"
    if kind is CloneType.EXACT:
        return f"{tensors} of the same name"
    if by_structure:
        return f"{tensors} in the same place of the structure, under another name"
    return f"{tensors} of the same name but for its beginning"


Lines = tuple[int, int] | None


def _named(match: Match, each: TemplateMatch) -> Iterator[tuple[int, int]]:
    """Places of the tensors in both inventories that a pair of templates maps."""
    left, right = match.left.groups[each.left].tensors, match.right.groups[each.right].tensors
    ours, theirs = match.left.inventory, match.right.inventory
    same = [(index, index) for index in left if index in right]
    moved = zip(sorted(left), sorted(right), strict=True) if each.offset else same
    for one, two in moved:
        yield _place(ours, left[one].name), _place(theirs, right[two].name)


def _place(inventory: Inventory, name: str) -> int:
    return bisect_left(inventory.tensors, name, key=lambda tensor: tensor.name)


def _runs(match: Match, pairs: Sequence[tuple[int, int]]) -> Iterator[tuple[Lines, Lines, int]]:
    """Pairs of tensors as passages: lines that follow each other on both sides."""
    ours, theirs = match.left.inventory.lines, match.right.inventory.lines
    if not (ours and theirs):
        yield None, None, len(pairs)
        return
    lines = sorted((ours[one], theirs[two]) for one, two in pairs)
    start = 0
    for number in range(1, len(lines) + 1):
        if number < len(lines) and _follows(lines[number - 1], lines[number]):
            continue
        first, last = lines[start], lines[number - 1]
        yield (first[0], last[0]), (first[1], last[1]), number - start
        start = number


def _follows(one: tuple[int, int], two: tuple[int, int]) -> bool:
    return (two[0] - one[0], two[1] - one[1]) == (1, 1)


def identical_pair(left: KnownFile, right: KnownFile) -> FilePair:
    """Two files that are the same byte for byte."""
    same = Shown(
        left=Fragment(left.path, None, "whole file"),
        right=Fragment(right.path, None, "whole file"),
        clone_type=CloneType.EXACT,
        similarity=1.0,
        why="identical files, byte for byte",
    )
    return FilePair(Fragment(left.path), Fragment(right.path), 1.0, 1.0, 1.0, (same,))


def set_aside(match: Match) -> tuple[Excluded, ...]:
    """What is shared by construction: public architectures and the base."""
    found: dict[tuple[str, str], int] = {}
    for each in match.templates:
        if each.in_base:
            key = ("base checkpoint", "the base has tensors of these names")
        elif each.public is not None:
            key = (each.public.architecture, "public architecture: its names say nothing")
        else:
            continue
        found[key] = found.get(key, 0) + each.mapped
    return tuple(
        Excluded(what, f"{count:,} tensor{'s' if count != 1 else ''}", reason)
        for (what, reason), count in sorted(found.items())
    )


def summary(
    match: Match | None, renames: Sequence[Rename], bits: float, identical: Sequence[KnownFile]
) -> str:
    """The line that a terminal shows for two checkpoints."""
    parts = [_same_files(identical)] if identical else []
    if match is not None:
        parts.append(_tensors(match, renames))
        if same_size(match):
            parts.append("same total size")
        parts.extend(_denied(*both_figures(match)))
        if not bits and not identical:
            parts.append("nothing beyond public architectures and the base" * bool(match.mapped))
    return "; ".join(filter(None, parts)) or "no tensors in common"


def _denied(left: Figures, right: Figures) -> list[str]:
    """Where the files do not have the dtype that the configuration declares."""
    if left.denied == right.denied:
        return [f"both {left.denied}"] if left.denied else []
    sides = (("left", left.denied), ("right", right.denied))
    return [f"{side} {denied}" for side, denied in sides if denied]


def _same_files(files: Sequence[KnownFile]) -> str:
    count = len(files)
    if count == 1:
        return f"one file of weights is identical: {files[0].path}"
    return f"{count:,} files of weights are identical"


def _tensors(match: Match, renames: Sequence[Rename]) -> str:
    if not match.mapped:
        return "no tensor name in common"
    ours, theirs = (len(side.inventory.tensors) for side in (match.left, match.right))
    of = f"{match.mapped:,} of {ours:,} tensors"
    if ours != theirs:
        tensors = f"{match.mapped:,} tensor{'s' * (match.mapped != 1)}"
        of = f"{tensors}, of {ours:,} left and {theirs:,} right,"
    placed = sum(each.mapped for each in match.templates if each.by_structure)
    if placed == match.mapped:
        return f"{of} map by structure, all under other names"
    if placed:
        return f"{of} map, {placed:,} of them by structure, under other names"
    names = [rename for rename in renames if rename.role != OFFSET]
    if not names:
        return f"{of} have the same name"
    kind = "prefix" if all(rename.role == PREFIX for rename in names) else "name"
    plural = {"prefix": "prefixes", "name": "names"}[kind]
    return f"{of} map by renaming {len(names)} {plural if len(names) > 1 else kind}"


def facts_of(match: Match, left: Figures, right: Figures, bits: float) -> dict[str, Fact]:
    """Figures by name, for programs."""
    found: dict[str, Fact] = {"mapped": match.mapped, "bits": round(bits, 1)}
    for side, figures in (("left", left), ("right", right)):
        found[f"tensors_{side}"] = figures.tensors
        found[f"total_size_{side}"] = figures.total_size
        found[f"parameters_{side}"] = figures.parameters
        found[f"parameters_estimated_{side}"] = figures.estimated
        found[f"bytes_per_parameter_{side}"] = figures.bytes_per_parameter
        found[f"declared_dtype_{side}"] = figures.declared or None
        found[f"declared_bytes_{side}"] = figures.declared_bytes
    return found
