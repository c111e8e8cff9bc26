"""How parts of a model are built, whatever their names, and which of that is common.

A layout counts modules by which parameters they have and in how many stacks of layers they lie. It
says the same of a transformer block under any names, so that only what no public architecture and
no base is built like can be evidence.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from codesim.detectors.checkpoint.names import LAYER, Template
from codesim.detectors.checkpoint.public import Architectures
from codesim.detectors.checkpoint.words import PARAMETERS

# The names of the parameters of a module, and the stacks that it lies in.
Kind = tuple[tuple[str, ...], int]
Layout = frozenset[tuple[Kind, int]]
# Fewer parameters are built like something everywhere.
_FEWEST = 3
# Embedding, last norm and head, which every model has in some way.
_ORDINARY_BITS = 3.0
# A parameter without a module of its own is rare.
_BARE_BITS = 2.0
# Less than this is one module more or less.
_LEAST_BITS = 3.0


def layout_of(templates: Iterable[Template], depth: int = 0) -> Layout:
    """The layout of some templates; stacks are counted from a depth of their paths on."""
    return frozenset(_kinds(templates, depth).items())


def _kinds(templates: Iterable[Template], depth: int) -> Counter[Kind]:
    modules: dict[Template, list[str]] = {}
    for template in sorted(templates):
        named = template[-1] in PARAMETERS
        modules.setdefault(template[:-1] if named else template, []).append(
            template[-1] if named else ""
        )
    return Counter(
        (tuple(names), path[depth:].count(LAYER)) for path, names in modules.items()
    )  # fmt: skip


def layouts_of(templates: Iterable[Template]) -> frozenset[Layout]:
    """The layouts of a model and of all its parts."""
    heads: dict[Template, list[Template]] = {}
    for template in templates:
        for depth in range(len(template)):
            heads.setdefault(template[:depth], []).append(template)
    return frozenset(
        layout_of(below, len(head)) for head, below in heads.items() if len(below) >= _FEWEST
    )


@lru_cache(maxsize=2)
def public_layouts(architectures: Architectures) -> frozenset[Layout]:
    """The layouts of all public architectures and their parts."""
    return frozenset(
        layout for templates in architectures.templates.values() for layout in layouts_of(templates)
    )


def uncommon(templates: Iterable[Template], known: Iterable[frozenset[Layout]]) -> set[Template]:
    """The templates that lie in no part which is built like a known one."""
    sets = tuple(known)
    found: set[Template] = set()
    waiting = [(0, list(templates))]
    while waiting:
        depth, below = waiting.pop()
        if len(below) < _FEWEST:
            found.update(below)
        elif not any(layout_of(below, depth) in layouts for layouts in sets):
            heads: dict[Template, list[Template]] = {}
            for template in below:
                heads.setdefault(template[: depth + 1], []).append(template)
            waiting.extend(
                (depth + 1, inner) if len(head) > depth else (depth, inner)
                for head, inner in heads.items()
                if len(head) > depth or len(inner) < _FEWEST
            )
    return found


def layout_bits(templates: Iterable[Template]) -> float:
    """Information in meeting a layout again: how many modules of each kind there are. Modules of
    one kind only, as in a plain stack of layers, say nothing.
    """
    stacks: dict[int, dict[tuple[str, ...], int]] = {}
    for (names, depth), count in _kinds(templates, 0).items():
        stacks.setdefault(depth, {})[names] = count
    total = 0.0
    for kinds in stacks.values():
        if len(kinds) > 1:
            total += sum(math.log2(count + 1) for count in kinds.values())
            total += _BARE_BITS * (("",) in kinds)
    return total - _ORDINARY_BITS if total - _ORDINARY_BITS >= _LEAST_BITS else 0.0
