"""The token view: what a lexer keeps once comments, docstrings, hints and layout are gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from codesim.detectors.code.syntax import KIND_NAMES, NAMED, Syntax

if TYPE_CHECKING:
    from codesim.detectors.code.graph import Ints, Unit

# Layout that a formatter adds and removes.
_LAYOUT = frozenset((
    "(", ")", ",", ":", ".", ";", "]", "}", "->", "string_start", "string_end",
    "escape_sequence", "comment", "line_continuation", "\\",
))  # fmt: skip
_DROPPED = np.array([name in _LAYOUT for name in KIND_NAMES])
_WORDS = np.array(
    [name in ("identifier", "integer", "float", "string_content") for name in KIND_NAMES]
)
_HIDDEN = np.array(
    [
        named and name in ("type", "import_statement", "import_from_statement",
                           "future_import_statement")
        for name, named in zip(KIND_NAMES, NAMED, strict=True)
    ]
)  # fmt: skip
_CONTENT = KIND_NAMES.index("string_content")
_STATEMENT = KIND_NAMES.index("expression_statement")
_STRING = KIND_NAMES.index("string")


def tokens(syntax: Syntax) -> tuple[Ints, Ints, Ints, list[str]]:
    """Kind, word number (or -1) and byte offset of each token, and the words."""
    kind = np.array(syntax.kind, dtype=np.int32)
    end = np.array(syntax.end, dtype=np.int32)
    start = np.array(syntax.start, dtype=np.int32)
    leaf = (end == np.arange(1, len(end) + 1)) | (kind == _CONTENT)
    keep = leaf & ~_DROPPED[kind] & ~_hidden(syntax, kind, end)
    chosen = np.flatnonzero(keep)
    stop = np.array(syntax.stop, dtype=np.int32)
    worded = np.flatnonzero(_WORDS[kind[chosen]])
    at = chosen[worded]
    source = syntax.source
    table: dict[bytes, int] = {}
    numbers = [
        table.setdefault(source[first:last], len(table))
        for first, last in zip(start[at].tolist(), stop[at].tolist(), strict=True)
    ]
    name = np.full(len(chosen), -1, dtype=np.int32)
    name[worded] = numbers
    words = [word.decode("utf-8", "replace") for word in table]
    return kind[chosen], name, start[chosen], words


def _hidden(syntax: Syntax, kind: Ints, end: Ints) -> npt.NDArray[np.bool_]:
    """True for tokens of annotations, imports and docstrings."""
    kids = syntax.kids
    roots = np.flatnonzero(_HIDDEN[kind]).tolist()
    for node in np.flatnonzero(kind == _STATEMENT).tolist():
        if len(kids[node]) == 1 and kind[kids[node][0]] == _STRING:
            roots.append(node)
    edge = np.zeros(len(kind) + 1, dtype=np.int32)
    np.add.at(edge, roots, 1)
    np.add.at(edge, end[roots] if roots else roots, -1)
    return np.cumsum(edge[:-1]) > 0


def owners(units: list[Unit], lines: Ints) -> Ints:
    """The innermost unit of each token, by line."""
    owner = np.zeros(len(lines), dtype=np.int32)
    order = sorted(range(len(units)), key=lambda u: (units[u].lines[0], -units[u].lines[1]))
    for number in order:
        first, last = units[number].lines
        low, high = np.searchsorted(lines, (first, last + 1))
        owner[low:high] = number
    return owner
