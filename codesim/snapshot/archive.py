"""A zip or tar archive as a snapshot: streamed once into an unnamed file, never extracted."""

from __future__ import annotations

import os
import tempfile
import weakref
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import IO, cast

from codesim.errors import SnapshotError
from codesim.formats.blob import blob_id_of
from codesim.model import Snapshot
from codesim.snapshot.catalogue import Catalogue
from codesim.snapshot.limits import Limits
from codesim.snapshot.members import (
    DAMAGE,
    Member,
    Meter,
    OverBudgetError,
    tar_members,
    zip_members,
)
from codesim.snapshot.spec import Source
from codesim.text.display import display

_TAR = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tbz", ".tar.xz", ".txz", ".tar.lzma")
LEADS_OUT = "its name leads out of the archive; not read"
# Members of an archive that holds many submissions: 1,000 of 200 files.
OUTER = 200_000
_UNREAD = (".tar.zst", ".tzst", ".tar.lz4", ".tar.z", ".rar", ".7z")


@dataclass(frozen=True, slots=True)
class _Read:
    """A member after reading: where its bytes lie, or why it has none."""

    raw: bytes
    size: int
    offset: int = 0
    blob_id: str | None = None
    refusal: str = ""


def is_archive(path: str) -> bool:
    """Whether a file is taken for an archive: by its name, as tar files have no certain mark."""
    return path.lower().endswith((".zip", *_TAR, *_UNREAD))


def open_archive(source: Source, path: str, limits: Limits) -> Snapshot:
    """The regular files of an archive. One top folder around everything, as code hosts write it,
    is left off the paths unless it is a Python package itself.
    """
    try:
        with open(path, "rb") as file:
            return read_archive(source, file, path, limits)
    except OSError as error:
        raise SnapshotError(f"is not a readable archive: {said(error)}") from None


def read_archive(
    source: Source, file: IO[bytes], name: str, limits: Limits, within: bytes = b""
) -> Snapshot:
    """The same from an open file, which is no longer needed afterwards; ``name`` tells the kind.

    ``within`` names a folder with its ``/``: then only what lies below it is read.
    """
    catalogue: Catalogue[tuple[int, int]] = Catalogue(limits)
    spool = _Spool()
    try:
        found = list(_read_all(file, name, spool, catalogue, within))
    except DAMAGE as error:
        raise SnapshotError(f"is not a readable archive: {said(error)}") from None
    if found and all(read.refusal.startswith("encrypted") for read in found):
        raise SnapshotError("is encrypted; give an archive without a password")
    kept = _last_of_each_name(found, catalogue)
    top = _top_folder(kept)
    for read in kept:
        raw = read.raw[len(top) :]
        if read.refusal:
            catalogue.refuse(raw, read.refusal, read.size, read.blob_id)
        else:
            catalogue.add(raw, (read.offset, read.size), read.size, read.blob_id)
    return catalogue.snapshot(source.name, source.origin, None, spool.read)


def _read_all(
    file: IO[bytes],
    name: str,
    spool: _Spool,
    catalogue: Catalogue[tuple[int, int]],
    within: bytes,
) -> Iterator[_Read]:
    limits, count = catalogue.limits, 0
    listed = replace(limits, members=OUTER) if within else limits
    meter = Meter.of(file.seek(0, os.SEEK_END), limits)
    file.seek(0)
    try:
        for member in members(file, name, meter, listed, within):
            if not member.path.startswith(within):
                continue
            raw = member.path[len(within) :]
            if _is_aside(raw, catalogue):
                continue
            if count >= limits.members:
                catalogue.note("rest of the archive", f"more than {limits.members:,} members")
                return
            count += 1
            if member.leads_out:
                catalogue.note(_label(raw, limits), LEADS_OUT)
                continue
            yield _taken(member, raw, spool, limits)
    except OverBudgetError as spent:
        catalogue.note("rest of the archive", str(spent))
    except DAMAGE as error:
        if not count:
            raise
        catalogue.note("rest of the archive", f"damaged: {said(error)}")


