"""Places in a text that say of what stands there that it names somebody."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from codesim.report.anonymise import patterns as p
from codesim.report.anonymise.hosts import BEFORE_OWNER, PAGES, is_example
from codesim.report.anonymise.names import Name, is_telling, names_in
from codesim.report.anonymise.ordinary import is_public_repository

# The kind of what names nobody by itself: it is hidden only if it is a side's own name.
PUBLIC = "public"
_NO_OWNERS = PAGES | frozenset(BEFORE_OWNER)


class Found(NamedTuple):
    """A stretch of a text, from ``start`` to before ``end``, that names somebody or something."""

    start: int
    end: int
    kind: str
    text: str


def found_in(text: str) -> Iterator[Found]:
    """Everything that its place in the text says to be a name, in no particular order."""
    if not p.ANY.search(text):
        return
    small = _small(text)
    yield from _addresses(text, small)
    for place in p.PERSONS:
        for match in place.matches(text, small):
            who = match["who"].rstrip(".-")
            if is_telling(who) and not _is_decorator(match):
                yield Found(match.start("who"), match.start("who") + len(who), "person", who)
    for match in p.FOLDERS.matches(text, small):
        if is_telling(match["who"]):
            yield Found(match.start("who"), match.end("who"), "folder", match["who"])
    yield from _fields(text, small)


def _addresses(text: str, small: str) -> Iterator[Found]:
    for match in p.MAILS.matches(text, small):
        if not is_example(match["host"].lower()) and match["local"].lower() != "git":
            yield Found(match.start(), match.end(), "mail", match[0])
    for place in (*p.OWNED_SURELY, *p.OWNED):
        for match in place.matches(text, small):
            yield from _owned(match, always=place in p.OWNED_SURELY)


def _fields(text: str, small: str) -> Iterator[Found]:
    for match in p.RIGHTS_LINES.matches(text, small):
        yield from _listed(match, _holds_rights if match["year"] is None else _any)
    for match in p.BY_LINES.matches(text, small):
        # In the middle of a line much is done by code: "created by the wrapper".
        yield from _listed(match, _is_person if match["first"] is None else _is_name)
    for place in p.LISTS:
        for match in place.matches(text, small):
            yield from _listed(match, _is_name)


def _small(text: str) -> str:
    """The text in small letters, character for character."""
    small = text.lower()
    return small if len(small) == len(text) else "".join(ch.lower()[:1] for ch in text)


def _owned(match: re.Match[str], always: bool) -> Iterator[Found]:
    """Owner and project of one address; ``public`` where public code speaks of that repository."""
    owner = match["owner"].rstrip(".-")
    groups = match.groupdict()
    project = (groups.get("project") or "").removesuffix(".git").rstrip(".-")
    public = is_public_repository(f"{owner}/{project}")
    if owner.lower() in _NO_OWNERS or not (public or always or is_telling(owner)):
        return
    start = match.start("owner") + (len(owner) - len(owner.lstrip("~")))
    owner = owner.lstrip("~")
    yield Found(start, start + len(owner), PUBLIC if public else "person", owner)
    if project:
        start = match.start("project")
        yield Found(start, start + len(project), PUBLIC if public else "project", project)


def _listed(match: re.Match[str], accepts: Callable[[Name], bool]) -> Iterator[Found]:
    """The names in a field, each by itself."""
    for name in filter(accepts, names_in(match["who"])):
        start = match.start("who") + name.start
        yield Found(start, start + len(name.text), "person", name.text)


def _any(_: Name) -> bool:
    """What stands behind a copyright sign and a year is a name."""
    return True


def _holds_rights(name: Name) -> bool:
    """Without a year, a licence may just speak of copyright."""
    return name.words == name.capitals and not name.text.isupper() and is_telling(name.text)


def _is_name(name: Name) -> bool:
    """A field of code may hold anything: a word that says nothing is no name."""
    if is_telling(name.text):
        return name.words == 1 or name.capitals > 0
    return _is_person(name)


def _is_person(name: Name) -> bool:
    """Several words that all begin large."""
    return name.capitals > 1 and name.words == name.capitals and not name.text.isupper()


# Words that stand behind an @ in documentation of code.
_DOCUMENTED = """
    param params return returns raise raises throws type rtype see deprecated brief note example
    todo version property override author since file details warning staticmethod classmethod
"""
_TAGS = frozenset(_DOCUMENTED.split())


def _is_decorator(match: re.Match[str]) -> bool:
    """True for ``@name`` alone at the start of a line, and for tags of documentation."""
    if match.re is not p.HANDLE:
        return False
    line = match.string[match.string.rfind("\n", 0, match.start()) + 1 : match.start()]
    rest = match.string[match.end() : match.end() + 1]
    return match["who"].lower() in _TAGS or (not line.strip() and rest in ("", "\n", "\r", "."))
