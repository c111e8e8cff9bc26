"""Archives of archives: one listed, a part of one opened, and those inside a snapshot opened up."""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import IO, cast

from codesim.errors import SnapshotError
from codesim.formats.blob import blob_id_of
from codesim.model import Entry, Skipped, Snapshot
from codesim.snapshot.archive import LEADS_OUT, OUTER, is_archive, members, read_archive, said
from codesim.snapshot.catalogue import Catalogue
from codesim.snapshot.limits import Limits
from codesim.snapshot.members import DAMAGE, Member, Meter, OverBudgetError
from codesim.snapshot.spec import Source
from codesim.snapshot.union import union
from codesim.text.display import display

# Archives opened up inside one snapshot. Those inside these stay closed.
_INNER = 50
_TOO_DEEP = "archive in an archive inside; not opened"


@dataclass(frozen=True, slots=True)
class Listed:
    """What stands in an archive; the path may hold lone surrogates for bytes that are no text."""

    path: str
    size: int


def list_archive(path: str, limits: Limits) -> tuple[list[Listed], list[Skipped]]:
    """The files of an archive in its order, without reading any. Raises SnapshotError."""
    found: list[Listed] = []
    skipped: list[Skipped] = []
    try:
        with _members(path, limits) as inside:
            for member in inside:
                label = os.fsdecode(member.path)
                if member.leads_out or (member.refusal and not _is_locked(member)):
                    reason = LEADS_OUT if member.leads_out else member.refusal
                    skipped.append(Skipped(_shown(member.path), reason))
                elif len(found) >= OUTER:
                    skipped.append(Skipped("rest of the archive", f"more than {OUTER:,} members"))
                    break
                else:
                    found.append(Listed(label, member.size))
    except OverBudgetError as spent:
        skipped.append(Skipped("rest of the archive", str(spent)))
    except DAMAGE as error:
        if not found:
            raise SnapshotError(f"is not a readable archive: {said(error)}") from None
        skipped.append(Skipped("rest of the archive", f"damaged: {said(error)}"))
    return found, skipped


def open_part(source: Source, path: str, part: str, limits: Limits) -> Snapshot:
    """A folder of an archive (``part`` ends with ``/``), or one file of it, opened if that is an
    archive itself. Raises SnapshotError.
    """
    wanted = part.encode("utf-8")
    try:
        if part.endswith("/"):
            with open(path, "rb") as file:
                return read_archive(source, file, path, limits, wanted)
        with tempfile.TemporaryFile() as copy:
            _save(path, wanted, copy, limits)
            if is_archive(part):
                return read_archive(source, copy, part, limits)
            return _one_file(source, part.rpartition("/")[2], copy, limits)
    except OverBudgetError as spent:
        raise SnapshotError(f"is not read: {spent}") from None
    except DAMAGE as error:
        raise SnapshotError(f"is not a readable archive: {said(error)}") from None


def read_member(path: str, part: str, limits: Limits) -> bytes:
    """The bytes of one file of an archive, of at most ``limits.file``. Raises SnapshotError."""
    snapshot = open_part(Source(name=part, origin=""), path, part, limits)
    return snapshot.read(snapshot.entries[0].path)


def opened_up(snapshot: Snapshot, limits: Limits) -> Snapshot:
    """A snapshot with the content of the archives in it, each below its path, in their place.

    One that fills the snapshot alone leaves no trace. What cannot be opened stays as a file, with
    the reason. All together may take up what one archive may.
    """
    archives = [entry for entry in snapshot.entries if is_archive(entry.path)]
    if not archives:
        return snapshot
    parts: list[tuple[str, Snapshot]] = []
    opened: set[str] = set()
    failed: list[Skipped] = []
    left = limits.inflated
    known = {item.what for item in snapshot.skipped}
    for number, entry in enumerate(archives):
        try:
            inner = _opened(snapshot, entry, number, replace(limits, inflated=left))
        except SnapshotError as error:
            if entry.readable or entry.path not in known:
                failed.append(Skipped(entry.path, f"archive inside: {error}"))
            continue
        left = max(0, left - sum(each.size or 0 for each in inner.entries))
        opened.add(entry.path)
        parts.append((entry.path + "/", _with_depth_told(inner)))
    rest = tuple(entry for entry in snapshot.entries if entry.path not in opened)
    said_of = tuple(item for item in snapshot.skipped if item.what not in opened)
    outer = replace(snapshot, entries=rest, skipped=(*said_of, *failed))
    if not rest and len(parts) == 1:
        parts = [("", parts[0][1])]
    return union(snapshot.name, snapshot.origin, snapshot.revision, [("", outer), *parts])


