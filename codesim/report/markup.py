"""Inert Markdown: the one gate for text from an input, and the blocks a report is made of.

Text is shown as plain words or as code, where neither CommonMark nor GitHub reads anything into it:
no link, image or HTML, no @mention, #reference, address or emoji.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from codesim.text import display

_LONGEST_CODE = 200
_LONGEST_PROSE = 600

# Words of letters and numbers with the punctuation of a sentence. Everything else (names with
# underscores, paths, addresses, @mentions, #references, markup) is shown as code. A word of
# hexadecimal digits may name a commit.
_PLAIN = re.compile(
    r"(?![0-9a-fA-F]{7})\(?"
    r"(?:[^\W\d_]+(?:['’-][^\W\d_]+)*|\d{1,6}(?:[.,]\d{1,6})*|[%=~–—]|->)[.,;:)?]*"
)
# At the start of a paragraph a number begins a list, and a line of ``=`` makes a heading.
_OPENS_BLOCK = re.compile(r"\d+[.)]|[=~]+")


def code(text: str) -> str:
    """A code span that holds ``display(text)``, shortened where it is long; safe in a table too."""
    shown = _short(text, _LONGEST_CODE)
    # A pipe ends a table cell even in a code span, and readers disagree about escaped ones.
    shown = shown.replace("|", "\\x7c")
    if not shown.strip():
        return f"` {shown} `" if shown else "(empty)"
    fence = "`" * (1 + max(map(len, re.findall("`+", shown)), default=0))
    blank = " " if shown.startswith(("`", " ")) or shown.endswith(("`", " ")) else ""
    return f"{fence}{blank}{shown}{blank}{fence}"


def prose(text: str) -> str:
    """A sentence: plain words as they are, everything else as code."""
    words = _short(text, _LONGEST_PROSE).split()
    return " ".join(
        word if _PLAIN.fullmatch(word) and (at or not _OPENS_BLOCK.fullmatch(word)) else _code(word)
        for at, word in enumerate(words)
    )


def cell(text: str) -> str:
    """A cell of a table as code; an empty one stays empty."""
    return code(text) if text else ""


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """A table of cells that are inert already; a column named with ``>`` stands to the right."""
    columns = list(heads)
    yield f"| {' | '.join(column.strip(' >') for column in columns)} |"
    yield f"|{'|'.join('---:' if column.endswith('>') else '---' for column in columns)}|"
    yield from (f"| {' | '.join(row)} |" for row in rows)
    yield ""


def listed(title: str, items: list[str], most: int) -> Iterator[str]:
    """A heading and a list of at most so many items; nothing without items."""
    if not items:
        return
    yield f"### {title}"
    yield ""
    yield from (f"- {item}" for item in items[:most])
    if len(items) > most:
        yield f"- and {len(items) - most:,} more"
    yield ""


def details(summary: str, lines: Iterable[str]) -> Iterator[str]:
    """Lines that show when the summary is opened."""
    yield from ("<details><summary>", "", summary, "", "</summary>", "")
    yield from lines
    yield from ("</details>", "")


def _short(text: str, longest: int) -> str:
    """The text as it is displayed. An escape may be ten characters, so both lengths are bounded."""
    shown = display(text[: longest + 1])
    return shown[:longest] + ("…" if len(shown) > longest else "")


def _code(word: str) -> str:
    name = word.rstrip(".,;:")
    return code(name) + word[len(name) :] if name else code(word)
