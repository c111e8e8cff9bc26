"""The names of public architectures: what is shared by construction, and how common a name is."""

from __future__ import annotations

import importlib.resources
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from codesim.detectors.checkpoint.names import LAYER, Template

_FILE = "architectures.txt"
# A block is taken for one of a public architecture when this share of its names stands there
# under one head: fine-tuning adds a head or a bias here and there.
_COVERED = 0.8
# Fewer names than this below a head say nothing of an architecture.
_FEWEST = 3
# Names that say nothing by themselves, however rare they are.
_PLAIN = frozenset((LAYER, "weight", "bias"))


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a checkpoint that is built like a part of a public architecture."""

    prefix: Template
    architecture: str
    templates: frozenset[Template]


@dataclass(frozen=True, slots=True, eq=False)
class Architectures:
    """Templates by architecture, in the order of their names' file."""

    templates: Mapping[str, frozenset[Template]]
    # Which architectures have a name ending so, each with the heads before it.
    endings: Mapping[Template, tuple[tuple[int, Template], ...]]
    segments: Mapping[str, int]

    def bits(self, segment: str) -> float:
        """Information in meeting a segment again: how few architectures use it."""
        if segment in _PLAIN:
            return 0.0
        return -math.log2((self.segments.get(segment, 0) + 0.5) / (len(self.templates) + 1))

    def blocks(self, templates: Iterable[Template]) -> list[Block]:
        """The public parts of a checkpoint, from the outside in; no template is in two."""
        names = list(self.templates)
        found: list[Block] = []
        waiting: list[tuple[Template, set[Template]]] = [((), set(templates))]
        while waiting:
            prefix, below = waiting.pop()
            if len(below) < _FEWEST:
                continue
            best = self._closest(prefix, below)
            if best is not None:
                covered, number = best
                found.append(Block(prefix, names[number], frozenset(covered)))
                below -= covered
            waiting.extend(_heads(prefix, below))
        return found

    def _closest(self, prefix: Template, below: set[Template]) -> tuple[set[Template], int] | None:
        """The templates that one architecture explains best, and its number."""
        votes: dict[tuple[int, Template], set[Template]] = {}
        for template in sorted(below):
            for each in self.endings.get(template[len(prefix) :], ()):
                votes.setdefault(each, set()).add(template)
        if not votes:
            return None
        number, head = min(votes, key=lambda each: (-len(votes[each]), each))
        covered = votes[number, head]
        return (covered, number) if len(covered) >= _COVERED * len(below) else None


def _heads(prefix: Template, below: set[Template]) -> list[tuple[Template, set[Template]]]:
    """The names one level further down, by their heads; the last head comes first."""
    depth = len(prefix) + 1
    found: dict[Template, set[Template]] = {}
    for template in below:
        if len(template) > depth:
            found.setdefault(template[:depth], set()).add(template)
    return sorted(found.items(), reverse=True, key=lambda head: head[0])


def architectures_of(templates: Mapping[str, frozenset[Template]]) -> Architectures:
    """A table of architectures, indexed."""
    endings: dict[Template, list[tuple[int, Template]]] = {}
    segments: dict[str, int] = {}
    for number, name in enumerate(templates):
        for template in sorted(templates[name]):
            for depth in range(len(template)):
                endings.setdefault(template[depth:], []).append((number, template[:depth]))
        for segment in {segment for template in templates[name] for segment in template}:
            segments[segment] = segments.get(segment, 0) + 1
    return Architectures(
        templates, {ending: tuple(heads) for ending, heads in endings.items()}, segments
    )


@cache
def public_architectures() -> Architectures:
    """The bundled table."""
    text = (importlib.resources.files(__package__) / _FILE).read_text("utf-8")
    return architectures_of({name: frozenset(found) for name, found in _trees(text).items()})


def _trees(text: str) -> dict[str, set[Template]]:
    """Name and templates of each tree of the file, whose head says how it is written."""
    trees: dict[str, set[Template]] = {}
    found: set[Template] = set()
    heads: list[list[Template]] = []
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        if line.startswith("= "):
            found, heads = trees.setdefault(line[2:], set()), []
            continue
        body = line.lstrip(" ")
        del heads[len(line) - len(body) - 1 :]
        opens, ends = body.endswith((".", ".!")), body.endswith("!")
        options: list[Template] = heads[-1] if heads else [()]
        for part in body.rstrip("!").removesuffix(".").split("."):
            options = [(*head, segment) for head in options for segment in part.split(",")]
        if opens:
            heads.append(options)
        if ends or not opens:
            found.update(options)
    return trees
