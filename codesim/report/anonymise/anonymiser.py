"""Puts pseudonyms in the place of names, in any text, the same ones everywhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from codesim.report.anonymise.identities import Identity, Known, Survey, census
from codesim.report.anonymise.ordinary import is_public
from codesim.report.anonymise.places import found_in
from codesim.report.anonymise.split import WORD, Hump, humps, plain

# A separator inside a name; more than that separates two things.
_JOIN = re.compile(r"[_-]|[./ \t]{1,3}")
# In a longer word that nobody else uses: libfernlight, fernlightmodel.
_LEAST_INSIDE = 6
# Of a name in several words; that of a group may have more, and then its first ones are hidden.
_MOST_WORDS = 8
_HEXADECIMAL = re.compile(r"(?<![0-9A-Za-z])[0-9a-f]{7,64}(?![0-9A-Za-z])")


class _Span(NamedTuple):
    start: int
    end: int
    instead: str


class Anonymiser:
    """A pure function on texts: ``anonymise(text)`` has no name that it knows.

    Names are found where their place in the text says so (an address, a field of authors) and,
    when they are no ordinary word, wherever they are a word or a part of one, in any casing and
    with any separator: ``fern-light``, ``FernLight`` and ``FERN_LIGHT_HOME`` are one. The longest
    wins. Lines stay lines. ``pseudonyms`` says who is called what, in the order of first meeting.
    """

    @classmethod
    def of(cls, known: Iterable[Known], texts: Iterable[str]) -> Anonymiser:
        """``texts`` are all that will be anonymised, so that a name met in one is hidden in all."""
        return cls(census([Survey.of(known, texts)]))

    def __init__(self, people: Mapping[str, Identity]) -> None:
        """``people`` are all who are hidden, by ``plain`` name."""
        self._by_name = people
        wide = {name: each for name, each in people.items() if each.everywhere}
        self._wide = wide
        self._starts = {name[:end] for name in wide for end in range(1, len(name) + 1)}
        self._inside: dict[str, list[str]] = {}
        for name in sorted(wide, key=lambda each: (-len(each), each)):
            if len(name) >= _LEAST_INSIDE:
                self._inside.setdefault(name[:_LEAST_INSIDE], []).append(name)
        self._revisions = [each for each in people.values() if each.kind == "revision"]
        self._within: dict[str, tuple[_Span, ...]] = {}
        self._dull: dict[str, bool] = {}
        self._done: dict[str, str] = {}

    @property
    def pseudonyms(self) -> dict[str, Identity]:
        """Who is behind each pseudonym."""
        return {each.pseudonym: each for each in self._by_name.values()}

    def __call__(self, text: str) -> str:
        """The text without names."""
        if text not in self._done:
            self._done[text] = _rebuilt(text, [*self._placed(text), *self._worded(text)])
        return self._done[text]

    def name(self, text: str) -> str:
        """A text that is a name and nothing else, such as that of a repository or its origin.

        Ordinary words are replaced here too, piece by piece.
        """
        spans = list(self._placed(text))
        for piece in re.finditer(r"[^/#@:?&=]+", text):
            known = self._by_name.get(plain(piece[0].removesuffix(".git")))
            if known:
                spans.append(_Span(piece.start(), piece.end(), known.pseudonym))
        return _rebuilt(text, [*spans, *self._worded(text)])

    def path(self, text: str) -> str:
        """The path of a file: a part of it that is a name is replaced, also an ordinary word."""
        spans = []
        for piece in re.finditer(r"[^/]+", text):
            for name in (piece[0], piece[0].rpartition(".")[0]):
                known = self._by_name.get(plain(name))
                if known:
                    end = piece.start() + len(name)
                    spans.append(_Span(piece.start(), end, _in_style(name, known.pseudonym)))
                    break
        return _rebuilt(text, [*spans, *self._placed(text), *self._worded(text)])

    def _placed(self, text: str) -> Iterator[_Span]:
        """Names that stand where only names stand."""
        for found in found_in(text):
            known = self._by_name.get(plain(found.text))
            if known:
                yield _Span(found.start, found.end, _in_style(found.text, known.pseudonym))
        for match in _HEXADECIMAL.finditer(text) if self._revisions else ():
            for each in self._revisions:
                if each.text.startswith(match[0]):
                    yield _Span(match.start(), match.end(), each.pseudonym)

    def _worded(self, text: str) -> Iterator[_Span]:
        """Names that are words, parts of words, or several words in a row."""
        words = [(match.start(), match[0]) for match in WORD.finditer(text)] if self._wide else []
        done = 0
        for number, (start, word) in enumerate(words):
            if start + len(word) <= done or self._is_dull(word):
                continue
            parts = [
                Hump(at + hump.start, at + hump.end, hump.text)
                for at, each in words[number : number + _MOST_WORDS]
                for hump in humps(each)
            ]
            for first in range(len(humps(word))):
                if parts[first].start < done:
                    continue
                end = self._longest(text, parts, first)
                if end:
                    done = parts[end - 1].end
                    yield self._span(text, parts[first].start, done)
                else:
                    yield from self._hidden(text, parts[first])

    def _is_dull(self, word: str) -> bool:
        """True where no name begins in a word; most words of most texts are so."""
        if word not in self._dull:
            self._dull[word] = not any(
                hump.text in self._starts or any(self._hidden(word, hump)) for hump in humps(word)
            )
        return self._dull[word]

    def _longest(self, text: str, parts: list[Hump], first: int) -> int:
        """Behind the last part of the longest name that starts with part ``first``; or 0."""
        name, crossed, best = "", set(), 0
        for number in range(first, len(parts)):
            if number > first:
                between = text[parts[number - 1].end : parts[number].start]
                if between and not _JOIN.fullmatch(between):
                    break
                if between.strip("_-"):
                    crossed.add(len(name))
            name += parts[number].text
            if name not in self._starts:
                break
            # Blanks, dots and slashes join only what they join in the name itself.
            if name in self._wide and crossed <= self._wide[name].seams:
                best = number + 1
        return best

    def _span(self, text: str, start: int, end: int) -> _Span:
        known = self._wide[plain(text[start:end])]
        return _Span(start, end, _in_style(text[start:end], known.pseudonym))

    def _hidden(self, text: str, part: Hump) -> Iterator[_Span]:
        """Long names inside a part that public code does not use as a word."""
        if len(part.text) <= _LEAST_INSIDE or not self._inside:
            return
        if part.text not in self._within:
            self._within[part.text] = tuple(self._search(part.text))
        for each in self._within[part.text]:
            start, end = part.start + each.start, part.start + each.end
            yield _Span(start, end, _in_style(text[start:end], each.instead))

    def _search(self, word: str) -> Iterator[_Span]:
        at = 0
        while at + _LEAST_INSIDE <= len(word):
            names = self._inside.get(word[at : at + _LEAST_INSIDE], ())
            name = next((each for each in names if word.startswith(each, at)), "")
            if name and not is_public(word):
                yield _Span(at, at + len(name), self._wide[name].pseudonym)
            at += len(name) or 1


def _in_style(found: str, pseudonym: str) -> str:
    """The pseudonym in capitals where the name is: PERSON1, Person1, person1."""
    letters = [ch for ch in found if ch.isalpha()]
    if "@" in pseudonym or "." in pseudonym or not letters:
        return pseudonym
    if len(letters) > 1 and all(map(str.isupper, letters)):
        return pseudonym.upper()
    return pseudonym.capitalize() if letters[0].isupper() else pseudonym


def _rebuilt(text: str, spans: list[_Span]) -> str:
    """The text with spans replaced. Of two that overlap the one that begins first wins, then the
    longer one, then the one that was found first.
    """
    out: list[str] = []
    at = 0
    for _, span in sorted(enumerate(spans), key=lambda s: (s[1].start, -s[1].end, s[0])):
        if span.start < at:
            continue
        out += [text[at : span.start], span.instead]
        # person1 and what was a number behind the name are two things.
        if span.instead[-1:].isdigit() and text[span.end : span.end + 1].isdigit():
            out.append("_")
        at = span.end
    return "".join(out) + text[at:]
