"""YAML with lines, read from events: nothing is constructed, merged or recursed into by PyYAML.

Aliases cost what they stand for, so that a bomb of them ends at the budget; merge keys stay as
written.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

from codesim.detectors.config.scalars import Spelled, plain_scalar, quoted
from codesim.detectors.config.tree import TOO_DEEP, BadConfigError, Budget, Node

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# PyYAML takes 1 s for 1 MB of short values; of 14,700 real files the largest has 63 kB.
MAX_BYTES = 512_000
# One line of flow collections with more open brackets than this is no configuration.
_MOST_OPEN = 20_000
_TEXT = "tag:yaml.org,2002:str"


def read_yaml(text: str) -> list[Node]:
    """The trees of all documents of a YAML text. Raises BadConfigError."""
    if len(text) > MAX_BYTES:
        raise BadConfigError(f"has more than {MAX_BYTES:,} characters of YAML")
    if text.count("[") + text.count("{") > _MOST_OPEN:
        raise BadConfigError(f"opens more than {_MOST_OPEN:,} brackets")
    composer = _Composer(yaml.parse(text, Loader=_LOADER))
    try:
        return list(composer.documents())
    except yaml.MarkedYAMLError as error:
        # libyaml has a limit of its own since 0.2.6; it lies above ours.
        if "nesting depth" in (error.problem or ""):
            raise BadConfigError(TOO_DEEP) from None
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BadConfigError(f"is not YAML in line {line}") from None
    except (yaml.YAMLError, ValueError, UnicodeError, RecursionError) as error:
        if isinstance(error, BadConfigError):
            raise
        raise BadConfigError("is not YAML") from None


class _Composer:
    """Trees from events, each document with its own anchors."""

    def __init__(self, events: Iterator[Any]) -> None:
        self._events = events
        self._budget = Budget()
        self._anchors: dict[str, Node | None] = {}

    def documents(self) -> Iterator[Node]:
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                self._anchors = {}
                yield self._node(next(self._events), 0)

    def _node(self, event: Any, depth: int) -> Node:
        self._budget.take(depth)
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event.anchor, line, depth)
        if isinstance(event, yaml.ScalarEvent):
            node = Node(line, scalar=_scalar(event))
            self._note(event.anchor, node)
            return node
        # What refers to itself finds nothing here yet.
        self._note(event.anchor, None)
        mapping = isinstance(event, yaml.MappingStartEvent)
        node = self._mapping(line, depth) if mapping else self._sequence(line, depth)
        self._note(event.anchor, node)
        return node

    def _note(self, anchor: str | None, node: Node | None) -> None:
        if anchor is not None:
            self._anchors[anchor] = node

    def _alias(self, anchor: str | None, line: int, depth: int) -> Node:
        if anchor is None or anchor not in self._anchors:
            raise BadConfigError(f"uses an alias that nothing defines in line {line}")
        node = self._anchors[anchor]
        if node is None:
            raise BadConfigError(f"contains itself by an alias in line {line}")
        self._spend(node, depth)
        return node

    def _spend(self, node: Node, depth: int) -> None:
        """Pay for a subtree that is read once more."""
        self._budget.take(depth)
        for child in [*(node.items or ()), *(value for _, _, value in node.pairs or ())]:
            self._spend(child, depth + 1)

    def _sequence(self, line: int, depth: int) -> Node:
        items: list[Node] = []
        for event in self._events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            items.append(self._node(event, depth + 1))
        return Node(line, items=items)

    def _mapping(self, line: int, depth: int) -> Node:
        pairs: list[tuple[str, int, Node]] = []
        for event in self._events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            at = event.start_mark.line + 1
            key = self._node(event, depth + 1)
            value = self._node(next(self._events), depth + 1)
            pairs.append((_key(key), at, value))
        return Node(line, pairs=pairs)


def _key(node: Node) -> str:
    return node.scalar[0] if node.scalar is not None else "?"


def _scalar(event: Any) -> Spelled:
    """Plain scalars mean what they look like; tagged ones are text, unless the tag is of YAML."""
    # The C parser gives plain scalars an empty style, the other one none.
    if not event.style and event.tag is None:
        return plain_scalar(event.value)
    if event.tag is not None and event.tag.startswith("tag:yaml.org,2002:") and event.tag != _TEXT:
        return plain_scalar(event.value)
    return quoted(event.value)
