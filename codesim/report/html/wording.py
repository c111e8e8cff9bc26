"""Where text may break into lines: never before a percent sign, in names between their parts."""

from __future__ import annotations

import re

from codesim.report.html.highlight import Code, Line
from codesim.text import display

_PERCENT = re.compile(r"(?<=\d) (?=%)")
_P_VALUE = re.compile(r"\bp = (?=\d)")
# After a run of _ or /, and after a dot unless what follows is as short as a suffix, or a number.
_JOINT = re.compile(r"(?<=[_/])(?![_/])|(?<=\.)(?=\w{5})(?!\d+\b)")
_TAB = 4
# Steps of the stylesheet (w2 to w24): an indentation beyond hangs like the deepest.
_STEP, _DEEPEST = 2, 24


def prose(text: str) -> Code:
    """A sentence whose figures keep their percent sign, or their p, on the same line."""
    text = _P_VALUE.sub("p\u00a0=\u00a0", display(text))
    return Code(_PERCENT.sub("\u00a0", text))


def pieces(name: str) -> list[str]:
    """A name or path cut where a line may end."""
    return [piece for piece in _JOINT.split(name) if piece]


def hang(line: Line) -> int:
    """Columns by which the wrapped rest of a line is indented: those of the line itself."""
    text = "".join(piece for _, piece in line[:2])
    blank = text[: len(text) - len(text.lstrip(" \t"))].expandtabs(_TAB)
    return min(len(blank) // _STEP * _STEP, _DEEPEST)
