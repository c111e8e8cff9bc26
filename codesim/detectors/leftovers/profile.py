"""What the leftovers detector knows of one snapshot: plain data, ready to be stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Item(NamedTuple):
    """Something that could be left over: what kind, the normalised text, and on which line."""

    kind: str
    text: str
    line: int


class Mention(NamedTuple):
    """A name that a file speaks of or imports; ``how`` says where it stands in the file."""

    how: str
    name: str
    line: int


@dataclass(frozen=True, slots=True)
class FileScan:
    """One file that was read. ``words`` are (word, line), each word once, at its first place.

    ``defined`` are classes, functions and attributes with their line, ``bound`` variables and
    parameters, ``used`` all names in code, ``imported`` names and modules that come from elsewhere.
    """

    path: str
    role: str
    blob_id: str
    items: tuple[Item, ...] = ()
    mentions: tuple[Mention, ...] = ()
    defined: tuple[tuple[str, int], ...] = ()
    bound: tuple[tuple[str, int], ...] = ()
    used: tuple[tuple[str, int], ...] = ()
    imported: tuple[str, ...] = ()
    words: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class LeftoversProfile:
    """Every text file that was read, in path order; ``paths`` lists all files of the snapshot.

    ``set_aside`` are third-party files that were not read, ``requirements`` packages that the
    snapshot says it needs.
    """

    name: str
    files: tuple[FileScan, ...] = ()
    paths: tuple[str, ...] = ()
    requirements: tuple[str, ...] = ()
    set_aside: tuple[tuple[str, str], ...] = ()
    skipped: tuple[tuple[str, str], ...] = ()
