"""L4: statements that do nothing, and logging."""

from __future__ import annotations

import ast

from benchmarks.ladder.blocks import Around, Block, leaves, rewrite_blocks, statements
from benchmarks.ladder.chance import Chance, Fresh
from benchmarks.ladder.scopes import identifiers

# About one dead statement after every third live one, as a copier would bear it.
_SHARE = 0.33
_LOGGED = 0.3
_DEAD = (
    "{name} = {number}",
    "{name} = {number} * {other} + {number}",
    "{name} = [{number}, {other}]",
    "if {number} > {bigger}:\n    {name} = {number}",
    "{name} = 'stage-{number}'.upper()",
    "{name} = {{'count': {number}}}",
    "assert {number} < {bigger}",
    "for {name} in range({number}):\n    pass",
    "{name} = len('{number}')",
    "{name} = ({number} + {other}) % {bigger}",
)
_MESSAGES = ("reached step {number}", "stage {number} done", "checkpoint {number}", "pass {number}")


def insert(trees: dict[str, ast.Module], chance: Chance) -> None:
    """Insert dead statements and log calls into every function."""
    for path in sorted(trees):
        tree = trees[path]
        log = Fresh(identifiers(tree)).name("journal")
        logged = [False]

        def rewrite(
            block: Block, around: Around, log: str = log, seen: list[bool] = logged
        ) -> Block:
            out: Block = []
            for place, statement in enumerate(block):
                out.append(statement)
                stop = leaves([statement]) or place + 1 == len(block)
                if not stop and chance.often(_SHARE):
                    line = _line(around, chance, log)
                    seen[0] |= log in line
                    out.extend(statements(line))
            return out

        rewrite_blocks(tree, rewrite)
        if logged[0]:
            _declare(tree, log)


def _line(around: Around, chance: Chance, log: str) -> str:
    number, other = chance.randint(2, 60), chance.randint(2, 9)
    if chance.often(_LOGGED):
        message = chance.choice(_MESSAGES).format(number=number)
        return f"{log}.debug({message!r})"
    return chance.choice(_DEAD).format(
        name=around.fresh.name("spare"), number=number, other=other, bigger=number + other
    )


def _declare(tree: ast.Module, log: str) -> None:
    """``import logging`` and the logger, behind imports from the future."""
    place = sum(
        isinstance(statement, ast.ImportFrom) and statement.module == "__future__"
        for statement in tree.body
    )
    lines = f"import logging as {log}_source\n{log} = {log}_source.getLogger(__name__)"
    tree.body[place:place] = statements(lines)
