"""A result document without the names of people and repositories, before it is rendered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from msgspec.structs import replace

from codesim.report.anonymise.anonymiser import Anonymiser
from codesim.report.anonymise.identities import Known, Survey, census, of_source
from codesim.report.anonymise.key import Key
from codesim.report.anonymise.ordinary import is_ordinary
from codesim.report.anonymise.strings import mapped, strings
from codesim.report.document import ResultDocument, SnapshotRecord

# Fields that hold words of ours.
FIXED = frozenset(("schema", "codesim", "strength", "kind"))
# A fact whose name ends so lists the names that a side goes by, as a detector looked for them.
_SEARCHED = "_searched"
_SOURCE_FOLDERS = ("src", "lib", "python")


def anonymised(document: ResultDocument) -> tuple[ResultDocument, Key]:
    """The document with stable pseudonyms for names, and the key to them.

    Both sides and all fields agree: who is ``person1`` in a path is ``person1`` in a comment. Line
    numbers, figures and the code itself stay as they are, but for names in it.
    """
    sides = {"left": document.left, "right": document.right}
    sides |= {f"base {number}": base for number, base in enumerate(document.base, 1)}
    change = Anonymiser(census([surveyed(document)]))
    new = _changed(document, change, change)
    new = replace(
        new,
        left=_renamed(document.left, change),
        right=_renamed(document.right, change),
        base=tuple(_renamed(base, change) for base in document.base),
    )
    return new, Key(change.pseudonyms, {side: _told(each) for side, each in sides.items()})


def surveyed(document: ResultDocument) -> Survey:
    """Whom a document names."""
    sides = (document.left, document.right, *document.base)
    return Survey.of(_known(document, sides), strings(document, FIXED))


def anonymised_pair(
    document: ResultDocument, change: Anonymiser, names: tuple[str, str]
) -> ResultDocument:
    """The document as one of many, by an anonymiser that knows whom all of them name.

    ``names`` are what both sides are called. Paths are names of files, so that an ordinary word
    that is a name is replaced in them too.
    """
    return replace(
        _changed(document, change, change.path),
        left=_called(document.left, names[0], change),
        right=_called(document.right, names[1], change),
        base=tuple(_renamed(base, change) for base in document.base),
    )


def _changed(
    document: ResultDocument, change: Anonymiser, path: Callable[[str], str]
) -> ResultDocument:
    paths = distinct(path, _paths(document))
    return mapped(document, lambda text: paths.get(text) or change(text), FIXED)


def _called(snapshot: SnapshotRecord, name: str, change: Anonymiser) -> SnapshotRecord:
    origin = f"file:{name}" if snapshot.origin == f"file:{snapshot.name}" else None
    new = _renamed(snapshot, change)
    return replace(new, name=name, origin=new.origin if origin is None else origin)


def _told(snapshot: SnapshotRecord) -> dict[str, str]:
    found = {"name": snapshot.name, "origin": snapshot.origin}
    return found | ({"revision": snapshot.revision} if snapshot.revision else {})


def _renamed(snapshot: SnapshotRecord, change: Anonymiser) -> SnapshotRecord:
    revision = None if snapshot.revision is None else change.name(snapshot.revision)
    return replace(
        snapshot,
        name=change.name(snapshot.name),
        origin=change.name(snapshot.origin),
        revision=revision,
        date=None,  # to the second, it names the commit as well as an id does
    )


def _known(document: ResultDocument, sides: Iterable[SnapshotRecord]) -> Iterator[Known]:
    """What the document itself says to be a name."""
    for side in sides:
        yield from of_source(side.name, side.origin, side.revision)
    for evidence in document.evidence:
        for name, value in evidence.facts.items():
            if name.endswith(_SEARCHED) and isinstance(value, str):
                yield from _own(value)
    for path in _paths(document):
        folders = [each for each in path.split("/")[:-1] if each not in _SOURCE_FOLDERS]
        if path.endswith(".py") and folders and not is_ordinary(folders[0]):
            yield Known("project", folders[0])


def _own(listed: str) -> Iterator[Known]:
    for name in filter(None, listed.split(", ")):
        owner, slash, project = name.partition("/")
        if slash:
            yield from (Known("person", owner), Known("project", project))
        else:
            yield Known("project" if any(map(str.isalpha, name)) else "paper", name)


def _paths(document: ResultDocument) -> list[str]:
    """Every path of either side, sorted."""
    pairs = [pair for evidence in document.evidence for pair in evidence.pairs]
    found = {side.path for pair in pairs for side in (pair.left, pair.right)}
    matches = [match for pair in pairs for match in pair.matches]
    found |= {side.path for match in matches for side in (match.left, match.right)}
    return sorted(found | document.sources.left.keys() | document.sources.right.keys())


def distinct(change: Callable[[str], str], paths: Iterable[str]) -> dict[str, str]:
    """A new path for each old one, never one for two."""
    new: dict[str, str] = {}
    taken: set[str] = set()
    for path in paths:
        changed, number = change(path), 1
        stem, dot, suffix = changed.rpartition(".")
        while changed in taken:
            number += 1
            changed = f"{stem}~{number}{dot}{suffix}"
        taken.add(changed)
        new[path] = changed
    return new
