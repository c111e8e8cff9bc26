"""``# Copied from`` labels of transformers, resolved to pairs of definitions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.definitions import Definition, definitions

_LABEL = re.compile(r"^\s*#\s*Copied from\s+([\w.]+)(?:\s+with\s+(.+?))?\s*$")
_REPLACEMENT = re.compile(r"([\w.\-/ ]+?)\s*->\s*([\w.\-/ ]+)")


@dataclass(frozen=True)
class Labelled:
    """A definition and the one that its label says it was copied from."""

    copy: Definition
    source: Definition
    replacements: tuple[tuple[str, str], ...]

    @property
    def kind(self) -> str:
        """Class, method or function."""
        return self.copy.kind


@dataclass(frozen=True)
class Catalogue:
    """Every definition of a package by file and name, and the labelled pairs among them."""

    by_key: Mapping[str, Definition]
    labelled: tuple[Labelled, ...]
    unresolved: int


def catalogue(files: Mapping[str, bytes]) -> Catalogue:
    """Read all files of a package."""
    texts = {path: content.decode("utf-8") for path, content in files.items()}
    by_path = {path: list(definitions(path, text)) for path, text in texts.items()}
    by_key = {each.key: each for found in by_path.values() for each in found}
    pairs: list[Labelled] = []
    unresolved = 0
    for path in sorted(texts):
        starts = {each.first_line: each for each in by_path[path]}
        for number, line in enumerate(texts[path].splitlines(), 1):
            label = _LABEL.match(line)
            if not label:
                continue
            copy, source = starts.get(number + 1), _resolved(label[1], by_key)
            if copy and source and copy.key != source.key:
                pairs.append(Labelled(copy, source, _replacements(label[2])))
            else:
                unresolved += 1
    return Catalogue(by_key, tuple(pairs), unresolved)


def _resolved(dotted: str, by_key: Mapping[str, Definition]) -> Definition | None:
    """The definition under a dotted path: some of its parts are folders, the last ones names."""
    parts = dotted.split(".")
    for cut in (len(parts) - 1, len(parts) - 2):
        key = f"{'/'.join(parts[:cut])}.py:{'.'.join(parts[cut:])}"
        if key in by_key:
            return by_key[key]
    return None


def _replacements(text: str | None) -> tuple[tuple[str, str], ...]:
    """``A->B, C->D all-casing`` as pairs."""
    found = _REPLACEMENT.findall((text or "").replace("all-casing", ""))
    return tuple((old.strip(), new.strip()) for old, new in found)


class Relations:
    """Which definitions copy one another, directly or through others (union-find)."""

    def __init__(self, found: Catalogue) -> None:
        self._parent: dict[str, str] = {}
        self._methods: dict[str, list[str]] = {}
        for definition in found.by_key.values():
            if definition.kind == "method":
                self._methods.setdefault(definition.key.rpartition(".")[0], []).append(
                    definition.last_name
                )
        for pair in found.labelled:
            self._join(pair.copy.key, pair.source.key)
            if pair.kind == "class":
                own = set(self._methods.get(pair.copy.key, []))
                for name in sorted(own & set(self._methods.get(pair.source.key, []))):
                    self._join(f"{pair.copy.key}.{name}", f"{pair.source.key}.{name}")

    def related(self, one: Definition, two: Definition) -> bool:
        """True when both, or parts of both, descend from one definition."""
        return bool(self._roots(one) & self._roots(two))

    def _roots(self, definition: Definition) -> set[str]:
        keys = [definition.key]
        if definition.kind == "class":
            keys += [f"{definition.key}.{name}" for name in self._methods.get(definition.key, [])]
        return {self._root(key) for key in keys}

    def _root(self, key: str) -> str:
        while key in self._parent:
            key = self._parent[key]
        return key

    def _join(self, one: str, two: str) -> None:
        first, second = sorted((self._root(one), self._root(two)))
        if first != second:
            self._parent[second] = first