def _with_depth_told(inner: Snapshot) -> Snapshot:
    """What an archive inside holds, where archives in it stay files."""
    known = {item.what for item in inner.skipped}
    deeper = [each.path for each in inner.entries if is_archive(each.path)]
    told = [Skipped(path, _TOO_DEEP) for path in deeper if path not in known]
    return replace(inner, skipped=(*inner.skipped, *told)) if told else inner


def _opened(snapshot: Snapshot, entry: Entry, number: int, limits: Limits) -> Snapshot:
    if number >= _INNER:
        raise SnapshotError(f"only the first {_INNER} are opened")
    if limits.inflated <= 0:
        raise SnapshotError("not opened, as those before it used up the budget")
    source = Source(name=entry.path, origin=snapshot.origin)
    with _file_of(snapshot, entry) as file:
        return read_archive(source, cast("IO[bytes]", file), entry.path, limits)


def _file_of(snapshot: Snapshot, entry: Entry) -> io.BufferedIOBase:
    if entry.readable:
        return io.BytesIO(snapshot.read(entry.path))
    if snapshot.ranges is None or entry.size is None:
        raise SnapshotError("cannot be read")
    return io.BufferedReader(_InSnapshot(snapshot, entry.path, entry.size), 1 << 18)


@contextmanager
def _members(path: str, limits: Limits, wanted: bytes = b"") -> Iterator[Iterator[Member]]:
    with open(path, "rb") as file:
        meter = Meter.of(os.fstat(file.fileno()).st_size, limits)
        yield members(file, path, meter, replace(limits, members=OUTER), wanted)


def _save(path: str, wanted: bytes, copy: IO[bytes], limits: Limits) -> None:
    """Copy a member out; of several of one name the last, as unpacking would leave it."""
    missing, refusal = True, ""
    with _members(path, limits, wanted) as inside:
        for member in inside:
            if member.path != wanted:
                continue
            missing, refusal = False, member.refusal
            copy.seek(0)
            copy.truncate()
            for piece in member.pieces() if not refusal else ():
                copy.write(piece)
    if missing:
        raise SnapshotError("is no longer in the archive that it was listed in")
    if refusal:
        raise SnapshotError(f"cannot be read: {refusal.partition(';')[0]}")
    copy.seek(0)


def _one_file(source: Source, name: str, file: IO[bytes], limits: Limits) -> Snapshot:
    data = file.read(limits.file + 1)
    if len(data) > limits.file:
        raise SnapshotError(f"is larger than {limits.file:,} bytes, the most that is read")
    catalogue: Catalogue[bytes] = Catalogue(limits)
    catalogue.add(name.encode("utf-8"), data, len(data), blob_id_of(data))
    return catalogue.snapshot(source.name, source.origin, None, lambda content: content)


def _is_locked(member: Member) -> bool:
    """Encrypted members are listed: who handed one in is to be named."""
    return member.refusal.startswith("encrypted")


def _shown(raw: bytes) -> str:
    return display(raw[:1000].decode("utf-8", "backslashreplace"))


class _InSnapshot(io.RawIOBase):
    """A file that is too large to be read at once, as one that can be read from any place."""

    def __init__(self, snapshot: Snapshot, path: str, size: int) -> None:
        super().__init__()
        self._snapshot, self._path, self._size, self._at = snapshot, path, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        if base + offset < 0:
            raise OSError("a place before the beginning")
        self._at = base + offset
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        data = self._snapshot.read_range(self._path, self._at, len(buffer))
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)
