"""What a file is, told by its content id alone."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from codesim.errors import SnapshotError
from codesim.formats import FormatError, is_lfs_pointer, read_lfs_pointer
from codesim.formats.blob import blob_id_of
from codesim.model import Entry, Skipped, Snapshot

# The specification of Git LFS allows a pointer 1,024 bytes.
_POINTER_BYTES = range(100, 1025)
# Git LFS is used for files that weigh; the host of most models asks for it from 10 MB on.
_LARGE = 1_000_000


@dataclass(frozen=True, slots=True)
class Identity:
    """One file: ``ids`` are its content ids, any of which says that two files are the same.

    ``git:`` and a Git blob id, ``sha256:`` and the digest that Git LFS names. ``size`` is that of
    the content in bytes (of the large file, where only a pointer is here), None where unknown.
    """

    path: str
    ids: tuple[str, ...]
    size: int | None

    @property
    def name(self) -> str:
        """The one id that the content has wherever it lies: a large file may be a pointer there,
        a small one may have been read or not.
        """
        return self.ids[-1] if (self.size or 0) >= _LARGE else self.ids[0]


@dataclass(frozen=True, slots=True)
class FilesProfile:
    """Every file of a snapshot whose identity is known, and what was not looked at."""

    files: tuple[Identity, ...]
    total: int
    skipped: tuple[Skipped, ...] = ()


def identities(snapshot: Snapshot, most_bytes: int) -> FilesProfile:
    """Content ids of all entries. Read are only pointers, files without a blob id, and files so
    large that elsewhere a pointer may stand for them: ``most_bytes`` in all, smallest first.
    """
    found: list[Identity] = []
    skipped: list[Skipped] = []
    budget = most_bytes
    for entry in sorted(snapshot.entries, key=lambda e: (e.size or 0, e.path)):
        if entry.readable and _needs_reading(entry):
            budget -= entry.size or 0
            if budget >= 0:
                found += _read(snapshot, entry)
                continue
            if entry.blob_id is None:
                skipped.append(Skipped(entry.path, "not compared as a whole: too much to read"))
        if entry.blob_id is not None:
            found.append(Identity(entry.path, (f"git:{entry.blob_id}",), entry.size))
    found.sort(key=lambda identity: identity.path)
    return FilesProfile(tuple(found), len(snapshot.entries), tuple(skipped))


def _needs_reading(entry: Entry) -> bool:
    size = entry.size or 0
    return entry.blob_id is None or size in _POINTER_BYTES or size >= _LARGE


def _read(snapshot: Snapshot, entry: Entry) -> Iterator[Identity]:
    try:
        data = snapshot.read(entry.path)
    except SnapshotError:
        return  # said by the snapshot itself
    git = f"git:{blob_id_of(data)}"
    if is_lfs_pointer(data):
        with contextlib.suppress(FormatError):
            pointer = read_lfs_pointer(data)
            yield Identity(entry.path, (git, f"sha256:{pointer.oid}"), pointer.size)
            return
    yield Identity(entry.path, (git, "sha256:" + hashlib.sha256(data).hexdigest()), len(data))
