"""A plain directory or a single file: listed with lstat, opened part by part, no link followed."""

from __future__ import annotations

import os
import stat
import weakref
from collections.abc import Iterator
from typing import BinaryIO

from codesim.errors import SnapshotError
from codesim.formats.blob import blob_id_of
from codesim.model import Snapshot
from codesim.snapshot.catalogue import CHECKPOINTS, Catalogue
from codesim.snapshot.limits import Deadline, Limits
from codesim.snapshot.spec import Source
from codesim.text.display import display

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_KINDS = {
    stat.S_IFLNK: "symbolic link; not followed",
    stat.S_IFIFO: "named pipe; not read",
    stat.S_IFSOCK: "socket; not read",
    stat.S_IFCHR: "device; not read",
    stat.S_IFBLK: "device; not read",
}


def open_directory(source: Source, path: str, limits: Limits) -> Snapshot:
    """The files below a directory as they are now; Git's own data and virtual environments are
    left out, and said to be.
    """
    root = _Root(path)
    catalogue: Catalogue[bytes] = Catalogue(limits)
    deadline = Deadline.after(limits.deadline)
    for raw, about in _walk(root, catalogue, deadline):
        if len(catalogue) >= limits.entries:
            catalogue.note("rest of the directory", f"more than {limits.entries:,} files")
            break
        kind = stat.S_IFMT(about.st_mode)
        if kind == stat.S_IFREG:
            catalogue.add(raw, raw, about.st_size)
        else:
            catalogue.refuse(raw, _KINDS.get(kind, "not a regular file"))
    largest = limits.file
    return catalogue.snapshot(
        source.name, source.origin, None, lambda raw: root.read(raw, largest), root.read_range
    )


def open_file(source: Source, path: str, limits: Limits) -> Snapshot:
    """A snapshot of exactly one file, read once; of a large checkpoint, only in parts."""
    try:
        with open(path, "rb") as file:
            data = file.read(limits.file + 1)
    except OSError as error:
        raise SnapshotError(f"cannot be read: {error.strerror}") from None
    if len(data) > limits.file and source.name.lower().endswith(CHECKPOINTS):
        return _large_file(source, path, limits)
    if len(data) > limits.file:
        raise SnapshotError(f"is larger than {limits.file:,} bytes, the most that is read")
    catalogue: Catalogue[bytes] = Catalogue(limits)
    catalogue.add(os.fsencode(source.name), data, len(data), blob_id_of(data))
    return catalogue.snapshot(source.name, source.origin, None, lambda content: content)


def _large_file(source: Source, path: str, limits: Limits) -> Snapshot:
    folder, name = os.path.split(path)
    root, raw = _Root(folder), os.fsencode(name)
    catalogue: Catalogue[bytes] = Catalogue(limits)
    catalogue.add(os.fsencode(source.name), raw, os.stat(path).st_size)
    return catalogue.snapshot(
        source.name, source.origin, None, lambda raw: root.read(raw, limits.file), root.read_range
    )


class _Root:
    """An open directory below which files are opened part by part, so that nothing which is
    swapped for a link meanwhile can lead out of it.
    """

    def __init__(self, path: str) -> None:
        try:
            self.handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError as error:
            raise SnapshotError(f"cannot be read: {error.strerror}") from None
        weakref.finalize(self, os.close, self.handle)

    def open(self, raw: bytes, flags: int) -> int:
        """A handle for a path below the root; b"" is the root itself."""
        parts = raw.split(b"/") if raw else [b"."]
        folder = self.handle
        for number, part in enumerate(parts):
            last = number == len(parts) - 1
            try:
                inner = os.open(part, flags if last else _FOLDER, dir_fd=folder)
            finally:
                if folder != self.handle:
                    os.close(folder)
            folder = inner
        return folder

    def read(self, raw: bytes, largest: int) -> bytes:
        with self._file(raw) as file:
            # Python makes room for all that may come and keeps a mapping of its own for each file
            # that was given much, of which a process may have 65,530: so ask for what is there.
            expected = min(os.fstat(file.fileno()).st_size, largest)
            data = file.read(expected + 1)
            if len(data) > expected:  # it grew
                data += file.read(largest + 1 - len(data))
        if len(data) > largest:
            raise SnapshotError(f"{_label(raw)}: grew beyond {largest:,} bytes")
        return data

    def read_range(self, raw: bytes, start: int, size: int) -> bytes:
        """At most ``size`` bytes of a file from ``start`` on, whatever its size."""
        with self._file(raw) as file:
            try:
                file.seek(start)
                return file.read(size)
            except (OSError, OverflowError) as error:
                raise SnapshotError(f"{_label(raw)}: {error}") from None

    def _file(self, raw: bytes) -> BinaryIO:
        """A regular file, opened for reading."""
        try:
            handle = self.open(raw, _FILE)
        except OSError as error:
            raise SnapshotError(f"{_label(raw)}: {error.strerror}") from None
        file = os.fdopen(handle, "rb")
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            file.close()
            raise SnapshotError(f"{_label(raw)}: no longer a regular file")
        return file


def _label(raw: bytes) -> str:
    return display(raw.decode("utf-8", "backslashreplace"))


def _walk(
    root: _Root, catalogue: Catalogue[bytes], deadline: Deadline
) -> Iterator[tuple[bytes, os.stat_result]]:
    """Path and lstat of everything that is not a folder, in a fixed order, without recursion."""
    waiting = [b""]
    while waiting:
        folder = waiting.pop()
        deadline.check("listing the directory")
        label = folder.decode("utf-8", "backslashreplace")
        if folder.count(b"/") >= catalogue.limits.depth or len(folder) > catalogue.limits.path:
            catalogue.note(label + "/", "folders nested too deeply; not looked into")
            continue
        try:
            listed = _listed(root, folder)
        except OSError as error:
            catalogue.note(label + "/", f"folder cannot be read: {error.strerror}")
            continue
        if any(name == b"pyvenv.cfg" for name, _ in listed):
            catalogue.note(label + "/", "virtual environment; not looked into")
            continue
        inner = []
        for name, about in listed:
            path = folder + b"/" + name if folder else name
            if name == b".git":
                catalogue.note(label + "/.git" if label else ".git", "Git's own data; not read")
            elif stat.S_ISDIR(about.st_mode):
                inner.append(path)
            else:
                yield path, about
        waiting.extend(reversed(inner))


def _listed(root: _Root, folder: bytes) -> list[tuple[bytes, os.stat_result]]:
    handle = root.open(folder, _FOLDER)
    try:
        names = sorted(os.fsencode(name) for name in os.listdir(handle))
        found = []
        for name in names:
            try:
                found.append((name, os.stat(name, dir_fd=handle, follow_symlinks=False)))
            except FileNotFoundError:
                continue  # removed meanwhile
        return found
    finally:
        os.close(handle)
