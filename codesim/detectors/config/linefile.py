"""Formats of one setting a line: INI, ``.env`` and gin."""

from __future__ import annotations

import re

from codesim.detectors.config.profile import Setting
from codesim.detectors.config.scalars import Spelled, plain_scalar, quoted, short
from codesim.detectors.config.tree import MAX_NODES, BadConfigError

_SECTION = re.compile(r"\s*\[([^\]]{1,200})\]\s*(?:[;#].*)?")
_INI = re.compile(r"([^\s=:;#\[][^=:]{0,200}?)\s*[=:]\s*(.*)")
_ENV = re.compile(r"\s*(?:export\s+)?([A-Za-z_]\w{0,200})\s*=\s*(.*)")
_GIN = re.compile(r"([\w/.]{1,300})\s*=\s*(.*)")
_COMMENT = re.compile(r"\s[;#].*$")
_QUOTES = ("'", '"')
_OPEN, _CLOSE = "([{", ")]}"


def read_ini(text: str) -> tuple[Setting, ...]:
    """Settings of an INI file, under the name of their section. Raises BadConfigError."""
    found: list[Setting] = []
    section: tuple[str, ...] = ()
    for at, line in enumerate(_lines(text), 1):
        header = _SECTION.fullmatch(line)
        entry = _INI.fullmatch(line)
        if header:
            section = (short(header[1].strip()),)
        elif entry:
            found.append(Setting((*section, entry[1].strip()), *_value(entry[2]), at))
        elif line.strip() and not line.lstrip().startswith((";", "#")) and not line[0].isspace():
            raise BadConfigError(f"is not INI in line {at}")
    return _bounded(found)


def read_env(text: str) -> tuple[Setting, ...]:
    """Settings of a file of environment variables; other lines are passed over."""
    entries = ((at, _ENV.fullmatch(line)) for at, line in enumerate(_lines(text), 1))
    return _bounded([Setting((e[1],), *_value(e[2]), at) for at, e in entries if e])


def read_gin(text: str) -> tuple[Setting, ...]:
    """Bindings of a gin file. A scope is left out of the path; values stay as written."""
    found: list[Setting] = []
    lines = _lines(text)
    at = 0
    while at < len(lines):
        entry = _GIN.fullmatch(lines[at].strip())
        first = at
        at += 1
        if not entry:
            continue
        value = entry[2].partition("#")[0]
        while _is_open(value) and at < len(lines) and at - first < _MOST_LINES:
            value += " " + lines[at].partition("#")[0].strip()
            at += 1
        path = tuple(filter(None, entry[1].rpartition("/")[2].split(".")))
        if path:
            found.append(Setting(path, *_value(value), first + 1))
    return _bounded(found)


# Lines that one gin value may go over, and how much of a line is read.
_MOST_LINES = 100
_WIDEST = 4_000


def _lines(text: str) -> list[str]:
    return [line[:_WIDEST] for line in text.split("\n")]


def _is_open(value: str) -> bool:
    opened, closed = (sum(map(value.count, signs)) for signs in (_OPEN, _CLOSE))
    return opened > closed


def _value(text: str) -> Spelled:
    text = text.strip()
    if text[:1] in _QUOTES:
        end = text.find(text[0], 1)
        return quoted(text[1 : end if end > 0 else len(text)])
    text = _COMMENT.sub("", text).strip()
    if text[:1] in _OPEN and text[:1]:
        return _sequence(text)
    return plain_scalar(text)


def _sequence(text: str) -> Spelled:
    """A list or tuple as other formats spell it, where it holds no further list."""
    inner = text[1:-1]
    if text[0] == "{" or any(sign in inner for sign in _OPEN):
        return short(" ".join(text.split())), "list"
    parts = [_value(part)[0] for part in inner.split(",") if part.strip()]
    return short("[" + ", ".join(parts) + "]"), "list"


def _bounded(found: list[Setting]) -> tuple[Setting, ...]:
    if len(found) > MAX_NODES:
        raise BadConfigError(f"has more than {MAX_NODES:,} values")
    last = {setting.path: setting for setting in found}
    return tuple(last.values())
