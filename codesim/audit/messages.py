"""What the audit tells its children, and what they answer: plain data, checked on both ends."""

from __future__ import annotations

from typing import TypeVar

import msgspec
from msgspec import Struct

from codesim.audit.submissions import Submission

T = TypeVar("T")


class Message(Struct, frozen=True, forbid_unknown_fields=True):
    """Plain data."""

    def encoded(self) -> bytes:
        """As JSON; what no encoding can write is escaped."""
        return msgspec.json.encode(self)


class Where(Message, frozen=True):
    """Where children keep what they made, and by what values they are to be compared."""

    store: str


class Known(Message, frozen=True):
    """A snapshot whose profiles are in the store: its name and a digest of its content."""

    name: str
    content: str


class ProfileTask(Message, frozen=True):
    """Profile one submission without some files; ``only`` is None, or the files to look at.

    A probe keeps nothing: it only shows whether the files can be read.
    """

    where: Where
    submission: Submission
    hidden: tuple[tuple[str, str], ...] = ()
    only: tuple[str, ...] | None = None
    base: tuple[Known, ...] = ()
    probe: bool = False


class ListTask(Message, frozen=True):
    """List the files of one submission."""

    submission: Submission


class Listed(Message, frozen=True):
    """Paths of a submission that can be read, in order."""

    paths: tuple[str, ...]


class PartNote(Message, frozen=True):
    """A part that others may have as a whole; equal parts have equal values."""

    kind: str
    value: int
    path: str
    start: int
    end: int
    label: str


class Profiled(Message, frozen=True):
    """What is known of a submission whose profiles are in the store.

    ``unread`` are files that were not compared or only in a degraded way, with the reason;
    ``code_lines`` are lines of code, ``base_lines`` those that a base explains.
    """

    known: Known
    origin: str
    revision: str | None
    files: int
    size: int
    code_lines: int
    base_lines: int
    unread: tuple[tuple[str, str], ...]
    unread_files: int
    parts: tuple[PartNote, ...]


class CohortTask(Message, frozen=True):
    """Count how common each value is among some submissions, and what most of them have."""

    where: Where
    members: tuple[Known, ...]
    sample: tuple[Known, ...]
    least: int
    base: tuple[Known, ...]


class Cohorted(Message, frozen=True):
    """The cohort is in the store under this name."""

    name: str


class CompareTask(Message, frozen=True):
    """Compare two submissions with all detectors."""

    where: Where
    left: Known
    right: Known
    base: tuple[Known, ...]
    cohort: str


class Found(Message, frozen=True):
    """What one kind of evidence says of a pair."""

    kind: str
    strength: str
    score: float
    summary: str
    left_coverage: float | None = None
    right_coverage: float | None = None
    files: tuple[tuple[str, str, float], ...] = ()


class Compared(Message, frozen=True):
    """What all kinds of evidence say of a pair; the evidence itself is in the store."""

    found: tuple[Found, ...]


class ShowTask(Message, frozen=True):
    """The report of a pair side by side, from the evidence in the store and both submissions.

    ``strengths`` are those that hold in the cohort, by kind, with the reason where one was
    lowered. Where names are hidden, ``people`` is what the names are kept under and ``called`` what
    both submissions are called; ``unshown`` is why there is no report, or empty.
    """

    where: Where
    compare: CompareTask
    left: Submission
    right: Submission
    bases: tuple[Submission, ...]
    strengths: dict[str, tuple[str, str]]
    people: str = ""
    called: tuple[str, str] = ("", "")
    unshown: str = ""


def decoded(kind: type[T], data: bytes) -> T:
    """A message of this kind. Raises msgspec.MsgspecError (a ValueError) for anything else."""
    return msgspec.json.decode(data, type=kind)