def _is_aside(raw: bytes, catalogue: Catalogue[tuple[int, int]]) -> bool:
    """What stands beside the files and is none of them; said once."""
    parts = raw.split(b"/")
    if b".git" in parts:
        catalogue.note_once(".git", "Git's own data; not read")
    elif parts[0] == b"__MACOSX":
        catalogue.note_once("__MACOSX", "notes of macOS on the other files; not read")
    else:
        return False
    return True


def _taken(member: Member, raw: bytes, spool: _Spool, limits: Limits) -> _Read:
    if member.refusal:
        return _Read(raw, member.size, refusal=member.refusal)
    over = f"over {limits.file:,} bytes; not read"
    if member.size > limits.file:
        return _Read(raw, member.size, refusal=over)
    try:
        data = member.read(limits.file + 1)
    except DAMAGE as error:
        return _Read(raw, member.size, refusal=f"damaged: {said(error)}")
    if len(data) > limits.file:
        return _Read(raw, len(data), refusal=over)
    return _Read(raw, len(data), spool.add(data), blob_id_of(data))


def members(
    file: IO[bytes], name: str, meter: Meter, limits: Limits, within: bytes = b""
) -> Iterator[Member]:
    """What stands in an archive; ``name`` tells the kind. Raises what ``DAMAGE`` lists.

    ``within`` allows to leave out what does not hold it in its name.
    """
    if name.lower().endswith(_UNREAD):
        raise SnapshotError("archives of this kind are not read; give a .zip or .tar.gz")
    if name.lower().endswith(".zip"):
        return zip_members(file, meter, limits, within)
    return tar_members(_decompressed(file), meter)


def _decompressed(file: IO[bytes]) -> IO[bytes]:
    """The tar stream inside, by the first bytes and not by the name."""
    start = file.read(6)
    file.seek(0)
    if start.startswith(b"\x1f\x8b"):
        import gzip

        return cast("IO[bytes]", gzip.GzipFile(fileobj=file))
    if start.startswith(b"BZh"):
        import bz2

        return cast("IO[bytes]", bz2.BZ2File(file))
    if start.startswith((b"\xfd7zXZ\0", b"\x5d\0\0")):
        import lzma

        return cast("IO[bytes]", lzma.LZMAFile(file))
    return file


def _top_folder(found: list[_Read]) -> bytes:
    tops = {read.raw.partition(b"/")[0] for read in found}
    if len(tops) != 1:
        return b""
    top = tops.pop() + b"/"
    bare = all(read.raw.startswith(top) for read in found)
    package = any(read.raw == top + b"__init__.py" for read in found)
    return top if bare and not package else b""


def _last_of_each_name(found: list[_Read], catalogue: Catalogue[tuple[int, int]]) -> list[_Read]:
    """Members as unpacking would leave them: a later one replaces an earlier one."""
    last = {read.raw: read for read in found}
    for raw, times in Counter(read.raw for read in found).items():
        if times > 1:
            reason = f"stands {times} times in the archive; only the last one is read"
            catalogue.note(_label(raw, catalogue.limits), reason)
    return list(last.values())


def _label(raw: bytes, limits: Limits) -> str:
    return raw[: limits.path].decode("utf-8", "backslashreplace")


def said(error: BaseException) -> str:
    """An error in short; that of the system without the path, which is nobody's business."""
    text = error.strerror if isinstance(error, OSError) else None
    return display(text or str(error) or type(error).__name__)[:200]


class _Spool:
    """An unnamed file that holds all contents one after the other, outside memory."""

    def __init__(self) -> None:
        file = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the snapshot
        self._handle = os.dup(file.fileno())
        file.close()
        self._end = 0
        weakref.finalize(self, os.close, self._handle)

    def add(self, data: bytes) -> int:
        """Append; returns where it begins."""
        begin = self._end
        view = memoryview(data)
        while view:
            view = view[os.pwrite(self._handle, view, self._end) :]
            self._end = begin + len(data) - len(view)
        return begin

    def read(self, key: tuple[int, int]) -> bytes:
        begin, size = key
        return os.pread(self._handle, size, begin)
