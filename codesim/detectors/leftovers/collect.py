"""Gathers what one file holds, each thing once, at its first line."""

from __future__ import annotations

import re

from codesim.detectors.leftovers import patterns as p
from codesim.detectors.leftovers.profile import Item, Mention

# A shorter line is a heading or a separator; a message of fewer words is a key.
_LEAST_WORDS = 3
_LEAST_LETTERS = 12
# Long enough that one wrong letter does not make another usual word.
_LEAST_WORD = 5
_LONGEST_WORD = 24
_SPACE = re.compile(r"\s++")
_EDGES = " \t#/*-=~_.:;,!<>|+\\\"'`"


def _is_speech(words: list[str]) -> bool:
    return len(words) >= _LEAST_WORDS and sum(map(len, words)) >= _LEAST_LETTERS


class Collector:
    """Items, mentions, definitions and words of one file."""

    def __init__(self) -> None:
        self.items: dict[tuple[str, str], int] = {}
        self.mentions: dict[tuple[str, str], int] = {}
        self.defined: dict[str, int] = {}
        self.bound: dict[str, int] = {}
        self.used: dict[str, int] = {}
        self.imported: set[str] = set()
        self.words: dict[str, int] = {}

    def item(self, kind: str, text: str, line: int) -> None:
        """Note something that could be left over."""
        self.items.setdefault((kind, text), line)

    def mention(self, how: str, name: str, line: int) -> None:
        """Note a name that is spoken of or imported."""
        self.mentions.setdefault((how, name), line)

    def speech(self, text: str, line: int, kind: str) -> None:
        """One line of a comment, a literal or prose."""
        text = _SPACE.sub(" ", text[: p.LONGEST].strip(_EDGES))
        small = text.casefold()
        if not text or p.RIGHTS.search(small) or p.DIRECTIVE.match(text):
            return
        self.exact(text, line)
        words = self.note_words(text, line)
        script = not text.isascii() and p.SCRIPT.search(text)
        if not text.isascii() and not script and p.ODD.search(text):
            self.item("odd character", text, line)
        elif _is_speech(words) or (script and kind != "message"):
            self.item(kind, small, line)
        if len(words) > text.count(" ") + 1:
            for name in p.COMPOUND.findall(text):
                self.mention(kind, name, line)

    def note_words(self, text: str, line: int) -> list[str]:
        """The words of a text, in small letters; those long enough for a typo are noted."""
        words = [word.lower() for word in p.WORD.findall(text)]
        for word in words:
            if _LEAST_WORD <= len(word) <= _LONGEST_WORD and word not in self.words:
                self.words[word] = line
        return words

    def exact(self, text: str, line: int) -> None:
        """Addresses, places and names of people or repositories in one line of text."""
        if "://" in text:
            for url in p.URL.findall(text):
                self.item("URL", url.rstrip(".,;:/"), line)
        if "@" in text:
            for mail in p.EMAIL.findall(text):
                self.item("e-mail", mail.lower(), line)
        if "/" in text or "\\" in text:
            for place in p.ABSOLUTE.findall(text):
                self.item("path", place, line)
            for name in p.HUB.findall(text):
                self.item("repository", name.removesuffix(".git").rstrip("."), line)
        if "." in text:
            # What stands behind an address is on another machine.
            plain = p.URL.sub(" ", text) if "://" in text else text
            for name in p.FILE_NAME.findall(plain):
                self.mention("file", name.removeprefix("./"), line)

    def literal(self, text: str, line: int) -> None:
        """A whole short literal of code, or a value of a configuration."""
        if p.REPOSITORY.fullmatch(text) and not p.FILE_NAME.fullmatch(text):
            self.item("repository", text, line)
        elif "." in text and p.DOTTED.fullmatch(text):
            self.mention("dotted", text, line)

    def result(self) -> dict[str, tuple[object, ...]]:
        """Everything as plain data, sorted."""
        items = [Item(kind, text, n) for (kind, text), n in self.items.items()]
        mentions = [Mention(how, name, n) for (how, name), n in self.mentions.items()]
        return {
            "items": tuple(sorted(items)),
            "mentions": tuple(sorted(mentions)),
            "defined": tuple(sorted(self.defined.items())),
            "bound": tuple(sorted(self.bound.items())),
            "used": tuple(sorted(self.used.items())),
            "imported": tuple(sorted(self.imported)),
            "words": tuple(sorted(self.words.items())),
        }
