"""What the attribution detector knows of one snapshot: plain data, ready to be stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

# Where something stands. The first three are where people give credit, a comment only where it says
# what was taken; what is in another comment, a configuration or code is a trace.
DOCUMENTATION, COMMENT, LEGAL, REMARK, CONFIGURATION, CODE = (
    "documentation", "comment", "legal text", "comment that gives no credit", "configuration",
    "code",
)  # fmt: skip
CREDIT = frozenset((DOCUMENTATION, COMMENT, LEGAL))


class Place(NamedTuple):
    """Where something stands, by what kind of text, path and line."""

    where: str
    path: str
    line: int


class Licence(NamedTuple):
    """A licence that a snapshot states; ``how`` is the way, such as the text or an SPDX id."""

    identifier: str
    how: str
    path: str
    line: int


class Credit(NamedTuple):
    """A line that says where something was taken from."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class FileRights:
    """Rights and credits in one file: ``holders`` are (normalised copyright holder, line)."""

    path: str
    holders: tuple[tuple[str, int], ...] = ()
    licences: tuple[str, ...] = ()
    credits: tuple[Credit, ...] = ()


class OwnName(NamedTuple):
    """A name that a snapshot goes by, and where that is from."""

    name: str
    source: str


@dataclass(frozen=True, slots=True)
class AttributionProfile:
    """Licences, holders and credits; the names of the snapshot; and everything it mentions.

    ``works`` name the work, ``owners`` who made it, ``repositories`` both at once as owner/name,
    ``papers`` are arXiv ids under which it asks to be cited. ``words`` are all words of
    documentation, comments and configuration with their first place; ``mentioned`` the
    repositories and papers in them.
    """

    name: str
    files: tuple[FileRights, ...] = ()
    licences: tuple[Licence, ...] = ()
    works: tuple[OwnName, ...] = ()
    owners: tuple[OwnName, ...] = ()
    repositories: tuple[OwnName, ...] = ()
    papers: tuple[OwnName, ...] = ()
    words: tuple[tuple[str, Place], ...] = ()
    mentioned: tuple[tuple[str, Place], ...] = ()
    skipped: tuple[tuple[str, str], ...] = ()
