"""One commit of a private bare repository as a snapshot: `ls-tree` lists, GitPython reads.

GitPython only ever sees a directory of our own making; its persistent `cat-file --batch` gives
the bytes. There is no work tree and no command that would look for one.
"""

from __future__ import annotations

import os
import re
import threading
import weakref
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from codesim.errors import SnapshotError
from codesim.model import Snapshot
from codesim.snapshot.bare import Bare
from codesim.snapshot.catalogue import Catalogue
from codesim.snapshot.process import Git, GitError, environment, git_executable

if TYPE_CHECKING:
    import git

_KINDS = {
    b"120000": "symbolic link; not followed",
    b"160000": "submodule; not fetched",
}
_MISSING = "its object is missing or damaged"
# In a forked child: closing what the parent opened would end the parent's process.
_INHERITED: list[git.Repo] = []
_RECORD = 1 << 20  # no path may be longer than this while it is looked for
_COMMITTED = re.compile(rb"^committer .* (\d{1,15}) [+-]\d{4}$", re.MULTILINE)


def read_commit(git: Git, commit: str, name: str, origin: str, missing: str = _MISSING) -> Snapshot:
    """The files of one commit, given by its full id; ``missing`` is said of absent objects."""
    catalogue: Catalogue[tuple[str, int]] = Catalogue(git.limits)
    listing = git.stream("ls-tree", "-r", "-z", "-l", "--full-tree", "--end-of-options", commit)
    try:
        for record in _records(listing):
            if len(catalogue) >= git.limits.entries:
                catalogue.note("rest of the repository", f"more than {git.limits.entries:,} files")
                break
            _add(catalogue, record, missing)
    except GitError:
        if not len(catalogue):
            raise
        catalogue.note("rest of the repository", "a folder's object is missing or damaged")
    finally:
        listing.close()
    date = commit_date(git, commit)
    return catalogue.snapshot(name, origin, commit, Objects(git.bare).read, date=date)


def commit_date(git: Git, commit: str) -> str | None:
    """When a commit says that it was made, in UTC; None where it does not say."""
    head = b""
    lines = git.stream("cat-file", "commit", commit)
    try:
        for chunk in lines:
            head += chunk
            # Names and dates come before the message, which may be of any length.
            if b"\n\n" in head or len(head) > _RECORD:
                break
    except GitError:
        return None
    finally:
        lines.close()
    found = _COMMITTED.search(head.partition(b"\n\n")[0])
    if found is None:
        return None
    try:
        return datetime.fromtimestamp(int(found.group(1)), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (OverflowError, OSError, ValueError):
        return None  # a date that no calendar has


def _add(catalogue: Catalogue[tuple[str, int]], record: bytes, missing: str) -> None:
    head, _, raw = record.partition(b"\t")
    mode, _, oid_bytes, size = head.split()
    oid = oid_bytes.decode("ascii")
    if mode in _KINDS:
        catalogue.refuse(raw, _KINDS[mode], blob_id=oid)
    elif size == b"BAD":
        catalogue.refuse(raw, missing, blob_id=oid)
    elif not size.isdigit():
        catalogue.refuse(raw, f"neither file nor folder (mode {mode.decode('ascii')})", blob_id=oid)
    else:
        catalogue.add(raw, (oid, int(size)), int(size), oid)


def _records(chunks: Iterator[bytes]) -> Iterator[bytes]:
    rest = b""
    for chunk in chunks:
        *whole, rest = (rest + chunk).split(b"\0")
        yield from whole
        if len(rest) > _RECORD:
            raise SnapshotError("the repository holds a path of more than a megabyte")


class Objects:
    """Blobs by id. One `cat-file --batch` process, ended when this object is gone."""

    def __init__(self, bare: Bare) -> None:
        self._bare = bare  # keeps the directory alive
        self._lock = threading.Lock()
        self._process = 0
        self._repo: git.Repo | None = None

    def read(self, key: tuple[str, int]) -> bytes:
        """The bytes of a blob; ``key`` is its id and size. Raises SnapshotError."""
        oid, size = key
        with self._lock:
            # A damaged object ends the process that met it; a fresh one decides.
            data = self._attempt(oid, size)
            if data is None:
                data = self._attempt(oid, size)
        if data is None:
            raise SnapshotError(f"object {oid[:12]} is missing or damaged")
        return data

    def _attempt(self, oid: str, size: int) -> bytes | None:
        try:
            _, kind, _, data = self._open().git.get_object_data(oid)
        except (ValueError, OSError):
            kind, data = "", b""
        if kind in ("blob", b"blob") and len(data) == size:
            return bytes(data)
        self._open().git.clear_cache()
        return None

    def _open(self) -> git.Repo:
        if self._repo is None or self._process != os.getpid():
            if self._repo is not None:
                _INHERITED.append(self._repo)
            self._repo, self._process = _opened(self._bare), os.getpid()
            weakref.finalize(self, _close, self._repo, self._process)
        return self._repo


def _opened(bare: Bare) -> git.Repo:
    git_executable()  # GitPython cannot even be imported without Git
    import git

    repo = git.Repo(bare.git_dir, expand_vars=False)
    repo.git.update_environment(**environment(bare))
    return repo


def _close(repo: git.Repo, process: int) -> None:
    if os.getpid() == process:
        repo.close()
    else:
        _INHERITED.append(repo)
