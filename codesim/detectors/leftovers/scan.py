"""Code cut into comments, literals and names by regular expressions; nothing is parsed."""

from __future__ import annotations

import re
from bisect import bisect_right

from codesim.detectors.leftovers import patterns as p
from codesim.detectors.leftovers.collect import Collector

# In a formatted message only what stands around the values is the same everywhere.
_VALUE = re.compile(r"\{[^{}]{0,80}\}|%[-+ #0]?\d{0,3}(?:\.\d{1,3})?[sdfrgxi]")
# Fewer digits are a size or a version; these are a measurement, a magic number or an identifier.
_LEAST_DIGITS = 5
_MARKS = "#/*! \t"
# Lines of one literal that are looked at; more of them are data.
_MOST_LINES = 2_000


def scan_code(text: str, slashes: bool, found: Collector) -> None:
    """Note what a source file holds. ``slashes`` chooses the comments of the C family."""
    pieces: list[str] = []
    line, reached = 1, 0
    for token in (p.SLASH_TEXT if slashes else p.HASH_TEXT).finditer(text):
        start, end = token.span()
        between = text[reached:start]
        line += between.count("\n")
        value = token.group()
        breaks = value.count("\n")
        pieces += (between, "''", "\n" * breaks)
        _text(value, line, found)
        line += breaks
        reached = end
    pieces.append(text[reached:])
    _names("".join(pieces), found)
    _settings(text, found)


def _text(value: str, line: int, found: Collector) -> None:
    if value[0] == "#" or value[:2] == "//":
        _comment(value, line, found)
    elif value[:3] in ('"""', "'''") or value[:2] == "/*":
        _long(value, line, found)
    else:
        _string(value.strip(value[0]), line, found)


def _comment(value: str, line: int, found: Collector) -> None:
    text = value[: p.LONGEST].strip(_MARKS)
    if not text:
        return
    if "(" in text or "@" in text:
        for handle in p.HANDLE.findall(text):
            found.item("handle", (handle[0] or handle[1]).lower(), line)
    found.speech(text, line, kind_of_comment(text))


def kind_of_comment(text: str) -> str:
    """Whether a comment is a note to do something, code that was switched off, or speech."""
    if p.TODO.search(text):
        return "TODO"
    return "commented-out code" if p.STATEMENT.match(text) else "comment"


def _long(value: str, line: int, found: Collector) -> None:
    """A literal over several lines, or a block comment: a docstring in most cases."""
    for number, part in enumerate(value[2:].split("\n")[:_MOST_LINES], line):
        if len(part) > 2:
            found.speech(part.lstrip("* "), number, "TODO" if p.TODO.search(part) else "comment")


def _string(text: str, line: int, found: Collector) -> None:
    if len(text) < 4:
        return
    if " " in text:
        for number, part in enumerate(text.split("\n")[:_MOST_LINES], line):
            found.speech(_VALUE.sub("{}", part[: p.LONGEST]), number, "message")
        return
    text = text[: p.LONGEST]
    found.exact(text, line)
    found.literal(text, line)
    if p.COMPOUND.fullmatch(text):
        found.mention("string", text, line)


def _names(code: str, found: Collector) -> None:
    """Names of code without comments and literals, each with the line where it stands first."""
    used = found.used = _used(code)
    starts = _Starts(code)
    for match in p.DEFINITION.finditer(code):
        line = starts.line(match.start(1))
        found.defined.setdefault(match.group(1), line)
        found.note_words(match.group(1), line)
    for name in p.OWN.findall(code):
        found.defined.setdefault(name, used.get(name, 1))
    for name in p.BOUND.findall(code):
        found.bound.setdefault(name, used.get(name, 1))
    for listed in p.PARAMETERS.findall(code):
        for name in p.PARAMETER.findall(listed):
            found.bound.setdefault(name, used.get(name, 1))
    for match in p.NUMBER.finditer(code):
        before = code[match.start() - 1 : match.start()]
        if before in (".", "_") or before.isalnum():
            continue
        text = match.group().replace("_", "").lower()
        if len(text.partition("e")[0].replace(".", "").strip("0")) >= _LEAST_DIGITS:
            found.item("number", text, starts.line(match.start()))
    _imports(code, starts, found)


def _used(code: str) -> dict[str, int]:
    """Every name with its first line. One search over the whole text is the fastest."""
    used: dict[str, int] = {}
    line = 1
    for token in p.NAME_OR_BREAK.findall(code):
        if token == "\n":  # noqa: S105 - a line break is no password
            line += 1
        elif token not in used:
            used[token] = line
    return used


def _settings(text: str, found: Collector) -> None:
    """What code asks its surroundings for: these names stand in literals."""
    if "environ" in text or "getenv" in text or "$" in text:
        starts = _Starts(text)
        for match in p.ENVIRONMENT.finditer(text):
            name = match.group(1) or match.group(2)
            found.item("environment variable", name, starts.line(match.start()))
    if "wandb" in text:
        starts = _Starts(text)
        for match in p.TRACKED.finditer(text):
            found.item("tracking id", match.group(1), starts.line(match.start()))


class _Starts:
    """Where the lines of a text begin."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def line(self, at: int) -> int:
        return bisect_right(self._starts, at)


def _imports(code: str, starts: _Starts, found: Collector) -> None:
    for match in p.FROM_IMPORT.finditer(code):
        dots, module, many, one = match.groups()
        names = [part.split()[0] for part in (many or one or "").split(",") if part.split()]
        line = starts.line(match.start())
        if dots:
            for target in [module] if module else names:
                found.mention("relative import", target, line)
        else:
            found.mention("import", module, line)
            found.imported.update(names)
            found.imported.update(module.split("."))
    for match in p.IMPORT.finditer(code):
        for part in match.group(1).split(","):
            module, _, alias = part.strip().partition(" as ")
            module = module.strip()
            if module and len(module) < 200:
                found.mention("import", module, starts.line(match.start()))
                found.imported.update((*module.split("."), alias.strip()))
