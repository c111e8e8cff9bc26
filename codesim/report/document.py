"""The result document, ``codesim/result/1``: the one thing every report is rendered from."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, field

from codesim.model import PlotKind
from codesim.report.schemas import schema_of

SCHEMA = "codesim/result/1"

StrengthWord = Literal["none", "weak", "moderate", "strong", "very strong"]
Side = Literal["left", "right"]

Share = Annotated[float, Meta(ge=0, le=1)]
LineNumber = Annotated[int, Meta(ge=1)]


class Record(Struct, frozen=True, forbid_unknown_fields=True):
    """Plain data; an unknown field means another schema, so it is refused."""


class SkippedRecord(Record, frozen=True):
    """Something that was not looked at, or only looked at in a degraded way."""

    what: Annotated[str, Meta(description="What was skipped.")]
    reason: Annotated[str, Meta(description="Why it was skipped.")]


class ExcludedRecord(Record, frozen=True):
    """Something that matched and was set aside."""

    what: Annotated[str, Meta(description="What was set aside.")]
    amount: Annotated[str, Meta(description="How much of it, in words.")]
    reason: Annotated[str, Meta(description="Why it does not count as evidence.")]


class SnapshotRecord(Record, frozen=True):
    """A repository at one commit."""

    name: Annotated[str, Meta(description="Short name of the repository.")]
    origin: Annotated[str, Meta(description="Where it came from, without credentials.")]
    revision: Annotated[
        str | None, Meta(description="Full commit id; null where there is no commit.")
    ]
    files: Annotated[int, Meta(ge=0, description="Number of files, read or not.")]
    date: Annotated[
        str | None, Meta(description="When the commit was made, as it says itself, in UTC.")
    ] = None


class OverallRecord(Record, frozen=True):
    """The strongest kind of evidence; kinds are never blended."""

    strength: Annotated[StrengthWord, Meta(description="The maximum over all kinds.")]
    reason: Annotated[str, Meta(description="The sentence of the kind that sets it.")]


class FileRecord(Record, frozen=True):
    """One file or file-like artefact."""

    path: Annotated[str, Meta(description="Path inside the snapshot, / between parts.")]


class FragmentRecord(Record, frozen=True):
    """One contiguous region of one artefact."""

    path: Annotated[str, Meta(description="Path inside the snapshot, / between parts.")]
    start: Annotated[LineNumber | None, Meta(description="First line, from 1; null for all.")]
    end: Annotated[LineNumber | None, Meta(description="Last line, inclusive; null for all.")]
    label: Annotated[str, Meta(description="Definition, key, tensor, token or commit; or empty.")]


class MatchRecord(Record, frozen=True):
    """Two fragments judged similar."""

    left: Annotated[FragmentRecord, Meta(description="The fragment on the left.")]
    right: Annotated[FragmentRecord, Meta(description="The fragment on the right.")]
    clone_type: Annotated[
        Literal[1, 2, 3, 4],
        Meta(description="1 exact, 2 renamed, 3 near (edited), 4 semantic (restructured)."),
    ]
    similarity: Annotated[Share, Meta(description="How alike the fragments are, 0 to 1.")]
    why: Annotated[str, Meta(description="One plain sentence of reason.")]
    names: Annotated[
        tuple[tuple[str, str], ...], Meta(description="Names changed inside, left and right.")
    ] = ()


class PairRecord(Record, frozen=True):
    """All matches between two files."""

    left: Annotated[FileRecord, Meta(description="The file on the left.")]
    right: Annotated[FileRecord, Meta(description="The file on the right.")]
    similarity: Annotated[Share, Meta(description="Symmetrical similarity, 0 to 1.")]
    left_coverage: Annotated[Share, Meta(description="Share of the left file that matches.")]
    right_coverage: Annotated[Share, Meta(description="Share of the right file that matches.")]
    matches: Annotated[tuple[MatchRecord, ...], Meta(description="Matches; they may overlap.")]


class RenameRecord(Record, frozen=True):
    """A name of the left that stands where another name of the right stands."""

    left: Annotated[str, Meta(description="The name on the left.")]
    right: Annotated[str, Meta(description="The name on the right.")]
    votes: Annotated[int, Meta(ge=0, description="Number of aligned positions that say so.")]
    consistency: Annotated[Share, Meta(description="Share among all votes of either name.")]
    role: Annotated[str, Meta(description="What is renamed: class, function, attribute ...")]


class TableRecord(Record, frozen=True):
    """A table of one kind of evidence."""

    title: Annotated[str, Meta(description="What the table shows.")]
    columns: Annotated[tuple[str, ...], Meta(description="Headings; `state` says how to read it.")]
    rows: Annotated[tuple[tuple[str, ...], ...], Meta(description="One text for each column.")]
    note: Annotated[str, Meta(description="How to read the table; or empty.")]


class SeriesRecord(Record, frozen=True):
    """One line of a plot, one colour of its points or bars, or one row of a heat map."""

    name: Annotated[str, Meta(description="What the series shows.")]
    points: Annotated[
        tuple[tuple[float, float], ...],
        Meta(description="Pairs of x and y; of a heat map, of column and value."),
    ]


class PlotRecord(Record, frozen=True):
    """A figure of one kind of evidence."""

    title: Annotated[str, Meta(description="What the figure shows.")]
    kind: Annotated[
        PlotKind,
        Meta(description="How to draw it: of bars, histogram and qq, later series are lines."),
    ]
    x: Annotated[str, Meta(description="Name of the horizontal axis.")]
    y: Annotated[str, Meta(description="Name of the vertical axis; of a heat map, of its rows.")]
    series: Annotated[tuple[SeriesRecord, ...], Meta(description="What is drawn, in order.")]
    note: Annotated[str, Meta(description="How to read the figure; or empty.")]


class EvidenceRecord(Record, frozen=True):
    """What one detector says about the two snapshots."""

    kind: Annotated[str, Meta(description="Kind of evidence, the name of the detector.")]
    strength: Annotated[StrengthWord, Meta(description="What this evidence is worth.")]
    score: Annotated[float, Meta(description="Ranks only within its kind.")]
    summary: Annotated[str, Meta(description="The finding in one sentence.")]
    pairs: Annotated[tuple[PairRecord, ...], Meta(description="File pairs, most telling first.")]
    renames: Annotated[
        tuple[RenameRecord, ...], Meta(description="Rename map, best attested first.")
    ]
    excluded: Annotated[tuple[ExcludedRecord, ...], Meta(description="Matched, but set aside.")]
    skipped: Annotated[tuple[SkippedRecord, ...], Meta(description="Skipped by the detector.")]
    tables: Annotated[tuple[TableRecord, ...], Meta(description="Tables that show this kind best.")]
    facts: Annotated[
        dict[str, str | int | float | bool | None],
        Meta(description="Figures of the summary, by name."),
    ]
    plots: Annotated[tuple[PlotRecord, ...], Meta(description="Figures that show this kind best.")]


class Sources(Record, frozen=True):
    """Text of the files in shown pairs, by path, so that a report needs nothing else."""

    left: Annotated[dict[str, str], Meta(description="Text of left files by path.")] = field(
        default_factory=dict
    )
    right: Annotated[dict[str, str], Meta(description="Text of right files by path.")] = field(
        default_factory=dict
    )


class ResultDocument(Record, frozen=True):
    """One comparison of two snapshots, with everything needed to render it again."""

    schema: Annotated[Literal["codesim/result/1"], Meta(description="Name and version of format.")]
    codesim: Annotated[str, Meta(description="Version of codesim that wrote the document.")]
    parameters: Annotated[
        dict[str, Any], Meta(description="Parameters of each detector, by kind of evidence.")
    ]
    overall: Annotated[OverallRecord, Meta(description="The overall strength and its reason.")]
    left: Annotated[SnapshotRecord, Meta(description="The snapshot on the left.")]
    right: Annotated[SnapshotRecord, Meta(description="The snapshot on the right.")]
    base: Annotated[
        tuple[SnapshotRecord, ...], Meta(description="Base code: what anyone may share here.")
    ]
    evidence: Annotated[tuple[EvidenceRecord, ...], Meta(description="One entry per kind.")]
    skipped: Annotated[tuple[SkippedRecord, ...], Meta(description="Skipped by the comparison.")]
    # A result may have been robbed of its texts, to make it small or to keep them private.
    sources: Annotated[
        Sources, Meta(description="Text of the files in shown pairs; where absent, of none.")
    ] = field(default_factory=Sources)

    @property
    def all_skipped(self) -> tuple[SkippedRecord, ...]:
        """Everything skipped, by the comparison and then by each detector."""
        return self.skipped + tuple(s for e in self.evidence for s in e.skipped)


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of the result document; ``schema/result-1.json`` is its copy."""
    return schema_of(ResultDocument, SCHEMA)
