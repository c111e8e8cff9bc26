"""The audit document, ``codesim/audit/1``: the one thing every audit report is rendered from."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta

from codesim.report.document import (
    Record,
    Share,
    SkippedRecord,
    SnapshotRecord,
    StrengthWord,
)
from codesim.report.schemas import schema_of

SCHEMA = "codesim/audit/1"

Count = Annotated[int, Meta(ge=0)]
State = Literal["read", "in part", "unreadable"]


class SubmissionRecord(Record, frozen=True):
    """One submission: the work of one person or team, in one or several files."""

    name: Annotated[str, Meta(description="Unique within the audit.")]
    team: Annotated[str, Meta(description="Team, as the list of submissions says; or empty.")]
    time: Annotated[str, Meta(description="When it was handed in, as given; or empty.")]
    old: Annotated[bool, Meta(description="From the archive: compared with new ones only.")]
    origin: Annotated[str, Meta(description="Where it came from, without credentials.")]
    revision: Annotated[str | None, Meta(description="Full commit id, or null.")]
    state: Annotated[State, Meta(description="How much of it could be read.")]
    reason: Annotated[str, Meta(description="Why it is unreadable; or empty.")]
    files: Annotated[Count, Meta(description="Number of files.")]
    unread_files: Annotated[Count, Meta(description="Files not compared, or in part only.")]
    code_lines: Annotated[Count, Meta(description="Lines of code that were read.")]
    base_lines: Annotated[Count, Meta(description="Lines of code that the base explains.")]
    unread: Annotated[
        tuple[SkippedRecord, ...], Meta(description="The first of the files not compared.")
    ]
    strength: Annotated[StrengthWord, Meta(description="Of its strongest pair.")]
    cluster: Annotated[int | None, Meta(description="Number of its cluster, from 1; or null.")]


class KindRecord(Record, frozen=True):
    """What one kind of evidence says of a pair."""

    kind: Annotated[str, Meta(description="Kind of evidence, the name of the detector.")]
    strength: Annotated[StrengthWord, Meta(description="What it is worth in this cohort.")]
    score: Annotated[
        float,
        Meta(
            description="Ranks only within its kind. Of code: bits beyond what both sides share"
            " with others."
        ),
    ]
    summary: Annotated[str, Meta(description="The finding in one sentence.")]
    note: Annotated[str, Meta(description="Why the cohort lowers its strength; or empty.")]
    above: Annotated[
        Share | None,
        Meta(description="Share of the cohort's pairs that score less; null if unknown."),
    ]


class FileNote(Record, frozen=True):
    """Two files of a pair that match."""

    kind: Annotated[str, Meta(description="Kind of evidence.")]
    left: Annotated[str, Meta(description="Path on the left.")]
    right: Annotated[str, Meta(description="Path on the right.")]
    similarity: Annotated[Share, Meta(description="Symmetrical similarity, 0 to 1.")]


class AuditPairRecord(Record, frozen=True):
    """Two submissions that were compared with all detectors."""

    left: Annotated[str, Meta(description="Name of the submission on the left.")]
    right: Annotated[str, Meta(description="Name of the submission on the right.")]
    strength: Annotated[StrengthWord, Meta(description="The maximum over all kinds.")]
    reason: Annotated[str, Meta(description="The sentence of the kind that sets it.")]
    left_coverage: Annotated[
        Share | None, Meta(description="Share of the code of the left that is in the right.")
    ]
    right_coverage: Annotated[
        Share | None, Meta(description="Share of the code of the right that is in the left.")
    ]
    kinds: Annotated[tuple[KindRecord, ...], Meta(description="One entry per kind.")]
    files: Annotated[tuple[FileNote, ...], Meta(description="Files that match, most telling first")]
    page: Annotated[str, Meta(description="File of its side-by-side report; or empty.")]


class ClusterRecord(Record, frozen=True):
    """Submissions that strong pairs connect, directly or over others."""

    members: Annotated[tuple[str, ...], Meta(description="Names, the earliest first if known.")]
    earliest: Annotated[str, Meta(description="The member handed in first; empty if unknown.")]
    strength: Annotated[StrengthWord, Meta(description="Of its strongest pair.")]
    pairs: Annotated[Count, Meta(description="Strong pairs within it.")]


class CohortRecord(Record, frozen=True):
    """What pairs of this cohort score by chance, from all that were compared save those that stand
    apart.
    """

    kind: Annotated[str, Meta(description="Kind of evidence.")]
    scores: Annotated[tuple[float, ...], Meta(description="Scores by chance, ascending.")]
    steps: Annotated[
        dict[str, float], Meta(description="Score above which each strength can hold, if known.")
    ]


class HolderRecord(Record, frozen=True):
    """Where one submission has a shared part."""

    name: Annotated[str, Meta(description="Name of the submission.")]
    path: Annotated[str, Meta(description="File in it.")]
    start: Annotated[int | None, Meta(description="First line, from 1; null for the whole file.")]
    end: Annotated[int | None, Meta(description="Last line, inclusive; null for the whole file.")]


class SharedRecord(Record, frozen=True):
    """A part that several submissions have as a whole, and no base: who shares what with whom."""

    kind: Annotated[str, Meta(description="Kind of evidence: code, files.")]
    label: Annotated[str, Meta(description="Name of the definition or file, in the first holder.")]
    members: Annotated[Count, Meta(description="How many submissions have it.")]
    holders: Annotated[tuple[HolderRecord, ...], Meta(description="The first of them, by name.")]


class AuditDocument(Record, frozen=True):
    """N submissions compared with each other and with an archive."""

    schema: Annotated[Literal["codesim/audit/1"], Meta(description="Name and version of format.")]
    codesim: Annotated[str, Meta(description="Version of codesim that wrote the document.")]
    parameters: Annotated[dict[str, Any], Meta(description="Parameters, by what they belong to.")]
    strength: Annotated[StrengthWord, Meta(description="Of the strongest pair.")]
    base: Annotated[tuple[SnapshotRecord, ...], Meta(description="Code that anyone may share.")]
    submissions: Annotated[tuple[SubmissionRecord, ...], Meta(description="By name.")]
    compared: Annotated[Count, Meta(description="Pairs that were compared with all detectors.")]
    candidates: Annotated[Count, Meta(description="Pairs that share rare fingerprints.")]
    pairs: Annotated[tuple[AuditPairRecord, ...], Meta(description="Listed pairs, best first.")]
    clusters: Annotated[tuple[ClusterRecord, ...], Meta(description="Largest first.")]
    cohort: Annotated[tuple[CohortRecord, ...], Meta(description="One entry per kind.")]
    shared: Annotated[tuple[SharedRecord, ...], Meta(description="Most widely shared first.")]
    skipped: Annotated[
        tuple[SkippedRecord, ...], Meta(description="What in the input is no submission.")
    ]


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of the audit document; ``schema/audit-1.json`` is its copy."""
    return schema_of(AuditDocument, SCHEMA)
