"""From what a person types to a snapshot."""

from __future__ import annotations

import os
from collections.abc import Callable, Container
from dataclasses import replace
from pathlib import Path

from codesim.errors import SnapshotError
from codesim.model import Skipped, Snapshot
from codesim.snapshot.catalogue import CHECKPOINTS, for_values, narrowed
from codesim.snapshot.limits import Deadline, Limits
from codesim.snapshot.redact import redact
from codesim.snapshot.spec import Source, parse_source
from codesim.text.display import display


def open_snapshot(
    spec: str,
    *,
    progress: Callable[[str], None] | None = None,
    limits: Limits = Limits(),  # noqa: B008 - frozen
) -> Snapshot:
    """Open ``LOCATION[@REVISION][#FOLDER]``.

    LOCATION is an https Git address, ``github.com/OWNER/NAME``, ``hf:OWNER/NAME``, ``file://``, a
    local Git repository (its committed state is read), a directory, a file or an archive.
    ``progress`` hears one line now and then while something is fetched. Raises SnapshotError with
    a message that holds no credentials.
    """
    if not isinstance(spec, str):
        raise TypeError(
            f"spec must be a str such as './folder', not {type(spec).__name__}; "
            "files in memory become a snapshot with snapshot_of"
        )
    try:
        source = parse_source(spec)
        snapshot = (
            _remote(source, limits, progress or _silent) if source.url else _local(source, limits)
        )
        if source.folder:
            snapshot = narrowed(snapshot, source.folder)
    except SnapshotError as error:
        raise SnapshotError(redact(str(error))) from None
    return _not_empty(snapshot)


def open_folder(
    path: str,
    *,
    progress: Callable[[str], None] | None = None,
    limits: Limits = Limits(),  # noqa: B008 - frozen
) -> Snapshot:
    """A directory as it stands, also where it is a Git repository: files of weights are seldom
    committed, and then as pointers. Raises SnapshotError.
    """
    from codesim.snapshot.directory import open_directory

    (progress or _silent)("listing files")
    try:
        source = replace(parse_source(path), revision=None)
        snapshot = open_directory(source, os.path.realpath(path), limits)
    except SnapshotError as error:
        raise SnapshotError(f"{display(path)}: {error}") from None
    return _not_empty(snapshot)


def _not_empty(snapshot: Snapshot) -> Snapshot:
    if not snapshot.entries and not snapshot.skipped:
        raise SnapshotError(f"{display(snapshot.name)} holds no files; there is nothing to compare")
    return snapshot


def open_weights(
    spec: str,
    *,
    progress: Callable[[str], None] | None = None,
    limits: Limits = Limits(),  # noqa: B008 - frozen
) -> Snapshot:
    """A source for its weights: a folder as it stands, a repository on the Hugging Face Hub or a
    checkpoint by its https address in parts, anything else as ``open_snapshot``. Nothing is
    stored. Raises SnapshotError.
    """
    if os.path.isdir(spec):
        return for_values(open_folder(spec, progress=progress, limits=limits))
    from codesim.snapshot.hub import is_hub, open_hub

    try:
        source = parse_source(spec)
        if not is_hub(source):
            return for_values(open_snapshot(spec, progress=progress, limits=limits))
        return for_values(_not_empty(open_hub(source, limits, progress or _silent)))
    except SnapshotError as error:
        raise SnapshotError(redact(str(error))) from None


def with_weights(
    snapshot: Snapshot,
    spec: str,
    *,
    progress: Callable[[str], None] | None = None,
    limits: Limits = Limits(),  # noqa: B008 - frozen
) -> Snapshot:
    """A repository with its weights as the Hub gives them, where it is on the Hub; where they
    cannot be had, with the reason among what is skipped.
    """
    from codesim.snapshot.hub import is_hub, open_hub

    source = parse_source(spec)
    if not is_hub(source):
        return snapshot
    try:
        source = replace(source, revision=snapshot.revision)
        weights = for_values(open_hub(source, limits, progress or _silent))
    except SnapshotError as error:
        said = Skipped("weights on the server", redact(str(error)))
        return replace(snapshot, skipped=(*snapshot.skipped, said))
    held = {entry.path for entry in weights.entries}
    # Pointers to what is now within reach.
    skipped = tuple(each for each in snapshot.skipped if not _is_met(each, held))
    return replace(snapshot, weights=weights, skipped=skipped)


def _is_met(skipped: Skipped, held: Container[str]) -> bool:
    return (
        skipped.what in held
        and skipped.what.lower().endswith(CHECKPOINTS)
        and "pointer" in skipped.reason
    )


def _remote(source: Source, limits: Limits, progress: Callable[[str], None]) -> Snapshot:
    from codesim.snapshot.web import is_checkpoint, open_web

    if is_checkpoint(source):
        return open_web(source, limits, progress)
    # Loaded here: a comparison of two directories needs none of it.
    from codesim.snapshot.bare import Bare
    from codesim.snapshot.fetch import fetch
    from codesim.snapshot.git import read_commit
    from codesim.snapshot.process import Git

    bare = Bare()
    with bare.removed_on_failure():
        git = Git(bare, limits, Deadline.after(limits.deadline))
        commit, url = fetch(source, git, progress)
        origin = source.origin.replace(source.url or "", url, 1)
        # The fetch asked the server to keep larger files; one that did has nothing else missing.
        missing = f"not fetched: over {limits.file:,} bytes, or missing on the server"
        return read_commit(git, commit, source.name, origin, missing)


def _local(source: Source, limits: Limits) -> Snapshot:
    path = source.path or ""
    try:
        return _from_path(source, os.path.realpath(path), limits)
    except SnapshotError as error:
        raise SnapshotError(f"{display(path)}: {error}") from None


def _from_path(source: Source, path: str, limits: Limits) -> Snapshot:
    if os.path.isdir(path):
        return _from_directory(source, path, limits)
    if not os.path.isfile(path):
        raise SnapshotError(_missing(source, path))
    if source.revision is not None:
        raise SnapshotError("is a file, and @REVISION is for Git repositories only")
    from codesim.snapshot.archive import is_archive, open_archive

    if is_archive(path):
        return open_archive(source, path, limits)
    from codesim.snapshot.directory import open_file

    name = os.path.basename(source.path or "")  # as typed, also where it is a link
    return open_file(replace(source, name=name), path, limits)


def _from_directory(source: Source, path: str, limits: Limits) -> Snapshot:
    from codesim.snapshot.local import git_directory, open_local

    git_dir = git_directory(Path(path))
    if git_dir is not None:
        return open_local(source, git_dir, limits)
    if source.revision is not None:
        raise SnapshotError("is a plain directory, and @REVISION is for Git repositories only")
    from codesim.snapshot.directory import open_directory

    return open_directory(source, path, limits)


def _missing(source: Source, path: str) -> str:
    if os.path.lexists(path):
        return "is neither a file nor a directory"
    spec = source.path or ""
    if spec.count("/") == 1 and spec[:1] not in "./~":
        return (
            "there is no such file or directory; for a repository on a server write "
            f"github.com/{display(spec)} or hf:{display(spec)}"
        )
    return "there is no such file or directory; check the path"


def _silent(_: str) -> None:
    """Nobody listens."""
