"""A small grammar of program text, read from the files of the folder beside this module.

``== rule`` begins a rule and ``--`` each of its alternatives. Behind ``--`` stand a weight
(``*3``), what the author must be like (``loop=function,class`` or ``hints!=yes``) and what choosing
it makes of the author (``>loop=class``); behind ``|`` a body of one line. In a body

* ``‹rule›`` or ``‹rule:first;second›`` stands for an alternative of a rule, ``$1`` for an argument;
* ``«one¦two»`` is a choice, ``⟨text⟩`` is there only when the author writes type hints;
* ``§name`` is what the author calls something, ``¤name`` how one of the settings is read;
* a line that begins with ``?`` or ``?3`` is there in five or three cases of ten, with all below it;
* neighbouring lines that begin with ``~`` come in any order, each with all below it;
* ``##`` begins a comment and ``""`` a docstring, which not every author writes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "grammar"
_MARK = re.compile(r"(?P<kind>[?~])(?P<often>\d?) (?P<text>.*)", re.DOTALL)
_DEPTH = 4


@dataclass(frozen=True)
class Line:
    """One line with all that is indented below it; ``often`` is in tenths."""

    text: str
    below: tuple[Line, ...] = ()
    often: int = 10
    free: bool = False


@dataclass(frozen=True)
class Alternative:
    """One way to write a rule. ``needs`` holds flag, values and whether they are wanted."""

    lines: tuple[Line, ...]
    weight: int = 1
    needs: tuple[tuple[str, frozenset[str], bool], ...] = ()
    makes: Mapping[str, str] = field(default_factory=dict)

    def fits(self, flags: Mapping[str, str]) -> bool:
        """Whether an author with these flags may write it."""
        return all((flags.get(flag, "") in values) == wanted for flag, values, wanted in self.needs)


Rules = Mapping[str, tuple[Alternative, ...]]


@cache
def rules() -> Rules:
    """All rules of all files. A rule that stands in two files is a mistake."""
    found: dict[str, tuple[Alternative, ...]] = {}
    for path in sorted(FOLDER.glob("*.txt")):
        for name, body in _sections(path.read_text("utf-8")):
            if name in found:
                raise ValueError(f"{path.name}: the rule {name} stands in another file too")
            found[name] = tuple(_alternatives(name, body))
    return found


@cache
def table(name: str) -> Mapping[str, tuple[str, ...]]:
    """``key: word word`` on every line of a table beside the rules."""
    lines = (FOLDER / f"{name}.table").read_text("utf-8").splitlines()
    cells = (line.split(":", 1) for line in lines if line.strip() and line[0] != "#")
    return {key.strip(): tuple(words.split()) for key, words in cells}


def _sections(text: str) -> Iterator[tuple[str, list[str]]]:
    for part in re.split(r"^== ", text, flags=re.MULTILINE)[1:]:
        name, *body = part.splitlines()
        yield name.strip(), body


def _alternatives(rule: str, body: list[str]) -> Iterator[Alternative]:
    head: str | None = None
    lines: list[str] = []
    for line in [*body, "--"]:
        if line == "--" or line.startswith("-- "):
            if head is not None:
                yield _alternative(rule, head, lines)
            head, lines = line[2:], []
        elif head is not None:
            lines.append(line)
        elif line.strip():
            raise ValueError(f"{rule}: a line before the first alternative")


def _alternative(rule: str, head: str, lines: list[str]) -> Alternative:
    weight, needs, makes = 1, [], {}
    for word in head.split():
        made = re.fullmatch(r"(>?)(\w+)(!?)=([\w,]*)", word)
        if re.fullmatch(r"\*\d+", word):
            weight = int(word[1:])
        elif made and made[1]:
            makes[made[2]] = made[4]
        elif made:
            needs.append((made[2], frozenset(made[4].split(",")), not made[3]))
        elif word == "|":  # the rest of the line is the whole body
            lines = [head.split("| ", 1)[1], *lines]
            break
        else:
            raise ValueError(f"{rule}: {word} in `-- {head}`")
    while lines and not lines[-1].strip():
        lines.pop()
    return Alternative(_tree(rule, lines), weight, tuple(needs), makes)


def _tree(rule: str, lines: list[str]) -> tuple[Line, ...]:
    """Lines by what is indented below them."""
    found: list[Line] = []
    place = 0
    while place < len(lines):
        text, after = lines[place], place + 1
        while after < len(lines) and (not lines[after].strip() or lines[after][0] == " "):
            after += 1
        while not lines[after - 1].strip() and after - 1 > place:  # blank lines belong between
            after -= 1
        inner = [line[_DEPTH:] for line in lines[place + 1 : after]]
        if text[:1] == " " or any(line[:_DEPTH].strip() for line in lines[place + 1 : after]):
            raise ValueError(f"{rule}: a line is indented by other than {_DEPTH}: {text}")
        found.append(_line(text, _tree(rule, inner)))
        place = after
    return tuple(found)


def _line(text: str, below: tuple[Line, ...]) -> Line:
    often, free = 10, False
    while mark := _MARK.fullmatch(text):
        text = mark["text"]
        if mark["kind"] == "~":
            free = True
        else:
            often = int(mark["often"] or 5)
    return Line(text, below, often, free)
