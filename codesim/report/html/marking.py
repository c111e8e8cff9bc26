"""Coloured lines with the words marked that were renamed or that have no partner."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from codesim.report.html.canonical import Mark
from codesim.report.html.highlight import Code, Line

# Class of the stylesheet, text, and the number of the pair of names or 0.
ShownPiece = tuple[str, Code, int]
ShownLine = tuple[ShownPiece, ...]

_RENAMED, _DIFFERS = "r", "d"
_WORD = re.compile(r"\w")


@dataclass(slots=True)
class Names:
    """The pairs of names that are marked in one file pair, numbered from 1 as they are met."""

    numbers: dict[tuple[str, str], int] = field(default_factory=dict)

    def number(self, names: tuple[str, str]) -> int:
        return self.numbers.setdefault(names, len(self.numbers) + 1)


def plain_line(line: Line) -> ShownLine:
    """A line without marks."""
    return tuple([(kind, text, 0) for kind, text in line])


def marked_line(line: Line, marks: Sequence[Mark], names: Names) -> ShownLine:
    """A line with its ``marks``, which are sorted and do not overlap."""
    found: list[ShownPiece] = []
    by_piece = {piece: list(here) for piece, here in groupby(marks, lambda mark: mark.piece)}
    for index, (kind, text) in enumerate(line):
        here = by_piece.get(index)
        found += _marked(kind, text, here, names) if here else [(kind, text, 0)]
    return tuple(found)


def _marked(kind: str, text: Code, marks: Sequence[Mark], names: Names) -> Iterator[ShownPiece]:
    done = 0
    for start, end, pair, differs in _joined(text, marks):
        if start > done:
            yield kind, Code(text[done:start]), 0
        classes = [kind] * bool(kind) + [_RENAMED] * bool(pair) + [_DIFFERS] * differs
        yield " ".join(classes), Code(text[start:end]), names.number(pair) if pair else 0
        done = end
    if done < len(text):
        yield kind, Code(text[done:]), 0


def _joined(
    text: str, marks: Sequence[Mark]
) -> Iterator[tuple[int, int, tuple[str, str] | None, bool]]:
    """Neighbours that differ are one mark when no other word stands between them."""
    waiting: tuple[int, int] | None = None
    for mark in marks:
        if waiting and not mark.names and not _WORD.search(text[waiting[1] : mark.start]):
            waiting = (waiting[0], mark.end)
            continue
        if waiting:
            yield *waiting, None, True
            waiting = None
        if mark.names:
            yield mark.start, mark.end, mark.names, mark.differs
        else:
            waiting = (mark.start, mark.end)
    if waiting:
        yield *waiting, None, True
