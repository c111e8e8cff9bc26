"""TOML: read by the standard library after a look for what would cost it too much."""

from __future__ import annotations

import datetime
import re
import tomllib
from collections.abc import Mapping

from codesim.detectors.config.scalars import flag, number, quoted
from codesim.detectors.config.tree import BadConfigError, Budget, Node

# tomllib takes memory with the square of the parts of a key: 20,000 of them cost 1.5 GB.
_MOST_DOTS = 100
MAX_BYTES = 256_000
_HEADER = re.compile(r"^\s*\[\[?([^\[\]]+)\]\]?\s*(?:#.*)?$")
_ENTRY = re.compile(
    r"""^\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*="""
)
_PART = re.compile(r"""[\w-]+|"[^"]*"|'[^']*'""")

Path = tuple[str, ...]


def read_toml(text: str) -> Node:
    """The tree of a TOML text; lines of keys inside inline tables are those of the table.

    Raises BadConfigError.
    """
    if len(text) > MAX_BYTES:
        raise BadConfigError(f"has more than {MAX_BYTES:,} characters of TOML")
    for at, line in enumerate(text.split("\n"), 1):
        if line.count(".") > _MOST_DOTS:
            raise BadConfigError(f"has more than {_MOST_DOTS} dots in line {at}")
    try:
        found = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, ValueError, RecursionError) as error:
        place = re.search(r"at line (\d+)", str(error))
        raise BadConfigError("is not TOML" + (f" in line {place[1]}" if place else "")) from None
    return _Tree(_lines(text)).node(found, (), 1, 0)


def _lines(text: str) -> dict[Path, int]:
    """The line of each table and key, as far as a look at single lines can tell."""
    lines: dict[Path, int] = {}
    table: Path = ()
    for at, line in enumerate(text.split("\n"), 1):
        header, entry = _HEADER.match(line), _ENTRY.match(line)
        if header and not entry:
            table = _parts(header[1])
            lines.setdefault(table, at)
        elif entry:
            lines.setdefault((*table, *_parts(entry[1])), at)
    return lines


def _parts(dotted: str) -> Path:
    return tuple(part.strip("\"'") for part in _PART.findall(dotted))


class _Tree:
    """Values of the standard library as nodes."""

    def __init__(self, lines: Mapping[Path, int]) -> None:
        self._lines = lines
        self._budget = Budget()

    def node(self, value: object, path: Path, line: int, depth: int) -> Node:
        """The node of a value, with the line of its key or else of what it stands in."""
        self._budget.take(depth)
        line = self._lines.get(path, line)
        if isinstance(value, dict):
            pairs = [
                (key, self._lines.get((*path, key), line), inner) for key, inner in value.items()
            ]
            return Node(
                line,
                pairs=[(k, at, self.node(v, (*path, k), at, depth + 1)) for k, at, v in pairs],
            )
        if isinstance(value, list):
            return Node(line, items=[self.node(each, path, line, depth + 1) for each in value])
        if isinstance(value, bool):
            return Node(line, scalar=flag(value))
        if isinstance(value, int | float):
            return Node(line, scalar=number(value))
        if isinstance(value, datetime.date | datetime.time):
            return Node(line, scalar=quoted(value.isoformat()))
        return Node(line, scalar=quoted(str(value)))
