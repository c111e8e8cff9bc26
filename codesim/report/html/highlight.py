"""Source text as lines of coloured pieces. Colour is all that a lexer decides here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import groupby
from typing import Any
from unicodedata import category

# Above these a file is shown without colours, and a line is cut: a minified file or a data blob,
# which nobody reads and every lexer and browser suffers from.
_MAX_COLOURED = 400_000
_MAX_LINE = 2_000
_LAST_WORD = re.compile(r"(?<!\w)\w+\Z")
_LONGEST_WORD = 80

_LEXERS = {
    "py": "python", "pyi": "python", "ipynb": "python", "json": "json", "yaml": "yaml",
    "yml": "yaml", "toml": "toml", "cfg": "ini", "ini": "ini", "sh": "bash", "c": "c", "h": "c",
    "cpp": "cpp", "cc": "cpp", "cu": "cuda", "cuh": "cuda", "js": "javascript",
}  # fmt: skip


class Code(str):
    """Text whose invisible characters are already escapes; tabs remain."""

    __slots__ = ()


Piece = tuple[str, Code]
Line = tuple[Piece, ...]


def highlight(path: str, text: str) -> list[Line]:
    """The lines of ``text`` as (class, text) pieces; an empty class has no colour of its own."""
    lines = list(_lines(_pieces(path, text), _all_visible(text)))
    # The last line ends the text or, where the text ends with a line end, is none.
    return lines[:-1] if text.endswith("\n") or not text else lines


def _pieces(path: str, text: str) -> Iterable[tuple[str, str]]:
    lexer = _LEXERS.get(path.rpartition(".")[2].lower())
    too_long = len(text) > _MAX_COLOURED or max(map(len, text.split("\n"))) > _MAX_LINE
    if lexer is None or too_long:
        return [("", text)]
    # get_tokens() would strip and add line ends; line numbers must stay those of the text.
    return ((_class(kind), value) for _, kind, value in _lexer(lexer).get_tokens_unprocessed(text))


@cache
def _lexer(name: str) -> Any:
    from pygments.lexers import get_lexer_by_name

    return get_lexer_by_name(name)


@cache
def _class(kind: Any) -> str:
    """The class of the stylesheet for a kind of token, by the nearest ancestor that has one."""
    from pygments.token import Comment, Keyword, Literal, Name, Number, Operator, String

    classes = {
        Comment: "c",
        Keyword: "k",
        Operator.Word: "k",
        String.Doc: "q",
        String: "s",
        Number: "n",
        Literal: "s",
        Name.Function: "f",
        Name.Class: "f",
        Name.Tag: "f",
        Name.Builtin: "b",
        Name.Decorator: "d",
    }
    return next((classes[each] for each in reversed(kind.split()) if each in classes), "")


def _lines(pieces: Iterable[tuple[str, str]], visible: bool) -> Iterator[Line]:
    line: list[tuple[str, str]] = []
    for kind, value in pieces:
        first, *others = value.split("\n")
        if first:
            _append(line, kind, first)
        for other in others:
            yield _finished(line, visible)
            line = [(kind, other)] if other else []
    yield _finished(line, visible)


def _append(line: list[tuple[str, str]], kind: str, value: str) -> None:
    """Join blanks and pieces of the same class with what stands before: half the page."""
    if line and (line[-1][0] == kind or value.isspace()):
        line[-1] = (line[-1][0], line[-1][1] + value)
    else:
        line.append((kind, value))


def _finished(line: list[tuple[str, str]], visible: bool) -> Line:
    if visible:
        return tuple([(kind, Code(value)) for kind, value in _cut(line)])
    return tuple(piece for kind, value in _cut(line) for piece in _escaped(kind, value))


def _cut(line: list[tuple[str, str]]) -> list[tuple[str, str]]:
    length = sum(len(value) for _, value in line)
    if length <= _MAX_LINE:
        return line
    text = "".join(value for _, value in line)
    # Half a word would be taken for another word, one without a partner.
    half = _LAST_WORD.search(text, _MAX_LINE - _LONGEST_WORD, _MAX_LINE)
    end = half.start() if half and _LAST_WORD.match(text[_MAX_LINE]) else _MAX_LINE
    return [("", text[:end]), ("x", f"… {length - end:,} more characters")]


def _all_visible(text: str) -> bool:
    return text.replace("\n", "").replace("\t", "").isprintable()


def _escaped(kind: str, value: str) -> Iterator[Piece]:
    for plain, run in groupby(value, _plain):
        text = "".join(run)
        yield (kind, Code(text)) if plain else ("x", Code(_escapes(text)))


def _plain(ch: str) -> bool:
    return ch == "\t" or ch.isprintable() or category(ch) == "Zs"


def _escapes(text: str) -> str:
    return text.encode("unicode_escape").decode("ascii")
