"""An audit document without the names of people and repositories, before it is rendered."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from msgspec.structs import replace

from codesim.report.anonymise.anonymiser import Anonymiser
from codesim.report.anonymise.document import FIXED, distinct
from codesim.report.anonymise.strings import mapped
from codesim.report.audit import document as doc
from codesim.report.document import SkippedRecord, SnapshotRecord

# Fields that hold words of ours, or names of files that we gave.
FIXED_IN_AUDIT = FIXED | {"state", "page", "parameters", "steps"}
# What in a list of submissions has no name of its own.
_OURS = re.compile(r"line \d+(?:: time)?$|column '|encoding of the list$|submission_metadata\.yml$")
_LINE = re.compile(r"line \d+")
_PAIR = re.compile(r"pair (.+), (.+)")
_QUOTED = re.compile(r"'.*'")


def anonymised_audit(
    document: doc.AuditDocument,
    names: Mapping[str, str],
    teams: Mapping[str, str],
    change: Anonymiser,
) -> doc.AuditDocument:
    """The document with ``names`` of submissions and ``teams`` replaced by what they lead to, and
    all other names by an anonymiser. Times of handing in are left out, since whoever knows one
    knows who it was; who was first is kept.
    """
    return _Behind(names, teams, change, distinct(change.path, _paths(document))).audit(document)


@dataclass(frozen=True, slots=True)
class _Behind:
    names: Mapping[str, str]
    teams: Mapping[str, str]
    change: Anonymiser
    paths: Mapping[str, str]

    def audit(self, document: doc.AuditDocument) -> doc.AuditDocument:
        return replace(
            document,
            base=tuple(map(self._base, document.base)),
            submissions=tuple(map(self._submission, document.submissions)),
            pairs=tuple(map(self._pair, document.pairs)),
            clusters=tuple(map(self._cluster, document.clusters)),
            shared=tuple(map(self._shared, document.shared)),
            skipped=tuple(
                self._skipped(number, each) for number, each in enumerate(document.skipped, 1)
            ),
        )

    def _text(self, text: str) -> str:
        return self.paths.get(text) or self.change(text)

    def _base(self, base: SnapshotRecord) -> SnapshotRecord:
        revision = None if base.revision is None else self.change.name(base.revision)
        origin = self.change.name(base.origin)
        name = self.change.name(base.name)
        return replace(base, name=name, origin=origin, revision=revision, date=None)

    def _submission(self, record: doc.SubmissionRecord) -> doc.SubmissionRecord:
        name, is_file = self.names[record.name], record.origin.startswith("file:")
        return replace(
            mapped(record, self._text, FIXED_IN_AUDIT),
            name=name,
            team=self.teams.get(record.team, ""),
            time="",
            origin=f"file:{name}" if is_file else self.change.name(record.origin),
            revision=None if record.revision is None else self.change.name(record.revision),
        )

    def _pair(self, record: doc.AuditPairRecord) -> doc.AuditPairRecord:
        new = mapped(record, self._text, FIXED_IN_AUDIT)
        return replace(new, left=self.names[record.left], right=self.names[record.right])

    def _cluster(self, record: doc.ClusterRecord) -> doc.ClusterRecord:
        members = tuple(self.names[each] for each in record.members)
        return replace(record, members=members, earliest=self.names.get(record.earliest, ""))

    def _shared(self, record: doc.SharedRecord) -> doc.SharedRecord:
        holders = tuple(
            replace(each, name=self.names[each.name], path=self._text(each.path))
            for each in record.holders
        )
        return replace(record, label=self._text(record.label), holders=holders)

    def _skipped(self, number: int, record: SkippedRecord) -> SkippedRecord:
        """What is no submission is a file of anybody, or a place in a list."""
        reason = _QUOTED.sub("\u2026", self.change(record.reason))
        pair, line = _PAIR.fullmatch(record.what), _LINE.match(record.what)
        if pair and pair[1] in self.names and pair[2] in self.names:
            what = f"pair {self.names[pair[1]]}, {self.names[pair[2]]}"
        elif _OURS.match(record.what):
            what = self.change(record.what)
        else:
            what = line[0] if line else f"input{number}"
        return SkippedRecord(what, reason)


def _paths(document: doc.AuditDocument) -> list[str]:
    """Every path of every submission that the document names, sorted."""
    return sorted(set(_all_paths(document)))


def _all_paths(document: doc.AuditDocument) -> Iterator[str]:
    for pair in document.pairs:
        for note in pair.files:
            yield from (note.left, note.right)
    for part in document.shared:
        yield from (holder.path for holder in part.holders)
    for record in document.submissions:
        yield from (each.what for each in record.unread)
