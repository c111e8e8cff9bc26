"""Bytes of a file by range, so that the header of a large file costs no more than itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from codesim.errors import SnapshotError
from codesim.formats.errors import FormatError
from codesim.model import Entry, Snapshot


@dataclass(frozen=True, slots=True)
class ByteSource:
    """A file of ``size`` bytes; ``fetch`` gives those from a start, at most so many.

    ``announce`` is set where the file is far away: it takes parts (start, size) that will be asked
    for soon, and waits for nothing.
    """

    path: str
    size: int
    fetch: Callable[[int, int], bytes] = field(repr=False, compare=False)
    announce: Callable[[Sequence[tuple[int, int]]], None] | None = field(
        default=None, repr=False, compare=False
    )

    @classmethod
    def of(cls, data: bytes, path: str = "") -> ByteSource:
        """A file whose bytes are at hand."""
        return cls(path, len(data), lambda start, size: data[start : start + size])

    def at(self, start: int, size: int) -> bytes:
        """Exactly these bytes. Raises FormatError where the file ends before."""
        if start < 0 or size < 0 or start + size > self.size:
            raise FormatError("is cut short")
        data = self.fetch(start, size)
        if len(data) != size:
            raise FormatError("is cut short")
        return data


def source_of(snapshot: Snapshot, entry: Entry) -> ByteSource | None:
    """A file of a snapshot as a source; None where its bytes are out of reach.

    Without ranged reading, a file that the snapshot reads is read once as a whole. Raises
    SnapshotError where reading fails at once.
    """
    ranges = snapshot.ranges
    if ranges is not None and entry.size is not None:
        return _ranged(entry, entry.size, ranges, snapshot)
    if not entry.readable:
        return None
    return ByteSource.of(snapshot.read(entry.path), entry.path)


def _ranged(
    entry: Entry, size: int, ranges: Callable[[str, int, int], bytes], snapshot: Snapshot
) -> ByteSource | None:
    try:
        ranges(entry.path, 0, 1)
    except SnapshotError:
        if entry.readable or snapshot.announce is not None:
            raise
        return None
    path, announce = entry.path, snapshot.announce
    return ByteSource(
        path,
        size,
        lambda start, most: ranges(path, start, most),
        (lambda spans: announce(path, spans)) if announce else None,
    )
