"""The list of files under construction: labels, caps, reasons, and the reader behind a snapshot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from codesim.errors import SnapshotError
from codesim.model import Entry, Skipped, Snapshot
from codesim.snapshot.limits import Limits
from codesim.text.display import display

K = TypeVar("K")

_POINTER = b"version https://git-lfs"
# A pointer holds a version, an oid and a size: never below 100 bytes, by its specification at
# most 1,024. Only files of that size are looked into.
_POINTER_SIZE = range(100, 1025)


# A file of weights may be larger than anything that is read: its header says enough.
CHECKPOINTS = (".safetensors", ".gguf", ".bin", ".pt", ".pth", ".ckpt")


@dataclass(frozen=True, slots=True)
class Reader(Generic[K]):
    """Bytes by path: ``keys`` finds what can be read, ``reasons`` says why the rest cannot."""

    name: str
    keys: dict[str, K]
    reasons: dict[str, str]
    fetch: Callable[[K], bytes]

    def __call__(self, path: str) -> bytes:
        return self.fetch(self.key(path))

    def key(self, path: str) -> K:
        """What finds the bytes of a path again. Raises SnapshotError where nothing can."""
        if path not in self.keys:
            reason = self.reasons.get(path, "no such file in this snapshot")
            raise SnapshotError(f"{display(self.name)}: {display(path)}: {reason}")
        return self.keys[path]


@dataclass(frozen=True, slots=True)
class RangeReader(Generic[K]):
    """Parts of files by path, also of those over the size limit; the rest is as ``Reader``."""

    whole: Reader[K]
    large: dict[str, K]
    fetch: Callable[[K, int, int], bytes]

    def __call__(self, path: str, start: int, size: int) -> bytes:
        if start < 0 or size < 0:
            raise ValueError(f"no range: {size} bytes from {start}")
        key = self.large[path] if path in self.large else self.whole.key(path)
        return self.fetch(key, start, size)


class Catalogue(Generic[K]):
    """Collects entries; ``K`` is what the reader needs to find the bytes of one again.

    A path is a label: valid Unicode, unique, with bytes that are not UTF-8 as ``\\xNN``.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.skipped: list[Skipped] = []
        self._entries: dict[str, Entry] = {}
        self._keys: dict[str, K] = {}
        self._large: dict[str, K] = {}
        self._reasons: dict[str, str] = {}
        self._copies: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def add(self, raw: bytes, key: K, size: int, blob_id: str | None = None) -> None:
        """One regular file; refused here when its path or size is over the limits."""
        limits = self.limits
        if len(raw) > limits.path or raw.count(b"/") > limits.depth:
            self.refuse(raw, f"path longer than {limits.path} bytes or {limits.depth} folders")
        elif size > limits.file:
            reason = f"{size:,} bytes; files over {limits.file:,} are not read"
            self._large[self.refuse(raw, reason, size, blob_id)] = key
        else:
            path = self._label(raw)
            self._entries[path] = Entry(path, blob_id, size)
            self._keys[path] = key

    def refuse(
        self, raw: bytes, reason: str, size: int | None = None, blob_id: str | None = None
    ) -> str:
        """One thing that stands in the tree and cannot be read; gives its path."""
        path = self._label(raw[: self.limits.path])
        self._entries[path] = Entry(path, blob_id, size, readable=False)
        self._give_up(path, reason)
        return path

    def note(self, what: str, reason: str) -> None:
        """Something skipped that is not one entry."""
        self.skipped.append(Skipped(what, reason))

    def note_once(self, what: str, reason: str) -> None:
        """Something skipped that is met again and again."""
        if not any(skipped.what == what for skipped in self.skipped):
            self.note(what, reason)

    def snapshot(
        self,
        name: str,
        origin: str,
        revision: str | None,
        fetch: Callable[[K], bytes],
        fetch_range: Callable[[K, int, int], bytes] | None = None,
        date: str | None = None,
    ) -> Snapshot:
        """The finished snapshot, with ranged reading where ``fetch_range`` gives it. Looks into
        small files for Git LFS pointers.
        """
        reader = Reader(name, self._keys, self._reasons, fetch)
        for path, entry in self._entries.items():
            if entry.readable and entry.size in _POINTER_SIZE:
                self._look_for_pointer(path, entry, reader)
        if fetch_range:
            self._say_headers()
        return Snapshot(
            name=name,
            origin=origin,
            revision=revision,
            entries=tuple(self._entries[path] for path in sorted(self._entries)),
            reader=reader,
            skipped=tuple(sorted(self.skipped, key=lambda s: (s.what, s.reason))),
            ranges=RangeReader(reader, self._large, fetch_range) if fetch_range else None,
            date=date,
        )

    def _say_headers(self) -> None:
        """Of a checkpoint that is read in parts, only the values are not looked at."""
        for number, skipped in enumerate(self.skipped):
            path = skipped.what
            if path in self._large and path.lower().endswith(CHECKPOINTS):
                self.skipped[number] = only_header(path, self._entries[path].size or 0)

    def _look_for_pointer(self, path: str, entry: Entry, reader: Reader[K]) -> None:
        try:
            data = reader(path)
        except SnapshotError as error:
            del self._keys[path]
            self._entries[path] = Entry(path, entry.blob_id, entry.size, readable=False)
            self._give_up(path, str(error).rsplit(": ", 1)[-1])
            return
        if data.startswith(_POINTER):
            self.note(path, "Git LFS pointer; content not fetched")

    def _give_up(self, path: str, reason: str) -> None:
        self._reasons[path] = reason
        self.skipped.append(Skipped(path, reason))

    def _label(self, raw: bytes) -> str:
        plain = path = raw.decode("utf-8", "backslashreplace")
        while path in self._entries:
            self._copies[plain] = self._copies.get(plain, 1) + 1
            path = f"{plain} ({self._copies[plain]})"
        return path


_VALUES = "values not read: "


def only_header(path: str, size: int) -> Skipped:
    """What is said of a checkpoint over the limit, of which no more than the header is read."""
    return Skipped(path, f"{_VALUES}{size:,} bytes; its header is")


def for_values(snapshot: Snapshot) -> Snapshot:
    """The same snapshot for somebody who does read values."""
    kept = tuple(each for each in snapshot.skipped if not each.reason.startswith(_VALUES))
    return replace(snapshot, skipped=kept)


def narrowed(snapshot: Snapshot, folder: str) -> Snapshot:
    """The part of a snapshot below one folder (or that one file); paths stay as they were."""
    inside = [e for e in snapshot.entries if e.path == folder or e.path.startswith(folder + "/")]
    if not inside:
        raise SnapshotError(
            f"{display(snapshot.name)} holds no folder '{display(folder)}'; {_folders(snapshot)}"
        )
    kept = {entry.path for entry in inside}
    outside = {entry.path for entry in snapshot.entries} - kept
    return replace(
        snapshot,
        entries=tuple(inside),
        skipped=tuple(s for s in snapshot.skipped if s.what not in outside),
    )


def _folders(snapshot: Snapshot) -> str:
    tops = sorted({e.path.split("/", 1)[0] for e in snapshot.entries if "/" in e.path})
    if not tops:
        return "it has no folders at all"
    more = f" and {len(tops) - 8} more" if len(tops) > 8 else ""
    return "it has " + ", ".join(display(top) for top in tops[:8]) + more
