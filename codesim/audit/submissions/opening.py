"""From a submission to a snapshot: the one place that reads what was handed in.

Runs in a supervised child. Messages name what is wrong with a submission and never where it lies on
this machine.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from codesim.audit.submissions.nouns import Submission
from codesim.audit.submissions.places import MEMBER
from codesim.audit.submissions.platforms import file_name
from codesim.errors import SnapshotError
from codesim.model import Skipped, Snapshot
from codesim.snapshot.archive import is_archive, open_archive
from codesim.snapshot.directory import open_directory, open_file
from codesim.snapshot.limits import Limits
from codesim.snapshot.local import git_directory, open_local
from codesim.snapshot.nested import open_part, opened_up
from codesim.snapshot.opening import open_snapshot
from codesim.snapshot.spec import Source, checked_revision, parse_source
from codesim.snapshot.union import union
from codesim.text.display import display

_DEFAULT = Limits()
# The first bytes of the file that macOS writes beside another, under its name with "._" before it.
_APPLE_DOUBLE = b"\x00\x05\x16\x07"
# All that Git puts into a repository without a work tree.
_BARE = {
    "FETCH_HEAD", "HEAD", "ORIG_HEAD", "branches", "config", "description", "hooks", "info", "logs",
    "objects", "packed-refs", "refs",
}  # fmt: skip
Progress = Callable[[str], None]


def open_submission(
    submission: Submission, progress: Progress | None = None, limits: Limits = _DEFAULT
) -> Snapshot:
    """All that was handed in as one snapshot of the submission's name.

    A folder is read as it stands, Git repository or not, as that is what was handed in; one without
    a work tree, or with a revision to read, by its commits. Archives inside are opened, one level
    deep. Of several sources, one that cannot be read is skipped. Raises SnapshotError where nothing
    can be read.
    """
    if submission.refused:
        raise SnapshotError(submission.refused)
    parts: list[tuple[str, Snapshot]] = []
    failed: list[Skipped] = []
    for source in submission.sources:
        try:
            part = _without_apple_doubles(_part(source, submission.revision, progress, limits))
        except SnapshotError as error:
            failed.append(Skipped(display(_label(source)), str(error)))
        else:
            alone = len(submission.sources) == 1 or _is_file(part)
            parts.append(("" if alone else part.name + "/", part))
    whole = _as_one(submission, parts, failed)
    # A large checkpoint has a size and is read in parts; a link has none.
    if not any(entry.readable or entry.size for entry in whole.entries):
        raise SnapshotError(_why_nothing(whole, failed, len(submission.sources)))
    return whole


def _as_one(
    submission: Submission, parts: list[tuple[str, Snapshot]], failed: list[Skipped]
) -> Snapshot:
    revision = parts[0][1].revision if len(parts) == 1 else None
    whole = parts[0][1] if len(parts) == 1 else union(submission.name, "", revision, parts)
    addresses = [part.origin for _, part in parts if not part.origin.startswith("file:")]
    return replace(
        whole,
        name=submission.name,
        origin=" ".join(addresses) or f"file:{submission.name}",
        skipped=tuple(sorted({*whole.skipped, *failed}, key=lambda item: (item.what, item.reason))),
    )


def _part(source: str, revision: str, progress: Progress | None, limits: Limits) -> Snapshot:
    if os.path.lexists(source):
        return opened_up(_from_path(source, revision, limits), limits)
    archive, member = _member_of(source)
    if archive:
        about = _about(member)
        return opened_up(open_part(about, archive, member, limits), limits)
    return _from_elsewhere(source, revision, progress, limits)


def _from_path(path: str, revision: str, limits: Limits) -> Snapshot:
    about = _about(path, revision)
    real = os.path.realpath(path)
    if os.path.isdir(real):
        return _from_folder(about, real, limits)
    if about.revision:
        raise SnapshotError("is a file, and a revision is for Git repositories only")
    if not os.path.isfile(real):
        raise SnapshotError("is neither a file nor a folder")
    if is_archive(path):
        return open_archive(about, real, limits)
    return open_file(about, real, limits)


def _from_folder(about: Source, path: str, limits: Limits) -> Snapshot:
    if about.revision:
        git_dir = git_directory(Path(path))
        if git_dir is None:
            raise SnapshotError("is no Git repository, so it has no revision to read")
        return open_local(about, git_dir, limits)
    try:
        git_dir = git_directory(Path(path))
    except SnapshotError:  # a .git that leads elsewhere; the files beside it are what counts
        git_dir = None
    snapshot = open_directory(about, path, limits)
    tops = {entry.path.partition("/")[0] for entry in snapshot.entries}
    # Only where nothing else lies beside: three folders of the right names must not hide the code.
    if git_dir and tops <= (_BARE if git_dir == Path(path) else set()):
        return open_local(about, git_dir, limits)
    return snapshot


def _from_elsewhere(
    source: str, revision: str, progress: Progress | None, limits: Limits
) -> Snapshot:
    """An address, or a path with a revision or folder behind it."""
    asked, mark, folder = source.partition("#")
    if revision and "@" in asked.rpartition("/")[2]:
        raise SnapshotError("has a revision in its address and another one beside it")
    spec = f"{asked}@{checked_revision(revision)}{mark}{folder}" if revision else source
    try:
        return open_snapshot(spec, progress=progress, limits=limits)
    except SnapshotError as error:
        path = parse_source(spec).path if _can_be_parsed(spec) else None
        raise SnapshotError(str(error).removeprefix(f"{display(path or '')}: ")) from None


def _can_be_parsed(spec: str) -> bool:
    try:
        parse_source(spec)
    except SnapshotError:
        return False
    return True


def _about(path: str, revision: str = "") -> Source:
    """A path as a source whose name holds none of the folders above it."""
    label = _label(path)
    asked = checked_revision(revision) if revision else None
    return Source(name=label, origin=f"file:{label}", path=path, revision=asked)


def _label(source: str) -> str:
    """The last part of a path, as its owner named it."""
    return file_name(source.rstrip("/").rpartition("/")[2]) or "files"


def _member_of(source: str) -> tuple[str, str]:
    """The archive and the member that a reference names; empty where it is none."""
    at = source.find(MEMBER)
    while at > 0:
        if os.path.isfile(source[:at]):
            return source[:at], source[at + len(MEMBER) :]
        at = source.find(MEMBER, at + 1)
    return "", ""


def _is_file(part: Snapshot) -> bool:
    """Whether it is a single file, whose path is its own name."""
    return [entry.path for entry in part.entries] == [part.name]


def _without_apple_doubles(snapshot: Snapshot) -> Snapshot:
    doubles = {
        entry.path
        for entry in snapshot.entries
        if entry.path.rpartition("/")[2].startswith("._")
        and entry.readable
        and snapshot.read_range(entry.path, 0, 4) == _APPLE_DOUBLE
    }
    if not doubles:
        return snapshot
    note = Skipped("._*", "notes of macOS on the other files; not read")
    return replace(
        snapshot,
        entries=tuple(entry for entry in snapshot.entries if entry.path not in doubles),
        skipped=(*(item for item in snapshot.skipped if item.what not in doubles), note),
    )


def _why_nothing(whole: Snapshot, failed: list[Skipped], sources: int) -> str:
    if sources == 1 and failed:
        return failed[0].reason
    return why_nothing([(each.what, each.reason) for each in whole.skipped])


def why_nothing(skipped: Sequence[tuple[str, str]]) -> str:
    """Why a submission cannot be compared, of which these files were not read, with reasons."""
    if not skipped:
        return "holds no files"
    (what, reason), more = skipped[0], len(skipped) - 1
    rest = f" and {more:,} more" if more else ""
    return f"holds nothing that can be read: {display(what)} ({reason}){rest}"
