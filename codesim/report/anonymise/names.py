"""The names in a line such as ``Ann Lee, Bo Chen <bo@chen.org> and others``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from codesim.report.anonymise.ordinary import is_ordinary

_BETWEEN = re.compile(
    r"[,;&/|<>()\[\]{}\"'`=:#*\\]|\s(?:and|und|et|y|at|by|on|for|from|in|with|under|is|are|was)\s"
    r"|\b(?:all rights|licen[sc]ed)\b.*|(?<=\w\w)\.(?:\s|$)|\s{2,}|\s[-\u2013\u2014]\s",
    re.IGNORECASE,
)
_NAME = re.compile(r"[^\W\d_][\w.\u2019-]{0,40}(?:[ \t][^\W\d_][\w.\u2019-]{0,40}){0,5}")
_YEAR = re.compile(r"^[\s\d,.\u2013-]{0,40}(?:present)?[\s,]{0,4}", re.IGNORECASE)
# Words beside a name that are none.
_NO_WORDS = """
    a all al an and anyone authors by co company contributors copyright corp corporation et file
    foundation gmbh group holder holders inc incorporated institute lab laboratory license licensed
    limited llc ltd notice of others owner owners present reserved rights school see statement team
    the university year
"""
_NO_NAMES = frozenset(_NO_WORDS.split())

_LEAST_HANDLE = 4


class Name(NamedTuple):
    """One name at its place in a line: how many words it has, and how many begin large."""

    start: int
    text: str
    words: int
    capitals: int


def names_in(line: str) -> Iterator[Name]:
    """Every stretch of a line between separators that may be a name."""
    skipped = _YEAR.match(line)
    at = skipped.end() if skipped else 0
    for end in (*((m.start(), m.end()) for m in _BETWEEN.finditer(line, at)), (len(line), 0)):
        match = _NAME.match(line, at + _blanks(line[at : end[0]]), end[0])
        if match:
            text = match[0].rstrip(".-\u2019")
            words = text.split()
            telling = [word for word in words if word.lower().strip(".") not in _NO_NAMES]
            if telling and len(text) > 1:
                capitals = sum(word[0].isupper() for word in words)
                yield Name(match.start(), text, len(words), capitals)
        at = end[1]


def parts_of(name: str) -> Iterator[str]:
    """Words of a name of several words, or of a handle, that alone still name who bears it."""
    words = name.split()
    if len(words) == 1:
        words = re.split(r"[-_.]", name)
        yield from (each for each in words[: len(words) * 2 - 2] if _is_handle(each))
        return
    for word in words:
        part = word.strip(".,")
        if part[:1].isupper() and part.lower() not in _NO_NAMES and not is_ordinary(part):
            yield part


def _is_handle(part: str) -> bool:
    return len(part) >= _LEAST_HANDLE and not is_ordinary(part)


def is_telling(text: str) -> bool:
    """True where at least one word of a name is no ordinary word."""
    words = text.split()
    return any(word.lower().strip(".") not in _NO_NAMES and not is_ordinary(word) for word in words)


def _blanks(text: str) -> int:
    return len(text) - len(text.lstrip())
