"""Who writes a submission: habits, words and settings, and how a rule comes out under them."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

from benchmarks.cohorts.grammar import Alternative, Line, rules, table
from benchmarks.ladder.chance import Chance

Placed = tuple[int, str]  # depth and text of one line
T = TypeVar("T")

_CHOICE = re.compile("«([^«»]*)»")
_RULE = re.compile("‹([^‹›]*)›")
_HINT = re.compile("⟨([^⟨⟩]*)⟩")
_NAME = re.compile(r"§([A-Za-z]\w*)")
_SETTING = re.compile(r"¤([a-z]\w*)")
_COMMENTED = {"none": 0.0, "few": 0.25, "some": 0.6, "many": 0.95}


class Author:
    """One writer. The same purpose and seed write the same text, whatever others write.

    ``usual`` is how often the author does what everybody does under that seed: 0 where an
    assignment leaves everything open, near 1 where it prescribes every line and every name.
    """

    def __init__(self, purpose: str, seed: int, usual: float = 0.0) -> None:
        self.chance = Chance(purpose, seed)
        self.seed, self.usual = seed, usual
        self.flags: dict[str, str] = {}
        for flag, values in table("habits").items():
            self.flags[flag] = self._one_of(flag, values)
        self.names: dict[str, str] = {}
        self.settings: dict[str, str] = {}
        self.written: dict[str, str] = {}
        self._taken: set[str] = set(table("taken")["taken"])
        self._keys: set[str] = set()

    def _one_of(self, what: str, ways: Sequence[T], weights: Sequence[int] | None = None) -> T:
        """One of several ways: the usual one, or any."""
        chance = self.chance
        if self.usual and chance.often(self.usual):
            chance = Chance(f"usual:{what}:{len(ways)}", self.seed)
        return chance.choices(ways, weights)[0]

    def name(self, what: str) -> str:
        """What this author calls something: always the same, and nothing else by that name."""
        if what not in self.names:
            words = table("names").get(what)
            if words is None:
                raise ValueError(f"no names for §{what}")
            # A setting is a key or an attribute, so it may be called like a variable.
            taken = self._keys if what.startswith("set_") else self._taken
            made = [self._styled(word) for word in words]
            first = self._one_of(what, made)
            self.chance.shuffle(made)
            made.insert(0, first)
            made += [f"{made[0]}{end}" for end in ("_", "2", "_all", "_x", "3")]
            self.names[what] = next(
                each for each in made if each not in taken and not keyword.iskeyword(each)
            )
            taken.add(self.names[what])
        return self.names[what]

    def _styled(self, word: str) -> str:
        if self.flags["case"] == "camel" and "_" in word.strip("_") and not word.isupper():
            first, *rest = word.split("_")
            return first + "".join(part.capitalize() for part in rest)
        return word

    def setting(self, what: str) -> str:
        """How a setting is read where the program starts; it is noted as needed."""
        if what not in self.settings:
            self.settings[what] = self._one_of(what, table("settings")[what])
        return self.one("config.read", (self.key(what), self.name("config")))

    def key(self, setting: str) -> str:
        """What a setting is called."""
        name = self.name(f"set_{setting}")
        return name.upper() if self.flags["config"] == "constants" else name

    def write(self, rule: str, arguments: Sequence[str] = ()) -> list[Placed]:
        """The lines of one alternative of a rule."""
        return list(self._block(self._chosen(rule).lines, arguments))

    def one(self, rule: str, arguments: Sequence[str] = ()) -> str:
        """A rule that stands within a line."""
        return " ".join(text for _, text in self.write(rule, arguments))

    def _chosen(self, rule: str) -> Alternative:
        fit = [each for each in rules()[rule] if each.fits(self.flags)]
        if not fit:
            raise ValueError(f"{rule}: no alternative for {self.flags}")
        chosen = self._one_of(rule, fit, [each.weight for each in fit])
        self.flags.update(chosen.makes)
        return chosen

    def _block(self, lines: Sequence[Line], arguments: Sequence[str]) -> Iterator[Placed]:
        for line in self._ordered(lines):
            if line.often < 10:
                often = [line.often, 10 - line.often]
                if not self._one_of(line.text, (True, False), often):
                    continue
            yield from self._line(line, arguments)

    def _ordered(self, lines: Sequence[Line]) -> list[Line]:
        """The lines, with each run of free ones shuffled."""
        found: list[Line] = []
        run: list[Line] = []
        for line in [*lines, Line("")]:
            if line.free:
                run.append(line)
                continue
            if not self.chance.often(self.usual):
                self.chance.shuffle(run)
            found += [*run, line]
            run = []
        return found[:-1]

    def _line(self, line: Line, arguments: Sequence[str]) -> Iterator[Placed]:
        text = line.text
        for number, argument in enumerate(arguments, 1):
            text = text.replace(f"${number}", argument)
        text = self._chosen_in(text)
        if text.startswith(("## ", '"" ')):
            yield from self._prose(text)
        elif _is_reference(text):
            yield from self._named(self._inlined(text[1:-1]))
        else:
            yield 0, self._resolved(text)
        for depth, below in self._block(line.below, arguments):
            yield depth + 1, below

    def _prose(self, text: str) -> Iterator[Placed]:
        words = self._resolved(text[3:])
        if text[0] == "#":
            if self.chance.often(_COMMENTED[self.flags["comments"]]):
                yield 0, f"# {self._voiced(words)}"
        elif self.flags["docs"] == "line":
            yield 0, f'"""{words[:1].upper()}{words[1:]}."""'
        elif self.flags["docs"] == "open":
            yield from ((0, each) for each in ('"""', words, '"""'))

    def _voiced(self, words: str) -> str:
        voice = self.flags["voice"]
        if voice == "upper":
            return words[:1].upper() + words[1:]
        return f"{words}." if voice == "stop" else words

    def _chosen_in(self, text: str) -> str:
        while found := _CHOICE.search(text):
            choice = self._one_of(found[1], found[1].split("¦"))
            text = text[: found.start()] + choice + text[found.end() :]
        return text

    def _inlined(self, text: str) -> str:
        while found := _RULE.search(text):
            put = " ".join(each for _, each in self._named(found[1]))
            text = text[: found.start()] + put + text[found.end() :]
        return text

    def _resolved(self, text: str) -> str:
        text = self._inlined(text)
        hints = self.flags["hints"] == "yes"
        text = _HINT.sub(lambda found: found[1] if hints else "", text)
        text = _SETTING.sub(lambda found: self.setting(found[1]), text)
        return _NAME.sub(lambda found: self.name(found[1]), self._chosen_in(text))

    def _named(self, reference: str) -> list[Placed]:
        """``rule`` or ``rule:first;second``."""
        rule, _, rest = reference.partition(":")
        return self.write(rule, rest.split(";") if rest else ())


def _is_reference(text: str) -> bool:
    """Whether a line is one reference to a rule, which may hold others as arguments."""
    depth = 0
    for place, each in enumerate(text):
        depth += (each == "‹") - (each == "›")
        if not depth:
            return place > 0 and place == len(text) - 1
    return False


def text_of(lines: Sequence[Placed], flags: Mapping[str, str]) -> str:
    """Placed lines with the author's indentation."""
    step = {"two": "  ", "tab": "\t"}.get(flags["indent"], "    ")
    return "".join(f"{step * depth}{text}".rstrip() + "\n" for depth, text in lines)
