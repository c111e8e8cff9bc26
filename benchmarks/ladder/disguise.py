"""The levels: which passes each of them adds."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from benchmarks.ladder import (
    assignments,
    branches,
    extraction,
    files,
    formats,
    hints,
    inlining,
    loops,
    membership,
    operands,
    order,
    padding,
    plain,
    temporaries,
)
from benchmarks.ladder.chance import Chance
from benchmarks.ladder.rename import renamed

Trees = dict[str, ast.Module]
LEVELS = (0, 1, 2, 3, 4)
_L3 = (
    hints.exchange, formats.exchange, assignments.merge_and_split, temporaries.move, order.shuffle,
)  # fmt: skip
_L4 = (
    inlining.inline, extraction.extract, membership.move, branches.rewrite, loops.rewrite,
    operands.swap, padding.insert,
)  # fmt: skip


@dataclass(frozen=True)
class Disguised:
    """A disguised repository, and what only its maker knows.

    ``sources`` holds, for every disguised file, the original files whose code it contains;
    ``names`` every renamed identifier.
    """

    files: Mapping[str, str]
    sources: Mapping[str, tuple[str, ...]]
    names: Mapping[str, str]


def disguise(originals: Mapping[str, str], level: int, seed: int = 0) -> Disguised:
    """Disguise a repository up to a level. Raises SyntaxError for a file that does not parse."""
    sources: Mapping[str, tuple[str, ...]] = {path: (path,) for path in originals}
    if level == 0:
        return Disguised(dict(originals), sources, {})
    trees = {path: ast.parse(originals[path]) for path in sorted(originals)}
    trees = _passed(trees, (plain.strip,), seed)
    names: Mapping[str, str] = {}
    if level >= 2:
        trees, moved, names = renamed(trees)
        sources = {moved[path]: origin for path, origin in sources.items()}
    if level >= 3:
        trees = _passed(trees, _L3, seed)
    if level >= 4:
        trees = _passed(trees, _L4, seed)
        trees, sources = files.reorganise(trees, sources, Chance("files", seed))
    return Disguised({path: _text(trees[path]) for path in sorted(trees)}, sources, names)


def _passed(trees: Trees, passes: tuple[Callable[[Trees, Chance], None], ...], seed: int) -> Trees:
    for each in passes:
        each(trees, Chance(each.__module__, seed))
        # Read again, so that the next pass meets a tree as the parser makes it.
        trees = {path: ast.parse(_text(tree)) for path, tree in trees.items()}
    return trees


def _text(tree: ast.Module) -> str:
    return ast.unparse(ast.fix_missing_locations(tree)) + "\n"
