"""Tensors that are alike as matches of files, and the names that they changed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from codesim.detectors.weights import residual
from codesim.detectors.weights.models import Model
from codesim.detectors.weights.verdict import Row, Verdict
from codesim.model import CloneType, FilePair, Fragment, Match, Rename

# Tensors of a pair that are listed, the largest ones; a table holds more.
_MOST_MATCHES = 100
_NUMBER = re.compile(r"(?<=[._])\d+(?=[._]|$)")
_HOW_ALIKE = {
    residual.IDENTICAL: "the same numbers",
    residual.ROUNDED: "the same numbers but for rounding",
    residual.WHITE: "the same numbers plus white noise",
    residual.PRUNED: "the same numbers, some set to zero",
    residual.QUANTISED: "the same numbers, quantised",
    residual.LOW_RANK: "the same numbers plus a change of low rank",
    residual.CHANGED: "changed as by training",
    residual.ALIKE: "like numbers where it was read",
}


def alike(verdict: Verdict) -> list[Row]:
    """The tensors that are the same but for a known change."""
    return [row for row in verdict.rows if row.change in _HOW_ALIKE]


def file_pairs(left: Model, right: Model, rows: Sequence[Row]) -> tuple[FilePair, ...]:
    """The files of weights with the tensors that are alike, those with most values first."""
    files = [{v.name: v.source.path for v in m.tensors} for m in (left, right)]
    held: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        held.setdefault((files[0].get(row.left, ""), files[1].get(row.right, "")), []).append(row)
    sizes = [_file_sizes(model) for model in (left, right)]
    found = [
        _file_pair(paths, own, (sizes[0].get(paths[0], 0), sizes[1].get(paths[1], 0)))
        for paths, own in sorted(held.items(), key=lambda item: (-_elements(item[1]), item[0]))
    ]
    return tuple(found)


def _elements(rows: Sequence[Row]) -> int:
    return sum(row.elements for row in rows)


def _file_sizes(model: Model) -> dict[str, int]:
    """How many values each file holds."""
    found: dict[str, int] = {}
    for values in model.tensors:
        path = values.source.path
        found[path] = found.get(path, 0) + values.rows * values.columns
    return found


def _file_pair(paths: tuple[str, str], rows: Sequence[Row], sizes: tuple[int, int]) -> FilePair:
    alike = _elements(rows)
    coverage = [min(1.0, alike / size) if size else 0.0 for size in sizes]
    weight = sum(abs(row.correlation) * row.elements for row in rows)
    shown = sorted(rows, key=lambda row: (-row.elements, row.left, row.right))[:_MOST_MATCHES]
    return FilePair(
        left=Fragment(paths[0]),
        right=Fragment(paths[1]),
        left_coverage=round(coverage[0], 4),
        right_coverage=round(coverage[1], 4),
        similarity=round(min(1.0, weight / alike), 4) if alike else 0.0,
        matches=tuple(_match(paths, row) for row in shown),
    )


def _match(paths: tuple[str, str], row: Row) -> Match:
    kind = CloneType.NEAR
    if row.change == residual.IDENTICAL:
        kind = CloneType.EXACT if row.left == row.right else CloneType.RENAMED
    why = _HOW_ALIKE[row.change]
    if row.change != residual.IDENTICAL:
        why += f" (correlation {row.correlation:.4f}, sigma {row.sigma:.3g})"
    return Match(
        Fragment(paths[0], None, row.left),
        Fragment(paths[1], None, row.right),
        kind,
        round(min(1.0, abs(row.correlation)), 4),
        why,
    )


def renames_of(rows: Sequence[Row]) -> tuple[Rename, ...]:
    """Names of tensors that became others, with ``*`` for the numbers of layers."""
    votes = Counter((starred(row.left), starred(row.right)) for row in rows)
    lefts, rights = Counter[str](), Counter[str]()
    for (left, right), count in votes.items():
        lefts[left] += count
        rights[right] += count
    found = [
        Rename(
            left, right, count, round(count / (lefts[left] + rights[right] - count), 4), "tensor"
        )
        for (left, right), count in votes.items()
        if left != right
    ]
    return tuple(sorted(found, key=lambda each: (-each.votes, each.left, each.right)))


def starred(name: str) -> str:
    """A name with ``*`` for every number between its parts."""
    return _NUMBER.sub("*", name)
