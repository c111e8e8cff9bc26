"""Text laid out in terminal cells: width, shortening in the middle, wrapping."""

from __future__ import annotations

import unicodedata

ELLIPSIS = "…"


def cells(text: str) -> int:
    """Columns that ``text`` takes in a terminal: wide characters two, combining ones none."""
    if text.isascii():
        return len(text)
    return sum(_cell(ch) for ch in text)


def _cell(ch: str) -> int:
    if unicodedata.combining(ch):
        return 0
    return 2 if unicodedata.east_asian_width(ch) in "WF" else 1


def pad(text: str, width: int) -> str:
    """``text`` filled with blanks up to ``width`` cells."""
    return text + " " * (width - cells(text))


def shorten(path: str, width: int) -> str:
    """A path of at most ``width`` cells. The middle goes first and the file name last."""
    if cells(path) <= width:
        return path
    head, slash, name = path.rpartition("/")
    tail = slash + name
    if cells(tail) + 1 > width:
        keep = width - 1 - width // 3
        return _first(path, width // 3) + ELLIPSIS + _last(path, keep)
    return _first(head, width - 1 - cells(tail)) + ELLIPSIS + tail


def _first(text: str, width: int) -> str:
    taken = 0
    for index, ch in enumerate(text):
        taken += _cell(ch)
        if taken > width:
            return text[:index]
    return text


def _last(text: str, width: int) -> str:
    return _first(text[::-1], width)[::-1]


def wrap(text: str, width: int) -> list[str]:
    """Lines of at most ``width`` cells, broken at blanks; a longer word is cut."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        joined = f"{line} {word}" if line else word
        if cells(joined) <= width:
            line = joined
            continue
        if line:
            lines.append(line)
        while cells(word) > width:
            part = _first(word, width) or word[0]
            lines.append(part)
            word = word[len(part) :]
        line = word
    return [*lines, line] if line else lines
