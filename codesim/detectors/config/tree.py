"""A configuration as a bounded tree with lines, and the settings that it comes to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from codesim.detectors.config.profile import Setting
from codesim.detectors.config.scalars import Spelled, short

# Deeper than any configuration that a person wrote, shallower than any stack.
MAX_DEPTH = 64
TOO_DEEP = f"is nested more than {MAX_DEPTH} levels deep"
# Of 14,900 JSON and YAML files in 67 public packages, the largest configuration has 1,006 values.
MAX_NODES = 50_000
# Mappings that are one setting: their entries name classes or code, one for each, and say no more
# than the mapping as a whole.
_WHOLE = frozenset(("auto_map", "id2label", "label2id"))
# A mapping of so many numbers to values is a list.
_LIST_LIKE = 3
# A mapping of so many values, nearly all of them texts or different counts, is a vocabulary.
_TABLE, _NEARLY_ALL = 60, 0.95
_KEY = 120


class BadConfigError(ValueError):
    """Why a file is no configuration that can be read, in words that complete a sentence."""


@dataclass(slots=True)
class Node:
    """A value: ``scalar`` where it is one, else ``items`` of a list or ``pairs`` of a mapping."""

    line: int
    scalar: Spelled | None = None
    items: list[Node] | None = None
    pairs: list[tuple[str, int, Node]] | None = None


@dataclass(slots=True)
class Budget:
    """Counts what a file may cost; the same file always ends at the same place."""

    nodes: int = MAX_NODES
    left: int = field(init=False)

    def __post_init__(self) -> None:
        self.left = self.nodes

    def take(self, depth: int) -> None:
        """One more node at some depth. Raises BadConfigError beyond the limits."""
        self.left -= 1
        if self.left < 0:
            raise BadConfigError(f"has more than {self.nodes:,} values")
        if depth > MAX_DEPTH:
            raise BadConfigError(TOO_DEEP)


def settings(root: Node) -> tuple[Setting, ...]:
    """All settings of a tree, in the order of the file; of a key given twice, the last."""
    return tuple(_settings(root, (), root.line))


def _settings(node: Node, path: tuple[str, ...], line: int) -> Iterator[Setting]:
    if node.pairs and not (path and (path[-1] in _WHOLE or _is_list(node.pairs))):
        last = {key: (at, value) for key, at, value in node.pairs}
        for key, (at, value) in last.items():
            yield from _settings(value, (*path, short(key)[:_KEY]), at)
    elif node.items and any(map(_has_pairs, node.items)):
        for place, item in enumerate(node.items):
            yield from _settings(item, (*path, f"[{place}]"), item.line)
    elif path:
        yield Setting(path, *spelled(node), line)


def _is_list(pairs: list[tuple[str, int, Node]]) -> bool:
    """A list in the clothes of a mapping: the classes of a data set by number, or a vocabulary."""
    scalars = [value.scalar for _, _, value in pairs if value.scalar is not None]
    if len(pairs) < _LIST_LIKE or len(scalars) < len(pairs):
        return False
    return all(key.isdigit() for key, _, _ in pairs) or _is_vocabulary(scalars)


def _is_vocabulary(values: list[Spelled]) -> bool:
    """So many values of one form, texts or counted numbers, are a table and no choices."""
    texts = sum(form == "text" for _, form in values)
    counted = {value for value, form in values if form == "number" and value.isdigit()}
    return len(values) >= _TABLE and max(texts, len(counted)) >= _NEARLY_ALL * len(values)


def _has_pairs(node: Node) -> bool:
    return bool(node.pairs) or any(map(_has_pairs, node.items or ()))


def spelled(node: Node) -> Spelled:
    """The value of a whole subtree as one text."""
    if node.scalar is not None:
        return node.scalar
    return short(_text(node)), "list" if node.pairs is None else "name"


def _text(node: Node) -> str:
    if node.pairs is not None:
        entries = sorted((key, _text(value)) for key, _, value in node.pairs)
        return "{" + ", ".join(f"{key}: {text}" for key, text in entries) + "}"
    if node.items is not None:
        return "[" + ", ".join(map(_text, node.items)) + "]"
    assert node.scalar is not None
    return node.scalar[0]


def is_data(found: tuple[Setting, ...]) -> bool:
    """Records, results or a vocabulary in the clothes of a configuration.

    They repeat few keys many times, or their keys are numbers or words of a language.
    """
    if len(found) < _FEW:
        return False
    if len({s.path[:-1] for s in found}) == 1 and _is_vocabulary(
        [(s.value, s.form) for s in found]
    ):
        return True
    distinct = len({setting.key for setting in found})
    numbered = sum(any(_NUMBERED.fullmatch(part) for part in s.path) for s in found)
    return distinct * _REPEATS < len(found) or numbered * 2 > len(found) or len(found) > _MOST


# Below this a file is never taken for data; above that always. Of 14,900 JSON and YAML files in
# public packages this takes 21 for data: lists of tasks, of checkpoints and of languages.
_FEW, _MOST, _REPEATS = 100, 5_000, 25
_NUMBERED = re.compile(r"\d+")
