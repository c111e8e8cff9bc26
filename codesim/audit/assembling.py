"""From what was read and compared to the audit document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from codesim import __version__
from codesim.audit.calibration import Chance, Judged, strength_of
from codesim.audit.clusters import Cluster, Link, clusters
from codesim.audit.messages import Compared
from codesim.audit.options import Options
from codesim.audit.reading import Read
from codesim.audit.sharing import shared_parts
from codesim.compare import parameters_of
from codesim.detectors import DETECTORS
from codesim.model import Skipped, Strength
from codesim.report.assemble import plain, scrub
from codesim.report.audit import document as doc
from codesim.report.document import SkippedRecord, SnapshotRecord

_FILES = 5
# An origin that only names a folder or file.
_LOCAL = "file:"


@dataclass(frozen=True, slots=True)
class JudgedPair:
    """A compared pair, by the names of its submissions, and what of it holds in this cohort."""

    left: str
    right: str
    judged: tuple[Judged, ...]

    @property
    def strength(self) -> Strength:
        """Of the strongest kind."""
        return strength_of(self.judged)

    @property
    def rank(self) -> tuple[Any, ...]:
        """The strongest first; among equals the one whose strongest kinds score most."""
        by_kind = [(-each.strength, -each.found.score) for each in self.judged]
        return (-self.strength, min(by_kind, default=(0, 0.0)), self.left, self.right)


def ranked(pairs: Sequence[tuple[str, str, Compared]], chance: Chance) -> list[JudgedPair]:
    """Pairs as they rank in this cohort, best first."""
    judged = [JudgedPair(left, right, chance.judged(found)) for left, right, found in pairs]
    return sorted(judged, key=lambda each: each.rank)


def listed(pairs: Sequence[JudgedPair], options: Options) -> list[JudgedPair]:
    """Those that a report lists. What it says of the cohort and of submissions, it says of all."""
    return [each for each in pairs if each.strength >= options.min_strength]


def document(
    reads: Sequence[Read],
    base: Sequence[Read],
    pairs: Sequence[JudgedPair],
    chance: Chance,
    counts: tuple[int, int],
    skipped: Sequence[Skipped],
    options: Options,
) -> doc.AuditDocument:
    """The audit document of all ranked pairs. ``counts`` are pairs compared, and candidates."""
    grouped = _clusters(reads, pairs)
    strongest = _strongest(pairs)
    return doc.AuditDocument(
        schema="codesim/audit/1",
        codesim=__version__,
        parameters=_parameters(options),
        strength=_word(max((pair.strength for pair in pairs), default=Strength.NONE)),
        base=tuple(_base(each) for each in base),
        submissions=tuple(_submission(read, strongest, grouped) for read in reads),
        compared=counts[0],
        candidates=counts[1],
        pairs=tuple(
            _pair(pair, page_of(number) if number <= options.top else "")
            for number, pair in enumerate(listed(pairs, options), 1)
        ),
        clusters=tuple(map(_cluster, grouped)),
        cohort=tuple(
            doc.CohortRecord(kind, tuple(round(s, 6) for s in tail.scores), chance.steps(kind))
            for kind, tail in sorted(chance.tails.items())
        ),
        shared=shared_parts(
            (read.submission.name, part)
            for read in reads if read.profiled
            for part in read.profiled.parts
        ),
        skipped=tuple(SkippedRecord(scrub(each.what), scrub(each.reason)) for each in skipped),
    )  # fmt: skip


def _cluster(each: Cluster) -> doc.ClusterRecord:
    members = tuple(map(scrub, each.members))
    return doc.ClusterRecord(members, scrub(each.earliest), _word(each.strength), each.pairs)


def page_of(number: int) -> str:
    """Where the side-by-side report of a listed pair stands in the folder of the audit."""
    return f"pairs/{number:04d}.html"


def _clusters(reads: Sequence[Read], pairs: Sequence[JudgedPair]) -> list[Cluster]:
    links = [
        Link(pair.left, pair.right, pair.strength)
        for pair in pairs
        if pair.strength >= Strength.STRONG
    ]
    return clusters(links, {read.submission.name: read.submission.time for read in reads})


def _strongest(pairs: Sequence[JudgedPair]) -> dict[str, Strength]:
    """Of the pairs of each submission, by its name."""
    found: dict[str, Strength] = {}
    for pair in pairs:
        for name in (pair.left, pair.right):
            found[name] = max(pair.strength, found.get(name, Strength.NONE))
    return found


def _submission(
    read: Read, strongest: Mapping[str, Strength], grouped: Sequence[Cluster]
) -> doc.SubmissionRecord:
    submission, found = read.submission, read.profiled
    name = submission.name
    cluster = next((n for n, each in enumerate(grouped, 1) if name in each.members), None)
    unread = found.unread if found else ()
    return doc.SubmissionRecord(
        name=scrub(name),
        team=scrub(submission.team),
        time=scrub(submission.time),
        old=submission.old,
        origin=scrub(_origin(read)),
        revision=found.revision if found else None,
        state=("in part" if found.unread_files else "read") if found else "unreadable",
        reason=scrub(read.reason),
        files=found.files if found else 0,
        unread_files=found.unread_files if found else 0,
        code_lines=found.code_lines if found else 0,
        base_lines=found.base_lines if found else 0,
        unread=tuple(SkippedRecord(scrub(path), scrub(reason)) for path, reason in unread),
        strength=_word(strongest.get(name, Strength.NONE)),
        cluster=cluster,
    )


def _origin(read: Read) -> str:
    """Where a submission came from; of one that lay in a past cohort, in which."""
    origin = read.profiled.origin if read.profiled else ""
    if read.submission.cohort and origin.startswith(_LOCAL):
        return f"{_LOCAL}{read.submission.cohort}/{origin.removeprefix(_LOCAL)}"
    return origin


def _pair(pair: JudgedPair, page: str) -> doc.AuditPairRecord:
    strongest = max(pair.judged, key=lambda each: each.strength, default=None)
    code = next((each.found for each in pair.judged if each.found.kind == "code"), None)
    reason = f"{strongest.found.kind}: {strongest.found.summary}" if strongest else ""
    files = [
        doc.FileNote(each.found.kind, scrub(left), scrub(right), similarity)
        for each in pair.judged
        for left, right, similarity in each.found.files
    ]
    return doc.AuditPairRecord(
        left=scrub(pair.left),
        right=scrub(pair.right),
        strength=_word(pair.strength),
        reason=scrub(reason),
        left_coverage=_share(code.left_coverage) if code else None,
        right_coverage=_share(code.right_coverage) if code else None,
        kinds=tuple(
            doc.KindRecord(
                each.found.kind, _word(each.strength), round(each.found.score, 6),
                scrub(each.found.summary), each.note, each.above,
            )
            for each in pair.judged
        ),
        files=tuple(files[:_FILES]),
        page=page,
    )  # fmt: skip


def _share(value: float | None) -> float | None:
    return None if value is None else round(min(1.0, max(0.0, value)), 6)


def _base(read: Read) -> SnapshotRecord:
    found = read.profiled
    name = scrub(read.submission.name)
    if found is None:
        return SnapshotRecord(name, "", None, 0)
    return SnapshotRecord(name, scrub(found.origin), found.revision, found.files)


def _parameters(options: Options) -> dict[str, Any]:
    detectors: Mapping[str, Any] = {each.kind: parameters_of(each) for each in DETECTORS}
    chosen = {
        name: getattr(options, name)
        for name in (
            "most_documents", "least_shared", "partners", "sample", "least_sample", "common_share",
            "least_members", "pool", "seconds", "probe_seconds", "memory",
        )
    }  # fmt: skip
    result: dict[str, Any] = plain({"audit": chosen, **detectors})
    return result


def _word(strength: Strength) -> Any:
    return strength.word
