"""Who is named in some texts, and what each is to be called instead."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from msgspec import Struct

from codesim.report.anonymise.hosts import is_shared
from codesim.report.anonymise.names import parts_of
from codesim.report.anonymise.ordinary import is_ordinary
from codesim.report.anonymise.places import PUBLIC, found_in
from codesim.report.anonymise.split import plain, seams

# Of a name in parts, such as tiny-fernlight-7b, a part that alone names the work.
_LEAST_PART = 4
# Where an address separates what it consists of.
_PIECES = re.compile(r"[/#@:?&=]+")
_SCHEME = re.compile(r"^[a-z+]{2,10}:(?://)?")
# Names that a text defines or imports as code.
_CODE = re.compile(r"^[ \t]{0,60}(?:def|class|import|from)[ \t]+(\w{1,80})", re.MULTILINE)
_ONLINE = re.compile(r"^(?:https?|ssh|git|hf):")

# Below a country these are shared by many: uni.ac.uk is a host, ac.uk is none.
_SECOND_LEVEL = ("ac", "co", "com", "edu", "gov", "net", "org")


KINDS = (
    "person", "project", "folder", "mail", "host", "paper", "revision", "submission", "team",
)  # fmt: skip


class Known(NamedTuple):
    """A text that is known to name somebody or something, with what kind of thing it names.

    A kind is the first half of a pseudonym, one of ``KINDS``.
    """

    kind: str
    text: str


class Identity(NamedTuple):
    """One that is replaced: by ``pseudonym``, and wherever it is a word, not only in its place."""

    text: str
    kind: str
    pseudonym: str
    everywhere: bool
    seams: frozenset[int]


class Survey(Struct, frozen=True):
    """Whom some texts name, without the texts: those of many documents make one census.

    ``known`` and ``found`` are kinds and names in the order of meeting, ``code`` the plain names
    that the texts define or import as code, and ``taken`` the stems that stand before a number in
    them: a kind, and how many x follow it.
    """

    known: tuple[tuple[str, str], ...]
    found: tuple[tuple[str, str], ...]
    code: tuple[str, ...]
    taken: tuple[tuple[str, int], ...]

    @classmethod
    def of(cls, known: Iterable[Known], texts: Iterable[str]) -> Survey:
        """From texts, and what is known before they are read."""
        read = list(dict.fromkeys(texts))
        found = [(f.kind, f.text) for text in read for f in sorted(found_in(text))]
        return cls(
            tuple(dict.fromkeys((each.kind, each.text) for each in known)),
            tuple(dict.fromkeys(each for each in found if each[0] != PUBLIC)),
            tuple(sorted({plain(name) for text in read for name in _CODE.findall(text)})),
            tuple(sorted({stem for text in read for stem in _stems(text)})),
        )


def _stems(text: str) -> Iterable[tuple[str, int]]:
    small = text.lower()
    for kind in KINDS:
        if kind in small:
            yield from ((kind, len(xs)) for xs in re.findall(rf"{kind}(x*)_?\d", small))


def stem_of(kind: str, taken: Collection[tuple[str, int]]) -> str:
    """The first half of pseudonyms of a kind: a word that no text has before a number."""
    more = 0
    while (kind, more) in taken:
        more += 1
    return kind + more * "x"


def stand_ins(
    kind: str, names: Sequence[str], taken: Collection[tuple[str, int]]
) -> dict[str, Identity]:
    """Who is behind each name, by the name itself, numbered in this order and all of one length."""
    stem, width = stem_of(kind, taken), len(str(len(names)))
    return {
        name: Identity(name, kind, f"{stem}{n:0{width}}", not is_ordinary(name), seams(name))
        for n, name in enumerate(dict.fromkeys(names), 1)
    }


@dataclass
class Census:
    """Counts who is met, in order, and gives each a pseudonym that no text holds already."""

    taken: Collection[tuple[str, int]]
    met: dict[str, Identity] = field(default_factory=dict)
    _counts: Counter[str] = field(default_factory=Counter)

    def add(self, known: Known, everywhere: bool | None = None) -> None:
        """Meet one. The first meeting decides on kind and pseudonym; later ones can only widen."""
        key = plain(known.text)
        if not key:
            return
        wide = not is_ordinary(known.text) if everywhere is None else everywhere
        if key in self.met:
            if wide and not self.met[key].everywhere:
                self.met[key] = self.met[key]._replace(everywhere=True)
            return
        self._counts[known.kind] += 1
        pseudonym = f"{stem_of(known.kind, self.taken)}{self._counts[known.kind]}"
        pseudonym += {"mail": "@example.invalid", "host": ".invalid"}.get(known.kind, "")
        self.met[key] = Identity(known.text, known.kind, pseudonym, wide, seams(known.text))

    def name(self, known: Known) -> None:
        """Meet one by a name in parts: the whole, and the parts that alone name it too."""
        if known.kind == "person":
            self.add(known)
            for part in parts_of(known.text):
                self.add(Known("person", part))
            return
        if known.kind == "paper":
            self.add(known, everywhere=True)
            return
        parts = [each for each in re.split(r"[-_. ]", known.text) if each != known.text]
        if not any(self.met[each].everywhere for each in map(plain, parts) if each in self.met):
            self.add(known)  # or a part is hidden already, and what is left over is below
        for part in parts:
            if len(part) >= _LEAST_PART and not is_ordinary(part):
                self.add(Known(known.kind, part))

    def place(self, known: Known) -> None:
        """Meet one that is hidden in its place alone, unless a part of it is hidden anyway."""
        parts = map(plain, re.split(r"[-_. ]", known.text))
        if not any(self.met[each].everywhere for each in parts if each in self.met):
            self.add(known, everywhere=False)


def census(surveys: Sequence[Survey], given: Iterable[Identity] = ()) -> dict[str, Identity]:
    """Everybody who is known, and everybody whom texts name, by ``plain`` name.

    Numbers follow the order of the surveys; give them in one that says nothing. Those who are
    ``given`` have their pseudonyms already.
    """
    people = Census(frozenset(stem for survey in surveys for stem in survey.taken))
    for identity in given:
        people.met.setdefault(plain(identity.text), identity)
    people.met.pop("", None)
    for survey in surveys:
        for known in survey.known:
            people.name(Known(*known))
    code = {name for survey in surveys for name in survey.code}
    for survey in surveys:
        for kind, text in survey.found:
            if kind == "mail":
                _meet_mail(people, text)
            elif kind != "person" or plain(text) in code:
                # The work of somebody else, a folder, or a name of code.
                people.place(Known(kind, text))
            else:
                people.name(Known(kind, text))
    return people.met


def of_source(name: str, origin: str, revision: str | None) -> list[Known]:
    """What is known of one snapshot: its name, the parts of its origin, its revision."""
    online = bool(_ONLINE.match(origin))
    first, last = ("person", "project") if online else ("folder", "project")
    found: list[Known] = []
    pieces = [each.removesuffix(".git") for each in _PIECES.split(name) if each]
    found += [Known(first, each) for each in pieces[:-1]]
    found += [Known(last, each) for each in pieces[-1:]]
    where = [each.removesuffix(".git") for each in _PIECES.split(_SCHEME.sub("", origin)) if each]
    if re.match(r"\w+://", origin) and where:
        host = where.pop(0)
        found += [Known("host", host)] if "." in host and not is_shared(host.lower()) else []
    found += [Known("project" if n == 1 and online else first, w) for n, w in enumerate(where)]
    if revision:
        found.append(Known("revision", revision))
    return [each for each in found if each.text != "\u2026"]


def _meet_mail(people: Census, address: str) -> None:
    """An address, who it belongs to, and where, unless anybody may have an address there."""
    local, _, host = address.partition("@")
    people.add(Known("mail", address), everywhere=False)
    who = local.rpartition("+")[2]
    if not is_ordinary(who):
        people.add(Known("person", who))
    if not is_shared(host.lower()):
        people.add(Known("host", host), everywhere=True)
        labels = host.split(".")
        own = 3 if len(labels) > 2 and labels[-2] in _SECOND_LEVEL else 2
        people.add(Known("host", ".".join(labels[-own:])), everywhere=True)
        if len(labels[-own]) >= _LEAST_PART and not is_ordinary(labels[-own]):
            people.add(Known("host", labels[-own]))
