"""The nouns of codesim and the detector interface. Imports nothing of ours.

Every noun is frozen. Both sides of a comparison are always kept, in the same order, as *left* and
*right*; coverage is kept per side and similarity is derived from it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Literal, Protocol, TypeVar, runtime_checkable


class Strength(IntEnum):
    """What one kind of evidence is worth; each step promises a false-match rate per pair of
    unrelated repositories: 1 in 20 (weak), 100 (moderate), 1,000 (strong), 100,000 (very strong).
    """

    NONE = 0
    WEAK = 1
    MODERATE = 2
    STRONG = 3
    VERY_STRONG = 4

    @property
    def word(self) -> str:
        """The step in the words of a report: ``very strong``."""
        return self.name.lower().replace("_", " ")

    @property
    def rate(self) -> float:
        """The share of pairs of unrelated repositories that reach the step at most."""
        return (1.0, 1 / 20, 1 / 100, 1 / 1_000, 1 / 100_000)[self]

    def among(self, pairs: int) -> Strength:
        """What is left of the step when the best of so many pairs has it: the highest step that as
        few sets of unrelated pairs reach as it promises of one pair.
        """
        steps = [step for step in Strength if step <= self and pairs * self.rate <= step.rate]
        return max(steps, default=Strength.NONE)


class CloneType(IntEnum):
    """How alike two fragments are, for any artefact (Roy and Cordy's clone types 1 to 4)."""

    EXACT = 1
    RENAMED = 2
    NEAR = 3
    SEMANTIC = 4


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that was not looked at, or only looked at in a degraded way."""

    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class Excluded:
    """Something that matched and was set aside: base code, common code, licence text."""

    what: str
    amount: str
    reason: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a snapshot.

    ``path`` is a label with ``/`` between parts, never joined to a file-system path. ``blob_id`` is
    the Git blob id in hexadecimal (the content SWHID), or None where it is not known without
    reading. ``size`` is in bytes, None where the object is missing. ``readable`` is False for what
    ``read`` would refuse; ``Snapshot.skipped`` then holds the reason.
    """

    path: str
    blob_id: str | None = None
    size: int | None = None
    readable: bool = True


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A repository at one commit: bytes by path, never a work tree.

    ``origin`` is where it came from, without credentials. ``entries`` are sorted by path.
    ``ranges``, where the source allows it, gives part of a file by path, start and size, also of
    a file that is too large for ``read``. ``announce``, where the source is on a server, takes a
    path and parts of it (start, size) that will be asked for soon. ``weights`` is the same commit
    as its server gives it in parts, where large files are only pointers here. ``date`` is when the
    commit says it was made, in UTC (2024-05-01T12:00:00Z).
    """

    name: str
    origin: str
    revision: str | None
    entries: tuple[Entry, ...]
    reader: Callable[[str], bytes] = field(repr=False, compare=False)
    skipped: tuple[Skipped, ...] = ()
    ranges: Callable[[str, int, int], bytes] | None = field(default=None, repr=False, compare=False)
    announce: Callable[[str, Sequence[tuple[int, int]]], None] | None = field(
        default=None, repr=False, compare=False
    )
    weights: Snapshot | None = field(default=None, repr=False, compare=False)
    date: str | None = None

    def read(self, path: str) -> bytes:
        """The bytes of one readable entry. Raises SnapshotError when they cannot be had."""
        return self.reader(path)

    def read_range(self, path: str, start: int, size: int) -> bytes:
        """At most ``size`` bytes of one entry from ``start`` on, fewer only at its end.

        Raises SnapshotError like ``read``; with ``ranges``, size alone is no reason to refuse.
        """
        if self.ranges is not None:
            return self.ranges(path, start, size)
        return self.reader(path)[start : start + size]


@dataclass(frozen=True, slots=True)
class Fragment:
    """One contiguous region of one artefact; ``lines`` are 1-based and inclusive, None means all.

    The label names a definition, key, tensor, token or commit.
    """

    path: str
    lines: tuple[int, int] | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """Two fragments judged similar (0..1), with one plain sentence of reason and, where they are
    known, the ``names`` changed inside as (left, right).
    """

    left: Fragment
    right: Fragment
    clone_type: CloneType
    similarity: float
    why: str
    names: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class FilePair:
    """All matches between two files. A coverage is the rarity-weighted share of that side, 0..1."""

    left: Fragment
    right: Fragment
    left_coverage: float
    right_coverage: float
    similarity: float
    matches: tuple[Match, ...] = ()


@dataclass(frozen=True, slots=True)
class Rename:
    """A name of the left that stands where another name of the right stands.

    ``votes`` counts aligned positions; ``consistency`` is their share among all votes that either
    name received, 0..1; ``role`` says what is renamed (class, function, attribute, variable ...).
    """

    left: str
    right: str
    votes: int
    consistency: float
    role: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table that shows evidence of one kind best: values, tokens, templates, leftovers.

    Every row has one text per column. A column named ``state`` says how a row is to be read
    (same, changed, renamed, only left, only right, base, common); renderers mark it.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


PlotKind = Literal["line", "points", "bars", "histogram", "qq", "heat"]


@dataclass(frozen=True, slots=True)
class Series:
    """What one line, one colour of points or bars, or one row of a heat map shows."""

    name: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Plot:
    """A figure that shows evidence of one kind best; ``x`` and ``y`` name its axes.

    ``line`` and ``points`` draw every series alike. Of ``bars``, ``histogram`` and ``qq`` the first
    series is drawn as bars or points, every other as a line that it is to be read against. Each
    series of a ``heat`` map is a row from the top, its points are (column, value); ``y`` names the
    rows, and the full colour stands for the largest value, at least 1.
    """

    title: str
    kind: PlotKind
    x: str
    y: str
    series: tuple[Series, ...]
    note: str = ""


Fact = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one detector says about two snapshots. ``score`` ranks only within its kind.

    ``facts`` are figures for programs, by name; ``tables`` and ``plots`` are for people.
    """

    kind: str
    strength: Strength
    score: float
    summary: str
    pairs: tuple[FilePair, ...] = ()
    renames: tuple[Rename, ...] = ()
    excluded: tuple[Excluded, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    tables: tuple[Table, ...] = ()
    facts: Mapping[str, Fact] = field(default_factory=dict)
    plots: tuple[Plot, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that was found, and enough to repeat the run."""

    left: Snapshot
    right: Snapshot
    evidence: tuple[Evidence, ...]
    parameters: Mapping[str, Any]
    version: str
    base: tuple[Snapshot, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    cohort: tuple[Snapshot, ...] = ()

    @property
    def strength(self) -> Strength:
        """The strongest kind of evidence; kinds are never blended."""
        return max((e.strength for e in self.evidence), default=Strength.NONE)

    @property
    def reason(self) -> str:
        """The sentence of the kind of evidence that sets the overall strength."""
        for evidence in self.evidence:
            if evidence.strength is self.strength:
                return f"{evidence.kind}: {evidence.summary}"
        return "nothing was compared"


P = TypeVar("P")


class Detector(Protocol[P]):
    """One kind of evidence. A frozen dataclass whose fields are its parameters."""

    @property
    def kind(self) -> str: ...

    def profile(self, snapshot: Snapshot) -> P: ...

    def compare(self, left: P, right: P, base: Sequence[P] = ()) -> Evidence: ...


@runtime_checkable
class Reviewer(Protocol):
    """A detector that also reads what the others found, after them, and changes none of it."""

    def review(
        self, left: Any, right: Any, base: Sequence[Any], found: Sequence[Evidence]
    ) -> Evidence: ...


@runtime_checkable
class Ranker(Protocol):
    """A detector that can also say where its finding stands among models known to be unrelated."""

    def compare_in_cohort(
        self, left: Any, right: Any, base: Sequence[Any], cohort: Sequence[Any]
    ) -> Evidence: ...
