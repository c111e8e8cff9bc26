"""JSON with lines, for configuration: strict first, and what people write by hand as well.

Comments, trailing commas, NaN and keys given twice are read, since training tools read them too.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right

from codesim.detectors.config.scalars import Spelled, number, plain_scalar, quoted
from codesim.detectors.config.tree import BadConfigError, Budget, Node

_BLANK = re.compile(r"(?:[ \t\n]+|//[^\n]*|#[^\n]*|/\*(?:[^*]|\*(?!/))*+\*/)*+")
_STRING = re.compile(r'"(?:[^"\\\n]|\\.)*+"')
_WORD = re.compile(r"[-+.\w]+")
# A word of JSON is short; the longest real number has 25 characters.
_LONGEST_WORD = 1_000


def read_json(text: str) -> Node:
    """The tree of a JSON text. Raises BadConfigError."""
    reader = _Reader(text)
    root = reader.value(0)
    reader.blank()
    if reader.at < len(text):
        raise reader.wrong()
    return root


class _Reader:
    """Reads from left to right; the depth of calls is bounded by the budget."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self._budget = Budget()
        self._starts = [0, *(found.end() for found in re.finditer("\n", text))]

    def blank(self) -> str:
        """Pass over blanks and comments; the character that follows, or nothing at the end."""
        found = _BLANK.match(self.text, self.at)
        assert found
        self.at = found.end()
        return self.text[self.at : self.at + 1]

    def value(self, depth: int) -> Node:
        """The value that begins here."""
        opening = self.blank()
        self._budget.take(depth)
        line = self._line()
        if opening == "{":
            return Node(line, pairs=self._pairs(depth))
        if opening == "[":
            return Node(line, items=self._items(depth))
        return Node(line, scalar=self._scalar(opening))

    def _pairs(self, depth: int) -> list[tuple[str, int, Node]]:
        self.at += 1
        found: list[tuple[str, int, Node]] = []
        while self.blank() != "}":
            line, key = self._line(), self._string()
            if self.blank() != ":":
                raise self.wrong()
            self.at += 1
            found.append((key, line, self.value(depth + 1)))
            self._next("}")
        self.at += 1
        return found

    def _items(self, depth: int) -> list[Node]:
        self.at += 1
        found: list[Node] = []
        while self.blank() != "]":
            found.append(self.value(depth + 1))
            self._next("]")
        self.at += 1
        return found

    def _next(self, closing: str) -> None:
        following = self.blank()
        if following == ",":
            self.at += 1
        elif following != closing:
            raise self.wrong()

    def _scalar(self, opening: str) -> Spelled:
        if opening == '"':
            return quoted(self._string())
        found = _WORD.match(self.text, self.at)
        if not found or found.end() - found.start() > _LONGEST_WORD:
            raise self.wrong()
        self.at = found.end()
        word = found.group()
        spelled = number(float(word)) if word in _CONSTANTS else plain_scalar(word)
        if spelled[1] == "text" and word[0].isalpha():
            raise self.wrong()
        return spelled

    def _string(self) -> str:
        found = _STRING.match(self.text, self.at)
        if not found:
            raise self.wrong()
        self.at = found.end()
        try:
            value: str = json.loads(found.group(), strict=False)
        except json.JSONDecodeError:
            raise self.wrong() from None
        return value

    def _line(self) -> int:
        return bisect_right(self._starts, self.at)

    def wrong(self) -> BadConfigError:
        """The error for what stands here."""
        return BadConfigError(f"is not JSON in line {self._line()}")


_CONSTANTS = frozenset(("NaN", "Infinity", "-Infinity"))
