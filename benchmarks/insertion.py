"""A dead statement after every statement: how much of the original is still found."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from benchmarks.inside import left_coverage, matched
from benchmarks.ladder.blocks import Around, Block, leaves, rewrite_blocks, statements
from benchmarks.ladder.chance import Chance
from benchmarks.options import Options
from benchmarks.ours import Profiles, one_file
from benchmarks.packages import DIFFUSERS, TIMM, TRANSFORMERS, Pin, python_files
from benchmarks.peers import Peer, all_peers
from benchmarks.table import Cell, Table

# The first is what the goal names; the others keep it from being the only one that works.
_FILES: tuple[tuple[Pin, str], ...] = (
    (TRANSFORMERS, "transformers/models/llama/modeling_llama.py"),
    (TRANSFORMERS, "transformers/models/bert/modeling_bert.py"),
    (TRANSFORMERS, "transformers/generation/logits_process.py"),
    (TIMM, "timm/models/resnet.py"),
    (TIMM, "timm/data/mixup.py"),
    (DIFFUSERS, "diffusers/schedulers/scheduling_ddim.py"),
)
# What people insert, by what it looks like to a reader of code. ``spare`` is new every time.
_DEAD = {
    "values": (
        "{spare} = {number}",
        "{spare} = {number} * {other} + {number}",
        "{spare} = [{number}, {other}]",
        "{spare} = {{'count': {number}}}",
    ),
    "calls": (
        "{spare} = 'stage-{number}'.upper()",
        "{spare} = len('{number}') + {other}",
        "{spare} = str({number}).zfill({other})",
        "{spare} = max({number}, {other})",
    ),
    "control flow": (
        "if {number} > {bigger}:\n    {spare} = {number}",
        "for {spare} in range({other}):\n    pass",
        "assert {number} < {bigger}",
        "while {number} > {bigger}:\n    break",
        "{spare} = {number} if {number} < {bigger} else {other}",
    ),
    "logging": ("journal.debug('stage {number} done')", "print('reached step {number}')"),
}
KINDS = (*_DEAD, "all of these")


def run(options: Options) -> list[Table]:
    """Coverage of the original, one row per file, kind and tool."""
    rows: list[tuple[Cell, ...]] = []
    peers, missing = all_peers() if options.peers else ([], "no peer was asked for")
    for pin, path in _FILES[: options.size(len(_FILES))]:
        text = python_files(pin, options.data)[path].decode("utf-8")
        filled = [inserted(text, kind, options.seed) for kind in KINDS]
        rows.append((path, "codesim", *_ours(text, filled)))
        rows += [(path, peer.title(), *_theirs(peer, text, filled)) for peer in peers]
    return [
        Table(
            "Covered share of a file after a dead statement behind every statement",
            ("file", "tool", *KINDS),
            tuple(rows),
            (
                "one dead statement behind each statement of every function, by what is inserted",
                "codesim: share weighted by information; a peer: its own share of the same side",
                missing,
            ),
        )
    ]


def _ours(text: str, filled: Sequence[str]) -> list[float]:
    profiles = Profiles()
    left = profiles.of("original", one_file(text))
    return [
        left_coverage(
            matched(left, profiles.of(str(number), one_file(each))), "unit.py", lambda _: True
        )
        for number, each in enumerate(filled)
    ]


def _theirs(peer: Peer, text: str, filled: Sequence[str]) -> list[float]:
    return [
        peer.scores({"left.py": text}, {"right.py": each}).get(("left.py", "right.py"), (0.0, 0.0))[
            0
        ]
        for each in filled
    ]


def inserted(text: str, kind: str, seed: int = 0) -> str:
    """A source with a dead statement of a kind behind every statement of its functions that
    control can pass. Nothing else changes but the layout.
    """
    tree = ast.parse(text)
    chance = Chance(f"insertion:{kind}", seed)
    lines = _DEAD.get(kind) or tuple(line for lines in _DEAD.values() for line in lines)

    def rewrite(block: Block, around: Around) -> Block:
        out: Block = []
        for statement in block:
            out.append(statement)
            if not leaves([statement]):
                out += statements(_line(chance.choice(lines), around, chance))
        return out

    rewrite_blocks(tree, rewrite)
    if kind in ("logging", KINDS[-1]):
        _declare(tree)
    return ast.unparse(ast.fix_missing_locations(tree)) + "\n"


def _line(form: str, around: Around, chance: Chance) -> str:
    number, other = chance.randint(11, 60), chance.randint(2, 9)
    spare = around.fresh.name("spare") if "{spare}" in form else ""
    return form.format(spare=spare, number=number, other=other, bigger=number + other)


def _declare(tree: ast.Module) -> None:
    """The logger, behind the docstring and imports from the future."""
    first = (
        place
        for place, statement in enumerate(tree.body)
        if not isinstance(statement, ast.Expr)
        and not (isinstance(statement, ast.ImportFrom) and statement.module == "__future__")
    )
    place = next(first, len(tree.body))
    tree.body[place:place] = statements("import logging\njournal = logging.getLogger(__name__)")
