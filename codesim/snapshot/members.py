"""What stands in an archive, one member at a time, with every kind of bomb bounded."""

from __future__ import annotations

import io
import lzma
import re
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from typing import IO, Protocol, Self, cast

from codesim.errors import SnapshotError
from codesim.snapshot.limits import Deadline, Limits

_CHUNK = 1 << 16
_FLOOR = 10_000_000  # small archives of empty tables compress well; no bomb is this small
_HEADER = 1 << 16  # the longest extended header; a path is at most 4 KB
_DIRECTORY = 512  # bytes of central directory per member that a zip may have
_HERE = re.compile(rb"(?:\./)*")
_IN_ZIP64 = 0xFFFFFFFF  # "look into the larger end record"
_EXTENDED = (
    tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK, tarfile.XHDTYPE, tarfile.XGLTYPE,
    tarfile.SOLARIS_XHDTYPE,
)  # fmt: skip
DAMAGE = (
    tarfile.TarError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError,
    NotImplementedError, RecursionError, RuntimeError, ValueError, struct.error, OverflowError,
)  # fmt: skip


class OverBudgetError(SnapshotError):
    """The budget for decompressed bytes is used up."""


@dataclass(slots=True)
class Meter:
    """Counts decompressed bytes, whatever an archive declares about itself."""

    budget: int
    deadline: Deadline
    spent: int = field(default=0, init=False)

    @classmethod
    def of(cls, archive_size: int, limits: Limits) -> Meter:
        budget = min(limits.inflated, max(_FLOOR, limits.ratio * archive_size))
        return cls(budget, Deadline.after(limits.deadline))

    def spend(self, amount: int) -> None:
        self.spent += amount
        if self.spent > self.budget:
            raise OverBudgetError(f"more than {self.budget:,} bytes after decompression")
        self.deadline.check("reading the archive")


@dataclass(frozen=True, slots=True)
class Metered:
    """A stream whose reader pays for every byte, in steps that keep memory small."""

    stream: IO[bytes]
    meter: Meter

    def read(self, size: int = _CHUNK) -> bytes:
        pieces = []
        while size > 0:
            piece = self.stream.read(min(size, _CHUNK))
            if not piece:
                break
            self.meter.spend(len(piece))
            pieces.append(piece)
            size -= len(piece)
        return b"".join(pieces)


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Member:
    """One member; ``refusal`` says why it is not to be read."""

    raw: bytes
    size: int
    opened: Callable[[], AbstractContextManager[_Readable]]
    refusal: str = ""

    @property
    def path(self) -> bytes:
        """The name without the marks of the current folder before it."""
        return self.raw[len(_HERE.match(self.raw)[0]) :]  # type: ignore[index]

    @property
    def leads_out(self) -> bool:
        """Whether unpacking would put it outside the archive's own folder."""
        return self.path.startswith(b"/") or b".." in self.path.split(b"/")

    def read(self, size: int) -> bytes:
        """At most so many bytes from the start."""
        with self.opened() as stream:
            return stream.read(size)

    def pieces(self) -> Iterator[bytes]:
        """All bytes, in pieces that keep memory small."""
        with self.opened() as stream:
            while piece := stream.read(_CHUNK):
                yield piece


def tar_members(file: IO[bytes], meter: Meter) -> Iterator[Member]:
    """Members of a tar archive in one pass; ``file`` is already decompressed."""
    stream = cast("IO[bytes]", Metered(file, meter))
    with tarfile.open(
        fileobj=stream,
        mode="r|",
        tarinfo=_Header,
        encoding="utf-8",
        errors="surrogateescape",
    ) as archive:
        for info in archive:
            if info.isdir():
                continue
            opened = archive.extractfile(info) if info.isreg() and not info.issparse() else None
            yield Member(
                raw=info.name.encode("utf-8", "surrogateescape"),
                size=info.size,
                opened=_once(opened),
                refusal="" if opened else _tar_kind(info),
            )


def zip_members(
    file: IO[bytes], meter: Meter, limits: Limits, within: bytes = b""
) -> Iterator[Member]:
    """Members of a zip archive in the order of its directory; those whose name holds ``within``."""
    if _directory_size(file) > limits.members * _DIRECTORY:
        raise SnapshotError(f"its directory lists more than {limits.members:,} members")
    with zipfile.ZipFile(file) as archive:
        part = within.decode("utf-8", "surrogateescape")
        for info in archive.infolist():
            if part not in info.filename or info.is_dir():
                continue
            yield Member(
                raw=info.filename.encode("utf-8", "surrogateescape"),
                size=info.file_size,
                opened=partial(_zip_opened, archive, info, meter),
                refusal=_zip_kind(info),
            )


@contextmanager
def _zip_opened(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, meter: Meter
) -> Iterator[_Readable]:
    with archive.open(info) as stream:
        yield Metered(stream, meter)


def _once(stream: IO[bytes] | None) -> Callable[[], AbstractContextManager[_Readable]]:
    """A member of a tar archive, which is read while its turn lasts."""
    return lambda: nullcontext(stream or io.BytesIO())


class _Header(tarfile.TarInfo):
    """A header that refuses the sizes which make tarfile read without bound."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        header = super().frombuf(buf, encoding, errors)
        if header.size < 0 or (header.type in _EXTENDED and header.size > _HEADER):
            raise tarfile.ReadError("a header declares an impossible size")
        return header


def _tar_kind(info: tarfile.TarInfo) -> str:
    if info.issym():
        return "symbolic link; not followed"
    if info.islnk():
        return "hard link inside the archive; not followed"
    return "sparse file; not read" if info.issparse() else "device or pipe; not read"


def _zip_kind(info: zipfile.ZipInfo) -> str:
    if info.flag_bits & 1:
        return "encrypted; not read"
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind == stat.S_IFLNK:
        return "symbolic link; not followed"
    return "" if kind in (0, stat.S_IFREG) else "device or pipe; not read"


def _directory_size(file: IO[bytes]) -> int:
    """Size of the central directory as the end record declares it: what zipfile would load."""
    size = file.seek(0, 2)
    tail_size = min(size, 22 + 65_535 + 20 + 56)
    file.seek(size - tail_size)
    tail = file.read(tail_size)
    file.seek(0)
    at = tail.rfind(b"PK\5\6")
    if at < 0 or len(tail) - at < 22:
        raise SnapshotError("is not a zip archive, or its end is missing")
    declared = int(struct.unpack_from("<L", tail, at + 12)[0])
    # zipfile takes the larger record whenever it stands in its usual place.
    wide = at - 76 if tail[max(0, at - 76) :].startswith(b"PK\6\6") else -1
    if declared == _IN_ZIP64:
        wide = tail.rfind(b"PK\6\6", 0, at)
    if 0 <= wide <= len(tail) - 48:
        return max(declared % _IN_ZIP64, int(struct.unpack_from("<Q", tail, wide + 40)[0]))
    return declared
