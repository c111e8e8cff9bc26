"""How an author types: which quotes, and blanks around operators or none."""

from __future__ import annotations

import io
import tokenize
from collections.abc import Mapping

_CLOSE = {"=", ",", "+", "-", "*", "/", "==", "<", ">", ">=", "<=", "+=", "-=", ":", "%", "->"}


def typed(text: str, flags: Mapping[str, str]) -> str:
    """The same module with the quotes and blanks of its author. It must parse."""
    found: list[str] = []
    end = (1, 0)
    lines = text.splitlines(keepends=True)
    last = ""
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        gap = _between(lines, end, token.start)
        if flags["space"] == "tight" and _touches(token, last) and gap.strip(" ") == "":
            gap = ""
        found += [gap, _quoted(token, flags["quotes"])]
        end, last = token.end, token.string
    return "".join(found)


def _between(lines: list[str], start: tuple[int, int], end: tuple[int, int]) -> str:
    """What stands between two tokens, such as blanks and a backslash."""
    if start[0] == end[0]:
        line = lines[start[0] - 1] if start[0] <= len(lines) else ""
        return line[start[1] : end[1]]
    first = lines[start[0] - 1][start[1] :] if start[0] <= len(lines) else ""
    inner = "".join(lines[start[0] : end[0] - 1])
    last = lines[end[0] - 1][: end[1]] if end[0] <= len(lines) else ""
    return first + inner + last


def _touches(token: tokenize.TokenInfo, last: str) -> bool:
    """Whether no blank is put between a token and the one before it; margins stay."""
    inside = token.start[1] > 0 and token.line[: token.start[1]].strip() != ""
    word = token.string[:1].isalnum() or token.string[:1] in "_\"'([{"
    return inside and (token.string in _CLOSE or (last in _CLOSE and word))


def _quoted(token: tokenize.TokenInfo, quotes: str) -> str:
    text = token.string
    plain = token.type == tokenize.STRING and '"""' not in text and "'" not in text
    if quotes == "single" and plain and "\\" not in text and text.count('"') == 2:
        return text.replace('"', "'")
    return text
