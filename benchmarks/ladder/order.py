"""L3: definitions and independent statements in another order."""

from __future__ import annotations

import ast
from collections.abc import Callable

from benchmarks.ladder.blocks import Around, Block, rewrite_blocks
from benchmarks.ladder.chance import Chance
from benchmarks.ladder.effects import effects, impure_names
from benchmarks.ladder.scopes import FUNCTIONS, loads, outside, stores

_SIMPLE = (ast.Assign, ast.AnnAssign, ast.AugAssign)


def shuffle(trees: dict[str, ast.Module], chance: Chance) -> None:
    """Shuffle methods, module-level definitions and runs of independent assignments."""
    impure = impure_names(trees)

    def rewrite(block: Block, around: Around) -> Block:
        if around.in_try:
            return block
        waits = _waits(lambda one, other: effects(one, impure).before(effects(other, impure)))
        return _in_runs(block, chance, _is_simple, waits)

    for path in sorted(trees):
        tree = trees[path]
        rewrite_blocks(tree, rewrite)
        tree.body = _in_runs(tree.body, chance, _is_definition, _waits(_defined_before))
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                node.body = _in_runs(node.body, chance, _is_method, _waits(_defined_before))


def _is_simple(statement: ast.stmt) -> bool:
    return isinstance(statement, _SIMPLE)


def _is_method(statement: ast.stmt) -> bool:
    return isinstance(statement, FUNCTIONS)


def _is_definition(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Assign):
        return isinstance(statement.value, ast.Constant)
    return isinstance(statement, (*FUNCTIONS, ast.ClassDef))


Waits = Callable[[Block], list[set[int]]]


def _waits(before: Callable[[ast.stmt, ast.stmt], bool]) -> Waits:
    """For each statement of a run, the places of those that must stay in front of it."""
    return lambda run: [
        {place for place in range(later) if before(run[place], run[later])}
        for later in range(len(run))
    ]


def _defined_before(first: ast.stmt, second: ast.stmt) -> bool:
    """True when the second needs the first while it is being defined, or replaces it."""
    names = _names(first)
    return bool(names & _needed(second) or _names(second) & (names | _needed(first)))


def _names(statement: ast.stmt) -> set[str]:
    if isinstance(statement, (*FUNCTIONS, ast.ClassDef)):
        return {statement.name}
    return set(stores(statement))


def _needed(statement: ast.stmt) -> set[str]:
    """Names that a definition reads when it is executed, not when it is called."""
    if isinstance(statement, FUNCTIONS):
        return {name for part in outside(statement) for name in loads(part)}
    return set(loads(statement))


def _in_runs(
    block: Block, chance: Chance, belongs: Callable[[ast.stmt], bool], waits: Waits
) -> Block:
    out: Block = []
    run: Block = []
    for statement in block:
        if belongs(statement):
            run.append(statement)
            continue
        out += [*_shuffled(run, chance, waits), statement]
        run = []
    return out + _shuffled(run, chance, waits)


def _shuffled(run: Block, chance: Chance, waits: Waits) -> Block:
    """A random order in which nothing overtakes what it waits for."""
    waiting = dict(enumerate(waits(run)))
    out: Block = []
    while waiting:
        ready = [place for place, others in waiting.items() if not others & waiting.keys()]
        place = chance.choice(ready)
        del waiting[place]
        out.append(run[place])
    return out
