"""The words of shown code that canonicalisation leaves: no comments, docstrings, type hints."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from codesim.report.html.highlight import Line

_NUMERAL = (
    r"0[xXoObB][\da-fA-F_]+"
    r"|\d[\d_]*(?:\.\d[\d_]*|\.(?![\w.]))?(?:[eE][+-]?\d[\d_]*)?[jJ]?"
)
_WORDS = re.compile(rf"[^\W\d]\w*|{_NUMERAL}|->|:=|\*\*=?|//=?|[!=<>]=|[-+*/%@&|^]=|<<|>>|\S")
# Layout and brackets follow from the rest; quotes and prefixes are ways of writing a text.
_LAYOUT = frozenset(".,:()[]{};='\"`\\")
_PREFIX = re.compile(r"^\s*[rbfuRBFU]{0,2}(?=['\"])")
# Classes of the stylesheet: comments and docstrings say nothing to a computer.
_SILENT = ("c", "q", "x")
_NAMES = ("", "f", "b", "d")
_OPEN, _CLOSE = frozenset("([{"), frozenset(")]}")
# Longer numerals are compared as they are written.
_LONGEST_NUMERAL = 40


class Token(NamedTuple):
    """One word: where it stands (line from 1, piece, columns in the piece) and what it says."""

    line: int
    piece: int
    start: int
    end: int
    text: str
    is_name: bool


def tokens(lines: Sequence[Line], first: int, last: int, python: bool = True) -> list[Token]:
    """The words of the lines ``first`` to ``last``, counted from 1, inclusive."""
    found = _all(lines, first, last)
    kept = _without_hints(found) if python else (token for _, token in found)
    return [token for token in kept if token.text not in _LAYOUT]


def _all(lines: Sequence[Line], first: int, last: int) -> Iterator[tuple[str, Token]]:
    for number in range(first, last + 1):
        for piece, (kind, text) in enumerate(lines[number - 1]):
            if kind in _SILENT:
                continue
            prefix = _PREFIX.match(text) if kind == "s" else None
            for word in _WORDS.finditer(text, prefix.end() if prefix else 0):
                found = word.group()
                is_name = kind in _NAMES and found[0].isidentifier()
                yield kind, Token(number, piece, word.start(), word.end(), found, is_name)


def _without_hints(found: Iterator[tuple[str, Token]]) -> Iterator[Token]:
    """Types in the head of a Python function, or of an annotated name, compute nothing."""
    line, hints = 0, _Hints()
    for kind, token in found:
        if token.line != line:
            line = token.line
            hints.next_line()
        if not hints.holds(kind, token.text):
            yield token


class _Hints:
    """Follows the words of Python code and says which of them belong to a type hint."""

    def __init__(self) -> None:
        self._depth = 0
        self._head = ""  # "(" within the parameters of a function, "->" after them
        self._hint = False
        self._target = False  # nothing but a name since the line began

    def next_line(self) -> None:
        if not self._head:
            self._hint, self._depth = False, 0
        self._target = not self._head

    def holds(self, kind: str, text: str) -> bool:
        if kind == "s":
            self._target = False
            return self._hint
        if kind == "k" and text == "def":
            self._head, self._hint, self._depth, self._target = "(", False, 0, False
            return False
        self._depth += (text in _OPEN) - (text in _CLOSE)
        if self._head:
            self._follow_head(text)
        else:
            self._follow_line(kind, text)
        return self._hint

    def _follow_head(self, text: str) -> None:
        if self._depth == 0 and text == ":":
            self._head, self._hint = "", False
        elif self._depth == 0 and text in (")", "->"):
            self._hint = text == "->"
            self._head = "->"
        elif self._head == "(" and self._depth == 1 and text in (":", ",", "="):
            self._hint = text == ":"

    def _follow_line(self, kind: str, text: str) -> None:
        if self._target and text == ":" and self._depth == 0:
            self._hint = True
        elif text == "=" and self._depth == 0:
            self._hint = False
        self._target = self._target and (text == "." or (kind in ("", "b") and text.isidentifier()))


def word_of(token: Token) -> str:
    """What a word says, however it is written: 8_192 is 8192, and 1e-5 is 0.00001."""
    text = token.text
    if not text[0].isdigit() or len(text) > _LONGEST_NUMERAL:
        return text
    plain = text.replace("_", "")
    try:
        return str(int(plain)) if plain.isdecimal() else repr(float(plain))
    except ValueError:
        return plain
