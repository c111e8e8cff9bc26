"""The nouns: a submission, the roster of all, and what is known of one before it has a name."""

from __future__ import annotations

from dataclasses import dataclass

from codesim.model import Skipped


@dataclass(frozen=True, slots=True)
class Submission:
    """What one person or team handed in.

    name: unique in its roster, printable, at most 100 characters.
    sources: what ``open_submission`` reads, in order: a path, an address, or a member of an archive
        as ``outer.zip!inner.zip`` (``outer.zip!folder/`` for a folder of it).
    time: ISO 8601, or empty. revision: of a Git repository, empty for its HEAD.
    old: from a past cohort, to be compared with new ones only; cohort: what that is called.
    refused: why it cannot be opened at all, or empty.
    """

    name: str
    sources: tuple[str, ...]
    team: str = ""
    time: str = ""
    revision: str = ""
    old: bool = False
    refused: str = ""
    cohort: str = ""


@dataclass(frozen=True, slots=True)
class Roster:
    """All submissions, sorted by name, and what in the input is none, with reasons."""

    submissions: tuple[Submission, ...]
    skipped: tuple[Skipped, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """A submission before its name is known to be unique.

    ``marks`` are what tells namesakes apart, the best first: a team, a number of the platform, the
    full file name.
    """

    name: str
    sources: tuple[str, ...]
    team: str = ""
    time: str = ""
    revision: str = ""
    marks: tuple[str, ...] = ()
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that lies where submissions lie: its name there, how it is opened, and why it
    cannot be, or empty.
    """

    name: str
    source: str
    is_folder: bool
    refused: str = ""
